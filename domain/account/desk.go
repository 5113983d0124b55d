package account

import (
	"context"
	"errors"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// Config is what the desk needs. Every field is required.
type Config struct {
	Store Store
	Clock clock.Clock
	IDs   *uid.Maker
}

// Desk is the room's counter.
type Desk struct{ c Config }

// New checks the configuration.
func New(c Config) (*Desk, error) {
	if c.Store == nil || c.Clock == nil || c.IDs == nil {
		return nil, errors.New("account: Store, Clock or IDs is missing")
	}
	return &Desk{c: c}, nil
}

// Put opens an account or changes the one with the same alias; it returns the one kept. Opened is now for a new
// account that states none. Only the operator and the house may, others get fault.Denied "account.put"; fault.Invalid names every
// field at fault.
func (d *Desk) Put(ctx context.Context, a actor.Actor, acc Account) (kept Account, err error) {
	defer fault.Wrap(&err, "put account %q", acc.Alias)
	if a.Kind != actor.System && a.Kind != actor.Operator {
		return Account{}, fault.Denied("account.put", "只有平台管理员能登记公众号")
	}
	if err := acc.check(); err != nil {
		return Account{}, err
	}
	old, err := d.c.Store.ByAlias(ctx, acc.Alias)
	switch {
	case err == nil:
		acc.ID = old.ID
	case fault.Is(err, fault.KindNotFound):
		acc.ID = d.c.IDs.ID()
	default:
		return Account{}, err
	}
	if acc.Opened.IsZero() {
		acc.Opened = d.c.Clock.Now()
	}
	return d.c.Store.Put(ctx, acc, Registered{
		Meta:  event.Meta{Actor: a.String(), Account: acc.ID, Region: acc.Region, Sector: acc.Sector},
		Alias: acc.Alias, Verified: acc.Verified,
	})
}

// ByAlias finds by alias; fault.NotFound "account" when absent.
func (d *Desk) ByAlias(ctx context.Context, alias string) (acc Account, err error) {
	defer fault.Wrap(&err, "find account %q", alias)
	return d.c.Store.ByAlias(ctx, alias)
}

// Account finds by id; fault.NotFound "account" when absent.
func (d *Desk) Account(ctx context.Context, id int64) (acc Account, err error) {
	defer fault.Wrap(&err, "find account %d", id)
	return d.c.Store.Account(ctx, id)
}

// Of lists the accounts of a region by name; "" lists all.
func (d *Desk) Of(ctx context.Context, region string) (list []Account, err error) {
	defer fault.Wrap(&err, "list accounts of %q", region)
	return d.c.Store.Of(ctx, region)
}
