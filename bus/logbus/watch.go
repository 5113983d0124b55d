package logbus

import (
	"context"
	"errors"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/store/sqldb"
)

// admit gives consumers their first place: the start of the log in a database where no
// consumer has been, else its end.
func (b *Bus) admit(ctx context.Context) error {
	return b.cfg.DB.Write(ctx, func(tx *sqldb.Tx) error {
		var n int
		if err := tx.QueryRow(`select count(*) from bus_cursor`).Scan(&n); err != nil {
			return err
		}
		start := `select $1, shard, 0 from event_head where true`
		if n > 0 {
			start = `select $1, shard, position from event_head where true`
		}
		for _, c := range b.consumers {
			_, err := tx.Exec(`insert into bus_cursor (consumer, shard, position) `+start+` on conflict (consumer, shard) do nothing`, c.name)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// watch takes shards, hears of new events, looks for held rows that are due, and saves.
func (b *Bus) watch(ctx context.Context) {
	poll := time.NewTicker(b.cfg.Poll)
	defer poll.Stop()
	save := time.NewTicker(b.cfg.Save)
	defer save.Stop()
	b.take(ctx)
	for ctx.Err() == nil {
		b.look(ctx)
		select {
		case <-ctx.Done():
		case <-b.wake:
		case <-poll.C:
			b.lookHeld(ctx)
			b.take(ctx)
		case <-save.C:
			if err := b.save(b.kept(), false); err != nil {
				b.cfg.Log.Error("save the bus consumers' places", "error", err)
			}
		}
	}
}

// look tells the shards of the end of the log.
func (b *Bus) look(ctx context.Context) {
	last, err := b.cfg.DB.Positions(ctx)
	if err != nil {
		if ctx.Err() == nil {
			b.cfg.Log.Error("look for new events", "error", err)
		}
		return
	}
	for _, s := range b.held() {
		s.heard(last[s.number])
	}
}

// lookHeld nudges lanes whose held rows became due, by the clock or by another process's console.
func (b *Bus) lookHeld(ctx context.Context) {
	rows, err := b.cfg.DB.Query(ctx, `
select shard, consumer, key from bus_hold where due <= $1 order by due limit 1000`, clock.Millis(b.cfg.DB.Now()))
	if err != nil {
		if ctx.Err() == nil {
			b.cfg.Log.Error("look for held events", "error", err)
		}
		return
	}
	type place struct {
		shard         int
		consumer, key string
	}
	var due []place
	for rows.Next() {
		var p place
		if err = rows.Scan(&p.shard, &p.consumer, &p.key); err != nil {
			break
		}
		due = append(due, p)
	}
	if err := errors.Join(err, rows.Err(), rows.Close()); err != nil {
		b.cfg.Log.Error("look for held events", "error", err)
	}
	for _, p := range due {
		b.nudge(p.shard, p.consumer, p.key)
	}
}

// nudge has one key's held rows looked at, if this process works its shard.
func (b *Bus) nudge(number int, consumer, key string) {
	b.mu.RLock()
	s := b.shards[number]
	b.mu.RUnlock()
	if s == nil || s.lost.Load() {
		return
	}
	for _, f := range s.feeds {
		if f.consumer.name != consumer {
			continue
		}
		f.mu.Lock()
		l := f.lanes[key]
		f.mu.Unlock()
		if l != nil {
			l.nudge()
		}
	}
}

// take begins work on shards that nobody works: all of them on SQLite, those whose lease is
// free on PostgreSQL. Shards that were given up are first let run out.
func (b *Bus) take(ctx context.Context) {
	for number := range event.Shards {
		b.mu.RLock()
		s := b.shards[number]
		b.mu.RUnlock()
		if s != nil {
			if !s.lost.Load() || !s.ranOut() {
				continue
			}
			b.put(number, nil)
		}
		if err := b.takeOne(ctx, number); err != nil && ctx.Err() == nil {
			b.cfg.Log.Error("take a shard of the event log", "shard", number, "error", err)
		}
	}
}

func (b *Bus) put(number int, s *shard) {
	b.mu.Lock()
	b.shards[number] = s
	b.mu.Unlock()
}

// ranOut reports whether nothing of a lost shard is at work any more.
func (s *shard) ranOut() bool {
	select {
	case <-s.ended:
	default:
		s.signal()
		return false
	}
	for _, f := range s.feeds {
		f.mu.Lock()
		busy := false
		for _, l := range f.lanes {
			busy = busy || l.busy
			if l.timer != nil {
				l.timer.Stop()
			}
		}
		f.mu.Unlock()
		if busy {
			return false
		}
	}
	return true
}

func (b *Bus) takeOne(ctx context.Context, number int) error {
	var generation, until int64
	if b.cfg.DB.Postgres() {
		now := b.cfg.Pulse.Now()
		until = clock.Millis(now.Add(b.cfg.Lease))
		err := b.cfg.DB.Write(ctx, func(tx *sqldb.Tx) error {
			return tx.QueryRow(`
update bus_lease set holder = $1, generation = generation + 1, until = $2 where shard = $3 and until < $4 returning generation`,
				b.holder, until, number, clock.Millis(now)).Scan(&generation)
		})
		if isNoRows(err) {
			return nil // another process has it
		}
		if err != nil {
			return err
		}
	}
	s, err := b.load(ctx, number, generation, until)
	if err != nil {
		return err
	}
	last, err := b.cfg.DB.Positions(ctx)
	if err != nil {
		return err
	}
	b.put(number, s)
	s.begin(last[number])
	return nil
}

// keepLeases renews until ctx ends. It has a goroutine of its own: nothing slow may come
// between two renewals, and they go on while the bus waits for handlers to stop.
func (b *Bus) keepLeases(ctx context.Context) {
	if !b.cfg.DB.Postgres() {
		return
	}
	tick := time.NewTicker(b.cfg.Lease / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			b.renew(ctx)
		}
	}
}

// renew keeps the leases. A shard whose lease has gone is given up.
func (b *Bus) renew(ctx context.Context) {
	until := clock.Millis(b.cfg.Pulse.Now().Add(b.cfg.Lease))
	var gone, kept []*shard
	err := b.cfg.DB.Write(ctx, func(tx *sqldb.Tx) error {
		gone, kept = nil, nil
		for _, s := range b.held() {
			if s.lost.Load() {
				continue
			}
			n, err := tx.Exec(`update bus_lease set until = $1 where shard = $2 and holder = $3 and generation = $4`,
				until, s.number, b.holder, s.generation)
			if err != nil {
				return err
			}
			if n == 0 {
				gone = append(gone, s)
			} else {
				kept = append(kept, s)
			}
		}
		return nil
	})
	if err != nil {
		if ctx.Err() == nil {
			b.cfg.Log.Error("renew leases", "error", err)
		}
		return
	}
	for _, s := range kept {
		s.until.Store(until)
	}
	for _, s := range gone {
		s.giveUp(errLost)
	}
}

// release lets the leases go, so that another process need not wait for their end.
func (b *Bus) release(ctx context.Context) error {
	if !b.cfg.DB.Postgres() {
		return nil
	}
	return b.cfg.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`update bus_lease set until = 0 where holder = $1`, b.holder)
		return err
	})
}

// save writes the places that moved: in one change on SQLite, in one per shard, under its
// lease, on PostgreSQL.
func (b *Bus) save(ctx context.Context, all bool) error {
	var errs []error
	var list []placed
	for _, s := range b.held() {
		if s.lost.Load() {
			continue
		}
		for _, f := range s.feeds {
			if place, ok := f.unsaved(all); ok {
				list = append(list, placed{f, place})
			}
		}
		if b.cfg.DB.Postgres() {
			errs = append(errs, b.savePlaces(ctx, s, list))
			list = nil
		}
	}
	return errors.Join(append(errs, b.savePlaces(ctx, nil, list))...)
}

type placed struct {
	feed  *feed
	place int64
}

func (b *Bus) savePlaces(ctx context.Context, s *shard, list []placed) error {
	if len(list) == 0 {
		return nil
	}
	err := b.cfg.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if s != nil {
			if err := s.fence(tx); err != nil {
				return err
			}
		}
		for _, p := range list {
			_, err := tx.Exec(`update bus_cursor set position = $1 where consumer = $2 and shard = $3`,
				p.place, p.feed.consumer.name, p.feed.shard.number)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, errLost) {
		s.giveUp(err)
		return nil
	}
	for _, p := range list {
		p.feed.mu.Lock()
		if err == nil {
			p.feed.saved = p.place
		} else {
			p.feed.handled = true
		}
		p.feed.mu.Unlock()
	}
	return err
}
