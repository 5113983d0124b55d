package cases_test

import (
	"fmt"
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/service"
)

// left tells how many places a calendar shows for a slot, -1 when it does not show it.
func left(v service.View, slot string) int {
	for _, d := range v.Days {
		for _, s := range d.Slots {
			if s.ID == slot {
				return s.Left
			}
		}
	}
	return -1
}

// An office that sells at its own counter too: what is held here is among what it has left, what is confirmed here is not. However
// often its places are taken over, no more are shown than there are.
func TestPlacesSoldAtTheCounter(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, s := h.toSlots(0)
		slot, all := s.View.Days[1].Slots[2].ID, s.View.Days[1].Slots[2].Left
		counter := func(n int) {
			t.Helper()
			key := fmt.Sprint("counter", n)
			if _, err := h.office.Client.Call(t.Context(), "hall", "slots.book", key, map[string]any{"slot": slot, "name": "王五", "phone": "13900000000", "matter": "m", "reservation": key}); err != nil {
				t.Fatal(err)
			}
		}
		shows := func(when string, i, want int) (cases.Who, cases.Shown) {
			t.Helper()
			h.clock.Advance(31 * time.Second)
			w, s := h.toSlots(i)
			if got := left(s.View, slot); got != want {
				t.Errorf("%s: %d of %d places shown, want %d", when, got, all, want)
			}
			return w, s
		}
		for n := range all - 2 {
			counter(n)
		}
		shows("all but two sold at the counter", 1, 2)
		s = h.answer(w, s.Case.No, s.View.Step, s.View.Name, slot)
		if s.View.Kind != service.ViewCheck {
			t.Fatalf("not held: %s", s.View.Kind)
		}
		w2, s2 := shows("one of the two held here", 2, 1)
		shows("once more", 3, 1)
		if s = h.answer(w, s.Case.No, s.View.Step); s.Case.State != cases.Done {
			t.Fatalf("not confirmed: %s", s.Case.State)
		}
		shows("confirmed, and the office told", 4, 1)
		s2 = h.answer(w2, s2.Case.No, s2.View.Step, s2.View.Name, slot)
		if s2.View.Kind != service.ViewCheck {
			t.Fatalf("the last one is not held: %s", s2.View.Kind)
		}
		counter(99)
		shows("the last one held here and sold at the counter", 5, 0)
	})
}
