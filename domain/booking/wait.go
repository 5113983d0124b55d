package booking

import (
	"context"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// Wait puts a resident at the end of a full slot's waitlist. When a place comes free it is offered in the order in which they came, and kept
// for Config.OfferFor. Attempt of h does not matter. Waiting for the same slot again gives the same reservation, and waiting for another one
// of the same step gives up the first. fault.Conflict "booking.free" when there is a place to book, "booking.over" when the slot has begun,
// "booking.barred" as by Hold. The house may for anybody, a resident for themself.
func (d *Desk) Wait(ctx context.Context, a actor.Actor, h Hold) (_ Reservation, err error) {
	defer fault.Wrap(&err, "wait for a place for %s %s", h.For.Kind, h.For.No)
	if !housekeeping(a) && !a.IsResident(h.Resident) {
		return Reservation{}, fault.Denied("booking.signin", "请先登录，再预约")
	}
	h.Attempt = 1
	if err := h.Validate(); err != nil {
		return Reservation{}, err
	}
	mine, err := d.c.Store.Of(ctx, h.For)
	if err != nil {
		return Reservation{}, err
	}
	h.Attempt = -1
	for _, r := range mine {
		switch {
		case r.Step != h.Step || r.Attempt > 0:
			continue
		case r.State == Waiting && r.Pool == h.Pool && r.Slot == h.Slot:
			return r, nil
		}
		h.Attempt = min(h.Attempt, r.Attempt-1)
	}
	ours, err := d.welcome(ctx, h.Resident, h.Pool)
	if err != nil {
		return Reservation{}, err
	}
	now := d.c.Clock.Now()
	r := h.reservation(d.c.IDs.ID(), uid.No(), now)
	r.State = Waiting
	r, err = d.c.Store.Join(ctx, r, func(r Reservation) []event.Body {
		due := WaitDue{r.meta(actor.House), r.No}
		return []event.Body{WaitingEvent{r.meta(a), r.subject()}, event.Later{Body: due, At: r.Start}}
	})
	if err != nil {
		return Reservation{}, err
	}
	if err := d.leaveAll(ctx, a, mine, h.Step); err != nil {
		return Reservation{}, err
	}
	if ours { // an office keeps nothing back for walk-ins of ours
		err = d.remind(ctx, r)
	}
	return r, err
}

// remind sets an alarm for the moment from which the places that walk-ins left serve who waits as well.
func (d *Desk) remind(ctx context.Context, r Reservation) error {
	list, err := d.c.Store.Slots(ctx, r.Pool, r.Start, r.Start.Add(time.Millisecond))
	if err != nil {
		return err
	}
	now := d.c.Clock.Now()
	for _, s := range list {
		if s.ID == r.Slot && s.Walk > 0 && s.Free.After(now) {
			_, err = d.update(ctx, r.No, func(r *Reservation) ([]event.Body, error) {
				if r.State != Waiting {
					return nil, nil
				}
				return []event.Body{event.Later{Body: WaitDue{r.meta(actor.House), r.No}, At: s.Free}}, nil
			})
		}
	}
	return err
}

// Ahead counts who waits longer for the same slot.
func (d *Desk) Ahead(ctx context.Context, r Reservation) (int, error) {
	if r.State != Waiting {
		return 0, nil
	}
	return d.c.Store.Ahead(ctx, r)
}

// freed is what the events say after which a place may be free: each has the number, the rest may be absent.
type freed struct {
	No   string `json:"no"`
	Pool string `json:"pool"`
	Slot string `json:"slot"`
	From string `json:"from"`
}

// onFreed offers a place to who has waited longest. It looks at what is free now, so that an event that comes twice offers nothing twice.
func (d *Desk) onFreed(ctx context.Context, e event.Event) error {
	var f freed
	if err := e.Decode(&f); err != nil {
		return err
	}
	slot := f.Slot
	switch e.Name {
	case MovedEvent{}.EventName():
		slot = f.From
	case WaitDue{}.EventName():
		r, err := d.c.Store.Reservation(ctx, f.No)
		if err != nil || r.State != Waiting {
			return err
		}
		f.Pool, slot = r.Pool, r.Slot
	}
	return d.offer(ctx, f.Pool, slot)
}

// offer gives the free places of a slot to who waits, first come first served, until either is used up. When the slot has begun nobody
// waits any more.
func (d *Desk) offer(ctx context.Context, pool, slot string) (err error) {
	defer fault.Wrap(&err, "offer places of %s", slot)
	for {
		no, err := d.c.Store.First(ctx, pool, slot)
		if err != nil || no == "" {
			return err
		}
		now := d.c.Clock.Now()
		_, err = d.update(ctx, no, func(r *Reservation) ([]event.Body, error) {
			switch {
			case r.State != Waiting:
				return nil, nil // another node was quicker
			case !now.Before(r.Start):
				return r.release(actor.House, "over"), nil
			}
			r.State, r.Until = Held, now.Add(d.c.OfferFor)
			if r.Until.After(r.Start) {
				r.Until = r.Start
			}
			return []event.Body{
				OfferedEvent{r.meta(actor.House), r.subject(), r.Until.UnixMilli()},
				event.Later{Body: HoldDue{r.meta(actor.House), r.No}, At: r.Until},
			}, nil
		})
		switch f := fault.Of(err); {
		case err == nil:
		case f != nil && f.Code == "booking.taken":
			return nil
		case f != nil && f.Code == "booking.twice": // they have found another place that day
			if _, err := d.Release(ctx, actor.House, no, "other"); err != nil {
				return err
			}
		default:
			return err
		}
	}
}
