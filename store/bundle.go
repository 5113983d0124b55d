package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"

	"zhijian/domain/bundle"
	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/ground/cursor"
	"zhijian/ground/event"
	"zhijian/ground/seal"
	"zhijian/store/sqldb"
)

// Bundles keeps matters of life. DB and Ring are required.
type Bundles struct {
	DB   *sqldb.DB
	Ring *seal.Ring
}

var _ bundle.Store = Bundles{}

const (
	bundleColumns = `no, id, resident, city, bundle, version, lang, channel, level, state, data, members, opened, updated, kept, ended, rev`

	insertBundle = `insert into bundle (` + bundleColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`
	bundleByNo   = `select ` + bundleColumns + ` from bundle where no = $1`
	updateBundle = `update bundle set level = $1, state = $2, data = $3, members = $4, updated = $5, kept = $6, ended = $7, rev = $8 where no = $9`

	insertBundleCase = `insert into bundle_case (case_no, no) values ($1, $2) on conflict (case_no) do nothing`
	bundleOfCase     = `select no from bundle_case where case_no = $1`

	purposeBundle = "bundle.data"
)

// Add implements bundle.Store.
func (s Bundles) Add(ctx context.Context, b bundle.Bundle, events ...event.Body) error {
	data, members, err := s.moving(b)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(
			insertBundle, b.No, b.ID, b.Resident, b.City, b.Bundle, b.Version, b.Lang, b.Channel, b.Level, string(b.State), data, members,
			clock.Millis(b.Opened), clock.Millis(b.Updated), clock.Millis(b.Kept), clock.Millis(b.Ended), b.Rev,
		); err != nil {
			return err
		}
		return tx.Append(b.No, events...)
	})
}

// moving gives the answers sealed and the members as JSON.
func (s Bundles) moving(b bundle.Bundle) (data any, members string, err error) {
	plain, err := b.Data.Encode()
	if err != nil {
		return nil, "", err
	}
	lock := sealing(s.Ring, "bundle", b.ID)
	data = lock.seal(purposeBundle, string(plain))
	list, err := json.Marshal(b.Members)
	return data, string(list), errors.Join(lock.err, err)
}

// Bundle implements bundle.Store.
func (s Bundles) Bundle(ctx context.Context, no string) (bundle.Bundle, error) {
	b, err := s.scan(s.DB.QueryRow(ctx, bundleByNo, no))
	return b, absent(err, bundle.Absent())
}

// Change implements bundle.Store.
func (s Bundles) Change(ctx context.Context, no string, rule func(*bundle.Bundle) ([]event.Body, error)) (bundle.Bundle, error) {
	var kept bundle.Bundle
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		b, err := s.scan(tx.QueryRow(bundleByNo+tx.ForUpdate(), no))
		if err != nil {
			return absent(err, bundle.Absent())
		}
		kept = b
		bodies, err := rule(&b)
		if err != nil || bodies == nil {
			return err
		}
		b.Rev++
		data, members, err := s.moving(b)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(
			updateBundle, b.Level, string(b.State), data, members, clock.Millis(b.Updated), clock.Millis(b.Kept), clock.Millis(b.Ended), b.Rev, no,
		); err != nil {
			return err
		}
		for id, m := range b.Members {
			if m.Case == "" || kept.Members[id].Case == m.Case {
				continue
			}
			if _, err := tx.Exec(insertBundleCase, m.Case, no); err != nil {
				return err
			}
		}
		kept = b
		return tx.Append(no, bodies...)
	})
	return kept, err
}

// Holding implements bundle.Store.
func (s Bundles) Holding(ctx context.Context, caseNo string) (no string, err error) {
	err = s.DB.QueryRow(ctx, bundleOfCase, caseNo).Scan(&no)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return no, err
}

// Of implements bundle.Store.
func (s Bundles) Of(ctx context.Context, resident int64, after cursor.Cursor, limit int) ([]bundle.Bundle, error) {
	var w conditions
	w.add("resident = ?", resident)
	if after != (cursor.Cursor{}) {
		w.before("updated", "id", after.At, after.ID)
	}
	rows, err := s.DB.Query(ctx, `select `+bundleColumns+` from bundle`+w.text()+` order by updated desc, id desc limit `+strconv.Itoa(min(limit, 50)), w.args...)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, s.scan)
}

func (s Bundles) scan(row sqldb.Row) (bundle.Bundle, error) {
	var b bundle.Bundle
	var data []byte
	var members, state string
	var opened, updated, kept, ended int64
	if err := row.Scan(
		&b.No, &b.ID, &b.Resident, &b.City, &b.Bundle, &b.Version, &b.Lang, &b.Channel, &b.Level, &state, &data, &members, &opened, &updated, &kept, &ended, &b.Rev,
	); err != nil {
		return b, err
	}
	b.State = bundle.State(state)
	b.Opened, b.Updated, b.Kept, b.Ended = clock.FromMillis(opened), clock.FromMillis(updated), clock.FromMillis(kept), clock.FromMillis(ended)
	lock := sealing(s.Ring, "bundle", b.ID)
	plain := lock.open(purposeBundle, data)
	if lock.err != nil {
		return b, lock.err
	}
	var err error
	if b.Data, err = service.DecodeState([]byte(plain)); err != nil {
		return b, err
	}
	return b, json.Unmarshal([]byte(members), &b.Members)
}
