package timer_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/bus/timer"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/store/eventlog"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type rang struct {
	event.Meta
	N    int    `json:"n"`
	Note string `json:"note,omitempty"`
}

func (rang) EventName() string { return "test.rang" }

func set(t *testing.T, db *sqldb.DB, key string, at time.Time, n int) {
	t.Helper()
	body := rang{Meta: event.Meta{Actor: "system", Account: 7, Region: "330100", Sector: "s", Service: "v"}, N: n, Note: "<政务> & \u2028"}
	err := db.Write(context.Background(), func(tx *sqldb.Tx) error { return tx.Append(key, event.Later{Body: body, At: at}) })
	if err != nil {
		t.Fatal(err)
	}
}

func newTimer(t *testing.T, db *sqldb.DB, c clock.Clock) *timer.Timer {
	t.Helper()
	tm, err := timer.New(timer.Config{DB: db, Clock: c, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return tm
}

func numbers(t *testing.T, db *sqldb.DB, key string) []int {
	t.Helper()
	list, err := eventlog.OfKey(context.Background(), db, key, 10000)
	if err != nil {
		t.Fatal(err)
	}
	got := []int{}
	for _, e := range list {
		var r rang
		if err := e.Decode(&r); err != nil {
			t.Fatal(err)
		}
		got = append(got, r.N)
	}
	return got
}

func TestNewNeedsADatabase(t *testing.T) {
	t.Parallel()
	if _, err := timer.New(timer.Config{}); err == nil {
		t.Error("New() without a database was accepted")
	}
}

func TestFire(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		clk := testkit.Clock()
		tm := newTimer(t, db, clk)
		now := clk.Now()
		set(t, db, "k", now.Add(3*time.Minute), 3)
		set(t, db, "k", now.Add(time.Minute), 1)
		set(t, db, "k", now.Add(2*time.Minute), 2)
		set(t, db, "other", now.Add(-time.Hour), 9)
		for _, step := range []struct {
			name    string
			advance time.Duration
			fired   int
			k       []int
		}{
			{"what was due before", 0, 1, []int{}},
			{"a millisecond early", time.Minute - time.Millisecond, 0, []int{}},
			{"to the millisecond", time.Millisecond, 1, []int{1}},
			{"again at the same time", 0, 0, []int{1}},
			{"the clock goes back", -24 * time.Hour, 0, []int{1}},
			{"all that is left, by due time", 48 * time.Hour, 2, []int{1, 2, 3}},
		} {
			clk.Advance(step.advance)
			n, err := tm.Fire(ctx)
			if err != nil || n != step.fired {
				t.Errorf("%s: Fire() = %d, %v, want %d", step.name, n, err, step.fired)
			}
			if diff := cmp.Diff(step.k, numbers(t, db, "k")); diff != "" {
				t.Errorf("%s: events (-want +got):\n%s", step.name, diff)
			}
		}
		list, err := eventlog.OfKey(ctx, db, "other", 1)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d events, %v", len(list), err)
		}
		e := list[0]
		if e.Name != "test.rang" || e.Meta != (event.Meta{Actor: "system", Account: 7, Region: "330100", Sector: "s", Service: "v"}) {
			t.Errorf("the event came as %s %+v", e.Name, e.Meta)
		}
		want, err := json.Marshal(rang{N: 9, Note: "<政务> & \u2028"})
		if err != nil || string(e.Data) != string(want) {
			t.Errorf("the body came as %s, want %s, %v", e.Data, want, err)
		}
		if r, err := eventlog.Verify(ctx, db); err != nil || r.Bad != nil || r.Events != 4 {
			t.Errorf("Verify() = %+v, %v", r, err)
		}
	})
}

// Several processes may fire at once: every alarm becomes one event.
func TestFireTogether(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		clk := testkit.Clock()
		const alarms = 700 // several batches
		err := db.Write(ctx, func(tx *sqldb.Tx) error {
			for n := range alarms {
				at := clk.Now().Add(time.Duration(n) * time.Millisecond)
				if err := tx.Append(fmt.Sprint("k", n%7), event.Later{Body: rang{N: n}, At: at}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		clk.Advance(time.Hour)
		var mu sync.Mutex
		total := 0
		var wg sync.WaitGroup
		for range 4 {
			tm := newTimer(t, db, clk)
			wg.Go(func() {
				n, err := tm.Fire(ctx)
				if err != nil {
					t.Errorf("Fire() = %v", err)
				}
				mu.Lock()
				total += n
				mu.Unlock()
			})
		}
		wg.Wait()
		if total != alarms {
			t.Errorf("%d alarms were fired, want %d", total, alarms)
		}
		for k := range 7 {
			got := numbers(t, db, fmt.Sprint("k", k))
			seen := map[int]bool{}
			for _, n := range got {
				if seen[n] {
					t.Errorf("alarm %d was fired twice", n)
				}
				seen[n] = true
			}
			if len(got) != alarms/7 {
				t.Errorf("k%d: %d events, want %d", k, len(got), alarms/7)
			}
		}
		var left int
		if err := db.QueryRow(ctx, `select count(*) from alarm`).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d alarms are left, %v", left, err)
		}
	})
}

// A near alarm is fired because its commit wakes the timer, and not before it is due.
func TestRun(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		tm := newTimer(t, db, nil)
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
		defer cancel()
		done := make(chan error, 1)
		running, stop := context.WithCancel(ctx)
		go func() { done <- tm.Run(running) }()
		woken := make(chan struct{}, 100)
		db.OnCommit(func() {
			select {
			case woken <- struct{}{}:
			default:
			}
		})
		due := db.Now().Add(30 * time.Millisecond)
		set(t, db, "k", due, 1)
		for len(numbers(t, db, "k")) == 0 {
			select {
			case <-woken:
			case <-ctx.Done():
				t.Fatal("the alarm was not fired")
			}
		}
		list, err := eventlog.OfKey(ctx, db, "k", 1)
		if err != nil || len(list) != 1 || list[0].At.Before(due) {
			t.Errorf("fired at %v, due %v, %v", list, due, err)
		}
		stop()
		if err := <-done; err != nil {
			t.Errorf("Run() = %v", err)
		}
	})
}
