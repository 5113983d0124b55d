package me_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"zhijian/catalog"
	"zhijian/domain/account"
	"zhijian/domain/bundle"
	"zhijian/domain/cases"
	"zhijian/domain/follower"
	"zhijian/domain/identity"
	"zhijian/domain/message"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/testkit"
	"zhijian/ui/asset"
	"zhijian/web/frame"
	"zhijian/web/me"
	"zhijian/web/steps"
	"zhijian/web/words"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// outside stands for the gateway, the register, the bank and the vehicle office: they know one person.
type outside struct {
	mu   sync.Mutex
	sent []string
}

const (
	personName   = "张三"
	personNumber = "11010519491231002X"
	personPhone  = "+8613800138000"
	personCard   = "6222020000000000000"
	personPlate  = "浙A12345"
)

func (o *outside) Send(_ context.Context, _ seal.Text, text string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = append(o.sent, text)
	return nil
}

func (o *outside) code() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return regexp.MustCompile(`\d{6}`).FindString(o.sent[len(o.sent)-1])
}

func known(pairs ...string) (bool, error) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] != pairs[i+1] {
			return false, nil
		}
	}
	return true, nil
}

func (o *outside) Match(_ context.Context, name, number, phone seal.Text) (bool, error) {
	return known(name.Reveal(), personName, number.Reveal(), personNumber, phone.Reveal(), personPhone)
}

func (o *outside) Holder(_ context.Context, name, number, card, phone seal.Text) (bool, string, error) {
	ok, err := known(name.Reveal(), personName, number.Reveal(), personNumber, card.Reveal(), personCard, phone.Reveal(), personPhone)
	return ok, "中国工商银行", err
}

func (o *outside) Owner(_ context.Context, name, number, _, plate seal.Text) (bool, error) {
	return known(name.Reveal(), personName, number.Reveal(), personNumber, plate.Reveal(), personPlate)
}

// Child knows one child of the person.
func (o *outside) Child(_ context.Context, name, number, childName, childNumber seal.Text) (bool, error) {
	return known(name.Reveal(), personName, number.Reveal(), personNumber, childName.Reveal(), "张小宝", childNumber.Reveal(), "110105201801010019")
}

// shelf stands for the cases room, whose own behaviour is not looked at here.
type shelf struct {
	mu      sync.Mutex
	list    []cases.Case
	claimed []string
}

func (s *shelf) List(_ context.Context, _ actor.Actor, states []cases.State, _ cursor.Cursor, limit int) ([]cases.Case, error) {
	var out []cases.Case
	for _, c := range s.list {
		for _, state := range states {
			if c.State == state && len(out) < limit {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

func (s *shelf) Claim(_ context.Context, w cases.Who, no string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.Actor.Kind != actor.Resident || w.Visitor == "" {
		return fault.NotFound("case", "没有找到这个办件")
	}
	s.claimed = append(s.claimed, no)
	return nil
}

func (s *shelf) Export(_ context.Context, _ actor.Actor, w io.Writer) error {
	_, err := io.WriteString(w, "[]\n")
	return err
}

// rig is the pages over real identity and message rooms.
type rig struct {
	t        *testing.T
	h        http.Handler
	out      *outside
	cases    *shelf
	messages *message.Desk
	identity *identity.Desk
	clock    *clock.Fixed
	jar      map[string]string

	followers *follower.Desk
	accounts  *account.Desk

	remote string // where requests come from; empty for httptest's own
	page   string
	status int
	at     string // Location of the last answer
}

// nothingBegun is a resident without matters of life.
type nothingBegun struct{}

func (nothingBegun) List(context.Context, actor.Actor) ([]bundle.Bundle, error) { return nil, nil }
func (nothingBegun) Definition(bundle.Bundle) (*service.Bundle, bool)           { return nil, false }

func (nothingBegun) Export(_ context.Context, _ actor.Actor, w io.Writer) error {
	_, err := io.WriteString(w, "[]\n")
	return err
}

func build(t *testing.T) *rig {
	t.Helper()
	g := &rig{t: t, out: &outside{}, cases: &shelf{}, clock: testkit.Clock(), jar: map[string]string{}}
	regions, err := region.Load(catalog.FS)
	must(t, err)
	catalogue, problems := service.LoadCatalogue(catalog.FS)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	db := testkit.DatabaseAt(t, g.clock)
	ids, ring := &uid.Maker{Clock: g.clock}, testkit.Ring(t)
	residents := store.Residents{DB: db, Ring: ring}
	desk, err := identity.New(identity.Config{
		Residents: residents, Sessions: store.Sessions{DB: db, Ring: ring, Memo: store.NewSessionMemo(db)}, Codes: store.Codes{DB: db}, SMS: g.out, Register: g.out, Bank: g.out, Vehicles: g.out,
		Purse: store.Budgets{DB: db, Ring: ring, Clock: g.clock}, Ring: ring, Clock: g.clock, IDs: ids, Mandates: store.Mandates{DB: db, Ring: ring}, Households: g.out, Limits: identity.Limits{MinProof: -1},
	})
	must(t, err)
	g.identity = desk
	g.messages, err = message.New(message.Config{Store: store.Messages{DB: db, Ring: ring}, Talks: store.Talks{DB: db, Ring: ring}, Purse: store.Budgets{DB: db, Ring: ring, Clock: g.clock}, Clock: g.clock, IDs: ids})
	must(t, err)
	g.followers, err = follower.New(follower.Config{Store: store.Followers{DB: db, Ring: ring}, Purse: store.Budgets{DB: db, Ring: ring, Clock: g.clock}, Clock: g.clock, IDs: ids})
	must(t, err)
	accounts, err := account.New(account.Config{Store: store.Accounts{DB: db}, Clock: g.clock, IDs: ids})
	must(t, err)
	g.accounts = accounts
	book, err := words.Open(steps.Words(), me.Words())
	must(t, err)
	assets, err := asset.New()
	must(t, err)
	f, err := frame.New(frame.Config{Regions: regions, Assets: assets, Unread: g.messages, Words: book, Clock: g.clock, Demo: true})
	must(t, err)
	m, err := me.New(me.Config{Frame: f, Regions: regions, Entrance: desk, Prover: desk, Keeper: desk, People: desk, Vehicles: desk, Cases: g.cases, Messages: g.messages, Accounts: accounts, Shelf: catalogue, Bundles: nothingBegun{}, Followers: g.followers})
	must(t, err)
	d, err := door.New(door.Config{Origin: "http://127.0.0.1", Clock: g.clock, Secret: []byte(strings.Repeat("s", 32)), Residents: desk, StyleCookie: "v1"})
	must(t, err)
	mux := http.NewServeMux()
	must(t, d.Mount(mux, door.Set{Face: f, Routes: m.Routes(), Pages: true}))
	g.h = d.Handler(mux, f)
	return g
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (g *rig) do(r *http.Request) {
	r.Host = "127.0.0.1"
	r.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36")
	if g.remote != "" {
		r.RemoteAddr = g.remote
	}
	for name, value := range g.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	g.h.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(g.jar, c.Name)
		} else {
			g.jar[c.Name] = c.Value
		}
	}
	g.page, g.status, g.at = w.Body.String(), w.Code, w.Header().Get("Location")
	if w.Header().Get("Cache-Control") != "no-store" {
		g.t.Errorf("%s may be kept by a browser: %q", r.URL.Path, w.Header().Get("Cache-Control"))
	}
}

func (g *rig) get(path string) {
	g.t.Helper()
	g.do(httptest.NewRequest(http.MethodGet, path, nil))
}

// submit sends the form whose action begins with the given path, with set laid over its values.
func (g *rig) submit(action string, set ...string) {
	g.t.Helper()
	doc, err := html.Parse(strings.NewReader(g.page))
	must(g.t, err)
	for n := range doc.Descendants() {
		if n.Data != "form" || !strings.HasPrefix(attr(n, "action"), action) {
			continue
		}
		values := url.Values{}
		for in := range n.Descendants() {
			kind := attr(in, "type")
			if in.Data == "input" && (kind != "radio" && kind != "checkbox" || has(in, "checked")) {
				values.Add(attr(in, "name"), attr(in, "value"))
			}
		}
		for i := 0; i < len(set); i += 2 {
			values.Set(set[i], set[i+1])
		}
		r := httptest.NewRequest(http.MethodPost, attr(n, "action"), strings.NewReader(values.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		g.do(r)
		return
	}
	g.t.Fatalf("no form for %s on the page", action)
}

// resident is the id of who is signed in.
func (g *rig) resident() int64 {
	g.t.Helper()
	_, r, err := g.identity.Who(g.t.Context(), g.jar["zj"])
	must(g.t, err)
	return r.ID
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// signIn signs in as the person.
func (g *rig) signIn(next string) {
	g.t.Helper()
	g.get(door.With("/login", next))
	g.submit("/login", "phone", "138 0013 8000")
	g.submit("/login", "code", g.out.code())
	if g.status != http.StatusSeeOther {
		g.t.Fatalf("not signed in: %d %s", g.status, g.page)
	}
}

func day(n int) time.Time { return testkit.Now().Add(time.Duration(n) * 24 * time.Hour) }
