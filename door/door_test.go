package door_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"zhijian/domain/identity"
	"zhijian/domain/staff"
	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// people answers who is signed in, from a list of tokens.
type people map[string]identity.Resident

func (p people) Who(_ context.Context, token string) (identity.Session, identity.Resident, error) {
	if token == "broken" {
		return identity.Session{}, identity.Resident{}, fault.Unavailable("store", "稍后再试")
	}
	r, ok := p[token]
	if !ok {
		return identity.Session{}, identity.Resident{}, fault.Denied("session", "请先登录")
	}
	return identity.Session{ID: r.ID * 10, Resident: r.ID}, r, nil
}

// members answers who is signed in at the console.
type members map[string]staff.Member

func (m members) Who(_ context.Context, token string) (staff.Session, staff.Member, error) {
	one, ok := m[token]
	if !ok {
		return staff.Session{}, staff.Member{}, fault.Denied("session", "请先登录")
	}
	return staff.Session{ID: 1, Member: one.ID}, one, nil
}

// face writes a Trouble as plain text.
type face struct{}

func (face) Trouble(w http.ResponseWriter, r *door.Request, t door.Trouble) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(t.Status)
	_, _ = io.WriteString(w, r.Lang+" "+t.Fault.Code+" "+t.Fault.Public+" "+t.ID)
}

var secret = []byte(strings.Repeat("k", 32))

const (
	host   = "city.example"
	origin = "https://" + host
)

// rig is a house of a few routes behind the real door.
type rig struct {
	t     testing.TB
	door  *door.Door
	h     http.Handler
	clock *clock.Fixed
	log   *strings.Builder
}

func build(t testing.TB, change func(*door.Config), routes ...door.Route) *rig {
	t.Helper()
	log := &strings.Builder{}
	at := clock.At(time.Date(2026, 5, 26, 6, 0, 0, 0, time.UTC))
	c := door.Config{
		Origin: origin, Clock: at, Secret: secret, PayOrigin: "https://pay.example",
		StyleHash: "'sha256-abc'", StyleCookie: "v1",
		Residents: people{"r1": {ID: 1, Level: 1}, "r4": {ID: 4, Level: 4, Phone: seal.Plain("+8613800000000"), Wish: identity.Wish{Elder: true, City: "wenzhou", Theme: "dark"}}},
		Members:   members{"s1": {ID: 7, Department: 70}, "o1": {ID: 8, Operator: true}},
		Log:       slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&c)
	}
	d, err := door.New(c)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	mux := http.NewServeMux()
	if err := d.Mount(mux, door.Set{Face: face{}, Routes: routes, Pages: true}); err != nil {
		t.Fatalf("Mount: %v", err)
	}
	if err := d.Mount(mux, door.Set{Face: face{}, Routes: d.Health()}); err != nil {
		t.Fatalf("Mount health: %v", err)
	}
	return &rig{t: t, door: d, h: d.Handler(mux, face{}), clock: at, log: log}
}

// ask is one request: method, target, then header pairs and, for a POST, the form as the first pair "form".
func (g *rig) ask(method, target string, pairs ...string) *httptest.ResponseRecorder {
	g.t.Helper()
	var body io.Reader
	if len(pairs) > 1 && pairs[0] == "form" {
		body = strings.NewReader(pairs[1])
	}
	r := httptest.NewRequest(method, target, body)
	r.Host = host
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		pairs = pairs[2:]
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		switch pairs[i] {
		case "Host":
			r.Host = pairs[i+1]
		case "Remote":
			r.RemoteAddr = pairs[i+1]
		default:
			r.Header.Add(pairs[i], pairs[i+1])
		}
	}
	w := httptest.NewRecorder()
	g.h.ServeHTTP(w, r)
	return w
}

// token reads the form token that a page gives to this cookie.
func (g *rig) token(cookie string) string {
	g.t.Helper()
	w := g.ask("GET", "/form", "Cookie", cookie)
	if w.Code != http.StatusOK {
		g.t.Fatalf("GET /form = %d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// formPage shows its token, and the same path takes the form and says what it got.
func formPage(access door.Access) []door.Route {
	return []door.Route{
		{Method: "GET", Path: "/form", Access: access, Handler: func(w http.ResponseWriter, r *door.Request) error {
			token := r.Token(w)
			_, err := io.WriteString(w, token)
			return err
		}},
		{Method: "POST", Path: "/form", Access: access, Limit: door.Limit{Lists: []string{"many"}}, Handler: func(w http.ResponseWriter, r *door.Request) error {
			_, err := io.WriteString(w, "done "+r.Value("name")+" "+strings.Join(r.Values()["many"], "+"))
			return err
		}},
	}
}

func page(path string, access door.Access, text string) door.Route {
	return door.Route{Method: "GET", Path: path, Access: access, Handler: func(w http.ResponseWriter, r *door.Request) error {
		_, err := io.WriteString(w, text+" "+r.Actor.String())
		return err
	}}
}

func form(pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

const (
	resident = "__Host-zj=r1"
	proven   = "__Host-zj=r4"
	visitor  = "__Host-zjv=v1abcdefgh"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := func() door.Config {
		return door.Config{Origin: origin, Clock: clock.At(time.Unix(0, 0)), Secret: secret, Residents: people{}}
	}
	for name, change := range map[string]func(*door.Config){
		"plain http":          func(c *door.Config) { c.Origin = "http://city.example" },
		"origin with a path":  func(c *door.Config) { c.Origin = origin + "/x" },
		"origin with a user":  func(c *door.Config) { c.Origin = "https://a@city.example" },
		"short secret":        func(c *door.Config) { c.Secret = secret[:31] },
		"no residents":        func(c *door.Config) { c.Residents = nil },
		"no clock":            func(c *door.Config) { c.Clock = nil },
		"pay origin a list":   func(c *door.Config) { c.PayOrigin = "https://pay.example *" },
		"pay origin a path":   func(c *door.Config) { c.PayOrigin = "https://pay.example/x" },
		"unknown rate class":  func(c *door.Config) { c.Rates = map[door.Class]door.Rate{"x": {Burst: 1, Per: time.Second}} },
		"rate without a size": func(c *door.Config) { c.Rates = map[door.Class]door.Rate{door.Reading: {}} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := good()
			if _, err := door.New(c); err != nil {
				t.Fatalf("New without the change: %v", err)
			}
			change(&c)
			if _, err := door.New(c); err == nil {
				t.Errorf("New accepted it")
			}
		})
	}
}
