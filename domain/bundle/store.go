package bundle

import (
	"context"

	"zhijian/ground/cursor"
	"zhijian/ground/event"
)

// Store keeps bundles. It seals Data.
type Store interface {
	// Add saves a new bundle with its events.
	Add(ctx context.Context, b Bundle, events ...event.Body) error
	// Bundle finds by public number; fault.NotFound "bundle" when absent.
	Bundle(ctx context.Context, no string) (Bundle, error)
	// Change loads the bundle under lock, lets rule decide, and saves row, the numbers of its cases and events together. Nil events mean
	// "already so" and save nothing; an empty list saves without an event. rule may run more than once.
	Change(ctx context.Context, no string, rule func(*Bundle) ([]event.Body, error)) (Bundle, error)
	// Holding gives the number of the bundle that a case is a member of; "" for none.
	Holding(ctx context.Context, caseNo string) (no string, err error)
	// Of lists a resident's bundles after a place in the list, newest change first; limit is at most 50.
	Of(ctx context.Context, resident int64, after cursor.Cursor, limit int) ([]Bundle, error)
}
