// Package fhir is the driver of hospitals and halls that speak HL7 FHIR R4: Schedule and Slot are read, Appointments made and called off.
//
// An appointment carries the act's key as its identifier and is made on the condition that none with it exists, so that a lost answer is
// found again and never books twice. Calling off what was never made leaves a cancelled appointment under the key behind: a booking that
// arrives late finds it and does nothing. What the server says in an OperationOutcome about the matter is a refusal; everything
// else is no answer or our mistake.
package fhir

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/seal"
	"zhijian/ground/strict"
	"zhijian/outside/guard"
	"zhijian/outside/office"
)

// The calls.
const (
	CallSchedules = "schedules.list"      // with specialty, actor or service (codes), all optional: items of id, name, specialty
	CallSlots     = "slots.list"          // with schedule, days (7): slots as a booking step wants them
	CallBook      = "appointments.book"   // act; with slot, name, phone, comment: done, code
	CallBooked    = "appointments.booked" // with key: booked, code
	CallCancel    = "appointments.cancel" // act; with key: done
)

// System is the identifier system under which appointments carry the house's key.
const System = "urn:zhijian:act"

// Config describes one server.
type Config struct {
	Name     string
	URL      string // base address, "https://hospital.example/fhir"; its host is thereby allowed, wherever it is
	Timeout  time.Duration
	InFlight int // 0 means 16
	Headers  map[string]seal.Text
	Clock    clock.Clock // required
}

// Driver speaks to one server. Safe for concurrent use.
type Driver struct {
	base    string
	http    *guard.Client
	headers map[string]seal.Text
	clock   clock.Clock
}

const (
	maxAnswer = 4 << 20
	mostPages = 20
	mostSlots = 2000
)

// New checks the configuration.
func New(c Config) (*Driver, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("office %s: address %q is not a base URL", c.Name, c.URL)
	}
	if c.Clock == nil {
		return nil, errors.New("fhir: no clock")
	}
	if c.InFlight <= 0 {
		c.InFlight = 16
	}
	h, err := guard.New(guard.Policy{Name: "office " + c.Name, Hosts: []string{guard.HostPort(u)}, Timeout: c.Timeout, MaxBody: maxAnswer, InFlight: c.InFlight})
	if err != nil {
		return nil, err
	}
	return &Driver{strings.TrimSuffix(c.URL, "/"), h, c.Headers, c.Clock}, nil
}

// Ask implements office.Driver.
func (d *Driver) Ask(ctx context.Context, q office.Question) (map[string]any, error) {
	text := func(name string) string { s, _ := q.With[name].(string); return s }
	switch q.Call {
	case CallSchedules:
		return d.schedules(ctx, text("specialty"), text("actor"), text("service"))
	case CallSlots:
		days, _ := q.With["days"].(int64)
		return d.slots(ctx, text("schedule"), days)
	case CallBook:
		if q.Key == "" {
			return nil, errors.New("an appointment is made under a key")
		}
		return d.book(ctx, q.Key, text)
	case CallBooked:
		return d.booked(ctx, text("key"))
	case CallCancel:
		return d.cancel(ctx, text("key"))
	}
	return nil, fmt.Errorf("FHIR servers know no call %q here", q.Call)
}

// Close implements office.Driver.
func (d *Driver) Close() { d.http.Close() }

// resource is what the server answers with.
type resource = map[string]any

// send asks for one resource. A refusal or silence is an error already.
func (d *Driver) send(ctx context.Context, method, address string, body resource, extra http.Header) (resource, error) {
	r := guard.Request{Method: method, URL: address, Header: http.Header{"Accept": {"application/fhir+json"}, "User-Agent": {"zhijian"}}}
	for name, value := range d.headers {
		r.Header.Set(name, value.Reveal())
	}
	for name, values := range extra {
		r.Header[name] = values
	}
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		r.Body = b
		r.Header.Set("Content-Type", "application/fhir+json")
	}
	answer, err := d.http.Do(ctx, r)
	if err != nil {
		return nil, office.Silent(err)
	}
	var v any
	if len(answer.Body) > 0 {
		if v, err = strict.JSON(answer.Body, strict.Clean); err != nil && answer.Status < 400 {
			return nil, office.Silent(err)
		}
	}
	out, _ := v.(resource)
	switch {
	case answer.Status == http.StatusOK || answer.Status == http.StatusCreated:
		if out == nil {
			return nil, office.Silent(errors.New("no resource"))
		}
		return out, nil
	case answer.Status == http.StatusTooManyRequests || answer.Status >= 500:
		return nil, office.Silent(fmt.Errorf("status %d", answer.Status))
	}
	if code, sentence, ok := outcome(out); ok {
		return nil, office.Refused(code, sentence)
	}
	return nil, &office.Misunderstood{Status: answer.Status}
}

// matters are the issue types of an OperationOutcome that are about the matter, and not about how we asked.
var matters = map[string]bool{"conflict": true, "duplicate": true, "business-rule": true, "multiple-matches": true, "not-found": true, "deleted": true, "expired": true, "lock-error": true}

// outcome reads an OperationOutcome that is a "no".
func outcome(r resource) (code, sentence string, ok bool) {
	if r["resourceType"] != "OperationOutcome" {
		return "", "", false
	}
	for _, i := range list(r["issue"]) {
		code, _ = i["code"].(string)
		if !matters[code] {
			continue
		}
		details, _ := i["details"].(resource)
		if sentence, _ = details["text"].(string); sentence == "" {
			sentence, _ = i["diagnostics"].(string)
		}
		return code, sentence, true
	}
	return "", "", false
}

// list gives the objects of a list.
func list(v any) (out []resource) {
	all, _ := v.([]any)
	for _, one := range all {
		if r, ok := one.(resource); ok {
			out = append(out, r)
		}
	}
	return out
}

var errPages = errors.New("more pages than an answer may have")

// search reads all pages of a search. The server's next link is followed only below the base address.
func (d *Driver) search(ctx context.Context, kind string, query url.Values) (found []resource, err error) {
	address := d.base + "/" + kind + "?" + query.Encode()
	for range mostPages {
		bundle, err := d.send(ctx, http.MethodGet, address, nil, nil)
		if err != nil {
			return nil, err
		}
		if bundle["resourceType"] != "Bundle" {
			return nil, office.Silent(errors.New("a search without a bundle"))
		}
		for _, e := range list(bundle["entry"]) {
			if r, ok := e["resource"].(resource); ok && r["resourceType"] == kind {
				found = append(found, r)
			}
		}
		address = ""
		for _, l := range list(bundle["link"]) {
			if l["relation"] == "next" {
				address, _ = l["url"].(string)
			}
		}
		if address == "" {
			return found, nil
		}
		if address, err = d.below(address); err != nil {
			return nil, office.Silent(err)
		}
	}
	return nil, office.Silent(errPages)
}

// below takes a link for its query and path below the base address, so that a server behind a proxy that names itself otherwise can be
// read and nobody is led elsewhere.
func (d *Driver) below(link string) (string, error) {
	u, err := url.Parse(link)
	if err != nil {
		return "", errors.New("a link that is none")
	}
	base, err := url.Parse(d.base)
	if err != nil {
		return "", err
	}
	next := base.ResolveReference(u)
	if !strings.EqualFold(next.Host, base.Host) || next.Scheme != base.Scheme {
		return "", errors.New("a link to another host")
	}
	next.Fragment = ""
	return next.String(), nil
}
