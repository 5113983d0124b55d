package service_test

import (
	"testing"
	"time"

	"zhijian/domain/service"
)

// TestGive: what was asked before is not asked again, unless it does not do or the page asks more.
func TestGive(t *testing.T) {
	t.Parallel()
	c := catalogued(t)
	offer, ok := c.Offer("330100", "family-planning-registration")
	if !ok {
		t.Fatal("杭州 does not offer it")
	}
	d := offer.Definition
	known := map[string][]string{"spouse": {"李雷"}, "spouse_number": {"11010519491231002X"}, "due": {"2026-12-01"}, "address": {"文三路 1 号"}, "nothing": {"x"}}
	env := service.Env{Now: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC), Offer: offer, CaseNo: "0CASE", Me: service.Me{Level: 3, Name: "韩梅梅", CitizenNumber: "110105198001010022"}}
	begin := func(values map[string][]string, level int) (service.State, service.Env) {
		env := env
		env.Me.Level = level
		s, _, err := d.Begin(d.Give(values), env)
		if err != nil {
			t.Fatal(err)
		}
		return s, env
	}
	s, _ := begin(known, 3)
	if v := d.View(s, env); v.Kind != service.ViewForm || v.Step != "children" {
		t.Fatalf("the first page is %s %s, want the one that is not known", v.Kind, v.Step)
	}
	s, _, err := d.Apply(s, service.Answer{Step: "children", Values: map[string][]string{"children": {"done"}}}, env)
	if err != nil || d.View(s, env).Kind != service.ViewCheck {
		t.Fatalf("after the one page comes %s: %v", d.View(s, env).Kind, err)
	}
	if back, ok := d.ViewAt(s, "spouse", env); !ok || back.Fields[0].Value != "李雷" {
		t.Errorf("a page that was passed shows %v", back.Fields)
	}

	low, lowEnv := begin(known, 1)
	if v := d.View(low, lowEnv); v.Kind != service.ViewProve {
		t.Errorf("somebody who is not proven sees %s", v.Kind)
	}
	on, _, err := d.Apply(low, service.Retry{Step: low.Step}, env)
	if err != nil || d.View(on, env).Step != "children" {
		t.Errorf("after the proof the page is %s: %v", d.View(on, env).Step, err)
	}

	known["spouse_number"] = []string{"123"}
	s, _ = begin(known, 3)
	if v := d.View(s, env); v.Step != "spouse" || v.Fields[1].Value != "123" {
		t.Errorf("a number that does not do is asked at %s with %v", v.Step, v.Fields)
	}
	delete(known, "spouse_number")
	s, _ = begin(known, 3)
	if v := d.View(s, env); v.Step != "spouse" || v.Fields[0].Value != "李雷" {
		t.Errorf("half a page is asked at %s with %v", v.Step, v.Fields)
	}
}
