package payment_test

import (
	"errors"
	"testing"
	"time"

	"zhijian/domain/payment"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
)

func (h *house) reconciled(day string) int {
	h.t.Helper()
	return count(h.pump.Names("payment/"+day), "payment.reconciled")
}

// One order that the channel refuses, or one that it does not even understand, is told of and does not end the nights.
func TestNightGoesOnAfterABadOrder(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]error{
		"refused": fault.Denied("payment.channel", "通道不受理"),
		"broken":  errors.New("an answer nobody understands"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, h *house) {
				if err := h.desk.ScheduleReconcile(t.Context()); err != nil {
					t.Fatal(err)
				}
				open, back := h.order(1), h.order(2)
				h.settle(h.bank.pay(t, back.No))
				h.bank.silent = true // so long that all questions are over
				if _, err := h.desk.Refund(t.Context(), actor.House, back.No, "refused"); err != nil {
					t.Fatal(err)
				}
				h.pump.Elapse(12 * 24 * time.Hour)
				h.bank.silent = false
				h.bank.stuck = map[string]error{open.No: wrong, back.No: wrong}
				h.pump.Elapse(3 * 24 * time.Hour)
				for day := 26; day <= 31; day++ { // every day, also those of the silence
					date := time.Date(2026, 5, day, 0, 0, 0, 0, clock.Shanghai).Format(time.DateOnly)
					if n := h.reconciled(date); n != 1 {
						t.Errorf("%s was reconciled %d times, want once", date, n)
					}
				}
				for _, no := range []string{open.No, back.No} {
					if n := count(h.pump.Names(no), "payment.unresolved"); n != 1 {
						t.Errorf("%s: told %d times that a person must look, want once", no, n)
					}
				}
				h.bank.stuck = nil
				h.pump.Elapse(2 * 24 * time.Hour)
				if a, b := h.find(open.No).State, h.find(back.No).State; a != payment.Closed || b != payment.Refunded {
					t.Errorf("in the end %s and %s, want closed and refunded", a, b)
				}
			})
		})
	}
}

// A bill that cannot be read, or does not come for two days, keeps only its own day open, and a later night closes it.
func TestNightGoesOnAfterABadBill(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		if err := h.desk.ScheduleReconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
		first := midnight(h.clock.Now())
		bad, next := first.Format(time.DateOnly), first.AddDate(0, 0, 1).Format(time.DateOnly)
		h.bank.garbled = map[string]bool{bad: true}
		h.pump.Elapse(6 * 24 * time.Hour)
		if n := h.reconciled(next); n != 1 {
			t.Errorf("the day after was reconciled %d times, want once", n)
		}
		if n := count(h.pump.Names("payment/"+bad), "payment.unreconciled"); n != 1 {
			t.Errorf("told %d times that the bill does not come, want once", n)
		}
		h.bank.garbled = nil
		h.pump.Elapse(24 * time.Hour)
		if n := h.reconciled(bad); n != 1 {
			t.Errorf("the day with the bad bill was reconciled %d times, want once", n)
		}
	})
}

// A day without any row, as earlier versions left them behind a night that was parked, is compared too.
func TestNightCatchesUpDaysThatHadNoAlarm(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		today := midnight(h.clock.Now())
		old := today.AddDate(0, 0, -5).Format(time.DateOnly)
		if _, err := h.store.SaveDay(t.Context(), payment.Day{Date: old, Try: 1, At: h.clock.Now()}); err != nil {
			t.Fatal(err)
		}
		if err := h.desk.ScheduleReconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.pump.Elapse(48 * time.Hour)
		for i := range 6 {
			date := today.AddDate(0, 0, i-5).Format(time.DateOnly)
			if n := h.reconciled(date); n != 1 {
				t.Errorf("%s was reconciled %d times, want once", date, n)
			}
		}
	})
}

// A bill line that cannot be settled is a finding, and the lines after it are compared all the same.
func TestReconcileGoesOnAfterALineNobodyCanSettle(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		one, two, three := h.order(1), h.order(2), h.order(3)
		n := h.bank.pay(t, one.No)
		h.settle(n)
		h.bank.pay(t, two.No)
		h.bank.orders[two.No].paid[0].Transaction = n.Transaction // the channel gave one number twice
		h.bank.pay(t, three.No)
		found, err := h.desk.Reconcile(t.Context(), actor.House, h.clock.Now())
		if err != nil || len(found) == 0 {
			t.Fatalf("Reconcile = %d findings, %v", len(found), err)
		}
		if got := h.find(three.No).State; got != payment.Paid {
			t.Errorf("the order after the bad line is %s, want paid", got)
		}
	})
}

func midnight(t time.Time) time.Time {
	t = t.In(clock.Shanghai)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, clock.Shanghai)
}
