package payment

import (
	"context"
	"slices"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// RetryRefund sends money back once more under a new number, because a refund the channel has closed or refused can never be asked for
// under its old one again. part is 0 for the order's own money, n for its nth extra transaction; disputed money becomes a
// surplus that goes back. The channel is asked first: what came back meanwhile is settled, and what is still under way is
// fault.Conflict "payment.moving". fault.Unavailable when it does not answer. The house and the operator may.
func (d *Desk) RetryRefund(ctx context.Context, a actor.Actor, no string, part int) (_ Order, err error) {
	defer fault.Wrap(&err, "retry refund %d of %s", part, no)
	if !housekeeping(a) {
		return Order{}, denied()
	}
	o, err := d.c.Store.Order(ctx, no)
	if err != nil {
		return Order{}, err
	}
	before, ok := o.returning(part)
	if !ok {
		return Order{}, settledAlready()
	}
	if before != "" {
		now, back, err := d.cameBack(ctx, o, before)
		if err != nil || back {
			return now, err
		}
	}
	now := d.c.Clock.Now()
	return d.c.Store.Change(ctx, no, func(o *Order) ([]event.Body, error) {
		if still, ok := o.returning(part); !ok || still != before {
			return nil, settledAlready()
		}
		if part > 0 && o.Extra[part-1].State == Disputed {
			return d.owe(o, part, a)
		}
		next := nextRefundNo(before)
		if part == 0 {
			o.RefundNo, o.Asked = next, 1
		} else {
			o.Extra = slices.Clone(o.Extra)
			o.Extra[part-1].RefundNo, o.Extra[part-1].Asked = next, 1
		}
		return []event.Body{
			RefundRetriedEvent{o.meta(a), o.subject(), next, before},
			event.Later{Body: RefundDue{o.meta(a), o.No, next, 1}, At: now.Add(refundGap(1))},
		}, nil
	})
}

// returning says whether a part of the order is to go back and has not, and under which number it was asked.
func (o Order) returning(part int) (refundNo string, ok bool) {
	switch {
	case part == 0:
		return o.RefundNo, o.State == Refunding
	case part < 0 || part > len(o.Extra):
		return "", false
	}
	x := o.Extra[part-1]
	return x.RefundNo, x.State == Owed || x.State == Disputed
}

// cameBack asks how a refund stands that is to be given up; back means that the money is there.
func (d *Desk) cameBack(ctx context.Context, o Order, refundNo string) (_ Order, back bool, err error) {
	n, err := d.c.Channel.QueryRefund(ctx, refundNo)
	switch {
	case err != nil && (fault.Of(err) == nil || silent(err) || fault.Is(err, fault.KindTooMany)):
		return o, false, err
	case err != nil:
		return o, false, nil // the channel never heard of it, or does not speak of it
	case n.Outcome == OutcomeRefunding:
		return o, false, fault.Conflict("payment.moving", "这笔退款支付通道还在处理，请等它有结果再办")
	case n.Outcome != OutcomeRefunded:
		return o, false, nil
	}
	n.No, n.RefundNo = o.No, refundNo
	now, err := d.Settle(ctx, actor.House, n)
	return now, err == nil && now.Rev != o.Rev, err
}

// owe makes disputed money a surplus that goes back to where it came from.
func (d *Desk) owe(o *Order, part int, a actor.Actor) ([]event.Body, error) {
	x := o.Extra[part-1]
	if x.Currency != Currency || x.Amount < 1 {
		return nil, fault.Conflict("payment.currency", "这笔钱不是人民币，不能由系统退回，请用别的办法处理")
	}
	x.State, x.RefundNo, x.Asked = Owed, surplusNo(o.No, part), 1
	o.Extra = slices.Clone(o.Extra)
	o.Extra[part-1] = x
	return []event.Body{
		SurplusEvent{o.meta(a), o.subject(), x.Transaction, x.RefundNo, x.Amount},
		event.Later{Body: RefundDue{o.meta(a), o.No, x.RefundNo, 1}, At: d.c.Clock.Now().Add(refundGap(1))},
	}, nil
}

// SettleByHand says that a refund or a disputed transaction was settled by other means than the channel; reason says how, goes into the
// log and must not be empty. part is as for RetryRefund, and the channel is asked first in the same way. The house and the operator may.
func (d *Desk) SettleByHand(ctx context.Context, a actor.Actor, no string, part int, reason string) (_ Order, err error) {
	defer fault.Wrap(&err, "settle %d of %s by hand", part, no)
	if !housekeeping(a) {
		return Order{}, denied()
	}
	if reason, err = reasoned(reason); err != nil {
		return Order{}, err
	}
	o, err := d.c.Store.Order(ctx, no)
	if err != nil {
		return Order{}, err
	}
	before, _ := o.returning(part)
	if before != "" {
		// Nobody is to have the money twice. A channel that has fallen silent does not keep a person from settling.
		if now, back, err := d.cameBack(ctx, o, before); back || err != nil && !silent(err) {
			return now, err
		}
	}
	now := d.c.Clock.Now()
	return d.c.Store.Change(ctx, no, func(o *Order) ([]event.Body, error) {
		number, ok := o.returning(part)
		if !ok || number != before {
			return nil, settledAlready()
		}
		said := SettledByHandEvent{o.meta(a), o.subject(), part, number, o.Amount, reason}
		if part == 0 {
			o.State, o.RefundedAt, o.Hand = Refunded, now, true
			return []event.Body{said, RefundedEvent{o.meta(a), o.subject(), o.RefundNo, o.Reason, clock.Millis(now)}}, nil
		}
		o.Extra = slices.Clone(o.Extra)
		x := &o.Extra[part-1]
		owed := x.State == Owed
		x.State, x.RefundedAt, x.Hand, said.Settled = Returned, now, true, x.Amount
		if !owed {
			return []event.Body{said}, nil // what the resident had of it is in the reason
		}
		return []event.Body{said, SurplusReturnedEvent{o.meta(a), o.subject(), x.RefundNo, x.Amount}}, nil
	})
}
