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
	slotColumns = `pool, id, start_at, end_at, capacity, taken, walk, walked, free_at, waiting`
	selectSlots = `
select ` + slotColumns + ` from booking_slot where pool = $1 and start_at >= $2 and start_at < $3 order by start_at, id`
	selectSlot = `select ` + slotColumns + ` from booking_slot where pool = $1 and id = $2`

	countConfirmed = `
select slot, count(*) from booking where pool = $1 and state <> 'released' and state <> 'waiting' and state <> 'held' group by slot`

	upsertSlot = `
insert into booking_slot (pool, id, start_at, end_at, capacity, taken, walk, free_at) values ($1, $2, $3, $4, $5, 0, $6, $7)
on conflict (pool, id) do update set start_at = excluded.start_at, end_at = excluded.end_at, capacity = excluded.capacity,
walk = excluded.walk, free_at = excluded.free_at`

	// Stock moves by condition, never by read and write: of many at once exactly as many succeed as there are places. The first is for a
	// booking, which comes behind all who wait; the second for who waited; the third for a walk-in.
	takePlace = `
update booking_slot set taken = taken + 1 where pool = $1 and id = $2 and taken < capacity and waiting = 0
and (taken - walked < capacity - walk or free_at <= $3) and start_at > $3`
	takeOffered = `
update booking_slot set taken = taken + 1, waiting = waiting - 1 where pool = $1 and id = $2 and taken < capacity
and (taken - walked < capacity - walk or free_at <= $3) and start_at > $3`
	takeWalkIn = `
update booking_slot set taken = taken + 1, walked = walked + 1 where pool = $1 and id = $2 and taken < capacity
and (walked < walk or free_at <= $3 and waiting = 0) and end_at > $3`
	freePlace  = `update booking_slot set taken = taken - 1 where pool = $1 and id = $2`
	freeWalkIn = `update booking_slot set taken = taken - 1, walked = walked - 1 where pool = $1 and id = $2`

	bookingColumns = `no, id, for_kind, for_no, step, attempt, resident, pool, slot, service, region, sector, account,
start_at, end_at, until, created, state, reason, place, number, desk, arrived, called, changed, rev`

	// Unique rules may refuse: the same step of the same thing, a second place on one day, waiting twice for one slot.
	insertBooking = `
insert into booking (` + bookingColumns + `, day)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)
on conflict do nothing`

	bookingByNo  = `select ` + bookingColumns + ` from booking where no = $1`
	bookingByFor = `select ` + bookingColumns + ` from booking where for_kind = $1 and for_no = $2 and step = $3 and attempt = $4`
	bookingsOf   = `select ` + bookingColumns + ` from booking where for_kind = $1 and for_no = $2 order by created desc, id desc`

	bookedThatDay = `
select count(*) from booking where resident = $1 and pool = $2 and day = $3 and no <> $4
and state <> 'released' and state <> 'waiting' and resident <> 0`

	updateBooking = `
update booking set state = $1, reason = $2, rev = $3, attempt = $4, slot = $5, start_at = $6, end_at = $7, until = $8, number = $9,
desk = $10, arrived = $11, called = $12, day = $13, changed = $14 where no = $15`

	nextNumber = `
insert into booking_queue (pool, day, last) values ($1, $2, 1) on conflict (pool, day) do update set last = booking_queue.last + 1`
	lastNumber = `select last from booking_queue where pool = $1 and day = $2`
)

// Publish implements booking.Store.
func (b Bookings) Publish(ctx context.Context, slots []booking.Slot) error {
	changed, err := b.changed(ctx, slots)
	if err != nil || len(changed) == 0 {
		return err
	}
	return b.DB.Write(ctx, func(tx *sqldb.Tx) error {
		for _, s := range changed {
			_, err := tx.Exec(upsertSlot, s.Pool, s.ID, clock.Millis(s.Start), clock.Millis(s.End), s.Capacity, s.Walk, clock.Millis(s.Free))
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
		if !ok || k.Capacity != s.Capacity || k.Walk != s.Walk || !k.Free.Equal(s.Free) || !k.Start.Equal(s.Start) || !k.End.Equal(s.End) {
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
		s, err := scanSlot(rows)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
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
	slot, err := scanSlot(b.DB.QueryRow(ctx, selectSlot, r.Pool, r.Slot))
	if err != nil {
		return booking.Reservation{}, err
	}
	if !r.Walked() && slot.Left(r.Created) == 0 {
		// Of thousands who want the last place most are told here, and nobody waits for their writing. Who asks again has theirs.
		kept, err := scanBooking(b.DB.QueryRow(ctx, bookingByFor, r.For.Kind, r.For.No, r.Step, r.Attempt))
		if fault.Is(err, fault.KindNotFound) {
			return kept, booking.Taken()
		}
		return kept, err
	}
	var kept booking.Reservation
	err = b.DB.Write(ctx, func(tx *sqldb.Tx) error {
		r := r
		slot, err := scanSlot(tx.QueryRow(selectSlot, r.Pool, r.Slot))
		if err != nil {
			return err
		}
		r.Start, r.End = slot.Start, slot.End
		if r.State == booking.Arrived {
			if r.Number, err = number(tx, r); err != nil {
				return err
			}
		}
		n, err := tx.Exec(insertBooking, append(bookingArgs(r), r.Date())...)
		if err != nil {
			return err
		}
		if n == 0 {
			kept, err = scanBooking(tx.QueryRow(bookingByFor, r.For.Kind, r.For.No, r.Step, r.Attempt))
			if fault.Is(err, fault.KindNotFound) {
				return booking.Twice()
			}
			return err
		}
		// The slot is touched last: on Postgres its row stays locked until the commit.
		take := takePlace
		if r.Walked() {
			take = takeWalkIn
		}
		if err := place(tx, take, r.Pool, r.Slot, r.Created); err != nil {
			return err
		}
		kept = r
		return tx.Append(r.No, events...)
	})
	return kept, err
}

// place moves the stock by one of the conditional updates.
func place(tx *sqldb.Tx, update, pool, slot string, now time.Time) error {
	n, err := tx.Exec(update, pool, slot, clock.Millis(now))
	if err == nil && n == 0 {
		err = booking.Taken()
	}
	return err
}

// number gives the next number of a day's queue.
func number(tx *sqldb.Tx, r booking.Reservation) (n int, err error) {
	if _, err = tx.Exec(nextNumber, r.Pool, r.Date()); err != nil {
		return 0, err
	}
	return n, tx.QueryRow(lastNumber, r.Pool, r.Date()).Scan(&n)
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
		if after.State == booking.Arrived && after.Number == 0 {
			if after.Number, err = number(tx, after); err != nil {
				return err
			}
		}
		if after.State.Takes() && (!before.State.Takes() || after.Date() != before.Date()) {
			if err := alone(tx, after); err != nil {
				return err
			}
		}
		if err := stock(tx, before, after); err != nil {
			return err
		}
		_, err = tx.Exec(updateBooking, string(after.State), after.Reason, after.Rev, after.Attempt, after.Slot, clock.Millis(after.Start),
			clock.Millis(after.End), clock.Millis(after.Until), after.Number, after.Window, clock.Millis(after.Arrived), clock.Millis(after.Called),
			after.Date(), clock.Millis(after.Changed), no)
		if errors.Is(err, sqldb.ErrDuplicate) { // another transaction was between alone and here
			return booking.Twice()
		}
		if err != nil {
			return err
		}
		kept = after
		return tx.Append(no, bodies...)
	})
	return kept, err
}

// alone refuses a second place of a resident in a pool and day.
func alone(tx *sqldb.Tx, r booking.Reservation) error {
	var n int
	if err := tx.QueryRow(bookedThatDay, r.Resident, r.Pool, r.Date(), r.No).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return booking.Twice()
	}
	return nil
}

// stock moves the places that a change of a reservation means. The new place is taken before the old one is given back.
func stock(tx *sqldb.Tx, before, after booking.Reservation) error {
	var err error
	switch {
	case before.State == booking.Waiting && after.State == booking.Held:
		return place(tx, takeOffered, after.Pool, after.Slot, after.Changed)
	case before.State == booking.Waiting && after.State != booking.Waiting:
		_, err = tx.Exec(leaveLine, before.Pool, before.Slot)
		return err
	case before.State.Takes() && after.State.Takes() && before.Slot != after.Slot:
		if err := place(tx, takePlace, after.Pool, after.Slot, after.Changed); err != nil {
			return err
		}
	case !before.State.Takes() || after.State.Takes():
		return nil
	}
	free := freePlace
	if before.Walked() {
		free = freeWalkIn
	}
	_, err = tx.Exec(free, before.Pool, before.Slot)
	return err
}

// Of implements booking.Store.
func (b Bookings) Of(ctx context.Context, f booking.For) ([]booking.Reservation, error) {
	return b.list(ctx, bookingsOf, f.Kind, f.No)
}

func (b Bookings) list(ctx context.Context, query string, args ...any) ([]booking.Reservation, error) {
	rows, err := b.DB.Query(ctx, query, args...)
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
		clock.Millis(r.Start), clock.Millis(r.End), clock.Millis(r.Until), clock.Millis(r.Created), string(r.State), r.Reason,
		r.Place, r.Number, r.Window, clock.Millis(r.Arrived), clock.Millis(r.Called), clock.Millis(r.Changed), r.Rev,
	}
}

func scanSlot(row oneRow) (booking.Slot, error) {
	var s booking.Slot
	var start, end, free int64
	err := row.Scan(&s.Pool, &s.ID, &start, &end, &s.Capacity, &s.Taken, &s.Walk, &s.Walked, &free, &s.Waiting)
	if errors.Is(err, sql.ErrNoRows) {
		return s, fault.NotFound("booking.slot", "没有这个时间可约，请重新选一个")
	}
	s.Start, s.End, s.Free = clock.FromMillis(start), clock.FromMillis(end), clock.FromMillis(free)
	return s, err
}

func scanBooking(row oneRow) (booking.Reservation, error) {
	var r booking.Reservation
	var start, end, until, created, arrived, called, changed int64
	err := row.Scan(&r.No, &r.ID, &r.For.Kind, &r.For.No, &r.Step, &r.Attempt, &r.Resident, &r.Pool, &r.Slot,
		&r.Service, &r.Region, &r.Sector, &r.Account, &start, &end, &until, &created, &r.State, &r.Reason,
		&r.Place, &r.Number, &r.Window, &arrived, &called, &changed, &r.Rev)
	if errors.Is(err, sql.ErrNoRows) {
		return r, fault.NotFound("booking", "没有找到这个预约，请核对编号")
	}
	r.Start, r.End = clock.FromMillis(start), clock.FromMillis(end)
	r.Until, r.Created = clock.FromMillis(until), clock.FromMillis(created)
	r.Arrived, r.Called, r.Changed = clock.FromMillis(arrived), clock.FromMillis(called), clock.FromMillis(changed)
	return r, err
}
