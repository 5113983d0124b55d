package cases_test

import (
	"net/http"
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/payment"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/testkit"
)

// T24: much money goes back only when a second member of staff, who is not the first, says the same.
func TestMuchMoneyTakesTwo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	list, _ := definitions()
	h.redesk(list, 1) // any amount is much
	ctx := t.Context()
	w, s := h.fine(0, h.plate(0))
	h.police(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	h.pays(s.Order.No)
	h.noticed()
	h.pump.Elapse(3 * time.Hour)
	no := s.Case.No
	first := actor.Actor{Kind: actor.Staff, ID: 31, Department: 1}
	other := actor.Actor{Kind: actor.Staff, ID: 32, Department: 1}
	decide := func(a actor.Actor, what cases.Decision) (cases.Case, error) {
		return h.desk.Decide(ctx, a, no, what, "电话核实未办成")
	}
	stays := func(when string) {
		t.Helper()
		h.pump.Elapse(time.Hour)
		if got := h.show(w, no); got.Case.State != cases.Stuck || got.Order.State != payment.Paid {
			t.Fatalf("%s: %s, order %s", when, got.Case.State, got.Order.State)
		}
	}
	c, err := decide(first, cases.DecideUnsettled)
	if p, ok := c.Proposal(); err != nil || !ok || p.By != first.String() {
		t.Fatalf("proposed: %+v, %v", p, err)
	}
	stays("one has decided")
	if _, err := decide(first, cases.DecideUnsettled); fault.Of(err) == nil || fault.Of(err).Code != "cases.second" {
		t.Errorf("the same person agrees: %v", err)
	}
	stays("the same person twice")
	if _, err := decide(other, cases.DecideRefund); err != nil { // wants another thing: a proposal of their own
		t.Fatal(err)
	}
	stays("two who differ")
	if n := count(h.pump.Names(no), "cases.decided"); n != 0 {
		t.Errorf("decided %d times by one each", n)
	}
	if _, err := decide(other, cases.DecideUnsettled); err != nil {
		t.Fatal(err)
	}
	stays("changed their mind, alone")
	if _, err := decide(first, cases.DecideUnsettled); err != nil {
		t.Fatal(err)
	}
	h.pump.Elapse(time.Hour)
	if got := h.show(w, no); got.Case.State != cases.Refused || got.Order.State != payment.Refunded || h.sums() != 0 {
		t.Errorf("two agree: %s, order %s", got.Case.State, got.Order.State)
	}
}
