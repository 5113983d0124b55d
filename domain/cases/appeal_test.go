package cases_test

import (
	"strings"
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/testkit"
)

// appealable is the application with what can be done about it.
var appealable = strings.NewReplacer("review_by: 2027-06-30\n", `review_by: 2027-06-30
rate: true
correct: {answers: [address], until: approval}
appeal: {within: 10w, answer: 5w, act: true}
`).Replace(application)

func atAppealable(h *house) (cases.Who, string) {
	h.t.Helper()
	h.offers(appealable)
	w := h.who(0)
	c := h.open(w, "residence-permit-apply")
	h.answer(w, c.No, "address", "address", "文三路 1 号", "secret", "不给人看")
	return w, c.No
}

// colleague is another member of the same department.
func colleague(n int64) actor.Actor {
	a := staffOf(n)
	a.ID += 100
	return a
}

func refusedCase(h *house) (cases.Who, string) {
	h.t.Helper()
	w, no := atAppealable(h)
	if _, err := h.desk.Review(h.t.Context(), staffOf(1), no, service.Review{Step: "approval", Verdict: service.VerdictRefuse, Reason: "不在本市居住"}); err != nil {
		h.t.Fatal(err)
	}
	h.pump.Drain()
	return w, no
}

func code(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Code
	}
	return ""
}

// What a resident puts right is seen old and new by who decides, who must have seen it.
func TestCorrecting(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		w, no := atAppealable(h)
		if s := h.show(w, no); len(s.Corrects) != 1 || s.Corrects[0].Value != "文三路 1 号" {
			t.Fatalf("can put right %+v", s.Corrects)
		}
		if _, err := h.desk.Correct(ctx, h.who(1), no, map[string][]string{"address": {"x"}}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody else: %v", err)
		}
		for range 2 { // the second time it stands already
			if _, err := h.desk.Correct(ctx, w, no, map[string][]string{"address": {"文三路 9 号"}, "secret": {"改不了"}}); err != nil {
				t.Fatal(err)
			}
		}
		seen, err := h.desk.Read(ctx, staffOf(1), no, "handling")
		if err != nil || len(seen.Case.Remedies.Corrections) != 1 || seen.Brief.Rows[0].Value != "文三路 9 号" || seen.Brief.Corrected != 1 {
			t.Fatalf("staff see %+v, %v", seen.Case.Remedies, err)
		}
		if r := seen.Case.Remedies.Corrections[0].Rows; len(r) != 1 || r[0] != (service.Corrected{Label: "住址", Was: "文三路 1 号", Now: "文三路 9 号"}) {
			t.Errorf("old and new: %+v", r)
		}
		accept := service.Review{Step: "approval", Verdict: service.VerdictAccept, Values: map[string][]string{"number": {"J1"}}}
		if _, err := h.desk.Review(ctx, staffOf(1), no, accept); code(err) != "review.corrected" {
			t.Errorf("decided without having seen it: %v", err)
		}
		accept.Corrected = 1
		if _, err := h.desk.Review(ctx, staffOf(1), no, accept); err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.Correct(ctx, w, no, map[string][]string{"address": {"x"}}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("after the end: %v", err)
		}
		if n := count(h.pump.Names(no), "cases.corrected"); n != 1 {
			t.Errorf("told %d times", n)
		}
	})
}

// An appeal goes to somebody else, once, and can end in what was asked for.
func TestAppeal(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		w, no := refusedCase(h)
		o := h.show(w, no).Objection
		if o == nil || !o.Open || !o.Terms.Act || !o.Until.After(h.clock.Now().Add(13*24*time.Hour)) {
			t.Fatalf("objection %+v", o)
		}
		for name, x := range map[string]cases.Who{"another resident": h.who(1), "nobody": {}} {
			if _, err := h.desk.Appeal(ctx, x, no, "我住在本市"); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("by %s: %v", name, err)
			}
		}
		if _, err := h.desk.Appeal(ctx, w, no, "不"); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("without reasons: %v", err)
		}
		f, err := h.desk.Upload(ctx, w, no, cases.AppealPage, cases.AppealPage, "合同.jpg", photo(t, 40))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.Appeal(ctx, w, no, "我在本市住了三年，有合同"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.Appeal(ctx, w, no, "我在本市住了三年，有合同"); code(err) != "appeal.once" {
			t.Errorf("twice: %v", err)
		}
		list, err := h.desk.Tasks(ctx, colleague(1), cases.TaskFinder{Kind: cases.TaskAppeal})
		if err != nil || len(list) != 1 || list[0].Case != no {
			t.Fatalf("the colleague has %+v, %v", list, err)
		}
		id := list[0].No
		verdict := cases.AppealVerdict{Outcome: cases.Changed, Reason: "合同能证明居住", Values: map[string][]string{"number": {"J7"}}}
		if own, err := h.desk.Tasks(ctx, staffOf(1), cases.TaskFinder{}); err != nil || len(own) != 0 {
			t.Errorf("who decided has %+v, %v", own, err)
		}
		if _, err := h.desk.DecideAppeal(ctx, staffOf(1), id, verdict); code(err) != "appeal.own" {
			t.Errorf("by who decided: %v", err)
		}
		if _, err := h.desk.AppealBrief(ctx, staffOf(1), id); code(err) != "appeal.own" {
			t.Errorf("read by who decided: %v", err)
		}
		if _, _, err := h.desk.ReadFile(ctx, staffOf(1), no, f.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("its file, by who decided: %v", err)
		}
		if _, err := h.desk.DecideAppeal(ctx, staffOf(2), id, verdict); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("by another department: %v", err)
		}
		if _, err := h.desk.DecideAppeal(ctx, w.Actor, id, verdict); !fault.Is(err, fault.KindDenied) {
			t.Errorf("by the resident: %v", err)
		}
		brief, err := h.desk.AppealBrief(ctx, colleague(1), id)
		if err != nil || brief.Appeal.Reasons != "我在本市住了三年，有合同" || len(brief.Appeal.Files) != 1 || brief.Refusal != "不在本市居住" || len(brief.Fields) != 1 || brief.Rows[0].Value != "文三路 1 号" {
			t.Fatalf("the brief: %+v, %v", brief, err)
		}
		if _, _, err := h.desk.ReadFile(ctx, colleague(1), no, f.ID); err != nil {
			t.Errorf("its file: %v", err)
		}
		if _, err := h.desk.DecideAppeal(ctx, colleague(1), id, cases.AppealVerdict{Outcome: cases.Changed, Reason: "好"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("without reason or number: %v", err)
		}
		if _, err := h.desk.DecideAppeal(ctx, colleague(1), id, verdict); err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.DecideAppeal(ctx, colleague(1), id, verdict); err == nil {
			t.Error("decided twice")
		}
		h.pump.Drain()
		s := h.show(w, no)
		if s.Case.State != cases.Done || s.View.Title != "证号 J7" || s.Objection != nil {
			t.Errorf("ends as %s: %+v", s.Case.State, s.View)
		}
		names := h.pump.Names(no)
		for name, n := range map[string]int{"cases.appealed": 1, "cases.appeal_decided": 1, "cases.reopened": 1, "cases.refused": 1, "cases.done": 1} {
			if count(names, name) != n {
				t.Errorf("%s was told %d times, want %d", name, count(names, name), n)
			}
		}
	})
}

// What is sent back is decided anew by somebody else; a new refusal is a new decision, which can be appealed against once more.
func TestAppealSentBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	ctx := t.Context()
	w, no := refusedCase(h)
	appeal := func() string {
		t.Helper()
		if _, err := h.desk.Appeal(ctx, w, no, "我在本市住了三年"); err != nil {
			t.Fatal(err)
		}
		list, err := h.desk.Tasks(ctx, actor.Actor{Kind: actor.Operator, ID: 5}, cases.TaskFinder{})
		if err != nil || len(list) != 1 {
			t.Fatalf("tasks %+v, %v", list, err)
		}
		return list[0].No
	}
	if _, err := h.desk.DecideAppeal(ctx, colleague(1), appeal(), cases.AppealVerdict{Outcome: cases.Back, Reason: "没有看合同，重新审核"}); err != nil {
		t.Fatal(err)
	}
	if s := h.show(w, no); s.Case.State != cases.Reviewing || !s.Case.Ended.IsZero() {
		t.Fatalf("sent back as %s", s.Case.State)
	}
	refuse := service.Review{Step: "approval", Verdict: service.VerdictRefuse, Reason: "合同过期了"}
	if _, err := h.desk.Review(ctx, staffOf(1), no, refuse); code(err) != "appeal.again" {
		t.Errorf("decided anew by the same person: %v", err)
	}
	third := colleague(1)
	third.ID++
	h.clock.Advance(time.Hour)
	if _, err := h.desk.Review(ctx, third, no, refuse); err != nil {
		t.Fatal(err)
	}
	id := appeal()
	for name, a := range map[string]actor.Actor{"the first": staffOf(1), "the second": colleague(1), "the third": third} {
		if _, err := h.desk.DecideAppeal(ctx, a, id, cases.AppealVerdict{Outcome: cases.Upheld, Reason: "决定没有错"}); code(err) != "appeal.own" {
			t.Errorf("by %s who decided: %v", name, err)
		}
	}
	h.pump.Elapse(10 * 24 * time.Hour)
	if list, err := h.desk.Tasks(ctx, actor.Actor{Kind: actor.Operator, ID: 5}, cases.TaskFinder{Overdue: true}); err != nil || len(list) != 1 || !list[0].Late {
		t.Errorf("late: %+v, %v", list, err)
	}
	if _, err := h.desk.DecideAppeal(ctx, actor.Actor{Kind: actor.Operator, ID: 5}, id, cases.AppealVerdict{Outcome: cases.Upheld, Reason: "决定没有错"}); err != nil {
		t.Fatal(err)
	}
	s := h.show(w, no)
	if s.Case.State != cases.Refused || s.Objection == nil || s.Objection.Open || s.Objection.Made == nil || s.Objection.Made.Outcome != cases.Upheld {
		t.Errorf("upheld: %s, %+v", s.Case.State, s.Objection)
	}
}

func TestAppealIsLate(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, no := refusedCase(h)
	h.pump.Elapse(30 * 24 * time.Hour)
	if _, err := h.desk.Appeal(t.Context(), w, no, "我住在本市"); code(err) != "appeal.late" {
		t.Errorf("after its time: %v", err)
	}
	if _, err := h.desk.Upload(t.Context(), w, no, cases.AppealPage, cases.AppealPage, "a.jpg", photo(t, 40)); code(err) != "appeal.late" {
		t.Errorf("a file after its time: %v", err)
	}
}
