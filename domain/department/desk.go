package department

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
		return nil, errors.New("department: Store, Clock or IDs is missing")
	}
	return &Desk{c: c}, nil
}

// Put opens a department or changes the one with the same slug; it returns the one kept. Only the operator and
// the house may, others get fault.Denied "department.put"; fault.Invalid names every field at fault.
func (d *Desk) Put(ctx context.Context, a actor.Actor, dep Department) (kept Department, err error) {
	defer fault.Wrap(&err, "put department %q", dep.Slug)
	if a.Kind != actor.System && a.Kind != actor.Operator {
		return Department{}, fault.Denied("department.put", "只有平台管理员能登记部门")
	}
	if err := dep.check(); err != nil {
		return Department{}, err
	}
	dep.ID = d.c.IDs.ID()
	return d.c.Store.Put(ctx, dep, Registered{
		Meta: event.Meta{Actor: a.String(), Region: dep.Region, Sector: dep.Sector}, Slug: dep.Slug,
	})
}

// Department finds by id; fault.NotFound "department" when absent.
func (d *Desk) Department(ctx context.Context, id int64) (dep Department, err error) {
	defer fault.Wrap(&err, "find department %d", id)
	return d.c.Store.Department(ctx, id)
}

// Of lists the departments of a region by name; "" lists all.
func (d *Desk) Of(ctx context.Context, region string) (list []Department, err error) {
	defer fault.Wrap(&err, "list departments of %q", region)
	return d.c.Store.Of(ctx, region)
}
