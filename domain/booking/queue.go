package booking

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// Ticket is a number of the day's queue as it is called: A for who booked, B for who walked in, both counted together.
func (r Reservation) Ticket() string {
	switch {
	case r.Number == 0:
		return ""
	case r.Walked():
		return fmt.Sprintf("B%03d", r.Number)
	}
	return fmt.Sprintf("A%03d", r.Number)
}

// CheckIn gives from when until when one may say that one has arrived.
func (r Resource) CheckIn(of Reservation) (from, until time.Time) {
	return of.Start.Add(-time.Duration(r.Rules.Early) * time.Minute), of.End
}

// Arrive checks somebody in: they get the next number of the day's queue. Within the window of CheckIn: fault.Conflict "booking.early" before
// it, "booking.missed" after it, "booking.fixed" where the house does not call the queue. A second time changes nothing. Its resident and
// who runs the resource may.
func (d *Desk) Arrive(ctx context.Context, a actor.Actor, no string) (_ Reservation, err error) {
	defer fault.Wrap(&err, "check in reservation %s", no)
	known, err := d.c.Store.Reservation(ctx, no)
	if err != nil {
		return Reservation{}, err
	}
	resource, ours, err := d.c.Store.Resource(ctx, known.Pool)
	if err != nil {
		return Reservation{}, err
	}
	now := d.c.Clock.Now()
	return d.update(ctx, no, func(r *Reservation) ([]event.Body, error) {
		from, until := resource.CheckIn(*r)
		switch {
		case !a.IsResident(r.Resident) && !(ours && resource.runs(a)):
			return nil, absent()
		case !ours:
			return nil, fault.Conflict("booking.fixed", "这里的时间不能直接改，请先取消，再重新预约")
		case r.Number > 0:
			return nil, nil
		case r.State == Missed, r.State == Confirmed && !now.Before(until):
			return nil, fault.Conflict("booking.missed", "预约的时间已经过了。要办请到现场取号")
		case r.State != Confirmed:
			return nil, fault.Conflict("booking.unconfirmed", "这个预约还没有确认，或已经取消，不能签到")
		case now.Before(from):
			return nil, fault.Conflict("booking.early", "还没到签到的时间，%s 以后可以签到", from.In(clock.Shanghai).Format("2006-01-02 15:04"))
		}
		r.State, r.Arrived = Arrived, now
		return []event.Body{ArrivedEvent{r.meta(a), r.subject()}}, nil
	})
}

// Draw gives who came without an appointment a number: in the first slot of today that has a place for walk-ins. fault.Conflict
// "booking.full" when there is none. Who runs the resource may.
func (d *Desk) Draw(ctx context.Context, a actor.Actor, pool string) (_ Reservation, err error) {
	defer fault.Wrap(&err, "draw a number of %s", pool)
	resource, err := d.Run(ctx, a, pool)
	if err != nil {
		return Reservation{}, err
	}
	if err := d.roll(ctx, resource); err != nil {
		return Reservation{}, err
	}
	now := d.c.Clock.Now()
	local := now.In(clock.Shanghai)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, clock.Shanghai)
	list, err := d.c.Store.Slots(ctx, pool, midnight, midnight.AddDate(0, 0, 1))
	if err != nil {
		return Reservation{}, err
	}
	for _, s := range list {
		if !s.End.After(now) || s.Taken >= s.Capacity {
			continue
		}
		no := uid.No()
		r := Reservation{
			ID: d.c.IDs.ID(), No: no, For: For{WalkIn, no}, Step: WalkIn, Attempt: 1, Pool: pool, Slot: s.ID, Region: resource.Region,
			Account: resource.Account, State: Arrived, Created: now, Changed: now, Arrived: now, Rev: 1,
		}
		r, err = d.c.Store.Take(ctx, r, ArrivedEvent{r.meta(a), r.subject()})
		if f := fault.Of(err); f == nil || f.Code != "booking.taken" {
			return r, err
		}
	}
	return Reservation{}, fault.Conflict("booking.full", "今天的号已经取完，请改天再来，或在手机上预约")
}

// Next calls who is first in today's queue to a window: by the start of the slot, then by number. Who was called to that window before is
// served. fault.NotFound "booking.nobody" when nobody waits. Who runs the resource may.
func (d *Desk) Next(ctx context.Context, a actor.Actor, pool, window string) (_ Reservation, err error) {
	defer fault.Wrap(&err, "call the next of %s", pool)
	if _, err := d.Run(ctx, a, pool); err != nil {
		return Reservation{}, err
	}
	if window = strings.TrimSpace(window); window == "" || utf8.RuneCountInString(window) > 12 {
		return Reservation{}, fault.Invalid("booking.window", "请写窗口，例如 3 号窗口，最多 12 个字").On("window")
	}
	now := d.c.Clock.Now()
	list, err := d.c.Store.Day(ctx, pool, Reservation{Start: now}.Date(), Arrived, Called)
	if err != nil {
		return Reservation{}, err
	}
	for _, r := range list {
		if r.State == Called && r.Window == window {
			if _, err := d.Serve(ctx, a, r.No); err != nil {
				return Reservation{}, err
			}
		}
	}
	for _, first := range list {
		if first.State != Arrived {
			continue
		}
		mine := false
		r, err := d.update(ctx, first.No, func(r *Reservation) ([]event.Body, error) {
			if mine = r.State == Arrived; !mine {
				return nil, nil // another window was quicker
			}
			r.State, r.Window, r.Called = Called, window, now
			return []event.Body{CalledEvent{r.meta(a), r.subject(), window}}, nil
		})
		if err != nil || mine {
			return r, err
		}
	}
	return Reservation{}, fault.NotFound("booking.nobody", "现在没有人在等")
}

// Serve ends a turn: they came. Who runs the resource may.
func (d *Desk) Serve(ctx context.Context, a actor.Actor, no string) (Reservation, error) {
	return d.turn(ctx, a, no, Served, func(r *Reservation) []event.Body {
		return []event.Body{ServedEvent{r.meta(a), r.subject()}}
	})
}

// Pass ends a turn, or a booking whose time has come: they were not there. Who runs the resource may.
func (d *Desk) Pass(ctx context.Context, a actor.Actor, no string) (Reservation, error) {
	now := d.c.Clock.Now()
	return d.turn(ctx, a, no, Missed, func(r *Reservation) []event.Body {
		switch {
		case r.State == Called:
			return r.miss(a, "passed")
		case now.Before(r.End):
			return nil
		}
		return r.miss(a, "absent")
	})
}

func (r *Reservation) miss(a actor.Actor, reason string) []event.Body {
	r.State, r.Reason = Missed, reason
	return []event.Body{MissedEvent{r.meta(a), r.subject(), reason}}
}

// turn moves a reservation of a resource that the actor runs.
func (d *Desk) turn(ctx context.Context, a actor.Actor, no string, to State, rule func(*Reservation) []event.Body) (_ Reservation, err error) {
	defer fault.Wrap(&err, "%s reservation %s", to, no)
	known, err := d.c.Store.Reservation(ctx, no)
	if err != nil {
		return Reservation{}, err
	}
	if _, err := d.Run(ctx, a, known.Pool); err != nil {
		return Reservation{}, absent()
	}
	return d.update(ctx, no, func(r *Reservation) ([]event.Body, error) {
		if r.State == to {
			return nil, nil
		}
		if !r.State.CanMove(to) {
			return nil, fault.Conflict("booking.moved_on", "这个号已经处理过了，请刷新页面")
		}
		bodies := rule(r)
		if bodies == nil {
			return nil, fault.Conflict("booking.not_over", "预约的时间还没有过，不能算没有来")
		}
		r.State = to
		return bodies, nil
	})
}

// CallOff takes a booking back on the department's part; its resident hears of it. Who runs the resource may.
func (d *Desk) CallOff(ctx context.Context, a actor.Actor, no string) (_ Reservation, err error) {
	defer fault.Wrap(&err, "call off reservation %s", no)
	known, err := d.c.Store.Reservation(ctx, no)
	if err != nil {
		return Reservation{}, err
	}
	if _, err := d.Run(ctx, a, known.Pool); err != nil {
		return Reservation{}, absent()
	}
	return d.Release(ctx, a, no, "office")
}

// Today gives a day of a resource to who runs it: everybody who booked, came or was called, by start and number. date is YYYY-MM-DD, "" for today.
func (d *Desk) Today(ctx context.Context, a actor.Actor, pool, date string) (Resource, []Reservation, error) {
	resource, err := d.Run(ctx, a, pool)
	if err != nil {
		return Resource{}, nil, err
	}
	if date == "" {
		date = Reservation{Start: d.c.Clock.Now()}.Date()
	}
	list, err := d.c.Store.Day(ctx, pool, date, Held, Confirmed, Arrived, Called, Served, Missed)
	return resource, list, err
}

// Find gives the bookings of a day that begin with a code, as it is read aloud at the counter: no difference between small and large, spaces left out.
func Find(list []Reservation, code string) []Reservation {
	code = strings.ToUpper(strings.Join(strings.Fields(code), ""))
	return slices.DeleteFunc(slices.Clone(list), func(r Reservation) bool { return code == "" || !strings.HasPrefix(r.No, code) })
}
