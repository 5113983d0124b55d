package booking

import (
	"context"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// Hold takes a place until it is confirmed or time runs out. Idempotent by (For, Step, Attempt). fault.Conflict
// "booking.taken" when somebody was quicker, "booking.twice" when the resident has a place that day already.
// The house may hold for anybody, a resident for themself.
func (d *Desk) Hold(ctx context.Context, a actor.Actor, h Hold) (_ Reservation, err error) {
	defer fault.Wrap(&err, "hold a place for %s %s", h.For.Kind, h.For.No)
	if !housekeeping(a) && !a.IsResident(h.Resident) {
		return Reservation{}, fault.Denied("booking.signin", "请先登录，再预约")
	}
	if err := h.Validate(); err != nil {
		return Reservation{}, err
	}
	now := d.c.Clock.Now()
	r := Reservation{
		ID: d.c.IDs.ID(), No: uid.No(), For: h.For, Step: h.Step, Attempt: h.Attempt, Resident: h.Resident,
		Pool: h.Pool, Slot: h.Slot, Service: h.Service, Region: h.Region, Sector: h.Sector, Account: h.Account,
		State: Held, Until: now.Add(d.c.HoldFor), Created: now, Rev: 1,
	}
	return d.c.Store.Take(ctx, r,
		HeldEvent{r.meta(a), r.subject(), r.Until.UnixMilli()},
		event.Later{Body: HoldDue{r.meta(actor.House), r.No}, At: r.Until})
}

// Confirm makes a held place definite; fault.Conflict "booking.expired" when the hold is gone.
// The house, staff and its resident may.
func (d *Desk) Confirm(ctx context.Context, a actor.Actor, no string) (_ Reservation, err error) {
	defer fault.Wrap(&err, "confirm reservation %s", no)
	return d.c.Store.Change(ctx, no, func(r *Reservation) ([]event.Body, error) {
		switch {
		case !housekeeping(a) && !a.IsResident(r.Resident):
			return nil, absent()
		case r.State == Confirmed:
			return nil, nil
		case !r.State.CanMove(Confirmed):
			return nil, fault.Conflict("booking.expired", "预留的时间已过，这个号已经放回，请重新选一个时间")
		}
		r.State = Confirmed
		return []event.Body{ConfirmedEvent{r.meta(a), r.subject()}}, nil
	})
}

// Release gives a place back; a second time changes nothing. reason is a code: "resident", "office", "expired".
// The house, staff and its resident may.
func (d *Desk) Release(ctx context.Context, a actor.Actor, no, reason string) (_ Reservation, err error) {
	defer fault.Wrap(&err, "release reservation %s", no)
	return d.c.Store.Change(ctx, no, func(r *Reservation) ([]event.Body, error) {
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

// Of lists the reservations of a thing, newest first. The caller has checked who asks.
func (d *Desk) Of(ctx context.Context, f For) ([]Reservation, error) { return d.c.Store.Of(ctx, f) }

// OnHoldDue releases a hold whose time is up; wired to "booking.hold_due". A confirmed place stays.
func (d *Desk) OnHoldDue(ctx context.Context, e event.Event) error {
	var due HoldDue
	if err := e.Decode(&due); err != nil {
		return err
	}
	now := d.c.Clock.Now()
	_, err := d.c.Store.Change(ctx, due.No, func(r *Reservation) ([]event.Body, error) {
		if r.State != Held || now.Before(r.Until) {
			return nil, nil
		}
		return r.release(actor.House, "expired"), nil
	})
	return err
}
