package payment

import (
	"context"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// Cancel closes an unpaid order at the channel and here; an order that is not open is returned as it stands. When it
// turns out paid, it is settled and returned as Paid. The house, the operator and its resident may. fault.Unavailable
// when the channel does not answer: the order stays open and is asked about again.
func (d *Desk) Cancel(ctx context.Context, a actor.Actor, no string) (Order, error) {
	return d.cancel(ctx, a, no, "cancelled")
}

func (d *Desk) cancel(ctx context.Context, a actor.Actor, no, reason string) (_ Order, err error) {
	defer fault.Wrap(&err, "cancel %s", no)
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
	switch err := d.c.Channel.Close(ctx, no); {
	case err == nil, fault.Is(err, fault.KindNotFound): // never announced: nobody can pay it
	case fault.Is(err, fault.KindConflict):
		return d.query(ctx, o)
	default:
		return o, err
	}
	return d.c.Store.Change(ctx, no, func(o *Order) ([]event.Body, error) {
		return o.end(reason, a), nil
	})
}
