package cases_test

import (
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/ground/actor"
)

// What waits comes by deadline with what it costs: an order runs out within minutes, a draft in a month.
func TestWaiting(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w := h.who(0)
		draft := h.open(w, "hall-appointment")
		h.pump.Drain()
		h.clock.Advance(time.Minute)
		_, s := h.fine(0, h.plate(0))
		list, err := h.desk.Waiting(t.Context(), w.Actor, 3)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d wait, %v", len(list), err)
		}
		if got := list[0]; got.Case.No != s.Case.No || got.Amount != s.Order.Amount || !got.Until.Equal(s.Order.Expires) {
			t.Errorf("first %s, %s until %s", got.Case.No, got.Amount, got.Until)
		}
		if got := list[1]; got.Case.No != draft.No || got.Amount != 0 || got.Until.Before(h.clock.Now().Add(29*24*time.Hour)) {
			t.Errorf("then %s, %s until %s", got.Case.No, got.Amount, got.Until)
		}
		if list, err = h.desk.Waiting(t.Context(), w.Actor, 1); err != nil || len(list) != 1 {
			t.Errorf("at most one: %d, %v", len(list), err)
		}
		h.pump.Elapse(16 * time.Minute) // the order ran out; it can be ordered anew, so the money still waits
		if list, err = h.desk.Waiting(t.Context(), w.Actor, 3); err != nil || len(list) != 2 || list[0].Amount+list[1].Amount != s.Order.Amount {
			t.Errorf("after the time: %d, %v", len(list), err)
		}
		if list, err = h.desk.Waiting(t.Context(), h.who(1).Actor, 3); err != nil || len(list) != 0 {
			t.Errorf("for another resident: %d, %v", len(list), err)
		}
		if list, err = h.desk.Waiting(t.Context(), actor.Actor{}, 3); err != nil || len(list) != 0 {
			t.Errorf("for nobody: %d, %v", len(list), err)
		}
	})
}

// A payment that came but was not heard of yet waits for nobody.
func TestPaidDoesNotWait(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, s := h.fine(0, h.plate(0))
		h.pays(s.Order.No)
		h.noticed()
		if got := h.show(w, s.Case.No).Case.State; got != cases.Paying {
			t.Fatalf("the case has heard already: %s", got)
		}
		if list, err := h.desk.Waiting(t.Context(), w.Actor, 3); err != nil || len(list) != 0 {
			t.Errorf("%d wait, %v", len(list), err)
		}
	})
}
