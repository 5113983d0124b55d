package logbus

import (
	"context"
	"errors"
	"math"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/store/sqldb"
)

// States of a row in bus_hold.
const (
	stateRetry  = "retry"  // to be tried when due
	stateWait   = "wait"   // behind another of its key
	stateParked = "parked" // until somebody decides
	stateSkip   = "skip"   // somebody decided to leave it out
)

// never is the due time of a row for which no attempt is planned.
const never = math.MaxInt64

const (
	insertHold = `
insert into bus_hold (id, consumer, shard, position, event, key, state, attempts, due, error, since)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (consumer, shard, position) do nothing`
	deleteHold = `delete from bus_hold where consumer = $1 and shard = $2 and position = $3`
	updateHold = `
update bus_hold set state = $1, attempts = $2, due = $3, error = $4
where consumer = $5 and shard = $6 and position = $7 and state <> 'skip'`
	selectHeld = `
select position, state, attempts, due from bus_hold
where consumer = $1 and key = $2 and shard = $3 order by position limit 1`
	selectEvent = `select ` + sqldb.EventColumns + ` from event where shard = $1 and position = $2`
)

// hold moves a failed event, and those of its key that are queued, out of the feed's way.
func (c *consumer) hold(l *lane, t *task, cause error) {
	f := l.feed
	f.mu.Lock()
	tasks := append([]*task{t}, l.queue...)
	l.queue = nil
	if !l.isBlocked() || t.event.Position < l.first {
		l.first = t.event.Position
	}
	l.going += len(tasks)
	f.mu.Unlock()

	state, wait := c.bus.next(1)
	c.report(t.event, 1, state, cause)
	now := c.bus.cfg.DB.Now()
	added := 0
	ok := c.persist(f.shard, func(tx *sqldb.Tx) error {
		added = 0
		for i, t := range tasks {
			row := heldRow{state: stateWait, due: never}
			if i == 0 {
				row = heldRow{state: state, attempts: 1, due: dueAt(now, state, wait), text: short(cause)}
			}
			n, err := insertRow(tx, c, t, row, now)
			if err != nil {
				return err
			}
			added += int(n)
		}
		return nil
	})
	c.settle(l, tasks, added, ok)
	if ok && state == stateRetry {
		l.later(wait)
	}
}

// spillShard saves the events that came for blocked keys behind them.
func (s *shard) spillShard() {
	for _, f := range s.feeds {
		f.mu.Lock()
		tasks := f.spill
		f.spill = nil
		f.mu.Unlock()
		for len(tasks) > 0 {
			some := tasks[:min(len(tasks), 512)]
			tasks = tasks[len(some):]
			f.consumer.spill(f, some)
		}
	}
}

func (c *consumer) spill(f *feed, tasks []*task) {
	now := c.bus.cfg.DB.Now()
	added := make(map[*lane]int)
	ok := c.persist(f.shard, func(tx *sqldb.Tx) error {
		clear(added)
		for _, t := range tasks {
			n, err := insertRow(tx, c, t, heldRow{state: stateWait, due: never}, now)
			if err != nil {
				return err
			}
			added[t.lane] += int(n)
		}
		return nil
	})
	byLane := make(map[*lane][]*task)
	for _, t := range tasks {
		byLane[t.lane] = append(byLane[t.lane], t)
	}
	for l, list := range byLane {
		c.settle(l, list, added[l], ok)
		if ok {
			l.nudge() // what it waited behind may have gone meanwhile
		}
	}
}

type heldRow struct {
	state    string
	attempts int
	due      int64
	text     string
}

func insertRow(tx *sqldb.Tx, c *consumer, t *task, r heldRow, now time.Time) (int64, error) {
	e := t.event
	return tx.Exec(insertHold, c.bus.cfg.DB.ID(), c.name, e.Shard, e.Position, e.ID, e.Key,
		r.state, r.attempts, r.due, r.text, clock.Millis(now))
}

// settle accounts for tasks that are now rows. When they could not be saved the shard is
// given up: its events come again from the last saved place.
func (c *consumer) settle(l *lane, tasks []*task, added int, ok bool) {
	f := l.feed
	f.mu.Lock()
	l.going -= len(tasks)
	l.moves++
	if ok {
		l.held += added
	}
	f.mu.Unlock()
	if ok {
		f.finish(tasks...)
	}
}

// drain tries the first held row of a lane. One row a call: the queue and other lanes get
// their turn in between.
func (c *consumer) drain(l *lane) {
	f, db, ctx := l.feed, c.bus.cfg.DB, c.bus.handling
	var position, due int64
	var attempts int
	var state string
	f.mu.Lock()
	moves := l.moves
	f.mu.Unlock()
	err := db.QueryRow(ctx, selectHeld, c.name, l.key, f.shard.number).Scan(&position, &state, &attempts, &due)
	if err != nil {
		c.emptied(l, moves, err)
		return
	}
	now := db.Now()
	switch {
	case state == stateParked:
		return
	case state == stateRetry && due > clock.Millis(now):
		l.later(time.Duration(due-clock.Millis(now)) * time.Millisecond)
		return
	case state == stateSkip:
		c.remove(l, position)
		return
	}
	rows, err := db.Query(ctx, selectEvent, f.shard.number, position)
	var list []event.Event
	if err == nil {
		list, err = sqldb.ScanEvents(rows)
	}
	if err != nil || len(list) == 0 {
		c.bus.cfg.Log.Error("read held event", "consumer", c.name, "shard", f.shard.number, "position", position, "error", err)
		l.later(c.bus.cfg.Poll)
		return
	}
	cause := c.call(&list[0])
	if cause == nil {
		c.remove(l, position)
		return
	}
	attempts++
	state, wait := c.bus.next(attempts)
	c.report(&list[0], attempts, state, cause)
	ok := c.persist(f.shard, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(updateHold, state, attempts, dueAt(db.Now(), state, wait), short(cause), c.name, f.shard.number, position)
		return err
	})
	if ok && state == stateRetry {
		l.later(wait)
	}
	c.bus.changed()
}

// emptied ends a lane's time in bus_hold when no row of it is left.
func (c *consumer) emptied(l *lane, moves int, err error) {
	f := l.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if !isNoRows(err) {
		c.bus.cfg.Log.Error("read held events", "consumer", c.name, "error", err)
		l.laterLocked(c.bus.cfg.Poll)
		return
	}
	if l.moves != moves {
		l.drain = true // rows were added after we looked
		return
	}
	l.held = 0
	if l.going == 0 {
		l.first = 0
	}
}

// remove takes a handled row out and looks at the next one.
func (c *consumer) remove(l *lane, position int64) {
	f := l.feed
	ok := c.persist(f.shard, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(deleteHold, c.name, f.shard.number, position)
		return err
	})
	if !ok {
		return
	}
	f.mu.Lock()
	l.held = max(0, l.held-1)
	l.drain = true
	f.mu.Unlock()
	c.bus.changed()
}

// persist saves something of the bus under the shard's lease. When it cannot, the shard is
// given up and taken anew: nothing in memory may run ahead of the table.
func (c *consumer) persist(s *shard, fn func(tx *sqldb.Tx) error) bool {
	err := c.bus.cfg.DB.Write(c.bus.kept(), func(tx *sqldb.Tx) error {
		if err := s.fence(tx); err != nil {
			return err
		}
		return fn(tx)
	})
	if err != nil {
		s.giveUp(err)
	}
	return err == nil
}

// next says what follows the n-th failed attempt.
func (b *Bus) next(attempts int) (state string, wait time.Duration) {
	if attempts > len(b.cfg.Backoff) {
		return stateParked, 0
	}
	return stateRetry, b.cfg.Backoff[attempts-1]
}

func dueAt(now time.Time, state string, wait time.Duration) int64 {
	if state == stateParked {
		return never
	}
	return clock.Millis(now.Add(wait))
}

// later has the lane looked at again.
func (l *lane) later(d time.Duration) {
	l.feed.mu.Lock()
	defer l.feed.mu.Unlock()
	l.laterLocked(d)
}

func (l *lane) laterLocked(d time.Duration) {
	if l.timer != nil {
		l.timer.Stop()
	}
	// A millisecond more: due times are cut to milliseconds.
	l.timer = time.AfterFunc(d+time.Millisecond, l.nudge)
}

func (c *consumer) report(e *event.Event, attempts int, state string, cause error) {
	level := c.bus.cfg.Log.Warn
	if state == stateParked {
		level = c.bus.cfg.Log.Error
	}
	level("event was not handled", "consumer", c.name, "event", e.ID, "name", e.Name, "key", e.Key,
		"attempt", attempts, "then", state, "error", cause)
}

// short cuts an error for its column.
func short(err error) string {
	s := []rune(err.Error())
	return string(s[:min(len(s), 500)])
}

var errLost = errors.New("logbus: the lease of this shard is another process's now")

// kept gives a context for saving that outlives the stop of the bus.
func (b *Bus) kept() context.Context { return context.WithoutCancel(b.handling) }
