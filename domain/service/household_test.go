package service_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/fault"
)

// stay drives one case by hand.
type stay struct {
	t       *testing.T
	d       *service.Definition
	env     service.Env
	s       service.State
	effects []service.Effect
}

func household(t *testing.T) *stay {
	t.Helper()
	d := load(t, "household.yaml")
	x := &stay{t: t, d: d, env: service.Env{Now: noon, CaseNo: "CASE", Offer: service.Offer{Definition: d, Offices: map[string]service.Office{"police": {System: "p"}}}, Me: service.Me{
		Level: 2, Name: "张小敏", CitizenNumber: "11010519491231002X", Phone: "+8613800138000", People: family, Others: mandates,
	}}}
	var err error
	if x.s, x.effects, err = d.Start(x.env); err != nil {
		t.Fatal(err)
	}
	return x
}

func (x *stay) send(values ...string) error {
	x.t.Helper()
	a := service.Answer{Step: x.s.Step, Values: map[string][]string{}}
	for i := 0; i < len(values); i += 2 {
		a.Values[values[i]] = []string{values[i+1]}
	}
	s, effects, err := x.d.Apply(x.s, a, x.env)
	x.s, x.effects = s, effects
	return err
}

func (x *stay) must(values ...string) {
	x.t.Helper()
	if err := x.send(values...); err != nil {
		x.t.Fatalf("%v: %v", values, err)
	}
}

func (x *stay) says(data map[string]any) {
	x.t.Helper()
	e := x.effects[0]
	var err error
	if x.s, x.effects, err = x.d.Apply(x.s, service.Outcome{Kind: service.OutcomeAnswered, Effect: e.Kind, Step: e.Step, Attempt: e.Attempt, Data: data, At: x.env.Now}, x.env); err != nil {
		x.t.Fatal(err)
	}
}

func (x *stay) view() service.View { return x.d.View(x.s, x.env) }

// For whom it is comes first, every page says so, offices are asked about them and told who acts; the own data stays out of it.
func TestActingForSomebody(t *testing.T) {
	t.Parallel()
	x := household(t)
	v := x.view()
	if v.Step != "whom" || len(v.Fields) != 1 || len(v.Fields[0].Options) != 3 || v.For != "" {
		t.Fatalf("the first page: %+v", v)
	}
	for _, o := range v.Fields[0].Options {
		if strings.Contains(o.Label+o.Hint, "张小宝") || strings.Contains(o.Label+o.Hint, "2018") {
			t.Errorf("the choice shows somebody in full: %+v", o)
		}
	}
	for _, guess := range []string{"mandate/10", "child/8", "mandate/7", "", "../x"} {
		if err := x.send("whom", guess); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("guessed %q: %v", guess, err)
		}
	}
	x.must("whom", "child/7")
	if with := x.effects[0].With; with["citizen_number"] != "110105201801010019" {
		t.Errorf("the office is asked about %v", with)
	}
	x.says(map[string]any{"known": true, "address": "文三路 1 号"})
	if v = x.view(); v.Step != "contact" || v.For != "张*宝" {
		t.Errorf("the page does not say for whom: %q %q", v.Step, v.For)
	}
	x.must("contact", "self")
	x.must("address", "别处", "beds", "2")
	x.must("companions", "done")
	if v = x.view(); v.Kind != service.ViewCheck || !strings.Contains(fmt.Sprint(v.Rows), "文三路 1 号") || strings.Contains(fmt.Sprint(v.Rows), "别处") {
		t.Errorf("what a register says was typed over: %+v", v.Rows)
	}
	x.must()
	agent, _ := x.effects[0].With["agent"].(map[string]any)
	if x.effects[0].With["who"] != "110105201801010019" || agent["citizen_number"] != "11010519491231002X" {
		t.Errorf("filed: %v", x.effects[0].With)
	}
	// What is with the office goes on when the right ends meanwhile.
	x.env.Me.Others = nil
	x.says(map[string]any{"no": "R1"})
	if x.s.End != "done" || !x.view().Barred {
		t.Errorf("end %q, barred %v", x.s.End, x.view().Barred)
	}
}

// A mandate that ends stops everything at the resident's hand at once, and nothing of the case is shown any more.
func TestMandateEnds(t *testing.T) {
	t.Parallel()
	x := household(t)
	x.must("whom", "mandate/9")
	x.says(map[string]any{"known": true, "address": "文三路 1 号"})
	x.must("contact", "self")
	x.env.Me.Others = mandates[:1]
	for name, in := range map[string]service.Input{
		"answer": service.Answer{Step: x.s.Step}, "draft": service.Draft{Step: x.s.Step}, "change": service.Change{Step: "whom"}, "retry": service.Retry{Step: x.s.Step},
	} {
		next, effects, err := x.d.Apply(x.s, in, x.env)
		if f := fault.Of(err); f == nil || f.Code != "service.mandate" || len(effects) > 0 || next.Step != x.s.Step {
			t.Errorf("%s: %v", name, err)
		}
	}
	v := x.view()
	if !v.Barred || len(v.Fields)+len(v.Rows)+len(v.Notes) > 0 || strings.Contains(fmt.Sprint(v), "李") {
		t.Errorf("after the end the page shows %+v", v)
	}
	if at, ok := x.d.ViewAt(x.s, "contact", x.env); ok && !at.Barred {
		t.Error("a page behind still shows")
	}
	// The same number under another right is not the right that was used.
	x.env.Me.Others = []service.Other{{Ref: "mandate/10", Name: "李四", CitizenNumber: mandates[1].CitizenNumber}}
	if _, _, err := x.d.Apply(x.s, service.Answer{Step: x.s.Step}, x.env); !fault.Is(err, fault.KindDenied) {
		t.Errorf("another mandate: %v", err)
	}
}

// Choosing somebody else forgets what was asked and found for the one before.
func TestWhomChanges(t *testing.T) {
	t.Parallel()
	x := household(t)
	x.must("whom", "mandate/9")
	x.says(map[string]any{"known": true, "address": "文三路 1 号"})
	x.must("contact", "self")
	var err error
	if x.s, _, err = x.d.Apply(x.s, service.Change{Step: "whom", Return: true}, x.env); err != nil {
		t.Fatal(err)
	}
	x.must("whom", "self")
	if len(x.s.Answers) != 1 || x.s.Facts["household"] != nil || x.effects[0].With["citizen_number"] != "11010519491231002X" {
		t.Errorf("of the one before there is still %v %v; asked %v", len(x.s.Answers), len(x.s.Facts), x.effects[0].With)
	}
	// Who has nobody to act for is not asked.
	alone := household(t)
	alone.env.Me.Others = nil
	if alone.s, alone.effects, err = alone.d.Start(alone.env); err != nil || alone.s.Step != "household" {
		t.Errorf("alone: %q %v", alone.s.Step, err)
	}
}

// What was chosen before anybody was asked for whom is about nobody: it stands when somebody else is chosen.
func TestWhomChangesLate(t *testing.T) {
	t.Parallel()
	x, d := household(t), catalogue(t).Definitions()[0]
	for _, one := range catalogue(t).Definitions() {
		if one.ID == "hospital-registration" {
			d = one
		}
	}
	x.d, x.env.Offer.Definition = d, d
	x.env.Offer.Offices = map[string]service.Office{"hospital": {System: "hospital", Name: service.Text{Zh: "医院"}, Payee: "医院"}}
	var err error
	if x.s, x.effects, err = d.Start(x.env); err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{"hospital", "department", "doctor"} {
		x.says(map[string]any{"items": []any{map[string]any{"id": "i7", "name": "一"}}})
		x.must(step, "i7")
	}
	x.must("whom", "self")
	if x.s, _, err = x.d.Apply(x.s, service.Change{Step: "whom"}, x.env); err != nil {
		t.Fatal(err)
	}
	x.must("whom", "child/7")
	if x.s.Step != "slot" {
		t.Fatalf("it goes on at %q", x.s.Step)
	}
	if err := x.send("slot", "s1"); err != nil || x.effects[0].Kind != service.EffectHold || x.effects[0].Pool != "i7" {
		t.Errorf("the doctor's time: %v %+v", err, x.effects)
	}
}

// Entries are added, changed and removed one at a time; a program sends them all at once; both come to the same.
func TestEntries(t *testing.T) {
	t.Parallel()
	x := household(t)
	x.must("whom", "self")
	x.says(map[string]any{"known": true})
	x.must("contact", "8")
	x.must("address", "文三路", "beds", "1")
	first := x.s
	if v := x.view(); v.Repeat == nil || v.Repeat.Open || len(v.Fields) > 0 || v.Repeat.Max != 3 || len(v.Repeat.Parts) != 3 {
		t.Fatalf("an empty list: %+v", v.Repeat)
	}
	x.must("companions", "more")
	err := x.send("companions", "more", "companions.0.name", "", "companions.0.tie", "cousin")
	if f := fault.Of(err); f == nil || len(f.All()) != 2 || f.All()[0].Field != "companions.0.name" {
		t.Fatalf("a wrong entry: %v", err)
	}
	x.must("companions", "more", "companions.0.name", "王小明", "companions.0.tie", "kin")
	x.must("companions", "more", "companions.1.name", "欧阳娜娜", "companions.1.tie", "friend")
	x.must("companions", "more", "companions.2.name", "赵六", "companions.2.tie", "kin")
	if v := x.view(); v.Repeat.Open || len(v.Repeat.Entries) != 3 {
		t.Fatalf("a full list: %+v", v.Repeat)
	}
	x.must("companions", "edit.1")
	if v := x.view(); v.Repeat.At != 1 || v.Repeat.New || v.Fields[0].Value != "欧阳娜娜" || len(v.Repeat.Entries) != 2 {
		t.Fatalf("one opened again: %+v %+v", v.Repeat, v.Fields)
	}
	x.must("companions", "done", "companions.1.name", "欧阳娜", "companions.1.tie", "friend")
	if v := x.view(); v.Step != "rooms" {
		t.Fatalf("a friend needs a room, got %s", v.Step)
	}
	if x.s, _, err = x.d.Apply(x.s, service.Change{Step: "companions", Return: true}, x.env); err != nil {
		t.Fatal(err)
	}
	x.must("companions", "remove.0")
	if v := x.view(); len(v.Repeat.Entries) != 2 || v.Repeat.Entries[0].Rows[0].Value != "欧阳*" && v.Repeat.Entries[0].Rows[0].Value == "王小明" {
		t.Fatalf("after removing: %+v", v.Repeat.Entries)
	}
	x.must("companions", "done")
	x.must("rooms.0.who", "8")
	x.must()
	byHand := x.effects[0].With

	x.s = first
	if err := x.send("companions.0.name", "欧阳娜", "companions.0.tie", "friend", "companions.2.name", "赵六"); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("a gap: %v", err)
	}
	if err := x.send("companions.3.name", "赵六"); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("beyond the bound: %v", err)
	}
	x.must("companions.0.name", "欧阳娜", "companions.0.tie", "friend", "companions.1.name", "赵六", "companions.1.tie", "kin")
	x.must("rooms.0.who", "8")
	x.must()
	if a, b := fmt.Sprint(byHand), fmt.Sprint(x.effects[0].With); a != b || byHand["count"] != int64(2) {
		t.Errorf("one by one %s\nat once %s", a, b)
	}
}

// The id of a person whom another resident saved is as good as none.
func TestPeopleAreOnesOwn(t *testing.T) {
	t.Parallel()
	x := household(t)
	x.must("whom", "self")
	x.says(map[string]any{"known": true})
	v := x.view()
	if len(v.Fields[0].Options) != 3 || v.Fields[0].More == nil || strings.Contains(fmt.Sprint(v.Fields[0].Options), "110105201801010019") {
		t.Errorf("people to pick from: %+v", v.Fields[0])
	}
	for _, id := range []string{"9", "07", "self2", "张小宝"} {
		if f := fault.Of(x.send("contact", id)); f == nil || f.Code != "answer.person" {
			t.Errorf("%q: %v", id, f)
		}
	}
}

func TestHouseholdRehearsal(t *testing.T) {
	t.Parallel()
	d := load(t, "household.yaml")
	office := func(_ time.Time, _, call, _ string, _ map[string]any) (map[string]any, error) {
		if call == "household.find" {
			return map[string]any{"known": true, "address": "文三路 1 号"}, nil
		}
		return map[string]any{"no": "R1", "known": true, "settled": true}, nil
	}
	offer := service.Offer{Definition: d, Offices: map[string]service.Office{"police": {System: "p"}}}
	stage := service.Stage{Offer: offer, Now: noon, Office: office}
	for _, r := range stage.Run() {
		for _, bad := range r.Bad {
			t.Errorf("%s: %s", r.Name, bad)
		}
	}
}
