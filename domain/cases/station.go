package cases

import (
	"time"

	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/money"
)

// stations writes the timeline and gives the events of what a move reached.
func (d *Desk) stations(c *Case, was Case, m matter, a actor.Actor) []event.Body {
	now := m.env.Now
	var list []event.Body
	if c.Data.Down && !was.Data.Down {
		c.note(now, "silent", "house")
	}
	if step, order, amount, ok := newlyPaid(was.Data, c.Data); ok {
		c.note(now, "paid", "you", amount.String())
		list = append(list, PaidEvent{c.meta(a), c.subject(), step, order})
	}
	if c.Data.Phase != was.Data.Phase {
		switch c.Data.Phase {
		case "paying":
			c.note(now, "paying", "house")
			list = append(list, PayingEvent{c.meta(a), c.subject(), c.Data.Step})
		case "closed":
			c.note(now, "unpaid", "house")
		}
	}
	before := was.waited()
	if c.State == before || c.State == was.State {
		return list
	}
	switch c.State {
	case Filing:
		if c.Data.Phase == "voiding" { // staff have it called off
			return list
		}
		c.note(now, "filed", "house")
		if p := m.def.Promise.Done; p > 0 && c.Due.IsZero() {
			c.Due = now.Add(p)
		}
		list = append(list, FiledEvent{c.meta(a), c.subject(), c.Data.Step})
	case Reviewing:
		c.note(now, "reviewing", "house")
		if p := m.def.Promise.Done; p > 0 && c.Due.IsZero() {
			c.Due = now.Add(p)
		}
		if before != Filing { // which told it already
			list = append(list, FiledEvent{c.meta(a), c.subject(), c.Data.Step})
		}
	case Supplying:
		c.note(now, "more", "house")
		list = append(list, MoreEvent{c.meta(a), c.subject(), c.Data.Step})
	case Refunding:
		c.note(now, "refunding", "house")
		list = append(list, RefundingEvent{c.meta(a), c.subject()})
	case Stuck:
		c.note(now, "stuck", "house")
		list = append(list, StuckEvent{c.meta(a), c.subject(), c.Data.Step})
	case Done, Answered:
		c.end(now)
		order, amount := paidFor(c.Data)
		list = append(list, DoneEvent{c.meta(a), c.subject(), c.Data.End, c.took(), clock.Millis(c.Due), order, amount})
	case Withdrawn: // what was filed
		c.Ended, c.Kept = now, time.Time{}
		c.note(now, letGo, "house")
		list = append(list, WithdrawnEvent{c.meta(a), c.subject()})
	case Refused:
		c.end(now)
		list = append(list, RefusedEvent{c.meta(a), c.subject(), wasRefunded(c.Data), c.took(), clock.Millis(c.Due)})
	}
	return list
}

// end dates the end of a case and writes its line.
func (c *Case) end(now time.Time) {
	c.Ended, c.Kept = now, time.Time{}
	c.note(now, string(c.State), "house")
}

func (c Case) took() int64 { return c.Ended.Sub(c.Opened).Milliseconds() }

// fact gives what is known of a step as an object.
func fact(s service.State, step string) map[string]any {
	m, _ := s.Facts[step].(map[string]any)
	return m
}

// newlyPaid finds the payment that a move accepted.
func newlyPaid(was, now service.State) (step, order string, amount money.Fen, ok bool) {
	for id := range now.Facts {
		f := fact(now, id)
		if f["paid"] == true && fact(was, id)["paid"] != true {
			order, _ = f["no"].(string)
			return id, order, fen(f["amount"]), true
		}
	}
	return "", "", 0, false
}

func wasRefunded(s service.State) bool {
	for id := range s.Facts {
		if fact(s, id)["refunded"] == true {
			return true
		}
	}
	return false
}

// fen reads an amount from a fact, which JSON may have made another kind of number.
func fen(v any) money.Fen {
	switch n := v.(type) {
	case int64:
		return money.Fen(n)
	case int:
		return money.Fen(n)
	case float64:
		return money.Fen(n)
	}
	return 0
}

// summary is the line that tells a matter apart in a list without telling who it is about: what was chosen, or else
// what the result says.
func summary(m matter, next service.State) string {
	if line := m.def.Summary(next, m.env); line != "" {
		return line
	}
	if v := m.def.View(next, m.env); v.Kind == service.ViewResult {
		return v.Title
	}
	return ""
}
