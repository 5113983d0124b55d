package payment

import (
	"context"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// questions are the times after ordering at which the channel is asked about an order that
// is still open: 10 s, 30 s, 2 min, 10 min, at its end, then 1, 3 and 10 minutes later, then
// hourly for a day (reliability.md R08). From its end on, asking means closing.
func questions(expire time.Duration) []time.Duration {
	var list []time.Duration
	for _, at := range []time.Duration{10 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute} {
		if at < expire {
			list = append(list, at)
		}
	}
	list = append(list, expire, expire+time.Minute, expire+3*time.Minute, expire+10*time.Minute)
	for at := expire + time.Hour; at <= expire+24*time.Hour; at += time.Hour {
		list = append(list, at)
	}
	return list
}

// nextQuestion sets the alarm after question number try, 0 for none yet. Questions whose time
// passed while the house was away are left out. After the last one a person must look.
func (d *Desk) nextQuestion(o *Order, a actor.Actor, try int) event.Body {
	expire := o.Expires.Sub(o.Created)
	list := questions(expire)
	now := d.c.Clock.Now()
	for i := try; i < len(list); i++ {
		if at := o.Created.Add(list[i]); at.After(now) {
			o.Asked = i + 1
			if list[i] < expire {
				return event.Later{Body: QueryDue{o.meta(a), o.No, i + 1}, At: at}
			}
			return event.Later{Body: ExpiryDue{o.meta(a), o.No, i + 1}, At: at}
		}
	}
	o.Asked = len(list) + 1
	return UnresolvedEvent{Meta: o.meta(a), Subject: o.subject(), What: "payment"}
}

// slowTry is the number from which a refund counts as slow; lastTry ends the asking after a further week.
const (
	slowTry = 100
	lastTry = slowTry + 7*24
)

// refundGap is the time between question try−1 and question try about a refund.
func refundGap(try int) time.Duration {
	gaps := []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}
	if try <= len(gaps) {
		return gaps[try-1]
	}
	return time.Hour
}

// OnDue runs what the room's own alarms ask for: querying silent orders (10 s, 30 s, 2 min, 10 min, then hourly
// for 24 h), closing expired ones, repeating and querying refunds, the nightly reconciliation. Wired to "payment.query_due",
// "payment.expiry_due", "payment.refund_due", "payment.reconcile_due". An alarm that was answered before does nothing.
func (d *Desk) OnDue(ctx context.Context, e event.Event) error {
	switch e.Name {
	case QueryDue{}.EventName(), ExpiryDue{}.EventName():
		var due QueryDue // ExpiryDue has the same fields
		if err := e.Decode(&due); err != nil {
			return err
		}
		return d.onOrderDue(ctx, due.No, due.Try)
	case RefundDue{}.EventName():
		var due RefundDue
		if err := e.Decode(&due); err != nil {
			return err
		}
		return d.onRefundDue(ctx, due)
	case ReconcileDue{}.EventName():
		var due ReconcileDue
		if err := e.Decode(&due); err != nil {
			return err
		}
		return d.onReconcileDue(ctx, due)
	}
	return nil
}

func (d *Desk) onOrderDue(ctx context.Context, no string, try int) (err error) {
	defer fault.Wrap(&err, "question %d about %s", try, no)
	o, err := d.c.Store.Order(ctx, no)
	if err != nil {
		return err
	}
	if o.State != Ordered || o.Asked != try {
		return nil
	}
	if d.c.Clock.Now().Before(o.Expires) {
		_, err = d.query(ctx, o)
	} else {
		_, err = d.cancel(ctx, actor.House, no, "expired")
	}
	if err != nil && fault.Of(err) == nil {
		return err
	}
	// A silent channel, or one that refuses, is asked again; the last question tells a person.
	_, err = d.c.Store.Change(ctx, no, func(o *Order) ([]event.Body, error) {
		if o.State != Ordered || o.Asked != try {
			return nil, nil
		}
		return []event.Body{d.nextQuestion(o, actor.House, try)}, nil
	})
	return err
}

func (d *Desk) onRefundDue(ctx context.Context, due RefundDue) (err error) {
	defer fault.Wrap(&err, "question %d about refund %s", due.Try, due.RefundNo)
	o, err := d.c.Store.Order(ctx, due.No)
	if err != nil {
		return err
	}
	r, asked, ok := o.open(due.RefundNo)
	if !ok || asked != due.Try {
		return nil
	}
	n, err := d.c.Channel.QueryRefund(ctx, due.RefundNo)
	if fault.Is(err, fault.KindNotFound) {
		n, err = d.c.Channel.Refund(ctx, r)
	}
	if err := d.heard(ctx, r, n, err); err != nil {
		return err
	}
	now := d.c.Clock.Now()
	_, err = d.c.Store.Change(ctx, due.No, func(o *Order) ([]event.Body, error) {
		return d.nextRefund(o, due, now), nil
	})
	return err
}

func (d *Desk) nextRefund(o *Order, due RefundDue, now time.Time) []event.Body {
	_, asked, ok := o.open(due.RefundNo)
	if !ok || asked != due.Try {
		return nil
	}
	o.setAsked(due.RefundNo, due.Try+1)
	if due.Try+1 > lastTry {
		return []event.Body{UnresolvedEvent{o.meta(actor.House), o.subject(), "refund", due.RefundNo}}
	}
	return []event.Body{event.Later{
		Body: RefundDue{o.meta(actor.House), o.No, due.RefundNo, due.Try + 1}, At: now.Add(refundGap(due.Try + 1)),
	}}
}

func (o *Order) setAsked(refundNo string, try int) {
	if o.RefundNo == refundNo {
		o.Asked = try
		return
	}
	o.Extra = append([]Extra(nil), o.Extra...)
	for i := range o.Extra {
		if o.Extra[i].RefundNo == refundNo {
			o.Extra[i].Asked = try
		}
	}
}
