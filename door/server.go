package door

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"zhijian/ground/fault"
)

// Server gives the HTTP server with the time-outs of security.md part 8: a slow or silent client holds a connection
// no longer than they allow.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       40 * time.Second, // 10 s of header and 30 s of body
		WriteTimeout:      70 * time.Second, // counted from the end of the header: 30 s of body, then 30 s of answer
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    64 << 10,
	}
	if log != nil {
		s.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelWarn)
	}
	return s
}

// Serve answers on l until ctx ends. Then it stops taking connections, lets the requests under way finish for at most
// grace, and returns nil. It returns early with an error when the listener fails.
func (d *Door) Serve(ctx context.Context, s *http.Server, l net.Listener, grace time.Duration) error {
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	d.Drain()
	last, stop := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer stop()
	err := s.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.Close()
	}
	<-ended
	return err
}

// Guard bounds the open connections of l: in all, and for each client address. A connection over a bound is closed at
// once. Addresses of known proxies count only towards the whole.
func (d *Door) Guard(l net.Listener, all, perClient int) net.Listener {
	return &guard{Listener: l, door: d, all: all, each: perClient, open: map[netip.Addr]int{}}
}

type guard struct {
	net.Listener
	door      *Door
	all, each int

	mu   sync.Mutex
	n    int
	open map[netip.Addr]int
}

// Accept gives the next connection within the bounds.
func (g *guard) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		var from netip.Addr
		if a, err := netip.ParseAddrPort(c.RemoteAddr().String()); err == nil {
			from = block(a.Addr().Unmap().WithZone(""))
		}
		if g.enter(from) {
			return &guarded{Conn: c, leave: sync.OnceFunc(func() { g.leave(from) })}, nil
		}
		_ = c.Close() // refused; there is nobody to tell
	}
}

func (g *guard) enter(from netip.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.n >= g.all || (g.open[from] >= g.each && !g.door.proxy(from)) {
		return false
	}
	g.n++
	g.open[from]++
	return true
}

func (g *guard) leave(from netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n--
	if g.open[from]--; g.open[from] <= 0 {
		delete(g.open, from)
	}
}

type guarded struct {
	net.Conn
	leave func()
}

// Close closes the connection and gives its place free.
func (c *guarded) Close() error {
	c.leave()
	return c.Conn.Close()
}

// Health gives the two routes for probes: /healthz says that the process runs, /readyz that it can serve.
func (d *Door) Health() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/healthz", About: "the process runs", Access: Public, AnyHost: true, Handler: func(w http.ResponseWriter, _ *Request) error {
			return plain(w, http.StatusOK, "ok\n")
		}},
		{Method: http.MethodGet, Path: "/readyz", About: "the house can serve", Access: Public, AnyHost: true, Handler: func(w http.ResponseWriter, r *Request) error {
			if d.draining.Load() {
				return plain(w, http.StatusServiceUnavailable, "draining\n")
			}
			if d.c.Ready != nil {
				if err := d.c.Ready(r.Context()); err != nil {
					d.c.Log.LogAttrs(r.Context(), slog.LevelWarn, "not ready", slog.String("cause", err.Error()))
					return plain(w, http.StatusServiceUnavailable, string(fault.KindUnavailable)+"\n")
				}
			}
			return plain(w, http.StatusOK, "ready\n")
		}},
	}
}

func plain(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // a probe that hangs up is no fault of ours
	return nil
}
