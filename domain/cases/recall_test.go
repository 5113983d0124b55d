package cases_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/cases"
	"zhijian/ground/fault"
	"zhijian/testkit"
)

// permit is paid for, filed with the imitation office, which is asked how far it is, and can be taken back while it works.
const permit = `
id: residence-permit-apply
version: 1
name: {zh: 居住证, en: A permit}
about: {zh: 申领居住证。, en: Applies for a permit.}
sector: f01
group: police
type: application
how: online
owner: residence_permits
fee: {zh: 10 元, en: ¥10}
promise: {text: {zh: 十五天, en: Fifteen days}}
review_by: 2027-06-30
recall: {until: progress}
answers:
  address: {type: place, label: {zh: 住址, en: Address}}
steps:
  - form: [address]
    title: {zh: 住在哪里, en: Where}
    level: L2
  - pay: fee
    amount: "1000"
    payee: "'财政局'"
    about: {zh: 工本费, en: Fee}
  - submit: filing
    office: residence_permits
    call: cases.file
    with: {name: me.name, citizen_number: me.citizen_number, address: address, reason: "'work'"}
    gives: {no: text}
    settled: cases.settled
    void: cases.void
    tries: 3
    refused: {refund: fee, say: {zh: 没有受理, en: Not taken}}
  - wait: progress
    office: residence_permits
    call: cases.progress
    with: {no: filing.no}
    every: 30m
    until: progress.state in ['accepted', 'refused']
    gives: {state: text}
    within: 5w
  - result: done
    say: {zh: 办好了, en: Done}
    good: true
tests:
  - {name: it begins, as: L2, expect: {view: form}}
`

// permitFiled opens a permit, pays for it and has it filed; the office says what it says to an address.
func (h *house) permitFiled(address string) (cases.Who, string) {
	h.t.Helper()
	h.offers(permit)
	w := h.who(0)
	c := h.open(w, "residence-permit-apply")
	s := h.answer(w, c.No, "address", "address", address)
	h.pays(s.Order.No)
	h.noticed()
	h.pump.Drain()
	if s = h.show(w, c.No); s.Case.State != cases.Filing || !s.Recallable || s.Withdrawable() || h.sums() != 1000 {
		h.t.Fatalf("filed as %s, can be taken back %v", s.Case.State, s.Recallable)
	}
	return w, c.No
}

func (h *house) withdraw(w cases.Who, no string) cases.Case {
	h.t.Helper()
	c, err := h.desk.Withdraw(h.t.Context(), w, no)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// What was filed is taken back: the office is asked first and lets go, then the money is back, and the case ends once.
func TestFiledCaseIsTakenBack(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, no := h.permitFiled("文三路 1 号")
		if _, err := h.desk.Withdraw(t.Context(), h.who(1), no); !fault.Is(err, fault.KindNotFound) {
			t.Fatalf("somebody else takes it back: %v", err)
		}
		for range 2 { // pressed twice
			if c := h.withdraw(w, no); c.State != cases.Recalling {
				t.Fatalf("taken back it is %s", c.State)
			}
		}
		if h.sums() != 1000 {
			t.Error("the money went back before the office let go")
		}
		h.pump.Drain()
		h.pump.Elapse(time.Minute)
		h.pump.Replay()
		h.pump.Drain()
		s := h.show(w, no)
		if s.Case.State != cases.Withdrawn || !s.Case.Recalled() || s.View.Title != "已经撤回" || h.sums() != 0 {
			t.Fatalf("ends as %s, %q, the channel keeps %d", s.Case.State, s.View.Title, h.sums())
		}
		if n := h.office.count("cases.void"); n != 1 {
			t.Errorf("the office was asked %d times", n)
		}
		want := []string{"opened", "paying", "paid", "filed", "asked", "recalling", "refunding", "refunded", "letgo"}
		if diff := cmp.Diff(want, codes(s.Case)); diff != "" {
			t.Errorf("timeline differs (-want +got):\n%s", diff)
		}
		names := h.pump.Names(no)
		for _, name := range []string{"cases.recalling", "cases.withdrawn", "cases.refunded"} {
			if n := count(names, name); n != 1 {
				t.Errorf("%s came %d times", name, n)
			}
		}
		if count(names, "cases.refused")+count(names, "cases.done") > 0 {
			t.Errorf("told %v", names)
		}
		if r := s.Case.Remedies.Recalls; len(r) != 1 || r[0].Outcome != cases.RecallLetGo || r[0].Answered.IsZero() {
			t.Errorf("recorded %+v", r)
		}
		if err := h.desk.Rate(t.Context(), w, no, cases.Rating{Stars: 5}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a case that was taken back is rated: %v", err)
		}
		if c := h.withdraw(w, no); c.State != cases.Withdrawn {
			t.Errorf("once more: %s", c.State)
		}
	})
}

// An office that has gone too far keeps the case: it goes on as it was, and its resident reads why.
func TestOfficeKeepsWhatWasFiled(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, no := h.permitFiled("文三路 1 号")
		h.pump.Elapse(12 * time.Minute) // the permit is made; the house asks only every half an hour
		h.withdraw(w, no)
		h.pump.Drain()
		s := h.show(w, no)
		if s.Case.State != cases.Filing || len(s.View.Notes) == 0 || s.View.Notes[0].Text != "部门没有同意撤回：已经制证，不能撤回" || h.sums() != 1000 {
			t.Fatalf("kept it is %s, notes %+v", s.Case.State, s.View.Notes)
		}
		r := s.Case.Remedies.Recalls
		if len(r) != 1 || r[0].Outcome != cases.RecallKept || r[0].Reason != "已经制证，不能撤回" {
			t.Errorf("recorded %+v", r)
		}
		h.pump.Elapse(time.Hour)
		s = h.show(w, no)
		if want := []string{"opened", "paying", "paid", "filed", "asked", "recalling", "kept", "done"}; s.Case.State != cases.Done || cmp.Diff(want, codes(s.Case)) != "" {
			t.Errorf("ends as %s: %v", s.Case.State, codes(s.Case))
		}
		names := h.pump.Names(no)
		if count(names, "cases.recall_kept") != 1 || count(names, "cases.filed") != 1 || count(names, "cases.withdrawn") != 0 {
			t.Errorf("told %v", names)
		}
	})
}

// An office that says nothing is asked again under the same key, then a person looks: staff can have it asked once more.
func TestSilentOfficeIsAskedAgainToLetGo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, no := h.permitFiled("文三路 1 号")
	h.office.block = func(call string) error {
		if call == "cases.void" {
			return fault.Unavailable("office.down", "没有回应")
		}
		return nil
	}
	h.withdraw(w, no)
	h.pump.Drain()
	if s := h.show(w, no); s.Case.State != cases.Recalling || !s.View.Down {
		t.Fatalf("while the office is silent: %s, down %v", s.Case.State, s.View.Down)
	}
	h.pump.Elapse(time.Minute)
	s := h.show(w, no)
	if s.Case.State != cases.Stuck || count(h.pump.Names(no), "cases.stuck") != 1 {
		t.Fatalf("after a minute: %s", s.Case.State)
	}
	if c := h.withdraw(w, no); c.State != cases.Stuck {
		t.Errorf("pressed again: %s", c.State)
	}
	seen, err := h.desk.Read(t.Context(), staffOf(1), no, "handling")
	if err != nil || !seen.Case.Data.Recalling() || len(seen.Case.Remedies.Recalls) != 1 {
		t.Errorf("staff see phase %q, %v", seen.Case.Data.Phase, err)
	}
	h.office.block = nil
	if _, err := h.desk.Decide(t.Context(), staffOf(1), no, cases.DecideRetry, "系统恢复了"); err != nil {
		t.Fatal(err)
	}
	h.pump.Elapse(time.Minute)
	s = h.show(w, no)
	if s.Case.State != cases.Withdrawn || h.sums() != 0 || count(h.pump.Names(no), "cases.withdrawn") != 1 {
		t.Errorf("ends as %s, the channel keeps %d", s.Case.State, h.sums())
	}
}

// What is stuck while it is taken back can be settled by staff: the office did it all the same, and the reason is kept with the case.
func TestStaffSettleWhatIsTakenBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, no := h.permitFiled("文三路 1 号")
	h.office.block = func(string) error { return fault.Unavailable("office.down", "没有回应") }
	h.withdraw(w, no)
	h.pump.Elapse(time.Hour)
	if _, err := h.desk.Decide(t.Context(), staffOf(1), no, cases.DecideDone, "证已经做好了"); err != nil {
		t.Fatal(err)
	}
	s := h.show(w, no)
	if r := s.Case.Remedies.Recalls; s.Case.State != cases.Done || r[0].Outcome != cases.RecallKept || r[0].Reason != "证已经做好了" || h.sums() != 1000 {
		t.Errorf("ends as %s: %+v", s.Case.State, r)
	}
}

// After a crash behind any write the office is asked again, under the same key, and nothing happens twice.
func TestCrashWhileTakenBack(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 6; n++ {
		h := newHouse(t, testkit.Database(t))
		w, no := h.permitFiled("文三路 1 号")
		h.crash.arm(n)
		_, _ = h.desk.Withdraw(t.Context(), w, no)
		for range 5 {
			h.pump.Elapse(time.Minute)
		}
		h.crash.arm(0)
		h.withdraw(w, no) // who saw a failing page presses again
		h.pump.Elapse(time.Hour)
		h.pump.Replay()
		h.pump.Drain()
		s, names := h.show(w, no), h.pump.Names(no)
		if s.Case.State != cases.Withdrawn || h.sums() != 0 || count(names, "cases.withdrawn") != 1 || count(names, "cases.recalling") != 1 {
			t.Errorf("after a crash behind write %d: %s, %d fen kept, %v", n, s.Case.State, h.sums(), names)
		}
	}
}

// Without "recall" in the definition what is filed stays filed.
func TestFiledCaseStaysWithoutRecall(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	h.offers(letter)
	w := h.who(0)
	c := h.open(w, "licence-letter")
	s := h.answer(w, c.No, "remark", "remark", "请快")
	if s.Recallable {
		t.Error("it can be taken back")
	}
	if _, err := h.desk.Withdraw(t.Context(), w, c.No); fault.Of(err) == nil || fault.Of(err).Code != "cases.filed" {
		t.Errorf("taken back: %v", err)
	}
}
