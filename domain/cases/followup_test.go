package cases_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/testkit"
)

var operator = actor.Actor{Kind: actor.Operator, ID: 5}

// ratedBadly is a case that staff decided and its resident rated badly, with the number of its follow-up.
func ratedBadly(h *house) (cases.Who, string, string) {
	h.t.Helper()
	w, no := atAppealable(h)
	ctx := h.t.Context()
	if _, err := h.desk.Review(ctx, staffOf(1), no, service.Review{Step: "approval", Verdict: service.VerdictAccept, Values: map[string][]string{"number": {"J1"}}}); err != nil {
		h.t.Fatal(err)
	}
	if err := h.desk.Rate(ctx, w, no, cases.Rating{Stars: 2, Reasons: []string{"slow"}, Text: "等了两个月"}); err != nil {
		h.t.Fatal(err)
	}
	h.pump.Drain()
	list, err := h.desk.Tasks(ctx, colleague(1), cases.TaskFinder{Kind: cases.TaskFollowup})
	if err != nil || len(list) != 1 {
		h.t.Fatalf("tasks %+v, %v", list, err)
	}
	return w, no, list[0].No
}

// A bad rating is answered without anybody at the department learning whose it is.
func TestFollowup(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		w, no, id := ratedBadly(h)
		for name, a := range map[string]actor.Actor{"who decided": staffOf(1), "another department": colleague(2)} {
			if _, err := h.desk.Followup(ctx, a, id); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s sees it: %v", name, err)
			}
			if err := h.desk.AnswerRating(ctx, a, id, "已经改了流程"); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s answers it: %v", name, err)
			}
		}
		if list, err := h.desk.Tasks(ctx, staffOf(1), cases.TaskFinder{}); err != nil || len(list) != 0 {
			t.Errorf("who decided has %+v, %v", list, err)
		}
		f, err := h.desk.Followup(ctx, colleague(1), id)
		if err != nil || f.Stars != 2 || f.Text != "等了两个月" {
			t.Fatalf("the follow-up: %+v, %v", f, err)
		}
		if all := fmt.Sprintf("%+v", f); strings.Contains(all, no) || strings.Contains(all, fmt.Sprint(h.people[0].ID)) {
			t.Errorf("it tells whose it is: %s", all)
		}
		// The case's own page tells staff nothing of it either.
		if seen, err := h.desk.Read(ctx, staffOf(1), no, "handling"); err != nil || seen.Case.Rating != nil || seen.Case.Remedies.Followup != nil || strings.Contains(fmt.Sprint(codes(seen.Case)), "rated") {
			t.Errorf("the case tells who decided of the rating: %v, %v", codes(seen.Case), err)
		}
		if err := h.desk.Settle(ctx, w, no, true); code(err) != "followup.early" {
			t.Errorf("settled before an answer: %v", err)
		}
		if err := h.desk.Contact(ctx, colleague(1), id, "短"); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a word: %v", err)
		}
		if err := h.desk.Contact(ctx, colleague(1), id, "您好，我们在核实等待时间"); err != nil {
			t.Fatal(err)
		}
		if err := h.desk.AnswerRating(ctx, colleague(1), id, "已经加了窗口，向您道歉"); err != nil {
			t.Fatal(err)
		}
		if err := h.desk.AnswerRating(ctx, colleague(1), id, "已经加了窗口，向您道歉"); !fault.Is(err, fault.KindConflict) {
			t.Errorf("answered twice: %v", err)
		}
		if err := h.desk.Settle(ctx, h.who(1), no, true); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody else settles it: %v", err)
		}
		if err := h.desk.Settle(ctx, w, no, true); err != nil {
			t.Fatal(err)
		}
		if err := h.desk.Settle(ctx, w, no, false); code(err) != "followup.settled" {
			t.Errorf("settled twice: %v", err)
		}
		by, err := h.desk.Ratings(ctx, hangzhou)
		if got, want := by["residence-permit-apply"], (cases.Stars{Count: 1, Sum: 2, Asked: 1, InTime: 1}); err != nil || got != want {
			t.Errorf("figures %+v, want %+v, %v", got, want, err)
		}
		h.pump.Elapse(60 * 24 * time.Hour) // alarms that are left over change nothing
		if f, _ := h.desk.Followup(ctx, colleague(1), id); f.Late || f.Settled != "yes" {
			t.Errorf("afterwards %+v", f)
		}
	})
}

// Not settled: the operator answers, and that is the end of it.
func TestFollowupIsNotSettled(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	ctx := t.Context()
	w, no, id := ratedBadly(h)
	if err := h.desk.AnswerRating(ctx, colleague(1), id, "流程没有问题"); err != nil {
		t.Fatal(err)
	}
	if err := h.desk.Settle(ctx, w, no, false); err != nil {
		t.Fatal(err)
	}
	if err := h.desk.AnswerRating(ctx, colleague(1), id, "流程真的没有问题"); code(err) != "followup.second" {
		t.Errorf("the department answers again: %v", err)
	}
	if err := h.desk.AnswerRating(ctx, operator, id, "部门确实拖了，已经要求改"); err != nil {
		t.Fatal(err)
	}
	if list, err := h.desk.Tasks(ctx, operator, cases.TaskFinder{}); err != nil || len(list) != 0 {
		t.Errorf("left over: %+v, %v", list, err)
	}
	if f := h.show(w, no).Case.Remedies.Followup; f.Answer != "部门确实拖了，已经要求改" || f.Level != 2 || !f.InTime {
		t.Errorf("ends as %+v", f)
	}
}

// Nobody gets in touch, nobody answers: both are seen by the operator, and both count.
func TestFollowupIsLate(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	ctx := t.Context()
	_, no, id := ratedBadly(h)
	h.pump.Elapse(4 * 24 * time.Hour)
	list, err := h.desk.Tasks(ctx, operator, cases.TaskFinder{Kind: cases.TaskFollowup, Overdue: true})
	if err != nil || len(list) != 1 || !list[0].Late {
		t.Fatalf("overdue: %+v, %v", list, err)
	}
	if by, _ := h.desk.Ratings(ctx, hangzhou); by["residence-permit-apply"].Asked != 0 {
		t.Error("it counts as not answered before its time is over")
	}
	h.pump.Elapse(30 * 24 * time.Hour)
	if n := count(h.pump.Names(no), "cases.overdue"); n != 2 {
		t.Errorf("told %d times that it ran out", n)
	}
	if err := h.desk.AnswerRating(ctx, operator, id, "对不起，拖得太久了"); err != nil {
		t.Fatal(err)
	}
	if by, err := h.desk.Ratings(ctx, hangzhou); err != nil || by["residence-permit-apply"] != (cases.Stars{Count: 1, Sum: 2, Asked: 1}) {
		t.Errorf("figures %+v, %v", by, err)
	}
}

// A rating that is made better within its day is not followed up; made worse again it is.
func TestFollowupIsDropped(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	ctx := t.Context()
	w, no, id := ratedBadly(h)
	for _, c := range []struct{ stars, open int }{{4, 0}, {1, 1}} {
		if err := h.desk.Rate(ctx, w, no, cases.Rating{Stars: c.stars}); err != nil {
			t.Fatal(err)
		}
		if list, err := h.desk.Tasks(ctx, colleague(1), cases.TaskFinder{}); err != nil || len(list) != c.open {
			t.Errorf("%d stars: %+v, %v", c.stars, list, err)
		}
	}
	if _, err := h.desk.Followup(ctx, colleague(1), id); err != nil {
		t.Error(err)
	}
}
