package server

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"zhijian/domain/observatory/live"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store"
)

// daybook counts the house's own events into facts of a day. Each delivery only says how far the log has grown: what is counted is the
// log itself, in order, from where the facts end. A delivery that comes twice, or late, finds nothing left to count.
type daybook struct {
	store  store.Facts
	shards *[event.Shards]shardBook
}

// shardBook is what is known of counting one shard. Deliveries of a shard come side by side: one counts, the others wait for it and
// find themselves counted.
type shardBook struct {
	counted atomic.Int64 // how far, at least: it only ever grows
	mu      sync.Mutex
	cases   *caseBook        // under mu
	since   <-chan time.Time // under mu; tells when the next count may begin
}

func newDaybook(s store.Facts) daybook {
	d := daybook{s, new([event.Shards]shardBook)}
	for i := range d.shards {
		begun := make(chan time.Time)
		close(begun)
		d.shards[i].cases, d.shards[i].since = newCaseBook(s), begun
	}
	return d
}

// foldPause is how long events gather between two counts of a shard: a count of one event costs as much as that of fifty.
const foldPause = 50 * time.Millisecond

// foldLot is how many events are counted in one change, and openCases how many cases of a shard are remembered at most.
const (
	foldLot   = 500
	openCases = 4096
)

// on counts up to an event, and whatever followed it in its shard.
func (d daybook) on(ctx context.Context, e event.Event) (err error) {
	defer fault.Wrap(&err, "count up to event %d", e.ID)
	b := &d.shards[e.Shard]
	if e.Position <= b.counted.Load() {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if e.Position <= b.counted.Load() {
		return nil
	}
	select {
	case <-b.since:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { b.since = time.After(foldPause) }()
	for e.Position > b.counted.Load() {
		from, err := d.store.Cursor(ctx, e.Shard)
		if err != nil {
			return err
		}
		if b.counted.Store(from); from >= e.Position {
			return nil
		}
		list, err := d.store.After(ctx, e.Shard, from, foldLot)
		if err != nil || len(list) == 0 {
			return err
		}
		sum, to := live.NewSum(), list[len(list)-1].Position
		if err := d.count(ctx, sum, b.cases, list); err != nil {
			return err
		}
		folded, err := d.store.Fold(ctx, e.Shard, from, to, sum)
		if err != nil {
			return err
		}
		if folded {
			b.counted.Store(to)
		}
	}
	return nil
}

// count adds events up.
func (d daybook) count(ctx context.Context, sum *live.Sum, cases *caseBook, list []event.Event) error {
	for _, e := range list {
		if !cases.counted[e.Name] {
			continue
		}
		c, err := cases.of(ctx, e)
		if err != nil {
			return err
		}
		if err := sum.Take(e, c); err != nil {
			return err
		}
	}
	return nil
}

// caseBook looks up what events leave unsaid about their case: in the log, where it can never change.
type caseBook struct {
	store   store.Facts
	counted map[string]bool // names of events
	known   map[string]live.Case
}

func newCaseBook(s store.Facts) *caseBook {
	b := &caseBook{store: s, counted: map[string]bool{}, known: map[string]live.Case{}}
	for _, name := range live.Names() {
		b.counted[name] = true
	}
	return b
}

// of gives the case of an event; of one without a case, what its envelope says.
func (b *caseBook) of(ctx context.Context, e event.Event) (c live.Case, err error) {
	bare := live.Case{Region: e.Meta.Region, Service: e.Meta.Service}
	no, err := live.CaseOf(e)
	if err != nil || no == "" {
		return bare, err
	}
	c, known := b.known[no]
	switch {
	case known:
	case e.Name == live.Opened:
		if c, err = live.Open(e); err != nil {
			return c, err
		}
	default:
		opened, found, err := b.store.First(ctx, no, live.Opened)
		switch {
		case err != nil:
			return c, fmt.Errorf("find case %s: %w", no, err)
		case !found:
			return bare, nil
		}
		if c, err = live.Open(opened); err != nil {
			return c, err
		}
	}
	if e.Name == live.Rated && c.Rated.IsZero() {
		first, found, err := b.store.First(ctx, no, live.Rated)
		if err != nil {
			return c, fmt.Errorf("find the first rating of case %s: %w", no, err)
		}
		if found {
			c.Rated = first.At
		}
	}
	if len(b.known) >= openCases {
		clear(b.known)
	}
	b.known[no] = c
	return c, nil
}
