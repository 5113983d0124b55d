package payment

import (
	"context"
	"slices"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// Currency is the only currency of this house (ISO 4217).
const Currency = "CNY"

// Settle takes a verified notice. It returns the order as it stands; a notice that changes nothing is no error.
// A second transaction for a paid order is refunded by itself; another amount or currency pays nothing.
// Only the channel and the house may; fault.NotFound for an order this house never made.
func (d *Desk) Settle(ctx context.Context, a actor.Actor, n Notice) (_ Order, err error) {
	defer fault.Wrap(&err, "settle %s", n.No)
	if a.Kind != actor.Channel && !housekeeping(a) {
		return Order{}, denied()
	}
	now := d.c.Clock.Now()
	if n.At.IsZero() {
		n.At = now
	}
	return d.c.Store.Change(ctx, n.No, func(o *Order) ([]event.Body, error) {
		return d.take(o, n, a, now)
	})
}

// take is the rule for notices.
func (d *Desk) take(o *Order, n Notice, a actor.Actor, now time.Time) ([]event.Body, error) {
	if n.RefundNo != "" {
		return d.takeRefund(o, n, a, now), nil
	}
	switch n.Outcome {
	case OutcomePaid:
		if n.Transaction == "" {
			return nil, fault.Invalid("payment.notice", "支付通知缺少交易号，请核对后重发")
		}
		return d.takePaid(o, n, a, now), nil
	case OutcomeClosed:
		return o.end("channel", a), nil
	}
	return nil, nil // unpaid and declined leave the order as it is: the resident may try again
}

func (d *Desk) takePaid(o *Order, n Notice, a actor.Actor, now time.Time) []event.Body {
	if n.Amount == o.Amount && n.Currency == Currency {
		if o.State.CanMove(Paid) {
			late := o.State == Closed
			o.State, o.Transaction, o.PaidAt = Paid, n.Transaction, n.At
			return []event.Body{PaidEvent{o.meta(a), o.subject(), n.Transaction, clock.Millis(n.At), late}}
		}
		if n.Transaction == o.Transaction {
			return nil
		}
	}
	same := func(x Extra) bool {
		return x.Transaction == n.Transaction && x.Amount == n.Amount && x.Currency == n.Currency
	}
	if slices.ContainsFunc(o.Extra, same) {
		return nil
	}
	x := Extra{Transaction: n.Transaction, Amount: n.Amount, Currency: n.Currency, State: Disputed, At: n.At}
	if n.Amount != o.Amount || n.Currency != Currency {
		o.Extra = append(slices.Clip(o.Extra), x)
		return []event.Body{MismatchEvent{o.meta(a), o.subject(), n.Transaction, n.Amount, n.Currency}}
	}
	x.State, x.RefundNo, x.Asked = Owed, surplusNo(o.No, len(o.Extra)+1), 1
	o.Extra = append(slices.Clip(o.Extra), x)
	return []event.Body{
		SurplusEvent{o.meta(a), o.subject(), x.Transaction, x.RefundNo, x.Amount},
		event.Later{Body: RefundDue{o.meta(a), o.No, x.RefundNo, 1}, At: now.Add(refundGap(1))},
	}
}

// takeRefund moves a refund or the return of a surplus. One that was given up for a new number still counts when it brings the money
// back; nothing else that is said of it does. A number this house never gave changes nothing here: the reconciliation of
// the day reports it.
func (d *Desk) takeRefund(o *Order, n Notice, a actor.Actor, now time.Time) []event.Body {
	i := slices.IndexFunc(o.Extra, func(x Extra) bool { return givenFor(x.RefundNo, n.RefundNo) })
	switch {
	case i >= 0 && n.Outcome == OutcomeRefunded && n.Amount == o.Extra[i].Amount && o.Extra[i].State.CanMove(Returned):
		o.Extra = slices.Clone(o.Extra)
		o.Extra[i].State, o.Extra[i].RefundNo, o.Extra[i].RefundedAt = Returned, n.RefundNo, n.At
		return []event.Body{SurplusReturnedEvent{o.meta(a), o.subject(), n.RefundNo, n.Amount}}
	case i >= 0:
		return d.noteTrouble(o, n, a, now)
	case o.RefundNo != "" && !givenFor(o.RefundNo, n.RefundNo), o.RefundNo == "" && n.RefundNo != refundNo(o.No):
		return nil
	case n.Outcome == OutcomeRefunded && n.Amount == o.Amount && (o.State == Refunding || o.State == Paid):
		// The channel may know of a refund that a restored backup forgot: the money is back, so both moves are made.
		var list []event.Body
		if o.State == Paid {
			list = append(list, d.ask(o, a, "channel", now)...)
		}
		o.State, o.RefundNo, o.RefundedAt = Refunded, n.RefundNo, n.At
		return append(list, RefundedEvent{o.meta(a), o.subject(), o.RefundNo, o.Reason, clock.Millis(n.At)})
	}
	return d.noteTrouble(o, n, a, now)
}

// noteTrouble says once that a refund needs a person, and goes on asking slowly.
func (d *Desk) noteTrouble(o *Order, n Notice, a actor.Actor, now time.Time) []event.Body {
	if n.Outcome != OutcomeAbnormal && n.Outcome != OutcomeClosed {
		return nil
	}
	_, asked, ok := o.open(n.RefundNo)
	if !ok || asked >= slowTry {
		return nil
	}
	o.setAsked(n.RefundNo, slowTry)
	return []event.Body{
		UnresolvedEvent{o.meta(a), o.subject(), "refund", n.RefundNo},
		event.Later{Body: RefundDue{o.meta(a), o.No, n.RefundNo, slowTry}, At: now.Add(refundGap(slowTry))},
	}
}

// end closes an order that nobody paid.
func (o *Order) end(reason string, a actor.Actor) []event.Body {
	if !o.State.CanMove(Closed) {
		return nil
	}
	o.State, o.Reason = Closed, reason
	return []event.Body{ClosedEvent{o.meta(a), o.subject(), reason}}
}
