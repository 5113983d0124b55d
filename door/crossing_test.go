package door_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"zhijian/door"
)

// T19: which forms are taken, by where the browser says they come from and by their token.
func TestCrossing(t *testing.T) {
	t.Parallel()
	g := build(t, nil, formPage(door.Public)...)
	token := g.token(resident)
	for name, c := range map[string]struct {
		status  int
		headers []string
		token   string
	}{
		"a program without Origin, with the token":  {200, nil, token},
		"a browser on our page":                     {200, []string{"Sec-Fetch-Site", "same-origin", "Origin", origin}, token},
		"an older browser on our page":              {200, []string{"Origin", origin}, token},
		"no token":                                  {403, nil, ""},
		"no token although the browser vouches":     {403, []string{"Sec-Fetch-Site", "same-origin"}, ""},
		"another site":                              {403, []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, token},
		"a site beside us":                          {403, []string{"Sec-Fetch-Site", "same-site", "Origin", "https://x.city.example"}, token},
		"origin evil, older browser":                {403, []string{"Origin", "https://evil.example"}, token},
		"origin null, older browser":                {403, []string{"Origin", "null"}, token},
		"origin that looks like ours":               {403, []string{"Origin", "https://city.example.evil.example"}, token},
		"origin on another port":                    {403, []string{"Origin", "https://city.example:8443"}, token},
		"a token of nobody":                         {403, nil, strings.Repeat("A", 43)},
		"a token cut short":                         {403, nil, token[:20]},
		"a token with a letter changed":             {403, nil, flip(token)},
		"another resident's token":                  {403, nil, g.token(proven)},
		"a visitor's token who had no cookie of us": {403, nil, g.token("__Host-zjv=somebodyelse")},
	} {
		w := g.ask("POST", "/form", append([]string{"form", form("_token", c.token, "name", "x"), "Cookie", resident}, c.headers...)...)
		if w.Code != c.status {
			t.Errorf("%s: %d %s, want %d", name, w.Code, w.Body, c.status)
		}
		if c.status != 200 && strings.Contains(w.Body.String(), "done") {
			t.Errorf("%s: the handler ran", name)
		}
	}
}

func flip(token string) string {
	b := []byte(token)
	if b[30]++; b[30] > 'z' {
		b[30] = 'a'
	}
	return string(b)
}

func TestTokens(t *testing.T) {
	t.Parallel()
	g := build(t, nil, formPage(door.Public)...)
	a, b := g.token(resident), g.token(resident)
	if a == b {
		t.Errorf("two pages carry the same token %q: it must be masked anew (BREACH)", a)
	}
	post := func(token, cookie string) int {
		return g.ask("POST", "/form", "form", form("_token", token), "Cookie", cookie).Code
	}
	v := g.token(visitor)
	if got := post(v, visitor); got != 200 {
		t.Errorf("visitor's own form = %d, want 200", got)
	}
	if got := post(v, visitor+"; "+resident); got != 200 {
		t.Errorf("form from before signing in, same browser = %d, want 200", got)
	}
	if got := post(v, "__Host-zjv=another"); got != 403 {
		t.Errorf("visitor's form in another browser = %d, want 403", got)
	}
	g.clock.Advance(47 * time.Hour)
	if got := post(a, resident); got != 200 {
		t.Errorf("form left open for two nights = %d, want 200", got)
	}
	g.clock.Advance(26 * time.Hour)
	if got := post(a, resident); got != 403 {
		t.Errorf("form three days old = %d, want 403", got)
	}
}

func TestFirstVisitorGetsACookieWithTheForm(t *testing.T) {
	t.Parallel()
	g := build(t, nil, formPage(door.Public)...)
	w := g.ask("GET", "/form")
	cookie := w.Header().Get("Set-Cookie")
	for _, part := range []string{"__Host-zjv=", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("Set-Cookie = %q, want %s in it", cookie, part)
		}
	}
	name, _, _ := strings.Cut(cookie, ";")
	if got := g.ask("POST", "/form", "form", form("_token", w.Body.String()), "Cookie", name); got.Code != 200 {
		t.Errorf("the form with that cookie = %d, want 200", got.Code)
	}
}

func TestPlainHTTPOnLoopback(t *testing.T) {
	t.Parallel()
	g := build(t, func(c *door.Config) { c.Origin = "http://127.0.0.1:8080" }, formPage(door.Public)...)
	w := g.ask("GET", "/form", "Host", "127.0.0.1:8080")
	if c := w.Header().Get("Set-Cookie"); !strings.HasPrefix(c, "zjv=") || strings.Contains(c, "Secure") {
		t.Errorf("Set-Cookie = %q, want a cookie without prefix and Secure", c)
	}
	if w.Header().Get("Strict-Transport-Security") != "" {
		t.Errorf("HSTS on plain http")
	}
	for _, host := range []string{"localhost:8080", "[::1]:8080"} {
		if w := g.ask("GET", "/form", "Host", host); w.Code != 200 {
			t.Errorf("Host %s = %d, want 200 on loopback", host, w.Code)
		}
	}
}

// Forms on cached pages: a visitor needs no bound token, a signed-in person does.
func TestPlainForms(t *testing.T) {
	t.Parallel()
	routes := formPage(door.Public)
	routes[0].Cached = &door.Cached{}
	routes[1].Plain = true
	g := build(t, nil, routes...)
	token := g.ask("GET", "/form").Body.String()
	for name, c := range map[string]struct {
		status  int
		token   string
		headers []string
	}{
		"a visitor with the page's token":             {200, token, nil},
		"a visitor with a visitor cookie":             {200, token, []string{"Cookie", visitor}},
		"a visitor without a token":                   {403, "", nil},
		"another site":                                {403, token, []string{"Sec-Fetch-Site", "cross-site"}},
		"a resident with the page from before":        {403, token, []string{"Cookie", resident}},
		"a resident for whom the browser vouches":     {200, token, []string{"Cookie", resident, "Sec-Fetch-Site", "same-origin"}},
		"a resident whose older browser names origin": {403, token, []string{"Cookie", resident, "Origin", origin}},
	} {
		w := g.ask("POST", "/form", append([]string{"form", form("_token", c.token)}, c.headers...)...)
		if w.Code != c.status {
			t.Errorf("%s: %d, want %d", name, w.Code, c.status)
		}
	}
}

// T19: no effect by GET, HEAD or a method made up on a route that writes.
func TestOnlyPostWrites(t *testing.T) {
	t.Parallel()
	g := build(t, nil, door.Route{Method: "POST", Path: "/write", Access: door.Public, Handler: func(http.ResponseWriter, *door.Request) error {
		t.Errorf("the handler ran")
		return nil
	}})
	for _, m := range []string{"GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "POSTS"} {
		w := g.ask(m, "/write", "X-HTTP-Method-Override", "POST")
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s = %d, want 405", m, w.Code)
		}
	}
	if got := g.ask("GET", "/write?_method=POST").Header().Get("Allow"); got != "POST" {
		t.Errorf("Allow = %q, want POST", got)
	}
}
