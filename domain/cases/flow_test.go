package cases_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func both(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) { fn(t, newHouse(t, db)) })
}

func TestFineIsPaid(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, s := h.fine(0, h.plate(0))
		no := s.Case.No
		h.pays(s.Order.No)
		h.noticed()
		h.pump.Drain()
		s = h.show(w, no)
		if s.Case.State != cases.Done || !s.View.Good || s.View.Kind != service.ViewResult {
			t.Fatalf("after paying: %s, page %s %q", s.Case.State, s.View.Kind, s.View.Title)
		}
		want := []string{"opened", "asked", "paying", "paid", "filed", "done"}
		if diff := cmp.Diff(want, codes(s.Case)); diff != "" {
			t.Errorf("timeline differs (-want +got):\n%s", diff)
		}
		names := h.pump.Names(no)
		for _, name := range []string{"cases.opened", "cases.paying", "cases.paid", "cases.filed", "cases.done"} {
			if n := count(names, name); n != 1 {
				t.Errorf("%s came %d times, want once: %v", name, n, names)
			}
		}
		r, err := h.desk.Receipt(t.Context(), w, no)
		if err != nil || r.Office == "" || r.Order.No != s.Order.No || len(r.Rows) == 0 {
			t.Errorf("Receipt = %+v, %v", r.Office, err)
		}
		if line := s.Case.Summary.Reveal(); line == "" || strings.ContainsAny(line, "浙*") {
			t.Errorf("summary = %q: it must say what, and not whose", line)
		}
		if s.Case.Due.IsZero() || s.Case.Ended.IsZero() {
			t.Errorf("due %s, ended %s", s.Case.Due, s.Case.Ended)
		}
		before := h.pump.Names("")
		h.pump.Replay()
		h.pump.Drain()
		if diff := cmp.Diff(before, h.pump.Names("")); diff != "" {
			t.Errorf("delivering everything again changed something:\n%s", diff)
		}
		if n := h.office.count("violations.settle"); n != 1 {
			t.Errorf("filed %d times, want once", n)
		}
		h.pump.Elapse(31 * 24 * time.Hour)
		if got := h.show(w, no).Case.State; got != cases.Done {
			t.Errorf("a month later: %s", got)
		}
	})
}

func TestOfficeRefusesAfterPayment(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, s := h.fine(1, "浙A12344")
		no := s.Case.No
		h.pays(s.Order.No)
		h.noticed()
		h.pump.Elapse(time.Minute)
		s = h.show(w, no)
		if s.Case.State != cases.Refused || s.Order.State != payment.Refunded || h.sums() != 0 {
			t.Fatalf("state %s, order %s, the channel keeps %d fen", s.Case.State, s.Order.State, h.sums())
		}
		want := []string{"opened", "asked", "paying", "paid", "filed", "refunding", "refunded", "refused"}
		if diff := cmp.Diff(want, codes(s.Case)); diff != "" {
			t.Errorf("timeline differs:\n%s", diff)
		}
		if s.Case.Data.Reason == "" {
			t.Error("the office's sentence is lost")
		}
		if n := count(h.pump.Names(no), "cases.refunded"); n != 1 {
			t.Errorf("told of the refund %d times, want once", n)
		}
		if _, err := h.desk.Receipt(t.Context(), w, no); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("Receipt = %v, want none", err)
		}
	})
}

func TestOfficeIsSilentThenAnswers(t *testing.T) {
	t.Parallel()
	for name, plate := range map[string]string{"silent twice": "浙A12345", "answer lost": "浙A12346"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := map[string]int{"浙A12345": 2, "浙A12346": 3}[plate]
			h := newHouse(t, testkit.Database(t))
			w, s := h.fine(i, plate)
			h.pays(s.Order.No)
			h.noticed()
			h.pump.Drain()
			if got := h.show(w, s.Case.No); got.Case.State != cases.Filing || !got.View.Down {
				t.Errorf("while silent: %s, down %v", got.Case.State, got.View.Down)
			}
			h.pump.Elapse(time.Hour)
			got := h.show(w, s.Case.No)
			if got.Case.State != cases.Done || got.Order.State != payment.Paid {
				t.Errorf("an hour later: %s, order %s", got.Case.State, got.Order.State)
			}
			if !slices.Contains(codes(got.Case), "silent") {
				t.Errorf("timeline does not say so: %v", codes(got.Case))
			}
		})
	}
}

// The office never hears of the filing: the house asks whether it took effect, bars it for good, and the money goes back by itself.
func TestFilingIsCalledOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, s := h.fine(6, h.plate(6))
	h.office.block = func(call string) error {
		if call == "violations.settle" {
			return fault.Unavailable("office.down", "没有回应")
		}
		return nil
	}
	h.pays(s.Order.No)
	h.noticed()
	h.pump.Elapse(2 * 24 * time.Hour)
	got := h.show(w, s.Case.No)
	if got.Case.State != cases.Refused || got.Order.State != payment.Refunded || h.sums() != 0 {
		t.Errorf("state %s, order %s, the channel keeps %d", got.Case.State, got.Order.State, h.sums())
	}
	if h.office.count("violations.settled") == 0 || h.office.count("violations.void") != 1 {
		t.Errorf("asked %d times whether it took effect, barred it %d times", h.office.count("violations.settled"), h.office.count("violations.void"))
	}
}

// The office takes the filing and never answers again: a person must look, and can end it.
func TestOfficeNeverConfirms(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, s := h.fine(6, h.plate(6))
	h.office.lose = func(call string) error {
		if strings.HasPrefix(call, "violations.settle") {
			return fault.Unavailable("office.down", "没有回应")
		}
		return nil
	}
	h.pays(s.Order.No)
	h.noticed()
	h.pump.Elapse(3 * 24 * time.Hour)
	got := h.show(w, s.Case.No)
	if got.Case.State != cases.Stuck || !got.View.Stuck {
		t.Fatalf("three days of silence: %s, want a person to look", got.Case.State)
	}
	staff := staffOf(1)
	if _, err := h.desk.Decide(t.Context(), staffOf(2), s.Case.No, cases.DecideRefund, "核实未办成"); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("another department decides: %v", err)
	}
	if _, err := h.desk.Decide(t.Context(), staff, s.Case.No, cases.DecideRefund, " "); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := h.desk.Decide(t.Context(), staff, s.Case.No, cases.DecideRefund, "电话核实未办成"); err != nil {
		t.Fatal(err)
	}
	h.pump.Elapse(time.Hour)
	got = h.show(w, s.Case.No)
	if n := h.office.count("violations.void"); n != 1 {
		t.Errorf("the office, which took the filing, was told %d times to let go of it", n)
	}
	if got.Case.State != cases.Refused || got.Order.State != payment.Refunded || h.sums() != 0 {
		t.Errorf("after the decision: %s, order %s, the channel keeps %d", got.Case.State, got.Order.State, h.sums())
	}
	if _, err := h.desk.Decide(t.Context(), staff, s.Case.No, cases.DecideRefund, "再来一次"); !fault.Is(err, fault.KindConflict) {
		t.Errorf("a second decision: %v", err)
	}
}

func TestDecideRetryAndDone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		what cases.Decision
		ends cases.State
	}{
		"retry": {cases.DecideRetry, cases.Done},
		"done":  {cases.DecideDone, cases.Done},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, testkit.Database(t))
			w, s := h.fine(6, h.plate(6))
			h.office.lose = func(call string) error {
				if strings.HasPrefix(call, "violations.settle") {
					return fault.Unavailable("office.down", "没有回应")
				}
				return nil
			}
			h.pays(s.Order.No)
			h.noticed()
			h.pump.Elapse(3 * 24 * time.Hour)
			queue, err := h.desk.Queue(t.Context(), staffOf(1), []cases.State{cases.Stuck}, cases.Case{}.Cursor(), 10)
			if err != nil || len(queue) != 1 || queue[0].No != s.Case.No || queue[0].Data.Step != "" {
				t.Fatalf("Queue = %d cases, %v", len(queue), err)
			}
			h.office.lose = nil
			if _, err := h.desk.Decide(t.Context(), staffOf(1), s.Case.No, c.what, "电话核实"); err != nil {
				t.Fatal(err)
			}
			h.pump.Elapse(time.Hour)
			if got := h.show(w, s.Case.No); got.Case.State != c.ends || got.Order.State != payment.Paid {
				t.Errorf("after %s: %s, order %s", c.what, got.Case.State, got.Order.State)
			}
		})
	}
}

func TestWithdrawnAndPaidAllTheSame(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, s := h.fine(0, h.plate(0))
		h.pays(s.Order.No) // the channel has the money, the notice is on its way
		if c, err := h.desk.Withdraw(t.Context(), w, s.Case.No); err != nil || c.State != cases.Withdrawn {
			t.Fatalf("Withdraw = %s, %v", c.State, err)
		}
		h.pump.Drain()
		h.noticed()
		h.pump.Elapse(time.Minute)
		s = h.show(w, s.Case.No)
		if s.Case.State != cases.Withdrawn || s.Order.State != payment.Refunded || h.sums() != 0 {
			t.Errorf("state %s, order %s, the channel keeps %d", s.Case.State, s.Order.State, h.sums())
		}
		if n := count(h.pump.Names(s.Case.No), "cases.refunded"); n != 1 {
			t.Errorf("told of the refund %d times", n)
		}
		if s.View.End != "withdrawn" || s.View.Title == "" {
			t.Errorf("page = %+v", s.View)
		}
		if _, err := h.desk.Withdraw(t.Context(), w, s.Case.No); err != nil {
			t.Errorf("Withdraw again: %v", err)
		}
		if _, err := h.desk.Answer(t.Context(), w, s.Case.No, s.Case.Data.Step, nil); !fault.Is(err, fault.KindConflict) {
			t.Errorf("Answer to an ended case: %v", err)
		}
	})
}

func TestWithdrawUnpaid(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, s := h.fine(0, h.plate(0))
	if _, err := h.desk.Withdraw(t.Context(), w, s.Case.No); err != nil {
		t.Fatal(err)
	}
	h.pump.Drain()
	if got := h.show(w, s.Case.No).Order.State; got != payment.Closed {
		t.Errorf("order = %s, want closed", got)
	}
}

func TestNoWithdrawalAfterPaying(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, s := h.fine(2, "浙A12345")
	h.pays(s.Order.No)
	h.noticed()
	h.pump.Drain()
	if _, err := h.desk.Withdraw(t.Context(), w, s.Case.No); !fault.Is(err, fault.KindConflict) {
		t.Errorf("Withdraw while the office has it: %v", err)
	}
}

func TestNotPaidInTime(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, s := h.fine(0, h.plate(0))
		first := s.Order.No
		h.pump.Elapse(16 * time.Minute)
		s = h.show(w, s.Case.No)
		if s.Case.State != cases.Paying || s.Order.State != payment.Closed || s.View.Kind != service.ViewPay {
			t.Fatalf("after the time: %s, order %s, page %s", s.Case.State, s.Order.State, s.View.Kind)
		}
		if _, err := h.desk.Retry(t.Context(), w, s.Case.No); err != nil {
			t.Fatal(err)
		}
		h.pump.Drain()
		s = h.show(w, s.Case.No)
		if s.Order.No == first || s.Order.State != payment.Ordered || s.View.PayURL == "" {
			t.Fatalf("again: order %s %s", s.Order.No, s.Order.State)
		}
		h.pays(s.Order.No)
		h.noticed()
		h.pump.Drain()
		if got := h.show(w, s.Case.No).Case.State; got != cases.Done {
			t.Errorf("in the end %s", got)
		}
	})
}

func TestPaidWithoutNotice(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, s := h.fine(0, h.plate(0))
	h.pays(s.Order.No)
	if _, err := h.payment.Check(t.Context(), w.Actor, s.Order.No); err != nil {
		t.Fatal(err)
	}
	h.pump.Drain()
	if got := h.show(w, s.Case.No).Case.State; got != cases.Done {
		t.Errorf("state = %s", got)
	}
}

func TestAppointment(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, s := h.toSlots(0)
		first := s.View.Days[len(s.View.Days)-1].Slots[0]
		s = h.answer(w, s.Case.No, s.View.Step, s.View.Name, first.ID)
		if s.View.Kind != service.ViewCheck || s.Reservation == nil || s.Reservation.State != booking.Held {
			t.Fatalf("after picking: %s, reservation %+v", s.View.Kind, s.Reservation)
		}
		s = h.answer(w, s.Case.No, s.View.Step)
		if s.Case.State != cases.Done || s.Reservation.State != booking.Confirmed {
			t.Fatalf("in the end %s, reservation %s", s.Case.State, s.Reservation.State)
		}
		_, other := h.toSlots(1)
		if got := slotOf(other, first.ID).Left; got != first.Left-1 {
			t.Errorf("while it is taken %d are left of %d", got, first.Left)
		}
		// It can still be called off, and the hall is told, also when it is silent at first.
		if !s.Cancellable(h.clock.Now()) || s.Cancellable(first.Start) {
			t.Error("it can be called off until it begins")
		}
		down := true
		h.office.block = func(call string) error {
			if call == "slots.cancel" && down {
				return fault.Unavailable("office.down", "大厅没有回应")
			}
			return nil
		}
		for range 2 { // a second press changes nothing
			if c, err := h.desk.Withdraw(t.Context(), w, s.Case.No); err != nil || c.State != cases.Withdrawn || !c.Cancelled() {
				t.Fatalf("Withdraw = %s, %v", c.State, err)
			}
		}
		h.pump.Drain()
		down = false
		h.pump.Elapse(time.Minute)
		s = h.show(w, s.Case.No)
		if s.Reservation.State != booking.Released || h.office.count("slots.cancel") != 1 || s.Cancellable(h.clock.Now()) {
			t.Errorf("reservation %s, the hall was told %d times", s.Reservation.State, h.office.count("slots.cancel"))
		}
		if got := codes(s.Case); got[len(got)-1] != "cancelled" || s.View.Title != "预约已取消" {
			t.Errorf("page %q, course %v", s.View.Title, got)
		}
		_, other = h.toSlots(2)
		if got := slotOf(other, first.ID).Left; got != first.Left {
			t.Errorf("afterwards %d are left, want %d as before", got, first.Left)
		}
	})
}

// slotOf finds a time on a page.
func slotOf(s cases.Shown, id string) service.SlotView {
	for _, d := range s.View.Days {
		for _, x := range d.Slots {
			if x.ID == id {
				return x
			}
		}
	}
	return service.SlotView{Left: -1}
}

// What has begun is over: the hall counts who came.
func TestNoCancellingOnceBegun(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, s := h.toSlots(0)
	first := s.View.Days[0].Slots[0]
	s = h.answer(w, s.Case.No, s.View.Step, s.View.Name, first.ID)
	s = h.answer(w, s.Case.No, s.View.Step)
	h.clock.Advance(first.Start.Sub(h.clock.Now()))
	if c, err := h.desk.Withdraw(t.Context(), w, s.Case.No); !fault.Is(err, fault.KindConflict) || s.Cancellable(h.clock.Now()) {
		t.Errorf("Withdraw = %s, %v", c.State, err)
	}
	h.pump.Drain()
	if got := h.show(w, s.Case.No); got.Case.State != cases.Done || got.Reservation.State != booking.Confirmed {
		t.Errorf("in the end %s, reservation %s", got.Case.State, got.Reservation.State)
	}
}

func TestHoldRunsOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, s := h.toSlots(0)
	slot := s.View.Days[0].Slots[0].ID
	s = h.answer(w, s.Case.No, s.View.Step, s.View.Name, slot)
	h.pump.Elapse(16 * time.Minute)
	s = h.show(w, s.Case.No)
	if s.View.Kind != service.ViewBook || s.Reservation.State != booking.Released {
		t.Errorf("after 16 minutes: %s, reservation %s", s.View.Kind, s.Reservation.State)
	}
}

// The hall's own counter took the place in between: the resident picks another, and ours is free again.
func TestHallRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, s := h.toSlots(1)
	var slot string
	for _, d := range s.View.Days {
		for _, x := range d.Slots {
			if strings.HasSuffix(x.ID, "T1630") {
				slot = x.ID
			}
		}
	}
	s = h.answer(w, s.Case.No, s.View.Step, s.View.Name, slot)
	s = h.answer(w, s.Case.No, s.View.Step)
	if s.View.Kind != service.ViewBook || s.Reservation.State != booking.Released || s.Case.State != cases.Draft {
		t.Errorf("after the hall's refusal: %s %s, reservation %s", s.View.Kind, s.Case.State, s.Reservation.State)
	}
	if x := slotOf(s, slot); x.Left != 0 || x.Selected || s.View.Missed != slot {
		t.Errorf("the refused time is offered again: %+v, missed %q", x, s.View.Missed)
	}
	for _, d := range s.View.Days {
		sum := 0
		for _, x := range d.Slots {
			sum += x.Left
		}
		if sum != d.Left {
			t.Errorf("%s: %d left, its times have %d", d.Date, d.Left, sum)
		}
	}
	if _, other := h.toSlots(2); slotOf(other, slot).Left == 0 {
		t.Error("others are not offered the time, which the hall's list still has")
	}
	free := s.View.Days[len(s.View.Days)-1].Slots[0].ID
	s = h.answer(w, s.Case.No, s.View.Step, s.View.Name, free)
	if s = h.answer(w, s.Case.No, s.View.Step); s.Case.State != cases.Done {
		t.Errorf("with another time: %s", s.Case.State)
	}
}

// Many who look at a hall's times at once all see them, and while the hall has never answered the page says so instead of "none".
func TestFirstLookAtTimes(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w := h.who(0)
	c := h.open(w, "hall-appointment")
	s := h.show(w, c.No)
	h.office.block = func(call string) error {
		if call == "slots.list" {
			return fault.Unavailable("office.down", "")
		}
		return nil
	}
	for s.View.Kind == service.ViewChoose {
		s = h.answer(w, c.No, s.View.Step, s.View.Name, s.View.Items[0].Value)
	}
	if !s.View.Down || s.View.Office == "" || len(s.View.Days) != 0 {
		t.Errorf("the hall is silent: down %v, office %q, %d days", s.View.Down, s.View.Office, len(s.View.Days))
	}
	h.office.block = nil
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			s, err := h.desk.Show(t.Context(), w, c.No, "")
			if err != nil || s.View.Down || len(s.View.Days) == 0 {
				t.Errorf("the hall answers again: down %v, %d days, %v", s.View.Down, len(s.View.Days), err)
			}
		})
	}
	all.Wait()
}

// toSlots goes to the page of times.
func (h *house) toSlots(i int) (cases.Who, cases.Shown) {
	h.t.Helper()
	w := h.who(i)
	c := h.open(w, "hall-appointment")
	s := h.show(w, c.No)
	for s.View.Kind == service.ViewChoose {
		s = h.answer(w, c.No, s.View.Step, s.View.Name, s.View.Items[0].Value)
	}
	if s.View.Kind != service.ViewBook || len(s.View.Days) == 0 {
		h.t.Fatalf("page %s with %d days", s.View.Kind, len(s.View.Days))
	}
	return w, s
}

func TestElectricity(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w := h.who(0)
	c := h.open(w, "electricity-bill-payment")
	s := h.show(w, c.No)
	s = h.answer(w, c.No, s.View.Step, s.View.Fields[0].Name, h.world.Residents()[0].Electricity)
	for range 5 {
		switch s.View.Kind {
		case service.ViewChoose:
			s = h.answer(w, c.No, s.View.Step, s.View.Name, s.View.Items[0].Value)
		case service.ViewCheck:
			s = h.answer(w, c.No, s.View.Step)
		}
	}
	if s.View.Kind == service.ViewResult { // this household owes nothing
		if s.Case.State != cases.Answered {
			t.Errorf("state = %s", s.Case.State)
		}
		return
	}
	h.pays(s.Order.No)
	h.noticed()
	h.pump.Drain()
	if s = h.show(w, c.No); s.Case.State != cases.Done {
		t.Errorf("state = %s, page %s %q", s.Case.State, s.View.Kind, s.View.Title)
	}
}

func TestWeatherForVisitor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w := cases.Who{Visitor: "cookie-of-128-random-bits"}
	c := h.open(w, "weather-forecast")
	s := h.show(w, c.No)
	for s.View.Kind == service.ViewForm || s.View.Kind == service.ViewChoose {
		t.Logf("page %s", s.View.Kind)
		s = h.answer(w, c.No, s.View.Step)
	}
	if s.Case.State != cases.Answered || s.View.Kind != service.ViewResult {
		t.Errorf("state = %s, page %s", s.Case.State, s.View.Kind)
	}
}
