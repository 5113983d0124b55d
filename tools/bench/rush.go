package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"zhijian/domain/booking"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
)

// The minute of release: so many residents want so many places of one morning, and who gets none waits for one.
const (
	rushPeople = 10_000
	rushSlots  = 10
	rushPlaces = 50 // of each slot
	rushFreed  = 50 // that are given back afterwards, one after the other
)

// rush has ten thousand residents ask for five hundred places within one minute, at the real desk over the real store, every answer on disk:
// most come in the first seconds, as people do. It fails when a place is sold twice or not at all, and when the waitlist is not in the order of arrival.
func rush(ctx context.Context, b *bench) error {
	for _, c := range []struct {
		name   string
		config sqldb.Config
	}{{"SQLite FULL", sqldb.Config{Path: filepath.Join(b.dir, "rush.db")}}, {"PostgreSQL, fsync on", sqldb.Config{URL: b.postgres}}} {
		if c.config.Path == "" && c.config.URL == "" {
			continue
		}
		if err := b.rushOn(ctx, c.name, c.config); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

func (b *bench) rushOn(ctx context.Context, name string, config sqldb.Config) (err error) {
	watch := &clock.System{}
	ids := &uid.Maker{Clock: watch}
	config.Clock, config.IDs, config.Log = watch, ids, slog.New(slog.DiscardHandler)
	db, err := sqldb.Open(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	r := &release{store: store.Bookings{DB: db}, pool: "rush-" + uid.No(), clock: watch, since: stopwatch(), answers: make([]answered, rushPeople)}
	if r.desk, err = booking.New(booking.Config{Store: r.store, Clock: watch, IDs: ids}); err != nil {
		return err
	}
	if err := r.open(ctx); err != nil {
		return err
	}
	took := stopwatch()
	if err := r.crowd(ctx, time.Minute); err != nil {
		return err
	}
	seconds := took().Seconds()
	sold, waits, longest, err := r.count(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(r.inOrder(), r.giveBack(ctx)); err != nil {
		return err
	}
	var times []time.Duration
	for _, a := range r.answers {
		times = append(times, a.took)
	}
	b.table.report(fmt.Sprintf("%d residents for %d places in one minute, %s: sold", rushPeople, rushSlots*rushPlaces, name), "", float64(sold))
	b.table.report("— in the waitlists, in the order of arrival", "", float64(waits))
	b.table.limit("— longest wait for an answer", "ms", milliseconds(longest), 3000)
	b.table.report("— p99", "ms", milliseconds(quantile(times, 0.99)))
	b.table.report("— all answered after", "s", seconds)
	return nil
}

// release is one morning that opens.
type release struct {
	store   store.Bookings
	desk    *booking.Desk
	pool    string
	clock   clock.Clock
	since   func() time.Duration
	answers []answered
}

// answered is what one resident was told, and how long it took from the first request to the last answer.
type answered struct {
	sold, waits booking.Reservation
	took        time.Duration
	asked, told time.Duration // when it asked to wait, and when it was told its number
}

func (r *release) open(ctx context.Context) error {
	start := r.clock.Now().Add(24 * time.Hour).Truncate(time.Hour)
	var slots []booking.Slot
	for i := range rushSlots {
		from := start.Add(time.Duration(i) * 30 * time.Minute)
		slots = append(slots, booking.Slot{Pool: r.pool, ID: fmt.Sprintf("s%d", i), Start: from, End: from.Add(30 * time.Minute), Capacity: rushPlaces})
	}
	return r.desk.Publish(ctx, actor.House, slots)
}

// crowd lets everybody ask: nine of ten within the first five seconds, the rest over the minute.
func (r *release) crowd(ctx context.Context, minute time.Duration) error {
	var wg sync.WaitGroup
	errs := make([]error, rushPeople)
	for i := range rushPeople {
		at := time.Duration(i) * 5 * time.Second / (rushPeople * 9 / 10)
		if i >= rushPeople*9/10 {
			at = 5*time.Second + time.Duration(i-rushPeople*9/10)*(minute-5*time.Second)/(rushPeople/10)
		}
		wg.Go(func() {
			pause(ctx, at)
			took := stopwatch()
			errs[i] = r.want(ctx, int64(i))
			r.answers[i].took = took()
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// want asks for a place, confirms it, and waits for one when there is none.
func (r *release) want(ctx context.Context, n int64) error {
	h := booking.Hold{
		For: booking.For{Kind: "rush", No: fmt.Sprintf("R%d", n)}, Step: "slot", Attempt: 1, Resident: n + 1, Pool: r.pool, Slot: fmt.Sprintf("s%d", n%rushSlots),
	}
	held, err := r.desk.Hold(ctx, actor.House, h)
	if err == nil {
		r.answers[n].sold, err = r.desk.Confirm(ctx, actor.House, held.No)
		return err
	}
	if f := fault.Of(err); f == nil || f.Code != "booking.taken" {
		return err
	}
	r.answers[n].asked = r.since()
	r.answers[n].waits, err = r.desk.Wait(ctx, actor.House, h)
	r.answers[n].told = r.since()
	return err
}

// count holds what was answered against what is kept.
func (r *release) count(ctx context.Context) (sold, waits int, longest time.Duration, err error) {
	lines := map[string]map[int]bool{}
	for _, a := range r.answers {
		longest = max(longest, a.took)
		switch {
		case a.sold.No != "":
			sold++
		case a.waits.No != "":
			waits++
			if lines[a.waits.Slot] == nil {
				lines[a.waits.Slot] = map[int]bool{}
			}
			lines[a.waits.Slot][a.waits.Place] = true
		}
	}
	now := r.clock.Now()
	list, err := r.store.Slots(ctx, r.pool, now, now.AddDate(0, 0, 3))
	if err != nil {
		return 0, 0, 0, err
	}
	taken, waiting := 0, 0
	for _, s := range list {
		taken, waiting = taken+s.Taken, waiting+s.Waiting
		if s.Taken > s.Capacity {
			return 0, 0, 0, fmt.Errorf("slot %s: %d places, %d taken", s.ID, s.Capacity, s.Taken)
		}
		if n := len(lines[s.ID]); n != s.Waiting {
			return 0, 0, 0, fmt.Errorf("slot %s: %d numbers given, %d wait", s.ID, n, s.Waiting)
		}
	}
	if sold != rushSlots*rushPlaces || taken != sold || waiting != waits || sold+waits != rushPeople {
		return 0, 0, 0, fmt.Errorf("%d sold and %d waiting by the answers, %d and %d by the store; want %d and %d", sold, waits, taken, waiting, rushSlots*rushPlaces, rushPeople-rushSlots*rushPlaces)
	}
	return sold, waits, longest, nil
}

// inOrder fails when somebody who was told a number before another asked has the greater one.
func (r *release) inOrder() error {
	byPlace := slices.Clone(r.answers)
	slices.SortFunc(byPlace, func(a, b answered) int { return a.waits.Place - b.waits.Place })
	latest := map[string]time.Duration{} // of who has a smaller number in the same line, when the last of them asked
	for _, a := range byPlace {
		if a.waits.No == "" {
			continue
		}
		if a.told < latest[a.waits.Slot] {
			return fmt.Errorf("number %d of %s was given before a smaller one was asked for", a.waits.Place, a.waits.Slot)
		}
		latest[a.waits.Slot] = max(latest[a.waits.Slot], a.asked)
	}
	return nil
}

// giveBack frees places of the first slot one by one; each must go to who has waited longest.
func (r *release) giveBack(ctx context.Context) error {
	order := map[int]string{}
	var mine []string
	for _, a := range r.answers {
		switch {
		case a.waits.Slot == "s0":
			order[a.waits.Place] = a.waits.No
		case a.sold.Slot == "s0":
			mine = append(mine, a.sold.No)
		}
	}
	now := r.clock.Now()
	for i, no := range mine[:rushFreed] {
		if _, err := r.desk.Release(ctx, actor.House, no, "resident"); err != nil {
			return err
		}
		// What the bus does on the event: publishing what is so already offers what is free.
		list, err := r.store.Slots(ctx, r.pool, now, now.AddDate(0, 0, 3))
		if err != nil {
			return err
		}
		if err := r.desk.Publish(ctx, actor.House, list[:1]); err != nil {
			return err
		}
		first, err := r.store.Reservation(ctx, order[i+1])
		if err != nil {
			return err
		}
		if first.State != booking.Held {
			return fmt.Errorf("number %d of the waitlist is %s when its turn has come", i+1, first.State)
		}
	}
	return nil
}
