package cases

import (
	"context"
	"maps"
	"slices"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// visitNews is what the events of an appointment say, each a part of it.
type visitNews struct {
	booking.Subject
	Window string `json:"window"`
	Reason string `json:"reason"`
}

// onVisit tells a case what became of its appointment. A line of the timeline is written once, however often the event comes.
func (d *Desk) onVisit(ctx context.Context, e event.Event) (err error) {
	var v visitNews
	if err := e.Decode(&v); err != nil {
		return err
	}
	if v.For.Kind != Kind {
		return nil
	}
	defer fault.Wrap(&err, "%s for case %s", e.Name, v.For.No)
	r, err := d.reservation(ctx, v.Subject)
	if err != nil {
		return err
	}
	switch e.Name {
	case booking.OfferedEvent{}.EventName():
		return d.offered(ctx, r, e.At)
	case booking.MovedEvent{}.EventName():
		return d.moved(ctx, v.For.No, r, r.Changed)
	case booking.ArrivedEvent{}.EventName():
		return d.line(ctx, v.For.No, "arrived", e.At, r.Ticket())
	case booking.CalledEvent{}.EventName():
		return d.line(ctx, v.For.No, "called", e.At, r.Ticket(), v.Window)
	case booking.ServedEvent{}.EventName():
		return d.line(ctx, v.For.No, "served", e.At)
	}
	return d.line(ctx, v.For.No, "missed", e.At)
}

// reservation finds what an event is about.
func (d *Desk) reservation(ctx context.Context, s booking.Subject) (booking.Reservation, error) {
	list, err := d.c.Booking.Of(ctx, s.For)
	if err != nil {
		return booking.Reservation{}, err
	}
	i := slices.IndexFunc(list, func(r booking.Reservation) bool { return r.No == s.No })
	if i < 0 {
		return booking.Reservation{}, fault.NotFound("booking", "没有找到这个预约，请核对编号")
	}
	return list[i], nil
}

// line writes a line of the timeline that is dated by an event.
func (d *Desk) line(ctx context.Context, no, code string, at time.Time, args ...string) error {
	_, err := d.c.Store.Change(ctx, no, func(c *Case) ([]event.Body, error) {
		if c.has(code, at) {
			return nil, nil
		}
		c.Updated = d.c.Clock.Now()
		who := "house"
		if code == "waits" || code == "arrived" {
			who = "you"
		}
		c.note(at, code, who, args...)
		return []event.Body{}, nil
	})
	return err
}

func (c Case) has(code string, at time.Time) bool {
	return slices.ContainsFunc(c.Log, func(e Entry) bool { return e.Code == code && e.At.Equal(at) })
}

// offered takes a place that the case waited for: the book page is answered with it, as its resident asked by waiting. When the case stands
// elsewhere meanwhile, nobody needs the place, and it goes to the next.
func (d *Desk) offered(ctx context.Context, r booking.Reservation, at time.Time) error {
	if r.State != booking.Held || r.Attempt > 0 {
		return nil
	}
	c, err := d.c.Store.Case(ctx, r.For.No)
	if err != nil {
		return err
	}
	m, err := d.matter(ctx, c, c.Lang, nil)
	if err != nil {
		return err
	}
	wanted := false
	_, err = d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		wanted = false
		if c.State.Ended() {
			return nil, nil
		}
		view := m.def.View(c.Data, m.env)
		_, _, _, pool, ok := m.def.SlotsCall(c.Data, m.env)
		if c.Data.Step == r.Step && view.Kind != service.ViewBook && fact(c.Data, r.Step)["slot"] == r.Slot {
			wanted = true // told before, and being held now
			return nil, nil
		}
		if !ok || view.Kind != service.ViewBook || view.Step != r.Step || pool != r.Pool {
			return nil, nil
		}
		wanted = true
		c.note(at, "offered", "house")
		in := service.Answer{Step: r.Step, Values: map[string][]string{view.Name: {r.Slot}}}
		return d.apply(c, m, actor.House, in, func(c *Case) event.Body {
			return AnsweredEvent{c.meta(actor.House), c.subject(), r.Step}
		})
	})
	if err != nil || wanted {
		return err
	}
	_, err = d.c.Booking.Release(ctx, actor.House, r.No, "other")
	return err
}

// moved writes the new time into what the case knows of its place.
func (d *Desk) moved(ctx context.Context, no string, r booking.Reservation, at time.Time) error {
	_, err := d.c.Store.Change(ctx, no, func(c *Case) ([]event.Body, error) {
		known := fact(c.Data, r.Step)
		if known == nil || known["no"] != r.No || known["slot"] == r.Slot {
			return nil, nil
		}
		known = maps.Clone(known)
		known["slot"], known["start"], known["end"] = r.Slot, r.Start.Format(time.RFC3339), r.End.Format(time.RFC3339)
		c.Data.Facts = maps.Clone(c.Data.Facts)
		c.Data.Facts[r.Step] = known
		c.Updated = at
		c.note(at, "moved", "you", r.Start.In(clock.Shanghai).Format("2006-01-02 15:04"))
		return []event.Body{}, nil
	})
	return err
}

// callOff ends a case whose appointment the department called off; its resident hears of it, and what was paid goes back.
func (d *Desk) callOff(ctx context.Context, no string) error {
	c, err := d.c.Store.Case(ctx, no)
	if err != nil {
		return err
	}
	m, err := d.matter(ctx, c, c.Lang, nil)
	if err != nil {
		return err
	}
	now := d.c.Clock.Now()
	_, err = d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		if c.State != Done {
			return nil, nil
		}
		c.close(Withdrawn, calledOff, "house", now)
		bodies := []event.Body{WithdrawnEvent{c.meta(actor.House), c.subject()}}
		for _, f := range m.def.Undo(c.Data, m.env) {
			bodies = append(bodies, d.ask(c, m, actor.House, f))
		}
		return bodies, nil
	})
	return err
}
