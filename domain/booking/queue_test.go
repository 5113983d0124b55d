package booking_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/booking"
	"zhijian/domain/booking/plan"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/testkit"
)

var clerk = actor.Actor{Kind: actor.Staff, ID: 5, Department: 7}

// counter is a resource of clerk's department: every day 9:00 to 17:00, two places each half hour, one of them for walk-ins until an hour before.
func counter() booking.Resource {
	return booking.Resource{
		Pool: pool, Kind: booking.Counter, Name: "综合窗口", Department: 7, Account: 3, Region: "330100", Rules: booking.DefaultRules(),
		Plan: plan.Plan{
			Weekly:  []plan.Span{{Days: []int{1, 2, 3, 4, 5, 6, 7}, From: "09:00", To: "17:00", Places: 2}},
			Minutes: 30, WalkIn: 50, FreeBefore: 60, Ahead: 7, Opens: "08:00", Holidays: true,
		},
	}
}

// at moves the clock to a time of the day of tomorrow.
func (h *house) at(date, hours string) {
	h.t.Helper()
	to, err := time.ParseInLocation("2006-01-02 15:04", date+" "+hours, clock.Shanghai)
	if err != nil {
		h.t.Fatal(err)
	}
	h.pump.Elapse(to.Sub(h.clock.Now()))
}

// open opens the counter and gives tomorrow's date and the id of its slot at a time.
func (h *house) open() (date string, slot func(string) string) {
	h.t.Helper()
	if _, err := h.desk.Open(h.t.Context(), actor.House, counter()); err != nil {
		h.t.Fatal(err)
	}
	if err := h.desk.Roll(h.t.Context(), pool); err != nil {
		h.t.Fatal(err)
	}
	day := h.clock.Now().In(clock.Shanghai).AddDate(0, 0, 1)
	return day.Format(time.DateOnly), func(hours string) string { return day.Format("20060102") + "T" + hours }
}

func (h *house) book(n int64, slot string) booking.Reservation {
	h.t.Helper()
	r, err := h.hold(n, slot)
	if err == nil {
		r, err = h.desk.Confirm(h.t.Context(), actor.House, r.No)
	}
	if err != nil {
		h.t.Fatalf("%d books %s: %v", n, slot, err)
	}
	return r
}

// Both sides take from one pool: each has its share, and from an hour before what is left serves both.
func TestShares(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		date, slot := h.open()
		nine := slot("0900")
		h.book(1, nine)
		if _, err := h.hold(2, nine); code(err) != "booking.taken" {
			t.Errorf("a booking of a walk-in's place = %v", err)
		}
		waits := h.wait(2, nine)
		h.at(date, "07:59")
		if got := h.reservation(waits.No); got.State != booking.Waiting {
			t.Errorf("before the hour: %s", got.State)
		}
		h.at(date, "08:00")
		if got := h.reservation(waits.No); got.State != booking.Held {
			t.Errorf("an hour before the walk-in's place serves who waits: %s", got.State)
		}
		r, err := h.desk.Draw(t.Context(), clerk, pool)
		if err != nil || r.Slot != slot("0930") || r.Ticket() != "B001" || r.State != booking.Arrived {
			t.Errorf("a walk-in gets %s %s, %v", r.Slot, r.Ticket(), err)
		}
		if got := h.taken(); got[nine] != 2 || got[slot("0930")] != 1 {
			t.Errorf("taken %v", got)
		}
	})
}

// A day at the counter: check-in within the window, numbers in the order of arrival, called by the time of the slot, served or missed.
func TestDay(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		date, slot := h.open()
		me := actor.Actor{Kind: actor.Resident, ID: 1, Level: 2}
		first, second, never := h.book(1, slot("0930")), h.book(2, slot("0900")), h.book(3, slot("1000"))
		if _, err := h.desk.Arrive(ctx, me, first.No); code(err) != "booking.early" {
			t.Errorf("a day early = %v", err)
		}
		h.at(date, "08:40")
		for range 2 {
			if r, err := h.desk.Arrive(ctx, me, first.No); err != nil || r.Ticket() != "A001" {
				t.Errorf("Arrive = %s, %v", r.Ticket(), err)
			}
		}
		if _, err := h.desk.Arrive(ctx, me, second.No); code(err) != "booking" {
			t.Errorf("another's booking = %v", err)
		}
		found := booking.Find(must(t, h, date), " "+second.No[:3]+" "+second.No[3:6])
		if len(found) != 1 || found[0].No != second.No {
			t.Fatalf("by its code: %+v", found)
		}
		if r, err := h.desk.Arrive(ctx, clerk, second.No); err != nil || r.Ticket() != "A002" {
			t.Errorf("checked in at the counter = %s, %v", r.Ticket(), err)
		}
		turn, err := h.desk.Turn(ctx, h.reservation(first.No))
		if err != nil || turn != (booking.Turn{Ticket: "A001", State: booking.Arrived, Ahead: 1}) {
			t.Errorf("Turn = %+v, %v", turn, err)
		}
		called, err := h.desk.Next(ctx, clerk, pool, "3 号窗口")
		if err != nil || called.No != second.No {
			t.Errorf("first called is %s, %v; want the one with the earlier time", called.Ticket(), err)
		}
		h.pump.Elapse(2 * time.Second)
		if turn, err = h.desk.Turn(ctx, h.reservation(first.No)); err != nil || turn.Ahead != 0 || turn.Now != "A002" {
			t.Errorf("Turn = %+v, %v", turn, err)
		}
		if called, err = h.desk.Next(ctx, clerk, pool, "3 号窗口"); err != nil || called.No != first.No || h.reservation(second.No).State != booking.Served {
			t.Errorf("next %s, %v; the one before is %s", called.Ticket(), err, h.reservation(second.No).State)
		}
		if _, err := h.desk.Pass(ctx, clerk, first.No); err != nil {
			t.Error(err)
		}
		if _, err := h.desk.Next(ctx, clerk, pool, "3 号窗口"); code(err) != "booking.nobody" {
			t.Errorf("nobody is left = %v", err)
		}
		h.at(date, "10:29")
		if _, err := h.desk.Pass(ctx, clerk, never.No); code(err) != "booking.not_over" {
			t.Errorf("missed before the time is over = %v", err)
		}
		h.at(date, "10:30")
		if got := h.reservation(never.No); got.State != booking.Missed || got.Reason != "absent" {
			t.Errorf("who never came: %s %s", got.State, got.Reason)
		}
		if _, err := h.desk.Arrive(ctx, actor.House, never.No); code(err) != "booking.missed" {
			t.Errorf("too late = %v", err)
		}
		want := []string{"booking.held", "booking.confirmed", "booking.arrived", "booking.called", "booking.missed"}
		if diff := cmp.Diff(want, h.pump.Names(first.No)[:5]); diff != "" && h.pump.Names(first.No)[2] != "booking.hold_due" {
			t.Errorf("events differ:\n%s", diff)
		}
	})
}

func must(t *testing.T, h *house, date string) []booking.Reservation {
	t.Helper()
	_, list, err := h.desk.Today(t.Context(), clerk, pool, date)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Three times not there within ninety days: no booking for thirty more, and a sentence that says until when.
func TestNoShow(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		for i := range 3 {
			if _, err := h.desk.Hold(t.Context(), actor.House, hold(1, "x")); i > 0 && code(err) != "booking.slot" {
				t.Errorf("after %d times: %v", i, err)
			}
			_, slot := h.open()
			k := hold(1, slot("0900"))
			k.For.No += string(rune('A' + i))
			r, err := h.desk.Hold(t.Context(), actor.House, k)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := h.desk.Confirm(t.Context(), actor.House, r.No); err != nil {
				t.Fatal(err)
			}
			h.pump.Elapse(48 * time.Hour)
		}
		_, slot := h.open()
		_, err := h.hold(1, slot("0900"))
		f := fault.Of(err)
		if f == nil || f.Code != "booking.barred" || f.Public == "" {
			t.Fatalf("the fourth time = %v", err)
		}
		if _, err := h.desk.Wait(t.Context(), actor.House, hold(1, slot("0900"))); code(err) != "booking.barred" {
			t.Errorf("nor wait = %v", err)
		}
		until, err := h.desk.Barred(t.Context(), 1, pool)
		if err != nil || until.Before(h.clock.Now().AddDate(0, 0, 27)) {
			t.Errorf("Barred = %s, %v", until, err)
		}
		h.pump.Elapse(until.Sub(h.clock.Now()))
		_, slot = h.open()
		if _, err := h.hold(1, slot("0900")); err != nil {
			t.Errorf("afterwards = %v", err)
		}
	})
}

// Another time is one move: the old place is kept until the new one is there, and goes to who waits for it.
func TestMove(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		date, slot := h.open()
		me := actor.Actor{Kind: actor.Resident, ID: 1, Level: 2}
		mine := h.book(1, slot("0900"))
		h.book(2, slot("1000"))
		waits := h.wait(3, slot("0900"))
		if _, err := h.desk.Move(ctx, me, mine.No, slot("1000")); code(err) != "booking.taken" {
			t.Errorf("to a full slot = %v", err)
		}
		if got := h.reservation(mine.No); got.Slot != slot("0900") || got.State != booking.Confirmed {
			t.Errorf("the old place is lost: %+v", got)
		}
		for range 2 {
			r, err := h.desk.Move(ctx, me, mine.No, slot("1100"))
			if err != nil || r.Start.In(clock.Shanghai).Format("15:04") != "11:00" {
				t.Errorf("Move = %s, %v", r.Start, err)
			}
		}
		h.pump.Drain()
		if got := h.reservation(waits.No); got.State != booking.Held {
			t.Errorf("who waited for the old place: %s", got.State)
		}
		if got := h.taken(); got[slot("0900")] != 1 || got[slot("1000")] != 1 || got[slot("1100")] != 1 {
			t.Errorf("taken %v", got)
		}
		if _, err := h.desk.Move(ctx, actor.Actor{Kind: actor.Resident, ID: 2, Level: 2}, mine.No, slot("1130")); code(err) != "booking" {
			t.Errorf("another's = %v", err)
		}
		if _, err := h.desk.Move(ctx, me, mine.No, "20200101T0900"); code(err) != "booking.slot" {
			t.Errorf("to the past = %v", err)
		}
		h.at(date, "10:45") // the alarm of the old time is long over
		if got := h.reservation(mine.No); got.State != booking.Confirmed {
			t.Errorf("counted as missed at its old time: %s", got.State)
		}
		h.at(date, "11:30")
		if got := h.reservation(mine.No); got.State != booking.Missed {
			t.Errorf("not missed at its new time: %s", got.State)
		}
	})
}

// A day is closed: nothing more can be booked, who booked is kept and listed for staff.
func TestRule(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		date, slot := h.open()
		mine := h.book(1, slot("0900"))
		if mine, err := h.desk.Resources(ctx, clerk, "330100"); err != nil || len(mine) != 1 || mine[0].Name != "综合窗口" {
			t.Errorf("what clerk runs = %+v, %v", mine, err)
		}
		if none, err := h.desk.Resources(ctx, actor.House, "110000"); err != nil || len(none) != 0 {
			t.Errorf("in another city = %+v, %v", none, err)
		}
		r, err := h.desk.Run(ctx, clerk, pool)
		if err != nil {
			t.Fatal(err)
		}
		r.Plan.Exceptions = []plan.Exception{{Date: date, Why: "系统升级"}}
		changed, err := h.desk.Rule(ctx, clerk, r, r.Rev)
		if err != nil || changed.Rev != r.Rev+1 {
			t.Fatalf("Rule = %+v, %v", changed, err)
		}
		if _, err := h.desk.Rule(ctx, clerk, r, r.Rev); code(err) != "resource.rev" {
			t.Errorf("over another's change = %v", err)
		}
		if _, err := h.hold(2, slot("0930")); code(err) != "booking.taken" {
			t.Errorf("on a closed day = %v", err)
		}
		list, err := h.desk.Outside(ctx, clerk, pool)
		if err != nil || len(list) != 1 || list[0].No != mine.No {
			t.Errorf("Outside = %+v, %v", list, err)
		}
		bad := r
		bad.Plan.Minutes = 0
		if _, err := h.desk.Rule(ctx, clerk, bad, changed.Rev); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a plan without minutes = %v", err)
		}
	})
}

// Other departments, residents and visitors do not run a resource; an office's pool has no queue.
func TestRuns(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	ctx := t.Context()
	_, slot := h.open()
	r := h.book(1, slot("0900"))
	for who, a := range map[string]actor.Actor{
		"another department": {Kind: actor.Staff, ID: 6, Department: 8}, "a resident": {Kind: actor.Resident, ID: 1, Level: 4}, "a visitor": {},
	} {
		_, open := h.desk.Open(ctx, a, counter())
		_, run := h.desk.Run(ctx, a, pool)
		_, rule := h.desk.Rule(ctx, a, counter(), 1)
		_, draw := h.desk.Draw(ctx, a, pool)
		_, next := h.desk.Next(ctx, a, pool, "1")
		_, serve := h.desk.Serve(ctx, a, r.No)
		_, pass := h.desk.Pass(ctx, a, r.No)
		_, _, today := h.desk.Today(ctx, a, pool, "")
		for verb, err := range map[string]error{"open": open, "run": run, "rule": rule, "draw": draw, "next": next, "serve": serve, "pass": pass, "today": today} {
			if !fault.Is(err, fault.KindNotFound) && !fault.Is(err, fault.KindDenied) {
				t.Errorf("%s may %s: %v", who, verb, err)
			}
		}
	}
	if list, err := h.desk.Resources(ctx, actor.Actor{Kind: actor.Staff, Department: 8}, ""); err != nil || len(list) != 0 {
		t.Errorf("another department's list = %v, %v", list, err)
	}
}

// An office's slots have no queue of ours: nobody checks in, nobody is missed, and another time is the office's to give.
func TestOfficePool(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	ctx := t.Context()
	h.publish(1, 1)
	r := h.book(1, "s0")
	if _, err := h.desk.Arrive(ctx, actor.Actor{Kind: actor.Resident, ID: 1}, r.No); code(err) != "booking.fixed" {
		t.Errorf("Arrive = %v", err)
	}
	if _, err := h.desk.Move(ctx, actor.Actor{Kind: actor.Resident, ID: 1}, r.No, "s1"); code(err) != "booking.fixed" {
		t.Errorf("Move = %v", err)
	}
	h.pump.Elapse(72 * time.Hour)
	if got := h.reservation(r.No); got.State != booking.Confirmed {
		t.Errorf("after the day: %s", got.State)
	}
}
