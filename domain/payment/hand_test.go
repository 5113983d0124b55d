package payment_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/payment"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/money"
)

var operator = actor.Actor{Kind: actor.Operator, ID: 5}

// what lists what needs a person, in short.
func (h *house) troubles() []string {
	h.t.Helper()
	list, err := h.desk.Troubles(h.t.Context(), operator, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	var short []string
	for _, one := range list {
		short = append(short, one.What)
	}
	return short
}

// closedRefund is a paid order whose refund the channel has closed.
func (h *house) closedRefund(n int) payment.Order {
	h.t.Helper()
	o := h.order(n)
	h.settle(h.bank.pay(h.t, o.No))
	if h.bank.dead == nil {
		h.bank.dead = map[string]bool{}
	}
	h.bank.dead[o.No+"R"] = true
	if _, err := h.desk.Refund(h.t.Context(), actor.House, o.No, "refused"); err != nil {
		h.t.Fatal(err)
	}
	h.pump.Drain()
	return h.find(o.No)
}

func TestRefundThatTheChannelClosed(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		o := h.closedRefund(1)
		h.pump.Elapse(24 * time.Hour)
		if got := h.find(o.No); got.State != payment.Refunding {
			t.Fatalf("the order is %s", got.State)
		}
		if diff := cmp.Diff([]string{payment.OpenRefund}, h.troubles()); diff != "" {
			t.Errorf("troubles:\n%s", diff)
		}
		if _, err := h.desk.RetryRefund(ctx, resident, o.No, 0); !fault.Is(err, fault.KindDenied) {
			t.Errorf("a resident retries a refund: %v", err)
		}
		h.bank.dead[o.No+"R-2"] = true // closed again
		for i, want := range []string{o.No + "R-2", o.No + "R-3"} {
			again, err := h.desk.RetryRefund(ctx, operator, o.No, 0)
			if err != nil || again.RefundNo != want {
				t.Fatalf("try %d: %s, %v; want %s", i+2, again.RefundNo, err, want)
			}
			h.pump.Twice = true
			h.pump.Drain()
			h.pump.Elapse(time.Hour)
		}
		got := h.find(o.No)
		if got.State != payment.Refunded || got.RefundNo != o.No+"R-3" || h.bank.kept(o.No) != 0 {
			t.Errorf("in the end %s by %s, the channel keeps %d", got.State, got.RefundNo, h.bank.kept(o.No))
		}
		if n := count(h.pump.Names(o.No), "payment.unresolved"); n != 2 {
			t.Errorf("told %d times, want once for each number", n)
		}
		if len(h.troubles()) != 0 {
			t.Errorf("still open: %v", h.troubles())
		}
		if _, err := h.desk.RetryRefund(ctx, operator, o.No, 0); !fault.Is(err, fault.KindConflict) {
			t.Errorf("once more: %v", err)
		}
		h.clock.Advance(24 * time.Hour)
		for _, at := range []time.Duration{24 * time.Hour, 48 * time.Hour} {
			if found, err := h.desk.Reconcile(ctx, actor.House, h.clock.Now().Add(-at)); err != nil || len(found) != 0 {
				t.Errorf("reconciled: %+v, %v", found, err)
			}
		}
	})
}

func TestRetryAsksTheChannelFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t, newSQLite(t))
	o := h.closedRefund(1)
	h.bank.dead = nil
	h.bank.orders[o.No].refunds[o.RefundNo] = payment.Notice{
		No: o.No, RefundNo: o.RefundNo, Outcome: payment.OutcomeRefunded, Amount: o.Amount, Currency: "CNY", At: h.clock.Now(),
	}
	h.bank.pending = 2
	for range 2 {
		if _, err := h.desk.RetryRefund(t.Context(), operator, o.No, 0); fault.Of(err) == nil || fault.Of(err).Code != "payment.moving" {
			t.Errorf("while the channel works on it: %v", err)
		}
	}
	h.bank.silent = true
	if _, err := h.desk.RetryRefund(t.Context(), operator, o.No, 0); !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("while the channel is silent: %v", err)
	}
	h.bank.silent = false
	if got, err := h.desk.RetryRefund(t.Context(), operator, o.No, 0); err != nil || got.State != payment.Refunded || got.RefundNo != o.RefundNo {
		t.Errorf("after it came back: %s %s, %v", got.State, got.RefundNo, err)
	}
}

// A number that was given up may still bring the money; then the new one must not count too.
func TestOldRefundNumberComesThrough(t *testing.T) {
	t.Parallel()
	h := newHouse(t, newSQLite(t))
	o := h.closedRefund(1)
	h.bank.silent = false
	if _, err := h.desk.RetryRefund(t.Context(), operator, o.No, 0); err != nil {
		t.Fatal(err)
	}
	n := payment.Notice{No: o.No, RefundNo: o.RefundNo, Outcome: payment.OutcomeAbnormal, Amount: o.Amount, Currency: "CNY", At: h.clock.Now()}
	if got := h.settle(n); got.Asked != 1 {
		t.Errorf("an old number's trouble counts for the new one: asked %d", got.Asked)
	}
	n.Outcome = payment.OutcomeRefunded
	if got := h.settle(n); got.State != payment.Refunded || got.RefundNo != o.RefundNo {
		t.Errorf("the old number brought it back: %s %s", got.State, got.RefundNo)
	}
	n.RefundNo = o.No + "R-7" // never given
	if got := h.settle(n); got.RefundNo != o.RefundNo {
		t.Errorf("a number never given counts: %s", got.RefundNo)
	}
}

func TestSettledByHand(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		o := h.closedRefund(1)
		if _, err := h.desk.SettleByHand(ctx, operator, o.No, 0, " "); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("without a reason: %v", err)
		}
		got, err := h.desk.SettleByHand(ctx, operator, o.No, 0, "财政专户转账退回")
		if err != nil || got.State != payment.Refunded || !got.Hand {
			t.Fatalf("SettleByHand = %s, %v", got.State, err)
		}
		names := h.pump.Names(o.No)
		if count(names, "payment.settled_by_hand") != 1 || count(names, "payment.refunded") != 1 {
			t.Errorf("events: %v", names)
		}
		want := map[string]money.Fen{payment.BookChannel: 15000, payment.BookPayee: 0, payment.BookHand: -15000}
		if diff := cmp.Diff(want, payment.Balance(h.ledger())); diff != "" {
			t.Errorf("balance:\n%s", diff)
		}
		day := h.clock.Now()
		if found, err := h.desk.Reconcile(ctx, actor.House, day); err != nil || len(found) != 0 {
			t.Errorf("what went back by hand is no difference: %+v, %v", found, err)
		}
		// When the channel pays it out all the same, somebody has it twice, and the day says so.
		h.bank.orders[o.No].refunds[o.RefundNo] = payment.Notice{
			No: o.No, RefundNo: o.RefundNo, Outcome: payment.OutcomeRefunded, Amount: o.Amount, Currency: "CNY", At: day,
		}
		open := func() []payment.Finding {
			list, err := h.desk.Unexplained(ctx, operator, 10)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		if _, err := h.desk.Reconcile(ctx, actor.House, day); err != nil || len(open()) != 1 || open()[0].Kind != payment.MissingHere {
			t.Fatalf("returned twice: %+v, %v", open(), err)
		}
		f := open()[0]
		if err := h.desk.AcceptFinding(ctx, operator, f, ""); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("accepted without a reason: %v", err)
		}
		if err := h.desk.AcceptFinding(ctx, actor.Actor{Kind: actor.Staff, ID: 1}, f, "核对过"); !fault.Is(err, fault.KindDenied) {
			t.Errorf("accepted by staff: %v", err)
		}
		if err := h.desk.AcceptFinding(ctx, operator, f, "已向居民追回"); err != nil {
			t.Error(err)
		}
		if err := h.desk.AcceptFinding(ctx, operator, f, "已向居民追回"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("accepted twice: %v", err)
		}
		key := "payment/" + day.In(clock.Shanghai).Format(time.DateOnly)
		if len(open()) != 0 || count(h.pump.Names(key), "payment.finding_accepted") != 1 {
			t.Errorf("open: %+v, events %v", open(), h.pump.Names(key))
		}
	})
}

func TestDisputedMoneyHasAnExit(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		dispute := func(n int, currency string) payment.Order {
			o := h.order(n)
			h.settle(h.bank.pay(t, o.No))
			wrong := h.bank.pay(t, o.No)
			wrong.Amount, wrong.Currency = 9900, currency
			h.bank.orders[o.No].paid[1].Amount = 9900
			return h.settle(wrong)
		}
		back, hand, foreign := dispute(1, "CNY"), dispute(2, "CNY"), dispute(3, "USD")
		if diff := cmp.Diff([]string{payment.OpenDisputed, payment.OpenDisputed, payment.OpenDisputed}, h.troubles()); diff != "" {
			t.Errorf("troubles:\n%s", diff)
		}
		if _, err := h.desk.RetryRefund(ctx, operator, back.No, 1); err != nil {
			t.Fatal(err)
		}
		h.pump.Drain()
		if x := h.find(back.No).Extra[0]; x.State != payment.Returned || h.bank.kept(back.No) != 15000 {
			t.Errorf("given back: %+v, the channel keeps %d", x, h.bank.kept(back.No))
		}
		if o, err := h.desk.SettleByHand(ctx, operator, hand.No, 1, "与居民核对，按线下补缴入账"); err != nil || o.Extra[0].State != payment.Returned {
			t.Errorf("by hand: %+v, %v", o.Extra, err)
		}
		if _, err := h.desk.RetryRefund(ctx, operator, foreign.No, 1); !fault.Is(err, fault.KindConflict) {
			t.Errorf("another currency: %v", err)
		}
		if _, err := h.desk.SettleByHand(ctx, operator, foreign.No, 1, "已由银行退回"); err != nil {
			t.Error(err)
		}
		for _, part := range []int{-1, 2} {
			if _, err := h.desk.SettleByHand(ctx, operator, back.No, part, "没有这一笔"); !fault.Is(err, fault.KindConflict) {
				t.Errorf("part %d: %v", part, err)
			}
		}
		if len(h.troubles()) != 0 {
			t.Errorf("still open: %v", h.troubles())
		}
		if sum := payment.Balance(h.ledger())[payment.BookSurplus]; sum != 0 {
			t.Errorf("%d of surplus are left", sum)
		}
	})
}

// A surplus whose refund the channel closed is retried too, and days that nobody could compare are listed.
func TestSurplusAndDaysAreListed(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		if err := h.desk.ScheduleReconcile(ctx); err != nil {
			t.Fatal(err)
		}
		o := h.order(1)
		h.settle(h.bank.pay(t, o.No))
		h.bank.dead = map[string]bool{o.No + "S1": true}
		h.settle(h.bank.pay(t, o.No))
		h.pump.Drain()
		first := midnight(h.clock.Now()).Format(time.DateOnly)
		h.bank.garbled = map[string]bool{first: true}
		h.pump.Elapse(3 * 24 * time.Hour)
		if diff := cmp.Diff([]string{payment.OpenSurplus}, h.troubles()); diff != "" {
			t.Errorf("troubles:\n%s", diff)
		}
		days, err := h.desk.Unreconciled(ctx, operator)
		if err != nil || len(days) != 1 || days[0].Date != first {
			t.Errorf("days not compared: %+v, %v; want %s", days, err, first)
		}
		if _, err := h.desk.RetryRefund(ctx, operator, o.No, 1); err != nil {
			t.Fatal(err)
		}
		h.pump.Drain()
		if x := h.find(o.No).Extra[0]; x.State != payment.Returned || x.RefundNo != o.No+"S1-2" || len(h.troubles()) != 0 {
			t.Errorf("the surplus: %+v", x)
		}
	})
}
