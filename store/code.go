package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"time"

	"zhijian/domain/identity"
	"zhijian/ground/clock"
	"zhijian/store/sqldb"
)

// Codes keeps one-time codes. Its field is required.
type Codes struct{ DB *sqldb.DB }

var _ identity.CodeStore = Codes{}

const (
	upsertCode = `
insert into code (target, salt, hash, tries, expires, phone) values ($1, $2, $3, $4, $5, $6)
on conflict (target) do update set salt = excluded.salt, hash = excluded.hash, tries = excluded.tries, expires = excluded.expires`

	selectCode = `select target, salt, hash, tries, expires from code where target = $1 and expires > $2 and tries < $3`
	liveCodes  = `select target from code where phone = $1 and expires > $2`
	deleteCode = `delete from code where target = $1`
	countTry   = `update code set tries = tries + 1 where target = $1`
	sweepCodes = `delete from code where target in (select target from code where expires <= $1 order by expires limit 20)`
)

// Keep implements identity.CodeStore.
func (s Codes) Keep(ctx context.Context, c identity.Code) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		// What expired a day before this one will is of no use to anybody.
		if _, err := tx.Exec(sweepCodes, clock.Millis(c.Expires.Add(-24*time.Hour))); err != nil {
			return err
		}
		_, err := tx.Exec(upsertCode, c.Target, c.Salt, c.Hash, c.Tries, clock.Millis(c.Expires), c.Phone)
		return err
	})
}

// Live implements identity.CodeStore.
func (s Codes) Live(ctx context.Context, phone, target []byte, now time.Time) (one, own bool, err error) {
	rows, err := s.DB.Query(ctx, liveCodes, phone, clock.Millis(now))
	if err != nil {
		return false, false, err
	}
	for rows.Next() {
		var found []byte
		if err := rows.Scan(&found); err != nil {
			return false, false, errors.Join(err, rows.Close())
		}
		one, own = true, own || bytes.Equal(found, target)
	}
	return one, own, errors.Join(rows.Err(), rows.Close())
}

// Try implements identity.CodeStore.
func (s Codes) Try(ctx context.Context, target []byte, now time.Time, most int, right func(identity.Code) bool) (bool, error) {
	ok := false
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		ok = false
		var c identity.Code
		var expires int64
		err := tx.QueryRow(selectCode+tx.ForUpdate(), target, clock.Millis(now), most).Scan(&c.Target, &c.Salt, &c.Hash, &c.Tries, &expires)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		c.Expires = clock.FromMillis(expires)
		if ok = right(c); ok {
			_, err = tx.Exec(deleteCode, target)
		} else {
			_, err = tx.Exec(countTry, target)
		}
		return err
	})
	return ok && err == nil, err
}
