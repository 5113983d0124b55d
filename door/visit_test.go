package door_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/door"
	"zhijian/ground/fault"
)

const browser = "Mozilla/5.0 (Linux; Android 5.0; CUBOT X9) AppleWebKit/537.36 MQQBrowser/6.2 MicroMessenger/6.2"

// seen takes down visits.
type seen struct {
	mu   sync.Mutex
	list []door.Visit
}

func (s *seen) Count(v door.Visit) {
	s.mu.Lock()
	s.list = append(s.list, v)
	s.mu.Unlock()
}

func (s *seen) take() (list []door.Visit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, s.list = s.list, nil
	return list
}

func visited(route door.Route, status int, err error) door.Route {
	route.Handler = func(w http.ResponseWriter, r *door.Request) error {
		r.Visited(door.Visit{Kind: door.VisitView, Region: "330100", Service: "x"})
		if err == nil {
			w.WriteHeader(status)
		}
		return err
	}
	return route
}

func TestVisits(t *testing.T) {
	t.Parallel()
	s := &seen{}
	g := build(t, func(c *door.Config) { c.Visits = s },
		visited(door.Route{Method: "GET", Path: "/kept", Access: door.Public, Cached: &door.Cached{}}, 200, nil),
		visited(door.Route{Method: "GET", Path: "/drawn", Access: door.Public}, 200, nil),
		visited(door.Route{Method: "GET", Path: "/led", Access: door.Public}, 303, nil),
		visited(door.Route{Method: "GET", Path: "/ill", Access: door.Public}, 404, nil),
		visited(door.Route{Method: "GET", Path: "/failed", Access: door.Public}, 0, fault.NotFound("x", "没有")),
		page("/silent", door.Public, "no visit"),
	)
	at := time.Date(2026, 5, 26, 6, 0, 0, 0, time.UTC)
	view := func(resident int64) []door.Visit {
		return []door.Visit{{Kind: door.VisitView, Channel: door.ByPage, Region: "330100", Service: "x", Resident: resident, At: at}}
	}
	etag := g.ask("GET", "/kept", "User-Agent", browser).Header().Get("ETag")
	s.take()
	for _, c := range []struct {
		name, method, path string
		head               []string
		want               []door.Visit
	}{
		{"a kept page", "GET", "/kept", nil, view(0)},
		{"a kept page that the browser has", "GET", "/kept", []string{"If-None-Match", etag}, view(0)},
		{"a resident's", "GET", "/kept", []string{"Cookie", resident}, view(1)},
		{"drawn", "GET", "/drawn", nil, view(0)},
		{"drawn for a resident", "GET", "/drawn", []string{"Cookie", resident}, view(1)},
		{"led on", "GET", "/led", nil, view(0)},
		{"another status", "GET", "/ill", nil, nil},
		{"a fault", "GET", "/failed", nil, nil},
		{"a page that says nothing", "GET", "/silent", nil, nil},
		{"the head alone", "HEAD", "/kept", nil, nil},
		{"the head of a drawn page", "HEAD", "/drawn", nil, nil},
		{"loaded ahead", "GET", "/kept", []string{"Sec-Purpose", "prefetch;prerender"}, nil},
		{"loaded ahead, as it was called", "GET", "/drawn", []string{"Purpose", "prefetch"}, nil},
		{"a spider", "GET", "/kept", []string{"User-Agent", "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"}, nil},
		{"a bot", "GET", "/drawn", []string{"User-Agent", "Mozilla/5.0 (compatible; bingbot/2.0)"}, nil},
		{"a program", "GET", "/drawn", []string{"User-Agent", "curl/8.0"}, nil},
		{"nobody says who", "GET", "/drawn", []string{"User-Agent", ""}, nil},
		{"absent", "GET", "/nothing", nil, nil},
	} {
		if !slices.Contains(c.head, "User-Agent") {
			c.head = append(c.head, "User-Agent", browser)
		}
		g.ask(c.method, c.path, c.head...)
		if d := cmp.Diff(c.want, s.take()); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// A route for holders of keys is asked nothing by the door and may be sent packed; others may not.
func TestKeyHolder(t *testing.T) {
	t.Parallel()
	open := func(w http.ResponseWriter, r *door.Request) error {
		if r.Header.Get("Authorization") != "Bearer good" {
			return fault.Denied("k", "不对")
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	g := build(t, nil, door.Route{Method: "POST", Path: "/stream", Access: door.KeyHolder, Takes: door.TakesStream, Handler: open})
	for name, c := range map[string]struct {
		head []string
		want int
	}{
		"the key":                     {[]string{"Authorization", "Bearer good", "Content-Encoding", "gzip"}, 204},
		"the key, from another site":  {[]string{"Authorization", "Bearer good", "Sec-Fetch-Site", "cross-site"}, 204},
		"a session in place of a key": {[]string{"Cookie", resident}, 403},
	} {
		if w := g.ask("POST", "/stream", c.head...); w.Code != c.want {
			t.Errorf("%s: %d, want %d", name, w.Code, c.want)
		}
	}
	d, err := door.New(door.Config{Origin: origin, Clock: g.clock, Secret: secret, Residents: people{}})
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]door.Route{
		"a stream for everybody":   {Method: "POST", Path: "/x", Access: door.Public, Takes: door.TakesStream, Handler: open},
		"a key holder with a form": {Method: "POST", Path: "/x", Access: door.KeyHolder, Handler: open},
	} {
		if err := d.Mount(http.NewServeMux(), door.Set{Face: door.Problems{}, Routes: []door.Route{r}}); err == nil {
			t.Errorf("%s was mounted", name)
		}
	}
}
