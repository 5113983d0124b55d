package service_test

import (
	"strings"
	"testing"
	"time"

	"zhijian/catalog"
	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
)

// hall is a service that is paid for, decided by staff, and lets answers be put right that bear on the way, on the fee and on nothing.
const hall = `
id: sports-venue-booking
version: 1
name: {zh: 场地申请, en: A hall}
about: {zh: 申请用场地。, en: Asks for a hall.}
sector: f01
group: police
type: application
how: online
owner: hall
fee: {zh: 按小时, en: By the hour}
promise: {text: {zh: 五个工作日, en: Five working days}}
review_by: 2027-06-30
correct: {answers: [title, hours, kind], until: approval}
appeal: {within: 10w, answer: 5w, act: true}
answers:
  title: {type: text, label: {zh: 活动, en: Event}}
  hours: {type: number, label: {zh: 小时, en: Hours}}
  kind: {type: choice, label: {zh: 种类, en: Kind}, options: [{value: free, label: {zh: 公益, en: Free}}, {value: paid, label: {zh: 收费, en: Paid}}]}
  ticket: {type: money, label: {zh: 票价, en: Ticket}}
  room: {type: text, max: 9, label: {zh: 场地, en: Room}}
steps:
  - form: [title, hours, kind]
    title: {zh: 什么活动, en: What}
    level: L2
  - form: [ticket]
    if: kind == 'paid'
  - pay: fee
    amount: hours * 1000
    payee: "'体育馆'"
    about: {zh: 场地费, en: Hall}
  - review: approval
    show: [title]
    asks: [room]
    within: 5w
    refused: {refund: fee, say: {zh: 没有同意, en: Not agreed}}
  - result: done
    say: {zh: "{room}", en: "{room}"}
    good: true
tests:
  - {name: it begins, as: L2, expect: {view: form}}
`

// decided rides a hall to where staff decide.
func decided(t *testing.T) *rider {
	t.Helper()
	d, problems := service.Load("hall.yaml", []byte(hall))
	if d == nil {
		t.Fatal(problems)
	}
	r := ride(t, d, service.Offer{City: "330100", Definition: d, Offices: map[string]service.Office{"hall": {System: "h", Payee: "体育馆"}}}, "")
	r.answer("title", "羽毛球赛", "hours", "2", "kind", "free")
	r.hear(service.OutcomeOrdered, map[string]any{"no": "P1", "url": "/pay"})
	r.paid()
	if d.Stand(r.s) != service.StandReviewing {
		t.Fatalf("stands %s at %s", d.Stand(r.s), r.s.Step)
	}
	return r
}

func correct(pairs ...string) service.Correct {
	in := service.Correct{Values: map[string][]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		in.Values[pairs[i]] = []string{pairs[i+1]}
	}
	return in
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   service.Correct
		code string
	}{
		"the fee would change":        {correct("hours", "3"), "service.fee"},
		"another way would be gone":   {correct("kind", "paid"), "service.otherway"},
		"what cannot be read":         {correct("hours", "viele"), "number"},
		"what nobody may put right":   {correct("room", "7"), ""},
		"what stands already":         {correct("title", "羽毛球赛"), ""},
		"a title, which costs naught": {correct("title", "乒乓球赛"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := decided(t)
			was := r.s
			err := r.try(c.in)
			if f := fault.Of(err); c.code == "" && err != nil || c.code != "" && (f == nil || !strings.HasPrefix(f.All()[0].Code, c.code)) {
				t.Fatalf("%v", err)
			}
			said := r.d.Corrections(was, r.s, r.env)
			if name != "a title, which costs naught" {
				if len(said) > 0 || r.s.Corrected != 0 {
					t.Errorf("it was put right: %+v", said)
				}
				return
			}
			if len(said) != 1 || said[0] != (service.Corrected{Label: "活动", Was: "羽毛球赛", Now: "乒乓球赛"}) || r.s.Corrected != 1 {
				t.Fatalf("said %+v, %d times", said, r.s.Corrected)
			}
			// Who decides must have seen it.
			late := service.Review{Step: "approval", Verdict: service.VerdictAccept, Values: map[string][]string{"room": {"A"}}}
			if f := fault.Of(r.try(late)); f == nil || f.Code != "review.corrected" {
				t.Errorf("decided on what was there before: %v", f)
			}
			late.Corrected = 1
			r.do(late)
			if f := fault.Of(r.try(correct("title", "象棋赛"))); f == nil || f.Code != "service.correct" {
				t.Errorf("put right after the decision: %v", f)
			}
		})
	}
}

// refusedHall is a hall that was refused, its money back.
func refusedHall(t *testing.T) *rider {
	t.Helper()
	r := decided(t)
	if _, ok := r.d.Appeal(r.s, r.env); ok {
		t.Fatal("an appeal before there is a decision")
	}
	r.do(service.Review{Step: "approval", Verdict: service.VerdictRefuse, Reason: "当天有比赛"})
	r.hear(service.OutcomeRefunded, nil)
	if r.s.End != service.EndRefused {
		t.Fatalf("ends as %q", r.s.End)
	}
	return r
}

func TestReopen(t *testing.T) {
	t.Parallel()
	r := refusedHall(t)
	terms, ok := r.d.Appeal(r.s, r.env)
	if !ok || !terms.Act || !terms.Changes || terms.Step != "approval" || len(terms.Fields) != 1 {
		t.Fatalf("terms %+v, %v", terms, ok)
	}
	from := time.Date(2026, 11, 24, 10, 0, 0, 0, clock.Shanghai)
	if until := terms.Until(from).In(clock.Shanghai); until.Weekday() == time.Sunday || until.Sub(from) < 13*24*time.Hour || until.Hour() != 0 {
		t.Errorf("ten working days from %s end at %s", from, until)
	}
	if err := r.try(service.Reopen{What: "upheld"}); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("upheld moves nothing here: %v", err)
	}
	if err := r.try(service.Reopen{What: service.ReopenChanged}); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("changed without a room: %v", err)
	}
	r.do(service.Reopen{What: service.ReopenChanged, Reason: "当天下午空着", Values: map[string][]string{"room": {"A"}}})
	// The money went back, so it is asked for again before the end, as a new order.
	if e := r.awaits(service.EffectOrder); e.Attempt != 2 || e.Amount != 2000 {
		t.Fatalf("orders %+v", e)
	}
	r.hear(service.OutcomeOrdered, map[string]any{"no": "P1", "url": "/pay"})
	r.paid()
	if r.s.End != "done" {
		t.Fatalf("ends as %q at %s", r.s.End, r.s.Step)
	}
	if err := r.try(service.Reopen{What: service.ReopenBack}); !fault.Is(err, fault.KindConflict) {
		t.Errorf("a good end is opened again: %v", err)
	}
}

func TestReopenSendsBack(t *testing.T) {
	t.Parallel()
	r := refusedHall(t)
	r.do(service.Reopen{What: service.ReopenBack, Reason: "没有写明理由"})
	r.hear(service.OutcomeOrdered, map[string]any{"no": "P1", "url": "/pay"})
	r.paid()
	if r.d.Stand(r.s) != service.StandReviewing || len(r.d.Pending(r.s, r.env)) != 1 {
		t.Fatalf("stands %s", r.d.Stand(r.s))
	}
	r.do(service.Review{Step: "approval", Verdict: service.VerdictAccept, Values: map[string][]string{"room": {"B"}}})
	if r.s.End != "done" {
		t.Fatalf("ends as %q", r.s.End)
	}
}

func TestBrokenRemedies(t *testing.T) {
	t.Parallel()
	for say, change := range map[string][2]string{
		`"approvl" is no review, wait or delivery.`:        {"until: approval", "until: approvl"},
		`"done" is no refusal`:                             {"appeal: {within", "appeal: {after: [done], within"},
		`"nirvana" is no result, nor "refused".`:           {"appeal: {within", "appeal: {after: [nirvana], within"},
		`"within" is missing: residents are told how long`: {"appeal: {within: 10w, ", "appeal: {"},
		`"answer" is missing: an appeal that nobody`:       {", answer: 5w", ""},
	} {
		d, problems := service.Load("f.yaml", []byte(strings.Replace(hall, change[0], change[1], 1)))
		var all []string
		for _, p := range problems {
			all = append(all, p.String())
		}
		if d != nil || !strings.Contains(strings.Join(all, "\n"), say) {
			t.Errorf("want %s\n got %s", say, strings.Join(all, "\n     "))
		}
	}
}

// A withdrawal from the provident fund shows whose account it is as the register says, and files that, whatever a form sends.
func TestRegisterAnswersForTheFund(t *testing.T) {
	t.Parallel()
	r := start(t, "provident-fund-withdrawal")
	r.hear(service.OutcomeAnswered, map[string]any{
		"known": true, "accounts": []any{map[string]any{"number": "330100000001", "employer": "演示科技有限公司", "balance": 5000000, "state": "正常缴存"}},
	})
	v := r.view()
	if len(v.Fields) != 3 || !v.Fields[0].Locked || v.Fields[0].Value != "330100000001" || !v.Fields[1].Locked || v.Fields[1].Wrong == "" || v.Fields[2].Locked {
		t.Fatalf("the page asks %+v", v.Fields)
	}
	r.answer("account", "000", "employer", "别的单位", "cause", "retire")
	r.answer("amount", "1000")
	r.answer("card", "6222021234567890128")
	r.answer()
	if e := r.awaits(service.EffectFile); e.With["account"] != "330100000001" || r.s.Answers["employer"] != "演示科技有限公司" {
		t.Errorf("files %v", e.With)
	}
}

// What a definition lets one put right and appeal against is there when only its head was read at first.
func TestRemediesOfAnIndexedDefinition(t *testing.T) {
	t.Parallel()
	c, problems := service.OpenCatalogue(catalog.FS)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	offer, ok := c.Offer("330100", "star-user-certification")
	if !ok || !offer.Definition.Appeals() || !offer.Definition.Corrects() {
		t.Error("the rest of the definition came without its remedies")
	}
}
