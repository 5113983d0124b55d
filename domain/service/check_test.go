package service_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zhijian/domain/service"
)

func TestBlankLoads(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, id := range []string{"live-road-conditions", "unheard-of"} {
		problems, _ := service.Check(id+".yaml", service.Blank(id, c), nil)
		for _, p := range problems {
			t.Error(p)
		}
	}
}

// TestDefinitionsReadWell wants what ships to have no advice left: English everywhere, short sentences.
func TestDefinitionsReadWell(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	files, err := filepath.Glob("../../catalog/services/*.yaml")
	if err != nil || len(files) < 6 {
		t.Fatalf("found %d definitions, %v", len(files), err)
	}
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		problems, advice := service.Check(filepath.Base(f), src, c)
		for _, p := range append(problems, advice...) {
			t.Error(p)
		}
	}
}

// TestRunTestsSaysWhatIsWrong wants a definition whose test expects something else to fail with a sentence.
func TestRunTestsSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	src := strings.Replace(sound(t), "expect: {view: form}", "answers: {plate: 浙A12345, chosen: [7]}, expect: {end: done, fine: \"1.00\", settlement: {receipt: R2}, refunded: fine, office: down}", 1)
	d, problems := service.Load("f.yaml", []byte(src))
	if d == nil {
		t.Fatal(problems)
	}
	run := func(ask service.OfficeFunc) []string {
		offer := service.Offer{Definition: d, Offices: map[string]service.Office{"traffic": {System: "traffic", Payee: "财政"}}}
		return service.Stage{Offer: offer, Now: noon, Office: ask}.Run()[0].Bad
	}
	one := map[string]any{"known": true, "items": []any{map[string]any{"id": "1", "act": "停车", "fine": 100, "decision": "D", "licence": "L"}}}
	bad := run(func(_ time.Time, _, _, _ string, _ map[string]any) (map[string]any, error) { return one, nil })
	if len(bad) != 1 || bad[0] != "at step chosen: chosen has 1 to choose from, the test wants number 7 (counted from 0)" {
		t.Errorf("got %q", bad)
	}
	bad = run(func(_ time.Time, _, _, _ string, _ map[string]any) (map[string]any, error) {
		return map[string]any{"known": true}, nil
	})
	if len(bad) != 5 || bad[0] != `expected end "done", got "nothing"` || bad[4] != `expected settlement.receipt "R2", got "nothing"` {
		t.Errorf("got %q", bad)
	}
	bad = run(func(_ time.Time, _, _, _ string, _ map[string]any) (map[string]any, error) {
		return nil, errors.New("no such call")
	})
	if len(bad) != 1 || bad[0] != "at step violations: no such call" {
		t.Errorf("got %q", bad)
	}
}

// TestASilentOffice: a test may want an office to say nothing, and whoever asks it finds out.
func TestASilentOffice(t *testing.T) {
	t.Parallel()
	src := strings.Replace(sound(t), "expect: {view: form}", "silent: traffic, answers: {plate: 浙A12345}, expect: {view: wait, office: down}", 1)
	d, problems := service.Load("f.yaml", []byte(strings.Replace(src, "basis: []", "basis: none", 1)))
	if d == nil {
		t.Fatal(problems)
	}
	if !d.NoBasis || len(d.Basis) != 0 {
		t.Errorf("basis none: %v %v", d.NoBasis, d.Basis)
	}
	offer := service.Offer{Definition: d, Offices: map[string]service.Office{"traffic": {System: "traffic", Payee: "财政"}}}
	r := service.Stage{Offer: offer, Now: noon, Office: func(_ time.Time, system, call, _ string, _ map[string]any) (map[string]any, error) {
		return nil, errors.New(system + " was asked " + call)
	}}.Run()
	if len(r[0].Bad) != 0 {
		t.Errorf("silent: %q", r[0].Bad)
	}
}
