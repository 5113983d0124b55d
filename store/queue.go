package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"zhijian/domain/booking"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/geo"
	"zhijian/store/sqldb"
)

const (
	// The slot's row is locked from here to the commit: numbers are given in the order in which callers are acknowledged.
	joinLine = `
update booking_slot set waiting = waiting + 1, line = line + 1 where pool = $1 and id = $2 and start_at > $3
and (waiting > 0 or taken >= capacity or taken - walked >= capacity - walk and free_at > $3)`
	lineNumber = `select line from booking_slot where pool = $1 and id = $2`
	leaveLine  = `update booking_slot set waiting = waiting - 1 where pool = $1 and id = $2`

	firstInLine = `select no from booking where pool = $1 and slot = $2 and state = 'waiting' order by place limit 1`
	aheadInLine = `select count(*) from booking where pool = $1 and slot = $2 and state = 'waiting' and place < $3`

	absences = `
select end_at from booking where resident = $1 and pool = $2 and state = 'missed' and reason = 'absent' and start_at >= $3
order by start_at desc limit 100`

	resourceColumns = `pool, kind, name, address, department, account, region, matters, plan, rules, rev, lat, lon`
	selectResource  = `select ` + resourceColumns + ` from booking_resource where pool = $1`
	selectResources = `
select ` + resourceColumns + ` from booking_resource where (cast($1 as bigint) = 0 or department = $1) and ($2 = '' or region = $2) order by name, pool limit 500`
	upsertResource = `
insert into booking_resource (` + resourceColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (pool) do update set kind = excluded.kind, name = excluded.name, address = excluded.address, department = excluded.department,
account = excluded.account, region = excluded.region, matters = excluded.matters, plan = excluded.plan, rules = excluded.rules, rev = excluded.rev,
lat = excluded.lat, lon = excluded.lon`
)

// Join implements booking.Store.
func (b Bookings) Join(ctx context.Context, r booking.Reservation, events func(booking.Reservation) []event.Body) (booking.Reservation, error) {
	var kept booking.Reservation
	err := b.DB.Write(ctx, func(tx *sqldb.Tx) error {
		r := r
		slot, err := scanSlot(tx.QueryRow(selectSlot, r.Pool, r.Slot))
		if err != nil {
			return err
		}
		r.Start, r.End = slot.Start, slot.End
		n, err := tx.Exec(joinLine, r.Pool, r.Slot, clock.Millis(r.Created))
		if err != nil {
			return err
		}
		if n == 0 && !r.Created.Before(slot.Start) {
			return fault.Conflict("booking.over", "这个时间已经开始，不能再排候补")
		}
		if n == 0 {
			return fault.Conflict("booking.free", "这个时间还有号，可以直接约")
		}
		if err := tx.QueryRow(lineNumber, r.Pool, r.Slot).Scan(&r.Place); err != nil {
			return err
		}
		if n, err = tx.Exec(insertBooking, append(bookingArgs(r), r.Date())...); err != nil {
			return err
		}
		if n == 0 {
			return booking.Twice()
		}
		kept = r
		return tx.Append(r.No, events(r)...)
	})
	return kept, err
}

// First implements booking.Store.
func (b Bookings) First(ctx context.Context, pool, slot string) (no string, err error) {
	err = b.DB.QueryRow(ctx, firstInLine, pool, slot).Scan(&no)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return no, err
}

// Ahead implements booking.Store.
func (b Bookings) Ahead(ctx context.Context, r booking.Reservation) (n int, err error) {
	err = b.DB.QueryRow(ctx, aheadInLine, r.Pool, r.Slot, r.Place).Scan(&n)
	return n, err
}

// Day implements booking.Store.
func (b Bookings) Day(ctx context.Context, pool, date string, states ...booking.State) ([]booking.Reservation, error) {
	if len(states) == 0 {
		return nil, nil
	}
	args := []any{pool, date}
	var in []string
	for _, s := range states {
		args = append(args, string(s))
		in = append(in, fmt.Sprintf("$%d", len(args)))
	}
	return b.list(ctx, `select `+bookingColumns+` from booking where pool = $1 and day = $2 and state in (`+strings.Join(in, ", ")+`)
order by start_at, number, created, id limit 5000`, args...)
}

// Absences implements booking.Store.
func (b Bookings) Absences(ctx context.Context, resident int64, pool string, since time.Time) ([]time.Time, error) {
	rows, err := b.DB.Query(ctx, absences, resident, pool, clock.Millis(since))
	if err != nil {
		return nil, err
	}
	var list []time.Time
	for rows.Next() {
		var at int64
		if err := rows.Scan(&at); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		list = append(list, clock.FromMillis(at))
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

// Resource implements booking.Store.
func (b Bookings) Resource(ctx context.Context, pool string) (booking.Resource, bool, error) {
	r, err := scanResource(b.DB.QueryRow(ctx, selectResource, pool))
	if errors.Is(err, sql.ErrNoRows) {
		return booking.Resource{}, false, nil
	}
	return r, err == nil, err
}

// ListResources implements booking.Store.
func (b Bookings) ListResources(ctx context.Context, department int64, region string) ([]booking.Resource, error) {
	rows, err := b.DB.Query(ctx, selectResources, department, region)
	if err != nil {
		return nil, err
	}
	var list []booking.Resource
	for rows.Next() {
		r, err := scanResource(rows)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		list = append(list, r)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

// ChangeResource implements booking.Store.
func (b Bookings) ChangeResource(ctx context.Context, pool string, rule func(*booking.Resource) ([]event.Body, error)) (booking.Resource, error) {
	return sqldb.Change(ctx, b.DB, pool,
		func(tx *sqldb.Tx) (booking.Resource, error) {
			r, err := scanResource(tx.QueryRow(selectResource+tx.ForUpdate(), pool))
			if errors.Is(err, sql.ErrNoRows) {
				return booking.Resource{Pool: pool}, nil
			}
			return r, err
		}, rule,
		func(tx *sqldb.Tx, r *booking.Resource) error {
			r.Rev++
			matters, err1 := json.Marshal(r.Matters)
			plan, err2 := json.Marshal(r.Plan)
			rules, err3 := json.Marshal(r.Rules)
			if err := errors.Join(err1, err2, err3); err != nil {
				return err
			}
			_, err := tx.Exec(upsertResource, r.Pool, string(r.Kind), r.Name, r.Address, r.Department, r.Account, r.Region,
				string(matters), string(plan), string(rules), r.Rev, micro(r.At.Lat), micro(r.At.Lon))
			return err
		})
}

// A degree is kept in millionths, as a whole number.
const millionths = 1e6

func micro(degrees float64) int64 { return int64(math.Round(degrees * millionths)) }

func scanResource(row oneRow) (booking.Resource, error) {
	var r booking.Resource
	var matters, plan, rules string
	var lat, lon int64
	err := row.Scan(&r.Pool, &r.Kind, &r.Name, &r.Address, &r.Department, &r.Account, &r.Region, &matters, &plan, &rules, &r.Rev, &lat, &lon)
	if err != nil {
		return r, err
	}
	r.At = geo.Point{Lat: float64(lat) / millionths, Lon: float64(lon) / millionths}
	return r, errors.Join(json.Unmarshal([]byte(matters), &r.Matters), json.Unmarshal([]byte(plan), &r.Plan), json.Unmarshal([]byte(rules), &r.Rules))
}
