package door_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"zhijian/door"
)

// T21, T31, T33, T63: what a form or an address may hold.
func TestHostileForms(t *testing.T) {
	t.Parallel()
	g := build(t, nil, formPage(door.Public)...)
	token := g.token(visitor)
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString("&f" + strconv.Itoa(i) + "=1")
		}
		return b.String()
	}
	for name, c := range map[string]struct {
		status int
		body   string
		header []string
	}{
		"a good form":              {200, "name=%E6%9D%8E", nil},
		"a declared list":          {200, "many=a&many=b", nil},
		"line breaks in a text":    {200, "name=a%0D%0Ab%09c", nil},
		"one name twice":           {422, "name=a&name=b", nil},
		"the token twice":          {422, "_token=x", nil},
		"a NUL":                    {422, "name=a%00b", nil},
		"an escape character":      {422, "name=%1B%5B31m", nil},
		"broken UTF-8":             {422, "name=%FF%FE", nil},
		"a right-to-left override": {422, "name=a%E2%80%AEb", nil},
		"a control in a name":      {422, "na%0Ame=x", nil},
		"a broken escape":          {422, "name=%zz", nil},
		"a semicolon":              {422, "name=a;b=c", nil},
		"201 fields":               {422, "name=a" + many(200), nil},
		"150 fields":               {200, "name=a" + many(150), nil},
		"70 KB":                    {413, "name=" + strings.Repeat("a", 70<<10), nil},
		"JSON":                     {415, `{"name":"a"}`, []string{"Content-Type", "application/json"}},
		"plain text":               {415, "name=a", []string{"Content-Type", "text/plain"}},
		"no type":                  {415, "name=a", []string{"Content-Type", ""}},
		"multipart":                {415, "name=a", []string{"Content-Type", "multipart/form-data; boundary=x"}},
		"compressed":               {415, "name=a", []string{"Content-Encoding", "gzip"}},
	} {
		r := httptest.NewRequest("POST", "/form", strings.NewReader("_token="+token+"&"+c.body))
		r.Host = host
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Cookie", visitor)
		for i := 0; i+1 < len(c.header); i += 2 {
			r.Header.Set(c.header[i], c.header[i+1])
		}
		w := httptest.NewRecorder()
		g.h.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s: %d %.80s, want %d", name, w.Code, w.Body, c.status)
		}
		if c.status != 200 && strings.Contains(w.Body.String(), "done") {
			t.Errorf("%s: the handler ran", name)
		}
	}
}

// T34, T60, T72: an address has one spelling, and nothing lies about in the house.
func TestHostilePaths(t *testing.T) {
	t.Parallel()
	g := build(t, nil, page("/me", door.ResidentAt(1), "secret"), page("/city/{slug}", door.Public, "city"))
	for target, status := range map[string]int{
		"/city/hangzhou":                         200,
		"/city/hangzhou/":                        404,
		"//city/hangzhou":                        404,
		"/city//hangzhou":                        404,
		"/city/../me":                            404,
		"/city/%2e%2e/me":                        404,
		"/./me":                                  404,
		"/city/a%2Fb":                            404,
		"/city/a%5Cb":                            404,
		"/city/a%00b":                            404,
		"/city/a%0d%0aSet-Cookie:x":              404,
		"/me/x.css":                              404,
		"/me.css":                                404,
		"/ME":                                    404,
		"/city/hangzhou?q=a&q=b":                 400,
		"/city/hangzhou?q=%ff":                   400,
		"/city/hangzhou?q=%00":                   400,
		"/.git/config":                           404,
		"/.env":                                  404,
		"/metrics":                               404,
		"/debug/pprof/":                          404,
		"/static/../data.db":                     404,
		"/server-status":                         404,
		"/en/en/city/hangzhou":                   404,
		"/en/city/hangzhou":                      200,
		"/city/x?q=" + strings.Repeat("a", 9000): 414,
	} {
		w := g.ask("GET", target)
		if w.Code != status {
			t.Errorf("GET %.60s = %d, want %d", target, w.Code, status)
		}
		if cc := w.Header().Get("Cache-Control"); cc != "no-store" {
			t.Errorf("GET %.60s Cache-Control = %q, want no-store", target, cc)
		}
		if strings.Contains(w.Body.String(), "secret") {
			t.Errorf("GET %.60s shows the private page", target)
		}
	}
}

// T15: a hostile Host is refused and appears nowhere.
func TestHost(t *testing.T) {
	t.Parallel()
	g := build(t, func(c *door.Config) { c.Hosts = []string{"WWW.city.example"} }, page("/x", door.Public, "open"), page("/me", door.ResidentAt(1), "me"))
	for host, status := range map[string]int{
		"city.example": 200, "CITY.example": 200, "www.city.example": 200,
		"evil.example": 421, "city.example.evil.example": 421, "city.example:81": 421, "127.0.0.1": 421, "": 421,
	} {
		for _, path := range []string{"/x", "/me"} {
			w := g.ask("GET", path, "Host", host)
			if path == "/x" && w.Code != status {
				t.Errorf("Host %q = %d, want %d", host, w.Code, status)
			}
			var all strings.Builder
			_ = w.Header().Write(&all)
			if s := all.String() + w.Body.String(); strings.Contains(s, "evil") {
				t.Errorf("Host %q comes back in the answer: %s", host, s)
			}
		}
	}
	if w := g.ask("GET", "/healthz", "Host", "10.0.0.7"); w.Code != 200 {
		t.Errorf("probe by address = %d, want 200", w.Code)
	}
}

// T15: what a client writes into X-Forwarded-For changes nothing, what our proxy writes counts.
func TestClientAddress(t *testing.T) {
	t.Parallel()
	who := door.Route{Method: "GET", Path: "/who", Access: door.Public, Handler: func(w http.ResponseWriter, r *door.Request) error {
		_, err := io.WriteString(w, r.ClientIP())
		return err
	}}
	proxies := func(c *door.Config) {
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	}
	for name, c := range map[string]struct {
		proxies func(*door.Config)
		remote  string
		xff     []string
		want    string
	}{
		"no proxy, no header":             {nil, "198.51.100.7:4000", nil, "198.51.100.7"},
		"no proxy, header ignored":        {nil, "198.51.100.7:4000", []string{"1.2.3.4"}, "198.51.100.7"},
		"a stranger's header ignored":     {proxies, "198.51.100.7:4000", []string{"1.2.3.4"}, "198.51.100.7"},
		"behind our proxy":                {proxies, "10.0.0.1:4000", []string{"203.0.113.9"}, "203.0.113.9"},
		"the client lied to our proxy":    {proxies, "10.0.0.1:4000", []string{"1.2.3.4, 203.0.113.9"}, "203.0.113.9"},
		"two of our proxies":              {proxies, "10.0.0.1:4000", []string{"1.2.3.4, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		"header in two lines":             {proxies, "10.0.0.1:4000", []string{"1.2.3.4", "203.0.113.9"}, "203.0.113.9"},
		"rubbish is not believed":         {proxies, "10.0.0.1:4000", []string{"203.0.113.9, rubbish"}, "10.0.0.1"},
		"an address with a port":          {proxies, "10.0.0.1:4000", []string{"203.0.113.9:99"}, "10.0.0.1"},
		"mapped IPv4":                     {proxies, "[::ffff:10.0.0.1]:4000", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		"IPv6":                            {proxies, "[fd00::1]:4000", []string{"2001:db8::5"}, "2001:db8::5"},
		"an empty header":                 {proxies, "10.0.0.1:4000", []string{""}, "10.0.0.1"},
		"other headers are not looked at": {proxies, "198.51.100.7:4000", nil, "198.51.100.7"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := build(t, c.proxies, who)
			args := []string{"Remote", c.remote, "Forwarded", "for=6.6.6.6", "X-Real-IP", "6.6.6.6"}
			for _, x := range c.xff {
				args = append(args, "X-Forwarded-For", x)
			}
			if got := g.ask("GET", "/who", args...).Body.String(); got != c.want {
				t.Errorf("client = %q, want %q", got, c.want)
			}
		})
	}
}

// T10, T11: what outlives a restart is charged to the block that one customer has.
func TestClientBlock(t *testing.T) {
	t.Parallel()
	g := build(t, nil, door.Route{Method: "GET", Path: "/who", Access: door.Public, Handler: func(w http.ResponseWriter, r *door.Request) error {
		_, err := io.WriteString(w, r.ClientBlock())
		return err
	}})
	for remote, want := range map[string]string{
		"198.51.100.7:4000":              "198.51.100.7",
		"[::ffff:198.51.100.7]:4000":     "198.51.100.7",
		"[2001:db8:1:2::1]:4000":         "2001:db8:1:2::/64",
		"[2001:db8:1:2:ffff::9%e0]:4000": "2001:db8:1:2::/64",
		"[2001:db8:1:3::1]:4000":         "2001:db8:1:3::/64",
		"rubbish":                        "",
	} {
		if got := g.ask("GET", "/who", "Remote", remote).Body.String(); got != want {
			t.Errorf("%s is charged to %q, want %q", remote, got, want)
		}
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	slow := func(c *door.Config) {
		c.Rates = map[door.Class]door.Rate{door.Reading: {Burst: 5, Per: 10 * time.Second}}
	}
	g := build(t, slow, page("/x", door.Public, "open"))
	n := 0
	for i := range 20 { // rotating X-Forwarded-For and ports resets nothing
		w := g.ask("GET", "/x", "Remote", "198.51.100.7:"+strconv.Itoa(4000+i), "X-Forwarded-For", "1.2.3."+strconv.Itoa(i))
		if w.Code == 200 {
			n++
		} else if w.Code != 429 || w.Header().Get("Retry-After") == "" {
			t.Fatalf("over the rate = %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
		}
	}
	if n != 5 {
		t.Errorf("%d of 20 answered, want 5", n)
	}
	if w := g.ask("GET", "/x", "Remote", "198.51.100.8:1"); w.Code != 200 {
		t.Errorf("another client = %d, want 200", w.Code)
	}
	g.clock.Advance(4 * time.Second)
	if a, b, c := g.ask("GET", "/x", "Remote", "198.51.100.7:1").Code, g.ask("GET", "/x", "Remote", "198.51.100.7:1").Code, g.ask("GET", "/x", "Remote", "198.51.100.7:1").Code; a != 200 || b != 200 || c != 429 {
		t.Errorf("after 4 s = %d %d %d, want two more", a, b, c)
	}
	for i := range 6 {
		w := g.ask("GET", "/x", "Remote", "[2001:db8:1:2::"+strconv.Itoa(i+1)+"]:1")
		if want := map[bool]int{true: 200, false: 429}[i < 5]; w.Code != want {
			t.Errorf("address %d of one /64 = %d, want %d", i, w.Code, want)
		}
	}
}

// However many addresses an attacker has, the table of clients stays bounded and goes on limiting.
func TestRatesStayBounded(t *testing.T) {
	t.Parallel()
	g := build(t, func(c *door.Config) {
		c.Log = nil
		c.Rates = map[door.Class]door.Rate{door.Reading: {Burst: 1, Per: time.Hour}}
	}, page("/x", door.Public, "open"))
	for i := range 70_000 {
		a := netip.AddrFrom4([4]byte{11, byte(i >> 16), byte(i >> 8), byte(i)})
		if w := g.ask("GET", "/x", "Remote", a.String()+":1"); w.Code != 200 {
			t.Fatalf("client %d = %d", i, w.Code)
		}
	}
	if w := g.ask("GET", "/x", "Remote", "11.1.17.111:1"); w.Code != 429 {
		t.Errorf("the last client again = %d, want 429", w.Code)
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	g := build(t, nil, door.Route{Method: "GET", Path: "/slow", Access: door.Public, Limit: door.Limit{Time: 5 * time.Millisecond}, Handler: func(_ http.ResponseWriter, r *door.Request) error {
		<-r.Context().Done()
		return errors.Join(errors.New("read cases"), r.Context().Err())
	}})
	w := g.ask("GET", "/slow")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "10" {
		t.Errorf("= %d, Retry-After %q, want 503 and 10", w.Code, w.Header().Get("Retry-After"))
	}
}

func TestRawAndJSON(t *testing.T) {
	t.Parallel()
	echo := func(w http.ResponseWriter, r *door.Request) error {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		_, err = w.Write(b)
		return err
	}
	g := build(t, nil,
		door.Route{Method: "POST", Path: "/notice", Access: door.SignedNotice, Takes: door.TakesRaw, AnyHost: true, Limit: door.Limit{Body: 10}, Handler: echo},
		door.Route{Method: "POST", Path: "/json", Access: door.Public, Takes: door.TakesJSON, Handler: echo},
	)
	for name, c := range map[string]struct {
		status     int
		path, body string
		headers    []string
	}{
		"a notice needs no token and no origin": {200, "/notice", "signed", []string{"Content-Type", "application/json", "Origin", "https://pay.example", "Sec-Fetch-Site", "cross-site", "Host", "pay.internal"}},
		"a notice over its bound":               {413, "/notice", "signed and long", nil},
		"JSON":                                  {200, "/json", "{}", []string{"Content-Type", "application/json; charset=utf-8"}},
		"JSON sent as text":                     {415, "/json", "{}", []string{"Content-Type", "text/plain"}},
		"JSON from another site":                {403, "/json", "{}", []string{"Content-Type", "application/json", "Origin", "https://evil.example"}},
	} {
		r := httptest.NewRequestWithContext(context.Background(), "POST", c.path, strings.NewReader(c.body))
		r.Host = host
		for i := 0; i+1 < len(c.headers); i += 2 {
			if c.headers[i] == "Host" {
				r.Host = c.headers[i+1]
				continue
			}
			r.Header.Set(c.headers[i], c.headers[i+1])
		}
		w := httptest.NewRecorder()
		g.h.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s: %d %s, want %d", name, w.Code, w.Body, c.status)
		}
	}
}
