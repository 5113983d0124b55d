// Package pump delivers events to handlers one at a time, by hand, so that a test owns every
// moment between two commits.
//
// It reads the real event log and the real alarms of a database. Events of one shard are
// delivered in order; a handler that fails gets the same event again. Nothing happens unless the
// test asks, and time is the test's clock. Replay delivers everything once more, as a bus
// may after a crash. It is not safe for concurrent use.
package pump

import (
	"context"
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/store/sqldb"
)

// Handler is one subscription.
type Handler struct {
	Consumer string
	Names    []string
	Handle   func(ctx context.Context, e event.Event) error
}

// Pump is the hand-driven bus.
type Pump struct {
	// Twice delivers every event two times in a row.
	Twice bool
	// Tries bounds how often a failing handler gets the same event; zero means 20.
	Tries int

	t        testing.TB
	db       *sqldb.DB
	clock    *clock.Fixed
	handlers []Handler
	at       [event.Shards]int64
}

// New makes a pump over the log of db.
func New(t testing.TB, db *sqldb.DB, c *clock.Fixed, handlers ...Handler) *Pump {
	return &Pump{t: t, db: db, clock: c, handlers: handlers}
}

// Drain rings the alarms that are due and delivers until nothing is left. A handler that keeps failing fails the test.
func (p *Pump) Drain() {
	p.t.Helper()
	for p.ring() || p.Step() {
	}
}

// Step delivers the next event to all its consumers; false when there is none.
func (p *Pump) Step() bool {
	p.t.Helper()
	ctx := p.t.Context()
	for shard := range p.at {
		list := p.read(`select `+sqldb.EventColumns+` from event where shard = $1 and position > $2 order by position limit 1`, shard, p.at[shard])
		if len(list) == 0 {
			continue
		}
		e := list[0]
		p.deliver(ctx, e)
		if p.Twice {
			p.deliver(ctx, e)
		}
		p.at[shard] = e.Position
		return true
	}
	return false
}

func (p *Pump) deliver(ctx context.Context, e event.Event) {
	p.t.Helper()
	tries := p.Tries
	if tries == 0 {
		tries = 20
	}
	for _, h := range p.handlers {
		for _, name := range h.Names {
			if name != e.Name {
				continue
			}
			var err error
			for range tries {
				if err = h.Handle(ctx, e); err == nil {
					break
				}
			}
			if err != nil {
				p.t.Fatalf("consumer %s: event %s of %s: %v", h.Consumer, e.Name, e.Key, err)
			}
		}
	}
}

// Replay forgets what was delivered: the next Drain delivers the whole log again.
func (p *Pump) Replay() { p.at = [event.Shards]int64{} }

// Elapse moves the clock on by d, stopping at each alarm on the way, and drains at every stop.
func (p *Pump) Elapse(d time.Duration) {
	p.t.Helper()
	end := p.clock.Now().Add(d)
	p.Drain()
	for {
		due, ok := p.NextAlarm()
		if !ok || due.After(end) {
			break
		}
		if now := p.clock.Now(); due.After(now) {
			p.clock.Advance(due.Sub(now))
		}
		p.Drain()
	}
	p.clock.Advance(end.Sub(p.clock.Now()))
	p.Drain()
}

// NextAlarm gives when the next alarm is due; false when none is set.
func (p *Pump) NextAlarm() (time.Time, bool) {
	p.t.Helper()
	var due, n int64
	if err := p.db.QueryRow(p.t.Context(), `select coalesce(min(due), 0), count(*) from alarm`).Scan(&due, &n); err != nil {
		p.t.Fatal(err)
	}
	return clock.FromMillis(due), n > 0
}

// Names lists the names of all events recorded so far under a key, in order; "" lists all keys.
func (p *Pump) Names(key string) []string {
	p.t.Helper()
	var names []string
	for _, e := range p.Log() {
		if key == "" || e.Key == key {
			names = append(names, e.Name)
		}
	}
	return names
}

// Log gives all events recorded so far, in the order of their ids.
func (p *Pump) Log() []event.Event {
	p.t.Helper()
	return p.read(`select ` + sqldb.EventColumns + ` from event order by id`)
}

// ring turns due alarms into events.
func (p *Pump) ring() bool {
	p.t.Helper()
	rang := false
	err := p.db.Write(p.t.Context(), func(tx *sqldb.Tx) error {
		rang = false
		rows, err := tx.Query(`select id, key, name, actor, account, region, sector, service, data from alarm where due <= $1 order by due, id`,
			clock.Millis(p.clock.Now()))
		if err != nil {
			return err
		}
		type alarm struct {
			id  int64
			key string
			raw event.Raw
		}
		var list []alarm
		for rows.Next() {
			var a alarm
			if err := rows.Scan(&a.id, &a.key, &a.raw.Name, &a.raw.Actor, &a.raw.Account, &a.raw.Region, &a.raw.Sector, &a.raw.Service, &a.raw.JSON); err != nil {
				return err
			}
			list = append(list, a)
		}
		if err := rows.Close(); err != nil {
			return err
		}
		for _, a := range list {
			if _, err := tx.Exec(`delete from alarm where id = $1`, a.id); err != nil {
				return err
			}
			if err := tx.Append(a.key, a.raw); err != nil {
				return err
			}
			rang = true
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return rang
}

func (p *Pump) read(query string, args ...any) []event.Event {
	p.t.Helper()
	rows, err := p.db.Query(p.t.Context(), query, args...)
	if err != nil {
		p.t.Fatal(err)
	}
	list, err := sqldb.ScanEvents(rows)
	if err != nil {
		p.t.Fatal(err)
	}
	return list
}
