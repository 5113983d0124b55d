package logbus_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/bus/logbus"
	"zhijian/ground/cursor"
	"zhijian/ground/event"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

type said struct {
	event.Meta
	N int `json:"n"`
}

func (said) EventName() string { return "test.said" }

func say(t testing.TB, db *sqldb.DB, key string, numbers ...int) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
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

func patient(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func newBus(t testing.TB, c logbus.Config) *logbus.Bus {
	t.Helper()
	c.Log = quiet()
	b, err := logbus.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func start(t testing.TB, b *logbus.Bus) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = stop() })
	return stop
}

func TestNewChecksItsConfig(t *testing.T) {
	t.Parallel()
	db := testkit.Database(t)
	for name, c := range map[string]logbus.Config{
		"no database":       {},
		"negative workers":  {DB: db, Workers: -1},
		"negative timeout":  {DB: db, Timeout: -1},
		"negative duration": {DB: db, Poll: -time.Second},
	} {
		if _, err := logbus.New(c); err == nil {
			t.Errorf("%s: New() accepted it", name)
		}
	}
	b := newBus(t, logbus.Config{DB: db})
	b.Handle("", nil, func(context.Context, event.Event) error { return nil })
	if err := b.Run(patient(t)); err == nil {
		t.Error("a consumer without a name was accepted")
	}
	b = newBus(t, logbus.Config{DB: db})
	b.Handle("a", nil, func(context.Context, event.Event) error { return nil })
	stop := start(t, b)
	if err := b.Idle(patient(t)); err != nil {
		t.Fatal(err)
	}
	if err := b.Run(patient(t)); err == nil {
		t.Error("a second Run() was accepted")
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestLagAndParkedPages(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx := patient(t)
		b := newBus(t, logbus.Config{DB: db, Backoff: []time.Duration{}})
		b.Handle("good", nil, func(context.Context, event.Event) error { return nil })
		b.Handle("bad", nil, func(_ context.Context, e event.Event) error {
			if e.Key == "fine" {
				return nil
			}
			return errors.New("no")
		})
		for i := range 5 {
			say(t, db, fmt.Sprint("key", i), 1, 2)
		}
		say(t, db, "fine", 1)
		before, err := b.Lag(ctx)
		want := []logbus.Lag{{Consumer: "good", Behind: 11}, {Consumer: "bad", Behind: 11}}
		if diff := cmp.Diff(want, before); err != nil || diff != "" {
			t.Errorf("Lag() before Run (-want +got):\n%s%v", diff, err)
		}
		start(t, b)
		if err := b.Settled(ctx); err != nil {
			t.Fatal(err)
		}
		after, err := b.Lag(ctx)
		want = []logbus.Lag{{Consumer: "good"}, {Consumer: "bad", Parked: 5, Waiting: 5}}
		if diff := cmp.Diff(want, after); err != nil || diff != "" {
			t.Errorf("Lag() after Run (-want +got):\n%s%v", diff, err)
		}
		var at cursor.Cursor
		seen := map[string]bool{}
		for range 3 {
			list, err := b.Parked(ctx, at, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range list {
				seen[p.Event.Key] = true
				at = p.Cursor()
				if p.Consumer != "bad" || p.Attempts != 1 || p.Error != "no" || p.Waiting != 1 || p.Since.IsZero() {
					t.Errorf("parked: %+v", p)
				}
			}
		}
		if list, err := b.Parked(ctx, at, 2); err != nil || len(list) != 0 || len(seen) != 5 {
			t.Errorf("the pages hold %d keys, then %d more, %v, want 5 and none", len(seen), len(list), err)
		}
	})
}

// More events than fit into memory at once, with a consumer that stands still meanwhile.
func TestBacklog(t *testing.T) {
	t.Parallel()
	db := testkit.Database(t)
	ctx := patient(t)
	const events = 12000 // three windows, all of one shard and key set
	err := db.Write(ctx, func(tx *sqldb.Tx) error {
		for n := range events {
			if err := tx.Append(fmt.Sprint("k", n%3), said{N: n}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b := newBus(t, logbus.Config{DB: db})
	free := make(chan struct{})
	var slow, quick atomic.Int64
	last := map[string]int{}
	var mu sync.Mutex
	b.Handle("slow", nil, func(_ context.Context, e event.Event) error {
		<-free
		slow.Add(1)
		var s said
		if err := e.Decode(&s); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if before, ok := last[e.Key]; ok && s.N != before+3 {
			t.Errorf("%s: %d follows %d", e.Key, s.N, before)
		}
		last[e.Key] = s.N
		return nil
	})
	done := make(chan struct{})
	b.Handle("quick", nil, func(context.Context, event.Event) error {
		if quick.Add(1) == events {
			close(done)
		}
		return nil
	})
	start(t, b)
	select {
	case <-done:
	case <-ctx.Done():
		t.Fatalf("the quick consumer heard %d of %d while the other stood still", quick.Load(), events)
	}
	close(free)
	if err := b.Settled(ctx); err != nil {
		t.Fatal(err)
	}
	if slow.Load() != events {
		t.Errorf("the slow consumer heard %d of %d", slow.Load(), events)
	}
}

func TestHandlerTimeout(t *testing.T) {
	t.Parallel()
	db := testkit.Database(t)
	b := newBus(t, logbus.Config{DB: db, Timeout: 5 * time.Millisecond, Backoff: []time.Duration{}})
	b.Handle("a", nil, func(ctx context.Context, _ event.Event) error { <-ctx.Done(); return ctx.Err() })
	start(t, b)
	say(t, db, "k", 1)
	ctx := patient(t)
	if err := b.Settled(ctx); err != nil {
		t.Fatal(err)
	}
	if list, err := b.Parked(ctx, cursor.Cursor{}, 10); err != nil || len(list) != 1 {
		t.Errorf("parked: %v, %v, want one", list, err)
	}
}

// A handler that does not come to an end is cancelled when the grace is over, and its event
// comes again.
func TestGraceEnds(t *testing.T) {
	t.Parallel()
	db := testkit.Database(t)
	b := newBus(t, logbus.Config{DB: db, Grace: 10 * time.Millisecond})
	begun := make(chan struct{})
	b.Handle("a", nil, func(ctx context.Context, _ event.Event) error { close(begun); <-ctx.Done(); return ctx.Err() })
	stop := start(t, b)
	say(t, db, "k", 1)
	<-begun
	if err := stop(); err == nil {
		t.Error("Run() = nil though a handler was cancelled")
	}
	again := newBus(t, logbus.Config{DB: db})
	heard := make(chan int64, 1)
	again.Handle("a", nil, func(_ context.Context, e event.Event) error { heard <- e.Position; return nil })
	start(t, again)
	if err := again.Settled(patient(t)); err != nil {
		t.Fatal(err)
	}
	if got := <-heard; got != 1 {
		t.Errorf("position %d came again, want 1", got)
	}
}

func TestHandlerThatEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	db := testkit.Database(t)
	b := newBus(t, logbus.Config{DB: db, Poll: 20 * time.Millisecond, Workers: 1})
	var calls atomic.Int64
	b.Handle("a", nil, func(context.Context, event.Event) error {
		if calls.Add(1) == 1 {
			runtime.Goexit()
		}
		return nil
	})
	start(t, b)
	say(t, db, "k", 1, 2)
	if err := b.Settled(patient(t)); err != nil {
		t.Fatal(err)
	}
	if calls.Load() != 3 {
		t.Errorf("%d calls, want 3: the first event twice", calls.Load())
	}
}

// Two processes on one Postgres: each event is handled by one of them, and when one dies
// without a word the other takes its shards when the leases have run out.
func TestTwoProcessesOnPostgres(t *testing.T) {
	t.Parallel()
	url := testkit.PostgresURL(t)
	ctx := patient(t)
	var mu sync.Mutex
	heard := map[string][]int{}
	by := map[string]int{}
	node := func(name string) (*logbus.Bus, *sqldb.DB) {
		db := testkit.OpenURL(t, url)
		b := newBus(t, logbus.Config{DB: db, Lease: 3 * time.Second, Poll: 50 * time.Millisecond})
		b.Handle("a", nil, func(_ context.Context, e event.Event) error {
			var s said
			if err := e.Decode(&s); err != nil {
				return err
			}
			mu.Lock()
			heard[e.Key] = append(heard[e.Key], s.N)
			by[name]++
			mu.Unlock()
			return nil
		})
		return b, db
	}
	first, firstDB := node("first")
	second, db := node("second")
	stopFirst := start(t, first)
	for held := 0; held < event.Shards; { // it is to have all shards before the second begins
		if err := db.QueryRow(ctx, `select count(*) from bus_lease where until > 0`).Scan(&held); err != nil {
			t.Fatal(err)
		}
	}
	start(t, second)
	for n := 1; n <= 20; n++ {
		for k := range 10 {
			say(t, db, fmt.Sprint("k", k), n)
		}
	}
	if err := second.Settled(ctx); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	if by["first"] != 200 || by["second"] != 0 {
		t.Errorf("the nodes handled %v, want all 200 by the first, which holds the leases", by)
	}
	mu.Unlock()
	if err := firstDB.Close(); err != nil { // as good as dead: it can save nothing any more
		t.Fatal(err)
	}
	_ = stopFirst()
	for k := range 10 {
		say(t, db, fmt.Sprint("k", k), 21)
	}
	if err := second.Settled(ctx); err != nil {
		t.Fatal(err)
	}
	for k := range 10 {
		list := heard[fmt.Sprint("k", k)]
		if len(list) == 0 || list[len(list)-1] != 21 {
			t.Errorf("k%d: heard %v, want 21 at the end", k, list)
		}
	}
	if by["second"] < 10 {
		t.Errorf("the second node handled %d events after the first died", by["second"])
	}
}

// A process that slept through the end of its lease can save nothing under it.
func TestStaleLeaseIsFenced(t *testing.T) {
	t.Parallel()
	db := testkit.Postgres(t)
	ctx := patient(t)
	b := newBus(t, logbus.Config{DB: db, Save: time.Millisecond, Poll: 20 * time.Millisecond, Lease: time.Hour})
	inside, free := make(chan struct{}), make(chan struct{})
	var once sync.Once
	b.Handle("a", nil, func(context.Context, event.Event) error {
		once.Do(func() { close(inside); <-free })
		return errors.New("no") // wants to save a row under the lease
	})
	start(t, b)
	say(t, db, "k", 1)
	<-inside
	err := db.Write(ctx, func(tx *sqldb.Tx) error { // another process took over
		_, err := tx.Exec(`update bus_lease set holder = 'other', generation = generation + 1, until = $1`, db.Now().Add(time.Hour).UnixMilli())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	close(free)
	if err := b.Idle(within(t, 300*time.Millisecond)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Idle() = %v though the shard is another process's", err)
	}
	var rows, moved int
	if err := db.QueryRow(ctx, `select count(*) from bus_hold`).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	if err := db.QueryRow(ctx, `select count(*) from bus_cursor where position > 0`).Scan(&moved); err != nil {
		t.Fatal(err)
	}
	if rows != 0 || moved != 0 {
		t.Errorf("%d held rows and %d places were saved under a lease that was gone", rows, moved)
	}
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}
