package store

import (
	"context"
	"fmt"

	"zhijian/ground/fault"
	"zhijian/ground/money"
	"zhijian/store/sqldb"
)

// Tally is something that can be counted by state.
type Tally string

// The tallies.
const (
	ByCaseState  Tally = `select state, count(*) from cases group by state order by state`
	ByOrderState Tally = `select state, count(*) from payment_order group by state order by state`
)

// CountBy counts rows by state.
func CountBy(ctx context.Context, db *sqldb.DB, what Tally) (_ map[string]int64, err error) {
	defer fault.Wrap(&err, "count by state")
	rows, err := db.Query(ctx, string(what))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var state string
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		out[state] = n
	}
	return out, rows.Err()
}

// Paid is one order that money came for.
type Paid struct {
	No       string
	For      string // number of the thing it pays for
	Amount   money.Fen
	Returned bool
}

const selectPaid = `
select no, for_no, amount, state = 'refunded'
from payment_order
where state in ('paid', 'refunding', 'refunded')
order by no`

// PaidOrders lists every order that money came for.
func PaidOrders(ctx context.Context, db *sqldb.DB) (_ []Paid, err error) {
	defer fault.Wrap(&err, "list paid orders")
	rows, err := db.Query(ctx, selectPaid)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Paid
	for rows.Next() {
		var p Paid
		if err := rows.Scan(&p.No, &p.For, &p.Amount, &p.Returned); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// contradictions are queries that find nothing in a sound house: each row is the id of what is wrong. More places taken than there are is
// none: an office may lower what it offers after some were taken.
var contradictions = []struct{ what, query string }{
	{"slot with more live reservations than places taken, or fewer", `
select s.pool || '/' || s.id
from booking_slot s
left join booking b on b.pool = s.pool and b.slot = s.id and b.state <> 'released' and b.state <> 'waiting'
group by s.pool, s.id, s.taken
having count(b.no) <> s.taken`},
	{"slot for which more or fewer wait than it says", `
select s.pool || '/' || s.id
from booking_slot s
left join booking b on b.pool = s.pool and b.slot = s.id and b.state = 'waiting'
group by s.pool, s.id, s.waiting
having count(b.no) <> s.waiting`},
	{"order whose ledger does not say what its state says", `
select o.no
from payment_order o
left join payment_posting p on p.order_no = o.no and p.kind = 'paid'
group by o.no, o.state, o.amount
having coalesce(sum(p.amount), 0) <> case when o.state in ('paid', 'refunding', 'refunded') then o.amount else 0 end`},
	{"order returned in the ledger but not in its state, or the other way round", `
select o.no
from payment_order o
left join payment_posting p on p.order_no = o.no and p.kind = 'refunded'
group by o.no, o.state, o.amount
having coalesce(sum(p.amount), 0) <> case when o.state = 'refunded' then o.amount else 0 end`},
	{"surplus whose ledger does not say what its state says", `
select x.order_no || '/' || x.trade
from payment_extra x
left join payment_posting p on p.kind = 'surplus' and p.ref = x.trade and p.amount = x.amount
where (x.state <> 'disputed' and x.refund_no <> '') <> (p.ref is not null)`},
	{"surplus returned in the ledger but not in its state, or the other way round", `
select x.order_no || '/' || x.trade
from payment_extra x
left join payment_posting p on p.kind = 'surplus_returned' and p.ref = x.refund_no and p.amount = x.amount
where (x.state = 'returned' and x.refund_no <> '') <> (p.ref is not null)`},
	{"posting of a surplus that no order has", `
select p.order_no || '/' || p.ref
from payment_posting p
left join payment_extra x on x.order_no = p.order_no and x.trade = p.ref
where p.kind = 'surplus' and x.trade is null`},
	// One that is on its way back is counted when it is back.
	{"case paid more than once and not returned", `
select for_no
from payment_order
where for_kind = 'cases' and state = 'paid'
group by for_no, step
having count(*) > 1`},
	{"finished case whose money was returned", `
select c.no
from cases c
join payment_order o on o.for_kind = 'cases' and o.for_no = c.no
where c.state = 'done'
group by c.no
having sum(case when o.state = 'paid' then 1 else 0 end) = 0`},
	{"order for a case that is not there", `
select o.no
from payment_order o
left join cases c on c.no = o.for_no
where o.for_kind = 'cases' and c.no is null`},
}

// Recount looks for rows that contradict each other; nil when there are none. It reads the whole
// database and is meant for a house that is not running.
func Recount(ctx context.Context, db *sqldb.DB) (_ []string, err error) {
	defer fault.Wrap(&err, "recount")
	var wrong []string
	for _, c := range contradictions {
		found, err := ids(ctx, db, c.query)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.what, err)
		}
		for _, id := range found {
			wrong = append(wrong, c.what+": "+id)
		}
	}
	return wrong, nil
}

func ids(ctx context.Context, db *sqldb.DB, query string) ([]string, error) {
	rows, err := db.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
