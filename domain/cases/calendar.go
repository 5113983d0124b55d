package cases

import (
	"context"
	"sync"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
)

// horizon is how far ahead a calendar shows; refresh is how often an office is asked for its places.
const (
	horizon = 31 * 24 * time.Hour
	refresh = 30 * time.Second
)

// freshness remembers when the places of a pool were last asked for. It is only a brake: another process asks for itself.
type freshness struct {
	mu    sync.Mutex
	pools map[string]*asked
}

// asked is the last look at a pool. The first look, and one after silence, is waited for: without it there is nothing to show.
type asked struct {
	at     time.Time
	first  chan struct{} // closed when that look is over
	silent bool          // the office did not answer
}

func newFreshness() *freshness { return &freshness{pools: map[string]*asked{}} }

// turn reports whether the caller is to ask for a pool now; it then calls done.
func (f *freshness) turn(pool string, now time.Time) (a *asked, mine bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a = f.pools[pool]
	if a != nil && now.Sub(a.at) < refresh && !now.Before(a.at) {
		return a, false
	}
	if a == nil || a.silent {
		if len(f.pools) > 10_000 {
			clear(f.pools)
		}
		a = &asked{first: make(chan struct{})}
		f.pools[pool] = a
	}
	a.at = now
	return a, true
}

func (f *freshness) done(a *asked, silent bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a.silent = silent
	if silent {
		a.at = time.Time{} // whoever looks next asks again
	}
	select {
	case <-a.first:
	default:
		close(a.first)
	}
}

func (f *freshness) silent(a *asked) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return a.silent
}

// calendar fills a book page with the days and times that are left. When the office is silent it shows what is known here, and
// says so when that is nothing.
func (d *Desk) calendar(ctx context.Context, c Case, m matter, w Who, v *service.View) error {
	office, call, with, pool, ok := m.def.SlotsCall(c.Data, m.env)
	if !ok {
		return nil
	}
	v.Pool = pool
	resource, ours, err := d.c.Booking.Resource(ctx, pool)
	if err != nil {
		return err
	}
	look, mine := d.slots.turn(pool, m.env.Now)
	if mine {
		var silent bool
		if ours {
			err = d.c.Booking.Roll(ctx, pool)
		} else {
			silent, err = d.publish(ctx, m, office, call, with, pool)
		}
		d.slots.done(look, silent || err != nil)
		if err != nil {
			return err
		}
	}
	select {
	case <-look.first:
	case <-ctx.Done():
		return ctx.Err()
	}
	list, err := d.c.Booking.Slots(ctx, w.Actor, pool, m.env.Now, m.env.Now.Add(horizon))
	if err != nil {
		return err
	}
	if len(list) == 0 && d.slots.silent(look) {
		bound := m.offer.Offices[office]
		v.Down, v.Office = true, bound.Name.In(m.env.Lang)
		v.DownFrom, _ = d.c.Office.Down(bound.System)
	}
	picked := ""
	if typed := c.Data.Typed[v.Name]; len(typed) > 0 && typed[0] != v.Missed {
		picked = typed[0]
	}
	for i := range list {
		if c.Data.Bars(pool, list[i].ID) {
			list[i].Capacity = 0 // the office said no to this one, whatever its list says
		}
	}
	barred := false
	if ours {
		if barred, err = d.terms(ctx, c, m, resource, v); err != nil {
			return err
		}
	}
	v.Days = days(list, picked, m.env.Now, barred)
	return nil
}

// publish asks the office for its places and hands them to booking. An office that is silent changes nothing; one that refuses
// neither, for it has none for this resident.
func (d *Desk) publish(ctx context.Context, m matter, office, call string, with map[string]any, pool string) (silent bool, err error) {
	// Counted before the office is asked: what is confirmed while it answers is not in its answer yet.
	known, err := d.c.Booking.Confirmed(ctx, actor.House, pool)
	if err != nil {
		return false, err
	}
	data, err := d.c.Office.Call(ctx, m.offer.Offices[office].System, call, "", with)
	if fault.Is(err, fault.KindUnavailable) || fault.Is(err, fault.KindConflict) {
		return fault.Is(err, fault.KindUnavailable), nil
	}
	if err != nil {
		return false, err
	}
	return false, d.c.Booking.Publish(ctx, actor.House, offered(data, pool, known))
}

// offered reads an office's places. Places taken at its own counter are gone for us too: of the capacity there
// remains what is left plus what the office knows this house has. A place that is only held is among those that are left.
// Entries that cannot be read are left out.
func offered(data map[string]any, pool string, known map[string]int) []booking.Slot {
	list, _ := data["slots"].([]any)
	var out []booking.Slot
	for _, e := range list[:min(len(list), 2000)] {
		m, _ := e.(map[string]any)
		id, _ := m["id"].(string)
		start, err1 := time.Parse(time.RFC3339, text(m["start"]))
		end, err2 := time.Parse(time.RFC3339, text(m["end"]))
		capacity := int(fen(m["capacity"]))
		if id == "" || len(id) > 100 || err1 != nil || err2 != nil || !end.After(start) || capacity < 0 || capacity > 100_000 {
			continue
		}
		if left, ok := m["left"]; ok {
			capacity = min(capacity, max(0, int(fen(left)))+known[id])
		}
		out = append(out, booking.Slot{Pool: pool, ID: id, Start: start.UTC(), End: end.UTC(), Capacity: capacity})
	}
	return out
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// days groups slots by their day in Shanghai.
func days(list []booking.Slot, picked string, now time.Time, barred bool) []service.Day {
	var out []service.Day
	for _, s := range list {
		date := s.Start.In(clock.Shanghai).Format(time.DateOnly)
		if len(out) == 0 || out[len(out)-1].Date != date {
			out = append(out, service.Day{Date: date})
		}
		day := &out[len(out)-1]
		left := s.Left(now)
		if barred {
			left = 0
		}
		day.Left += left
		day.Open = day.Left > 0
		day.Slots = append(day.Slots, service.SlotView{
			ID: s.ID, Start: s.Start, End: s.End, Left: left, Waiting: s.Waiting, Line: left == 0 && s.Capacity > 0 && !barred, Selected: s.ID == picked,
		})
	}
	return out
}
