package cases_test

import (
	"testing"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
)

// full books every place of a time at the hall for nobody in particular.
func (h *house) full(pool string, s service.SlotView) []booking.Reservation {
	h.t.Helper()
	var list []booking.Reservation
	for i := range int64(s.Left) {
		r, err := h.booking.Hold(h.t.Context(), actor.House, booking.Hold{
			For: booking.For{Kind: "test", No: string(rune('a' + i))}, Step: "slot", Attempt: 1, Resident: 1_000_000 + i, Pool: pool, Slot: s.ID,
		})
		if err == nil {
			r, err = h.booking.Confirm(h.t.Context(), actor.House, r.No)
		}
		if err != nil {
			h.t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

// A resident waits for a full time; when a place comes free their case has it and asks them to check, and when they do not, the next one's has.
func TestWaitForAPlace(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		w, s := h.toSlots(0)
		day := s.View.Days[len(s.View.Days)-1]
		slot := day.Slots[1]
		if _, err := h.desk.Wait(ctx, w, s.Case.No, slot.ID); !fault.Is(err, fault.KindConflict) {
			t.Errorf("waiting for what is free = %v", err)
		}
		sold := h.full(s.View.Pool, slot)
		if got := slotOf(h.show(w, s.Case.No), slot.ID); got.Left != 0 || !got.Line {
			t.Errorf("a full time is shown as %+v", got)
		}
		w2, s2 := h.toSlots(1)
		for range 2 {
			if got, err := h.desk.Wait(ctx, w, s.Case.No, slot.ID); err != nil || got.Wait == nil || got.Ahead != 0 {
				t.Fatalf("Wait = %+v, %v", got.Wait, err)
			}
		}
		if got, err := h.desk.Wait(ctx, w2, s2.Case.No, slot.ID); err != nil || got.Ahead != 1 {
			t.Fatalf("the second has %d ahead, %v", got.Ahead, err)
		}
		if _, err := h.desk.Wait(ctx, w2, s.Case.No, slot.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("waiting with another's case = %v", err)
		}
		if _, err := h.booking.Release(ctx, actor.House, sold[0].No, "resident"); err != nil {
			t.Fatal(err)
		}
		h.pump.Twice = true
		h.pump.Drain()
		s, s2 = h.show(w, s.Case.No), h.show(w2, s2.Case.No)
		if s.View.Kind != service.ViewCheck || s.Reservation == nil || s.Reservation.State != booking.Held || s2.Wait == nil || s2.Ahead != 0 {
			t.Fatalf("after a place came free: %s, %+v; the next waits %+v behind %d", s.View.Kind, s.Reservation, s2.Wait, s2.Ahead)
		}
		h.pump.Elapse(30 * time.Minute)
		s, s2 = h.show(w, s.Case.No), h.show(w2, s2.Case.No)
		if s.View.Kind != service.ViewBook || s2.View.Kind != service.ViewCheck {
			t.Fatalf("after the offer ran out: %s, the next %s", s.View.Kind, s2.View.Kind)
		}
		if s2 = h.answer(w2, s2.Case.No, s2.View.Step); s2.Case.State != cases.Done || s2.Reservation.State != booking.Confirmed {
			t.Fatalf("confirmed: %s %+v", s2.Case.State, s2.Reservation)
		}
		for _, want := range []string{"waits", "offered", "held", "done"} {
			if !contains(codes(s2.Case), want) {
				t.Errorf("the course %v lacks %s", codes(s2.Case), want)
			}
		}
		// Who waits and calls the case off waits no more.
		if _, err := h.desk.Wait(ctx, w, s.Case.No, slot.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.Withdraw(ctx, w, s.Case.No); err != nil {
			t.Fatal(err)
		}
		h.pump.Drain()
		if got := h.show(w, s.Case.No); got.Wait != nil {
			t.Errorf("a case that was called off still waits: %+v", got.Wait)
		}
	})
}

// Who chose another hall meanwhile does not need the place: it goes to the next.
func TestWaitedElsewhere(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		w, s := h.toSlots(0)
		slot := s.View.Days[len(s.View.Days)-1].Slots[1]
		sold := h.full(s.View.Pool, slot)
		w2, s2 := h.toSlots(1)
		for _, x := range []struct {
			w  cases.Who
			no string
		}{{w, s.Case.No}, {w2, s2.Case.No}} {
			if _, err := h.desk.Wait(ctx, x.w, x.no, slot.ID); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.desk.Change(ctx, w, s.Case.No, "hall"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.booking.Release(ctx, actor.House, sold[0].No, "resident"); err != nil {
			t.Fatal(err)
		}
		h.pump.Drain()
		if got := h.show(w2, s2.Case.No); got.View.Kind != service.ViewCheck {
			t.Errorf("the next has %s", got.View.Kind)
		}
	})
}

func contains(list []string, want string) bool {
	for _, s := range list {
		if s == want {
			return true
		}
	}
	return false
}
