package service_test

import (
	"strings"
	"testing"

	"zhijian/domain/service"
	"zhijian/testkit"
)

// TestGlimpses: every step of every definition can be looked at before anybody answered anything, in both languages.
func TestGlimpses(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, d := range c.Definitions() {
		for _, lang := range []string{"zh", "en"} {
			trial := d.Trial("330100", lang, testkit.Now())
			for _, id := range d.StepIDs() {
				v, ok := trial.Glimpse(id)
				if !ok || v.Kind == "" || v.Title == "" && v.Kind != service.ViewCheck {
					t.Errorf("%s step %s in %s: %v %q %q", d.ID, id, lang, ok, v.Kind, v.Title)
				}
				if strings.Contains(v.Title, "—") {
					t.Errorf("%s step %s in %s cannot be computed: %q", d.ID, id, lang, v.Title)
				}
			}
		}
	}
}

// TestTrials plays services to their ends with nobody asked: what is chosen is the first of what is offered.
func TestTrials(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, id := range []string{"traffic-fine-payment", "hall-appointment", "star-user-certification", "violation-review-request", "city-problem-report", "weather-forecast"} {
		d, ok := definition(c, id)
		if !ok {
			t.Errorf("there is no %s", id)
			continue
		}
		trial := d.Trial("330100", "zh", testkit.Now())
		s, err := trial.Start()
		if err != nil {
			t.Fatal(id, err)
		}
		for range 40 {
			v := trial.View(s)
			if s.End != "" {
				break
			}
			values := map[string][]string{}
			for _, f := range v.Fields {
				values[f.Name] = []string{typed(f)}
			}
			switch v.Kind {
			case service.ViewForm, service.ViewCheck:
				s, err = trial.Answer(s, v.Step, values)
			case service.ViewChoose:
				s, err = trial.Answer(s, v.Step, map[string][]string{v.Name: {v.Items[0].Value}})
			case service.ViewBook:
				s, err = trial.Answer(s, v.Step, map[string][]string{v.Name: {v.Days[0].Slots[0].ID}})
			default:
				s, err = trial.On(s)
			}
			if err != nil {
				t.Fatalf("%s at %s (%s): %v", id, v.Step, v.Kind, err)
			}
		}
		if s.End == "" {
			t.Errorf("%s stands at %s (%s), want an end", id, s.Step, trial.View(s).Kind)
		}
	}
}

// typed is something that a field takes.
func typed(f service.Field) string {
	if f.Value != "" {
		return f.Value
	}
	if len(f.Options) > 0 {
		return f.Options[0].Value
	}
	switch f.Type {
	case "plate":
		return "浙A12345"
	case "phone":
		return "13800138000"
	case "person_name":
		return "张小敏"
	case "citizen_number":
		return "11010519491231002X"
	case "date":
		return "2026-06-01"
	case "number", "digits", "money":
		return "12345678"
	case "location":
		return "30.274,120.155"
	case "engine_tail":
		return "123456"
	}
	text := []rune("文三路 1 号，靠近学院路路口的停车场")
	if f.MaxLength > 0 {
		text = text[:min(len(text), f.MaxLength)]
	}
	return string(text)
}

func definition(c *service.Catalogue, id string) (*service.Definition, bool) {
	for _, d := range c.Definitions() {
		if d.ID == id {
			return d, true
		}
	}
	return nil, false
}

// TestWith: what departments publish stands beside the files, at run time, and touches none of them.
func TestWith(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	load := func(id, version string) *service.Definition {
		src := strings.NewReplacer("id: my-kind", "id: "+id, "version: 1", "version: "+version, "office: desk", "office: traffic", "owner: desk", "owner: traffic").Replace(string(service.Blank("my-kind", nil)))
		d, problems := service.Load(id, []byte(src))
		if d == nil {
			t.Fatal(problems)
		}
		return d
	}
	live := service.NewLive(c)
	before := len(live.Offers("330100"))
	own := c.OwnOffices("330100", []string{"hzjj"})
	if own["traffic"].System == "" || own["power"].System != "" || own["electricity"].System != "" {
		t.Fatalf("offices of hzjj: %v", own)
	}
	local := service.Local{City: "330100", Account: "hzjj", Department: "交警", Offices: own}
	one, two := local, local
	one.Definition, two.Definition, two.Live = load("own-pass", "1"), load("own-pass", "2"), true
	stranger := two
	stranger.Definition = load("traffic-fine-payment", "9")
	if live.Carries("own-pass") || !live.Carries("traffic-fine-payment") {
		t.Error("files carry what comes from files")
	}
	live.Set([]service.Local{one, two, stranger})
	o, ok := live.Offer("330100", "own-pass")
	if !ok || o.Definition.Version != 2 || o.Account != "hzjj" || o.Offices["traffic"].System == "" || len(live.Offers("330100")) != before+1 {
		t.Errorf("offered: %v %+v", ok, o)
	}
	if o, ok := live.Pinned("330100", "own-pass", 1); !ok || o.Definition.Version != 1 {
		t.Error("a case that began with version 1 has lost it")
	}
	for _, city := range []string{"310100", "320500", ""} {
		if _, ok := live.Offer(city, "own-pass"); ok {
			t.Errorf("it is offered in %q too", city)
		}
		if _, ok := live.Pinned(city, "own-pass", 2); ok {
			t.Errorf("it is known in %q too", city)
		}
	}
	if o, _ := live.Offer("330100", "traffic-fine-payment"); o.Definition.Version == 9 {
		t.Error("a service of the house's files was replaced")
	}
	if _, ok := live.Pinned("330100", "traffic-fine-payment", 9); ok {
		t.Error("a version of a service of the house's files was added")
	}
	live.Set(nil)
	if _, ok := live.Offer("330100", "own-pass"); ok || len(live.Offers("330100")) != before {
		t.Error("it is still offered")
	}
}
