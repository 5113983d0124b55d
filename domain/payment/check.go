package payment

import (
	"context"

	"zhijian/ground/actor"
	"zhijian/ground/fault"
)

// Check asks the channel how an open order stands and settles accordingly; the return page calls it. The house, the
// operator and its resident may; fault.NotFound to others. A channel that is silent or refuses is no error: the order is returned
// as it is known here, and the alarms go on asking.
func (d *Desk) Check(ctx context.Context, a actor.Actor, no string) (_ Order, err error) {
	defer fault.Wrap(&err, "check %s", no)
	o, err := d.c.Store.Order(ctx, no)
	if err != nil {
		return Order{}, err
	}
	if !housekeeping(a) && !a.IsResident(o.Resident) {
		return Order{}, absent()
	}
	if o.State != Ordered {
		return o, nil
	}
	now, err := d.query(ctx, o)
	if fault.Of(err) != nil {
		return o, nil
	}
	return now, err
}

// query asks the channel and settles what it says.
func (d *Desk) query(ctx context.Context, o Order) (Order, error) {
	n, err := d.c.Channel.Query(ctx, o.No)
	if err != nil {
		return o, err
	}
	n.No, n.RefundNo = o.No, ""
	return d.Settle(ctx, actor.House, n)
}

// Find gives an order to the house, its resident or staff; fault.NotFound to others.
func (d *Desk) Find(ctx context.Context, a actor.Actor, no string) (Order, error) {
	o, err := d.c.Store.Order(ctx, no)
	if err != nil {
		return Order{}, err
	}
	if housekeeping(a) || a.Kind == actor.Staff || a.IsResident(o.Resident) {
		return o, nil
	}
	return Order{}, absent()
}

// Of lists the orders of a thing, oldest first. The caller has checked who asks.
func (d *Desk) Of(ctx context.Context, f For) ([]Order, error) {
	return d.c.Store.List(ctx, Filter{For: &f})
}
