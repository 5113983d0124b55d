package store

import (
	"context"
	"time"

	"zhijian/ground/clock"
	"zhijian/store/sqldb"
)

// Looks keeps which of the staff read whose cases. It is made from events, so it may be made anew from them.
type Looks struct{ DB *sqldb.DB }

// Look is one time that staff read a case.
type Look struct {
	ID       int64 // of the event
	Resident int64 // 0 while the case is a visitor's
	At       time.Time
	No       string // of the case
	Account  int64  // that answers for the case
	Operator bool   // somebody of the platform, not of the department
	Purpose  string
}

const (
	insertLook = `
insert into look (id, resident, at, no, account, operator, purpose) values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing`
	claimLooks  = `update look set resident = $1 where no = $2 and resident = 0`
	selectLooks = `
select id, resident, at, no, account, operator, purpose from look where resident = $1 order by at desc, id desc limit $2`
)

// Add keeps a look; the same again does nothing.
func (s Looks) Add(ctx context.Context, l Look) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(insertLook, l.ID, l.Resident, clock.Millis(l.At), l.No, l.Account, l.Operator, l.Purpose)
		return err
	})
}

// Claim gives the looks at a visitor's case to the resident it became.
func (s Looks) Claim(ctx context.Context, no string, resident int64) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(claimLooks, resident, no)
		return err
	})
}

// Of lists who read a resident's cases, newest first.
func (s Looks) Of(ctx context.Context, resident int64, limit int) ([]Look, error) {
	rows, err := s.DB.Query(ctx, selectLooks, resident, limit)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, func(row sqldb.Row) (Look, error) {
		var l Look
		var at int64
		err := row.Scan(&l.ID, &l.Resident, &at, &l.No, &l.Account, &l.Operator, &l.Purpose)
		l.At = clock.FromMillis(at)
		return l, err
	})
}
