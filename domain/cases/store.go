package cases

import (
	"context"
	"time"

	"zhijian/ground/cursor"
	"zhijian/ground/event"
)

// Filter selects cases, newest change first. Zero fields do not filter.
type Filter struct {
	Resident   int64
	Department int64
	Service    string
	States     []State
	Before     time.Time // Updated before this
	After      cursor.Cursor
	Limit      int // 0 means 20, at most 100
}

// Store keeps cases. It seals Data, Summary, Client, Rulings, Remedies and the rating's text.
type Store interface {
	// Add saves a new case with its events. When Case.Key is known already it saves nothing and
	// returns the case that was opened with it.
	Add(ctx context.Context, c Case, events ...event.Body) (Case, error)
	// Opened gives the number of the case opened with a key, and the Asked it was opened with; "" when there is none.
	Opened(ctx context.Context, key []byte) (no string, asked []byte, err error)
	// Case finds by public number; fault.NotFound "case" when absent.
	Case(ctx context.Context, no string) (Case, error)
	// Change loads the case under lock, lets rule decide, and saves row and events together. Nil events mean
	// "already so" and save nothing; an empty list saves without an event. rule may run more than once.
	Change(ctx context.Context, no string, rule func(*Case) ([]event.Body, error)) (Case, error)
	// List finds cases, newest change first, a line each: number, id, city, service with its version, state, summary, and when it was
	// opened, changed and is kept until. Everything else is left empty: a list needs none of it.
	List(ctx context.Context, f Filter) ([]Case, error)
	// Tasks finds what staff must do besides deciding cases and have not done, what runs out first before the rest.
	Tasks(ctx context.Context, f TaskFilter) ([]Task, error)
	// Task finds one by its own number, done or not; fault.NotFound "task" when absent.
	Task(ctx context.Context, no string) (Task, error)
	// Ratings gives the number and sum of stars per service of a city, for lists.
	Ratings(ctx context.Context, city string) (map[string]Stars, error)
}
