// Command crash kills the house with SIGKILL at random instants while residents pay fines, bills
// and book windows, then looks for anything lost (docs/performance.md, "Crash loop").
//
// The outside world runs in a process of its own that is never killed. Every worker keeps its own
// ledger of what it asked for and what the house acknowledged, in memory of this process. At the
// end the house is started once more, left to settle, stopped, and recounted:
//
//   - every acknowledged case exists and is in a state with a name;
//   - every acknowledged payment is paid here and at the channel, or returned;
//   - no fine is settled twice, no fine is settled for money that was returned;
//   - no slot has more reservations than places, here or at the hall;
//   - the event chain verifies, ledgers sum to nothing, and our sums are the channel's.
//
// With -visits programs post visits instead, and every visit that was acknowledged must be counted exactly once.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"zhijian/sandbox"
)

type options struct {
	binary   string
	kills    int
	workers  int
	seed     int64
	database string
	keep     bool
	visits   bool
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/zhijian", "the zhijian binary")
	flag.IntVar(&o.kills, "kills", 200, "how often to kill the house")
	flag.IntVar(&o.workers, "workers", 12, "residents at work at once")
	flag.Int64Var(&o.seed, "seed", 1, "seed of the world and of the killer")
	flag.StringVar(&o.database, "database", "", "postgres:// URL; empty means the embedded database")
	flag.BoolVar(&o.keep, "keep", false, "keep the data folder")
	flag.BoolVar(&o.visits, "visits", false, "kill a house that counts visits, in place of one that residents use")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "zhijian-crash-*")
	if err != nil {
		return err
	}
	if !o.keep {
		defer os.RemoveAll(dir)
	}
	binary, err := filepath.Abs(o.binary)
	if err != nil {
		return err
	}
	h := &house{binary: binary, dir: dir, database: o.database}
	if o.visits {
		return crashVisits(ctx, o, h)
	}
	if err := h.startWorld(ctx, o.seed); err != nil {
		return err
	}
	defer h.stopWorld()

	l := &ledger{ends: map[string]int{}}
	killed, err := h.loop(ctx, o, l)
	if err != nil {
		return err
	}
	fmt.Printf("%d kills; %s\n%s", killed, l, l.endings())
	if err := h.start(ctx); err != nil {
		return fmt.Errorf("the last start: %w", err)
	}
	if err := settle(ctx, h, l); err != nil {
		return err
	}
	if err := h.stop(); err != nil {
		return fmt.Errorf("the last stop: %w", err)
	}
	return judge(ctx, h, l)
}

// loop lets the workers work while the house dies and is started again.
func (h *house) loop(ctx context.Context, o options, l *ledger) (int, error) {
	rnd := rand.New(rand.NewPCG(uint64(o.seed), 7))
	if err := h.start(ctx); err != nil {
		return 0, fmt.Errorf("the first start: %w", err)
	}
	work, end := context.WithCancelCause(ctx)
	people, taken := residents(o.seed), atomic.Int64{}
	next := func() (int, sandbox.Person, bool) {
		i := int(taken.Add(1)) - 1
		if i >= len(people) {
			return 0, sandbox.Person{}, false
		}
		return i, people[i], true
	}
	var wg sync.WaitGroup
	for range o.workers {
		wg.Go(func() {
			if err := relay(work, h, l, o.seed, next); err != nil {
				end(err)
			}
		})
	}
	defer wg.Wait()
	defer end(nil)
	for n := range o.kills {
		// Mostly short lives, so that starting and recovering is killed too.
		life := time.Duration(10+rnd.IntN(700)) * time.Millisecond
		if rnd.IntN(8) == 0 {
			life = time.Duration(rnd.IntN(3000)) * time.Millisecond
		}
		select {
		case <-work.Done():
			return n, context.Cause(work)
		case <-time.After(life):
		}
		if err := h.kill(); err != nil {
			return n, fmt.Errorf("kill %d: %w", n+1, err)
		}
		if err := h.start(ctx); err != nil {
			return n, fmt.Errorf("start after kill %d: %w", n+1, err)
		}
		if (n+1)%25 == 0 {
			fmt.Printf("%d kills; %s\n", n+1, l)
		}
	}
	// The last life is undisturbed for a moment, so that something is under way at the end.
	time.Sleep(2 * time.Second)
	return o.kills, h.kill()
}

func decode(line []byte, v any) error {
	if err := json.Unmarshal(line, v); err != nil {
		return fmt.Errorf("not the line of JSON that was expected: %q: %w", line, err)
	}
	return nil
}
