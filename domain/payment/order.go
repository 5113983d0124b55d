package payment

import (
	"context"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// Order asks for money and announces it to the channel. Idempotent by (For, Step, Attempt); the same
// with another amount is fault.Conflict "payment.differs". The house may order for anybody, a resident for themself.
// fault.Unavailable when the channel does not answer: the order exists, call again. An order that the channel will not take is
// returned closed, so that a new attempt can be made.
func (d *Desk) Order(ctx context.Context, a actor.Actor, ask Ask) (_ Order, err error) {
	defer fault.Wrap(&err, "order payment for %s %s", ask.For.Kind, ask.For.No)
	if !housekeeping(a) && !a.IsResident(ask.Resident) {
		return Order{}, denied()
	}
	if err := ask.Validate(); err != nil {
		return Order{}, err
	}
	now := d.c.Clock.Now()
	o := Order{
		ID: d.c.IDs.ID(), No: uid.No(), For: ask.For, Step: ask.Step, Attempt: ask.Attempt,
		Resident: ask.Resident, Account: ask.Account, Region: ask.Region, Sector: ask.Sector, Service: ask.Service,
		Amount: ask.Amount, Payee: ask.Payee, About: ask.About,
		ReturnTo: ask.ReturnTo, State: Ordered, Created: now, Expires: now.Add(d.c.Expire), Rev: 1,
	}
	alarm := d.nextQuestion(&o, a, 0)
	o, err = d.c.Store.Add(ctx, o, OrderedEvent{o.meta(a), o.subject()}, alarm)
	if err != nil {
		return Order{}, err
	}
	if o.Amount != ask.Amount {
		return o, fault.Conflict("payment.differs", "这笔缴费已按另一个金额下单，请返回重新核对")
	}
	if o.State != Ordered || o.URL != "" {
		return o, nil
	}
	return d.announce(ctx, o, ask.ClientIP)
}

// pageLives is how long a page is handed out again. The channel's opens for five minutes (wechat-contract 13.4), and the resident
// must have time to arrive there.
const pageLives = 4 * time.Minute

// Page gives an order with a page to pay on that still opens: one that is getting old is asked for anew, for the same order. An order
// that cannot be paid any more is returned as it stands. The house, the operator and its resident may; fault.NotFound to
// others, fault.Unavailable when the channel does not answer.
func (d *Desk) Page(ctx context.Context, a actor.Actor, no, clientIP string) (_ Order, err error) {
	defer fault.Wrap(&err, "page of %s", no)
	o, err := d.c.Store.Order(ctx, no)
	if err != nil {
		return Order{}, err
	}
	if !housekeeping(a) && !a.IsResident(o.Resident) {
		return Order{}, absent()
	}
	now := d.c.Clock.Now()
	if o.State != Ordered || !now.Before(o.Expires) || (o.URL != "" && now.Sub(o.URLAt) < pageLives) {
		return o, nil
	}
	return d.announce(ctx, o, clientIP)
}

// announce gets the page to pay on. The order is saved before the channel hears of it, so that
// no payment can come for an order that nobody knows.
func (d *Desk) announce(ctx context.Context, o Order, ip string) (Order, error) {
	if ip == "" {
		ip = "127.0.0.1"
	}
	back := o.ReturnTo
	if back == "" {
		back = "/"
	}
	url, err := d.c.Channel.Order(ctx, ChannelOrder{
		No: o.No, About: o.About, Amount: o.Amount, Expires: o.Expires, ReturnTo: d.c.Origin + back, ClientIP: ip,
	})
	if err != nil {
		return d.refusedOrder(ctx, o, err)
	}
	return d.c.Store.Change(ctx, o.No, func(o *Order) ([]event.Body, error) {
		if o.State != Ordered {
			return nil, nil
		}
		o.URL, o.URLAt = url, d.c.Clock.Now()
		return []event.Body{}, nil
	})
}

// refusedOrder deals with an order that the channel did not take. Only a refusal ends it, and only when nobody can pay it:
// one that the channel knows as paid is settled.
func (d *Desk) refusedOrder(ctx context.Context, o Order, err error) (Order, error) {
	no := fault.Of(err)
	switch {
	case no == nil || no.Kind == fault.KindUnavailable || no.Kind == fault.KindTooMany:
		return o, err
	case o.URL != "" && no.Kind == fault.KindConflict: // it was paid or closed meanwhile
		return d.query(ctx, o)
	case o.URL != "":
		return o, err
	}
	now, closing := d.cancel(ctx, actor.House, o.No, "refused")
	if closing == nil && now.State != Ordered {
		return now, nil
	}
	if closing != nil && (fault.Of(closing) == nil || silent(closing)) {
		return o, closing
	}
	// The channel refuses to close what it never took, for the same reason.
	return d.c.Store.Change(ctx, o.No, func(o *Order) ([]event.Body, error) {
		return o.end("refused", actor.House), nil
	})
}
