package draft_test

import (
	"strings"
	"testing"
	"time"

	"zhijian/domain/draft"
	"zhijian/domain/service"
	"zhijian/testkit"
)

func sheetOf(unique, slots bool, columns ...draft.Column) draft.Sheet {
	return draft.Sheet{Office: "traffic", Columns: columns, Unique: unique, Slots: slots}
}

func col(name, kind string, key bool) draft.Column {
	return draft.Column{Name: name, Label: "列 {" + name + "}：“甲”, 乙", Kind: kind, Key: key, Told: !key}
}

// TestFromSheet: whatever columns a table has, the service over it loads, passes its own test, is ready once its legal basis is stated, and
// nobody is asked who they are.
func TestFromSheet(t *testing.T) {
	t.Parallel()
	b := open(t, testkit.Database(t))
	g, err := b.Ground(t.Context(), b.ann)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		sheet draft.Sheet
		says  []string // the text holds
		not   []string // and does not hold
	}{
		"by a number": {
			sheetOf(true, false, col("c1", "text", true), col("c2", "text", false), col("c3", "money", false), col("c4", "yes", false)),
			[]string{"form: [key_c1]", "level: L1", "unknown:", "gives: {known: bool, c2: text, c3: money, c4: bool}"},
			[]string{"me."},
		},
		"by oneself": {
			sheetOf(true, false, col("id", "citizen_number", true), col("c2", "day", false)),
			[]string{"id: me.citizen_number", "level: L2", "result: none"},
			[]string{"form:", "answers:\n  "},
		},
		"by the phone": {
			sheetOf(false, false, col("tel", "phone", true), col("c2", "text", false), col("c3", "clock", false), col("c4", "plate", false)),
			[]string{"tel: me.phone", "level: L1", "items: [{c2: text, c3: text, c4: plate}]"},
			[]string{"form:"},
		},
		"by a plate": {
			sheetOf(true, false, col("plate", "plate", true), col("c2", "number", false)),
			[]string{"type: choice\n    from: me.vehicles", "level: L4"},
			[]string{"type: plate"},
		},
		"by a plate and oneself": {
			sheetOf(true, false, col("plate", "plate", true), col("id", "citizen_number", true), col("c2", "text", false)),
			[]string{"type: plate\n    from: me.plates", "id: me.citizen_number", "level: L2"},
			nil,
		},
		"by two": {
			sheetOf(false, false, col("day", "day", true), col("n", "number", true), col("yes", "yes", true), col("c2", "text", false)),
			[]string{"form: [key_day, key_n, key_yes]", "title:"},
			nil,
		},
		"words of expressions": {sheetOf(true, false, col("size", "text", true), col("me", "text", true), col("reason", "text", false), col("v", "text", false)), nil, nil},
		"times":                {sheetOf(false, true, col("day", "day", false), col("from", "clock", false), col("places", "number", false)), []string{"book: slot", "level: L2"}, []string{"form:"}},
		"times by place":       {sheetOf(false, true, col("hall", "text", true), col("day", "day", false), col("from", "clock", false), col("places", "number", false)), []string{"form: [key_hall]", "with: {hall: key_hall}"}, nil},
	} {
		text, err := draft.FromSheet("own-table", service.Text{Zh: "查表: 一", En: "Table: one"}, "traffic-police", "f01", "2027-06-30", c.sheet)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		one, err := b.Begin(t.Context(), b.ann, draft.Beginning{Text: strings.Replace(text, "own-table", "own-"+strings.ReplaceAll(name, " ", "-"), 1)})
		if err != nil {
			t.Fatal(name, err, "\n", text)
		}
		def, f := draft.Check(one, based(t, one.Text), g)
		if def == nil || !f.Ready() {
			t.Errorf("%s: %+v\n%s", name, f, text)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(text, part) {
				t.Errorf("%s: the text lacks %q:\n%s", name, part, text)
			}
		}
		for _, part := range c.not {
			if strings.Contains(text, part) {
				t.Errorf("%s: the text holds %q:\n%s", name, part, text)
			}
		}
		for _, r := range (service.Stage{Offer: service.Offer{City: "330100", Definition: def, Offices: g.Offices}, Now: testkit.Now(), Office: nobody}).Run() {
			if len(r.Bad) > 0 {
				t.Errorf("%s, %s: %v", name, r.Name, r.Bad)
			}
		}
		if again, _ := draft.FromSheet("own-table", service.Text{Zh: "查表: 一", En: "Table: one"}, "traffic-police", "f01", "2027-06-30", c.sheet); again != text {
			t.Errorf("%s: the same sheet gives another text", name)
		}
	}
	for name, s := range map[string]draft.Sheet{"no columns": sheetOf(true, false), "nothing told": sheetOf(true, false, col("a", "text", true)), "no key": sheetOf(true, false, col("a", "text", false))} {
		if text, err := draft.FromSheet("own-x", service.Text{Zh: "x"}, "g", "f01", "2027-06-30", s); err == nil {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestSheetBooking: a booking with nothing to file is made definite by the house before the resident reads that it is.
func TestSheetBooking(t *testing.T) {
	t.Parallel()
	text, err := draft.FromSheet("own-table", service.Text{Zh: "预约"}, "traffic-police", "f01", "2027-06-30",
		sheetOf(false, true, col("day", "day", false), col("from", "clock", false), col("places", "number", false)))
	if err != nil {
		t.Fatal(err)
	}
	def, problems := service.Load("own-table", []byte(text))
	if def == nil {
		t.Fatal(problems)
	}
	env := service.Env{Now: testkit.Now(), CaseNo: "X", Me: service.Me{Level: 2, Name: "张小敏", CitizenNumber: "11010519491231002X", Phone: "+8613800138000"}, Offer: service.Offer{City: "330100", Definition: def, Offices: map[string]service.Office{"traffic": {System: "sheet:x", Pool: "own-x"}}}}
	s, _, err := def.Start(env)
	if err != nil {
		t.Fatal(err)
	}
	var effects []service.Effect
	apply := func(in service.Input) {
		t.Helper()
		if s, effects, err = def.Apply(s, in, env); err != nil {
			t.Fatal(err)
		}
	}
	apply(service.Answer{Step: "slot", Values: map[string][]string{"slot": {"20260601T0900"}}})
	start := env.Now.Add(24 * time.Hour)
	held := map[string]any{"no": "R1", "slot": "20260601T0900", "start": start, "end": start.Add(time.Hour), "until": env.Now.Add(time.Minute)}
	apply(service.Outcome{Kind: service.OutcomeHeld, Effect: service.EffectHold, Step: "slot", Attempt: effects[0].Attempt, Data: held, At: env.Now})
	apply(service.Answer{Step: "check"})
	if len(effects) != 1 || effects[0].Kind != service.EffectConfirm || s.End != "" {
		t.Fatalf("the end comes before the place is definite: %v %q", effects, s.End)
	}
	again := s
	apply(service.Outcome{Kind: service.OutcomeDone, Effect: service.EffectConfirm, Step: "slot", Attempt: effects[0].Attempt, At: env.Now})
	if s.End != "done" || def.Stand(s) != service.StandDone {
		t.Errorf("it ends as %q, %s", s.End, def.Stand(s))
	}
	s = again
	apply(service.Outcome{Kind: service.OutcomeExpired, Effect: service.EffectConfirm, Step: "slot", Attempt: def.Pending(again, env)[0].Attempt, At: env.Now})
	if v := def.View(s, env); v.Kind != service.ViewBook || s.End != "" {
		t.Errorf("the place was gone, and the resident reads %s %q", v.Kind, s.End)
	}
}
