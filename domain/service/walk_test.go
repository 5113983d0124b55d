package service_test

import (
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"zhijian/domain/service"
	"zhijian/ground/fault"
	"zhijian/ground/money"
)

// walker drives one case with inputs of any kind in any order and checks what must always hold.
type walker struct {
	t      *rapid.T
	d      *service.Definition
	env    service.Env
	s      service.State
	queue  []service.Effect // effects not yet answered; old ones stay, to be answered late
	past   []service.Outcome
	orders map[string]service.Effect
	paid   map[string]bool // step/attempt that money came for
	back   map[string]int  // step/attempt → refunds asked
}

func TestWalk(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	everything := load(t, "everything.yaml")
	permit, household := load(t, "permit.yaml"), load(t, "household.yaml")
	for _, d := range append(c.Definitions(), everything, permit, household) {
		offer, _ := c.Offer("330100", d.ID)
		if d == permit || d == household {
			offer.Offices = map[string]service.Office{"police": {System: "p"}, "post": {System: "q"}, "insurance": {System: "i", Site: "https://www.example.gov.cn"}}
		}
		if d == everything {
			offer.Offices = map[string]service.Office{"school": {System: "s", Name: service.Text{Zh: "考场"}, Payee: "考试中心", Pool: "school", Fixed: map[string]any{"region": 330100}}}
		}
		longest := 25 // enough to walk through most services; there are a hundred of them
		if d == everything || d == permit || d == household {
			longest = 80
		}
		t.Run(fmt.Sprintf("%s@%d", d.ID, d.Version), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				w := &walker{t: t, d: d, orders: map[string]service.Effect{}, paid: map[string]bool{}, back: map[string]int{}}
				w.env = service.Env{Now: noon, Offer: offer, CaseNo: "CASE", Lang: rapid.SampledFrom([]string{"", "en"}).Draw(t, "lang")}
				w.env.Me = service.Me{
					Level: rapid.SampledFrom([]int{4, 4, 4, 2, 1, 0}).Draw(t, "level"), Name: "张小敏", CitizenNumber: "11010519491231002X", Phone: "+8613800138000",
					Plates: rapid.SampledFrom([][]string{nil, {"浙A12345"}, {"浙A12345", "浙AD12345"}}).Draw(t, "plates"),
					People: rapid.SampledFrom([][]service.Person{nil, family}).Draw(t, "people"), Others: rapid.SampledFrom([][]service.Other{nil, mandates}).Draw(t, "others"),
				}
				s, effects, err := d.Start(w.env)
				if err != nil {
					t.Fatalf("start: %v", err)
				}
				w.s = s
				w.note(effects)
				w.check()
				for range rapid.IntRange(1, longest).Draw(t, "moves") {
					w.move()
				}
			})
		})
	}
}

// Whom the resident of a walk saved, and may act for.
var (
	family = []service.Person{
		{ID: "7", Name: "张小宝", CitizenNumber: "110105201801010019", Relation: "child"}, {ID: "8", Name: "李四", CitizenNumber: "110101199003070011", Relation: "other"},
	}
	mandates = []service.Other{
		{Ref: "child/7", Name: "张小宝", CitizenNumber: "110105201801010019"}, {Ref: "mandate/9", Name: "李四", CitizenNumber: "110101199003070011"},
	}
)

func load(t testing.TB, name string) *service.Definition {
	t.Helper()
	src, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	d, problems := service.Load(name, src)
	for _, p := range problems {
		t.Error(p)
	}
	if d == nil {
		t.FailNow()
	}
	return d
}

func key(step string, attempt int) string { return fmt.Sprintf("%s/%d", step, attempt) }

func (w *walker) note(effects []service.Effect) {
	for _, e := range effects {
		k := key(e.Step, e.Attempt)
		if e.Kind == service.EffectOrder {
			e.After = 0
			if old, ok := w.orders[k]; ok && !cmp.Equal(old, e) {
				w.t.Fatalf("two different orders for %s: %s", k, cmp.Diff(old, e))
			}
			if e.Amount <= 0 || e.Amount > money.Max {
				w.t.Fatalf("order %s over %d fen", k, e.Amount)
			}
			w.orders[k] = e
		}
		if e.Kind == service.EffectRefund {
			w.back[k]++
		}
		w.queue = append(w.queue, e)
	}
}

func (w *walker) move() {
	w.env.Now = w.env.Now.Add(time.Duration(rapid.IntRange(0, 900).Draw(w.t, "pause")) * time.Second)
	if rapid.IntRange(0, 9).Draw(w.t, "proof") == 0 {
		w.env.Me.Level = 4
	}
	if rapid.IntRange(0, 19).Draw(w.t, "mandate") == 0 {
		w.env.Me.Others = rapid.SampledFrom([][]service.Other{nil, mandates[:1], mandates}).Draw(w.t, "others")
	}
	before := encode(w.t, w.s)
	var in service.Input
	switch rapid.SampledFrom(w.inputs()).Draw(w.t, "input") {
	case "answer":
		in = w.answer()
	case "outcome":
		in = w.outcome()
	case "again":
		if len(w.past) > 0 {
			in = rapid.SampledFrom(w.past).Draw(w.t, "past")
		}
	case "byitself":
		in = w.byItself()
	case "event":
		in = service.Outcome{Kind: service.OutcomeAnswered, Step: w.s.Step, Data: map[string]any{"window": "3"}}
	case "change":
		in = service.Change{Step: w.anyStep(), Return: rapid.Bool().Draw(w.t, "return")}
	case "review":
		in = w.review()
	case "correct":
		in = w.correct()
	case "reopen":
		in = w.reopen()
	case "amend":
		in = w.amend()
	case "recall":
		in = service.Recall{}
	case "retry":
		in = service.Retry{Step: w.s.Step}
	case "draft":
		in = service.Draft{Step: w.s.Step, Values: map[string][]string{"plate": {rapid.String().Draw(w.t, "draft")}}}
	case "ruling":
		in = service.Ruling{Step: w.s.Step, What: rapid.SampledFrom([]string{"retry", "done", "refund", "unsettled", "?"}).Draw(w.t, "what")}
	case "junk":
		in = service.Answer{Step: w.anyStep(), Values: map[string][]string{rapid.String().Draw(w.t, "name"): {rapid.String().Draw(w.t, "value")}}}
	}
	if in == nil {
		return
	}
	next, effects, err := w.d.Apply(w.s, in, w.env)
	w.acts(in, err)
	w.corrects(in, next, effects, err)
	w.amends(in, next, effects, err)
	w.recalls(in, next, effects, err)
	if got := encode(w.t, w.s); got != before {
		w.t.Fatalf("%T changed the state it was given", in)
	}
	if err != nil {
		w.failed(in, next, effects, err)
		return
	}
	for id := range w.s.Typed {
		if _, kept := next.Typed[id]; !kept {
			w.t.Fatalf("%T lost what was typed for %s", in, id)
		}
	}
	w.s = next
	w.note(effects)
	w.check()
	w.twice(in)
}

// inputs weighs what comes next towards what moves the case on, so that walks get to the far ends too.
func (w *walker) inputs() []string {
	out := []string{"answer", "outcome", "again", "byitself", "change", "retry", "draft", "ruling", "junk", "event", "review", "correct", "reopen", "recall", "amend"}
	way := "answer"
	switch {
	case w.s.Phase == "reviewing":
		way = "review"
	case w.s.Waiting:
		way = "outcome"
	case w.s.Phase == "paying":
		way = "byitself"
	case w.s.Phase == "closed":
		way = "retry"
	case w.s.Stuck:
		way = "ruling"
	case w.d.Stand(w.s) == service.StandDone && w.d.Amends():
		way = "amend"
	case w.s.End != "":
		way = "reopen"
	}
	for range 25 {
		out = append(out, way)
	}
	return out
}

// failed wants a refused input to leave everything but what was typed.
func (w *walker) failed(in service.Input, next service.State, effects []service.Effect, err error) {
	if len(effects) > 0 {
		w.t.Fatalf("%T failed with effects", in)
	}
	kind := fault.KindOf(err)
	if _, ruling := in.(service.Ruling); kind == fault.KindInternal && !ruling {
		w.t.Fatalf("%T: %v", in, err)
	}
	if a, ok := in.(service.Answer); ok && kind == fault.KindInvalid {
		for _, f := range w.d.View(next, w.env).Fields {
			if typed := a.Values[f.Name]; f.Type != "file" && !f.Locked && len(typed) > 0 && len(typed[0]) < 4000 && f.Value != strings.ToValidUTF8(typed[0], "") {
				w.t.Fatalf("typed %q was lost, %q is shown", typed[0], f.Value)
			}
		}
		w.s = next
		return
	}
	if encode(w.t, next) != encode(w.t, w.s) {
		w.t.Fatalf("%T failed and changed the state", in)
	}
}

// twice wants a repeated outcome to change nothing.
func (w *walker) twice(in service.Input) {
	o, ok := in.(service.Outcome)
	if !ok {
		return
	}
	w.past = append(w.past, o)
	next, effects, err := w.d.Apply(w.s, o, w.env)
	if err != nil || len(effects) > 0 || encode(w.t, next) != encode(w.t, w.s) {
		w.t.Fatalf("outcome %s of %s/%d given twice: %d effects, error %v\n%s", o.Kind, o.Step, o.Attempt, len(effects), err,
			cmp.Diff(encode(w.t, w.s), encode(w.t, next)))
	}
}

func encode(t *rapid.T, s service.State) string {
	b, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// acts wants nothing of the resident's hand to move a case for somebody whom they may not act for, and no page of it to show.
func (w *walker) acts(in service.Input, err error) {
	whom, _ := w.s.Answers["whom"].(map[string]any)
	if whom == nil || whom["self"] == true {
		return
	}
	may := w.env.Me.Level >= 2
	if may {
		may = false
		for _, o := range w.env.Me.Others {
			may = may || o.Ref == whom["ref"]
		}
	}
	if v := w.d.View(w.s, w.env); v.Barred == may || !may && (len(v.Rows)+len(v.Fields)+len(v.Notes) > 0) {
		w.t.Fatalf("may act: %v, page barred: %v", may, v.Barred)
	}
	switch in.(type) {
	case service.Answer, service.Change, service.Draft, service.Retry, service.Recall:
		if f := fault.Of(err); !may && (f == nil || f.Code != "service.mandate") {
			w.t.Fatalf("%T moved a case for somebody else: %v", in, err)
		}
	}
}

// check is what must hold of every state.
func (w *walker) check() {
	pending := w.d.Pending(w.s, w.env)
	if len(pending) > 1 || w.s.End != "" && len(pending) > 0 || w.s.Stuck && len(pending) > 0 {
		w.t.Fatalf("%d effects awaited, end %q, stuck %v", len(pending), w.s.End, w.s.Stuck)
	}
	if (len(pending) == 1) != w.s.Waiting {
		w.t.Fatalf("waiting %v in phase %q with %d pending", w.s.Waiting, w.s.Phase, len(pending))
	}
	again, err := service.DecodeState([]byte(encode(w.t, w.s)))
	if err != nil {
		w.t.Fatal(err)
	}
	if diff := cmp.Diff(pending, w.d.Pending(again, w.env)); diff != "" {
		w.t.Fatalf("stored and read back it waits for something else: %s", diff)
	}
	for _, lang := range []string{"", "en"} {
		env := w.env
		env.Lang = lang
		v := w.d.View(w.s, env)
		if v.Barred {
			continue
		}
		if v.Kind == "" || v.Title == "" || v.Step == "" || v.Index < 1 || v.Index > v.Of {
			w.t.Fatalf("view %q has title %q, step %q, %d of %d (phase %q)", v.Kind, v.Title, v.Step, v.Index, v.Of, w.s.Phase)
		}
		if diff := cmp.Diff(v, w.d.View(again, env)); diff != "" {
			w.t.Fatalf("stored and read back it shows something else: %s", diff)
		}
		if v.Kind == service.ViewPay && v.Amount <= 0 {
			w.t.Fatalf("pay page over %d fen", v.Amount)
		}
	}
	if w.s.Phase == "" || w.s.End != "" {
		w.d.Stand(w.s)
	}
	w.conserve()
}

// conserve wants every fen that came to be where it belongs: in the one paid fact, or on its way back, once.
func (w *walker) conserve() {
	kept := map[string]bool{}
	for step, raw := range w.s.Facts {
		f, _ := raw.(map[string]any)
		if f["paid"] == true && f["refunded"] != true {
			kept[key(step, int(f["attempt"].(int64)))] = true
		}
	}
	for k := range w.paid {
		if kept[k] && w.back[k] > 0 && w.s.Phase != "refunding" || !kept[k] && w.back[k] == 0 {
			w.t.Fatalf("payment %s: kept %v, sent back %d times, phase %q, end %q", k, kept[k], w.back[k], w.s.Phase, w.s.End)
		}
	}
	if (w.s.End == service.EndRefused || w.s.End == service.EndWithdrawn) && len(kept) > 0 {
		w.t.Fatalf("the case ended as %s and %v is still here", w.s.End, kept)
	}
	for k, n := range w.back {
		if n > 1 {
			w.t.Fatalf("payment %s was sent back %d times", k, n)
		}
	}
}

// review decides what staff are asked, mostly well.
func (w *walker) review() service.Input {
	in := service.Review{Step: w.s.Step, Values: map[string][]string{}, Reason: rapid.SampledFrom([]string{"材料不全", ""}).Draw(w.t, "reason")}
	in.Verdict = rapid.SampledFrom([]service.Verdict{service.VerdictAccept, service.VerdictAccept, service.VerdictMore, service.VerdictRefuse, "perhaps"}).Draw(w.t, "verdict")
	if brief, ok := w.d.Brief(w.s, w.env); ok {
		in.Corrected = brief.Corrected
		for _, f := range brief.Fields {
			in.Values[f.Name] = []string{"J1"}
		}
	}
	return in
}

// correct puts something right, mostly what may be.
func (w *walker) correct() service.Input {
	in := service.Correct{Values: map[string][]string{rapid.SampledFrom([]string{"address", "plate", "nothing"}).Draw(w.t, "other"): {"浙A54321"}}}
	for _, f := range w.d.Correctable(w.s, w.env) {
		in.Values[f.Name] = []string{rapid.SampledFrom([]string{"文三路 2 号", "1", "2", ""}).Draw(w.t, f.Name)}
		if n := len(f.Options); n > 0 {
			in.Values[f.Name] = []string{f.Options[rapid.IntRange(0, n-1).Draw(w.t, "option")].Value}
		}
	}
	return in
}

// corrects wants a correction to leave everything but answers as it is: where the case stands, what was paid, what an office was told.
func (w *walker) corrects(in service.Input, next service.State, effects []service.Effect, err error) {
	if _, ok := in.(service.Correct); !ok || err != nil {
		return
	}
	was := w.s
	was.Answers, was.Typed, was.Corrected = next.Answers, next.Typed, next.Corrected
	if len(effects) > 0 || encode(w.t, was) != encode(w.t, next) || next.Corrected > w.s.Corrected+1 {
		w.t.Fatalf("a correction moved the case, %d effects: %s", len(effects), cmp.Diff(encode(w.t, was), encode(w.t, next)))
	}
}

// recalls wants an office to be asked before anything else is done about what it holds: only a resident begins that, one void at a time, and no
// case ends as withdrawn that an office has not let go of.
func (w *walker) recalls(in service.Input, next service.State, effects []service.Effect, err error) {
	if err != nil {
		return
	}
	if _, asked := in.(service.Recall); asked {
		if w.s.Recalling() {
			if len(effects) > 0 || encode(w.t, next) != encode(w.t, w.s) {
				w.t.Fatalf("taken back twice: %d effects", len(effects))
			}
		} else if len(effects) != 1 || effects[0].Kind != service.EffectVoid || !next.Recalling() {
			w.t.Fatalf("taking back gives %v in phase %q", effects, next.Phase)
		}
		return
	}
	if next.Recalling() && !w.s.Recalling() {
		w.t.Fatalf("%T began to take the case back", in)
	}
	if next.End == service.EndWithdrawn && w.s.End == "" && w.s.Recall == nil {
		w.t.Fatalf("%T withdrew a case that nobody took back", in)
	}
	if !w.s.Recalling() || next.Recalling() {
		return
	}
	o, _ := in.(service.Outcome)
	r, ruled := in.(service.Ruling)
	letGo := o.Effect == service.EffectVoid && o.Kind == service.OutcomeAnswered || ruled && r.What == "unsettled"
	if (next.End == service.EndWithdrawn || next.Recall != nil) != letGo {
		w.t.Fatalf("%T %s of %s led from taking back to phase %q, end %q", in, o.Kind, o.Effect, next.Phase, next.End)
	}
}

// reopen says what came of an appeal, mostly where there can be one.
func (w *walker) reopen() service.Input {
	in := service.Reopen{What: rapid.SampledFrom([]string{"changed", "back", "back", "upheld"}).Draw(w.t, "appeal"), Reason: "理由成立", Values: map[string][]string{}}
	if a, ok := w.d.Appeal(w.s, w.env); ok {
		for _, f := range a.Fields {
			in.Values[f.Name] = []string{"J1"}
			if len(f.Options) > 0 {
				in.Values[f.Name] = []string{f.Options[0].Value}
			}
		}
	}
	return in
}

// amend puts something right in a finished result, mostly where there is one.
func (w *walker) amend() service.Input {
	in := service.Amend{Values: map[string][]string{}, Data: map[string]any{}}
	maps.Copy(in.Data, w.said("settled"))
	if a, ok := w.d.Amendable(w.s, w.env); ok {
		in.Data["no"], in.Data["receipt"] = rapid.SampledFrom([]string{"A1", "A2"}).Draw(w.t, "no"), "R2"
		for _, f := range a.Fields {
			in.Values[f.Name] = []string{rapid.SampledFrom([]string{"J1", "J2", ""}).Draw(w.t, f.Name)}
			if n := len(f.Options); n > 0 {
				in.Values[f.Name] = []string{f.Options[rapid.IntRange(0, n-1).Draw(w.t, "option")].Value}
			}
		}
	}
	return in
}

// amends wants a result that was put right to be the same in everything but what its maker said: where the case ended, what was paid, what
// other offices were told and told.
func (w *walker) amends(in service.Input, next service.State, effects []service.Effect, err error) {
	if _, ok := in.(service.Amend); !ok || err != nil {
		return
	}
	a, ok := w.d.Amendable(w.s, w.env)
	if !ok || w.d.Stand(w.s) != service.StandDone || len(effects) > 0 {
		w.t.Fatalf("put right where there is no result to put right, or with %d effects", len(effects))
	}
	was := w.s
	was.Answers, was.Facts, was.Typed = next.Answers, next.Facts, next.Typed
	if encode(w.t, was) != encode(w.t, next) {
		w.t.Fatalf("putting a result right moved the case: %s", cmp.Diff(encode(w.t, was), encode(w.t, next)))
	}
	made := map[string]bool{}
	for _, f := range a.Fields {
		made[f.Name] = true
	}
	for name := range next.Answers {
		if !made[name] && !cmp.Equal(next.Answers[name], w.s.Answers[name]) {
			w.t.Fatalf("putting a result right changed the answer %s, which staff did not fill in", name)
		}
	}
	for step := range next.Facts {
		if (step != a.Step || a.Office == "") && !cmp.Equal(next.Facts[step], w.s.Facts[step]) {
			w.t.Fatalf("putting a result right changed what step %s left", step)
		}
	}
	if len(w.d.Amended(w.s, next, w.env)) == 0 {
		w.t.Fatal("something was put right and nothing is told of it")
	}
}

func (w *walker) anyStep() string {
	return rapid.SampledFrom(append([]string{w.s.Step, "nowhere"}, w.s.Trail...)).Draw(w.t, "step")
}

// answer fills in the present page, mostly well.
func (w *walker) answer() service.Input {
	v := w.d.View(w.s, w.env)
	a := service.Answer{Step: v.Step, Values: map[string][]string{}}
	for _, f := range v.Fields {
		good := map[string][]string{
			"plate": {"浙A12345", "浙a·12345", "粤B D12345", "other"}, "engine_tail": {"A1B2C3"}, "digits": {"3301000045", "１２３"}, "person_name": {"王小明", "欧阳娜娜"}, "electricity_account": {"3301000045", "330 1000 046"},
			"choice": {"one", "two"}, "phone": {"138 0013 8000", "+8613800138000"}, "text": {"早上来"}, "number": {"1", "２", "3"}, "date": {"1990-01-02"}, "money": {"12.5"},
			"location": {"330102", "30.2741,120.1551"},
		}[f.Type]
		for _, o := range f.Options {
			good = append(good, o.Value)
		}
		if len(good) == 0 {
			good = []string{"文三路 1 号", "11010519491231002X", "6222020000000000000"}
		}
		typed := rapid.SampledFrom(good).Draw(w.t, f.Name)
		if rapid.IntRange(0, 9).Draw(w.t, "odd") == 0 {
			typed = rapid.StringN(0, 12, 40).Draw(w.t, f.Name)
		}
		a.Values[f.Name] = []string{typed}
	}
	if g := v.Repeat; g != nil {
		a.Values[g.Name] = []string{rapid.SampledFrom([]string{"done", "done", "done", "more", "more", "edit.0", "remove.0", "remove.1", "edit.9", "remove.-1", ""}).Draw(w.t, "do")}
	}
	switch v.Kind {
	case service.ViewChoose:
		for _, i := range v.Items {
			if v.Max != 1 && rapid.Bool().Draw(w.t, "pick") || v.Max == 1 && len(a.Values[v.Name]) == 0 {
				a.Values[v.Name] = append(a.Values[v.Name], i.Value)
			}
		}
	case service.ViewBook:
		a.Values[v.Name] = []string{rapid.SampledFrom([]string{"s1", "s1", "s2", "s2", "", "with blank"}).Draw(w.t, "slot")}
	}
	return a
}

// outcome answers one of the effects asked for, the latest mostly, a late one sometimes.
func (w *walker) outcome() service.Input {
	if len(w.queue) == 0 {
		return nil
	}
	e := w.queue[len(w.queue)-1]
	if rapid.IntRange(0, 9).Draw(w.t, "late") == 0 {
		e = rapid.SampledFrom(w.queue).Draw(w.t, "effect")
	}
	o := service.Outcome{Effect: e.Kind, Step: e.Step, Attempt: e.Attempt, At: w.env.Now}
	switch e.Kind {
	case service.EffectAsk, service.EffectFile, service.EffectTrace, service.EffectVoid:
		o.Kind = rapid.SampledFrom([]service.OutcomeKind{
			service.OutcomeAnswered, service.OutcomeAnswered, service.OutcomeAnswered, service.OutcomeDown, service.OutcomeDown, service.OutcomeRefused, service.OutcomeLimited,
		}).Draw(w.t, "ended")
		if o.Kind == service.OutcomeAnswered {
			o.Data = w.said(e.Call)
		}
	case service.EffectOrder:
		o.Kind, o.Data = service.OutcomeOrdered, map[string]any{"no": key(e.Step, e.Attempt), "url": "/pay"}
		if rapid.IntRange(0, 3).Draw(w.t, "channel") == 0 {
			o.Kind = service.OutcomeDown
		}
	case service.EffectCancel:
		o.Kind = service.OutcomeClosed
		if w.paid[key(e.Step, e.Attempt)] {
			return nil // the channel said paid before; it cannot say closed now
		}
	case service.EffectRefund:
		o.Kind = service.OutcomeRefunded
	case service.EffectHold:
		o.Kind = rapid.SampledFrom([]service.OutcomeKind{service.OutcomeHeld, service.OutcomeHeld, service.OutcomeTaken}).Draw(w.t, "hold")
		o.Data = map[string]any{"no": key(e.Step, e.Attempt), "slot": e.Slot, "start": w.env.Now, "end": w.env.Now.Add(time.Hour), "until": w.env.Now.Add(time.Minute)}
	default:
		o.Kind = service.OutcomeDone
	}
	return o
}

// byItself is a payment, the end of an order or of a hold, for any attempt there was.
func (w *walker) byItself() service.Input {
	steps := []service.Effect{}
	for _, e := range w.queue {
		if e.Kind == service.EffectOrder || e.Kind == service.EffectHold {
			steps = append(steps, e)
		}
	}
	if len(steps) == 0 {
		return nil
	}
	e := rapid.SampledFrom(steps).Draw(w.t, "which")
	o := service.Outcome{Step: e.Step, Attempt: e.Attempt, At: w.env.Now}
	k := key(e.Step, e.Attempt)
	switch {
	case e.Kind == service.EffectHold:
		o.Kind = service.OutcomeExpired
	case rapid.Bool().Draw(w.t, "money") || w.paid[k]:
		o.Kind = service.OutcomePaid
		o.Data = map[string]any{"no": k, "amount": int64(e.Amount), "transaction": "T", "paid_at": w.env.Now}
		w.paid[k] = true
	default:
		o.Kind = service.OutcomeClosed
	}
	return o
}

// said is what an office answers: mostly of the right form, sometimes nonsense.
func (w *walker) said(call string) map[string]any {
	if rapid.IntRange(0, 9).Draw(w.t, "nonsense") == 0 {
		return rapid.SampledFrom([]map[string]any{
			nil, {"items": "x"}, {"items": []any{map[string]any{"fine": -5}}}, {"known": 1}, {"settled": "yes"}, {"released_at": "soon"}, {"halls": []any{1}},
		}).Draw(w.t, "what")
	}
	list := []any{}
	for i := range rapid.IntRange(0, 3).Draw(w.t, "n") {
		list = append(list, map[string]any{
			"id": fmt.Sprint("i", i), "decision": "3301062605168842", "at": "2026-11-16T18:42:00+08:00", "place": "文三路", "act": "违反规定停车", "fine": 15000,
			"points": i, "plate": "浙A12345", "licence": rapid.SampledFrom([]string{"L1", "L2"}).Draw(w.t, "licence"), "photos": 3, "name": "大厅", "month": "2026-10", "amount": 8000 + i,
			"kwh": 100, "due": "2026-12-01", "minutes": 15, "address": "路", "hours": "9–17",
		})
	}
	return map[string]any{
		"state": rapid.SampledFrom([]string{"taken", "checked", "signed", "returned", "done", "accepted", "refused", "closed"}).Draw(w.t, "state"),
		"more":  rapid.SampledFrom([]string{"", "", "", "请补材料"}).Draw(w.t, "more"),
		"known": rapid.IntRange(0, 4).Draw(w.t, "known") > 0, "scope": rapid.SampledFrom([]string{"owner", "other"}).Draw(w.t, "scope"), "items": list, "halls": list, "matters": list,
		"as_of": "2026-11-24T06:00:00+08:00", "settled": rapid.Bool().Draw(w.t, "settled"), "booked": rapid.Bool().Draw(w.t, "booked"), "voided": true,
		"receipt": "R1", "points": 3, "total_points": 4, "released_at": "2026-11-24T12:00:01+08:00", "code": "B027", "window": "3",
	}
}
