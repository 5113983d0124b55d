package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"zhijian/domain/payment"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
)

// Payments keeps orders, the ledger and reconciliations.
type Payments struct{ DB *sqldb.DB }

var (
	_ payment.Store = Payments{}
	_ payment.Books = Payments{}
)

const (
	orderColumns = `no, id, for_kind, for_no, step, attempt, resident, account, region, sector, service, amount, payee, about,
state, url, trade, refund_no, reason, asked, extras, created, expires, paid_at, refunded_at, rev, url_at, back, by_hand`

	insertOrder = `
insert into payment_order (` + orderColumns + `)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)
on conflict (for_kind, for_no, step, attempt) do nothing`

	orderByNo  = `select ` + orderColumns + ` from payment_order where no = $1`
	orderByFor = `select ` + orderColumns + ` from payment_order where for_kind = $1 and for_no = $2 and step = $3 and attempt = $4`

	// What an order was asked for never changes, so it is not among the columns.
	updateOrder = `
update payment_order set state = $1, url = $2, trade = $3, refund_no = $4, reason = $5, asked = $6, extras = $7, paid_at = $8, refunded_at = $9, rev = $10,
url_at = $11, by_hand = $12
where no = $13`

	selectExtra = `
select trade, amount, currency, state, refund_no, asked, at, refunded_at, by_hand from payment_extra where order_no = $1 order by seq`
	upsertExtra = `
insert into payment_extra (order_no, seq, trade, amount, currency, state, refund_no, asked, at, refunded_at, by_hand)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (order_no, seq) do update
set state = excluded.state, refund_no = excluded.refund_no, asked = excluded.asked, refunded_at = excluded.refunded_at, by_hand = excluded.by_hand`

	selectTroubled = `
select ` + orderColumns + ` from payment_order where no in (
  select no from payment_order where state = 'refunding' and asked >= $1
  union
  select no from payment_order where state = 'ordered' and expires < $2
  union
  select order_no from payment_extra where state = 'disputed' or (state = 'owed' and asked >= $3)
) order by created, id limit $4`

	insertPosting = `
insert into payment_posting (kind, ref, order_no, debit, credit, amount, at) values ($1, $2, $3, $4, $5, $6, $7)`
	selectLedger = `
select kind, ref, order_no, debit, credit, amount, at from payment_posting where at >= $1 and at < $2 order by at, kind, ref`
)

// Add implements payment.Store.
func (p Payments) Add(ctx context.Context, o payment.Order, events ...event.Body) (payment.Order, error) {
	var kept payment.Order
	err := p.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(insertOrder, orderArgs(o)...)
		if err != nil {
			return err
		}
		if n == 1 {
			kept = o
			return tx.Append(o.No, events...)
		}
		kept, err = loadOrder(tx, orderByFor, o.For.Kind, o.For.No, o.Step, o.Attempt)
		return err
	})
	return kept, err
}

// Order implements payment.Store.
func (p Payments) Order(ctx context.Context, no string) (payment.Order, error) {
	o, extras, err := scanOrder(p.DB.QueryRow(ctx, orderByNo, no))
	if err != nil || extras == 0 {
		return o, err
	}
	rows, err := p.DB.Query(ctx, selectExtra, no)
	if err != nil {
		return o, err
	}
	o.Extra, err = scanExtra(rows)
	return o, err
}

// Change implements payment.Store.
func (p Payments) Change(ctx context.Context, no string, rule func(*payment.Order) ([]event.Body, error)) (payment.Order, error) {
	var kept payment.Order
	err := p.DB.Write(ctx, func(tx *sqldb.Tx) error {
		before, err := loadOrder(tx, orderByNo+tx.ForUpdate(), no)
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
		if err := saveOrder(tx, before, after); err != nil {
			return err
		}
		kept = after
		return tx.Append(no, bodies...)
	})
	if errors.Is(err, sqldb.ErrDuplicate) {
		err = fault.Conflict("payment.transaction", "这笔交易已经记在另一笔缴费上，请核对交易号").Because(err)
	}
	return kept, err
}

func saveOrder(tx *sqldb.Tx, before, after payment.Order) error {
	_, err := tx.Exec(updateOrder, string(after.State), after.URL, orNull(after.Transaction), after.RefundNo, after.Reason,
		after.Asked, len(after.Extra), clock.Millis(after.PaidAt), clock.Millis(after.RefundedAt), after.Rev, clock.Millis(after.URLAt), after.Hand, after.No)
	if err != nil {
		return err
	}
	for i, x := range after.Extra {
		if i < len(before.Extra) && before.Extra[i] == x {
			continue
		}
		_, err := tx.Exec(upsertExtra, after.No, i+1, x.Transaction, int64(x.Amount), x.Currency, string(x.State), x.RefundNo, x.Asked,
			clock.Millis(x.At), clock.Millis(x.RefundedAt), x.Hand)
		if err != nil {
			return err
		}
	}
	for _, l := range payment.Postings(before, after) {
		if _, err := tx.Exec(insertPosting, l.Kind, l.Ref, l.No, l.Debit, l.Credit, int64(l.Amount), clock.Millis(l.At)); err != nil {
			return fmt.Errorf("post %s of %s: %w", l.Kind, l.No, err)
		}
	}
	return nil
}

// List implements payment.Store.
func (p Payments) List(ctx context.Context, f payment.Filter) ([]payment.Order, error) {
	var w conditions
	if f.For != nil {
		w.add("for_kind = ?", f.For.Kind)
		w.add("for_no = ?", f.For.No)
	}
	if f.Resident != 0 {
		w.add("resident = ?", f.Resident)
	}
	if len(f.States) > 0 {
		w.in("state", wordsOf(f.States))
	}
	if !f.From.IsZero() {
		w.add("paid_at >= ?", clock.Millis(f.From))
	}
	if !f.To.IsZero() {
		w.add("paid_at < ?", clock.Millis(f.To))
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	return p.orders(ctx, `select `+orderColumns+` from payment_order`+w.text()+` order by created, id limit `+strconv.Itoa(limit), w.args...)
}

// Troubled implements payment.Books.
func (p Payments) Troubled(ctx context.Context, slow int, silent time.Time, limit int) ([]payment.Order, error) {
	return p.orders(ctx, selectTroubled, slow, clock.Millis(silent), slow, limit)
}

// orders reads what a query of orderColumns finds, with the extras.
func (p Payments) orders(ctx context.Context, query string, args ...any) ([]payment.Order, error) {
	rows, err := p.DB.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	var list []payment.Order
	var more []int
	for rows.Next() {
		o, extras, err := scanOrder(rows)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		if extras > 0 {
			more = append(more, len(list))
		}
		list = append(list, o)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	for _, i := range more {
		rows, err := p.DB.Query(ctx, selectExtra, list[i].No)
		if err != nil {
			return nil, err
		}
		if list[i].Extra, err = scanExtra(rows); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Ledger implements payment.Store.
func (p Payments) Ledger(ctx context.Context, from, to time.Time) ([]payment.Posting, error) {
	rows, err := p.DB.Query(ctx, selectLedger, clock.Millis(from), clock.Millis(to))
	if err != nil {
		return nil, err
	}
	var list []payment.Posting
	for rows.Next() {
		var l payment.Posting
		var at int64
		if err := rows.Scan(&l.Kind, &l.Ref, &l.No, &l.Debit, &l.Credit, &l.Amount, &at); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		l.At = clock.FromMillis(at)
		list = append(list, l)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

func loadOrder(tx *sqldb.Tx, query string, args ...any) (payment.Order, error) {
	o, extras, err := scanOrder(tx.QueryRow(query, args...))
	if err != nil || extras == 0 {
		return o, err
	}
	rows, err := tx.Query(selectExtra, o.No)
	if err != nil {
		return o, err
	}
	o.Extra, err = scanExtra(rows)
	return o, err
}

func scanOrder(row oneRow) (o payment.Order, extras int, err error) {
	var trade sql.NullString
	var created, expires, paid, refunded, page int64
	err = row.Scan(&o.No, &o.ID, &o.For.Kind, &o.For.No, &o.Step, &o.Attempt, &o.Resident, &o.Account, &o.Region, &o.Sector, &o.Service,
		&o.Amount, &o.Payee, &o.About, &o.State, &o.URL, &trade, &o.RefundNo, &o.Reason, &o.Asked, &extras,
		&created, &expires, &paid, &refunded, &o.Rev, &page, &o.ReturnTo, &o.Hand)
	if errors.Is(err, sql.ErrNoRows) {
		return o, 0, fault.NotFound("payment.order", "没有找到这笔缴费，请核对编号")
	}
	o.Transaction = trade.String
	o.Created, o.Expires = clock.FromMillis(created), clock.FromMillis(expires)
	o.PaidAt, o.RefundedAt, o.URLAt = clock.FromMillis(paid), clock.FromMillis(refunded), clock.FromMillis(page)
	return o, extras, err
}

func orderArgs(o payment.Order) []any {
	return []any{
		o.No, o.ID, o.For.Kind, o.For.No, o.Step, o.Attempt, o.Resident, o.Account, o.Region, o.Sector, o.Service,
		int64(o.Amount), o.Payee, o.About, string(o.State), o.URL, orNull(o.Transaction), o.RefundNo, o.Reason, o.Asked, len(o.Extra),
		clock.Millis(o.Created), clock.Millis(o.Expires), clock.Millis(o.PaidAt), clock.Millis(o.RefundedAt), o.Rev,
		clock.Millis(o.URLAt), o.ReturnTo, o.Hand,
	}
}

func scanExtra(rows *sql.Rows) ([]payment.Extra, error) {
	var list []payment.Extra
	for rows.Next() {
		var x payment.Extra
		var at, refunded int64
		if err := rows.Scan(&x.Transaction, &x.Amount, &x.Currency, &x.State, &x.RefundNo, &x.Asked, &at, &refunded, &x.Hand); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		x.At, x.RefundedAt = clock.FromMillis(at), clock.FromMillis(refunded)
		list = append(list, x)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}
