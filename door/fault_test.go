package door_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"zhijian/door"
	"zhijian/ground/fault"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	var give error
	answer := func(http.ResponseWriter, *door.Request) error { return give }
	g := build(t, nil,
		door.Route{Method: "GET", Path: "/x", Access: door.Public, Handler: answer},
		door.Route{Method: "POST", Path: "/x", Access: door.Public, Handler: answer},
		door.Route{Method: "POST", Path: "/act", Access: door.Public, Handler: answer},
	)
	token := g.tokenFor(visitor)
	number := regexp.MustCompile(`E-[0-9A-F]{4}$`)
	for _, c := range []struct {
		name      string
		err       error
		get, post int
		id        bool
		retry     string
	}{
		{"invalid", fault.Invalid("plate.short", "车牌号少一位"), 400, 422, false, ""},
		{"not found", fault.NotFound("case", "没有这个办件"), 404, 404, false, ""},
		{"denied", fault.Denied("x", "不能办"), 403, 403, false, ""},
		{"conflict", fault.Conflict("booking.taken", "被约走了"), 409, 409, false, ""},
		{"too many", fault.TooMany("rate", "太快").After(90 * time.Second), 429, 429, false, "90"},
		{"unavailable", fault.Unavailable("office.down", "没有回应").After(1500 * time.Millisecond), 503, 503, true, "2"},
		{"a wrapped fault", errors.Join(errors.New("case 7"), fault.NotFound("case", "没有这个办件")), 404, 404, false, ""},
		{"no fault at all", errors.New("disk on fire 330102199001011234"), 500, 500, true, ""},
	} {
		give = c.err
		for method, want := range map[string]int{"GET": c.get, "POST": c.post} {
			args := []string{"Cookie", visitor}
			if method == "POST" {
				args = append([]string{"form", form("_token", token)}, args...)
			}
			w := g.ask(method, "/x", args...)
			body := w.Body.String()
			if w.Code != want {
				t.Errorf("%s: %s = %d, want %d", c.name, method, w.Code, want)
			}
			if number.MatchString(body) != c.id {
				t.Errorf("%s: %s body %q, an error number %v", c.name, method, body, c.id)
			}
			if got := w.Header().Get("Retry-After"); got != c.retry {
				t.Errorf("%s: Retry-After %q, want %q", c.name, got, c.retry)
			}
			if strings.Contains(body, "disk") {
				t.Errorf("%s: the cause is on the page: %q", c.name, body)
			}
			if c.id {
				if id := body[len(body)-6:]; !strings.Contains(g.log.String(), `"id":"`+id+`"`) {
					t.Errorf("%s: number %s is not in the log", c.name, id)
				}
			}
		}
	}
	for _, c := range []struct {
		name, method, path, cookie string
		err                        error
		want                       string
	}{
		{"sign in for a page", "GET", "/x?a=1", visitor, door.NeedSignIn(), "/login?next=%2Fx%3Fa%3D1"},
		{"sign in for a form that has a page", "POST", "/x", visitor, door.NeedSignIn(), "/login?next=%2Fx"},
		{"sign in for an act without a page", "POST", "/act", visitor, door.NeedSignIn(), "/login?next=%2F"},
		{"more proof", "GET", "/x", resident, door.NeedLevel(3), "/me/proof?level=3&next=%2Fx"},
		{"more proof of a visitor is sign-in", "GET", "/x", visitor, door.NeedLevel(3), "/login?next=%2Fx"},
		{"in English", "GET", "/en/x", visitor, door.NeedSignIn(), "/en/login?next=%2Fen%2Fx"},
	} {
		give = c.err
		args := []string{"Cookie", c.cookie}
		if c.method == "POST" {
			args = append([]string{"form", form("_token", token)}, args...)
		}
		w := g.ask(c.method, c.path, args...)
		if got := w.Header().Get("Location"); w.Code != 303 || got != c.want {
			t.Errorf("%s: %d %q, want 303 %q", c.name, w.Code, got, c.want)
		}
	}
}

// tokenFor reads a token through a page of its own.
func (g *rig) tokenFor(cookie string) string {
	other := build(g.t, nil, formPage(door.Public)...)
	return other.token(cookie)
}

func TestPanics(t *testing.T) {
	t.Parallel()
	g := build(t, nil, door.Route{Method: "GET", Path: "/x", Access: door.Public, Handler: func(http.ResponseWriter, *door.Request) error {
		panic("citizen 330102199001011234")
	}})
	w := g.ask("GET", "/x")
	if w.Code != 500 || strings.Contains(w.Body.String(), "3301") {
		t.Errorf("= %d %s, want a plain 500", w.Code, w.Body)
	}
	if log := g.log.String(); strings.Contains(log, "330102199001011234") || !strings.Contains(log, `"msg":"panic"`) {
		t.Errorf("log = %s, want the stack without the value", log)
	}
	if w := g.ask("GET", "/healthz"); w.Code != 200 {
		t.Errorf("after a panic /healthz = %d", w.Code)
	}
}

func TestErrorAfterAnswer(t *testing.T) {
	t.Parallel()
	g := build(t, nil, door.Route{Method: "GET", Path: "/x", Access: door.Public, Handler: func(w http.ResponseWriter, _ *door.Request) error {
		_, _ = w.Write([]byte("half"))
		return errors.New("late")
	}})
	if w := g.ask("GET", "/x"); w.Code != 200 || w.Body.String() != "half" {
		t.Errorf("= %d %q", w.Code, w.Body)
	}
	if !strings.Contains(g.log.String(), "fault after answer") {
		t.Errorf("log = %s, want the late fault", g.log)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	f := fault.Join(fault.Invalid("plate.short", "车牌号少一位").On("plate"), fault.Invalid("phone", "手机号是 11 位").On("phone"))
	door.Problems{}.Trouble(w, &door.Request{Request: httptest.NewRequest("POST", "/", nil)}, door.Trouble{Status: 400, Fault: fault.Of(f)})
	var doc struct {
		Status int
		Code   string
		Detail string
		Errors []struct{ Field, Code, Detail string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatalf("body %s: %v", w.Body, err)
	}
	if w.Header().Get("Content-Type") != "application/problem+json" || w.Code != 400 || doc.Status != 400 || doc.Code != "plate.short" || len(doc.Errors) != 2 || doc.Errors[1].Field != "phone" {
		t.Errorf("problem = %d %+v", w.Code, doc)
	}
}

// T05, T43, T51: the log has no query, no cookie, no body, and one line is one line.
func TestLog(t *testing.T) {
	t.Parallel()
	routes := append(formPage(door.Public), page("/search", door.Public, "found"))
	g := build(t, nil, routes...)
	token := g.token(visitor)
	g.ask("GET", "/search?q=canary330102&access_token=canarytoken", "Cookie", "__Host-zj=canarysession", "User-Agent", "x\r\ncanaryagent", "Referer", "https://canary.example/")
	g.ask("POST", "/form", "form", form("_token", token, "name", "canaryname"), "Cookie", visitor)
	g.ask("GET", "/canarypath%0Ax")
	log := g.log.String()
	if strings.Contains(log, "canary") || strings.Contains(log, token) {
		t.Errorf("log holds what a request carried: %s", log)
	}
	lines := strings.Split(strings.TrimSpace(log), "\n")
	if len(lines) != 4 {
		t.Errorf("%d lines for 4 requests: %s", len(lines), log)
	}
	for _, l := range lines {
		var one map[string]any
		if err := json.Unmarshal([]byte(l), &one); err != nil {
			t.Errorf("line %q: %v", l, err)
		}
	}
	if !strings.Contains(log, `"route":"GET /search"`) {
		t.Errorf("log = %s, want the route's pattern", log)
	}
}
