package cases_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
	"zhijian/testkit"
)

// application is a service that staff decide on, and may ask the resident for more.
const application = `
id: residence-permit-apply
version: 1
name: {zh: 申请, en: An application}
about: {zh: 交一份申请。, en: Hands in an application.}
sector: f01
group: police
type: application
how: online
owner: police
fee: {zh: 不要钱, en: Free}
promise: {text: {zh: 五个工作日, en: Five working days}}
review_by: 2027-06-30
answers:
  address: {type: place, label: {zh: 住址, en: Address}}
  secret: {type: text, label: {zh: 别的, en: Other}}
  proof: {type: text, label: {zh: 证明, en: Proof}}
  number: {type: text, max: 20, label: {zh: 证号, en: Number}}
steps:
  - form: [address, secret]
    title: {zh: 住在哪里？, en: "Where?"}
    level: L1
  - supply: more_proof
    asks: [proof]
  - review: approval
    show: [address, proof]
    asks: [number]
    more: more_proof
    within: 5w
    refused: {say: {zh: 没有批准, en: Not approved}}
  - result: done
    say: {zh: "证号 {number}", en: "Number {number}"}
    good: true
tests:
  - {name: it begins, as: L1, expect: {view: form}}
`

func atReview(h *house) (cases.Who, cases.Shown) {
	h.offers(application)
	w := h.who(0)
	c := h.open(w, "residence-permit-apply")
	return w, h.answer(w, c.No, "address", "address", "文三路 1 号", "secret", "不给人看")
}

// Staff see what the definition shows them, ask for more, and accept; the resident hears of each.
func TestReview(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx, staff := t.Context(), staffOf(1)
		w, s := atReview(h)
		no := s.Case.No
		if s.Case.State != cases.Reviewing || s.View.Kind != service.ViewWait || !s.View.Long || s.Brief != nil {
			t.Fatalf("waits as %s: %+v", s.Case.State, s.View)
		}
		seen, err := h.desk.Read(ctx, staff, no, "handling")
		if err != nil || seen.Brief == nil || seen.Brief.Rows[0].Value != "文三路 1 号" || strings.Contains(fmt.Sprintf("%+v", seen), "不给人看") {
			t.Fatalf("staff see %+v, %v", seen.Brief, err)
		}
		accept := service.Review{Step: "approval", Verdict: service.VerdictAccept, Values: map[string][]string{"number": {"J1"}}}
		for name, a := range map[string]actor.Actor{"the resident": w.Actor, "nobody": {}, "another department": staffOf(2)} {
			if _, err := h.desk.Review(ctx, a, no, accept); !fault.Is(err, fault.KindDenied) && !fault.Is(err, fault.KindNotFound) {
				t.Errorf("by %s: %v", name, err)
			}
		}
		if _, err := h.desk.Review(ctx, staff, no, service.Review{Step: "approval", Verdict: service.VerdictMore}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("without a reason: %v", err)
		}
		if _, err := h.desk.Review(ctx, staff, no, service.Review{Step: "approval", Verdict: service.VerdictMore, Reason: "请补租房合同"}); err != nil {
			t.Fatal(err)
		}
		s = h.show(w, no)
		if s.Case.State != cases.Supplying || s.View.Kind != service.ViewForm || !strings.Contains(s.View.Notes[0].Text, "请补租房合同") {
			t.Fatalf("asked for more as %s: %+v", s.Case.State, s.View)
		}
		if _, err := h.desk.Review(ctx, staff, no, accept); !fault.Is(err, fault.KindConflict) {
			t.Errorf("while the resident is asked: %v", err)
		}
		h.answer(w, no, "more_proof", "proof", "合同 3 号")
		if _, err := h.desk.Review(ctx, staff, no, accept); err != nil {
			t.Fatal(err)
		}
		s = h.show(w, no)
		if s.Case.State != cases.Done || s.View.Title != "证号 J1" {
			t.Errorf("ends as %s: %+v", s.Case.State, s.View)
		}
		names := h.pump.Names(no)
		if count(names, "cases.reviewed") != 2 || count(names, "cases.more") != 1 || count(names, "cases.filed") != 2 || count(names, "cases.done") != 1 {
			t.Errorf("told %v", names)
		}
	})
}

// What is not decided in time comes to a person and can still be decided.
func TestReviewIsLate(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, s := atReview(h)
	h.pump.Elapse(10 * 24 * time.Hour)
	if s = h.show(w, s.Case.No); s.Case.State != cases.Stuck {
		t.Fatalf("after its time: %s", s.Case.State)
	}
	if list, err := h.desk.Queue(t.Context(), staffOf(1), []cases.State{cases.Stuck}, cursor.Cursor{}, 0); err != nil || len(list) != 1 {
		t.Errorf("the department sees %d, %v", len(list), err)
	}
	if _, err := h.desk.Decide(t.Context(), staffOf(1), s.Case.No, cases.DecideDone, "就这样吧"); !fault.Is(err, fault.KindConflict) {
		t.Errorf("decided past the review: %v", err)
	}
	if _, err := h.desk.Review(t.Context(), staffOf(1), s.Case.No, service.Review{Step: "approval", Verdict: service.VerdictRefuse, Reason: "不在本市居住"}); err != nil {
		t.Fatal(err)
	}
	if s = h.show(w, s.Case.No); s.Case.State != cases.Refused || s.View.Lead != "不在本市居住" {
		t.Errorf("ends as %s: %+v", s.Case.State, s.View)
	}
}

// An application that is with our own staff can be called off; one that is asked for more and never answered runs out.
func TestReviewIsCalledOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, s := atReview(h)
	if c, err := h.desk.Withdraw(t.Context(), w, s.Case.No); err != nil || c.State != cases.Withdrawn {
		t.Errorf("called off: %s, %v", c.State, err)
	}
	w, s = atReview(h)
	if _, err := h.desk.Review(t.Context(), staffOf(1), s.Case.No, service.Review{Step: "approval", Verdict: service.VerdictMore, Reason: "请补合同"}); err != nil {
		t.Fatal(err)
	}
	h.pump.Elapse(40 * 24 * time.Hour)
	if s = h.show(w, s.Case.No); s.Case.State != cases.Expired {
		t.Errorf("never answered: %s", s.Case.State)
	}
}

// T24: to refuse what much was paid for takes two members of staff; the first one's verdict is a proposal.
func TestRefusingMuchTakesTwo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	paid := strings.NewReplacer("  - supply: more_proof", `  - pay: fee
    amount: "4000"
    payee: office.police.payee
    about: {zh: 工本费, en: Fee}
  - handoff: seen
    office: police
  - supply: more_proof`, "refused: {say", "refused: {refund: fee, say", "answers:\n", `answers:
  seen: {type: choice, label: {zh: 看过, en: Seen}, options: [{value: "yes", label: {zh: 看过, en: "Yes"}}, {value: "no", label: {zh: 没有, en: "No"}}]}
`).Replace(application)
	h.offersFrom(paid, 1)
	ctx, w := t.Context(), h.who(0)
	no := h.open(w, "residence-permit-apply").No
	s := h.answer(w, no, "address", "address", "文三路 1 号", "secret", "无")
	h.pays(s.Order.No)
	h.noticed()
	h.pump.Elapse(time.Minute)
	h.answer(w, no, "seen", "seen", "yes")
	refuse := service.Review{Step: "approval", Verdict: service.VerdictRefuse, Reason: "不在本市居住"}
	if _, err := h.desk.Review(ctx, staffOf(1), no, service.Review{Step: "approval", Verdict: service.VerdictRefuse}); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("proposed without a reason: %v", err)
	}
	c, err := h.desk.Review(ctx, staffOf(1), no, refuse)
	if p, ok := c.Proposal(); err != nil || !ok || c.State != cases.Reviewing || p.Reason != refuse.Reason {
		t.Fatalf("by one: %s, %+v, %v", c.State, p, err)
	}
	if _, err := h.desk.Review(ctx, staffOf(1), no, refuse); fault.Of(err) == nil || fault.Of(err).Code != "cases.second" {
		t.Errorf("the same person agrees: %v", err)
	}
	if _, err := h.desk.Review(ctx, actor.Actor{Kind: actor.Operator, ID: 5}, no, refuse); err != nil {
		t.Fatal(err)
	}
	h.pump.Elapse(time.Hour)
	if s = h.show(w, no); s.Case.State != cases.Refused || h.sums() != 0 {
		t.Errorf("by two: %s, %d fen kept", s.Case.State, h.sums())
	}
}
