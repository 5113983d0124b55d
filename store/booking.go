package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"zhijian/domain/booking"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
)

// Bookings keeps slots and reservations.
type Bookings struct{ DB *sqldb.DB }

var _ booking.Store = Bookings{}

const (
	selectSlots = `
select pool, id, start_at, end_at, capacity, taken from booking_slot where pool = $1 and start_at >= $2 and start_at < $3 order by start_at, id`
	countConfirmed = `select slot, count(*) from booking where pool = $1 and state = 'confirmed' group by slot`

	selectSlot = `select start_at, end_at from booking_slot where pool = $1 and id = $2`

	upsertSlot = `
insert into booking_slot (pool, id, start_at, end_at, capacity, taken) values ($1, $2, $3, $4, $5, 0)
on conflict (pool, id) do update set start_at = excluded.start_at, end_at = excluded.end_at, capacity = excluded.capacity`

	// Stock moves by condition, never by read and write: of many at once exactly as many succeed as there are places.
	takePlace = `
update booking_slot set taken = taken + 1 where pool = $1 and id = $2 and taken < capacity and start_at > $3`
	freePlace = `update booking_slot set taken = taken - 1 where pool = $1 and id = $2`

	bookingColumns = `no, id, for_kind, for_no, step, attempt, resident, pool, slot, service, region, sector, account,
start_at, end_at, until, created, state, reason, rev`

	// Both unique rules may refuse: the same step of the same thing, and a second place on one day.
	insertBooking = `
insert into booking (` + bookingColumns + `, day)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
on conflict do nothing`

	bookingByNo  = `select ` + bookingColumns + ` from booking where no = $1`
	bookingByFor = `select ` + bookingColumns + ` from booking where for_kind = $1 and for_no = $2 and step = $3 and attempt = $4`
	bookingsOf   = `select ` + bookingColumns + ` from booking where for_kind = $1 and for_no = $2 order by created desc, id desc`

	updateBooking = `update booking set state = $1, reason = $2, rev = $3 where no = $4`
)

// Publish implements booking.Store.
func (b Bookings) Publish(ctx context.Context, slots []booking.Slot) error {
	changed, err := b.changed(ctx, slots)
	if err != nil || len(changed) == 0 {
		return err
	}
	return b.DB.Write(ctx, func(tx *sqldb.Tx) error {
		for _, s := range changed {
			_, err := tx.Exec(upsertSlot, s.Pool, s.ID, clock.Millis(s.Start), clock.Millis(s.End), s.Capacity)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// changed leaves out what is kept already, so that a page that shows slots costs no write.
func (b Bookings) changed(ctx context.Context, slots []booking.Slot) ([]booking.Slot, error) {
	type place struct{ pool, id string }
	kept := map[place]booking.Slot{}
	from, to := map[string]time.Time{}, map[string]time.Time{}
	for _, s := range slots {
		if f, ok := from[s.Pool]; !ok || s.Start.Before(f) {
			from[s.Pool] = s.Start
		}
		if s.Start.After(to[s.Pool]) {
			to[s.Pool] = s.Start
		}
	}
	for pool := range from {
		list, err := b.Slots(ctx, pool, from[pool], to[pool].Add(time.Millisecond))
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			kept[place{s.Pool, s.ID}] = s
		}
	}
	var out []booking.Slot
	for _, s := range slots {
		k, ok := kept[place{s.Pool, s.ID}]
		if !ok || k.Capacity != s.Capacity || !k.Start.Equal(s.Start) || !k.End.Equal(s.End) {
			out = append(out, s)
		}
	}
	return out, nil
}

// Slots implements booking.Store.
func (b Bookings) Slots(ctx context.Context, pool string, from, to time.Time) ([]booking.Slot, error) {
	rows, err := b.DB.Query(ctx, selectSlots, pool, clock.Millis(from), clock.Millis(to))
	if err != nil {
		return nil, err
	}
	var list []booking.Slot
	for rows.Next() {
		var s booking.Slot
		var start, end int64
		if err := rows.Scan(&s.Pool, &s.ID, &start, &end, &s.Capacity, &s.Taken); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		s.Start, s.End = clock.FromMillis(start), clock.FromMillis(end)
		list = append(list, s)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

// Confirmed implements booking.Store.
func (b Bookings) Confirmed(ctx context.Context, pool string) (map[string]int, error) {
	rows, err := b.DB.Query(ctx, countConfirmed, pool)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	for rows.Next() {
		var slot string
		var n int
		if err := rows.Scan(&slot, &n); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		out[slot] = n
	}
	return out, errors.Join(rows.Err(), rows.Close())
}

// Take implements booking.Store.
func (b Bookings) Take(ctx context.Context, r booking.Reservation, events ...event.Body) (booking.Reservation, error) {
	var kept booking.Reservation
	err := b.DB.Write(ctx, func(tx *sqldb.Tx) error {
		var start, end int64
		err := tx.QueryRow(selectSlot, r.Pool, r.Slot).Scan(&start, &end)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.NotFound("booking.slot", "没有这个时间可约，请重新选一个")
		}
		if err != nil {
			return err
		}
		r := r
		r.Start, r.End = clock.FromMillis(start), clock.FromMillis(end)
		n, err := tx.Exec(insertBooking, append(bookingArgs(r), r.Start.In(clock.Shanghai).Format(time.DateOnly))...)
		if err != nil {
			return err
		}
		if n == 0 {
			kept, err = scanBooking(tx.QueryRow(bookingByFor, r.For.Kind, r.For.No, r.Step, r.Attempt))
			if fault.Is(err, fault.KindNotFound) {
				return fault.Conflict("booking.twice", "您当天在这里已有一个预约，请先取消原来的，或选另一天")
			}
			return err
		}
		// The slot is touched last: on Postgres its row stays locked until the commit.
		n, err = tx.Exec(takePlace, r.Pool, r.Slot, clock.Millis(r.Created))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("booking.taken", "这个时间刚刚约满了，请换一个时间")
		}
		kept = r
		return tx.Append(r.No, events...)
	})
	return kept, err
}

// Reservation implements booking.Store.
func (b Bookings) Reservation(ctx context.Context, no string) (booking.Reservation, error) {
	return scanBooking(b.DB.QueryRow(ctx, bookingByNo, no))
}

// Change implements booking.Store.
func (b Bookings) Change(ctx context.Context, no string, rule func(*booking.Reservation) ([]event.Body, error)) (booking.Reservation, error) {
	var kept booking.Reservation
	err := b.DB.Write(ctx, func(tx *sqldb.Tx) error {
		before, err := scanBooking(tx.QueryRow(bookingByNo+tx.ForUpdate(), no))
		if err != nil {
			return err
		}
		after := before
		bodies, err := rule(&after)
		if err != nil || bodies == nil {
			kept = before
			return err
		}
		after.Rev++
		if _, err := tx.Exec(updateBooking, string(after.State), after.Reason, after.Rev, no); err != nil {
			return err
		}
		kept = after
		if err := tx.Append(no, bodies...); err != nil {
			return err
		}
		if before.State.Live() && !after.State.Live() {
			_, err = tx.Exec(freePlace, before.Pool, before.Slot)
		}
		return err
	})
	return kept, err
}

// Of implements booking.Store.
func (b Bookings) Of(ctx context.Context, f booking.For) ([]booking.Reservation, error) {
	rows, err := b.DB.Query(ctx, bookingsOf, f.Kind, f.No)
	if err != nil {
		return nil, err
	}
	var list []booking.Reservation
	for rows.Next() {
		r, err := scanBooking(rows)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		list = append(list, r)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

func bookingArgs(r booking.Reservation) []any {
	return []any{
		r.No, r.ID, r.For.Kind, r.For.No, r.Step, r.Attempt, r.Resident, r.Pool, r.Slot, r.Service, r.Region, r.Sector, r.Account,
		clock.Millis(r.Start), clock.Millis(r.End), clock.Millis(r.Until), clock.Millis(r.Created), string(r.State), r.Reason, r.Rev,
	}
}

func scanBooking(row oneRow) (booking.Reservation, error) {
	var r booking.Reservation
	var start, end, until, created int64
	err := row.Scan(&r.No, &r.ID, &r.For.Kind, &r.For.No, &r.Step, &r.Attempt, &r.Resident, &r.Pool, &r.Slot,
		&r.Service, &r.Region, &r.Sector, &r.Account, &start, &end, &until, &created, &r.State, &r.Reason, &r.Rev)
	if errors.Is(err, sql.ErrNoRows) {
		return r, fault.NotFound("booking", "没有找到这个预约，请核对编号")
	}
	r.Start, r.End = clock.FromMillis(start), clock.FromMillis(end)
	r.Until, r.Created = clock.FromMillis(until), clock.FromMillis(created)
	return r, err
}
