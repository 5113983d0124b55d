package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"zhijian/domain/identity"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/store/sqldb"
)

// Sessions keeps the sessions of residents. DB and Ring are required.
type Sessions struct {
	DB   *sqldb.DB
	Ring *seal.Ring   // opens the resident that Find gives
	Memo *SessionMemo // what Find found; nil remembers nothing
}

// SessionMemo remembers sessions with their residents by the hash of the token: every request of a resident asks for both.
type SessionMemo = sqldb.Memo[string, signedIn]

type signedIn struct {
	session  identity.Session
	resident identity.Resident
}

// NewSessionMemo makes a SessionMemo for the residents who are at it at once.
func NewSessionMemo(db *sqldb.DB) *SessionMemo {
	return sqldb.NewMemo[string](db, 4096, func(s signedIn) string { return identity.Key(s.resident.ID) })
}

var _ identity.SessionStore = Sessions{}

const (
	sessionColumns = `s.id, s.resident, s.device, s.created, s.seen, s.expires, s.step_up`

	sessionByID = `select ` + sessionColumns + ` from session s where s.id = $1 and s.resident = $2`

	sessionByToken = `select ` + sessionColumns + `, ` + residentColumns + `
from session s join resident r on r.id = s.resident where s.token = $1`

	sessionsOf = `select ` + sessionColumns + ` from session s where s.resident = $1 and s.expires > $2 order by s.seen desc, s.id desc`

	insertSession = `
insert into session (id, token, resident, device, created, seen, expires, step_up) values ($1, $2, $3, $4, $5, $6, $7, $8)`

	replaceSession = `delete from session where id = $1 returning resident`
	deleteSession  = `delete from session where id = $1 and resident = $2`
	deleteSessions = `delete from session where resident = $1 and id <> $2`
	sweepSessions  = `delete from session where id in (select id from session where expires <= $1 order by expires limit 20)`

	// A session that ended meanwhile has no row, so a late touch cannot revive it.
	touchSession = `update session set seen = $1, expires = $2 where id = $3 and seen < $1`
)

func noSession() *fault.Error { return fault.NotFound("session", "请先登录") }

// Open implements identity.SessionStore.
func (s Sessions) Open(ctx context.Context, swap identity.Swap, events ...event.Body) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if err := openSession(tx, swap); err != nil {
			return err
		}
		if _, err := tx.Exec(sweepSessions, clock.Millis(swap.Session.Seen)); err != nil {
			return err
		}
		return tx.Append(identity.Key(swap.Session.Resident), events...)
	})
}

// openSession saves a session in place of the one it replaces.
func openSession(tx *sqldb.Tx, swap identity.Swap) error {
	one := swap.Session
	if swap.Old != 0 {
		// It may be another resident's, who used the same browser before.
		var resident int64
		err := tx.QueryRow(replaceSession, swap.Old).Scan(&resident)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		tx.Concerns(identity.Key(resident))
	}
	_, err := tx.Exec(insertSession, one.ID, swap.Token, one.Resident, one.Device,
		clock.Millis(one.Created), clock.Millis(one.Seen), clock.Millis(one.Expires), clock.Millis(one.StepUp))
	return err
}

// Find implements identity.SessionStore.
func (s Sessions) Find(ctx context.Context, token []byte, now time.Time) (identity.Session, identity.Resident, error) {
	found, err := s.Memo.Get(string(token), func() (signedIn, error) {
		var one sessionRow
		r, err := Residents{DB: s.DB, Ring: s.Ring}.scan(s.DB.QueryRow(ctx, sessionByToken, token), one.dest()...)
		return signedIn{session: one.session(), resident: r}, err
	})
	if err == nil && !found.session.Expires.After(now) {
		err = noSession()
	}
	if err != nil {
		return identity.Session{}, identity.Resident{}, absent(err, noSession())
	}
	return found.session, found.resident, nil
}

// Touch implements identity.SessionStore.
func (s Sessions) Touch(ctx context.Context, resident, id int64, seen, expires time.Time) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		tx.Concerns(identity.Key(resident))
		_, err := tx.Exec(touchSession, clock.Millis(seen), clock.Millis(expires), id)
		return err
	})
}

// List implements identity.SessionStore.
func (s Sessions) List(ctx context.Context, resident int64, now time.Time) ([]identity.Session, error) {
	rows, err := s.DB.Query(ctx, sessionsOf, resident, clock.Millis(now))
	if err != nil {
		return nil, err
	}
	var list []identity.Session
	for rows.Next() {
		one, err := scanSession(rows)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		list = append(list, one)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

// End implements identity.SessionStore.
func (s Sessions) End(ctx context.Context, resident, id, keep int64, events ...event.Body) (int, error) {
	var n int64
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) (err error) {
		if id != 0 {
			n, err = tx.Exec(deleteSession, id, resident)
		} else {
			n, err = tx.Exec(deleteSessions, resident, keep)
		}
		if err != nil || n == 0 {
			return err
		}
		return tx.Append(identity.Key(resident), events...)
	})
	return int(n), err
}

// sessionRow reads sessionColumns.
type sessionRow struct {
	s                              identity.Session
	created, seen, expires, stepUp int64
}

func (r *sessionRow) dest() []any {
	return []any{&r.s.ID, &r.s.Resident, &r.s.Device, &r.created, &r.seen, &r.expires, &r.stepUp}
}

func (r *sessionRow) session() identity.Session {
	r.s.Created, r.s.Seen = clock.FromMillis(r.created), clock.FromMillis(r.seen)
	r.s.Expires, r.s.StepUp = clock.FromMillis(r.expires), clock.FromMillis(r.stepUp)
	return r.s
}

func scanSession(row sqldb.Row) (identity.Session, error) {
	var r sessionRow
	if err := row.Scan(r.dest()...); err != nil {
		return identity.Session{}, err
	}
	return r.session(), nil
}
