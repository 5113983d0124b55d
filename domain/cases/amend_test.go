package cases_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
	"zhijian/testkit"
)

// amendable is the application with a result in which a mistake can be put right, and one that its office makes.
var (
	amendable = strings.NewReplacer("review_by: 2027-06-30\n", `review_by: 2027-06-30
rate: true
amend: {within: 30d, answer: 5w}
`).Replace(application)
	registered = strings.NewReplacer("review_by: 2027-06-30\n", `review_by: 2027-06-30
amend: {within: 30d, answer: 5w}
`, "level: L1", "level: L2", "    asks: [number]\n", "", `  number: {type: text, max: 20, label: {zh: 证号, en: Number}}
`, "", "  - result: done\n", `  - submit: filing
    office: volunteers
    call: cases.file
    with: {name: me.name, citizen_number: me.citizen_number, skill: "'care'", area: address}
    gives: {no: text, filed_at: time}
    settled: cases.settled
    void: cases.void
    refused: {say: {zh: 没有登记上, en: Not registered}}
  - result: done
`, "{number}", "{filing.no}").Replace(application)
)

func doneCase(h *house, definition, address string) (cases.Who, string) {
	h.t.Helper()
	h.offers(definition)
	w := h.who(0)
	c := h.open(w, "residence-permit-apply")
	h.answer(w, c.No, "address", "address", address, "secret", "不给人看")
	if _, err := h.desk.Review(h.t.Context(), staffOf(1), c.No, service.Review{Step: "approval", Verdict: service.VerdictAccept, Values: map[string][]string{"number": {"J1"}}}); err != nil {
		h.t.Fatal(err)
	}
	h.pump.Drain()
	return w, c.No
}

// pointed has the resident point out a mistake, and gives its task.
func pointed(h *house, w cases.Who, no string) string {
	h.t.Helper()
	if _, err := h.desk.AskAmend(h.t.Context(), w, no, "证号应该是 J7"); err != nil {
		h.t.Fatal(err)
	}
	list, err := h.desk.Tasks(h.t.Context(), staffOf(1), cases.TaskFinder{Kind: cases.TaskAmend})
	if err != nil || len(list) != 1 || list[0].Case != no {
		h.t.Fatalf("who decided has %+v, %v", list, err)
	}
	return list[0].No
}

// A mistake in a result is pointed out by its resident and put right by whoever made it; nothing else of the case moves.
func TestAmending(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		w, no := doneCase(h, amendable, "文三路 1 号")
		was := h.show(w, no)
		if a := was.Amending; a == nil || !a.Open || a.Left != 3 || !a.Until.Equal(was.Case.Ended.AddDate(0, 0, 30)) {
			t.Fatalf("can be put right: %+v", a)
		}
		for name, x := range map[string]cases.Who{"another resident": h.who(1), "nobody": {}, "staff": {Actor: staffOf(1)}} {
			if _, err := h.desk.AskAmend(ctx, x, no, "证号应该是 J7"); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("pointed out by %s: %v", name, err)
			}
		}
		for _, said := range []string{"", " 错 ", strings.Repeat("错", 501)} {
			if _, err := h.desk.AskAmend(ctx, w, no, said); code(err) != "amend.said" {
				t.Errorf("%d characters: %v", len(said), err)
			}
		}
		id := pointed(h, w, no)
		if _, err := h.desk.AskAmend(ctx, w, no, "还有一处错"); code(err) != "amend.open" {
			t.Errorf("a second one at once: %v", err)
		}
		verdict := cases.AmendVerdict{Outcome: cases.Amended, Reason: "登记时输错了", Values: map[string][]string{"number": {"J7"}}}
		for name, a := range map[string]actor.Actor{"the resident": w.Actor, "nobody": {}, "another department": staffOf(2)} {
			if _, err := h.desk.AmendBrief(ctx, a, id); !fault.Is(err, fault.KindDenied) && !fault.Is(err, fault.KindNotFound) {
				t.Errorf("read by %s: %v", name, err)
			}
			if _, err := h.desk.DecideAmend(ctx, a, id, verdict); !fault.Is(err, fault.KindDenied) && !fault.Is(err, fault.KindNotFound) {
				t.Errorf("decided by %s: %v", name, err)
			}
		}
		if _, err := h.desk.DecideAppeal(ctx, colleague(1), id, cases.AppealVerdict{Outcome: cases.Upheld, Reason: "决定没有错"}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("as an appeal: %v", err)
		}
		brief, err := h.desk.AmendBrief(ctx, staffOf(1), id)
		if err != nil || brief.Amendment.Said != "证号应该是 J7" || brief.Terms.Title != "证号 J1" || len(brief.Terms.Fields) != 1 || brief.Terms.Fields[0].Value != "J1" || strings.Contains(fmt.Sprintf("%+v", brief), "不给人看") {
			t.Fatalf("the brief: %+v, %v", brief, err)
		}
		for want, v := range map[string]cases.AmendVerdict{
			"amend.outcome": {Reason: "好的"}, "amend.reason": {Outcome: cases.AmendDeclined}, "answer.missing": {Outcome: cases.Amended, Reason: "好的"},
			"service.amend.same": {Outcome: cases.Amended, Reason: "好的", Values: map[string][]string{"number": {"J1"}}},
		} {
			if _, err := h.desk.DecideAmend(ctx, staffOf(1), id, v); code(err) != want {
				t.Errorf("want %s: %v", want, err)
			}
		}
		h.clock.Advance(time.Hour)
		if _, err := h.desk.DecideAmend(ctx, staffOf(1), id, verdict); err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.DecideAmend(ctx, colleague(1), id, verdict); code(err) != "amend.decided" {
			t.Errorf("decided twice: %v", err)
		}
		h.pump.Drain()
		s := h.show(w, no)
		made := s.Case.Remedies.Amendments[0]
		if s.View.Title != "证号 J7" || s.Case.State != cases.Done || !s.Case.Ended.Equal(was.Case.Ended) || s.Case.Summary.Reveal() != "证号 J7" || !s.Case.Remedies.LastAmended().Equal(h.clock.Now()) {
			t.Errorf("put right: %s %+v", s.Case.State, s.View)
		}
		if len(made.Rows) != 1 || made.Rows[0] != (service.Corrected{Label: "证号", Was: "J1", Now: "J7"}) || made.Reason != "登记时输错了" || s.Amending.Left != 2 || !s.Amending.Open {
			t.Errorf("kept as %+v, left %+v", made, s.Amending)
		}
		names := h.pump.Names(no)
		for name, n := range map[string]int{"cases.amend_asked": 1, "cases.amend_decided": 1, "cases.done": 1, "cases.reopened": 0, "cases.reviewed": 1} {
			if count(names, name) != n {
				t.Errorf("%s was told %d times, want %d", name, count(names, name), n)
			}
		}
		if list, err := h.desk.Tasks(ctx, staffOf(1), cases.TaskFinder{}); err != nil || len(list) != 0 {
			t.Errorf("still to do: %+v, %v", list, err)
		}
		var out strings.Builder
		if err := h.desk.Export(ctx, w.Actor, &out); err != nil || !strings.Contains(out.String(), "证号应该是 J7") || strings.Contains(out.String(), staffOf(1).String()) {
			t.Errorf("taken along: %v %s", err, out.String())
		}
		if list, err := h.desk.List(ctx, w.Actor, nil, cursor.Cursor{}, 0); err != nil || list[0].Summary.Reveal() != "证号 J7" {
			t.Errorf("listed as %v, %v", list, err)
		}
	})
}

// What is declined stands, with a reason; three times is enough.
func TestAmendingDeclined(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	ctx := t.Context()
	w, no := doneCase(h, amendable, "文三路 1 号")
	for range 3 {
		if _, err := h.desk.DecideAmend(ctx, staffOf(1), pointed(h, w, no), cases.AmendVerdict{Outcome: cases.AmendDeclined, Reason: "档案上就是这样"}); err != nil {
			t.Fatal(err)
		}
	}
	s := h.show(w, no)
	if s.View.Title != "证号 J1" || s.Amending.Open || s.Amending.Left != 0 || !s.Case.Remedies.LastAmended().IsZero() {
		t.Errorf("declined: %+v %+v", s.View, s.Amending)
	}
	if _, err := h.desk.AskAmend(ctx, w, no, "还是错的"); code(err) != "amend.many" {
		t.Errorf("a fourth time: %v", err)
	}
	// A rating of the case is answered by neither who decided it nor who would not put it right.
	if err := h.desk.Rate(ctx, w, no, cases.Rating{Stars: 1, Reasons: []string{"slow"}}); err != nil {
		t.Fatal(err)
	}
	if list, err := h.desk.Tasks(ctx, staffOf(1), cases.TaskFinder{}); err != nil || len(list) != 0 {
		t.Errorf("who decided sees %+v, %v", list, err)
	}
	if list, err := h.desk.Tasks(ctx, colleague(1), cases.TaskFinder{}); err != nil || len(list) != 1 {
		t.Errorf("a colleague sees %+v, %v", list, err)
	}
}

// Nobody answers in time: the resident is told, the operator sees it and may answer. After its own time nothing can be pointed out.
func TestAmendingIsLate(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	ctx, operator := t.Context(), actor.Actor{Kind: actor.Operator, ID: 5}
	w, no := doneCase(h, amendable, "文三路 1 号")
	id := pointed(h, w, no)
	h.pump.Elapse(9 * 24 * time.Hour)
	if list, err := h.desk.Tasks(ctx, operator, cases.TaskFinder{Overdue: true}); err != nil || len(list) != 1 || !list[0].Late || list[0].Kind != cases.TaskAmend {
		t.Errorf("late: %+v, %v", list, err)
	}
	if n := count(h.pump.Names(no), "cases.overdue"); n != 1 {
		t.Errorf("told %d times", n)
	}
	if _, err := h.desk.DecideAmend(ctx, operator, id, cases.AmendVerdict{Outcome: cases.AmendDeclined, Reason: "档案上就是这样"}); err != nil {
		t.Fatal(err)
	}
	h.pump.Elapse(22 * 24 * time.Hour)
	if _, err := h.desk.AskAmend(ctx, w, no, "还是错的"); code(err) != "amend.late" {
		t.Errorf("after its time: %v", err)
	}
}

// What an office made it puts right itself, and is asked anew; while it is silent, or says what it said, nothing is put right.
func TestAmendingByTheOffice(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	ctx := t.Context()
	w, no := doneCase(h, registered, "文三路 57")
	was := h.show(w, no)
	if was.Case.State != cases.Done || was.Amending == nil || was.Amending.Terms.Office != "部门" {
		t.Fatalf("ends as %s: %+v", was.Case.State, was.Amending)
	}
	id := pointed(h, w, no)
	verdict := cases.AmendVerdict{Outcome: cases.Amended, Reason: "登记系统里已经改好"}
	h.office.block = func(string) error { return fault.Unavailable("office.down", "没有回应") }
	if _, err := h.desk.DecideAmend(ctx, staffOf(1), id, verdict); code(err) != "amend.down" {
		t.Errorf("of a silent office: %v", err)
	}
	h.office.block = func(string) error { return fault.Conflict("office.refused", "查无此人") }
	if _, err := h.desk.DecideAmend(ctx, staffOf(1), id, verdict); code(err) != "amend.unsaid" {
		t.Errorf("of an office that refuses: %v", err)
	}
	h.office.block = nil
	if _, err := h.desk.DecideAmend(ctx, staffOf(1), id, verdict); err != nil {
		t.Fatal(err)
	}
	s := h.show(w, no)
	if s.View.Title != was.View.Title+"G" || h.office.count("cases.file") != 1 || len(s.Case.Remedies.Amendments[0].Rows) != 1 {
		t.Errorf("put right: %s, filed %d times, %+v", s.View.Title, h.office.count("cases.file"), s.Case.Remedies.Amendments[0].Rows)
	}
	if _, err := h.desk.DecideAmend(ctx, staffOf(1), pointed(h, w, no), verdict); code(err) != "service.amend.same" {
		t.Errorf("what the office said before: %v", err)
	}
	if _, err := h.desk.Withdraw(ctx, w, no); err == nil {
		t.Error("a finished case was called off")
	}
}

// A service that says nothing of it, and a case that did not end well, have no result to put right.
func TestAmendingNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, no := refusedCase(h)
	if _, err := h.desk.AskAmend(t.Context(), w, no, "证号应该是 J7"); code(err) != "amend.none" {
		t.Errorf("of a refusal: %v", err)
	}
	if s := h.show(w, no); s.Amending != nil {
		t.Errorf("offered %+v", s.Amending)
	}
	w, no = doneCase(h, application, "文三路 1 号")
	if _, err := h.desk.AskAmend(t.Context(), w, no, "证号应该是 J7"); code(err) != "amend.none" {
		t.Errorf("of a service that says nothing of it: %v", err)
	}
}

// Of many who point out a mistake at once one is heard, and of many who answer it one is: nothing is put right twice.
func TestAmendingAtOnce(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		w, no := doneCase(h, amendable, "文三路 1 号")
		atOnce := func(do func(i int) error, lost string) {
			t.Helper()
			var wg sync.WaitGroup
			errs := make([]error, 6)
			for i := range errs {
				wg.Go(func() { errs[i] = do(i) })
			}
			wg.Wait()
			won := 0
			for _, err := range errs {
				switch {
				case err == nil:
					won++
				case code(err) != lost:
					t.Errorf("lost by %v, want %s", err, lost)
				}
			}
			if won != 1 {
				t.Errorf("%d won", won)
			}
		}
		atOnce(func(int) error { _, err := h.desk.AskAmend(ctx, w, no, "证号应该是 J7"); return err }, "amend.open")
		list, err := h.desk.Tasks(ctx, staffOf(1), cases.TaskFinder{})
		if err != nil || len(list) != 1 {
			t.Fatalf("to do: %+v, %v", list, err)
		}
		atOnce(func(i int) error {
			v := cases.AmendVerdict{Outcome: cases.Amended, Reason: "登记时输错了", Values: map[string][]string{"number": {fmt.Sprint("J", 2+i)}, "address": {"改不了"}, "secret": {"改不了"}}}
			_, err := h.desk.DecideAmend(ctx, staffOf(1), list[0].No, v)
			return err
		}, "amend.decided")
		s := h.show(w, no)
		if a := s.Case.Remedies.Amendments; len(a) != 1 || len(a[0].Rows) != 1 || s.View.Title != "证号 "+a[0].Rows[0].Now || s.Case.Data.Answers["address"] != "文三路 1 号" || s.Case.Data.Answers["secret"] != "不给人看" {
			t.Errorf("put right: %s, %+v", s.View.Title, a)
		}
		if n := count(h.pump.Names(no), "cases.amend_decided"); n != 1 {
			t.Errorf("told %d times", n)
		}
	})
}
