package payment_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/payment"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
)

func TestSilentOrderIsAskedAbout(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		o := h.order(1)
		for _, step := range []struct {
			wait    time.Duration
			queries int
			closes  int
		}{
			{9 * time.Second, 0, 0},
			{1 * time.Second, 1, 0},
			{20 * time.Second, 2, 0},
			{90 * time.Second, 3, 0},
			{8 * time.Minute, 4, 0},
			{5*time.Minute - time.Second, 4, 0},
			{1 * time.Second, 4, 1},
			{24 * time.Hour, 4, 1},
		} {
			h.pump.Elapse(step.wait)
			if q, c := h.bank.count("query "), h.bank.count("close "); q != step.queries || c != step.closes {
				t.Errorf("after %s: %d queries, %d closes; want %d, %d", h.clock.Now().Sub(o.Created), q, c, step.queries, step.closes)
			}
		}
		if got := h.find(o.No); got.State != payment.Closed || got.Reason != "expired" {
			t.Errorf("order = %s %s, want closed expired", got.State, got.Reason)
		}
		if _, set := h.pump.NextAlarm(); set {
			t.Error("an alarm is left over")
		}
	})
}

func TestPaidWithoutNotice(t *testing.T) {
	t.Parallel()
	h := newHouse(t, newSQLite(t))
	o := h.order(1)
	h.bank.pay(t, o.No)
	h.pump.Elapse(10 * time.Second)
	if got := h.find(o.No).State; got != payment.Paid {
		t.Errorf("state = %s, want paid after the first question", got)
	}
}

func TestPaidInTheInstantOfClosing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, newSQLite(t))
	o := h.order(1)
	h.pump.Elapse(14 * time.Minute)
	h.bank.pay(t, o.No)
	h.pump.Elapse(time.Minute)
	if got := h.find(o.No).State; got != payment.Paid {
		t.Errorf("state = %s, want paid", got)
	}
}

func TestChannelAwayForHours(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		paid, open := h.order(1), h.order(2)
		h.bank.pay(t, paid.No)
		h.bank.silent = true
		h.pump.Elapse(5 * time.Hour)
		if a, b := h.find(paid.No).State, h.find(open.No).State; a != payment.Ordered || b != payment.Ordered {
			t.Fatalf("states = %s, %s: nothing may be assumed", a, b)
		}
		h.bank.silent = false
		h.pump.Elapse(time.Hour)
		if a, b := h.find(paid.No).State, h.find(open.No).State; a != payment.Paid || b != payment.Closed {
			t.Errorf("states = %s, %s, want paid, closed", a, b)
		}
	})
}

func TestChannelAwayForDays(t *testing.T) {
	t.Parallel()
	h := newHouse(t, newSQLite(t))
	o := h.order(1)
	h.bank.pay(t, o.No)
	h.bank.silent = true
	h.pump.Elapse(3 * 24 * time.Hour)
	names := h.pump.Names(o.No)
	if n := count(names, "payment.unresolved"); n != 1 {
		t.Errorf("told %d times that a person must look, want once", n)
	}
	h.bank.silent = false
	if err := h.desk.ScheduleReconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.pump.Elapse(2 * 24 * time.Hour)
	if got := h.find(o.No).State; got != payment.Paid {
		t.Errorf("state = %s, want the night to have found the payment", got)
	}
}

func count(names []string, name string) (n int) {
	for _, x := range names {
		if x == name {
			n++
		}
	}
	return n
}

func TestCancel(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		open, paid, silent := h.order(1), h.order(2), h.order(3)
		h.bank.pay(t, paid.No)
		if o, err := h.desk.Cancel(ctx, resident, open.No); err != nil || o.State != payment.Closed || o.Reason != "cancelled" {
			t.Errorf("Cancel = %s %s, %v", o.State, o.Reason, err)
		}
		if o, err := h.desk.Cancel(ctx, resident, open.No); err != nil || o.State != payment.Closed {
			t.Errorf("Cancel again = %s, %v", o.State, err)
		}
		if o, err := h.desk.Cancel(ctx, actor.House, paid.No); err != nil || o.State != payment.Paid {
			t.Errorf("Cancel of a paid one = %s, %v; want paid", o.State, err)
		}
		h.bank.deaf = 1
		if _, err := h.desk.Cancel(ctx, actor.House, silent.No); !fault.Is(err, fault.KindUnavailable) {
			t.Errorf("Cancel without an answer = %v", err)
		}
		if o, err := h.desk.Cancel(ctx, actor.House, silent.No); err != nil || o.State != payment.Closed {
			t.Errorf("Cancel repeated = %s, %v", o.State, err)
		}
		if o, err := h.desk.Check(ctx, resident, open.No); err != nil || o.State != payment.Closed {
			t.Errorf("Check = %s, %v", o.State, err)
		}
	})
}

func TestCheck(t *testing.T) {
	t.Parallel()
	h := newHouse(t, newSQLite(t))
	o := h.order(1)
	if got, err := h.desk.Check(t.Context(), resident, o.No); err != nil || got.State != payment.Ordered {
		t.Errorf("Check of an unpaid order = %s, %v", got.State, err)
	}
	h.bank.pay(t, o.No)
	h.bank.silent = true
	if got, err := h.desk.Check(t.Context(), resident, o.No); err != nil || got.State != payment.Ordered {
		t.Errorf("Check of a silent channel = %s, %v", got.State, err)
	}
	h.bank.silent = false
	if got, err := h.desk.Check(t.Context(), resident, o.No); err != nil || got.State != payment.Paid {
		t.Errorf("Check of a paid order = %s, %v", got.State, err)
	}
}

func TestRefund(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		trouble func(b *bank)
		wait    time.Duration
		events  []string
	}{
		"at once":            {func(*bank) {}, 0, []string{"payment.refunding", "payment.refunded"}},
		"answer lost":        {func(b *bank) { b.deaf = 1 }, 5 * time.Second, []string{"payment.refunding", "payment.refund_due", "payment.refunded"}},
		"silent":             {func(b *bank) { b.silent = true }, 0, []string{"payment.refunding"}},
		"processing, twice":  {func(b *bank) { b.pending = 2 }, 35 * time.Second, []string{"payment.refunding", "payment.refund_due", "payment.refund_due", "payment.refunded"}},
		"refused by channel": {func(b *bank) { b.refuses = fault.Conflict("channel.balance", "余额不足") }, 0, []string{"payment.refunding", "payment.unresolved"}},
	}
	both(t, func(t *testing.T, h *house) {
		i := 0
		for name, c := range tests {
			i++
			o := h.order(i)
			h.settle(h.bank.pay(t, o.No))
			c.trouble(h.bank)
			if got, err := h.desk.Refund(t.Context(), actor.House, o.No, "refused"); err != nil || got.State != payment.Refunding {
				t.Fatalf("%s: Refund = %s, %v", name, got.State, err)
			}
			h.pump.Drain()
			h.pump.Elapse(c.wait)
			h.pump.Replay()
			h.pump.Drain()
			names := slices.DeleteFunc(h.pump.Names(o.No)[2:], func(name string) bool { return name == "payment.query_due" })
			if diff := cmp.Diff(c.events, names); diff != "" {
				t.Errorf("%s: events differ:\n%s", name, diff)
			}
			h.bank.silent, h.bank.refuses = false, nil
			h.pump.Elapse(2 * time.Hour)
			if got := h.find(o.No); got.State != payment.Refunded || got.Reason != "refused" {
				t.Errorf("%s: in the end %s %s, want refunded", name, got.State, got.Reason)
			}
			if kept := h.bank.kept(o.No); kept != 0 {
				t.Errorf("%s: the channel keeps %d", name, kept)
			}
			if again, err := h.desk.Refund(t.Context(), actor.House, o.No, "again"); err != nil || again.State != payment.Refunded {
				t.Errorf("%s: Refund again = %s, %v", name, again.State, err)
			}
		}
		if sum := payment.Balance(h.ledger())[payment.BookChannel]; sum != 0 {
			t.Errorf("the ledger holds %d, want 0", sum)
		}
	})
}

func TestRefundOfNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, newSQLite(t))
	o := h.order(1)
	if _, err := h.desk.Refund(t.Context(), actor.House, o.No, "refused"); !fault.Is(err, fault.KindConflict) {
		t.Errorf("Refund of an unpaid order = %v, want a conflict", err)
	}
	if n := h.bank.count("refund"); n != 0 {
		t.Errorf("the channel was asked %d times", n)
	}
}

func TestRefundNoticeOfAnotherAmount(t *testing.T) {
	t.Parallel()
	h := newHouse(t, newSQLite(t))
	o := h.order(1)
	h.settle(h.bank.pay(t, o.No))
	h.bank.silent = true
	o, err := h.desk.Refund(t.Context(), actor.House, o.No, "refused")
	if err != nil {
		t.Fatal(err)
	}
	n := payment.Notice{No: o.No, RefundNo: o.RefundNo, Outcome: payment.OutcomeRefunded, Amount: o.Amount - 1, Currency: "CNY"}
	if got := h.settle(n).State; got != payment.Refunding {
		t.Errorf("a refund of another amount moved the order to %s", got)
	}
}

// Every alarm and event may come again, and the process may die between the channel's answer and our commit.
func TestEverythingTwice(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		h.pump.Twice = true
		o := h.order(1)
		first := h.bank.pay(t, o.No)
		h.settle(h.bank.pay(t, o.No))
		h.settle(first)
		for range 3 {
			h.bank.deaf = 1
			h.pump.Elapse(10 * time.Minute)
			h.pump.Replay()
		}
		if _, err := h.desk.Refund(t.Context(), actor.House, o.No, "withdrawn"); err != nil {
			t.Fatal(err)
		}
		h.pump.Elapse(time.Hour)
		h.pump.Replay()
		h.pump.Drain()
		got := h.find(o.No)
		if got.State != payment.Refunded || got.Extra[0].State != payment.Returned || h.bank.kept(o.No) != 0 {
			t.Errorf("order = %s, extra %+v, channel keeps %d", got.State, got.Extra, h.bank.kept(o.No))
		}
		if _, set := h.pump.NextAlarm(); set {
			t.Error("an alarm is left over")
		}
	})
}
