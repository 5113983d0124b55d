package logbus

import (
	"context"
	"errors"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/cursor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
)

// Parked is an event that a consumer could not handle. Later events of its key wait behind it.
type Parked struct {
	ID       int64 // of the parking; with Since it makes the cursor
	Consumer string
	Event    event.Event
	Attempts int
	Error    string // kinds and ids, no personal data
	Since    time.Time
	Waiting  int // later events of the key that wait for the same consumer
}

// Cursor gives the place after p in the list.
func (p Parked) Cursor() cursor.Cursor { return cursor.Cursor{At: clock.Millis(p.Since), ID: p.ID} }

// Parked lists parked events, newest first, after a cursor; the zero cursor is the start.
func (b *Bus) Parked(ctx context.Context, after cursor.Cursor, limit int) (list []Parked, err error) {
	defer fault.Wrap(&err, "list parked events")
	if after == (cursor.Cursor{}) {
		after = cursor.Cursor{At: never, ID: never}
	}
	rows, err := b.cfg.DB.Query(ctx, `
select h.id, h.consumer, h.attempts, h.error, h.since,
  (select count(*) from bus_hold w where w.consumer = h.consumer and w.key = h.key and w.shard = h.shard and w.position > h.position),
  e.shard, e.position, e.id, e.name, e.key, e.at, e.actor, e.account, e.region, e.sector, e.service, e.data, e.prev, e.hash
from bus_hold h join event e on e.shard = h.shard and e.position = h.position
where h.state = 'parked' and (h.since, h.id) < ($1, $2)
order by h.since desc, h.id desc limit $3`, after.At, after.ID, limit)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var p Parked
		var since, at int64
		e := &p.Event
		if err := rows.Scan(&p.ID, &p.Consumer, &p.Attempts, &p.Error, &since, &p.Waiting,
			&e.Shard, &e.Position, &e.ID, &e.Name, &e.Key, &at,
			&e.Meta.Actor, &e.Meta.Account, &e.Meta.Region, &e.Meta.Sector, &e.Meta.Service, &e.Data, &e.Prev, &e.Hash); err != nil {
			return nil, err
		}
		p.Since, e.At = clock.FromMillis(since), clock.FromMillis(at)
		list = append(list, p)
	}
	return list, rows.Err()
}

// ParkedDecided: somebody had a parked event tried again ("retry") or left out ("skip"). The actor is in Meta.
type ParkedDecided struct {
	event.Meta
	Consumer string `json:"consumer"`
	Event    int64  `json:"event"` // its id
	What     string `json:"what"`
}

// EventName names the event.
func (ParkedDecided) EventName() string { return "console.parked_decided" }

// Events lists a zero value of every event of the bus itself.
func Events() []event.Body { return []event.Body{ParkedDecided{}} }

// Retry has a parked event tried again for the consumer, with all its attempts; the events behind it follow
// when it succeeds. Who decided it is recorded with the decision. An event that is not parked for the consumer is fault.NotFound.
func (b *Bus) Retry(ctx context.Context, a actor.Actor, consumer string, eventID int64) error {
	return b.decide(ctx, a, consumer, eventID, stateRetry)
}

// Skip leaves a parked event out for the consumer; the events behind it follow. An event that
// is not parked for the consumer is fault.NotFound.
func (b *Bus) Skip(ctx context.Context, a actor.Actor, consumer string, eventID int64) error {
	return b.decide(ctx, a, consumer, eventID, stateSkip)
}

// decide only notes the decision: whoever works the shard carries it out, at once here and
// within a second elsewhere.
func (b *Bus) decide(ctx context.Context, a actor.Actor, consumer string, eventID int64, state string) (err error) {
	defer fault.Wrap(&err, "%s event %d for %s", state, eventID, consumer)
	var shard int
	var key string
	err = b.cfg.DB.Write(ctx, func(tx *sqldb.Tx) error {
		err := tx.QueryRow(`
update bus_hold set state = $1, attempts = 0, due = $2
where consumer = $3 and event = $4 and state = 'parked' returning shard, key`,
			state, clock.Millis(tx.Now()), consumer, eventID).Scan(&shard, &key)
		if err != nil {
			return err
		}
		return tx.Append("bus/"+consumer, ParkedDecided{event.Meta{Actor: a.String()}, consumer, eventID, state})
	})
	if isNoRows(err) {
		return fault.NotFound("bus.parked", "这条事件已经处理过了，请刷新列表")
	}
	if err == nil {
		b.nudge(shard, consumer, key)
	}
	return err
}

// Lag is how far one consumer is behind.
type Lag struct {
	Consumer string
	Behind   int64 // events in the log that it has not been told of
	Retrying int64 // events that wait for another attempt
	Parked   int64
	Waiting  int64 // events behind one of those
}

// Lag tells how far each registered consumer is behind, in the order they were registered.
func (b *Bus) Lag(ctx context.Context) (list []Lag, err error) {
	defer fault.Wrap(&err, "measure the bus")
	last, err := b.cfg.DB.Positions(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range b.consumers {
		lag := Lag{Consumer: c.name}
		if lag.Behind, err = b.behind(ctx, c, last); err != nil {
			return nil, err
		}
		err = b.cfg.DB.QueryRow(ctx, `
select coalesce(sum(case when state in ('retry', 'skip') then 1 else 0 end), 0),
  coalesce(sum(case when state = 'parked' then 1 else 0 end), 0),
  coalesce(sum(case when state = 'wait' then 1 else 0 end), 0)
from bus_hold where consumer = $1`, c.name).Scan(&lag.Retrying, &lag.Parked, &lag.Waiting)
		if err != nil {
			return nil, err
		}
		list = append(list, lag)
	}
	return list, nil
}

func (b *Bus) behind(ctx context.Context, c *consumer, last [event.Shards]int64) (total int64, err error) {
	for number, position := range last {
		b.mu.RLock()
		s := b.shards[number]
		b.mu.RUnlock()
		var place int64
		found := false
		if s != nil && !s.lost.Load() {
			for _, f := range s.feeds {
				if f.consumer == c {
					place, found = f.place(), true
				}
			}
		}
		if !found {
			err := b.cfg.DB.QueryRow(ctx, `select position from bus_cursor where consumer = $1 and shard = $2`, c.name, number).Scan(&place)
			if err != nil && !isNoRows(err) {
				return 0, err
			}
		}
		total += max(0, position-place)
	}
	return total, nil
}
