// Package eventlog reads the event table and proves that nobody has touched it.
//
// The table is append-only and hash-chained in event.Shards chains. Verify finds an edited,
// deleted, inserted or reordered event with its position. A chain that was cut off at its end
// together with event_head looks whole by itself: that is what heads remembered outside the
// database are for (security.md T40).
package eventlog

import (
	"bytes"
	"context"
	"errors"

	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
)

// page is how many events Verify reads at once.
const page = 2000

// Read gives up to limit events of a shard after a position, in order; none at the end.
func Read(ctx context.Context, db *sqldb.DB, shard int, after int64, limit int) (list []event.Event, err error) {
	defer fault.Wrap(&err, "read events of shard %d after %d", shard, after)
	rows, err := db.Query(ctx, `
select `+sqldb.EventColumns+` from event where shard = $1 and position > $2 order by position limit $3`, shard, after, limit)
	if err != nil {
		return nil, err
	}
	return sqldb.ScanEvents(rows)
}

// OfKey gives the history of one key, oldest first, up to limit events; none when nothing
// happened to it.
func OfKey(ctx context.Context, db *sqldb.DB, key string, limit int) (list []event.Event, err error) {
	defer fault.Wrap(&err, "read events of %s", key)
	rows, err := db.Query(ctx, `select `+sqldb.EventColumns+` from event where key = $1 order by position limit $2`, key, limit)
	if err != nil {
		return nil, err
	}
	return sqldb.ScanEvents(rows)
}

// Last gives the latest event of a name in the history of one key; ok is false when there is none.
func Last(ctx context.Context, db *sqldb.DB, key, name string) (e event.Event, ok bool, err error) {
	defer fault.Wrap(&err, "read the last %s of %s", name, key)
	rows, err := db.Query(ctx, `
select `+sqldb.EventColumns+` from event where key = $1 and name = $2 order by position desc limit 1`, key, name)
	if err != nil {
		return e, false, err
	}
	list, err := sqldb.ScanEvents(rows)
	if err != nil || len(list) == 0 {
		return e, false, err
	}
	return list[0], true, nil
}

// Heads gives the end of every chain, by shard: what is signed and kept outside.
func Heads(ctx context.Context, db *sqldb.DB) (list []event.Head, err error) {
	defer fault.Wrap(&err, "read event heads")
	rows, err := db.Query(ctx, `select shard, position, hash from event_head order by shard`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var h event.Head
		if err := rows.Scan(&h.Shard, &h.Position, &h.Hash); err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, rows.Err()
}

// Report is what Verify found.
type Report struct {
	Events int64        // events that were checked and hold
	Heads  []event.Head // the end of every chain up to which it holds
	Bad    *event.Break // the first place that does not hold, by shard; nil when all holds
}

// Verify walks all chains from their beginnings to the heads of the moment it is called. Heads
// remembered earlier are checked on the way: at their position the hash must still be the
// same. The error is about reading; what is wrong with the log is in Report.Bad.
func Verify(ctx context.Context, db *sqldb.DB, remembered ...event.Head) (r Report, err error) {
	defer fault.Wrap(&err, "verify the event log")
	heads, err := Heads(ctx, db)
	if err != nil {
		return r, err
	}
	ends := make(map[int]event.Head, len(heads))
	for _, h := range heads {
		ends[h.Shard] = h
	}
	for shard := range event.Shards {
		end, ok := ends[shard]
		if !ok {
			r.fail(&event.Break{Shard: shard, Position: 1, Reason: "the shard has no head"})
			continue
		}
		marks := map[int64][]byte{end.Position: end.Hash}
		last := end.Position
		for _, h := range remembered {
			if h.Shard != shard || h.Position == 0 {
				continue
			}
			if other, twice := marks[h.Position]; twice && !bytes.Equal(other, h.Hash) {
				r.fail(&event.Break{Shard: shard, Position: h.Position, Reason: "its hash differs from a remembered head"})
			}
			marks[h.Position] = h.Hash
			last = max(last, h.Position)
		}
		if err := r.walk(ctx, db, shard, end.Position, last, marks); err != nil {
			return r, err
		}
	}
	var strays int
	err = db.QueryRow(ctx, `select count(*) from event where shard < 0 or shard > $1`, event.Shards-1).Scan(&strays)
	if err == nil && strays > 0 {
		r.fail(&event.Break{Shard: event.Shards, Position: 1, Reason: "there are events in a shard that does not exist"})
	}
	return r, err
}

// walk verifies one shard up to the position that its head or a remembered head names.
func (r *Report) walk(ctx context.Context, db *sqldb.DB, shard int, end, last int64, marks map[int64][]byte) error {
	at := event.Head{Shard: shard}
	defer func() { r.Heads = append(r.Heads, at) }()
	for {
		list, err := Read(ctx, db, shard, at.Position, page)
		if err != nil {
			return err
		}
		for _, e := range list {
			// What was appended after we read the heads is the next run's.
			if at.Position >= last && at.Position >= end {
				break
			}
			next, err := at.Next(e)
			if err != nil {
				var b *event.Break
				errors.As(err, &b)
				r.fail(b)
				return nil
			}
			if want, ok := marks[next.Position]; ok && !bytes.Equal(want, next.Hash) {
				r.fail(&event.Break{Shard: shard, Position: next.Position, Reason: "its hash differs from a remembered head"})
				return nil
			}
			at = next
			r.Events++
		}
		if len(list) < page || at.Position >= last {
			break
		}
	}
	if at.Position < last {
		r.fail(&event.Break{Shard: shard, Position: at.Position + 1, Reason: "the log ends before a head that is remembered"})
		return nil
	}
	return r.edges(ctx, db, shard)
}

// edges looks for events before the first position and behind the head. The head is read
// last: it is saved together with its events, so it is never behind what was read before.
func (r *Report) edges(ctx context.Context, db *sqldb.DB, shard int) error {
	var first, last, head int64
	err := db.QueryRow(ctx, `
select coalesce(min(position), 1), coalesce(max(position), 0) from event where shard = $1`, shard).Scan(&first, &last)
	if err != nil {
		return err
	}
	if err := db.QueryRow(ctx, `select position from event_head where shard = $1`, shard).Scan(&head); err != nil {
		return err
	}
	switch {
	case first < 1:
		r.fail(&event.Break{Shard: shard, Position: first, Reason: "it lies before the first position"})
	case last > head:
		r.fail(&event.Break{Shard: shard, Position: head + 1, Reason: "it lies behind the head"})
	}
	return nil
}

func (r *Report) fail(b *event.Break) {
	if r.Bad == nil {
		r.Bad = b
	}
}
