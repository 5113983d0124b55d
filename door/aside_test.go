package door_test

import (
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zhijian/domain/identity"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
)

// aside is a route whose work waits for release and gives what then is in ended.
func aside(release <-chan struct{}, ended *error, done *atomic.Int64) door.Route {
	return door.Route{Method: "GET", Path: "/aside", Access: door.Public, Handler: func(w http.ResponseWriter, r *door.Request) error {
		ready, err := r.Aside(20*time.Millisecond, time.Minute, func(r *door.Request) error {
			<-release
			if r.Context().Err() != nil {
				return r.Context().Err()
			}
			done.Add(1)
			if r.Query("panic") != "" {
				panic("what a person wrote")
			}
			return *ended
		})
		if err == nil {
			_, err = io.WriteString(w, map[bool]string{true: "ready", false: "later"}[ready])
		}
		return err
	}}
}

func TestAside(t *testing.T) {
	t.Parallel()
	var ended error
	var done atomic.Int64
	open := make(chan struct{})
	close(open)
	g := build(t, nil, aside(open, &ended, &done))
	if w := g.ask("GET", "/aside"); w.Body.String() != "ready" || done.Load() != 1 {
		t.Errorf("ready work: %d %s", w.Code, w.Body)
	}
	ended = fault.Conflict("x", "y")
	if w := g.ask("GET", "/aside"); w.Code != http.StatusConflict {
		t.Errorf("work that failed: %d %s", w.Code, w.Body)
	}
	if w := g.ask("GET", "/aside?panic=1"); w.Code != http.StatusInternalServerError || strings.Contains(g.log.String(), "what a person wrote") {
		t.Errorf("work that broke: %d %s", w.Code, w.Body)
	}
}

// TestAsideGoesOn: work that is late is not lost with its request, its fault is logged, and the house waits for it before it closes.
func TestAsideGoesOn(t *testing.T) {
	t.Parallel()
	ended := errors.New("too late to tell")
	var done atomic.Int64
	release := make(chan struct{})
	g := build(t, nil, aside(release, &ended, &done))
	if w := g.ask("GET", "/aside"); w.Body.String() != "later" || done.Load() != 0 {
		t.Errorf("late work: %d %s", w.Code, w.Body)
	}
	rested := make(chan struct{})
	go func() {
		g.door.Rest()
		close(rested)
	}()
	select {
	case <-rested:
		t.Fatal("the house closes while work goes on")
	case <-time.After(30 * time.Millisecond):
	}
	close(release)
	<-rested
	if done.Load() != 1 || !strings.Contains(g.log.String(), "too late to tell") {
		t.Errorf("done %d times, logged %s", done.Load(), g.log)
	}
}

func TestAsideIsBounded(t *testing.T) {
	t.Parallel()
	var ended error
	var done atomic.Int64
	release := make(chan struct{})
	g := build(t, nil, aside(release, &ended, &done))
	codes := make(chan int, 300)
	for range cap(codes) {
		go func() { codes <- g.ask("GET", "/aside").Code }()
	}
	refused := 0
	for range cap(codes) {
		if <-codes == http.StatusServiceUnavailable {
			refused++
		}
	}
	close(release)
	g.door.Rest()
	if refused != 300-256 || done.Load() != 256 {
		t.Errorf("%d refused, %d done", refused, done.Load())
	}
}

// TestFor: a request that speaks for somebody has their name, no session, and nothing of the sender's cookies.
func TestFor(t *testing.T) {
	t.Parallel()
	device := netip.MustParseAddr("fd00::1")
	g := build(t, nil, door.Route{Method: "GET", Path: "/for", Access: door.Public, Handler: func(_ http.ResponseWriter, r *door.Request) error {
		as := r.For(door.Speaker{Resident: identity.Resident{ID: 9, Level: 3, Wish: identity.Wish{Lang: "en"}}, Visitor: "v", Client: device})
		want := actor.Actor{Kind: actor.Resident, ID: 9, Level: 3, Lang: "en"}
		if as.Actor != want || !as.SignedIn() || as.Session.ID != 0 || as.Visitor != "v" || as.ClientIP() != "fd00::1" || as.Lang != "en" {
			t.Errorf("for a resident: %+v", as.Actor)
		}
		if nobody := r.For(door.Speaker{Visitor: "w"}); nobody.SignedIn() || nobody.Actor.Kind != actor.Visitor || nobody.Visitor != "w" || nobody.Lang != "zh" {
			t.Errorf("for a stranger: %+v", nobody.Actor)
		}
		if r.Resident.ID != 4 || r.Session.ID == 0 {
			t.Error("the request itself is changed")
		}
		return nil
	}})
	g.ask("GET", "/for", "Cookie", "__Host-zj=r4")
}
