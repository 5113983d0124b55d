package sqldb

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/event"
)

// head is the last event of a shard as event_head keeps it.
type head struct {
	position, id, at int64
	hash             []byte
}

type heads [event.Shards]head

const (
	insertEvent = `
insert into event (shard, position, id, name, key, at, actor, account, region, sector, service, data, prev, hash)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
	insertAlarm = `
insert into alarm (id, due, key, name, actor, account, region, sector, service, data)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	updateHead = `update event_head set position = $1, id = $2, at = $3, hash = $4 where shard = $5`
	selectHead = `select position, id, at, hash from event_head where shard = $1 for update`
)

// entry is an event in the making: it gets its place in the log when the change ends.
type entry struct {
	key  string
	name string
	meta event.Meta
	data []byte
}

// Append records what the change did: each body becomes an event of key, linked to the one
// before it in key's shard. An event.Later becomes an alarm instead. The bodies of one key are
// delivered in the order of their commits, and within a change in the order of Append. They
// take their places in the log when fn has returned, so the change itself does not see them.
func (tx *Tx) Append(key string, bodies ...event.Body) error {
	if key == "" {
		return errors.New("append event: no key")
	}
	tx.Concerns(key)
	for _, b := range bodies {
		var later event.Later
		switch v := b.(type) {
		case event.Later:
			later = v
		case *event.Later:
			later = *v
		default:
			e, err := newEntry(key, b)
			if err != nil {
				return fmt.Errorf("append event of %s: %w", key, err)
			}
			tx.entries = append(tx.entries, e)
			continue
		}
		if later.Body == nil || later.At.IsZero() {
			return fmt.Errorf("set alarm of %s: it needs a body and a time", key)
		}
		e, err := newEntry(key, later.Body)
		if err == nil {
			err = tx.setAlarm(e, later.At)
		}
		if err != nil {
			return fmt.Errorf("set alarm of %s: %w", key, err)
		}
	}
	return nil
}

func newEntry(key string, b event.Body) (entry, error) {
	if b.EventName() == "" {
		return entry{}, errors.New("it has no name")
	}
	data, err := json.Marshal(b)
	return entry{key: key, name: b.EventName(), meta: b.Envelope(), data: data}, err
}

// record gives the change's events their places. On Postgres the heads are locked here, at
// the end of the change and in the order of shards: they are held for as short as can be and
// two changes never wait for each other's.
func (tx *Tx) record() error {
	if len(tx.entries) == 0 || tx.failed != nil {
		return nil
	}
	var shards [event.Shards][]entry
	for _, e := range tx.entries {
		s := event.Shard(e.key)
		shards[s] = append(shards[s], e)
	}
	for shard, list := range shards {
		if len(list) == 0 {
			continue
		}
		h, err := tx.lockHead(shard)
		if err != nil {
			return fmt.Errorf("append events: %w", err)
		}
		for _, e := range list {
			if err := tx.add(h, shard, e); err != nil {
				return fmt.Errorf("append event %s of %s: %w", e.name, e.key, err)
			}
		}
		if tx.pg == nil {
			continue // the writer saves the heads once per group
		}
		if _, err := tx.Exec(updateHead, h.position, h.id, h.at, h.hash, shard); err != nil {
			return fmt.Errorf("append events: %w", err)
		}
	}
	tx.told = true
	return nil
}

// lockHead gives the head to build on. On Postgres its row stays locked until the commit, so
// that positions become visible in order.
func (tx *Tx) lockHead(shard int) (*head, error) {
	if tx.pg == nil {
		if tx.before == nil {
			copied := tx.w.heads
			tx.before = &copied
		}
		return &tx.w.heads[shard], nil
	}
	var h head
	err := tx.QueryRow(selectHead, shard).Scan(&h.position, &h.id, &h.at, &h.hash)
	return &h, err
}

// add stores the event that follows h and moves h on. Its time and id never go back within
// the shard, even when the clock did or another node's clock is ahead (security.md T44).
func (tx *Tx) add(h *head, shard int, n entry) error {
	at := clock.Millis(tx.Now())
	if at < h.at {
		tx.db.warnClock(h.at - at)
		at = h.at
	}
	// The low three bits are the shard, so ids of different shards never meet.
	id := tx.db.ID()&^(event.Shards-1) | int64(shard)
	if id <= h.id {
		id = h.id + event.Shards
	}
	e := event.Event{
		Shard: shard, Position: h.position + 1, ID: id, Name: n.name, Key: n.key,
		At: clock.FromMillis(at), Meta: n.meta, Data: n.data, Prev: h.hash,
	}
	if e.Prev == nil {
		e.Prev = []byte{}
	}
	e.Hash = e.Sum()
	_, err := tx.Exec(insertEvent, e.Shard, e.Position, e.ID, e.Name, e.Key, at,
		e.Meta.Actor, e.Meta.Account, e.Meta.Region, e.Meta.Sector, e.Meta.Service, string(e.Data), e.Prev, e.Hash)
	*h = head{position: e.Position, id: e.ID, at: at, hash: e.Hash}
	return err
}

func (tx *Tx) setAlarm(e entry, due time.Time) error {
	m := e.meta
	_, err := tx.Exec(insertAlarm, tx.db.ID(), clock.Millis(due), e.key, e.name,
		m.Actor, m.Account, m.Region, m.Sector, m.Service, string(e.data))
	if err != nil {
		return err
	}
	tx.told = true
	return nil
}

// warnClock reports a clock that runs behind the log by more than two seconds, at most once a minute.
func (db *DB) warnClock(behind int64) {
	now := db.Now().UnixMilli()
	last := db.warnAt.Load()
	if behind > 2000 && (last == 0 || now-last >= time.Minute.Milliseconds()) && db.warnAt.CompareAndSwap(last, now) {
		db.cfg.Log.Warn("the clock is behind the event log; events take the log's time", "milliseconds", behind)
	}
}
