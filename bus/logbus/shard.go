package logbus

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"

	"zhijian/ground/event"
	"zhijian/store/sqldb"
)

const (
	batch  = 512  // events in one read
	recent = 4096 // events kept for feeds that follow closely
)

// shard is this process's work on one shard of the log.
type shard struct {
	bus        *Bus
	number     int
	generation int64 // of the lease; 0 on SQLite
	feeds      []*feed
	wake       chan struct{}
	ended      chan struct{} // closed when its loop has ended
	known      atomic.Int64  // last committed position that we heard of
	lost       atomic.Bool   // given up; taken anew by the watch
	until      atomic.Int64  // Unix ms when the lease ends unless renewed; 0 on SQLite

	last []event.Event // the newest events read, without gaps; only the shard's loop
}

// signal has the shard's loop look.
func (s *shard) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// heard notes the end of the log.
func (s *shard) heard(position int64) {
	if position > s.known.Load() {
		s.known.Store(position)
		s.signal()
	}
}

// loop hands out events until the bus stops or the shard is lost.
func (s *shard) loop() {
	defer s.bus.work.Done()
	defer close(s.ended)
	for range s.wake {
		if s.bus.stopping.Load() || s.isOver() {
			return
		}
		for _, f := range s.feeds {
			if err := f.pump(); err != nil {
				s.bus.cfg.Log.Error("read event log", "shard", s.number, "error", err)
				break // the next look comes within a second
			}
		}
		s.spillShard()
		s.bus.changed()
	}
}

// after gives events that follow a position, none when it is the end.
func (s *shard) after(position int64) ([]event.Event, error) {
	if position >= s.known.Load() {
		return nil, nil
	}
	if n := len(s.last); n > 0 && position >= s.last[0].Position-1 && position < s.last[n-1].Position {
		rest := s.last[position-s.last[0].Position+1:]
		return rest[:min(len(rest), batch)], nil
	}
	list, err := readEvents(s.bus.kept(), s.bus.cfg.DB, s.number, position)
	if err != nil {
		return nil, err
	}
	for i, e := range list {
		if e.Position != position+1+int64(i) {
			return nil, fmt.Errorf("the event log of shard %d has a gap at position %d", s.number, position+1+int64(i))
		}
	}
	s.remember(list)
	return list, nil
}

// remember keeps the newest events, so that the shard is read once for all its feeds.
func (s *shard) remember(list []event.Event) {
	switch n := len(s.last); {
	case len(list) == 0 || (n > 0 && list[len(list)-1].Position <= s.last[n-1].Position):
		return
	case n > 0 && list[0].Position == s.last[n-1].Position+1 && n+len(list) <= recent:
		s.last = append(s.last, list...)
	default:
		s.last = append(make([]event.Event, 0, recent), list...)
	}
}

func readEvents(ctx context.Context, db *sqldb.DB, shard int, after int64) ([]event.Event, error) {
	rows, err := db.Query(ctx, `
select `+sqldb.EventColumns+` from event where shard = $1 and position > $2 order by position limit `+strconv.Itoa(batch), shard, after)
	if err != nil {
		return nil, err
	}
	return sqldb.ScanEvents(rows)
}

// isOver reports whether work must stop: the shard was given up, or its lease has run out and
// another process may be at it.
func (s *shard) isOver() bool {
	if s.lost.Load() {
		return true
	}
	if until := s.until.Load(); until == 0 || s.bus.cfg.Pulse.Now().UnixMilli() < until {
		return false
	}
	s.giveUp(errLost)
	return true
}

// fence refuses to save anything under a lease that has gone to another process.
func (s *shard) fence(tx *sqldb.Tx) error {
	if s.generation == 0 {
		return nil
	}
	var generation int64
	err := tx.QueryRow(`select generation from bus_lease where shard = $1`+tx.ForUpdate(), s.number).Scan(&generation)
	if err == nil && generation != s.generation {
		return errLost
	}
	return err
}

// giveUp stops work on the shard; the watch takes it anew when it can.
func (s *shard) giveUp(err error) {
	if s.lost.Swap(true) {
		return
	}
	if !errors.Is(err, sqldb.ErrClosed) {
		s.bus.cfg.Log.Error("work on a shard of the event log is given up and begun anew", "shard", s.number, "error", err)
	}
	s.signal()
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// load reads where the consumers are and what they hold, and starts the loop.
func (b *Bus) load(ctx context.Context, number int, generation, until int64) (*shard, error) {
	s := &shard{bus: b, number: number, generation: generation, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	s.until.Store(until)
	byName := map[string]*feed{}
	for _, c := range b.consumers {
		f := &feed{shard: s, consumer: c, lanes: map[string]*lane{}, known: map[int64]bool{}}
		err := b.cfg.DB.QueryRow(ctx, `select position from bus_cursor where consumer = $1 and shard = $2`, c.name, number).Scan(&f.next)
		if err != nil {
			return nil, err
		}
		f.saved = f.next
		s.feeds = append(s.feeds, f)
		byName[c.name] = f
	}
	rows, err := b.cfg.DB.Query(ctx, `select consumer, key, position from bus_hold where shard = $1 order by position`, number)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name, key string
		var position int64
		if err := rows.Scan(&name, &key, &position); err != nil {
			return nil, err
		}
		f := byName[name]
		if f == nil {
			continue // of a consumer that this program no longer has
		}
		l := f.lane(key)
		if l.held == 0 {
			l.first = position
		}
		l.held++
		if position > f.next {
			f.known[position] = true
		}
	}
	return s, rows.Err()
}

// begin starts a loaded shard.
func (s *shard) begin(known int64) {
	s.known.Store(known)
	for _, f := range s.feeds {
		f.mu.Lock()
		for _, l := range f.lanes {
			l.drain = true
			l.start()
		}
		f.mu.Unlock()
	}
	if s.bus.enter() {
		go s.loop()
		s.signal()
	}
}
