package server

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/store/visitlog"
)

// run appends and folds until ctx ends, which must be after the doors are closed. Then it saves what is queued, closes the log,
// counts once more and closes the fold.
func (v *visits) run(ctx context.Context) error {
	if v.log == nil {
		v.discard(ctx)
		return nil
	}
	var folding sync.WaitGroup
	folding.Go(func() { v.foldOften(ctx) })
	v.appendPages(ctx)
	folding.Wait()
	last, stop := context.WithTimeout(context.WithoutCancel(ctx), lastFold)
	defer stop()
	err := v.log.Close()
	v.count(last)
	return errors.Join(err, v.close())
}

// discard empties the queue of a house that does not count.
func (v *visits) discard(ctx context.Context) {
	for {
		select {
		case <-v.queue:
			v.drop(1, v.why)
		case <-ctx.Done():
			return
		}
	}
}

// appendPages appends what pages brought until ctx ends and the queue is empty.
func (v *visits) appendPages(ctx context.Context) {
	lot := make([]visitlog.Visit, 0, visitQueue)
	for {
		select {
		case one := <-v.queue:
			wait := time.NewTimer(gatherFor)
			lot = v.gather(ctx, one, wait.C, lot[:0])
			wait.Stop()
			v.appendLot(ctx, lot)
		case <-ctx.Done():
			done := make(chan time.Time)
			close(done)
			for len(v.queue) > 0 {
				v.appendLot(ctx, v.gather(ctx, <-v.queue, done, lot[:0]))
			}
			return
		}
	}
}

// gather gives first and what else comes until a time, the end of ctx or the lot is full.
func (v *visits) gather(ctx context.Context, first door.Visit, until <-chan time.Time, lot []visitlog.Visit) []visitlog.Visit {
	work := context.WithoutCancel(ctx) // what was taken is numbered, whatever ends
	for one := first; ; {
		counted, err := v.numbers.visit(work, one)
		if err != nil {
			v.drop(1, err)
		} else {
			lot = append(lot, counted)
		}
		if len(lot) == cap(lot) {
			return lot
		}
		select { // what waits already comes along
		case one = <-v.queue:
			continue
		default:
		}
		select {
		case one = <-v.queue:
		case <-until:
			return lot
		case <-ctx.Done():
			return lot
		}
	}
}

func (v *visits) appendLot(ctx context.Context, lot []visitlog.Visit) {
	if len(lot) == 0 {
		return
	}
	if err := v.log.Append(context.WithoutCancel(ctx), lot); err != nil {
		v.drop(len(lot), err)
	}
}

// foldOften counts what is new, at once and every second, and at once and every day deletes what was kept for long enough.
func (v *visits) foldOften(ctx context.Context) {
	tick := time.NewTicker(foldEvery)
	defer tick.Stop()
	var thinned time.Time
	for {
		v.count(ctx)
		if now := v.c.Clock.Now(); now.Sub(thinned) >= thinEvery {
			thinned = now
			v.thin(ctx, now)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// thin deletes the parts of this node's log that are older than visits are kept, and forgets the people of months before peopleSince. What was
// counted of them stays.
func (v *visits) thin(ctx context.Context, now time.Time) {
	if v.fold == nil {
		return // it is damaged: nothing says what was counted
	}
	deleted, err := v.fold.Retain(ctx, now.Add(-visitsKept))
	if len(deleted) > 0 {
		v.c.Log.Info("visits were kept for long enough", "segments", len(deleted), "last", deleted[len(deleted)-1])
	}
	if err != nil && ctx.Err() == nil {
		v.tell(v.c.Log.Warn, "old visits could not be deleted", err)
	}
	if err := forgetVisitors(ctx, v.fold, v.numbers.store, peopleSince(now)); err != nil && ctx.Err() == nil {
		v.tell(v.c.Log.Warn, "people of old months could not be forgotten", err)
	}
}

// peopleSince is the oldest month whose people are kept: as long as those of the house's own facts.
func peopleSince(now time.Time) visitlog.Month {
	at := now.In(clock.Shanghai)
	return visitlog.DayOf(time.Date(at.Year(), at.Month()-peopleKept, 1, 12, 0, 0, 0, clock.Shanghai).UnixMilli()).Month()
}

// count folds what the log has that the fold has not.
func (v *visits) count(ctx context.Context) {
	if v.fold == nil || v.log.Durable() == v.fold.At(v.c.node()) {
		return
	}
	switch _, err := v.fold.Run(ctx); {
	case err == nil || ctx.Err() != nil:
	case errors.Is(err, visitlog.ErrBroken):
		v.exit(fmt.Errorf("fold: %w", err))
	case fault.Is(err, fault.KindUnavailable):
		v.tell(v.c.Log.Warn, "visits wait to be counted", err)
	default:
		v.tell(v.c.Log.Error, "visits cannot be counted", err)
	}
}
