package service_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/sandbox"
)

// world starts the imitation offices and gives the function that asks them over HTTP.
func world(t *testing.T) (service.OfficeFunc, func(int) service.Me) {
	t.Helper()
	watch := clock.At(noon)
	w, err := sandbox.Start(context.Background(), sandbox.Config{Seed: 1, Clock: watch, HangFor: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close(context.Background()) })
	urls := w.URLs()
	client := &http.Client{Timeout: 10 * time.Second}
	ask := func(now time.Time, system, call, key string, with map[string]any) (map[string]any, error) {
		watch.Advance(max(0, now.Sub(watch.Now())))
		return post(client, urls[system]+"/calls/"+call, key, with)
	}
	people := func(who int) service.Me {
		p := w.Residents()[who]
		me := service.Me{Name: p.Name, CitizenNumber: p.CitizenNumber, Phone: p.Phone}
		for _, v := range p.Vehicles {
			me.Plates = append(me.Plates, v.Plate)
		}
		for i, k := range p.Children {
			id := strconv.Itoa(i + 1)
			me.People = append(me.People, service.Person{ID: id, Name: k.Name, CitizenNumber: k.CitizenNumber, Relation: "child"})
			me.Others = append(me.Others, service.Other{Ref: "child/" + id, Name: k.Name, CitizenNumber: k.CitizenNumber})
		}
		other := w.Residents()[who+1]
		me.People = append(me.People, service.Person{ID: "9", Name: other.Name, CitizenNumber: other.CitizenNumber, Relation: "parent"})
		me.Others = append(me.Others, service.Other{Ref: "mandate/9", Name: other.Name, CitizenNumber: other.CitizenNumber})
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
	for _, d := range c.Definitions() {
		office, people := world(t) // of its own: no service finds what another one did there
		offer, ok := c.OfferNear("330100", d.ID)
		if !ok {
			t.Errorf("no city offers %s", d.ID)
			continue
		}
		results := service.Stage{Offer: offer, Now: noon, Office: office, People: people}.Run()
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

// TestDigits: a number has as many digits as its definition says, however it is typed.
func TestDigits(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	offer, _ := c.Offer("330100", "water-bill-payment")
	for typed, want := range map[string]string{
		"1600 0000-45": "", "１６０００００００４５": "digits.long", "16000000": "digits.short", "160000004x": "digits.chars", "": "answer.missing",
	} {
		r := ride(t, offer.Definition, offer, "")
		err := r.try(service.Answer{Step: "account", Values: map[string][]string{"account": {typed}}})
		code := ""
		if f := fault.Of(err); f != nil {
			code = f.Code
		}
		if code != want {
			t.Errorf("%q: %v, want %q", typed, err, want)
		}
	}
}
