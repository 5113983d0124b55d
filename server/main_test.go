package server_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"zhijian/server"
	"zhijian/testkit"
	"zhijian/testkit/house"
	"zhijian/testkit/walk"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// person is somebody with a browser without script. What cannot be done ends the test.
type person struct {
	*walk.Walker
	t *testing.T
	h *house.House
}

func resident(t *testing.T, h *house.House, r server.ResidentLogin) person {
	t.Helper()
	return person{h.SignIn(t, r), t, h}
}

// stepsUp proves presence where the page asks for it, with the bank card.
func (p person) stepsUp(who server.ResidentLogin) {
	p.t.Helper()
	p.send("/me/step-up", nil)
	code, err := p.Inbox(p.t.Context(), p.h.Ready.Sandbox["sms"], who.Phone)
	if err != nil {
		p.t.Fatal(err)
	}
	p.send("/me/step-up", map[string]string{"code": code, "card_number": who.BankCard})
	p.status(http.StatusOK)
}

func visitor(t *testing.T, h *house.House) person { return person{h.Visitor(), t, h} }

func (p person) get(path string) {
	p.t.Helper()
	if err := p.Get(context.Background(), path); err != nil {
		p.t.Fatal(err)
	}
}

// open loads a page that must be there.
func (p person) open(path string) {
	p.t.Helper()
	p.get(path)
	p.status(http.StatusOK)
}

// submit posts the main form and must be led to a page.
func (p person) submit(set map[string]string) {
	p.t.Helper()
	p.send("", set)
	p.status(http.StatusOK)
}

// send posts the form whose action contains part, whatever the answer.
func (p person) send(part string, set map[string]string) {
	p.t.Helper()
	err := p.SubmitTo(context.Background(), part, set)
	if err != nil && p.waits() { // the form comes with the answer of an office
		p.later(func() bool { return false })
		err = p.SubmitTo(context.Background(), part, set)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// waits reports a page that looks again by itself, for somebody's answer is not there yet.
func (p person) waits() bool { return strings.Contains(string(p.Page.Body), `http-equiv="refresh"`) }

// later looks again, as such a page does, until it is as wanted or waits for nobody.
func (p person) later(wanted func() bool) {
	p.t.Helper()
	at := p.Page.URL.String()
	p.h.Until(p.t, at+" goes on", func() bool {
		p.get(at)
		return wanted() || !p.waits()
	})
}

func (p person) status(want int) {
	p.t.Helper()
	if p.Page.Status != want {
		p.t.Fatalf("%s: status %d, want %d: %s", p.Page.URL.Path, p.Page.Status, want, p.Page.Text)
	}
}

// reads reports whether the page says every part, once it does not wait any more.
func (p person) reads(parts ...string) {
	p.t.Helper()
	says := func() bool {
		return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(p.Page.Text, part) })
	}
	if !says() && p.waits() {
		p.later(says)
	}
	for _, part := range parts {
		if !strings.Contains(p.Page.Text, part) {
			p.t.Errorf("%s does not say %q: %s", p.Page.URL.Path, part, p.Page.Text)
		}
	}
}

// follow opens the first link whose text contains part.
func (p person) follow(part string) {
	p.t.Helper()
	for _, l := range p.Page.Links {
		if strings.Contains(l.Text, part) {
			p.open(l.Href)
			return
		}
	}
	p.t.Fatalf("%s has no link %q", p.Page.URL.Path, part)
}

// start opens a case of a service in Hangzhou from its page.
func (p person) start(service string) {
	p.t.Helper()
	p.open("/city/hangzhou/services/" + service)
	p.send("/start", nil)
	p.status(http.StatusOK)
	if p.CaseNo() == "" {
		p.t.Fatalf("no case was opened: %s %s", p.Page.URL.Path, p.Page.Text)
	}
}

// offered gives the values on offer for an input of the main form.
func (p person) offered(name string) []string {
	p.t.Helper()
	f, ok := p.Page.Form()
	if !ok || len(f.Options[name]) == 0 {
		p.t.Fatalf("%s offers nothing for %q: %s", p.Page.URL.Path, name, p.Page.Text)
	}
	return f.Options[name]
}

// toCashier answers the steps of a fine for a plate up to the payment channel's page; the fine's first violation is paid.
func (p person) toCashier(plate string) (no string) {
	p.t.Helper()
	p.start("traffic-fine-payment")
	no = p.CaseNo()
	p.submit(map[string]string{"plate": plate})
	p.has("chosen") // the office may take its time
	p.submit(map[string]string{"chosen": p.offered("chosen")[0]})
	p.submit(nil)
	p.atCashier()
	return no
}

// has waits until the page that the resident is on asks for an input.
func (p person) has(input string) {
	p.t.Helper()
	at := p.Page.URL.Path
	p.h.Until(p.t, at+" asks for "+input, func() bool {
		if !p.Page.Has(input) {
			p.get(at)
		}
		return p.Page.Has(input)
	})
}

func (p person) atCashier() {
	p.t.Helper()
	if want := p.h.Ready.Sandbox["pay"]; !strings.HasPrefix(p.Page.URL.String(), want) {
		p.t.Fatalf("not at the cashier: %s %s", p.Page.URL.Path, p.Page.Text)
	}
}

// pay presses "pay" at the cashier and comes home.
func (p person) pay() {
	p.t.Helper()
	if err := p.Pay(context.Background()); err != nil {
		p.t.Fatal(err)
	}
	p.status(http.StatusOK)
}

// state asks the page of a case until it says part. It opens nothing else.
func (p person) until(path, part string) {
	p.t.Helper()
	p.h.Until(p.t, path+" says "+part, func() bool {
		p.get(path)
		return strings.Contains(p.Page.Text, part)
	})
}

// ends waits until the page that the resident is on, after paying, says how it ended: the office may take its time. It gives how
// often the page was looked at again.
func (p person) ends(parts ...string) (looks int) {
	p.t.Helper()
	before := p.Loads
	if !strings.Contains(p.Page.Text, parts[0]) {
		p.until(p.Page.URL.Path, parts[0])
	}
	looks = p.Loads - before
	p.reads(parts...)
	return looks
}

// ask sends a request of a program: body nil for none, else JSON. It gives status and the decoded answer.
func ask(t *testing.T, method, at string, head map[string]string, body any) (int, map[string]any) {
	t.Helper()
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		in = strings.NewReader(string(b))
	}
	req, err := http.NewRequestWithContext(t.Context(), method, at, in)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for k, v := range head {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	if len(text) > 0 && json.Unmarshal(text, &out) != nil {
		out["text"] = string(text)
	}
	return res.StatusCode, out
}

// office asks an imitation office as the house would, for what tests must know.
func office(t *testing.T, h *house.House, name, call string, with map[string]any) map[string]any {
	t.Helper()
	status, out := ask(t, http.MethodPost, h.Ready.Sandbox[name]+"/calls/"+url.PathEscape(call), map[string]string{"Idempotency-Key": t.Name() + call}, with)
	data, ok := out["data"].(map[string]any)
	if status != http.StatusOK || !ok {
		t.Fatalf("%s %s: %d %v", name, call, status, out)
	}
	return data
}

// asText is a decoded answer as text again; a list comes as it was sent.
func asText(v map[string]any) string {
	if s, ok := v["text"].(string); ok && len(v) == 1 {
		return s
	}
	b, _ := json.Marshal(v) // made of JSON, so it becomes JSON
	return string(b)
}
