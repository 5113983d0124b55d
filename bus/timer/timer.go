// Package timer turns durable alarms into events.
//
// A room sets an alarm by appending an event.Later in the same change as its row. When the
// alarm is due, the timer appends its body as an event and deletes the alarm in one change:
// exactly one event per alarm, never early by the database's clock, and late by well under a
// second while the house is up; alarms that fell due while it was down follow at once on
// start. Any number of processes may run a timer on the same PostgreSQL.
package timer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/store/sqldb"
)

const (
	look  = 500 * time.Millisecond // without being woken
	pause = 5 * time.Millisecond   // between two looks when commits come thick
	batch = 256                    // alarms read at once
)

// Config says what to run on.
type Config struct {
	// DB holds the alarms. Required.
	DB *sqldb.DB
	// Clock decides what is due. Nil is the database's.
	Clock clock.Clock
	// Log takes failures. Nil is slog.Default().
	Log *slog.Logger
}

// Timer fires alarms.
type Timer struct {
	cfg  Config
	wake chan struct{}
}

// New checks the configuration and has the database wake the timer for near alarms.
func New(c Config) (*Timer, error) {
	if c.DB == nil {
		return nil, errors.New("timer: no database")
	}
	if c.Clock == nil {
		c.Clock = databaseClock{c.DB}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	t := &Timer{cfg: c, wake: make(chan struct{}, 1)}
	c.DB.OnCommit(t.Wake)
	return t, nil
}

type databaseClock struct{ *sqldb.DB }

// Wake has the timer look for due alarms. It does not block.
func (t *Timer) Wake() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// Run fires alarms until ctx ends. What fails is logged and tried again; Run itself gives nil.
func (t *Timer) Run(ctx context.Context) error {
	sleep := time.NewTimer(0)
	defer sleep.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.wake:
			// Commits may come by the thousand: look at most once per pause.
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(pause):
			}
		case <-sleep.C:
		}
		wait := look
		if _, err := t.Fire(ctx); err != nil && ctx.Err() == nil {
			t.cfg.Log.Error("fire alarms", "error", err)
		} else if next, ok, err := t.next(ctx); err == nil && ok {
			wait = min(look, max(0, next.Sub(t.cfg.Clock.Now())))
		}
		sleep.Reset(wait)
	}
}

func (t *Timer) next(ctx context.Context) (due time.Time, ok bool, err error) {
	var ms int64
	err = t.cfg.DB.QueryRow(ctx, `select due from alarm order by due, id limit 1`).Scan(&ms)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return clock.FromMillis(ms), err == nil, err
}

// Fire appends the events of all alarms that are due, oldest first for each key, and says how
// many it fired. Those that another process fires meanwhile are not counted.
func (t *Timer) Fire(ctx context.Context) (n int, err error) {
	for {
		list, err := t.due(ctx)
		if err != nil {
			return n, fmt.Errorf("read due alarms: %w", err)
		}
		// One change per shard: on Postgres a change then waits for one head only.
		var shards [event.Shards][]alarm
		for _, a := range list {
			s := event.Shard(a.key)
			shards[s] = append(shards[s], a)
		}
		for _, some := range shards {
			fired, err := t.fire(ctx, some)
			n += fired
			if err != nil {
				return n, err
			}
		}
		if len(list) < batch {
			return n, nil
		}
	}
}

type alarm struct {
	id   int64
	key  string
	body event.Raw
}

func (t *Timer) due(ctx context.Context) ([]alarm, error) {
	rows, err := t.cfg.DB.Query(ctx, `
select id, key, name, actor, account, region, sector, service, data from alarm
where due <= $1 order by due, id limit `+strconv.Itoa(batch), clock.Millis(t.cfg.Clock.Now()))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []alarm
	for rows.Next() {
		var a alarm
		m := &a.body.Meta
		if err := rows.Scan(&a.id, &a.key, &a.body.Name, &m.Actor, &m.Account, &m.Region, &m.Sector, &m.Service, &a.body.JSON); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

func (t *Timer) fire(ctx context.Context, list []alarm) (n int, err error) {
	if len(list) == 0 {
		return 0, nil
	}
	err = t.cfg.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n = 0
		for _, a := range list {
			gone, err := tx.Exec(`delete from alarm where id = $1`, a.id)
			if err != nil {
				return err
			}
			if gone == 0 {
				continue // another process fired it
			}
			if err := tx.Append(a.key, a.body); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("fire %d alarms: %w", len(list), err)
	}
	return n, nil
}
