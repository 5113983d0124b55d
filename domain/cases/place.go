package cases

import (
	"context"
	"strconv"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
)

// places fills in what a case has of booking.
func (d *Desk) places(ctx context.Context, c Case, s *Shown) error {
	list, err := d.c.Booking.Of(ctx, booking.For{Kind: Kind, No: c.No})
	if err != nil {
		return err
	}
	for i := range list {
		switch r := &list[i]; {
		case r.Attempt < 0:
			if s.Wait == nil && r.State.Live() {
				s.Wait = r
			}
		case s.Reservation == nil:
			s.Reservation = r
		}
	}
	if s.Wait != nil {
		if s.Ahead, err = d.c.Booking.Ahead(ctx, *s.Wait); err != nil {
			return err
		}
	}
	if s.Reservation == nil {
		return nil
	}
	resource, ours, err := d.c.Booking.Resource(ctx, s.Reservation.Pool)
	if err != nil || !ours {
		return err
	}
	s.Resource = &resource
	s.Turn, err = d.c.Booking.Turn(ctx, *s.Reservation)
	return err
}

// Movable reports a made appointment that can take another time: of what the house itself keeps, until it begins.
func (s Shown) Movable(now time.Time) bool {
	r := s.Reservation
	return s.Case.State == Done && s.Resource != nil && r.State == booking.Confirmed && r.Start.After(now)
}

// CheckIn gives the window in which its resident may say that they have arrived; false when there is nothing to check in to.
func (s Shown) CheckIn() (from, until time.Time, ok bool) {
	if s.Case.State != Done || s.Resource == nil || s.Reservation.State != booking.Confirmed {
		return time.Time{}, time.Time{}, false
	}
	from, until = s.Resource.CheckIn(*s.Reservation)
	return from, until, true
}

// terms says on a book page how places are shared, when one must come, and whether the resident may book at all.
func (d *Desk) terms(ctx context.Context, c Case, m matter, r booking.Resource, v *service.View) (barred bool, err error) {
	until, err := d.c.Booking.Barred(ctx, c.Resident, r.Pool)
	if err != nil {
		return false, err
	}
	say := func(tone string, t service.Text) {
		v.Notes = append(v.Notes, service.Note{Tone: tone, Text: t.In(m.env.Lang)})
	}
	n := strconv.Itoa
	x := r.Rules.NoShow
	if !until.IsZero() {
		at := until.In(clock.Shanghai).Format("2006-01-02 15:04")
		say("warn", service.Text{
			Zh: "您有 " + n(x.Times) + " 次约了没有来，" + at + " 以后才能再约这里。急办可以到现场取号。",
			En: "You missed " + n(x.Times) + " appointments here. You can book again after " + at + "; in urgent cases take a number on site.",
		})
		return true, nil
	}
	zh := "开始前 " + n(r.Rules.Early) + " 分钟起可以签到，签到后按号叫。"
	en := "You can check in from " + n(r.Rules.Early) + " minutes before; then you are called by number."
	if x.Times > 0 {
		zh += n(x.Days) + " 天内 " + n(x.Times) + " 次约了没来也没取消，" + n(x.Bar) + " 天不能再约这里。"
		en += " Who neither comes nor cancels " + n(x.Times) + " times within " + n(x.Days) + " days cannot book here for " + n(x.Bar) + " days."
	}
	say("", service.Text{Zh: zh, En: en})
	if r.Plan.WalkIn > 0 {
		online, walk := r.Plan.Ratio()
		say("", service.Text{
			Zh: "每段时间 " + online + " 的号网上约，" + walk + " 现场取；开始前 " + n(r.Plan.FreeBefore) + " 分钟起，剩下的号两边都能用。",
			En: online + " of each time are booked online, " + walk + " given out on site; from " + n(r.Plan.FreeBefore) + " minutes before, what is left serves both.",
		})
	}
	return false, nil
}

// Wait has the case's resident wait for a place of a full slot on the book page where the case stands. fault.Conflict "service.step" when it
// stands elsewhere; what booking.Wait says.
func (d *Desk) Wait(ctx context.Context, w Who, no, slot string) (_ Shown, err error) {
	defer fault.Wrap(&err, "wait for a place for case %s", no)
	c, err := d.own(ctx, w, no)
	if err != nil {
		return Shown{}, err
	}
	if c.State.Ended() {
		return Shown{}, ended()
	}
	m, err := d.matter(ctx, c, w.Actor.Lang, w.Known)
	if err != nil {
		return Shown{}, err
	}
	_, _, _, pool, ok := m.def.SlotsCall(c.Data, m.env)
	if !ok || m.def.View(c.Data, m.env).Kind != service.ViewBook {
		return Shown{}, fault.Conflict("service.step", "这一步现在不能直接改，请先返回那一步")
	}
	if c.Data.Bars(pool, slot) {
		return Shown{}, fault.Conflict("booking.taken", "这个时间刚刚约满了，请换一个时间")
	}
	r, err := d.c.Booking.Wait(ctx, w.Actor, booking.Hold{
		For: booking.For{Kind: Kind, No: c.No}, Step: c.Data.Step, Resident: c.Resident, Pool: pool, Slot: slot,
		Service: c.Service, Region: c.City, Sector: c.Sector, Account: c.Account,
	})
	if err != nil {
		return Shown{}, err
	}
	if err := d.line(ctx, c.No, "waits", r.Created); err != nil {
		return Shown{}, err
	}
	return d.Show(ctx, w, no, "")
}

// Leave stops waiting for a place; a case that waits for none is left as it is.
func (d *Desk) Leave(ctx context.Context, w Who, no string) (err error) {
	defer fault.Wrap(&err, "stop waiting for a place for case %s", no)
	c, err := d.own(ctx, w, no)
	if err != nil {
		return err
	}
	return d.stopWaiting(ctx, w.Actor, c)
}

func (d *Desk) stopWaiting(ctx context.Context, a actor.Actor, c Case) error {
	list, err := d.c.Booking.Of(ctx, booking.For{Kind: Kind, No: c.No})
	if err != nil {
		return err
	}
	for _, r := range list {
		if r.Attempt < 0 && r.State.Live() {
			if _, err := d.c.Booking.Release(ctx, a, r.No, "resident"); err != nil {
				return err
			}
		}
	}
	return nil
}

// reserved finds the case's booking for its owner; fault.NotFound "booking" when it has none.
func (d *Desk) reserved(ctx context.Context, w Who, no string) (Case, booking.Reservation, error) {
	c, err := d.own(ctx, w, no)
	if err != nil {
		return Case{}, booking.Reservation{}, err
	}
	var s Shown
	if err := d.places(ctx, c, &s); err != nil {
		return Case{}, booking.Reservation{}, err
	}
	if s.Reservation == nil {
		return Case{}, booking.Reservation{}, fault.NotFound("booking", "没有找到这个预约，请核对编号")
	}
	return c, *s.Reservation, nil
}

// Arrive checks the case's resident in; what booking.Arrive says.
func (d *Desk) Arrive(ctx context.Context, w Who, no string) (_ Shown, err error) {
	defer fault.Wrap(&err, "check in case %s", no)
	_, r, err := d.reserved(ctx, w, no)
	if err != nil {
		return Shown{}, err
	}
	if _, err := d.c.Booking.Arrive(ctx, w.Actor, r.No); err != nil {
		return Shown{}, err
	}
	return d.Show(ctx, w, no, "")
}

// Move gives the case's appointment another time; what booking.Move says. The old one is kept until the new one is there.
func (d *Desk) Move(ctx context.Context, w Who, no, slot string) (_ Shown, err error) {
	defer fault.Wrap(&err, "move the appointment of case %s", no)
	c, r, err := d.reserved(ctx, w, no)
	if err != nil {
		return Shown{}, err
	}
	if r, err = d.c.Booking.Move(ctx, w.Actor, r.No, slot); err != nil {
		return Shown{}, err
	}
	// The event says the same later; the page that follows shows the new time already.
	if err := d.moved(ctx, c.No, r, d.c.Clock.Now()); err != nil {
		return Shown{}, err
	}
	return d.Show(ctx, w, no, "")
}

// Choices gives the times that the case's appointment can be moved to.
func (d *Desk) Choices(ctx context.Context, w Who, no string) (_ []service.Day, err error) {
	defer fault.Wrap(&err, "other times for case %s", no)
	_, r, err := d.reserved(ctx, w, no)
	if err != nil {
		return nil, err
	}
	if err := d.c.Booking.Roll(ctx, r.Pool); err != nil {
		return nil, err
	}
	now := d.c.Clock.Now()
	list, err := d.c.Booking.Slots(ctx, w.Actor, r.Pool, now, now.AddDate(0, 0, 62))
	if err != nil {
		return nil, err
	}
	return days(list, r.Slot, now, false), nil
}

// Turn says how the queue stands for the case's resident; at most 1.5 s old.
func (d *Desk) Turn(ctx context.Context, w Who, no string) (_ booking.Turn, err error) {
	defer fault.Wrap(&err, "turn of case %s", no)
	_, r, err := d.reserved(ctx, w, no)
	if err != nil {
		return booking.Turn{}, err
	}
	return d.c.Booking.Turn(ctx, r)
}
