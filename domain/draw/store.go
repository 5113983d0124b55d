package draw

import (
	"context"

	"zhijian/domain/draw/record"
	"zhijian/ground/event"
	"zhijian/ground/seal"
)

// Filter chooses draws; what is empty chooses all.
type Filter struct {
	Department int64
	City       string
	Series     string
	Limit      int
}

// Store keeps draws.
type Store interface {
	// Add saves a new draw with its events; fault.Conflict "draw.period" when its series has one of that period.
	Add(ctx context.Context, d Draw, events ...event.Body) error
	// Draw finds by public number; fault.NotFound "draw" when absent.
	Draw(ctx context.Context, no string) (Draw, error)
	// List lists, the last announced first.
	List(ctx context.Context, f Filter) ([]Draw, error)
	// Change loads a draw under lock, lets rule decide and saves it with its events. Nil events mean "already so" and save nothing. rule may
	// run more than once.
	Change(ctx context.Context, no string, rule func(*Draw) ([]event.Body, error)) (Draw, error)
}

// Entries keeps who takes part. Persons and phones become keyed hashes, nonces are sealed.
type Entries interface {
	// Enter loads the draw under lock and keeps the entry that make gives for the next number, with its events. The entry of the same key is
	// returned as it is. fault.Conflict "draw.void" when the key was called off, "draw.twice" when the person has an entry.
	Enter(ctx context.Context, no, key string, person seal.Text, make func(d Draw, number int) (Entry, []event.Body, error)) (Entry, error)
	// Void sees to it that nothing comes of a key any more. The entry of the key is changed by rule, under the lock of its draw.
	Void(ctx context.Context, key string, rule func(Draw, *Entry) ([]event.Body, error)) error
	// Made finds the entry of a key; voided when the key was called off. fault.NotFound "draw.entry" when there is neither.
	Made(ctx context.Context, key string) (e Entry, voided bool, err error)
	// Of finds the entry that a person has in a draw; fault.NotFound "draw.entry" when absent.
	Of(ctx context.Context, draw int64, person seal.Text) (Entry, error)
	// At finds by number; fault.NotFound "draw.entry" when absent. owned says whether the phone is that of the entry.
	At(ctx context.Context, draw int64, number int, phone seal.Text) (e Entry, owned bool, err error)
	// All gives every entry of a draw as the record has it, and the numbers that were given back.
	All(ctx context.Context, draw int64) (list []record.Entry, withdrawn []int, err error)
	// Tell keeps what became of entries, turns counted from first. It takes many short transactions, and may be told again.
	Tell(ctx context.Context, draw int64, results []record.Result) error
}
