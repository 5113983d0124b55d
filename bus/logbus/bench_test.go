package logbus_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zhijian/bus/logbus"
	"zhijian/ground/event"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// BenchmarkDelivery measures how many events a second reach five consumers that do nothing,
// from a log that is already there.
func BenchmarkDelivery(b *testing.B) {
	const events, consumers = 20000, 5
	var total time.Duration
	for b.Loop() {
		b.StopTimer()
		db := testkit.Database(b)
		err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
			for n := range events {
				if err := tx.Append(fmt.Sprint("k", n%500), said{N: n}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		bus := newBus(b, logbus.Config{DB: db})
		for c := range consumers {
			bus.Handle(fmt.Sprint("c", c), nil, func(context.Context, event.Event) error { return nil })
		}
		b.StartTimer()
		from := time.Now()
		stop := start(b, bus)
		if err := bus.Idle(patient(b)); err != nil {
			b.Fatal(err)
		}
		total += time.Since(from)
		b.StopTimer()
		_ = stop()
		b.StartTimer()
	}
	seconds := total.Seconds() / float64(b.N)
	b.ReportMetric(events/seconds, "events/s")
	b.ReportMetric(events*consumers/seconds, "calls/s")
}

// BenchmarkLatency measures the time from the answer of a commit to the handler's call, for
// 16 writers at once.
func BenchmarkLatency(b *testing.B) {
	db := testkit.Database(b)
	bus := newBus(b, logbus.Config{DB: db})
	const writers = 16
	var sent [writers]atomic.Int64
	var mu sync.Mutex
	var took []time.Duration
	bus.Handle("a", nil, func(_ context.Context, e event.Event) error {
		var s said
		if err := e.Decode(&s); err != nil {
			return err
		}
		now := time.Now().UnixNano()
		mu.Lock()
		took = append(took, time.Duration(now-sent[s.N].Load()))
		mu.Unlock()
		return nil
	})
	stop := start(b, bus)
	for b.Loop() {
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				sent[w].Store(time.Now().UnixNano())
				say(b, db, fmt.Sprint("k", w), w)
			})
		}
		wg.Wait()
		if err := bus.Idle(patient(b)); err != nil {
			b.Fatal(err)
		}
	}
	_ = stop()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs-write-to-call")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs-write-to-call")
}
