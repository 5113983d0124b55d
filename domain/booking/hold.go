package booking

import (
	"context"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// Hold takes a place until it is confirmed or time runs out. Idempotent by (For, Step, Attempt). A place of this slot that was offered to who
// waited for it becomes this hold. Whoever holds a place for a step waits for no other one. fault.Conflict "booking.taken" when somebody
// was quicker, "booking.twice" when the resident has a place that day already, "booking.barred" when they did not come too often.
// The house may hold for anybody, a resident for themself.
func (d *Desk) Hold(ctx context.Context, a actor.Actor, h Hold) (_ Reservation, err error) {
	defer fault.Wrap(&err, "hold a place for %s %s", h.For.Kind, h.For.No)
	if !housekeeping(a) && !a.IsResident(h.Resident) {
		return Reservation{}, fault.Denied("booking.signin", "请先登录，再预约")
	}
	if err := h.Validate(); err != nil {
		return Reservation{}, err
	}
	mine, err := d.c.Store.Of(ctx, h.For)
	if err != nil {
		return Reservation{}, err
	}
	for _, r := range mine {
		if r.State == Held && r.Attempt < 0 && r.Step == h.Step && r.Pool == h.Pool && r.Slot == h.Slot {
			return d.adopt(ctx, a, r, h.Attempt)
		}
	}
	if _, err := d.welcome(ctx, h.Resident, h.Pool); err != nil {
		return Reservation{}, err
	}
	now := d.c.Clock.Now()
	r := h.reservation(d.c.IDs.ID(), uid.No(), now)
	r.State, r.Until = Held, now.Add(d.c.HoldFor)
	r, err = d.c.Store.Take(ctx, r,
		HeldEvent{r.meta(a), r.subject(), r.Until.UnixMilli()},
		event.Later{Body: HoldDue{r.meta(actor.House), r.No}, At: r.Until})
	if err != nil || !r.State.Live() {
		return r, err
	}
	return r, d.leaveAll(ctx, a, mine, h.Step)
}

// adopt makes a place that was offered the hold of an attempt.
func (d *Desk) adopt(ctx context.Context, a actor.Actor, offered Reservation, attempt int) (Reservation, error) {
	return d.update(ctx, offered.No, func(r *Reservation) ([]event.Body, error) {
		if r.State != Held || r.Attempt > 0 {
			return nil, nil
		}
		r.Attempt = attempt
		return []event.Body{HeldEvent{r.meta(a), r.subject(), r.Until.UnixMilli()}}, nil
	})
}

// leaveAll takes the waiting ones of a step out of their lines, and gives back what was offered and not taken.
func (d *Desk) leaveAll(ctx context.Context, a actor.Actor, list []Reservation, step string) error {
	for _, r := range list {
		if r.Step != step || r.Attempt > 0 || !r.State.Live() {
			continue
		}
		if _, err := d.Release(ctx, a, r.No, "other"); err != nil {
			return err
		}
	}
	return nil
}

// welcome refuses who did not come too often. ours reports a pool that the house keeps itself.
func (d *Desk) welcome(ctx context.Context, resident int64, pool string) (ours bool, err error) {
	r, ours, err := d.c.Store.Resource(ctx, pool)
	if err != nil || !ours || r.Rules.NoShow.Times < 1 {
		return ours, err
	}
	until, err := d.barred(ctx, resident, r)
	if err != nil || until.IsZero() {
		return ours, err
	}
	return ours, fault.Conflict("booking.barred", "您有 %d 次约了没有来，%s 以后才能再约这里。急办可以到现场取号", r.Rules.NoShow.Times, until.In(clock.Shanghai).Format("2006-01-02 15:04"))
}

// Confirm makes a held place definite; fault.Conflict "booking.expired" when the hold is gone.
// The house, staff and its resident may.
func (d *Desk) Confirm(ctx context.Context, a actor.Actor, no string) (_ Reservation, err error) {
	defer fault.Wrap(&err, "confirm reservation %s", no)
	known, err := d.c.Store.Reservation(ctx, no)
	if err != nil {
		return Reservation{}, err
	}
	_, ours, err := d.c.Store.Resource(ctx, known.Pool)
	if err != nil {
		return Reservation{}, err
	}
	return d.update(ctx, no, func(r *Reservation) ([]event.Body, error) {
		switch {
		case !housekeeping(a) && !a.IsResident(r.Resident):
			return nil, absent()
		case r.State == Confirmed:
			return nil, nil
		case !r.State.CanMove(Confirmed):
			return nil, fault.Conflict("booking.expired", "预留的时间已过，这个号已经放回，请重新选一个时间")
		}
		r.State = Confirmed
		bodies := []event.Body{ConfirmedEvent{r.meta(a), r.subject()}}
		if ours {
			bodies = append(bodies, r.watch())
		}
		return bodies, nil
	})
}

// watch is the alarm that looks whether somebody came.
func (r *Reservation) watch() event.Body {
	return event.Later{Body: MissDue{r.meta(actor.House), r.No}, At: r.End}
}

// Release gives a place back, or stops waiting for one; a second time changes nothing. reason is a code: "resident", "office", "expired",
// "other". What is called, served or missed stays as it is. The house, staff and its resident may.
func (d *Desk) Release(ctx context.Context, a actor.Actor, no, reason string) (_ Reservation, err error) {
	defer fault.Wrap(&err, "release reservation %s", no)
	return d.update(ctx, no, func(r *Reservation) ([]event.Body, error) {
		if !housekeeping(a) && !a.IsResident(r.Resident) {
			return nil, absent()
		}
		return r.release(a, reason), nil
	})
}

func (r *Reservation) release(a actor.Actor, reason string) []event.Body {
	if !r.State.CanMove(Released) {
		return nil
	}
	was := r.State
	r.State, r.Reason = Released, reason
	return []event.Body{ReleasedEvent{r.meta(a), r.subject(), reason, was}}
}

// Reservation finds a reservation by number, for the house alone.
func (d *Desk) Reservation(ctx context.Context, a actor.Actor, no string) (Reservation, error) {
	if a.Kind != actor.System {
		return Reservation{}, absent()
	}
	return d.c.Store.Reservation(ctx, no)
}

// Of lists the reservations of a thing, newest first. The caller has checked who asks.
func (d *Desk) Of(ctx context.Context, f For) ([]Reservation, error) { return d.c.Store.Of(ctx, f) }

// OnHoldDue releases a hold whose time is up; wired to "booking.hold_due". A confirmed place stays.
func (d *Desk) OnHoldDue(ctx context.Context, e event.Event) error {
	var due HoldDue
	if err := e.Decode(&due); err != nil {
		return err
	}
	return d.change(ctx, due.No, func(r *Reservation, now time.Time) []event.Body {
		if r.State != Held || now.Before(r.Until) {
			return nil
		}
		return r.release(actor.House, "expired")
	})
}

// onMissDue notes who did not come. Who has moved to a later time since has an alarm of their own for it.
func (d *Desk) onMissDue(ctx context.Context, e event.Event) error {
	var due MissDue
	if err := e.Decode(&due); err != nil {
		return err
	}
	return d.change(ctx, due.No, func(r *Reservation, now time.Time) []event.Body {
		if r.State != Confirmed || now.Before(r.End) {
			return nil
		}
		return r.miss(actor.House, "absent")
	})
}

// change moves a reservation by a rule of the house.
func (d *Desk) change(ctx context.Context, no string, rule func(*Reservation, time.Time) []event.Body) error {
	now := d.c.Clock.Now()
	_, err := d.update(ctx, no, func(r *Reservation) ([]event.Body, error) { return rule(r, now), nil })
	return err
}

// update lets a rule change a reservation and dates the change.
func (d *Desk) update(ctx context.Context, no string, rule func(*Reservation) ([]event.Body, error)) (Reservation, error) {
	now := d.c.Clock.Now()
	return d.c.Store.Change(ctx, no, func(r *Reservation) ([]event.Body, error) {
		r.Changed = now
		return rule(r)
	})
}
