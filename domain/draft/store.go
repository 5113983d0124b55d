package draft

import (
	"context"

	"zhijian/ground/event"
)

// Store keeps drafts and their editions.
type Store interface {
	// Add saves a new draft with its events; fault.Conflict "draft.taken" when another has its service id.
	Add(ctx context.Context, d Draft, events ...event.Body) error
	// Draft finds by service id, whole; fault.NotFound "draft" when absent.
	Draft(ctx context.Context, service string) (Draft, error)
	// Change loads a draft under lock, whole, lets rule decide and saves it with its events; editions that rule added are saved, and those
	// there stay as they are. No events mean that nothing is to be saved.
	Change(ctx context.Context, service string, rule func(*Draft) ([]event.Body, error)) (Draft, error)
	// Of lists the drafts of a department without editions, last changed first; 0 lists all.
	Of(ctx context.Context, department int64, limit int) ([]Draft, error)
	// OnTrial finds by the key of a link, without editions; fault.NotFound "draft.trial" when absent.
	OnTrial(ctx context.Context, trial string) (Draft, error)
	// Shown lists every draft that was ever published, whole.
	Shown(ctx context.Context) ([]Draft, error)
	// Turns is the sum of all Turn: it changes whenever what residents are offered does.
	Turns(ctx context.Context) (int64, error)
}
