package store

import (
	"context"
	"errors"

	"zhijian/domain/payment"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/store/sqldb"
)

const (
	insertDay = `
insert into payment_day (date, try, done, lines, findings, ours, theirs, at) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (date) do nothing`
	tryDay    = `update payment_day set try = $1, at = $2 where date = $3 and try < $4`
	finishDay = `
update payment_day set done = true, lines = $1, findings = $2, ours = $3, theirs = $4, at = $5 where date = $6 and done = false`

	selectDays = `
select date, try, done, lines, findings, ours, theirs, at from payment_day where date >= $1 and date < $2 order by date`

	insertFinding = `
insert into payment_finding (day, order_no, kind, ref, ours, theirs, at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (day, order_no, kind, ref) do nothing`
	findingColumns = `day, order_no, kind, ref, ours, theirs, at, accepted`
	selectFindings = `select ` + findingColumns + ` from payment_finding where day = $1 order by order_no, kind, ref`
	// What settled by itself needs nobody.
	selectUnexplained = `
select ` + findingColumns + ` from payment_finding where accepted = 0 and kind <> 'state' order by day, order_no, kind, ref limit $1`
	acceptFinding = `
update payment_finding set accepted = $1 where day = $2 and order_no = $3 and kind = $4 and ref = $5 and accepted = 0`
)

// SaveDay implements payment.Store.
func (p Payments) SaveDay(ctx context.Context, d payment.Day, events ...event.Body) (bool, error) {
	saved := false
	err := p.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(insertDay, d.Date, d.Try, d.Done, d.Lines, d.Findings, int64(d.Ours), int64(d.Theirs), clock.Millis(d.At))
		if err == nil && n == 0 && d.Done {
			n, err = tx.Exec(finishDay, d.Lines, d.Findings, int64(d.Ours), int64(d.Theirs), clock.Millis(d.At), d.Date)
		}
		if err == nil && n == 0 {
			n, err = tx.Exec(tryDay, d.Try, clock.Millis(d.At), d.Date, d.Try)
		}
		if saved = n > 0; err != nil || !saved {
			return err
		}
		return tx.Append(d.Key(), events...)
	})
	return saved && err == nil, err
}

// Days implements payment.Books.
func (p Payments) Days(ctx context.Context, from, before string) ([]payment.Day, error) {
	rows, err := p.DB.Query(ctx, selectDays, from, before)
	if err != nil {
		return nil, err
	}
	var list []payment.Day
	for rows.Next() {
		var d payment.Day
		var at int64
		if err := rows.Scan(&d.Date, &d.Try, &d.Done, &d.Lines, &d.Findings, &d.Ours, &d.Theirs, &at); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		d.At = clock.FromMillis(at)
		list = append(list, d)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

// AddFinding implements payment.Store.
func (p Payments) AddFinding(ctx context.Context, f payment.Finding) error {
	return p.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(insertFinding, f.Day, f.No, f.Kind, f.Ref, int64(f.Ours), int64(f.Theirs), clock.Millis(f.At))
		return err
	})
}

// Findings implements payment.Store.
func (p Payments) Findings(ctx context.Context, day string) ([]payment.Finding, error) {
	return p.findings(ctx, selectFindings, day)
}

// Unexplained implements payment.Books.
func (p Payments) Unexplained(ctx context.Context, limit int) ([]payment.Finding, error) {
	return p.findings(ctx, selectUnexplained, limit)
}

func (p Payments) findings(ctx context.Context, query string, arg any) ([]payment.Finding, error) {
	rows, err := p.DB.Query(ctx, query, arg)
	if err != nil {
		return nil, err
	}
	var list []payment.Finding
	for rows.Next() {
		var f payment.Finding
		var at, accepted int64
		if err := rows.Scan(&f.Day, &f.No, &f.Kind, &f.Ref, &f.Ours, &f.Theirs, &at, &accepted); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		f.At, f.Accepted = clock.FromMillis(at), clock.FromMillis(accepted)
		list = append(list, f)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

// Accept implements payment.Books.
func (p Payments) Accept(ctx context.Context, f payment.Finding, events ...event.Body) (bool, error) {
	found := false
	err := p.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(acceptFinding, clock.Millis(f.Accepted), f.Day, f.No, f.Kind, f.Ref)
		if found = n > 0; err != nil || !found {
			return err
		}
		return tx.Append(payment.Day{Date: f.Day}.Key(), events...)
	})
	return found && err == nil, err
}
