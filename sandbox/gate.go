package sandbox

import (
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Mode is how an office behaves today.
type Mode string

// The modes. Every one but Normal is switched on from the console page or its POST /switch.
const (
	Normal Mode = "normal" // answers at once
	Slow   Mode = "slow"   // answers after Config.SlowBy
	Broken Mode = "503"    // answers 503
	Hang   Mode = "hang"   // takes the question and never answers
	Refuse Mode = "refuse" // cuts every connection
)

// Modes lists all modes in the order the console shows them.
func Modes() []Mode { return []Mode{Normal, Slow, Broken, Hang, Refuse} }

// gate stands before an office and makes it slow, broken or silent.
type gate struct {
	slowBy  time.Duration
	hangFor time.Duration // 0: until the client gives up
	shut    chan struct{}
	once    sync.Once

	mu   sync.Mutex
	mode Mode
}

func newGate(cfg Config) *gate {
	return &gate{slowBy: cfg.SlowBy, hangFor: cfg.HangFor, shut: make(chan struct{}), mode: Normal}
}

func (g *gate) now() Mode {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.mode
}

func (g *gate) set(m Mode) bool {
	if !slices.Contains(Modes(), m) {
		return false
	}
	g.mu.Lock()
	g.mode = m
	g.mu.Unlock()
	return true
}

// close frees everybody who hangs.
func (g *gate) close() { g.once.Do(func() { close(g.shut) }) }

// hang holds a request until its client gives up, the world ends or it has held long enough, then cuts the connection.
func (g *gate) hang(w http.ResponseWriter, r *http.Request) {
	// The server notices that a client is gone only when the question was read to its end.
	_, _ = io.Copy(io.Discard, r.Body)
	var enough <-chan time.Time
	if g.hangFor > 0 {
		t := time.NewTimer(g.hangFor)
		defer t.Stop()
		enough = t.C
	}
	select {
	case <-enough:
	case <-r.Context().Done():
	case <-g.shut:
	}
	cut(w)
}

func (g *gate) guard(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch g.now() {
		case Slow:
			t := time.NewTimer(g.slowBy)
			defer t.Stop()
			select {
			case <-t.C:
			case <-r.Context().Done():
			case <-g.shut:
			}
		case Broken:
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(`{"error":"演示：这个部门的系统今天停机"}`))
			return
		case Hang:
			g.hang(w, r)
			return
		case Refuse:
			cut(w)
			return
		}
		h.ServeHTTP(w, r.WithContext(withGate(r.Context(), g)))
	})
}

// cut ends the connection without an answer: a reset, as from a dead machine.
func cut(w http.ResponseWriter) {
	if hj, ok := w.(http.Hijacker); ok {
		if conn, _, err := hj.Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}
