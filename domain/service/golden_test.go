package service_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/service"
)

// drawn are the definitions whose pages are kept: together they have every kind of page. told answers for their offices.
var drawn = strings.Fields("driver-points-query electricity-bill-payment hall-appointment traffic-fine-payment vehicle-violation-query weather-forecast")

// TestGoldenViews walks services the way that goes well, in both languages, and compares every
// page with testdata/views. UPDATE_GOLDEN=1 writes them anew.
func TestGoldenViews(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, lang := range []string{"zh", "en"} {
		definitions := []*service.Definition{load(t, "everything.yaml")}
		for _, d := range c.Definitions() {
			if slices.Contains(drawn, d.ID) {
				definitions = append(definitions, d)
			}
		}
		for _, d := range definitions {
			offer, _ := c.Offer("330100", d.ID)
			if !slices.Contains(drawn, d.ID) {
				offer = service.Offer{Offices: map[string]service.Office{"school": {System: "s", Name: service.Text{Zh: "考场", En: "the test place"}, Payee: "考试中心", Pool: "school"}}}
			}
			t.Run(d.ID+"."+lang, func(t *testing.T) {
				t.Parallel()
				got := stroll(t, d, offer, strings.TrimPrefix(lang, "zh"))
				file := filepath.Join("testdata", "views", d.ID+"."+lang+".txt")
				if os.Getenv("UPDATE_GOLDEN") != "" {
					if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// rider holds one case and drives it by hand.
type rider struct {
	t       testing.TB
	d       *service.Definition
	env     service.Env
	s       service.State
	effects []service.Effect // of the last move
}

func ride(t testing.TB, d *service.Definition, offer service.Offer, lang string) *rider {
	t.Helper()
	r := &rider{t: t, d: d, env: service.Env{Now: noon, Lang: lang, Offer: offer, CaseNo: "0CASE"}}
	r.env.Me = service.Me{Level: 4, Name: "张小敏", CitizenNumber: "11010519491231002X", Phone: "+8613800138000", Plates: []string{"浙A8K267", "浙AD12936"}}
	var err error
	if r.s, r.effects, err = d.Start(r.env); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rider) try(in service.Input) error {
	r.t.Helper()
	s, effects, err := r.d.Apply(r.s, in, r.env)
	r.s, r.effects = s, effects
	return err
}

func (r *rider) do(in service.Input) {
	r.t.Helper()
	if err := r.try(in); err != nil {
		r.t.Fatalf("%T at step %s: %v", in, r.s.Step, err)
	}
}

func (r *rider) view() service.View { return r.d.View(r.s, r.env) }

func (r *rider) answer(pairs ...string) {
	r.t.Helper()
	a := service.Answer{Step: r.s.Step, Values: map[string][]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		a.Values[pairs[i]] = append(a.Values[pairs[i]], pairs[i+1])
	}
	r.do(a)
}

// hear gives the outcome of the awaited effect.
func (r *rider) hear(kind service.OutcomeKind, data map[string]any, reason ...string) {
	r.t.Helper()
	pending := r.d.Pending(r.s, r.env)
	if len(pending) != 1 {
		r.t.Fatalf("%d effects awaited at step %s phase %q", len(pending), r.s.Step, r.s.Phase)
	}
	e := pending[0]
	r.env.Now = r.env.Now.Add(e.After)
	r.do(service.Outcome{Kind: kind, Effect: e.Kind, Step: e.Step, Attempt: e.Attempt, Data: data, Reason: strings.Join(reason, ""), At: r.env.Now})
}

// awaits wants the awaited effect to be of a kind.
func (r *rider) awaits(kind service.EffectKind) service.Effect {
	r.t.Helper()
	pending := r.d.Pending(r.s, r.env)
	if len(pending) != 1 || pending[0].Kind != kind {
		r.t.Fatalf("awaits %v, want %s (step %s, phase %q)", pending, kind, r.s.Step, r.s.Phase)
	}
	return pending[0]
}

func (r *rider) paid() {
	r.t.Helper()
	v := r.view()
	if v.Kind != service.ViewPay {
		r.t.Fatalf("not at a payment but at %s %s", v.Kind, v.Step)
	}
	r.do(service.Outcome{Kind: service.OutcomePaid, Step: v.Step, Attempt: r.s.Attempt[v.Step], Data: map[string]any{
		"no": "33012605261408073", "amount": int64(v.Amount), "transaction": "T1", "paid_at": "2026-05-26T14:08:00+08:00",
	}})
}

// answers the offices of the golden views and the engine's tests give.
func told(call string) map[string]any {
	item := func(id, act, at, place string, fine, points int) map[string]any {
		return map[string]any{
			"id": id, "decision": "330106260516884" + id, "at": at, "place": place, "act": act, "law": "90", "fine": fine, "points": points,
			"plate": "浙A8K267", "licence": "330100123456", "photos": 3,
		}
	}
	asOf := "2026-05-26T06:00:00+08:00"
	switch call {
	case "violations.find":
		return map[string]any{"known": true, "scope": "owner", "as_of": asOf, "items": []any{
			item("2", "违反规定停车", "2026-05-16T18:42:00+08:00", "西湖区文三路 259 号附近", 15000, 0),
			item("3", "不按导向车道行驶", "2026-05-09T08:05:00+08:00", "上城区秋涛北路与凤起东路口", 10000, 1),
		}}
	case "violations.settle":
		return map[string]any{"receipt": "3301260526", "points": 0, "total_points": 3, "released_at": "2026-05-26T14:08:01+08:00"}
	case "points.of":
		return map[string]any{
			"known": true, "points": 3, "of": 12, "cycle_from": "2026-03-01", "cycle_until": "2027-02-28", "as_of": asOf,
			"records": []any{map[string]any{"at": "2026-04-01T09:00:00+08:00", "act": "闯红灯", "points": 3}},
		}
	case "bill.find":
		return map[string]any{"known": true, "account": "3301000045", "holder": "*敏", "address": "西湖区****号", "as_of": asOf, "items": []any{
			map[string]any{"id": "b1", "month": "2026-04", "kwh": 200, "amount": 10760, "due": "2026-05-25"},
			map[string]any{"id": "b2", "month": "2026-05", "kwh": 180, "amount": 9684, "due": "2026-06-25"},
		}}
	case "bill.settle":
		return map[string]any{"receipt": "DL20260526000001", "settled_at": "2026-05-26T14:08:01+08:00"}
	case "halls.list":
		return map[string]any{"halls": []any{
			map[string]any{"id": "330100-1", "name": "市民之家", "address": "富春路 188 号", "hours": "工作日 9:00–17:30"},
			map[string]any{"id": "330100-2", "name": "区政务服务中心", "address": "文三路 298 号", "hours": "工作日 9:00–17:30"},
		}}
	case "matters.list":
		return map[string]any{"matters": []any{map[string]any{"id": "m1", "name": "身份证补领", "minutes": 15}, map[string]any{"id": "m2", "name": "户口迁移", "minutes": 20}}}
	case "slots.book":
		return map[string]any{"code": "B00027", "window": "3 号窗口", "start": "", "end": ""}
	case "forecast":
		return map[string]any{
			"known": true, "station": "杭州 演示站", "as_of": asOf,
			"now":  map[string]any{"text": "多云", "temp": 24, "aqi": 48, "aqi_text": "优", "humidity": 60, "wind": "东南风 2 级"},
			"days": []any{map[string]any{"date": "2026-05-26", "text": "多云", "high": 27, "low": 19, "wind": "东南风 2 级"}},
		}
	case "places.list":
		return map[string]any{"items": []any{map[string]any{"id": "p1", "name": "城东考场", "fine": 5000}}, "note": map[string]any{"x": 1.5}}
	case "enter":
		return map[string]any{"code": "K1"}
	}
	return map[string]any{}
}

// stroll goes the way that goes well and draws every page on it.
func stroll(t testing.TB, d *service.Definition, offer service.Offer, lang string) string {
	r := ride(t, d, offer, lang)
	var out strings.Builder
	for range 40 {
		v := r.view()
		out.WriteString(draw(v))
		if r.s.End != "" {
			return out.String()
		}
		switch {
		case r.s.Waiting:
			r.proceed()
		case v.Kind == service.ViewPay:
			r.paid()
		case v.Kind == service.ViewWait:
			r.do(service.Outcome{Kind: service.OutcomeAnswered, Step: v.Step, Data: map[string]any{"window": "3 号窗口"}})
		default:
			r.fillIn(v)
		}
	}
	t.Fatalf("no end after 40 pages, at step %s", r.s.Step)
	return ""
}

// proceed answers the awaited effect as well as can be.
func (r *rider) proceed() {
	r.t.Helper()
	e := r.d.Pending(r.s, r.env)[0]
	switch e.Kind {
	case service.EffectAsk, service.EffectFile:
		r.hear(service.OutcomeAnswered, told(e.Call))
	case service.EffectOrder:
		r.hear(service.OutcomeOrdered, map[string]any{"no": "33012605261408073", "url": "https://pay.example/1"})
	case service.EffectHold:
		start := time.Date(2026, 5, 28, 9, 30, 0, 0, noon.Location())
		r.hear(service.OutcomeHeld, map[string]any{"no": "R1", "slot": e.Slot, "start": start, "end": start.Add(30 * time.Minute), "until": noon.Add(15 * time.Minute)})
	default:
		r.hear(service.OutcomeDone, nil)
	}
}

func (r *rider) fillIn(v service.View) {
	r.t.Helper()
	var pairs []string
	for _, f := range v.Fields {
		switch {
		case len(f.Options) > 0:
			pairs = append(pairs, f.Name, f.Options[0].Value)
		case f.Type == "electricity_account":
			pairs = append(pairs, f.Name, "3301 0000 45")
		case f.Type == "phone":
			pairs = append(pairs, f.Name, f.Value)
		case f.Type == "number":
			pairs = append(pairs, f.Name, "２")
		case f.Type == "date":
			pairs = append(pairs, f.Name, "1990年1月2日")
		}
	}
	if len(v.Items) > 0 {
		pairs = append(pairs, v.Name, v.Items[0].Value)
	}
	if v.Kind == service.ViewBook {
		pairs = append(pairs, v.Name, "330100-1@20260528T0930")
	}
	r.answer(pairs...)
}

// draw writes a page as plain text, everything a renderer can see.
func draw(v service.View) string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("=== %s %s  %d/%d %s  back:%s", v.Kind, v.Step, v.Index, v.Of, v.StepName, v.Back)
	p("# %s", v.Title)
	for name, s := range map[string]string{"lead": v.Lead} {
		if s != "" {
			p("%s: %s", name, s)
		}
	}
	for _, n := range v.Notes {
		p("note[%s]: %s", n.Tone, n.Text)
	}
	for _, f := range v.Fields {
		p("field %s (%s) %s | %s | %s | value %q optional %v %s %s %d", f.Name, f.Type, f.Label, f.Hint, f.Why, f.Value, f.Optional, f.Autocomplete, f.InputMode, f.MaxLength)
		for _, o := range f.Options {
			p("  ( ) %s = %s | %s | selected %v plate %v", o.Value, o.Label, o.Hint, o.Selected, o.Plate)
		}
	}
	for _, i := range v.Items {
		p("item %s = %s %s points %d selected %v", i.Value, i.Title, i.Amount.Yuan(), i.Points, i.Selected)
		rows(p, i.Rows)
		for _, k := range i.Links {
			p("  link %s → %s%s", k.Label, k.Service, k.Href)
		}
	}
	if v.Name != "" {
		p("choose %s, %d to %d, pool %q", v.Name, v.Min, v.Max, v.Pool)
	}
	rows(p, v.Rows)
	if v.Declare != "" {
		p("declare: %s", v.Declare)
	}
	if v.Amount != 0 {
		p("amount %s to %s at %q", v.Amount.Yuan(), v.Payee, v.PayURL)
	}
	if v.Kind == service.ViewWait {
		p("wait for %s, usual %q, down %v retry %v stuck %v", v.Office, v.Usual, v.Down, v.Retry, v.Stuck)
	}
	if v.Kind == service.ViewResult {
		p("end %s good %v receipt %v", v.End, v.Good, v.Receipt)
	}
	for _, n := range v.Next {
		p("next: %s", n)
	}
	if v.Button != "" {
		p("[%s]", v.Button)
	}
	if v.Instead != nil {
		p("instead: %s → %s%s", v.Instead.Label, v.Instead.Service, v.Instead.Href)
	}
	if !v.AsOf.IsZero() {
		p("as of %s", v.AsOf.Format(time.RFC3339))
	}
	return b.String()
}

func rows(p func(string, ...any), list []service.Row) {
	for _, r := range list {
		p("  %s: %s %s plate %v money %v edit %q", r.Label, r.Value, strings.Join(r.Lines, " / "), r.Plate, r.Money, r.Edit)
	}
}
