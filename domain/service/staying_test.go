package service_test

import (
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
)

// permit rides the application of testdata/permit.yaml.
func permit(t *testing.T) *rider {
	t.Helper()
	d := permitDefinition(t)
	offer := service.Offer{City: "330100", Definition: d, Department: "杭州公安（演示）", Offices: map[string]service.Office{
		"police": {System: "police", Name: service.Text{Zh: "杭州公安"}}, "post": {System: "post", Name: service.Text{Zh: "邮政"}},
		"insurance": {System: "insurance", Name: service.Text{Zh: "社保局"}, Site: "https://www.example.gov.cn/"},
	}}
	return ride(t, d, offer, "")
}

func permitDefinition(t *testing.T) *service.Definition {
	t.Helper()
	src, err := os.ReadFile("testdata/permit.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d, problems := service.Load("permit.yaml", src)
	if d == nil {
		t.Fatal(problems)
	}
	return d
}

// atProgress is an application that is filed and asked about by turns.
func atProgress(t *testing.T) *rider {
	t.Helper()
	r := permit(t)
	r.answer("address", "文三路 1 号")
	if v := r.view(); v.Instead == nil || !v.Instead.Away || v.Instead.Href != "https://www.example.gov.cn/register" || v.Fields[0].Name != "insured" {
		t.Fatalf("the way to the other site: %+v", v)
	}
	r.answer("insured", "done")
	r.answer()
	r.hear(service.OutcomeAnswered, map[string]any{"no": "S1"})
	return r
}

func atReview(t *testing.T) *rider {
	t.Helper()
	r := atProgress(t)
	r.hear(service.OutcomeAnswered, map[string]any{"state": "checked"})
	if r.d.Stand(r.s) != service.StandReviewing {
		t.Fatalf("stands %s", r.d.Stand(r.s))
	}
	return r
}

func TestAnOfficeIsAskedByTurns(t *testing.T) {
	t.Parallel()
	r := atProgress(t)
	e := r.awaits(service.EffectAsk)
	if e.Call != "permit.progress" || e.With["no"] != "S1" || e.After != 0 || r.d.Stand(r.s) != service.StandFiling {
		t.Fatalf("asks %+v, stands %s", e, r.d.Stand(r.s))
	}
	r.hear(service.OutcomeAnswered, map[string]any{"state": "taken"})
	if e := r.awaits(service.EffectAsk); e.After != time.Hour || e.Attempt != 2 {
		t.Fatalf("asks again after %s, attempt %d", e.After, e.Attempt)
	}
	if v := r.view(); v.Kind != service.ViewWait || v.Rows[0].Value != "taken" || v.Down {
		t.Fatalf("shows %+v", v)
	}
	r.hear(service.OutcomeDown, nil)
	if v := r.view(); v.Down || v.Stuck || v.Rows[0].Value != "taken" {
		t.Fatalf("a silent office takes away what is known: %+v", v)
	}
	// Ten working days are over at the end of 8 December.
	r.env.Now = time.Date(2026, 12, 9, 0, 0, 0, 0, clock.Shanghai)
	r.hear(service.OutcomeAnswered, map[string]any{"state": "taken"})
	if !r.s.Stuck || r.d.Stand(r.s) != service.StandStuck {
		t.Fatal("nobody looks after the time is over")
	}
	// The office may still say by itself that it is done.
	r.do(service.Outcome{Kind: service.OutcomeAnswered, Step: "progress", Data: map[string]any{"state": "checked"}})
	if r.s.Stuck || r.d.Stand(r.s) != service.StandReviewing {
		t.Fatalf("a late event does not count: %+v", r.d.Stand(r.s))
	}
}

func TestAnOfficeAsksForMore(t *testing.T) {
	t.Parallel()
	r := atProgress(t)
	r.hear(service.OutcomeAnswered, map[string]any{"state": "taken", "more": "请补租房合同"})
	v := r.view()
	if r.d.Stand(r.s) != service.StandSupplying || v.Kind != service.ViewForm || v.Fields[0].Name != "proof" || !strings.Contains(v.Notes[0].Text, "请补租房合同") {
		t.Fatalf("stands %s, shows %+v", r.d.Stand(r.s), v)
	}
	r.answer("proof", "合同")
	e := r.awaits(service.EffectFile)
	if e.Key != "0CASE/filing/2" || e.With["proof"] != "合同" {
		t.Fatalf("files again as %+v", e)
	}
}

func TestReview(t *testing.T) {
	t.Parallel()
	r := atReview(t)
	brief, ok := r.d.Brief(r.s, r.env)
	if !ok || brief.Rows[0].Value != "文三路 1 号" || brief.Fields[0].Name != "number" || !brief.More || !brief.Until.Equal(time.Date(2026, 12, 2, 0, 0, 0, 0, clock.Shanghai)) {
		t.Fatalf("staff see %+v", brief)
	}
	if v := r.view(); v.Kind != service.ViewWait || v.Title != "杭州公安（演示）正在审核" || len(v.Rows) > 0 {
		t.Fatalf("the resident sees %+v", v)
	}
	for name, in := range map[string]service.Review{
		"review.reason":  {Verdict: service.VerdictRefuse, Reason: " "},
		"answer.missing": {Verdict: service.VerdictAccept},
		"review.verdict": {Verdict: "perhaps"},
		"service.step":   {Step: "check", Verdict: service.VerdictAccept},
	} {
		if in.Step == "" {
			in.Step = "approval"
		}
		if err := r.try(in); fault.Of(err) == nil || !strings.Contains(codes(err), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r.do(service.Review{Step: "approval", Verdict: service.VerdictMore, Reason: "看不清"})
	if r.d.Stand(r.s) != service.StandSupplying || r.s.Facts["filing"] != nil {
		t.Fatalf("stands %s with %v", r.d.Stand(r.s), r.s.Facts)
	}
	r.answer("proof", "合同")
	r.hear(service.OutcomeAnswered, map[string]any{"no": "S2"})
	r.hear(service.OutcomeAnswered, map[string]any{"state": "checked"})
	r.do(service.Review{Step: "approval", Verdict: service.VerdictAccept, Values: map[string][]string{"number": {"J9"}}})
	if e := r.awaits(service.EffectAsk); e.Call != "parcel.track" || e.With["number"] != "J9" {
		t.Fatalf("after the review: %+v", e)
	}
	// A verdict comes once.
	if err := r.try(service.Review{Step: "approval", Verdict: service.VerdictAccept}); !fault.Is(err, fault.KindConflict) {
		t.Error("a second verdict counts", err)
	}
	when := "2026-11-25T09:00:00+08:00"
	r.hear(service.OutcomeAnswered, map[string]any{"carrier": "EMS", "number": "J9", "state": "underway", "at": when, "events": []any{map[string]any{"at": when, "text": "已揽收"}}})
	if v := r.view(); v.Rows[0].Value != "已揽收" {
		t.Fatalf("the parcel: %+v", v)
	}
	r.hear(service.OutcomeAnswered, map[string]any{"state": "signed", "number": "J9"})
	if v := r.view(); r.s.End != "done" || v.Title != "证号 J9" || r.d.Stand(r.s) != service.StandDone {
		t.Fatalf("ends %q: %+v", r.s.End, v)
	}
}

func codes(err error) string {
	var all []string
	for _, f := range fault.Of(err).All() {
		all = append(all, f.Code)
	}
	return strings.Join(all, " ")
}

// TestAResultThatRefuses: an office may take a case and say no in the end; lists say so.
func TestAResultThatRefuses(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("testdata/permit.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d, problems := service.Load("permit.yaml", []byte(strings.Replace(string(src), "  - result: returned\n", "  - result: returned\n    refused: true\n", 1)))
	if d == nil {
		t.Fatal(problems)
	}
	for end, want := range map[string]service.Stand{"returned": service.StandRefused, "done": service.StandDone, "stopped": service.StandAnswered} {
		if got := d.Stand(service.State{End: end}); got != want {
			t.Errorf("%s stands %s, want %s", end, got, want)
		}
	}
}

func TestReviewRefuses(t *testing.T) {
	t.Parallel()
	r := atReview(t)
	r.do(service.Review{Step: "approval", Verdict: service.VerdictRefuse, Reason: "不在本市居住"})
	if v := r.view(); r.s.End != service.EndRefused || v.Title != "没有批准" || v.Lead != "不在本市居住" || r.d.Stand(r.s) != service.StandRefused {
		t.Fatalf("ends %q: %+v", r.s.End, v)
	}
}

func TestReviewIsLate(t *testing.T) {
	t.Parallel()
	r := atReview(t)
	if e := r.awaits(service.EffectDue); e.After != time.Date(2026, 12, 2, 0, 0, 0, 0, clock.Shanghai).Sub(r.env.Now) {
		t.Fatalf("due after %s", e.After)
	}
	r.hear(service.OutcomeDone, nil)
	if r.d.Stand(r.s) != service.StandStuck {
		t.Fatal("nobody is told that a review is late")
	}
	if _, ok := r.d.Brief(r.s, r.env); !ok {
		t.Fatal("a late review cannot be decided")
	}
	r.do(service.Review{Step: "approval", Verdict: service.VerdictAccept, Values: map[string][]string{"number": {"J1"}}})
	if r.d.Stand(r.s) != service.StandFiling {
		t.Fatalf("stands %s", r.d.Stand(r.s))
	}
}

// The definition's own tests play verdicts and time.
func TestRehearsedReview(t *testing.T) {
	t.Parallel()
	d := permitDefinition(t)
	offer := service.Offer{Definition: d, Offices: map[string]service.Office{"police": {System: "police"}, "post": {System: "post"}}}
	begun := noon
	office := func(now time.Time, _, call, _ string, with map[string]any) (map[string]any, error) {
		out := map[string]any{}
		switch call {
		case "permit.apply":
			begun, out["no"] = now, "S1"
		case "permit.progress":
			if out["state"] = "taken"; now.Sub(begun) > 5*time.Hour {
				out["state"] = "checked"
			}
		case "parcel.track":
			maps.Copy(out, map[string]any{"state": "signed", "number": with["number"]})
		}
		return out, nil
	}
	for _, r := range (service.Stage{Offer: offer, Now: noon, Office: office}).Run() {
		if len(r.Bad) > 0 {
			t.Errorf("%s: %q", r.Name, r.Bad)
		}
	}
}

func TestBrokenStays(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("testdata/permit.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for say, change := range map[string][2]string{
		`"proof_pag" is no supply step before this one.`:                          {"asks: [number]\n    more: proof_page", "asks: [number]\n    more: proof_pag"},
		`Nobody asks for this: a review, wait or delivery behind it says "more`:   {"more: proof_page", "usual: bald"},
		`A result is good or a refusal, not both.`:                                {"    good: true\n", "    good: true\n    refused: true\n"},
		`"until" is missing: say what in the office's answer ends the wait.`:      {"    until: progress.state == 'checked'\n", ""},
		`An office is asked every 30s at most.`:                                   {"every: 1h", "every: 1s"},
		`"gives" has no "more: text"`:                                             {", more: text}", "}"},
		`"10x" is not a length of time`:                                           {"within: 10w", "within: 10x"},
		`"999w" is not a number of working days from 1 to 250`:                    {"within: 10w", "within: 999w"},
		`"show" is missing: staff decide on what they are shown.`:                 {"    show: [address, note, {label: {zh: 补充, en: More}, value: proof}]\n", ""},
		`What came of it is a choice; "address" is of type place.`:                {"handoff: insured", "handoff: address"},
		`"//evil" is no path at the office's site`:                                {"path: /register", "path: //evil"},
		`"refused" is missing: residents are told what happens when staff say no`: {"    refused: {say: {zh: 没有批准, en: Not approved}}\n", ""},
	} {
		d, problems := service.Load("f.yaml", []byte(strings.ReplaceAll(string(src), change[0], change[1])))
		var all []string
		for _, p := range problems {
			all = append(all, p.String())
		}
		if d != nil || !strings.Contains(strings.Join(all, "\n"), say) {
			t.Errorf("want %s\n got %s", say, strings.Join(all, "\n     "))
		}
	}
}
