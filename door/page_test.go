package door_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zhijian/door"
)

// T18 and ASVS: what every answer carries.
func TestHeaders(t *testing.T) {
	t.Parallel()
	g := build(t, nil, page("/x", door.Public, "open"), page("/me", door.ResidentAt(1), "me"))
	for _, path := range []string{"/x", "/me", "/absent", "//bad"} {
		h := g.ask("GET", path).Header()
		for key, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-abc'; img-src 'self' data:; connect-src 'self'; font-src 'self'; object-src 'none'; form-action 'self' https://pay.example; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
			"X-Content-Type-Options":  "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
			"Cross-Origin-Opener-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
			"Access-Control-Allow-Origin": "", "Server": "", "X-Powered-By": "",
		} {
			if got := h.Get(key); got != want {
				t.Errorf("GET %s %s = %q, want %q", path, key, got, want)
			}
		}
		if !strings.Contains(h.Get("Permissions-Policy"), "camera=()") {
			t.Errorf("GET %s Permissions-Policy = %q", path, h.Get("Permissions-Policy"))
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	g := build(t, nil, door.Route{Method: "GET", Path: "/city/{slug}", Access: door.Public, Handler: func(w http.ResponseWriter, r *door.Request) error {
		_, err := io.WriteString(w, strings.Join([]string{r.Lang, r.Actor.Lang, r.PathValue("slug"), r.Local(), r.Link("/me"), r.Link("/")}, " "))
		return err
	}}, door.Route{Method: "GET", Path: "/{$}", Access: door.Public, Handler: func(w http.ResponseWriter, r *door.Request) error {
		return r.See(w, "/city/hangzhou")
	}})
	for path, want := range map[string]string{
		"/city/hangzhou":        "zh zh hangzhou /city/hangzhou /me /",
		"/en/city/hangzhou?a=1": "en en hangzhou /en/city/hangzhou?a=1 /en/me /en/",
		"/city/en":              "zh zh en /city/en /me /",
	} {
		if got := g.ask("GET", path).Body.String(); got != want {
			t.Errorf("GET %s = %q, want %q", path, got, want)
		}
	}
	for path, want := range map[string]string{"/": "/city/hangzhou", "/en": "/en/city/hangzhou", "/en/": "/en/city/hangzhou"} {
		if got := g.ask("GET", path).Header().Get("Location"); got != want {
			t.Errorf("GET %s leads to %q, want %q", path, got, want)
		}
	}
	if w := g.ask("GET", "/en/healthz"); w.Code != 404 {
		t.Errorf("GET /en/healthz = %d, want 404: only pages have English", w.Code)
	}
	if got := g.ask("GET", "/english").Body.String(); !strings.HasPrefix(got, "zh http.404") {
		t.Errorf("GET /english = %q", got)
	}
}

// counted is a cached page that counts how often it is drawn.
func counted(n *atomic.Int64) door.Route {
	return door.Route{
		Method: "GET", Path: "/city/{slug}", Access: door.Public, Cached: &door.Cached{For: time.Minute, Query: []string{"group"}},
		Handler: func(w http.ResponseWriter, r *door.Request) error {
			r.Depends("city:"+r.PathValue("slug"), "accounts")
			r.KeepCity(w, r.PathValue("slug"))
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			mode := "standard"
			if r.Elder {
				mode = "elder"
			}
			_, err := io.WriteString(w, strings.Join([]string{"page", string(rune('0' + n.Add(1))), r.Lang, mode, r.Theme, r.Actor.String(), r.Query("group")}, " "))
			return err
		},
	}
}

func TestCache(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	g := build(t, nil, counted(&n))
	get := func(target string, pairs ...string) string {
		t.Helper()
		w := g.ask("GET", target, pairs...)
		if w.Code != 200 {
			t.Fatalf("GET %s = %d", target, w.Code)
		}
		return w.Body.String()
	}
	same := func(name, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	same("drawn", get("/city/hangzhou"), "page 1 zh standard  visitor ")
	same("kept", get("/city/hangzhou"), "page 1 zh standard  visitor ")
	same("kept for a visitor with a cookie", get("/city/hangzhou", "Cookie", visitor), "page 1 zh standard  visitor ")
	same("another city", get("/city/wenzhou"), "page 2 zh standard  visitor ")
	same("English", get("/en/city/hangzhou"), "page 3 en standard  visitor ")
	same("elder", get("/city/hangzhou", "Cookie", "__Host-elder=1"), "page 4 zh elder  visitor ")
	same("dark", get("/city/hangzhou", "Cookie", "__Host-theme=dark"), "page 5 zh standard dark visitor ")
	same("a group", get("/city/hangzhou?group=tax"), "page 6 zh standard  visitor tax")
	same("the group again", get("/city/hangzhou?group=tax"), "page 6 zh standard  visitor tax")
	same("an unknown input is not kept", get("/city/hangzhou?x=1"), "page 7 zh standard  visitor ")
	same("so each time anew", get("/city/hangzhou?x=1"), "page 8 zh standard  visitor ")
	same("a resident's page is their own", get("/city/hangzhou", "Cookie", resident), "page 9 zh standard  resident:1 ")
	same("and leaves the kept page alone", get("/city/hangzhou"), "page 1 zh standard  visitor ")

	g.door.Cache().Forget("city:hangzhou")
	n.Store(0)
	same("forgotten", get("/city/hangzhou"), "page 1 zh standard  visitor ")
	same("the other city is not", get("/city/wenzhou"), "page 2 zh standard  visitor ")
	g.clock.Advance(time.Minute)
	same("out of date", get("/city/wenzhou"), "page 2 zh standard  visitor ")
	g.door.Cache().Forget()
	if got := g.door.Cache().Len(); got != 0 {
		t.Errorf("%d pages after forgetting all", got)
	}
}

func TestCachedPageHeaders(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	g := build(t, nil, counted(&n))
	for _, round := range []string{"drawn", "kept"} {
		w := g.ask("GET", "/city/hangzhou", "Accept-Encoding", "br, gzip")
		h := w.Header()
		if h.Get("Content-Encoding") != "gzip" || h.Get("Cache-Control") != "private, no-cache" || h.Get("Vary") != "Accept-Encoding, Cookie" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", round, h)
		}
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatalf("%s: %v", round, err)
		}
		if b, err := io.ReadAll(z); err != nil || !strings.HasPrefix(string(b), "page 1") {
			t.Errorf("%s: %q %v", round, b, err)
		}
		cookies := strings.Join(h.Values("Set-Cookie"), "\n")
		if !strings.Contains(cookies, "__Host-css=v1") || !strings.Contains(cookies, "__Host-city=hangzhou") {
			t.Errorf("%s: cookies %q, want style and city", round, cookies)
		}
		tag := h.Get("ETag")
		again := g.ask("GET", "/city/hangzhou", "Accept-Encoding", "gzip", "If-None-Match", tag)
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%s: with its tag = %d, %d bytes", round, again.Code, again.Body.Len())
		}
	}
	w := g.ask("GET", "/city/hangzhou", "Accept-Encoding", "gzip;q=0", "Cookie", "__Host-city=wenzhou.shanghai; __Host-css=v1")
	if w.Header().Get("Content-Encoding") != "" {
		t.Errorf("gzip although refused")
	}
	if got := w.Header().Get("Set-Cookie"); !strings.HasPrefix(got, "__Host-city=hangzhou.wenzhou.shanghai;") {
		t.Errorf("Set-Cookie = %q, want the city before the others", got)
	}
	if w := g.ask("GET", "/city/hangzhou", "Cookie", "__Host-city=hangzhou; __Host-css=v1"); len(w.Header().Values("Set-Cookie")) != 0 {
		t.Errorf("cookies %q, want none: the browser has them", w.Header().Values("Set-Cookie"))
	}
}

func TestPersonalPage(t *testing.T) {
	t.Parallel()
	n := 0
	g := build(t, nil, door.Route{Method: "GET", Path: "/{$}", Access: door.Public, Cached: &door.Cached{Personal: true}, Handler: func(w http.ResponseWriter, r *door.Request) error {
		n++
		_, err := io.WriteString(w, "city "+r.City)
		return err
	}})
	for _, c := range []struct{ cookie, want string }{{"", "city "}, {"", "city "}, {"__Host-city=wenzhou", "city wenzhou"}, {"", "city "}, {"__Host-city=hangzhou", "city hangzhou"}} {
		if got := g.ask("GET", "/", "Cookie", c.cookie).Body.String(); got != c.want {
			t.Errorf("cookie %q: %q, want %q", c.cookie, got, c.want)
		}
	}
	if n != 3 {
		t.Errorf("drawn %d times, want 3: once for all, twice for people with a city", n)
	}
}

// A page drawn while its data changed is not kept.
func TestForgetWhileDrawing(t *testing.T) {
	t.Parallel()
	var g *rig
	n := 0
	g = build(t, nil, door.Route{Method: "GET", Path: "/x", Access: door.Public, Cached: &door.Cached{}, Handler: func(w http.ResponseWriter, r *door.Request) error {
		n++
		r.Depends("a")
		if n == 1 {
			g.door.Cache().Forget("a")
		}
		_, err := io.WriteString(w, string(rune('0'+n)))
		return err
	}})
	for i, want := range []string{"1", "2", "2"} {
		if got := g.ask("GET", "/x").Body.String(); got != want {
			t.Errorf("request %d = %q, want %q", i, got, want)
		}
	}
}

// Many who want an absent page at once cause one drawing; when drawing fails later, the old page goes on being shown.
func TestOneDraws(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	var down atomic.Bool
	open := make(chan struct{})
	g := build(t, nil, door.Route{Method: "GET", Path: "/x", Access: door.Public, Cached: &door.Cached{}, Handler: func(w http.ResponseWriter, r *door.Request) error {
		n.Add(1)
		if down.Load() {
			return errors.New("store is away")
		}
		<-open
		_, err := io.WriteString(w, "page")
		return err
	}})
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			if got := g.ask("GET", "/x").Body.String(); got != "page" {
				t.Errorf("got %q", got)
			}
		})
	}
	close(open)
	all.Wait()
	if got := n.Load(); got != 1 {
		t.Errorf("drawn %d times for 32 at once, want 1", got)
	}
	down.Store(true)
	g.clock.Advance(2 * time.Minute)
	for range 3 {
		if w := g.ask("GET", "/x"); w.Code != 200 || w.Body.String() != "page" {
			t.Errorf("while drawing fails: %d %q, want the old page", w.Code, w.Body)
		}
	}
	g.door.Cache().Forget()
	if w := g.ask("GET", "/x"); w.Code != 500 {
		t.Errorf("without an old page = %d, want 500", w.Code)
	}
}

// A refused page is not kept, nor one that sets a cookie.
func TestNotKept(t *testing.T) {
	t.Parallel()
	n := 0
	g := build(t, nil,
		door.Route{Method: "GET", Path: "/absent", Access: door.Public, Cached: &door.Cached{}, Handler: func(w http.ResponseWriter, _ *door.Request) error {
			n++
			w.WriteHeader(http.StatusNotFound)
			return nil
		}},
		door.Route{Method: "GET", Path: "/cookie", Access: door.Public, Cached: &door.Cached{}, Handler: func(w http.ResponseWriter, _ *door.Request) error {
			n++
			w.Header().Set("Set-Cookie", "a=b")
			return nil
		}})
	for range 2 {
		g.ask("GET", "/absent")
		if got := g.ask("GET", "/cookie").Header().Get("Set-Cookie"); got != "a=b" {
			t.Errorf("Set-Cookie = %q", got)
		}
	}
	if n != 4 || g.door.Cache().Len() != 0 {
		t.Errorf("drawn %d times, %d kept; want 4 and none", n, g.door.Cache().Len())
	}
}

func TestFlash(t *testing.T) {
	t.Parallel()
	g := build(t, nil,
		door.Route{Method: "GET", Path: "/x", Access: door.Public, Cached: &door.Cached{}, Handler: func(w http.ResponseWriter, r *door.Request) error {
			_, err := io.WriteString(w, "flash "+r.TakeFlash(w))
			return err
		}},
		door.Route{Method: "GET", Path: "/set", Access: door.Public, Handler: func(w http.ResponseWriter, r *door.Request) error {
			r.Flash(w, "saved")
			return r.See(w, "/x")
		}})
	g.ask("GET", "/x") // kept now
	cookie, _, _ := strings.Cut(g.ask("GET", "/set").Header().Get("Set-Cookie"), ";")
	w := g.ask("GET", "/x", "Cookie", cookie)
	if w.Body.String() != "flash saved" || !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("%q, cookie %q: want the word once", w.Body, w.Header().Get("Set-Cookie"))
	}
	if got := g.ask("GET", "/x").Body.String(); got != "flash " {
		t.Errorf("without the cookie %q", got)
	}
}

func TestDynamicPagesAreCompressed(t *testing.T) {
	t.Parallel()
	g := build(t, nil, door.Route{Method: "GET", Path: "/x", Access: door.Public, Handler: func(w http.ResponseWriter, _ *door.Request) error {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, err := io.WriteString(w, strings.Repeat("政务服务", 2000))
		return err
	}})
	w := g.ask("GET", "/x", "Accept-Encoding", "gzip")
	if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() > 2000 {
		t.Errorf("%d bytes as %q", w.Body.Len(), w.Header().Get("Content-Encoding"))
	}
}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"/": true, "/cases/7K2Q?step=pay": true, "/en/me": true, "/搜索": true,
		"": false, "cases": false, "//evil.example": false, "/\\evil.example": false, "https://evil.example": false, "/ /evil": false,
		"/\t/evil.example": false, "/x\r\nSet-Cookie: a": false, "javascript:alert(1)": false, "/%5cevil": false, "/a#b": false, "/%2f/evil.example": false,
		"/" + strings.Repeat("a", 3000): false, "\\\\evil": false, "/.//evil.example": true,
	} {
		if got := door.LocalPath(s); got != want {
			t.Errorf("LocalPath(%.40q) = %v, want %v", s, got, want)
		}
	}
	if got := door.With("/me/proof?level=2", "/cases/a?b=c"); got != "/me/proof?level=2&next=%2Fcases%2Fa%3Fb%3Dc" {
		t.Errorf("With = %q", got)
	}
	if got := door.With("/login", "//evil.example"); got != "/login" {
		t.Errorf("With a foreign address = %q", got)
	}
}

func FuzzLocalPath(f *testing.F) {
	for _, s := range []string{"/", "//x", "/\\x", "/a?b", "/%2f%2f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !door.LocalPath(s) {
			return
		}
		// What a browser makes of it must stay here: it drops tabs and line breaks and reads \ as /.
		read := strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(strings.TrimSpace(s))
		if !strings.HasPrefix(read, "/") || strings.HasPrefix(read, "//") {
			t.Errorf("LocalPath(%q) leads away", s)
		}
	})
}

func TestUntil(t *testing.T) {
	t.Parallel()
	n := 0
	yes, err := door.Until(t.Context(), time.Minute, func(context.Context) (bool, error) { n++; return n == 4, nil })
	if !yes || err != nil || n != 4 {
		t.Errorf("Until = %v %v after %d looks", yes, err, n)
	}
	if yes, err := door.Until(t.Context(), 10*time.Millisecond, func(context.Context) (bool, error) { return false, nil }); yes || err != nil {
		t.Errorf("Until past its time = %v %v", yes, err)
	}
	boom := errors.New("boom")
	if _, err := door.Until(t.Context(), time.Minute, func(context.Context) (bool, error) { return false, boom }); !errors.Is(err, boom) {
		t.Errorf("Until = %v, want the check's error", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	if yes, err := door.Until(ctx, time.Minute, func(context.Context) (bool, error) { stop(); return false, nil }); yes || err != nil {
		t.Errorf("Until of a request that ended = %v %v", yes, err)
	}
}
