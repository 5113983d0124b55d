package service_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/service"
	"zhijian/ground/fault"
)

// estate is a service with a place, a payment and two filings, the second of which rests on the first.
const estate = `
id: sports-venue-booking
version: 1
name: {zh: 过户, en: A transfer}
about: {zh: 办过户。, en: Transfers.}
sector: f01
group: police
type: application
how: online
owner: estate
fee: {zh: 80 元, en: ¥80}
promise: {text: {zh: 五个工作日, en: Five working days}}
review_by: 2027-06-30
recall: {until: transfer}
answers:
  house: {type: text, label: {zh: 房屋, en: House}}
steps:
  - form: [house]
    title: {zh: 哪套房, en: Which}
    level: L2
  - pay: fee
    amount: "8000"
    payee: "'税务局'"
    about: {zh: 登记费, en: Fee}
  - submit: tax
    office: tax
    call: tax.file
    with: {house: house}
    gives: {no: text}
    settled: tax.filed
    void: tax.void
    refused: {refund: fee, say: {zh: 没有受理, en: Not taken}}
  - submit: deed
    office: estate
    call: deed.file
    with: {house: house, tax: tax.no}
    gives: {no: text}
    settled: deed.filed
    void: deed.void
    refused: {refund: fee, say: {zh: 没有受理, en: Not taken}}
  - wait: transfer
    gives: {state: text}
    within: 5w
  - result: done
    say: {zh: 办好了, en: Done}
    good: true
tests:
  - {name: it begins, as: L2, expect: {view: form}}
`

// transferring rides an estate to where the office works on it.
func transferring(t testing.TB) *rider {
	t.Helper()
	d, problems := service.Load("estate.yaml", []byte(estate))
	if d == nil {
		t.Fatal(problems)
	}
	offices := map[string]service.Office{"tax": {System: "t", Name: service.Text{Zh: "税务局"}, Payee: "税务局"}, "estate": {System: "e", Name: service.Text{Zh: "登记中心"}}}
	r := ride(t, d, service.Offer{City: "330100", Definition: d, Offices: offices}, "")
	if err := r.try(service.Recall{}); !fault.Is(err, fault.KindConflict) {
		t.Fatalf("taken back before it was filed: %v", err)
	}
	r.answer("house", "文三路 1 号")
	r.hear(service.OutcomeOrdered, map[string]any{"no": "P1", "url": "/pay"})
	r.paid()
	r.hear(service.OutcomeAnswered, map[string]any{"no": "T1"})
	r.hear(service.OutcomeAnswered, map[string]any{"no": "D1"})
	r.awaits(service.EffectDue)
	return r
}

func TestRecall(t *testing.T) {
	t.Parallel()
	r := transferring(t)
	if !r.d.Recallable(r.s, r.env) {
		t.Fatal("it cannot be taken back")
	}
	r.do(service.Recall{})
	first := r.awaits(service.EffectVoid)
	if first.Step != "deed" || first.Key != "0CASE/deed" || first.Call != "deed.void" || first.With["key"] != "0CASE/deed" {
		t.Fatalf("asks the wrong office first: %+v", first)
	}
	if v := r.view(); v.Title != "正在请部门撤回" || v.Office != "登记中心" || r.d.Stand(r.s) != service.StandRecalling {
		t.Errorf("shows %+v", v)
	}
	r.do(service.Recall{}) // again
	if len(r.effects) > 0 {
		t.Errorf("asked twice: %v", r.effects)
	}
	r.hear(service.OutcomeDown, nil)
	again := r.awaits(service.EffectVoid)
	if again.After != time.Second || again.Attempt != first.Attempt+1 || again.Key != first.Key || !r.view().Down {
		t.Fatalf("asks again as %+v", again)
	}
	r.hear(service.OutcomeAnswered, map[string]any{"voided": true})
	if e := r.awaits(service.EffectVoid); e.Step != "tax" || e.Key != "0CASE/tax" || e.After != 0 {
		t.Fatalf("then asks %+v", e)
	}
	r.hear(service.OutcomeAnswered, map[string]any{"voided": true})
	if e := r.awaits(service.EffectRefund); e.No == "" || r.d.Stand(r.s) != service.StandRefunding {
		t.Fatalf("then %+v", e)
	}
	r.hear(service.OutcomeRefunded, nil)
	v := r.view()
	if r.s.End != service.EndWithdrawn || r.d.Stand(r.s) != service.StandWithdrawn || v.Title != "已经撤回" || len(v.Rows) != 1 || !v.Rows[0].Money {
		t.Fatalf("ends as %q: %+v", r.s.End, v)
	}
	if err := r.try(service.Recall{}); !fault.Is(err, fault.KindConflict) {
		t.Errorf("taken back after its end: %v", err)
	}
}

// An office that keeps what was filed leaves the case as it was: since when it waits, and until when.
func TestRecallRefused(t *testing.T) {
	t.Parallel()
	r := transferring(t)
	was, due := r.s, r.awaits(service.EffectDue)
	r.env.Now = r.env.Now.Add(24 * time.Hour)
	r.do(service.Recall{})
	r.hear(service.OutcomeRefused, nil, "已经登簿，不能撤回")
	next := r.awaits(service.EffectDue)
	if next.After != due.After-24*time.Hour || next.Attempt != due.Attempt+1 {
		t.Errorf("waits for %+v, waited for %+v", next, due)
	}
	v := r.view()
	if len(v.Notes) == 0 || v.Notes[0].Text != "部门没有同意撤回：已经登簿，不能撤回" {
		t.Errorf("says %+v", v.Notes)
	}
	now := r.s
	now.Attempt, now.Note, now.Reason = was.Attempt, was.Note, was.Reason
	if a, b := state(t, was), state(t, now); a != b {
		t.Errorf("it waits otherwise than before: %s", cmp.Diff(a, b))
	}
	// The alarm of the wait before is nobody's.
	r.do(service.Outcome{Kind: service.OutcomeDone, Effect: service.EffectDue, Step: due.Step, Attempt: due.Attempt})
	if r.s.Stuck {
		t.Error("an old alarm ended the wait")
	}
	r.do(service.Outcome{Kind: service.OutcomeAnswered, Step: "transfer", Data: map[string]any{"state": "ok"}})
	if r.s.End != "done" || r.s.Reason != "" {
		t.Errorf("ends as %q, reason %q", r.s.End, r.s.Reason)
	}
}

// What comes from outside while the office is asked is not lost: it counts when the office keeps the case.
func TestRecallKeepsWhatComesMeanwhile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind service.OutcomeKind
		end  string
	}{"the office keeps it": {service.OutcomeRefused, "done"}, "the office lets go": {service.OutcomeAnswered, ""}} {
		r := transferring(t)
		r.do(service.Recall{})
		if known, over, now := r.d.Awaits(r.s, "transfer"); !known || over || !now {
			t.Fatalf("%s: the event is known %v, over %v, awaited %v", name, known, over, now)
		}
		bad := service.Outcome{Kind: service.OutcomeAnswered, Step: "transfer", Data: map[string]any{"state": []any{}}}
		if err := r.try(bad); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: an event of another shape: %v", name, err)
		}
		r.do(service.Outcome{Kind: service.OutcomeAnswered, Step: "transfer", Data: map[string]any{"state": "ok"}})
		r.awaits(service.EffectVoid)
		r.hear(c.kind, map[string]any{"voided": true}, "")
		if r.s.End != c.end || c.end == "" && !r.s.Recalling() {
			t.Errorf("%s: end %q, phase %q", name, r.s.End, r.s.Phase)
		}
	}
}

// When one office has let go and the next one has not, no way is whole any more: a person must look, and can have it asked again.
func TestRecallHalfGone(t *testing.T) {
	t.Parallel()
	half := func() *rider {
		r := transferring(t)
		r.do(service.Recall{})
		r.hear(service.OutcomeAnswered, map[string]any{"voided": true})
		r.hear(service.OutcomeRefused, nil, "税已入库")
		if !r.s.Stuck || r.d.Stand(r.s) != service.StandStuck || len(r.d.Pending(r.s, r.env)) != 0 {
			t.Fatalf("stuck %v in phase %q", r.s.Stuck, r.s.Phase)
		}
		return r
	}
	r := half()
	r.do(service.Ruling{Step: "transfer", What: "retry"})
	if e := r.awaits(service.EffectVoid); e.Step != "tax" || e.Key != "0CASE/tax" {
		t.Errorf("asks %+v", e)
	}
	r.hear(service.OutcomeAnswered, map[string]any{"voided": true})
	r.hear(service.OutcomeRefunded, nil)
	if r.s.End != service.EndWithdrawn {
		t.Errorf("ends as %q", r.s.End)
	}
	r = half()
	r.do(service.Ruling{Step: "transfer", What: "unsettled"})
	r.hear(service.OutcomeRefunded, nil)
	if r.s.End != service.EndWithdrawn {
		t.Errorf("ends as %q though the office confirmed that it let go", r.s.End)
	}
	r = half()
	r.do(service.Ruling{Step: "transfer", What: "done", Data: map[string]any{"state": "ok"}})
	if r.s.End != "done" {
		t.Errorf("ends as %q though the office did it all the same", r.s.End)
	}
}

func TestRecallOfASilentOffice(t *testing.T) {
	t.Parallel()
	r := transferring(t)
	r.do(service.Recall{})
	for range 6 {
		r.hear(service.OutcomeDown, nil)
	}
	if !r.s.Stuck || !r.s.Recalling() || r.view().Kind != service.ViewWait {
		t.Fatalf("stuck %v, phase %q", r.s.Stuck, r.s.Phase)
	}
	// A case that was stuck before goes back to being stuck when the office keeps it.
	r = transferring(t)
	r.hear(service.OutcomeDone, nil) // its time is over
	if !r.s.Stuck || !r.d.Recallable(r.s, r.env) {
		t.Fatalf("stuck %v", r.s.Stuck)
	}
	r.do(service.Recall{})
	r.hear(service.OutcomeRefused, nil, "")
	if v := r.view(); !r.s.Stuck || len(r.effects) > 0 || !strings.Contains(v.Notes[0].Text, "没有同意撤回") {
		t.Errorf("stuck %v, says %+v", r.s.Stuck, v.Notes)
	}
}

// A review is not decided while its resident takes the case back.
func TestRecallAtAReview(t *testing.T) {
	t.Parallel()
	d := load(t, "permit.yaml")
	offices := map[string]service.Office{"police": {System: "p"}, "post": {System: "q"}, "insurance": {System: "i", Site: "https://www.example.gov.cn"}}
	r := ride(t, d, service.Offer{Definition: d, Offices: offices}, "")
	r.answer("address", "文三路 1 号")
	r.answer("insured", "done")
	r.answer()
	r.hear(service.OutcomeAnswered, map[string]any{"no": "J1"})
	r.hear(service.OutcomeAnswered, map[string]any{"state": "checked", "more": ""})
	r.do(service.Recall{})
	if _, ok := r.d.Brief(r.s, r.env); ok {
		t.Error("staff are asked to decide")
	}
	err := r.try(service.Review{Step: "approval", Verdict: service.VerdictRefuse, Reason: "不符合"})
	if f := fault.Of(err); f == nil || f.Code != "review.recalling" {
		t.Errorf("decided while it is taken back: %v", err)
	}
	if err := r.try(correct("note", "改")); !fault.Is(err, fault.KindConflict) {
		t.Errorf("put right while it is taken back: %v", err)
	}
	r.hear(service.OutcomeRefused, nil, "已经制证，不能撤回")
	r.do(service.Review{Step: "approval", Verdict: service.VerdictAccept, Values: map[string][]string{"number": {"J1"}}})
	if r.s.Step != "parcel" || r.d.Recallable(r.s, r.env) {
		t.Errorf("at %s it can be taken back", r.s.Step)
	}
}

func TestBrokenRecall(t *testing.T) {
	t.Parallel()
	for say, change := range map[string][2]string{
		`14:17: recall.until: "transfr" is no review, wait or delivery.`: {"{until: transfer}", "{until: transfr}"},
		`"until" is missing: after that step it is too late.`:            {"{until: transfer}", "{}"},
		`"void" is missing`: {"    void: tax.void\n", ""},
		`What is filed here cannot be taken back: the definition has no "recall".`:  {"recall: {until: transfer}\n", ""},
		`Nothing is filed before "early", so there is nothing to take back from an`: {"recall: {until: transfer}", "recall: {until: early}"},
	} {
		src := strings.Replace(estate, change[0], change[1], 1)
		src = strings.Replace(src, "  - submit: tax\n", "  - wait: early\n    gives: {state: text}\n    within: 5w\n  - submit: tax\n", 1)
		src = strings.Replace(src, "as: L2, expect", "as: L2, recall: asked, expect", 1)
		d, problems := service.Load("f.yaml", []byte(src))
		var all []string
		for _, p := range problems {
			all = append(all, p.String())
		}
		if d != nil || !strings.Contains(strings.Join(all, "\n"), say) {
			t.Errorf("want %s\n got %s", say, strings.Join(all, "\n     "))
		}
	}
}

func state(t testing.TB, s service.State) string {
	t.Helper()
	b, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
