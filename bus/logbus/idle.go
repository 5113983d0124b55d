package logbus

import (
	"context"
	"time"

	"zhijian/ground/event"
)

// Idle waits until every consumer has been told of, or has set aside as failing, all events
// that were committed when Idle was called. Shards that another process works are asked for
// in the database.
func (b *Bus) Idle(ctx context.Context) error {
	last, err := b.cfg.DB.Positions(ctx)
	if err != nil {
		return err
	}
	b.Wake()
	return b.await(ctx, func() (bool, error) { return b.reached(ctx, last) })
}

// Settled waits until nothing moves: all events are handled, those that handlers recorded
// meanwhile too, and none waits for another attempt. Parked events and those behind them
// stay as they are. Alarms that are not due do not count.
func (b *Bus) Settled(ctx context.Context) error {
	return b.await(ctx, func() (bool, error) {
		before, err := b.cfg.DB.Positions(ctx)
		if err != nil {
			return false, err
		}
		if ok, err := b.reached(ctx, before); !ok || err != nil {
			b.Wake()
			return false, err
		}
		var moving int
		err = b.cfg.DB.QueryRow(ctx, `
select count(*) from bus_hold h where h.due < $1 or (h.state = 'wait' and not exists (
  select 1 from bus_hold p where p.consumer = h.consumer and p.key = h.key and p.state <> 'wait'))`, int64(never)).Scan(&moving)
		if err != nil || moving > 0 {
			return false, err
		}
		after, err := b.cfg.DB.Positions(ctx)
		return after == before, err
	})
}

// await asks again whenever something was handled, and every 20 ms for what others do.
func (b *Bus) await(ctx context.Context, is func() (bool, error)) error {
	b.watchers.Add(1)
	defer b.watchers.Add(-1)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		b.changeMu.Lock()
		change := b.change
		b.changeMu.Unlock()
		if ok, err := is(); ok || err != nil {
			return err
		}
		select {
		case <-change:
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (b *Bus) reached(ctx context.Context, last [event.Shards]int64) (bool, error) {
	for number, position := range last {
		b.mu.RLock()
		s := b.shards[number]
		b.mu.RUnlock()
		if s != nil && !s.lost.Load() {
			for _, f := range s.feeds {
				if f.place() < position {
					return false, nil
				}
			}
			continue
		}
		for _, c := range b.consumers {
			var place int64
			err := b.cfg.DB.QueryRow(ctx, `select position from bus_cursor where consumer = $1 and shard = $2`, c.name, number).Scan(&place)
			if isNoRows(err) {
				return false, nil // Run has not begun
			}
			if err != nil || place < position {
				return false, err
			}
		}
	}
	return true, nil
}
