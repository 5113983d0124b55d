package service_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
)

// licensed is a service whose result staff make; who is told of it, and what it costs, hang on what they fill in.
const licensed = `
id: sports-venue-booking
version: 1
name: {zh: 场地许可, en: A permit}
about: {zh: 申请许可。, en: Asks for a permit.}
sector: f01
group: police
type: application
how: online
owner: hall
fee: {zh: 按等级, en: By class}
promise: {text: {zh: 五个工作日, en: Five working days}}
review_by: 2027-06-30
amend: {within: 30d, answer: 5w}
answers:
  title: {type: text, label: {zh: 活动, en: Event}}
  holder: {type: text, max: 9, label: {zh: 持证人, en: Holder}}
  class: {type: number, label: {zh: 等级, en: Class}}
  kind: {type: choice, label: {zh: 种类, en: Kind}, options: [{value: plain, label: {zh: 普通, en: Plain}}, {value: guard, label: {zh: 要保安, en: Guarded}}]}
  code: {type: digits, min: 4, max: 4, label: {zh: 门禁号, en: Door}}
steps:
  - form: [title]
    level: L2
  - review: approval
    show: [title]
    asks: [holder, class, kind, code]
    within: 5w
    refused: {say: {zh: 没有同意, en: Not agreed}}
  - pay: fee
    amount: class * 1000
    payee: "'体育馆'"
    about: {zh: 许可费, en: Permit}
  - submit: door
    office: hall
    call: door.open
    with: {code: code}
    gives: {no: text, room: text}
    settled: door.opened
    void: door.close
    refused: {refund: fee, say: {zh: 没有登记, en: Not taken}}
  - result: guarded
    if: kind == 'guard'
    say: {zh: "{holder} 可以用，要有保安", en: "{holder}, guarded"}
    good: true
  - result: done
    say: {zh: "{holder} 可以用", en: "{holder} may"}
    show: [code, {label: {zh: 登记号, en: No.}, value: door.no}]
    good: true
tests:
  - {name: it begins, as: L2, expect: {view: form}}
`

// finished rides a permit to its end; replace changes the definition.
func finished(t *testing.T, replace ...string) *rider {
	t.Helper()
	d, problems := service.Load("permit.yaml", []byte(strings.NewReplacer(replace...).Replace(licensed)))
	if d == nil {
		t.Fatal(problems)
	}
	r := ride(t, d, service.Offer{City: "330100", Definition: d, Offices: map[string]service.Office{"hall": {System: "h", Name: service.Text{Zh: "门禁中心"}, Payee: "体育馆"}}}, "")
	r.answer("title", "羽毛球赛", "holder", "王小名", "class", "2", "kind", "plain", "code", "1234") // a page takes of them what it asks
	r.do(service.Review{Step: "approval", Verdict: service.VerdictAccept, Values: map[string][]string{"holder": {"王小名"}, "class": {"2"}, "kind": {"plain"}, "code": {"1234"}}})
	r.hear(service.OutcomeOrdered, map[string]any{"no": "P1", "url": "/pay"})
	r.paid()
	r.hear(service.OutcomeAnswered, map[string]any{"no": "M1", "room": "A"})
	if r.s.End != "done" {
		t.Fatalf("ends as %q at %s", r.s.End, r.s.Step)
	}
	return r
}

// amend fills in what staff see, but for what is changed.
func amend(r *rider, pairs ...string) service.Amend {
	in := service.Amend{Values: map[string][]string{}}
	a, _ := r.d.Amendable(r.s, r.env)
	for _, f := range a.Fields {
		in.Values[f.Name] = []string{f.Value}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		in.Values[pairs[i]] = []string{pairs[i+1]}
	}
	return in
}

// What staff filled in is put right, and nothing else moves; what bears on money, on another office or on the way is no clerical mistake.
func TestAmend(t *testing.T) {
	t.Parallel()
	r := finished(t)
	a, ok := r.d.Amendable(r.s, r.env)
	if !ok || a.Step != "approval" || len(a.Fields) != 4 || a.Fields[0].Value != "王小名" || a.Title != "王小名 可以用" || len(a.Rows) != 2 || a.Office != "" {
		t.Fatalf("can put right %+v, %v", a, ok)
	}
	from := time.Date(2026, 11, 24, 10, 0, 0, 0, clock.Shanghai)
	if until := a.Until(from); !until.Equal(from.AddDate(0, 0, 30)) {
		t.Errorf("until %s", until)
	}
	if due := a.Due(from).In(clock.Shanghai); due.Day() != 2 || due.Hour() != 0 {
		t.Errorf("five working days from %s end at %s", from, due)
	}
	for name, c := range map[string]struct {
		in   service.Amend
		code string
	}{
		"another price":        {amend(r, "class", "3"), "service.amend.more"},
		"another way":          {amend(r, "kind", "guard"), "service.amend.more"},
		"what the door heard":  {amend(r, "code", "4321"), "service.amend.more"},
		"what stands":          {amend(r), "service.amend.same"},
		"nothing":              {service.Amend{}, "answer.missing"},
		"what cannot be read":  {amend(r, "class", "viele"), "number"},
		"what she filled in":   {amend(r, "title", "象棋赛"), "service.amend.same"},
		"what an office says":  {service.Amend{Values: amend(r).Values, Data: map[string]any{"no": "M2", "settled": true}}, "service.amend.same"},
		"too long a name":      {amend(r, "holder", "一二三四五六七八九十"), "text.long"},
		"none of the options":  {amend(r, "kind", "free"), "answer.option"},
		"several at one place": {service.Amend{Values: map[string][]string{"holder": {"a", "b"}}}, "answer.many"},
	} {
		was := r.s
		if f := fault.Of(r.try(c.in)); f == nil || !strings.HasPrefix(f.All()[0].Code, c.code) {
			t.Errorf("%s: %v", name, f)
		}
		if !cmp.Equal(was, r.s) {
			t.Errorf("%s was refused and changed the case", name)
		}
	}
	was := r.s
	r.do(amend(r, "holder", "王小明"))
	if v := r.view(); v.Title != "王小明 可以用" || r.s.End != "done" || r.s.Facts["fee"] == nil || len(r.d.Pending(r.s, r.env)) > 0 {
		t.Errorf("put right it says %+v", v)
	}
	if said := r.d.Amended(was, r.s, r.env); len(said) != 1 || said[0] != (service.Corrected{Label: "持证人", Was: "王小名", Now: "王小明"}) {
		t.Errorf("told %+v", said)
	}
}

// Where an office made the result, it is asked anew: what it says now stands, unless it takes back that it did it.
func TestAmendByTheOffice(t *testing.T) {
	t.Parallel()
	r := finished(t, "    asks: [holder, class, kind, code]\n", "", "form: [title]", "form: [title, holder, class, kind, code]\n    title: {zh: 什么活动, en: What}")
	a, ok := r.d.Amendable(r.s, r.env)
	if !ok || a.Step != "door" || len(a.Fields) != 0 || a.Office != "门禁中心" || a.Ask.Call != "door.opened" || a.Ask.With["key"] != "0CASE/door" {
		t.Fatalf("can put right %+v, %v", a, ok)
	}
	for name, data := range map[string]map[string]any{
		"nothing": nil, "it never did it": {"settled": false, "no": "M2"}, "another shape": {"settled": true, "no": 7},
	} {
		if f := fault.Of(r.try(service.Amend{Data: data})); f == nil || f.Code != "service.amend.unsaid" {
			t.Errorf("%s: %v", name, f)
		}
	}
	if f := fault.Of(r.try(service.Amend{Data: map[string]any{"settled": true, "no": "M1"}})); f == nil || f.Code != "service.amend.same" {
		t.Errorf("the same: %v", f)
	}
	if f := fault.Of(r.try(service.Amend{Data: map[string]any{"settled": true, "no": "M1", "room": "B"}})); f == nil || f.Code != "service.amend.same" {
		t.Errorf("what the result does not show: %v", f)
	}
	was := r.s
	r.do(service.Amend{Data: map[string]any{"settled": true, "no": "M7"}})
	if fact, _ := r.s.Facts["door"].(map[string]any); fact["no"] != "M7" || fact["room"] != "A" {
		t.Errorf("the office's answer is kept as %v", fact)
	}
	if said := r.d.Amended(was, r.s, r.env); len(said) != 1 || said[0] != (service.Corrected{Label: "登记号", Was: "M1", Now: "M7"}) {
		t.Errorf("told %+v", said)
	}
}

// Only what ended well can be put right.
func TestAmendOfNothing(t *testing.T) {
	t.Parallel()
	r := finished(t)
	for name, s := range map[string]service.State{"one that has not begun": {}, "a refused one": {End: service.EndRefused, Facts: r.s.Facts}} {
		if _, ok := r.d.Amendable(s, r.env); ok {
			t.Errorf("%s can be put right", name)
		}
		if _, _, err := r.d.Apply(s, service.Amend{}, r.env); !fault.Is(err, fault.KindConflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	without := finished(t, "amend: {within: 30d, answer: 5w}\n", "")
	if _, ok := without.d.Amendable(without.s, without.env); ok || without.d.Amends() || !r.d.Amends() {
		t.Error("a service that does not say so can be put right")
	}
}

func TestBrokenAmend(t *testing.T) {
	t.Parallel()
	for say, change := range map[string][]string{
		`"within" is missing: residents are told how long they can point`: {"amend: {within: 30d, ", "amend: {"},
		`"answer" is missing: a mistake that nobody looks at stays`:       {", answer: 5w}", "}"},
		`No good result shows what staff fill in at a review`:             {`"{holder} `, `"`, `"{holder}, `, `"`, "show: [code, {label: {zh: 登记号, en: No.}, value: door.no}]", "show: [title]"},
		`permit.yaml:14`: {"30d", "0d"},
	} {
		d, problems := service.Load("permit.yaml", []byte(strings.NewReplacer(change...).Replace(licensed)))
		var all []string
		for _, p := range problems {
			all = append(all, p.String())
		}
		if d != nil || !strings.Contains(strings.Join(all, "\n"), say) {
			t.Errorf("want %s\n got %s", say, strings.Join(all, "\n     "))
		}
	}
}
