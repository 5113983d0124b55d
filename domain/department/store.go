package department

import (
	"context"

	"zhijian/ground/event"
)

// Store keeps departments.
type Store interface {
	// Put saves a department by slug: a new one, or the changed fields of the one there. It returns the one
	// kept; events are recorded only when something changed.
	Put(ctx context.Context, d Department, events ...event.Body) (Department, error)
	// Department finds by id; fault.NotFound "department" when absent.
	Department(ctx context.Context, id int64) (Department, error)
	// Of lists the departments of a region, by name; "" lists all.
	Of(ctx context.Context, region string) ([]Department, error)
}
