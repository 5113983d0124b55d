package service_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/service"
	"zhijian/ground/fault"
)

// FuzzApply sends any text to every input of a form: nothing panics, nothing typed is lost, and what
// is refused gets a sentence.
func FuzzApply(f *testing.F) {
	d := load(f, "everything.yaml")
	offer := service.Offer{Offices: map[string]service.Office{"school": {System: "s", Name: service.Text{Zh: "考场"}, Payee: "考试中心"}}}
	for _, s := range []string{"", "one", "２０２６年１１月", "浙A12345", "9223372036854775808", "1e308", "1.5", "-1", "\x00\xff", "１３８ 0013 8000", strings.Repeat("长", 500)} {
		f.Add(s, s, s)
	}
	f.Fuzz(func(t *testing.T, a, b, c string) {
		r := ride(t, d, offer, "")
		in := service.Answer{Step: "wish", Values: map[string][]string{
			"subject": {a}, "phone": {b}, "remark": {c}, "seats": {a, c}, "birthday": {b}, "budget": {c}, a: {b},
		}}
		next, effects, err := d.Apply(r.s, in, r.env)
		if err == nil {
			d.View(next, r.env)
			return
		}
		bad := fault.Of(err)
		if bad == nil || bad.Kind != fault.KindInvalid || len(effects) > 0 {
			t.Fatalf("%v", err)
		}
		for _, e := range bad.All() {
			if e.Field == "" || e.Public == "" || strings.ContainsAny(e.Public, "!！") || strings.Contains(e.Public, "非法") || strings.Contains(e.Public, "无效") {
				t.Errorf("field %q is told %q", e.Field, e.Public)
			}
			if long := strings.TrimSpace(a); len(long) > 30 && strings.Contains(e.Error()+e.Public, long) {
				t.Errorf("the sentence repeats what was typed")
			}
		}
		for _, field := range d.View(next, r.env).Fields {
			typed := in.Values[field.Name][0]
			if utf8.ValidString(typed) && len(typed) < 4000 && field.Value != typed {
				t.Errorf("%s: typed %q, kept %q", field.Name, typed, field.Value)
			}
		}
	})
}

// FuzzRecall takes a case back, asks, hears, decides and repeats in any order: offices are asked the last first and one at a time, money goes back
// only when all have let go, and a case that is stored and read back waits for the same.
func FuzzRecall(f *testing.F) {
	d, problems := service.Load("estate.yaml", []byte(estate))
	if d == nil {
		f.Fatal(problems)
	}
	for _, way := range []string{"r", "raaR", "rk", "rark", "rdddddd", "reka", "rddekaR", "eraa", "urk", "rakp", "rakqR", "rraapaaR", "trk"} {
		f.Add(way)
	}
	f.Fuzz(func(t *testing.T, way string) {
		if len(way) > 40 {
			return
		}
		r := transferring(t)
		gone, asked, settled := 0, 0, false
		for _, c := range way {
			r.env.Now = r.env.Now.Add(time.Minute)
			was := r.s
			var in service.Input
			void := func(kind service.OutcomeKind) {
				if e := d.Pending(r.s, r.env); len(e) == 1 && e[0].Kind == service.EffectVoid {
					if gone == 0 != (e[0].Step == "deed") {
						t.Fatalf("%s: asks %s after %d let go", way, e[0].Step, gone)
					}
					if kind == service.OutcomeAnswered {
						gone++
					}
					in = service.Outcome{Kind: kind, Effect: e[0].Kind, Step: e[0].Step, Attempt: e[0].Attempt, Reason: "已经登簿"}
				}
			}
			switch c {
			case 'r':
				in = service.Recall{}
			case 'a':
				void(service.OutcomeAnswered)
			case 'k':
				void(service.OutcomeRefused)
			case 'd':
				void(service.OutcomeDown)
			case 'e':
				in = service.Outcome{Kind: service.OutcomeAnswered, Step: "transfer", Data: map[string]any{"state": "ok"}}
			case 't':
				in = service.Outcome{Kind: service.OutcomeDone, Effect: service.EffectDue, Step: "transfer", Attempt: r.s.Attempt["transfer"]}
			case 'R':
				in = service.Outcome{Kind: service.OutcomeRefunded, Effect: service.EffectRefund, Step: "fee", Attempt: 1}
			case 'p', 'q', 'u':
				what := map[rune]string{'p': "retry", 'q': "unsettled", 'u': "done"}[c]
				settled = settled || what == "unsettled" && r.s.Stuck
				in = service.Ruling{Step: r.s.Step, What: what, Data: map[string]any{"state": "ok"}}
			}
			if in == nil {
				continue
			}
			err := r.try(in)
			if err != nil {
				r.s = was
				continue
			}
			asked = 0
			for _, e := range r.effects {
				if e.Kind == service.EffectVoid {
					asked++
				}
				if e.Kind == service.EffectRefund && gone < 2 && !settled {
					t.Fatalf("%s: money goes back when %d of 2 have let go", way, gone)
				}
			}
			back, err := service.DecodeState([]byte(state(t, r.s)))
			if err != nil || asked > 1 || !cmp.Equal(d.Pending(r.s, r.env), d.Pending(back, r.env)) {
				t.Fatalf("%s: %d asked at once, %v", way, asked, err)
			}
			if r.s.End == service.EndWithdrawn && gone < 2 && !settled {
				t.Fatalf("%s: withdrawn when %d of 2 have let go", way, gone)
			}
		}
	})
}
