package booking_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"zhijian/domain/booking"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/testkit"
)

func code(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Code
	}
	return fmt.Sprint(err)
}

func (h *house) wait(n int64, slot string) booking.Reservation {
	h.t.Helper()
	r, err := h.desk.Wait(h.t.Context(), actor.House, hold(n, slot))
	if err != nil {
		h.t.Fatalf("%d waits: %v", n, err)
	}
	return r
}

func (h *house) reservation(no string) booking.Reservation {
	h.t.Helper()
	r, err := h.store.Reservation(h.t.Context(), no)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// A place that comes free goes to who waited first, then to the next when it is not taken, and to nobody who just asks.
func TestWaitlist(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.publish(1)
		if _, err := h.desk.Wait(ctx, actor.House, hold(9, "s0")); code(err) != "booking.free" {
			t.Errorf("waiting for what is free = %v", err)
		}
		sold, err := h.hold(1, "s0")
		if err != nil {
			t.Fatal(err)
		}
		second, third := h.wait(2, "s0"), h.wait(3, "s0")
		if again := h.wait(2, "s0"); again.No != second.No || second.Place != 1 || third.Place != 2 {
			t.Errorf("places %d, %d; again %s, want %s", second.Place, third.Place, again.No, second.No)
		}
		if n, err := h.desk.Ahead(ctx, third); err != nil || n != 1 {
			t.Errorf("%d ahead of the second who waits, %v; want 1", n, err)
		}
		h.pump.Twice = true
		if _, err := h.desk.Release(ctx, actor.House, sold.No, "resident"); err != nil {
			t.Fatal(err)
		}
		// Before the bus has come round to it the place is nobody's but theirs.
		if _, err := h.hold(4, "s0"); code(err) != "booking.taken" {
			t.Errorf("past all who wait = %v", err)
		}
		h.pump.Drain()
		if got := h.reservation(second.No); got.State != booking.Held || !got.Until.Equal(h.clock.Now().Add(30*time.Minute)) {
			t.Fatalf("who waited first has %+v", got)
		}
		if got := h.reservation(third.No); got.State != booking.Waiting {
			t.Fatalf("the next is %s", got.State)
		}
		h.pump.Elapse(30 * time.Minute)
		if a, b := h.reservation(second.No), h.reservation(third.No); a.Reason != "expired" || b.State != booking.Held {
			t.Fatalf("after the offer ran out: %s %s, %s", a.State, a.Reason, b.State)
		}
		// The case takes the place as the attempt of its step.
		k := hold(3, "s0")
		k.Attempt = 1
		got, err := h.desk.Hold(ctx, actor.House, k)
		if err != nil || got.No != third.No || got.Attempt != 1 {
			t.Fatalf("Hold of what was offered = %+v, %v", got, err)
		}
		if again, err := h.desk.Hold(ctx, actor.House, k); err != nil || again.No != third.No {
			t.Errorf("again = %s, %v", again.No, err)
		}
		if _, err := h.desk.Confirm(ctx, actor.House, third.No); err != nil {
			t.Error(err)
		}
		want := []string{"booking.waiting", "booking.offered", "booking.held", "booking.confirmed", "booking.hold_due", "booking.wait_due"}
		h.pump.Elapse(48 * time.Hour)
		if diff := cmp.Diff(want, h.pump.Names(third.No)); diff != "" {
			t.Errorf("events differ:\n%s", diff)
		}
		if got := h.taken()["s0"]; got != 1 {
			t.Errorf("%d taken, want 1", got)
		}
	})
}

// Who gets a place elsewhere waits no more; who waits until the slot begins is told that it is over.
func TestWaitingEnds(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.publish(1, 1, 1)
		for n, slot := range []string{"s0", "s1"} {
			h.book(int64(10+n), slot)
		}
		a, b := h.wait(1, "s0"), h.wait(2, "s0")
		other := h.wait(1, "s1") // gives up the first
		if got := h.reservation(a.No); got.State != booking.Released || got.Reason != "other" {
			t.Errorf("the first line: %s %s", got.State, got.Reason)
		}
		if n, err := h.desk.Ahead(ctx, b); err != nil || n != 0 {
			t.Errorf("%d ahead, %v", n, err)
		}
		if _, err := h.hold(1, "s2"); err != nil {
			t.Fatal(err)
		}
		if got := h.reservation(other.No); got.Reason != "other" {
			t.Errorf("after another place was taken: %s %s", got.State, got.Reason)
		}
		h.pump.Elapse(48 * time.Hour)
		if got := h.reservation(b.No); got.Reason != "over" {
			t.Errorf("when the slot began: %s %s", got.State, got.Reason)
		}
		if _, err := h.desk.Wait(ctx, actor.House, hold(5, "s0")); code(err) != "booking.over" {
			t.Errorf("waiting for the past = %v", err)
		}
	})
}

// More places are offered as they are published, and a bigger capacity brings no new queue.
func TestPublishOffers(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		slots := h.publish(1)
		if _, err := h.hold(1, "s0"); err != nil {
			t.Fatal(err)
		}
		waits := []booking.Reservation{h.wait(2, "s0"), h.wait(3, "s0"), h.wait(4, "s0")}
		slots[0].Capacity = 3
		if err := h.desk.Publish(t.Context(), actor.House, slots); err != nil {
			t.Fatal(err)
		}
		var got []booking.State
		for _, w := range waits {
			got = append(got, h.reservation(w.No).State)
		}
		if diff := cmp.Diff([]booking.State{booking.Held, booking.Held, booking.Waiting}, got); diff != "" {
			t.Error(diff)
		}
	})
}

// Hundreds join at once: the numbers are 1 to n, and offers are made in their order.
func TestLineOrder(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		h.publish(1)
		sold, err := h.hold(1000, "s0")
		if err != nil {
			t.Fatal(err)
		}
		const n = 60
		var mu sync.Mutex
		var all []booking.Reservation
		var wg sync.WaitGroup
		for i := range int64(n) {
			wg.Go(func() {
				r, err := h.desk.Wait(t.Context(), actor.House, hold(i+1, "s0"))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				all = append(all, r)
			})
		}
		wg.Wait()
		slices.SortFunc(all, func(a, b booking.Reservation) int { return a.Place - b.Place })
		free := sold.No
		for i, r := range all {
			if r.Place != i+1 {
				t.Fatalf("number %d at place %d", r.Place, i+1)
			}
			if i >= 5 {
				continue
			}
			if _, err := h.desk.Release(t.Context(), actor.House, free, "resident"); err != nil {
				t.Fatal(err)
			}
			h.pump.Drain()
			if got := h.reservation(r.No); got.State != booking.Held {
				t.Fatalf("number %d is %s when its turn has come", r.Place, got.State)
			}
			free = r.No
		}
	})
}

// Whatever is done in whatever order, on one slot with both sides and a line: never more places than there are, the stock agrees, and nobody
// is offered a place before who waited longer.
func TestNoSlotIsOversoldAndTheLineIsKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	if _, err := h.desk.Open(t.Context(), actor.House, counter()); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		h.clock.Advance(72 * time.Hour)
		h.pump.Drain()
		day := h.clock.Now().In(clock.Shanghai).Format(time.DateOnly)
		slot := rapid.StringMatching(`[a-z]{12}`).Draw(rt, "slot")
		capacity := rapid.IntRange(1, 4).Draw(rt, "capacity")
		s := booking.Slot{Pool: pool, ID: slot, Start: h.clock.Now().Add(6 * time.Hour), End: h.clock.Now().Add(7 * time.Hour), Capacity: capacity, Walk: rapid.IntRange(0, capacity).Draw(rt, "walk"), Free: h.clock.Now().Add(3 * time.Hour)}
		publish := func() {
			if err := h.desk.Publish(t.Context(), actor.House, []booking.Slot{s}); err != nil {
				rt.Fatal(err)
			}
		}
		publish()
		m := model{t: rt, h: h, slot: slot, attempt: map[int64]int{}}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"hold", "hold", "wait", "wait", "release", "confirm", "time", "bus", "grow"}).Draw(rt, "do") {
			case "hold":
				m.hold(rapid.Int64Range(1, 8).Draw(rt, "resident"))
			case "wait":
				m.wait(rapid.Int64Range(1, 8).Draw(rt, "resident"))
			case "release", "confirm":
				m.settle(rapid.Bool().Draw(rt, "give back"))
			case "time":
				h.pump.Elapse(20 * time.Minute)
			case "bus":
				h.pump.Drain()
			case "grow":
				s.Capacity = min(s.Capacity+1, 6)
				publish()
			}
			m.check(s.Capacity, day)
		}
	})
}

// model watches one slot from outside.
type model struct {
	t       *rapid.T
	h       *house
	slot    string
	attempt map[int64]int
	nos     []string
	line    []string // who joined, in the order in which they were told so
}

func (m *model) ask(n int64) booking.Hold {
	m.attempt[n]++
	k := hold(n, m.slot)
	k.For.No, k.Attempt = fmt.Sprintf("%s%d/%d", m.slot, n, m.attempt[n]), 1
	return k
}

func (m *model) hold(n int64) {
	waits := m.waiting()
	r, err := m.h.desk.Hold(m.h.t.Context(), actor.House, m.ask(n))
	switch {
	case err == nil && waits > 0:
		m.t.Fatalf("%d got a place past %d who wait", n, waits)
	case err == nil:
		m.nos = append(m.nos, r.No)
	case !fault.Is(err, fault.KindConflict):
		m.t.Fatal(err)
	}
}

func (m *model) wait(n int64) {
	r, err := m.h.desk.Wait(m.h.t.Context(), actor.House, m.ask(n))
	switch {
	case err == nil:
		m.nos, m.line = append(m.nos, r.No), append(m.line, r.No)
	case !fault.Is(err, fault.KindConflict):
		m.t.Fatal(err)
	}
}

func (m *model) settle(giveBack bool) {
	if len(m.nos) == 0 {
		return
	}
	no := rapid.SampledFrom(m.nos).Draw(m.t, "no")
	if _, err := m.h.desk.Confirm(m.h.t.Context(), actor.House, no); err != nil && !fault.Is(err, fault.KindConflict) {
		m.t.Fatal(err)
	}
	if giveBack {
		if _, err := m.h.desk.Release(m.h.t.Context(), actor.House, no, "resident"); err != nil {
			m.t.Fatal(err)
		}
	}
}

func (m *model) waiting() (n int) {
	for _, no := range m.line {
		if m.h.reservation(no).State == booking.Waiting {
			n++
		}
	}
	return n
}

// check holds the books against what is known: live reservations are the stock, and the line is offered from its head.
func (m *model) check(capacity int, day string) {
	list, err := m.h.store.Slots(m.h.t.Context(), pool, m.h.clock.Now().Add(-24*time.Hour), m.h.clock.Now().Add(24*time.Hour))
	if err != nil {
		m.t.Fatal(err)
	}
	taken := 0
	for _, no := range m.nos {
		if m.h.reservation(no).State.Takes() {
			taken++
		}
	}
	for _, s := range list {
		if s.ID == m.slot && (s.Taken != taken || s.Taken > capacity || s.Waiting != m.waiting()) {
			m.t.Fatalf("%s: %d of %d taken and %d wait; %d have a place and %d wait", day, s.Taken, capacity, s.Waiting, taken, m.waiting())
		}
	}
	waits := 0
	for _, no := range m.line {
		switch r := m.h.reservation(no); {
		case r.State == booking.Waiting:
			waits++
		case r.State != booking.Released && waits > 0:
			m.t.Fatalf("number %d was offered a place before %d who waited longer", r.Place, waits)
		}
	}
}
