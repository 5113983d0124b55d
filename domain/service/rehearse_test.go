package service_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/sandbox"
)

// noon is a Tuesday, so that the hall has places on the days after.
var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, clock.Shanghai)

func catalogue(t testing.TB) *service.Catalogue {
	t.Helper()
	c, problems := service.LoadCatalogue(os.DirFS("../../catalog"))
	for _, p := range problems {
		t.Error(p)
	}
	if c == nil {
		t.FailNow()
	}
	return c
}

// world starts the imitation offices and gives the function that asks them over HTTP.
func world(t *testing.T) (service.OfficeFunc, func(int) service.Me) {
	t.Helper()
	w, err := sandbox.Start(context.Background(), sandbox.Config{Seed: 1, Clock: clock.At(noon)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close(context.Background()) })
	urls := w.URLs()
	client := &http.Client{Timeout: 400 * time.Millisecond}
	ask := func(system, call, key string, with map[string]any) (map[string]any, error) {
		return post(client, urls[system]+"/calls/"+call, key, with)
	}
	people := func(who int) service.Me {
		p := w.Residents()[who]
		me := service.Me{Name: p.Name, CitizenNumber: p.CitizenNumber, Phone: p.Phone}
		for _, v := range p.Vehicles {
			me.Plates = append(me.Plates, v.Plate)
		}
		return me
	}
	return ask, people
}

func post(client *http.Client, url, key string, with map[string]any) (map[string]any, error) {
	body, err := json.Marshal(with)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Idempotency-Key", key)
	resp, err := client.Do(req)
	if err != nil {
		return nil, fault.Unavailable("office.down", "没有回应").Because(err)
	}
	defer resp.Body.Close()
	var out struct {
		Data    map[string]any
		Refused struct{ Reason string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		return nil, err
	}
	switch resp.StatusCode {
	case http.StatusOK:
		return out.Data, nil
	case http.StatusUnprocessableEntity:
		return nil, fault.Conflict("office.refused", "%s", out.Refused.Reason)
	case http.StatusServiceUnavailable:
		return nil, fault.Unavailable("office.down", "没有回应")
	}
	return nil, errors.New(resp.Status)
}

// TestDefinitionsPassTheirOwnTests runs every definition's tests against the imitation offices.
func TestDefinitionsPassTheirOwnTests(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	office, people := world(t)
	for _, d := range c.Definitions() {
		offer, ok := c.Offer("330100", d.ID)
		if !ok {
			t.Errorf("Hangzhou does not offer %s", d.ID)
			continue
		}
		results := service.RunTests(d, offer, noon, office, people)
		if len(results) == 0 {
			t.Errorf("%s has no tests", d.ID)
		}
		for _, r := range results {
			for _, bad := range r.Bad {
				t.Errorf("%s:%d %s: %s", d.ID, r.Line, r.Name, bad)
			}
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
		return service.RunTests(d, offer, noon, ask, nil)[0].Bad
	}
	one := map[string]any{"known": true, "items": []any{map[string]any{"id": "1", "act": "停车", "fine": 100, "decision": "D", "licence": "L"}}}
	bad := run(func(_, _, _ string, _ map[string]any) (map[string]any, error) { return one, nil })
	if len(bad) != 1 || bad[0] != "at step chosen: chosen has 1 to choose from, the test wants number 7 (counted from 0)" {
		t.Errorf("got %q", bad)
	}
	bad = run(func(_, _, _ string, _ map[string]any) (map[string]any, error) {
		return map[string]any{"known": true}, nil
	})
	if len(bad) != 5 || bad[0] != `expected end "done", got "nothing"` || bad[4] != `expected settlement.receipt "R2", got "nothing"` {
		t.Errorf("got %q", bad)
	}
	bad = run(func(_, _, _ string, _ map[string]any) (map[string]any, error) { return nil, errors.New("no such call") })
	if len(bad) != 1 || bad[0] != "at step violations: no such call" {
		t.Errorf("got %q", bad)
	}
}
