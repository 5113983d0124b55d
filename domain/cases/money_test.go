package cases_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/cases"
	"zhijian/domain/payment"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
)

// channelSwitch has the payment channel misbehave.
func (h *house) channelSwitch(body string) {
	h.t.Helper()
	res, err := http.Post(h.world.URLs()["pay"]+"/sandbox/switch", "application/json", bytes.NewReader([]byte(body)))
	if err != nil {
		h.t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		h.t.Fatalf("switch: %d", res.StatusCode)
	}
}

// The office refuses, and the channel closes the refund: the case waits for a person, who sends the money back under a new number.
func TestRefundThatNeedsAPerson(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		operator := actor.Actor{Kind: actor.Operator, ID: 1}
		h.channelSwitch(`{"refunds":"closed"}`)
		w, s := h.fine(1, "浙A12344")
		no := s.Case.No
		h.pays(s.Order.No)
		h.noticed()
		h.pump.Elapse(time.Hour)
		s = h.show(w, no)
		if s.Case.State != cases.Stuck || s.Order.State != payment.Refunding || h.sums() == 0 {
			t.Fatalf("state %s, order %s, the channel keeps %d fen", s.Case.State, s.Order.State, h.sums())
		}
		if n := count(h.pump.Names(no), "cases.stuck"); n != 1 {
			t.Errorf("told %d times that it is stuck, want once", n)
		}
		for _, what := range []cases.Decision{cases.DecideRetry, cases.DecideDone, cases.DecideRefund} {
			if _, err := h.desk.Decide(t.Context(), operator, no, what, "核实过了"); !fault.Is(err, fault.KindConflict) {
				t.Errorf("%s decides over money that is on its way back: %v", what, err)
			}
		}
		h.channelSwitch(`{"refunds":""}`)
		if _, err := h.payment.RetryRefund(t.Context(), operator, s.Order.No, 0); err != nil {
			t.Fatal(err)
		}
		h.pump.Elapse(time.Minute)
		h.pump.Replay()
		h.pump.Drain()
		s = h.show(w, no)
		if s.Case.State != cases.Refused || s.Order.State != payment.Refunded || h.sums() != 0 {
			t.Fatalf("in the end: state %s, order %s, the channel keeps %d fen", s.Case.State, s.Order.State, h.sums())
		}
		want := []string{"opened", "asked", "paying", "paid", "filed", "refunding", "stuck", "refunded", "refused"}
		if diff := cmp.Diff(want, codes(s.Case)); diff != "" {
			t.Errorf("timeline differs:\n%s", diff)
		}
		if n := count(h.pump.Names(no), "cases.refunded"); n != 1 {
			t.Errorf("told of the refund %d times, want once", n)
		}
	})
}

// A case that was paid twice is done, and its resident is told of the second payment's return, once.
func TestReturnOfADoubledPaymentIsTold(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, s := h.fine(0, h.plate(0))
		no := s.Case.No
		h.pays(s.Order.No)
		paid := h.noticed()
		second := payment.Notice{
			No: paid.No, Transaction: "4200000000000000000000000099", Outcome: payment.OutcomePaid, Amount: paid.Amount, Currency: "CNY", At: h.clock.Now(),
		}
		o, err := h.payment.Settle(t.Context(), channelActor, second)
		if err != nil || len(o.Extra) != 1 {
			t.Fatalf("a second transaction: %+v, %v", o.Extra, err)
		}
		back := payment.Notice{No: o.No, RefundNo: o.Extra[0].RefundNo, Outcome: payment.OutcomeRefunded, Amount: o.Amount, Currency: "CNY", At: h.clock.Now()}
		if _, err := h.payment.Settle(t.Context(), channelActor, back); err != nil {
			t.Fatal(err)
		}
		h.pump.Elapse(time.Minute)
		h.pump.Replay()
		h.pump.Drain()
		if got := h.show(w, no).Case; got.State != cases.Done {
			t.Errorf("the case is %s", got.State)
		}
		if n := count(h.pump.Names(no), "cases.refunded"); n != 1 {
			t.Errorf("told of the return %d times, want once", n)
		}
	})
}
