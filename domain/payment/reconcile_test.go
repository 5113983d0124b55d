package payment_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"zhijian/domain/payment"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
)

func TestReconcile(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		day := h.clock.Now()
		clean, refunded, unheard, wrong, gone := h.order(1), h.order(2), h.order(3), h.order(4), h.order(5)
		h.settle(h.bank.pay(t, clean.No))
		h.settle(h.bank.pay(t, refunded.No))
		if _, err := h.desk.Refund(ctx, actor.House, refunded.No, "refused"); err != nil {
			t.Fatal(err)
		}
		h.pump.Drain()
		h.bank.pay(t, unheard.No) // no notice came
		h.settle(h.bank.pay(t, wrong.No))
		h.bank.orders[wrong.No].paid[0].Amount--
		h.settle(h.bank.pay(t, gone.No))
		h.bank.orders[gone.No].paid = nil
		h.bank.orders["STRANGER"] = &account{amount: 900, refunds: map[string]payment.Notice{}}
		h.bank.pay(t, "STRANGER")

		early, err := h.desk.Reconcile(ctx, actor.House, day)
		if err != nil {
			t.Fatal(err)
		}
		want := []payment.Finding{
			{No: unheard.No, Kind: payment.WrongState, Theirs: 15000},
			{No: wrong.No, Kind: payment.WrongAmount, Ours: 15000, Theirs: 14999},
			{No: gone.No, Kind: payment.MissingThere, Ours: 15000},
			{No: "STRANGER", Kind: payment.MissingHere, Theirs: 900},
		}
		same := cmp.Options{
			cmpopts.IgnoreFields(payment.Finding{}, "Day", "At", "Ref"),
			cmpopts.SortSlices(func(a, b payment.Finding) bool { return a.No+a.Kind < b.No+b.Kind }),
		}
		if diff := cmp.Diff(want, early, same); diff != "" {
			t.Errorf("findings differ (-want +got):\n%s", diff)
		}
		if got := h.find(unheard.No).State; got != payment.Paid {
			t.Errorf("the payment that only the bill knew is %s, want paid", got)
		}
		h.clock.Advance(24 * time.Hour)
		for range 2 {
			again, err := h.desk.Reconcile(ctx, actor.House, day)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(early, again); diff != "" {
				t.Errorf("run again, findings changed:\n%s", diff)
			}
		}
		key := "payment/" + day.In(clock.Shanghai).Format(time.DateOnly)
		if diff := cmp.Diff([]string{"payment.reconciled"}, h.pump.Names(key)); diff != "" {
			t.Errorf("events of the day differ:\n%s", diff)
		}
		if _, err := h.desk.Findings(ctx, resident, day); err == nil {
			t.Error("a resident reads findings")
		}
		if list, err := h.desk.Findings(ctx, actor.Actor{Kind: actor.Staff, ID: 1}, day); err != nil || len(list) != 4 {
			t.Errorf("Findings = %d, %v", len(list), err)
		}
	})
}

// Two differences of one order, one day and one kind are two: each names its transaction.
func TestFindingsDoNotCollapse(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		o := h.order(1)
		h.settle(h.bank.pay(t, o.No))
		h.settle(h.bank.pay(t, o.No)) // a surplus
		h.bank.orders[o.No].paid[0].Amount--
		h.bank.orders[o.No].paid[1].Amount--
		found, err := h.desk.Reconcile(t.Context(), actor.House, h.clock.Now())
		if err != nil || len(found) != 2 || found[0].Kind != payment.WrongAmount || found[1].Kind != payment.WrongAmount || found[0].Ref == found[1].Ref {
			t.Errorf("Reconcile = %+v, %v; want two wrong amounts of two transactions", found, err)
		}
	})
}

func TestReconcileNearMidnight(t *testing.T) {
	t.Parallel()
	h := newHouse(t, newSQLite(t))
	h.clock.Advance(time.Date(2026, 5, 26, 15, 59, 50, 0, time.UTC).Sub(h.clock.Now())) // ten seconds before midnight in Shanghai
	day := h.clock.Now()
	o := h.order(1)
	n := h.bank.pay(t, o.No)
	h.settle(n)
	h.bank.orders[o.No].paid[0].At = n.At.Add(20 * time.Second)
	h.clock.Advance(48 * time.Hour)
	for _, at := range []time.Time{day, day.Add(24 * time.Hour)} {
		found, err := h.desk.Reconcile(t.Context(), actor.House, at)
		if err != nil || len(found) != 0 {
			t.Errorf("Reconcile(%s) = %+v, %v; want nothing", at, found, err)
		}
	}
}

func TestNightly(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		for range 3 {
			if err := h.desk.ScheduleReconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		o := h.order(1)
		h.settle(h.bank.pay(t, o.No))
		h.pump.Elapse(20 * time.Hour)
		if n := h.bank.count("bill"); n != 0 {
			t.Errorf("the bill was read %d times before the channel has it", n)
		}
		h.bank.silent = true
		h.pump.Elapse(3 * time.Hour)
		h.bank.silent = false
		h.pump.Twice = true
		h.pump.Elapse(72 * time.Hour)
		for i := range 3 {
			day := time.Date(2026, 5, 26+i, 0, 0, 0, 0, clock.Shanghai).Format(time.DateOnly)
			if n := count(h.pump.Names("payment/"+day), "payment.reconciled"); n != 1 {
				t.Errorf("%s was reconciled %d times, want once", day, n)
			}
		}
		// Looking at a day by hand does not break the chain of nights.
		if _, err := h.desk.Reconcile(t.Context(), actor.House, h.clock.Now()); err != nil {
			t.Fatal(err)
		}
		h.pump.Elapse(48 * time.Hour)
		if _, set := h.pump.NextAlarm(); !set {
			t.Error("no further night is set")
		}
	})
}
