package guard_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zhijian/outside/guard"
)

func client(t *testing.T, p guard.Policy) *guard.Client {
	t.Helper()
	p.Name = "test"
	c, err := guard.New(p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func hostOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return guard.HostPort(u)
}

// tripwire is a listener on loopback that counts who gets through.
func tripwire(t *testing.T) (port string, hits *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	hits = &atomic.Int64{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			hits.Add(1)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	_, port, err = net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port, hits
}

// TestNothingInsideIsReached tries every spelling of an inside address. The port is allowed, so that only
// the address stands in the way.
func TestNothingInsideIsReached(t *testing.T) {
	t.Parallel()
	port, hits := tripwire(t)
	n, err := net.LookupPort("tcp", port)
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, guard.Policy{Ports: []uint16{uint16(n)}, Connect: 200 * time.Millisecond, Timeout: 300 * time.Millisecond})
	for _, host := range []string{
		"127.0.0.1", "127.0.0.2", "127.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
		"localhost", "LOCALHOST", "localhost.", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
		"[2002:7f00:1::]", "[fe80::1]", "[fd00::1]", "[ff02::1]", "[2001:db8::1]", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
		"100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
	} {
		_, err := c.Do(t.Context(), guard.Request{Method: http.MethodGet, URL: "http://" + host + ":" + port + "/"})
		if w := guard.WordOf(err); w != guard.Connect && w != guard.DNS && w != guard.Timeout {
			t.Errorf("%s: %v", host, err)
		}
	}
	if hits.Load() != 0 {
		t.Errorf("%d connections got inside", hits.Load())
	}
}

func TestAddressesThatAreNotUnderstood(t *testing.T) {
	t.Parallel()
	c := client(t, guard.Policy{})
	for _, s := range []string{
		"", "ftp://example.com/", "file:///etc/passwd", "gopher://x/", "//example.com/", "http://", "http:///x", "http://user@example.com/", "http://a:b@example.com/",
		"http://example.com/#x", "http://example.com#", `http://example.com\@evil/`, "http://exa mple.com/", "http://example.com/\r\nX: y", "http://例子.com/", "http://example.com/\x00",
		"http://ex%zz.com/", "javascript:alert(1)",
	} {
		if _, err := c.Do(t.Context(), guard.Request{Method: http.MethodGet, URL: s}); guard.WordOf(err) != guard.Connect {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestOnlyTheOperatorsHosts(t *testing.T) {
	t.Parallel()
	port, hits := tripwire(t)
	good := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) }))
	t.Cleanup(good.Close)
	c := client(t, guard.Policy{Hosts: []string{hostOf(t, good.URL)}})
	if a, err := c.Do(t.Context(), guard.Request{Method: http.MethodGet, URL: good.URL}); err != nil || string(a.Body) != "ok" {
		t.Errorf("the operator's own host: %v", err)
	}
	for _, other := range []string{"http://127.0.0.1:" + port, "http://localhost:" + port, "http://example.com/"} {
		if _, err := c.Do(t.Context(), guard.Request{Method: http.MethodGet, URL: other}); guard.WordOf(err) != guard.Connect {
			t.Errorf("%s: %v", other, err)
		}
	}
	if hits.Load() != 0 {
		t.Error("another host was reached")
	}
	_, p, err := net.SplitHostPort(hostOf(t, good.URL))
	if err != nil {
		t.Fatal(err)
	}
	n, err := net.LookupPort("tcp", p)
	if err != nil {
		t.Fatal(err)
	}
	intranet := client(t, guard.Policy{Private: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Ports: []uint16{uint16(n)}})
	if _, err := intranet.Do(t.Context(), guard.Request{Method: http.MethodGet, URL: good.URL}); err != nil {
		t.Errorf("a private network by policy: %v", err)
	}
	if _, err := intranet.Do(t.Context(), guard.Request{Method: http.MethodGet, URL: "http://127.0.0.1:" + port}); guard.WordOf(err) != guard.Connect {
		t.Errorf("another port of it: %v", err)
	}
}

// TestBadHosts is the zoo: what comes back is one of the words, and in time.
func TestBadHosts(t *testing.T) {
	t.Parallel()
	port, _ := tripwire(t)
	elsewhere := "http://127.0.0.1:" + port + "/"
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	for _, c := range []struct {
		name string
		h    http.HandlerFunc
		want guard.Word
	}{
		{"redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere, http.StatusFound) }, guard.Status},
		{"permanent redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere, http.StatusPermanentRedirect)
		}, guard.Status},
		{"not modified", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }, guard.Status},
		{"hangs", func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-hang:
			case <-r.Context().Done():
			}
		}, guard.Timeout},
		{"drips", func(w http.ResponseWriter, r *http.Request) {
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-tick.C:
					if _, err := w.Write([]byte("x")); err != nil {
						return
					}
					w.(http.Flusher).Flush()
				case <-r.Context().Done():
					return
				}
			}
		}, guard.Timeout},
		{"64 MB", func(w http.ResponseWriter, r *http.Request) {
			chunk := bytes.Repeat([]byte("x"), 1<<20)
			for range 64 {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}, guard.Reply},
		{"one byte too many", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1025)) }, guard.Reply},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("short"))
		}, guard.Reply},
		{"closed without an answer", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, guard.Reply},
		{"huge headers", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Big", strings.Repeat("x", 100<<10))
		}, guard.Reply},
		{"just enough", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1024)) }, ""},
		{"an error status is an answer", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(c.h)
			t.Cleanup(s.Close)
			limit := time.Minute
			if c.want == guard.Timeout {
				limit = 500 * time.Millisecond
			}
			g := client(t, guard.Policy{Hosts: []string{hostOf(t, s.URL)}, Timeout: limit, MaxBody: 1024})
			start := time.Now()
			_, err := g.Do(t.Context(), guard.Request{Method: http.MethodGet, URL: s.URL})
			if guard.WordOf(err) != c.want || (err == nil) != (c.want == "") {
				t.Errorf("%v, want %q", err, c.want)
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
			if err != nil && strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("the error tells the address: %v", err)
			}
		})
	}
}

func TestNamesWithoutAddressAndClosedPorts(t *testing.T) {
	t.Parallel()
	c := client(t, guard.Policy{Hosts: []string{"nowhere.invalid:80", "127.0.0.1:1"}})
	if _, err := c.Do(t.Context(), guard.Request{Method: http.MethodGet, URL: "http://nowhere.invalid/"}); guard.WordOf(err) != guard.DNS {
		t.Errorf("a name without address: %v", err)
	}
	if _, err := c.Do(t.Context(), guard.Request{Method: http.MethodGet, URL: "http://127.0.0.1:1/"}); guard.WordOf(err) != guard.Connect {
		t.Errorf("a closed port: %v", err)
	}
}

func TestInFlightIsBounded(t *testing.T) {
	t.Parallel()
	release, arrived := make(chan struct{}), make(chan struct{}, 10)
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-release
	}))
	t.Cleanup(s.Close)
	g := client(t, guard.Policy{Hosts: []string{hostOf(t, s.URL)}, InFlight: 2, Timeout: time.Minute})
	errs := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := g.Do(context.WithoutCancel(t.Context()), guard.Request{Method: http.MethodGet, URL: s.URL})
			errs <- err
		}()
		<-arrived
	}
	_, err := g.Do(t.Context(), guard.Request{Method: http.MethodGet, URL: s.URL, Timeout: 50 * time.Millisecond})
	if !errors.Is(err, guard.ErrBusy) || guard.WordOf(err) != guard.Timeout || len(arrived) != 0 {
		t.Errorf("a third at once: %v", err)
	}
	close(release)
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if _, err := g.Do(t.Context(), guard.Request{Method: http.MethodGet, URL: s.URL}); err != nil {
		t.Errorf("after the others: %v", err)
	}
}

func TestProxyAndCompressionAreNotUsed(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("http_proxy", "http://127.0.0.1:1")
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write([]byte(r.Header.Get("Accept-Encoding") + "|" + r.Header.Get("Idempotency-Key")))
	}))
	t.Cleanup(s.Close)
	c := client(t, guard.Policy{Hosts: []string{hostOf(t, s.URL)}})
	a, err := c.Do(t.Context(), guard.Request{Method: http.MethodPost, URL: s.URL, Body: []byte("x"), Header: http.Header{"Idempotency-Key": {"k1"}}})
	if err != nil || string(a.Body) != "|k1" {
		t.Errorf("%q %v", a.Body, err)
	}
}

// TestAnActIsSentOnce loses the answer of an act on a connection that was used before, where Go's
// transport would send it again by itself.
func TestAnActIsSentOnce(t *testing.T) {
	t.Parallel()
	var acts atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Idempotency-Key") != "" {
			acts.Add(1)
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(s.Close)
	c := client(t, guard.Policy{Hosts: []string{hostOf(t, s.URL)}})
	if _, err := c.Do(t.Context(), guard.Request{Method: http.MethodGet, URL: s.URL}); err != nil {
		t.Fatal(err)
	}
	_, err := c.Do(t.Context(), guard.Request{Method: http.MethodPost, URL: s.URL, Body: []byte("x"), Header: http.Header{"Idempotency-Key": {"k1"}}})
	if guard.WordOf(err) != guard.Reply || acts.Load() != 1 {
		t.Errorf("%v after %d acts", err, acts.Load())
	}
}

func TestPoliciesAreChecked(t *testing.T) {
	t.Parallel()
	for _, p := range []guard.Policy{{}, {Name: "x", Hosts: []string{"example.com"}}, {Name: "x", Hosts: []string{":80"}}, {Name: "x", Hosts: []string{"example.com:"}}} {
		if _, err := guard.New(p); err == nil {
			t.Errorf("taken: %+v", p)
		}
	}
}
