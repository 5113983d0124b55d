package door_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"zhijian/door"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A request under way when the house closes is finished; the house says meanwhile that it is not ready.
func TestServeDrains(t *testing.T) {
	t.Parallel()
	entered, finish := make(chan struct{}), make(chan struct{})
	g := build(t, func(c *door.Config) { c.Origin = "http://127.0.0.1"; c.Hosts = []string{"x"} }, door.Route{Method: "GET", Path: "/slow", Access: door.Public, AnyHost: true, Handler: func(w http.ResponseWriter, _ *door.Request) error {
		close(entered)
		<-finish
		_, err := io.WriteString(w, "whole")
		return err
	}})
	l := listen(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- g.door.Serve(ctx, door.Server(g.h, nil), l, 10*time.Second) }()
	answer := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + l.Addr().String() + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		answer <- string(b)
	}()
	<-entered
	stop()
	ok, err := door.Until(t.Context(), 5*time.Second, func(context.Context) (bool, error) {
		return g.ask("GET", "/readyz").Code == http.StatusServiceUnavailable, nil
	})
	if !ok || err != nil {
		t.Errorf("/readyz while draining: %v", err)
	}
	close(finish)
	if got := <-answer; got != "whole" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	bad := errors.New("schema is newer")
	g := build(t, func(c *door.Config) { c.Ready = func(context.Context) error { return bad } })
	if w := g.ask("GET", "/readyz"); w.Code != 503 || strings.Contains(w.Body.String(), "schema") {
		t.Errorf("/readyz = %d %q, want 503 without the cause", w.Code, w.Body)
	}
	bad = nil
	if w := g.ask("GET", "/readyz"); w.Code != 200 {
		t.Errorf("/readyz = %d, want 200", w.Code)
	}
	if w := g.ask("GET", "/healthz"); w.Code != 200 || w.Body.String() != "ok\n" {
		t.Errorf("/healthz = %d %q", w.Code, w.Body)
	}
}

// T66: one client cannot hold all connections, and the numbers of part 8 are set.
func TestGuard(t *testing.T) {
	t.Parallel()
	g := build(t, nil)
	l := g.door.Guard(listen(t), 100, 3)
	s := door.Server(g.h, nil)
	if s.ReadHeaderTimeout != 10*time.Second || s.IdleTimeout != 60*time.Second || s.MaxHeaderBytes != 64<<10 || s.ReadTimeout == 0 || s.WriteTimeout == 0 {
		t.Errorf("time-outs %v %v %v %v %d", s.ReadHeaderTimeout, s.ReadTimeout, s.WriteTimeout, s.IdleTimeout, s.MaxHeaderBytes)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- g.door.Serve(ctx, s, l, time.Second) }()
	open := func() (net.Conn, bool) {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
		line, _ := bufio.NewReader(c).ReadString('\n')
		return c, strings.Contains(line, "200")
	}
	var held []net.Conn
	for i := range 5 {
		c, ok := open()
		if ok != (i < 3) {
			t.Errorf("connection %d answered %v", i, ok)
		}
		held = append(held, c)
	}
	for _, c := range held {
		_ = c.Close()
	}
	again, err := door.Until(t.Context(), 5*time.Second, func(context.Context) (bool, error) {
		c, ok := open()
		_ = c.Close()
		return ok, nil
	})
	if !again || err != nil {
		t.Errorf("no connection after the others were closed")
	}
	stop()
	<-ended
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	g := build(t, func(c *door.Config) { c.Metrics = reg }, page("/cases/{no}", door.Public, "open"))
	g.ask("GET", "/cases/7K2Q")
	g.ask("GET", "/cases/9D0M")
	g.ask("GET", "/nothing/330102199001011234")
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			labels := ""
			for _, l := range m.GetLabel() {
				labels += " " + l.GetValue()
			}
			if n := m.GetCounter().GetValue(); n > 0 {
				got[f.GetName()+labels] = n
			}
		}
	}
	want := map[string]float64{
		"zhijian_http_requests_total GET /cases/{no} 200": 2,
		"zhijian_http_requests_total none 404":            1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counters by route pattern (-want +got):\n%s", diff)
	}
}
