package payment

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// Refund returns the whole price; reason is a code. Idempotent; fault.Conflict "payment.unpaid" when nothing was
// paid. The house and the operator may. The money is on its way when Refund returns: "payment.refunded" says it is back.
func (d *Desk) Refund(ctx context.Context, a actor.Actor, no, reason string) (_ Order, err error) {
	defer fault.Wrap(&err, "refund %s", no)
	if !housekeeping(a) {
		return Order{}, denied()
	}
	now := d.c.Clock.Now()
	return d.c.Store.Change(ctx, no, func(o *Order) ([]event.Body, error) {
		switch {
		case o.State == Refunding || o.State == Refunded:
			return nil, nil
		case !o.State.CanMove(Refunding):
			return nil, fault.Conflict("payment.unpaid", "这笔费用还没有支付，不需要退款")
		}
		return d.ask(o, a, reason, now), nil
	})
}

// refundNo is the same for an order whenever asked, so that a repeated request is harmless. A person may give it up for the next.
func refundNo(no string) string { return no + "R" }

// nextRefundNo is the number after no: "…R", "…R-2", "…R-3".
func nextRefundNo(no string) string {
	first, count, _ := strings.Cut(no, "-")
	n, _ := strconv.Atoi(count) // nothing but a number stands there
	return first + "-" + strconv.Itoa(max(n, 1)+1)
}

// givenFor reports whether this house gave the number no to the refund that is now called current.
func givenFor(current, no string) bool {
	if current == no || current == "" {
		return current == no && no != ""
	}
	first, count, more := strings.Cut(current, "-")
	earlier, each, _ := strings.Cut(no, "-")
	last, _ := strconv.Atoi(count)
	n, err := strconv.Atoi(each)
	return more && first == earlier && (no == first || err == nil && n > 1 && n < last && strconv.Itoa(n) == each)
}

// ask moves a paid order to Refunding.
func (d *Desk) ask(o *Order, a actor.Actor, reason string, now time.Time) []event.Body {
	o.State, o.RefundNo, o.Reason, o.Asked = Refunding, refundNo(o.No), reason, 1
	return []event.Body{
		RefundingEvent{o.meta(a), o.subject(), o.RefundNo, reason},
		event.Later{Body: RefundDue{o.meta(a), o.No, o.RefundNo, 1}, At: now.Add(refundGap(1))},
	}
}

// OnRefunding asks the channel to return money; wired to "payment.refunding", "payment.surplus" and "payment.refund_retried". A silent channel
// is no error: the alarm set with the event asks again.
func (d *Desk) OnRefunding(ctx context.Context, e event.Event) error {
	var body struct {
		No       string `json:"no"`
		RefundNo string `json:"refund_no"`
	}
	if err := e.Decode(&body); err != nil {
		return err
	}
	return d.sendRefund(ctx, body.No, body.RefundNo)
}

// open gives the request for a refund that is still open; ok is false when it is done or unknown.
func (o Order) open(refundNo string) (r ChannelRefund, asked int, ok bool) {
	r = ChannelRefund{No: o.No, RefundNo: refundNo, Amount: o.Amount, Total: o.Amount, Reason: o.Reason, Transaction: o.Transaction}
	if o.State == Refunding && o.RefundNo == refundNo {
		return r, o.Asked, true
	}
	i := slices.IndexFunc(o.Extra, func(x Extra) bool { return x.RefundNo == refundNo && x.State == Owed })
	if i < 0 {
		return r, 0, false
	}
	x := o.Extra[i]
	r.Amount, r.Total, r.Reason, r.Transaction = x.Amount, x.Amount, "surplus", x.Transaction
	return r, x.Asked, true
}

func (d *Desk) sendRefund(ctx context.Context, no, refundNo string) (err error) {
	defer fault.Wrap(&err, "send refund %s", refundNo)
	o, err := d.c.Store.Order(ctx, no)
	if err != nil {
		return err
	}
	r, _, ok := o.open(refundNo)
	if !ok {
		return nil
	}
	n, err := d.c.Channel.Refund(ctx, r)
	return d.heard(ctx, r, n, err)
}

// heard settles what the channel said about a refund. A refusal needs a person; the alarms go on meanwhile.
func (d *Desk) heard(ctx context.Context, r ChannelRefund, n Notice, err error) error {
	switch kind := fault.KindOf(err); {
	case err == nil:
	case kind == fault.KindUnavailable || kind == fault.KindTooMany:
		return nil
	case kind == fault.KindConflict || kind == fault.KindDenied || kind == fault.KindInvalid || kind == fault.KindNotFound:
		n = Notice{Outcome: OutcomeAbnormal}
	default:
		return err
	}
	n.No, n.RefundNo = r.No, r.RefundNo
	_, err = d.Settle(ctx, actor.House, n)
	return err
}

// surplusNo is the refund number of the nth extra transaction.
func surplusNo(no string, n int) string { return no + "S" + strconv.Itoa(n) }
