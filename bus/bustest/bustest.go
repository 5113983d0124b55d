// Package bustest is the conformance suite of bus engines: what bus promises, as tests.
package bustest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"zhijian/bus"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/store/sqldb"
)

// Options are the pauses a test wants an engine to use.
type Options struct {
	Backoff []time.Duration
	Workers int           // zero is the engine's own choice
	Save    time.Duration // of the consumers' places; zero is the engine's own choice
}

// Stuck is a parked event as an engine reports it.
type Stuck struct {
	Consumer string
	Event    event.Event
	Attempts int
	Error    string
	Waiting  int
}

// Engine is a bus under test with what the console and shutdown need.
type Engine interface {
	bus.Bus
	Idle(ctx context.Context) error
	Settled(ctx context.Context) error
	Stuck(ctx context.Context) ([]Stuck, error)
	Retry(ctx context.Context, a actor.Actor, consumer string, eventID int64) error
	Skip(ctx context.Context, a actor.Actor, consumer string, eventID int64) error
}

// World makes databases and engines for the suite.
type World struct {
	// Place prepares a fresh database and gives a function that opens it, again after a crash.
	Place func(t *testing.T) (open func() *sqldb.DB)
	// Make gives a new engine on a database.
	Make func(t *testing.T, db *sqldb.DB, o Options) Engine
	// Hurry makes every planned attempt due now.
	Hurry func(t *testing.T, db *sqldb.DB)
}

// Run runs the suite.
func Run(t *testing.T, w World) {
	for name, test := range map[string]func(*testing.T, World){
		"events of a key arrive in order":               ordered,
		"only named events arrive":                      named,
		"a slow key holds up nobody":                    slow,
		"one consumer's full hands hold up no other":    fullHands,
		"a failing event comes again, in order":         failing,
		"a panic is a failure":                          panicking,
		"a poison event is parked and can be retried":   poisonRetried,
		"a poison event is parked and can be skipped":   poisonSkipped,
		"deciding twice is refused":                     decidedTwice,
		"stopping waits for handlers under way":         stopping,
		"a restart goes on where it was":                restart,
		"a crash loses nothing and keeps the order":     crash,
		"retries and parkings survive a crash":          crashHeld,
		"a new consumer begins at the end of a log":     newcomer,
		"a consumer registered twice is refused":        twice,
		"many writers and consumers lose nothing":       storm,
		"events recorded by handlers are delivered too": chain,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, w)
		})
	}
}

// said is the suite's event.
type said struct {
	event.Meta
	N    int    `json:"n"`
	name string // of the event
}

func (s said) EventName() string {
	if s.name == "" {
		return "test.said"
	}
	return s.name
}

// patience bounds every wait; a test that reaches it has failed.
const patience = 30 * time.Second

func wait(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// say appends event n of a key.
func say(t *testing.T, db *sqldb.DB, key string, numbers ...int) {
	t.Helper()
	err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
		for _, n := range numbers {
			if err := tx.Append(key, said{N: n}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// start runs the engine; the returned function stops it and gives Run's error.
func start(t *testing.T, e Engine) (stop func() error) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(patience):
			return errors.New("the bus does not stop")
		}
	})
	t.Cleanup(func() { _ = stop() })
	return stop
}

func settled(t *testing.T, e Engine) {
	t.Helper()
	if err := e.Settled(wait(t)); err != nil {
		t.Fatalf("Settled() = %v", err)
	}
}

// heard collects what a consumer was told, by key.
type heard struct {
	mu   sync.Mutex
	keys map[string][]int
	fail func(key string, n int) error // nil for none
	all  int
}

func (h *heard) handle(_ context.Context, e event.Event) error {
	var s said
	if err := e.Decode(&s); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fail != nil {
		if err := h.fail(e.Key, s.N); err != nil {
			return err
		}
	}
	if h.keys == nil {
		h.keys = map[string][]int{}
	}
	h.keys[e.Key] = append(h.keys[e.Key], s.N)
	h.all++
	return nil
}

func (h *heard) of(key string) []int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]int(nil), h.keys[key]...)
}

func (h *heard) setFail(f func(key string, n int) error) {
	h.mu.Lock()
	h.fail = f
	h.mu.Unlock()
}

// want checks that a key's events 1 to n were heard exactly so.
func want(t *testing.T, h *heard, key string, n int) {
	t.Helper()
	if got := fmt.Sprint(h.of(key)); got != fmt.Sprint(count(n)) {
		t.Errorf("events heard of %s: %s, want 1 to %d", key, got, n)
	}
}

// wantAll checks that a key's events 1 to n were all heard, in order, some perhaps again.
func wantAll(t *testing.T, h *heard, key string, n int) {
	t.Helper()
	next := 1
	for _, got := range h.of(key) {
		if got > next {
			t.Fatalf("events heard of %s: %v: %d came before %d", key, h.of(key), got, next)
		}
		if got == next {
			next++
		}
	}
	if next != n+1 {
		t.Errorf("events heard of %s: %v, want 1 to %d", key, h.of(key), n)
	}
}

func count(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i + 1
	}
	return list
}

// quick retries soon and often; brief parks after two failures.
var (
	quick = []time.Duration{time.Millisecond, time.Millisecond, time.Millisecond, time.Millisecond, time.Millisecond}
	brief = []time.Duration{time.Millisecond}
)

var errNotNow = errors.New("not now")
