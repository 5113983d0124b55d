// Package logbus is the bus that reads the event table itself: right for SQLite and for one
// PostgreSQL, also when several processes share it.
//
// It is woken by commits of its own process and looks every second for those of others.
// How far each consumer has come is saved now and then, so a crash repeats some events. An
// event that fails is moved to the table bus_hold together with the later events of its key,
// so that the consumer's place in the log can move on.
//
// On PostgreSQL a shard of the log is worked by one process at a time, under a lease whose
// generation is checked in every transaction of the bus: a process that slept through the
// end of its lease cannot save anything. On SQLite the file's lock makes the process single.
package logbus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"zhijian/bus"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/uid"
	"zhijian/store/sqldb"
)

// Config says how to run. Zero values are sensible, but for DB.
type Config struct {
	// DB holds the event table. Required.
	DB *sqldb.DB
	// Log takes parkings and faults of the bus itself. Nil is slog.Default().
	Log *slog.Logger
	// Workers bounds the handlers that run at once for one consumer. Default 64.
	Workers int
	// Backoff holds the pauses before each further attempt; when they are used up the event
	// is parked. Default 100 ms, 500 ms, 2 s, 10 s, 1 min.
	Backoff []time.Duration
	// Timeout bounds one call of a handler. Default 1 min.
	Timeout time.Duration
	// Grace is how long Run waits for handlers under way before it cancels them. Default 20 s.
	Grace time.Duration
	// Poll is how often to look without being woken. Default 1 s.
	Poll time.Duration
	// Save is how often the consumers' places are saved while events flow. Default 500 ms.
	Save time.Duration
	// Lease is how long a shard stays with a process that no longer renews it; PostgreSQL
	// only. Default 8 s.
	Lease time.Duration
	// Pulse times the leases. Nil is the machine's clock: a lease is about processes that are alive, whatever time the
	// house's clock tells.
	Pulse clock.Clock
}

// Bus is a bus.Bus on the event table.
type Bus struct {
	cfg       Config
	holder    string // names this process in bus_lease
	consumers []*consumer
	mistake   error // of Handle, given by Run

	wake     chan struct{}
	stopMu   sync.RWMutex // nothing is added to work once stopping
	stopping atomic.Bool
	running  atomic.Bool
	work     sync.WaitGroup  // handlers and loops
	handling context.Context // of handlers; cancelled when grace is over

	mu     sync.RWMutex
	shards [event.Shards]*shard // nil while another process works it

	watchers atomic.Int32
	changeMu sync.Mutex
	change   chan struct{} // closed and replaced when something was handled
}

var _ bus.Bus = (*Bus)(nil)

// New checks the configuration and has the database wake the bus.
func New(c Config) (*Bus, error) {
	if c.DB == nil {
		return nil, errors.New("logbus: no database")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Backoff == nil {
		c.Backoff = []time.Duration{100 * time.Millisecond, 500 * time.Millisecond, 2 * time.Second, 10 * time.Second, time.Minute}
	}
	for d, standard := range map[*time.Duration]time.Duration{
		&c.Timeout: time.Minute, &c.Grace: 20 * time.Second, &c.Poll: time.Second,
		&c.Save: 500 * time.Millisecond, &c.Lease: 8 * time.Second,
	} {
		if *d < 0 {
			return nil, errors.New("logbus: a negative duration")
		}
		if *d == 0 {
			*d = standard
		}
	}
	if c.Pulse == nil {
		c.Pulse = &clock.System{}
	}
	if c.Workers < 0 {
		return nil, errors.New("logbus: negative Workers")
	}
	if c.Workers == 0 {
		c.Workers = 64
	}
	b := &Bus{cfg: c, holder: uid.Secret(8), wake: make(chan struct{}, 1), change: make(chan struct{})}
	c.DB.OnCommit(b.Wake)
	return b, nil
}

// Handle registers a consumer; see bus.Bus.
func (b *Bus) Handle(name string, names []string, h bus.Handler) {
	switch {
	case b.running.Load():
		b.mistake = fmt.Errorf("logbus: consumer %s was registered while the bus runs", name)
	case name == "" || h == nil:
		b.mistake = fmt.Errorf("logbus: consumer %q without a name or handler", name)
	case slices.ContainsFunc(b.consumers, func(c *consumer) bool { return c.name == name }):
		b.mistake = fmt.Errorf("logbus: consumer %s was registered twice", name)
	}
	c := &consumer{bus: b, name: name, handle: h}
	if len(names) > 0 {
		c.names = make(map[string]bool, len(names))
		for _, n := range names {
			c.names[n] = true
		}
	}
	b.consumers = append(b.consumers, c)
}

// Wake has the bus look for new events.
func (b *Bus) Wake() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Run delivers until ctx ends; see bus.Bus. A Bus runs once.
func (b *Bus) Run(ctx context.Context) error {
	if b.mistake != nil {
		return b.mistake
	}
	if b.running.Swap(true) {
		return errors.New("logbus: Run was called twice")
	}
	kept := context.WithoutCancel(ctx)
	handling, cancel := context.WithCancel(kept)
	defer cancel()
	b.handling = handling
	if err := b.admit(ctx); err != nil {
		return fmt.Errorf("start bus: %w", err)
	}
	renewing, end := context.WithCancel(kept)
	ended := make(chan struct{})
	go func() { defer close(ended); b.keepLeases(renewing) }()
	letGo := func() { end(); <-ended }
	defer letGo()
	b.watch(ctx)
	b.stopMu.Lock()
	b.stopping.Store(true)
	b.stopMu.Unlock()
	return b.stop(kept, cancel, letGo)
}

// stop waits for what is under way, saves every consumer's place and lets the shards go.
func (b *Bus) stop(ctx context.Context, cancel, letGo func()) error {
	for _, s := range b.held() {
		s.signal()
	}
	done := make(chan struct{})
	go func() { b.work.Wait(); close(done) }()
	var err error
	select {
	case <-done:
	case <-time.After(b.cfg.Grace):
		cancel()
		select {
		case <-done:
			err = errors.New("logbus: some handlers had to be cancelled")
		case <-time.After(b.cfg.Grace/4 + time.Second):
			err = errors.New("logbus: some handlers did not stop; their events will come again")
		}
	}
	letGo()
	return errors.Join(err, b.save(ctx, true), b.release(ctx))
}

// enter counts one more goroutine of the bus, unless it is stopping.
func (b *Bus) enter() bool {
	b.stopMu.RLock()
	defer b.stopMu.RUnlock()
	if b.stopping.Load() {
		return false
	}
	b.work.Add(1)
	return true
}

// held gives the shards that this process works.
func (b *Bus) held() []*shard {
	b.mu.RLock()
	defer b.mu.RUnlock()
	list := make([]*shard, 0, event.Shards)
	for _, s := range b.shards {
		if s != nil {
			list = append(list, s)
		}
	}
	return list
}

// changed wakes those who wait in Idle.
func (b *Bus) changed() {
	if b.watchers.Load() == 0 {
		return
	}
	b.changeMu.Lock()
	close(b.change)
	b.change = make(chan struct{})
	b.changeMu.Unlock()
}
