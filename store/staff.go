package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"zhijian/domain/staff"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/store/sqldb"
)

// Staff keeps the people of the console and their sessions. Both fields are required.
type Staff struct {
	DB   *sqldb.DB
	Ring *seal.Ring
}

var (
	_ staff.Store = Staff{}
	_ staff.Roll  = Staff{}
)

// sealTOTP is the purpose of a second factor's secret. It is stored, so it never changes.
const sealTOTP = "staff.totp"

const (
	memberColumns = `id, login, name, department, operator, password, totp, last_step, created, rev`
	memberByUser  = `select ` + memberColumns + ` from staff where login = $1`
	memberByID    = `select ` + memberColumns + ` from staff where id = $1`
	claimLogin    = `
insert into staff (id, login, name, department, operator, password, last_step, created, rev)
values ($1, $2, '', 0, false, '', 0, $3, 0) on conflict (login) do nothing`
	updateMember = `
update staff set name = $1, department = $2, operator = $3, password = $4, totp = $5, last_step = $6, rev = $7 where id = $8`

	endMemberSessions   = `delete from staff_session where member = $1`
	insertStaffSession  = `insert into staff_session (id, token, member, created, seen, expires) values ($1, $2, $3, $4, $5, $6)`
	staffSessionByToken = `select id, member, created, seen, expires from staff_session where token = $1 and expires > $2`
	touchStaffSession   = `update staff_session set seen = $1 where id = $2 and seen < $1`
	sweepStaffSessions  = `delete from staff_session where id in (select id from staff_session where expires <= $1 order by expires limit 20)`
)

func noMember() *fault.Error {
	return fault.NotFound("staff", "没有找到这位工作人员，请核对用户名")
}

// Put implements staff.Store.
func (s Staff) Put(ctx context.Context, m staff.Member, events ...event.Body) (staff.Member, error) {
	var kept staff.Member
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(claimLogin, m.ID, m.User, clock.Millis(m.Created)); err != nil {
			return err
		}
		// The secret is bound to the row's id, which is only known now.
		var id, created, rev int64
		err := tx.QueryRow(`select id, created, rev from staff where login = $1`+tx.ForUpdate(), m.User).Scan(&id, &created, &rev)
		if err != nil {
			return err
		}
		kept = m
		kept.ID, kept.Created, kept.Rev = id, clock.FromMillis(created), rev+1
		if err := s.save(tx, kept); err != nil {
			return err
		}
		if _, err := tx.Exec(endMemberSessions, id); err != nil {
			return err
		}
		return tx.Append(staff.Key(id), events...)
	})
	return kept, err
}

// Nobody implements staff.Roll.
func (s Staff) Nobody(ctx context.Context) (bool, error) {
	var id int64
	err := s.DB.QueryRow(ctx, `select id from staff limit 1`).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	return false, err
}

// Note implements staff.Roll.
func (s Staff) Note(ctx context.Context, member int64, events ...event.Body) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error { return tx.Append(staff.Key(member), events...) })
}

// ByUser implements staff.Store.
func (s Staff) ByUser(ctx context.Context, user string) (staff.Member, error) {
	m, err := s.scan(s.DB.QueryRow(ctx, memberByUser, user))
	return m, absent(err, noMember())
}

// Member implements staff.Store.
func (s Staff) Member(ctx context.Context, id int64) (staff.Member, error) {
	m, err := s.scan(s.DB.QueryRow(ctx, memberByID, id))
	return m, absent(err, noMember())
}

// Change implements staff.Store.
func (s Staff) Change(ctx context.Context, id int64, rule func(*staff.Member) ([]event.Body, error)) (staff.Member, error) {
	return sqldb.Change(ctx, s.DB, staff.Key(id), func(tx *sqldb.Tx) (staff.Member, error) {
		m, err := s.scan(tx.QueryRow(memberByID+tx.ForUpdate(), id))
		return m, absent(err, noMember())
	}, rule, func(tx *sqldb.Tx, m *staff.Member) error {
		m.Rev++
		return s.save(tx, *m)
	})
}

func (s Staff) save(tx *sqldb.Tx, m staff.Member) error {
	f := sealing(s.Ring, "staff", m.ID)
	totp := f.seal(sealTOTP, m.TOTP.Reveal())
	if f.err != nil {
		return f.err
	}
	_, err := tx.Exec(updateMember, m.Name, m.Department, m.Operator, m.Password, totp, m.LastStep, m.Rev, m.ID)
	return err
}

func (s Staff) scan(row sqldb.Row) (staff.Member, error) {
	var m staff.Member
	var totp []byte
	var created int64
	err := row.Scan(&m.ID, &m.User, &m.Name, &m.Department, &m.Operator, &m.Password, &totp, &m.LastStep, &created, &m.Rev)
	if err != nil {
		return staff.Member{}, err
	}
	f := sealing(s.Ring, "staff", m.ID)
	m.TOTP, m.Created = f.text(sealTOTP, totp), clock.FromMillis(created)
	return m, f.err
}

// AddSession implements staff.Store.
func (s Staff) AddSession(ctx context.Context, tokenHash []byte, one staff.Session) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(sweepStaffSessions, clock.Millis(one.Seen)); err != nil {
			return err
		}
		_, err := tx.Exec(insertStaffSession, one.ID, tokenHash, one.Member,
			clock.Millis(one.Created), clock.Millis(one.Seen), clock.Millis(one.Expires))
		return err
	})
}

// Session implements staff.Store.
func (s Staff) Session(ctx context.Context, tokenHash []byte, now time.Time) (staff.Session, error) {
	var one staff.Session
	var created, seen, expires int64
	err := s.DB.QueryRow(ctx, staffSessionByToken, tokenHash, clock.Millis(now)).Scan(&one.ID, &one.Member, &created, &seen, &expires)
	one.Created, one.Seen, one.Expires = clock.FromMillis(created), clock.FromMillis(seen), clock.FromMillis(expires)
	return one, absent(err, noSession())
}

// Touch implements staff.Store.
func (s Staff) Touch(ctx context.Context, id int64, seen time.Time) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(touchStaffSession, clock.Millis(seen), id)
		return err
	})
}

// EndSession implements staff.Store.
func (s Staff) EndSession(ctx context.Context, id int64) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`delete from staff_session where id = $1`, id)
		return err
	})
}
