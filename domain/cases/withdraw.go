package cases

import (
	"context"
	"slices"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// Withdraw calls the case off: a booking is given back, an unpaid order closed, and what is paid all the same is refunded. After filing the
// offices are asked first whether they let go of it, where the service has that: the case is Recalling, and Withdrawn when they have, with
// place and money given back. Otherwise fault.Conflict "cases.filed". An appointment that was made can be called off until it begins, and
// the office is told. A second time changes nothing.
func (d *Desk) Withdraw(ctx context.Context, w Who, no string) (_ Case, err error) {
	defer fault.Wrap(&err, "withdraw case %s", no)
	c, err := d.own(ctx, w, no)
	if err != nil {
		return Case{}, err
	}
	m, err := d.matter(ctx, c, c.Lang, nil)
	if err != nil {
		return Case{}, err
	}
	appointment, err := d.appointment(ctx, c)
	if err != nil {
		return Case{}, err
	}
	now := d.c.Clock.Now()
	return d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		switch {
		case !w.owns(*c):
			return nil, absent()
		case c.State == Withdrawn, c.Data.Recall != nil:
			return nil, nil
		case c.State == Done && appointment && !paidAlready(*c):
		case c.State.Ended():
			return nil, ended()
		case m.def.Recallable(c.Data, m.env):
			return d.recall(c, m, w.Actor)
		case !withdrawable(*c, m.def):
			return nil, fault.Conflict("cases.filed", "已经提交给部门办理，不能撤回。如需取消，请联系办理部门")
		}
		code := string(Withdrawn)
		if c.State == Done {
			code = cancelled
		}
		c.close(Withdrawn, code, "you", now)
		bodies := []event.Body{WithdrawnEvent{c.meta(w.Actor), c.subject()}}
		for _, f := range m.def.Undo(c.Data, m.env) {
			bodies = append(bodies, d.ask(c, m, w.Actor, f))
		}
		return bodies, nil
	})
}

// withdrawable reports a running case that its resident can call off: nothing was paid, and what staff of ours decide was not handed to an
// office, which alone could let go of it.
func withdrawable(c Case, def *service.Definition) bool {
	switch c.State {
	case Draft, Asking, Paying:
		return !paidAlready(c)
	case Reviewing, Supplying:
		return !paidAlready(c) && !def.Filed(c.Data)
	}
	return false
}

// Withdrawable reports a running case that its resident can call off.
func (s Shown) Withdrawable() bool { return withdrawable(s.Case, s.Offer.Definition) }

// cancelled is the line of an appointment that had been made and was called off by its resident, calledOff by the department.
const (
	cancelled = "cancelled"
	calledOff = "calledoff"
)

// Cancelled reports a withdrawn case whose appointment had been made already.
func (c Case) Cancelled() bool {
	return c.State == Withdrawn && slices.ContainsFunc(c.Log, func(e Entry) bool { return e.Code == cancelled || e.Code == calledOff })
}

// Cancellable reports a finished case whose appointment its resident can still call off: it has not begun, and nothing was paid.
func (s Shown) Cancellable(now time.Time) bool {
	r := s.Reservation
	return s.Case.State == Done && r != nil && r.State.CanMove(booking.Released) && r.Start.After(now) && !paidAlready(s.Case)
}

// appointment reports a finished case that has a place which has not begun.
func (d *Desk) appointment(ctx context.Context, c Case) (bool, error) {
	if c.State != Done || !booked(c.Data) {
		return false, nil
	}
	list, err := d.c.Booking.Of(ctx, booking.For{Kind: Kind, No: c.No})
	now := d.c.Clock.Now()
	return slices.ContainsFunc(list, func(r booking.Reservation) bool {
		return r.State != booking.Waiting && r.State.CanMove(booking.Released) && r.Start.After(now)
	}), err
}

// paidAlready reports a case whose payment was accepted: it is on its way to the office.
func paidAlready(c Case) bool {
	for id := range c.Data.Facts {
		if f := fact(c.Data, id); f["paid"] == true && f["refunded"] != true {
			return true
		}
	}
	return false
}

// close ends a case by a move of this room. What was typed is not kept beyond the end of a case that was never filed.
func (c *Case) close(to State, code, who string, now time.Time) {
	c.State, c.Updated, c.Ended, c.Kept = to, now, now, time.Time{}
	c.note(now, code, who)
}

// onEnd frees what a case that was called off or ran out still holds.
func (d *Desk) onEnd(ctx context.Context, e event.Event) (err error) {
	var s Subject
	if err := e.Decode(&s); err != nil {
		return err
	}
	defer fault.Wrap(&err, "end case %s", s.No)
	c, err := d.c.Store.Case(ctx, s.No)
	if err != nil {
		return err
	}
	return d.giveUp(ctx, c)
}

// giveUp releases places, closes open orders and returns what was paid. A silent channel is no error: the order runs out by itself,
// and if it is paid until then, the money goes back when it comes.
func (d *Desk) giveUp(ctx context.Context, c Case) error {
	places, err := d.c.Booking.Of(ctx, booking.For{Kind: Kind, No: c.No})
	if err != nil {
		return err
	}
	for _, r := range places {
		if !r.State.Live() {
			continue
		}
		if _, err := d.c.Booking.Release(ctx, actor.House, r.No, "resident"); err != nil {
			return err
		}
	}
	orders, err := d.c.Payment.Of(ctx, payment.For{Kind: Kind, No: c.No})
	if err != nil {
		return err
	}
	for _, p := range orders {
		if p.State == payment.Ordered {
			p, err = d.c.Payment.Cancel(ctx, actor.House, p.No)
		}
		if err == nil && p.State == payment.Paid {
			_, err = d.c.Payment.Refund(ctx, actor.House, p.No, string(c.State))
		}
		if err != nil && !fault.Is(err, fault.KindUnavailable) {
			return err
		}
	}
	return nil
}

// onDraftDue ends a case that nobody touched for 30 days while it was the resident's turn.
func (d *Desk) onDraftDue(ctx context.Context, e event.Event) (err error) {
	var due DraftDue
	if err := e.Decode(&due); err != nil {
		return err
	}
	defer fault.Wrap(&err, "expire case %s", due.No)
	now := d.c.Clock.Now()
	_, err = d.c.Store.Change(ctx, due.No, func(c *Case) ([]event.Body, error) {
		if c.State.Ended() || c.Kept.UnixMilli() != due.At || now.Before(c.Kept) {
			return nil, nil
		}
		if until := c.Updated.Add(keep); until.After(now) {
			c.Kept = until
			return []event.Body{event.Later{Body: DraftDue{c.meta(actor.House), c.No, until.UnixMilli()}, At: until}}, nil
		}
		c.close(Expired, string(Expired), "house", now)
		return []event.Body{ExpiredEvent{c.meta(actor.House), c.subject()}}, nil
	})
	return err
}
