package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"zhijian/domain/identity"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/store/sqldb"
)

// Mandates keeps mandates. Both fields are required.
type Mandates struct {
	DB   *sqldb.DB
	Ring *seal.Ring
}

var _ identity.MandateStore = Mandates{}

// sealMandateName is the purpose of the name that was asked for. It is stored, so it never changes.
const sealMandateName = "mandate.name"

const (
	mandateColumns = `id, agent, principal, asked_blind, name, services, state, asked, answered, until, ended, rev`
	insertMandate  = `insert into mandate (` + mandateColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	mandateByID    = `select ` + mandateColumns + ` from mandate where id = $1`
	mandatesOf     = `select ` + mandateColumns + ` from mandate where agent = $1 order by asked desc, id desc limit 100`
	// A number is asked for only until somebody answers; after that the mandate has its principal.
	mandatesOn = `select ` + mandateColumns + ` from mandate where principal = $1 or (asked_blind = $2 and state = 'asked')
order by asked desc, id desc limit 100`
	updateMandate = `update mandate set principal = $1, name = $2, state = $3, answered = $4, ended = $5, rev = $6 where id = $7`
)

// Index implements identity.MandateStore.
func (s Mandates) Index(number seal.Text) []byte { return s.Ring.Blind(sealCitizen, number.Reveal()) }

// Numbered implements identity.MandateStore.
func (s Mandates) Numbered(ctx context.Context, number []byte) (int64, error) {
	var id int64
	err := s.DB.QueryRow(ctx, residentHolding, number).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

// AddMandate implements identity.MandateStore.
func (s Mandates) AddMandate(ctx context.Context, m identity.Mandate, events ...event.Body) error {
	services, err := json.Marshal(append([]string{}, m.Services...))
	if err != nil {
		return err
	}
	f := sealing(s.Ring, "mandate", m.ID)
	name := f.seal(sealMandateName, m.Name.Reveal())
	if f.err != nil {
		return f.err
	}
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(insertMandate, m.ID, m.Agent, m.Principal, m.Asked, name, string(services), string(m.State),
			clock.Millis(m.At), clock.Millis(m.Answered), clock.Millis(m.Until), clock.Millis(m.Ended), m.Rev)
		if err != nil {
			return err
		}
		return tx.Append(identity.MandateKey(m.ID), events...)
	})
}

// Mandate implements identity.MandateStore.
func (s Mandates) Mandate(ctx context.Context, id int64) (identity.Mandate, error) {
	m, err := s.scan(s.DB.QueryRow(ctx, mandateByID, id))
	return m, absent(err, noMandate())
}

func noMandate() *fault.Error {
	return fault.NotFound("mandate", "没有找到这份授权，它可能已经过期或被撤回")
}

// ChangeMandate implements identity.MandateStore.
func (s Mandates) ChangeMandate(ctx context.Context, id int64, rule func(*identity.Mandate) ([]event.Body, error)) (identity.Mandate, error) {
	return sqldb.Change(ctx, s.DB, identity.MandateKey(id), func(tx *sqldb.Tx) (identity.Mandate, error) {
		m, err := s.scan(tx.QueryRow(mandateByID+tx.ForUpdate(), id))
		return m, absent(err, noMandate())
	}, rule, func(tx *sqldb.Tx, m *identity.Mandate) error {
		m.Rev++
		f := sealing(s.Ring, "mandate", m.ID)
		name := f.seal(sealMandateName, m.Name.Reveal())
		if f.err != nil {
			return f.err
		}
		_, err := tx.Exec(updateMandate, m.Principal, name, string(m.State), clock.Millis(m.Answered), clock.Millis(m.Ended), m.Rev, m.ID)
		return err
	})
}

// MandatesOf implements identity.MandateStore.
func (s Mandates) MandatesOf(ctx context.Context, agent int64) ([]identity.Mandate, error) {
	return s.list(s.DB.Query(ctx, mandatesOf, agent))
}

// MandatesOn implements identity.MandateStore.
func (s Mandates) MandatesOn(ctx context.Context, principal int64, number seal.Text) ([]identity.Mandate, error) {
	if number.IsZero() { // nobody is asked for without a number
		number = seal.Plain("-")
	}
	return s.list(s.DB.Query(ctx, mandatesOn, principal, s.Index(number)))
}

func (s Mandates) list(rows *sql.Rows, err error) ([]identity.Mandate, error) {
	if err != nil {
		return nil, err
	}
	var list []identity.Mandate
	for rows.Next() {
		m, err := s.scan(rows)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		list = append(list, m)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

func (s Mandates) scan(row oneRow) (identity.Mandate, error) {
	var m identity.Mandate
	var name []byte
	var services string
	var at, answered, until, ended int64
	err := row.Scan(&m.ID, &m.Agent, &m.Principal, &m.Asked, &name, &services, &m.State, &at, &answered, &until, &ended, &m.Rev)
	if err != nil {
		return identity.Mandate{}, err
	}
	f := sealing(s.Ring, "mandate", m.ID)
	m.Name = f.text(sealMandateName, name)
	m.At, m.Answered, m.Until, m.Ended = clock.FromMillis(at), clock.FromMillis(answered), clock.FromMillis(until), clock.FromMillis(ended)
	return m, errors.Join(f.err, json.Unmarshal([]byte(services), &m.Services))
}
