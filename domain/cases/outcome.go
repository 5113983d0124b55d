package cases

import (
	"context"
	"slices"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/money"
)

// hear moves a case by an outcome. What the case does not wait for changes nothing; what comes for a case that its resident called
// off, or that ran out, is given back. owner is whose vehicle somebody else looked up, 0 for nobody.
func (d *Desk) hear(ctx context.Context, c Case, m matter, o service.Outcome, owner int64) error {
	if o.Kind == "" {
		return nil
	}
	m.env.Now = d.c.Clock.Now()
	o.At = m.env.Now
	c, err := d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		if c.State == Withdrawn || c.State == Expired {
			return nil, nil
		}
		was := *c
		bodies, err := d.apply(c, m, actor.House, o, func(c *Case) event.Body {
			return HeardEvent{c.meta(actor.House), c.subject(), string(o.Effect), string(o.Kind), o.Step, o.Attempt}
		})
		if err != nil || bodies == nil {
			return nil, err
		}
		if owner != 0 {
			bodies = append(bodies, LookedUpEvent{c.meta(actor.House), c.subject(), owner})
		}
		switch {
		case o.Kind == service.OutcomeHeld:
			c.note(m.env.Now, "held", "house")
		case o.Kind == service.OutcomeRefunded && (was.State == Refunding || was.State == Stuck):
			order, _ := fact(c.Data, o.Step)["no"].(string)
			c.noteBefore(m.env.Now, "refunded", order)
			bodies = slices.Insert(bodies, 1, event.Body(RefundedEvent{c.meta(actor.House), c.subject(), order, fen(fact(c.Data, o.Step)["amount"])}))
		}
		return append(bodies, c.recallAnswered(was, actor.House, o.Reason, m.env.Now)...), nil
	})
	if err != nil {
		return err
	}
	if c.State == Withdrawn || c.State == Expired {
		return d.giveUp(ctx, c)
	}
	return nil
}

// noteBefore writes a line in front of the one that ends the case.
func (c *Case) noteBefore(at time.Time, code string, args ...string) {
	c.note(at, code, "house", args...)
	if n := len(c.Log); c.State.Ended() && n > 1 {
		c.Log[n-1], c.Log[n-2] = c.Log[n-2], c.Log[n-1]
	}
}

// paymentNews is what the events of a payment say, each a part of it.
type paymentNews struct {
	payment.PaidEvent
	RefundNo string    `json:"refund_no"`
	Surplus  money.Fen `json:"surplus"`
	What     string    `json:"what"`
}

// onPayment tells a case what became of its payment. Money that comes for a case which has no more use for it goes back.
func (d *Desk) onPayment(ctx context.Context, e event.Event) (err error) {
	var p paymentNews
	if err := e.Decode(&p); err != nil {
		return err
	}
	if p.For.Kind != Kind {
		return nil
	}
	defer fault.Wrap(&err, "%s for case %s", e.Name, p.For.No)
	c, err := d.c.Store.Case(ctx, p.For.No)
	if err != nil {
		return err
	}
	gone := c.State == Withdrawn || c.State == Expired
	o := service.Outcome{Step: p.Step, Attempt: p.Attempt}
	switch e.Name {
	case payment.PaidEvent{}.EventName():
		if gone {
			_, err := d.c.Payment.Refund(ctx, actor.House, p.Subject.No, string(c.State))
			return err
		}
		o = paidOutcome(payment.Order{
			No: p.Subject.No, Step: p.Step, Attempt: p.Attempt, Amount: p.Amount, Transaction: p.Transaction, PaidAt: clock.FromMillis(p.At),
		})
	case payment.ClosedEvent{}.EventName():
		o.Kind = service.OutcomeClosed
	case payment.SurplusReturnedEvent{}.EventName():
		return d.tellRefunded(ctx, c, p.RefundNo, p.Surplus)
	case payment.UnresolvedEvent{}.EventName():
		return d.refundStuck(ctx, c, p)
	case payment.RefundedEvent{}.EventName():
		if gone {
			return d.tellRefunded(ctx, c, p.Subject.No, p.Amount)
		}
		o.Kind, o.Effect = service.OutcomeRefunded, service.EffectRefund
		o.Data = map[string]any{"refunded_at": clock.FromMillis(p.At).Format(time.RFC3339)}
	}
	if gone {
		return nil
	}
	m, err := d.matter(ctx, c, c.Lang, nil)
	if err != nil {
		return err
	}
	if err := d.hear(ctx, c, m, o, 0); err != nil || o.Kind != service.OutcomeRefunded {
		return err
	}
	return d.tellRefunded(ctx, c, p.Subject.No, p.Amount) // money that the case did not wait for
}

// refundStuck says that money which the case waits for does not come back by itself: the operator has it before them. The case goes
// on when it is back, whichever way.
func (d *Desk) refundStuck(ctx context.Context, c Case, p paymentNews) error {
	if p.What != "refund" {
		return nil
	}
	_, err := d.c.Store.Change(ctx, c.No, func(c *Case) ([]event.Body, error) {
		if c.State != Refunding || fact(c.Data, p.Step)["no"] != p.Subject.No {
			return nil, nil
		}
		c.State, c.Updated = Stuck, d.c.Clock.Now()
		c.note(c.Updated, "stuck", "house")
		return []event.Body{StuckEvent{c.meta(actor.House), c.subject(), c.Data.Step}}, nil
	})
	return err
}

// tellRefunded says, once per order or refund, that money is back which the case did not wait for.
func (d *Desk) tellRefunded(ctx context.Context, c Case, order string, amount money.Fen) error {
	_, err := d.c.Store.Change(ctx, c.No, func(c *Case) ([]event.Body, error) {
		if slices.ContainsFunc(c.Log, func(l Entry) bool { return l.Code == "refunded" && slices.Contains(l.Args, order) }) {
			return nil, nil
		}
		c.note(d.c.Clock.Now(), "refunded", "house", order)
		return []event.Body{RefundedEvent{c.meta(actor.House), c.subject(), order, amount}}, nil
	})
	return err
}

// onReleased tells a case that a hold ran out.
func (d *Desk) onReleased(ctx context.Context, e event.Event) (err error) {
	var r booking.ReleasedEvent
	if err := e.Decode(&r); err != nil {
		return err
	}
	switch {
	case r.For.Kind != Kind || r.Attempt < 0: // who waited and was not lucky stands where they stood
		return nil
	case r.Reason == "office" && r.Was != booking.Held:
		return d.callOff(ctx, r.For.No)
	case r.Reason != "expired":
		return nil
	}
	defer fault.Wrap(&err, "%s for case %s", e.Name, r.For.No)
	c, err := d.c.Store.Case(ctx, r.For.No)
	if err != nil {
		return err
	}
	m, err := d.matter(ctx, c, c.Lang, nil)
	if err != nil {
		return err
	}
	return d.hear(ctx, c, m, service.Outcome{Kind: service.OutcomeExpired, Step: r.Step, Attempt: r.Attempt}, 0)
}
