package account

import (
	"context"

	"zhijian/ground/event"
)

// Store keeps accounts.
type Store interface {
	// Put saves an account by alias: a new one, or the changed fields of the one there. It returns the one
	// kept; events are recorded only when something changed.
	Put(ctx context.Context, a Account, events ...event.Body) (Account, error)
	// ByAlias finds by alias; fault.NotFound "account" when absent.
	ByAlias(ctx context.Context, alias string) (Account, error)
	// Account finds by id; fault.NotFound "account" when absent.
	Account(ctx context.Context, id int64) (Account, error)
	// Of lists the accounts of a region, by name; "" lists all.
	Of(ctx context.Context, region string) ([]Account, error)
}
