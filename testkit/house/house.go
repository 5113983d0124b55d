// Package house opens a whole demonstration house inside a test: the embedded or a PostgreSQL database, the imitation
// outside world, the doors on a loopback port. Nothing in it is replaced.
//
// A house lives until its test ends. Then it is shut, its books are counted again (event chain, cases, money, places) and
// its log read; what does not agree, and every error logged, fails the test. Its clock starts at testkit.Now, runs with the
// machine's and can be moved on, so that nobody waits for a retry that is due in a quarter of an hour.
package house

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/uid"
	"zhijian/sandbox"
	"zhijian/server"
	"zhijian/testkit"
	"zhijian/testkit/walk"
)

// House is a running demonstration.
type House struct {
	// Ready has addresses and logins. After Restart the addresses are new ones.
	Ready server.DemoReady
	// World is the outside, for switching offices off. After Restart it is a new one.
	World *sandbox.World
	// Clock is what all of it goes by.
	Clock *Clock
	// Server is the house itself. After Restart it is a new one.
	Server *server.House
	// Routes are those of all doors.
	Routes []door.Route
	// Log is everything logged since the house was opened first.
	Log *Log
	// Data is the house's folder, Database its postgres:// URL or empty, Catalogue the folder with services of its own or empty.
	Data, Database, Catalogue string

	set  func(*server.DemoConfig)
	stop func() error
}

// Both runs fn against a house on SQLite and one on PostgreSQL, in parallel. Under the race detector, which makes a house some five times
// slower, it runs on SQLite alone: what differs between the two is in store, whose own tests run on both under it.
func Both(t *testing.T, fn func(t *testing.T, h *House)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, Open(t, ""))
	})
	if testkit.Race {
		return
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, Open(t, testkit.PostgresURL(t)))
	})
}

// Open starts a house with a folder of its own; database is a postgres:// URL of testkit.PostgresURL, or empty.
func Open(t *testing.T, database string) *House {
	t.Helper()
	return OpenWith(t, database, "")
}

// OpenWith is Open with a folder of services and cities beside the embedded ones.
func OpenWith(t *testing.T, database, catalogue string) *House {
	t.Helper()
	return OpenSet(t, database, catalogue, func(*server.DemoConfig) {})
}

// OpenSet is OpenWith with settings of its own.
func OpenSet(t *testing.T, database, catalogue string, set func(*server.DemoConfig)) *House {
	t.Helper()
	h := &House{set: set, Clock: newClock(testkit.Now()), Log: &Log{}, Data: t.TempDir(), Database: database, Catalogue: catalogue}
	h.start(t)
	t.Cleanup(func() {
		h.shut(t)
		h.count(t)
		h.Log.check(t)
	})
	return h
}

// Restart shuts the house as SIGTERM does and opens it again on the same data.
func (h *House) Restart(t *testing.T) {
	t.Helper()
	h.shut(t)
	h.start(t)
}

func (h *House) start(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	config := server.DemoConfig{
		Addr: "127.0.0.1:0", Admin: "127.0.0.1:0", Data: h.Data, Database: h.Database, Catalogue: h.Catalogue, Seed: 1,
		Clock: h.Clock, Log: h.Log.logger(), Unsafe: true,
	}
	h.set(&config)
	demo, err := server.OpenDemo(ctx, config)
	if err != nil {
		cancel()
		t.Fatalf("open the house: %v\n%s", err, h.Log.Tail(20))
	}
	ready := make(chan struct{})
	h.Server, h.Routes = demo.House, demo.House.Routes()
	demo.House.OnReady(func() { close(ready) })
	ended := make(chan error, 1)
	go func() { ended <- demo.Run(ctx) }()
	h.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	select {
	case <-ready:
	case err := <-ended:
		cancel()
		t.Fatalf("the house ended at once: %v\n%s", err, h.Log.Tail(20))
	}
	h.Ready, h.World = demo.Ready(), demo.World
}

func (h *House) shut(t *testing.T) {
	t.Helper()
	if h.stop == nil {
		return
	}
	if err := h.stop(); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("shut the house: %v", err)
	}
}

// Count shuts the house for good and gives what a recount of it found.
func (h *House) Count(t *testing.T) server.Checkup {
	t.Helper()
	h.shut(t)
	c, err := server.Examine(context.Background(), server.Config{
		Data: h.Data, Database: h.Database, Catalogue: h.Catalogue, Clock: h.Clock, Log: h.Log.logger(), Unsafe: true,
	}, &uid.Maker{Clock: h.Clock})
	if err != nil {
		t.Fatalf("recount: %v", err)
	}
	return c
}

func (h *House) count(t *testing.T) {
	t.Helper()
	c := h.Count(t)
	if !c.Well() {
		t.Errorf("recount: chain %s, wrong: %s", c.Chain, strings.Join(c.Wrong, "; "))
	}
	if c.Events == 0 {
		t.Error("recount: no events at all")
	}
}

// Resident gives the nth resident who lives there at a level ("L0" to "L4"), counted from 0.
func (h *House) Resident(t *testing.T, level string, n int) server.ResidentLogin {
	t.Helper()
	for _, r := range h.Ready.Logins.Residents {
		if r.Level == level {
			if n == 0 {
				return r
			}
			n--
		}
	}
	t.Fatalf("too few residents at %s", level)
	return server.ResidentLogin{}
}

// Owner gives the resident whose car has a plate.
func (h *House) Owner(t *testing.T, plate string) server.ResidentLogin {
	t.Helper()
	for _, r := range h.Ready.Logins.Residents {
		for _, p := range r.Plates {
			if p == plate {
				return r
			}
		}
	}
	t.Fatalf("nobody has %s", plate)
	return server.ResidentLogin{}
}

// Visitor gives somebody who is not signed in.
func (h *House) Visitor() *walk.Walker { return walk.New(h.Ready.BaseURL, nil) }

// SignIn gives a resident who has just signed in.
func (h *House) SignIn(t *testing.T, r server.ResidentLogin) *walk.Walker {
	t.Helper()
	w := h.Visitor()
	if err := w.SignIn(context.Background(), h.Ready.Sandbox["sms"], r.Phone); err != nil {
		t.Fatal(err)
	}
	return w
}

// Patience is how long Until and Pass wait by the machine's clock. It is long: it only bounds a failure.
const Patience = 3 * time.Minute

// Until waits until done, asking every 20 ms.
func (h *House) Until(t testing.TB, what string, done func() bool) {
	t.Helper()
	h.Pass(t, 0, what, done)
}

// Pass waits until done, moving the house's clock on by step each time that it is not: for what is due later.
func (h *House) Pass(t testing.TB, step time.Duration, what string, done func() bool) {
	t.Helper()
	if step > 0 {
		h.Log.Expect("the lease of this shard") // which runs by the clock that is moved
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(Patience)
	for !done() {
		select {
		case <-tick.C:
			h.Clock.Advance(step)
		case <-end:
			t.Fatalf("waited %v in vain: %s\n%s", Patience, what, h.Log.Tail(30))
		}
	}
}

// Clock runs with the machine's from where it was set, and can be moved on. Safe for concurrent use.
type Clock struct {
	system clock.System
	mu     sync.Mutex
	ahead  time.Duration
}

func newClock(at time.Time) *Clock {
	c := &Clock{}
	c.ahead = at.Sub(c.system.Now())
	return c
}

// Now gives the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.system.Now().Add(c.ahead)
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	c.ahead += d
	c.mu.Unlock()
}
