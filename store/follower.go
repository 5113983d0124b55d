package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"zhijian/domain/follower"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/store/sqldb"
)

// Followers keeps who writes from other platforms. Both fields are required.
type Followers struct {
	DB   *sqldb.DB
	Ring *seal.Ring
}

var _ follower.Store = Followers{}

// The purposes of what is sealed and indexed. They are stored, so they never change. The visitor's is another than the index's: who reads the
// table cannot speak as anybody in it.
const (
	sealFollowerCode = "follower.code"
	blindFollower    = "follower.openid"
	blindVisitor     = "follower.visitor"
)

const (
	followerColumns = `id, account, openid_blind, resident, bound, link, link_until, claimant, code, tries, rev`
	insertFollower  = `insert into follower (` + followerColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (openid_blind) do nothing`
	followerByID    = `select ` + followerColumns + ` from follower where id = $1`
	followerByBlind = `select ` + followerColumns + ` from follower where openid_blind = $1`
	followerByLink  = `select ` + followerColumns + ` from follower where link = $1`
	followersOf     = `select ` + followerColumns + ` from follower where resident = $1 order by bound desc, id desc limit 100`
	updateFollower  = `update follower set resident = $1, bound = $2, link = $3, link_until = $4, claimant = $5, code = $6, tries = $7, rev = $8 where id = $9`
	insertSeen      = `insert into follower_seen (signature, message, until) values ($1, $2, $3) on conflict (signature) do nothing`
	selectSeen      = `select message from follower_seen where signature = $1`
	sweepSeen       = `delete from follower_seen where until <= $1`
	sweepFollowers  = `delete from follower where id in (select id from follower where resident = 0 and link_until <= $1 order by link_until limit 20)`
)

// Keys implements follower.Store.
func (s Followers) Keys(account int64, openid seal.Text) (index []byte, visitor string) {
	whose := strconv.FormatInt(account, 10) + "\x00" + openid.Reveal()
	return s.Ring.Blind(blindFollower, whose), "follower-" + hex.EncodeToString(s.Ring.Blind(blindVisitor, whose))
}

// Follower implements follower.Store.
func (s Followers) Follower(ctx context.Context, index []byte) (follower.Follower, error) {
	return s.one(s.DB.QueryRow(ctx, followerByBlind, index))
}

// Linked implements follower.Store.
func (s Followers) Linked(ctx context.Context, hash []byte) (follower.Follower, error) {
	return s.one(s.DB.QueryRow(ctx, followerByLink, hash))
}

// one reads a follower; the zero one when there is none.
func (s Followers) one(row sqldb.Row) (follower.Follower, error) {
	f, err := s.scan(row)
	if errors.Is(err, sql.ErrNoRows) {
		return follower.Follower{}, nil
	}
	return f, err
}

// Seen implements follower.Store.
func (s Followers) Seen(ctx context.Context, signature, message []byte, now, until time.Time) (kept []byte, err error) {
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		kept = message
		if _, err := tx.Exec(sweepSeen, clock.Millis(now)); err != nil {
			return err
		}
		n, err := tx.Exec(insertSeen, signature, message, clock.Millis(until))
		if err == nil && n == 0 {
			err = tx.QueryRow(selectSeen, signature).Scan(&kept)
		}
		return err
	})
	return kept, err
}

// Of implements follower.Store.
func (s Followers) Of(ctx context.Context, resident int64) ([]follower.Follower, error) {
	rows, err := s.DB.Query(ctx, followersOf, resident)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, s.scan)
}

// Add implements follower.Store.
func (s Followers) Add(ctx context.Context, f follower.Follower, spent time.Time, events ...event.Body) (follower.Follower, error) {
	code, err := s.code(f)
	if err != nil {
		return follower.Follower{}, err
	}
	kept := f
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		kept = f
		if _, err := tx.Exec(sweepFollowers, clock.Millis(spent)); err != nil {
			return err
		}
		n, err := tx.Exec(insertFollower, f.ID, f.Account, f.Index, f.Resident, clock.Millis(f.Bound), f.Link.Hash, clock.Millis(f.Link.Until), f.Link.Claimant, code, f.Link.Tries, f.Rev)
		if err != nil {
			return err
		}
		if n == 0 {
			kept, err = s.scan(tx.QueryRow(followerByBlind, f.Index))
			return err
		}
		return tx.Append(follower.Key(f.ID), events...)
	})
	return kept, err
}

// code seals the number of a link.
func (s Followers) code(f follower.Follower) (any, error) {
	seals := sealing(s.Ring, "follower", f.ID)
	code := seals.seal(sealFollowerCode, f.Link.Code.Reveal())
	return code, seals.err
}

// Change implements follower.Store.
func (s Followers) Change(ctx context.Context, id int64, rule func(*follower.Follower) ([]event.Body, error)) (follower.Follower, error) {
	return sqldb.Change(ctx, s.DB, follower.Key(id), func(tx *sqldb.Tx) (follower.Follower, error) {
		f, err := s.scan(tx.QueryRow(followerByID+tx.ForUpdate(), id))
		return f, absent(err, fault.NotFound("follower", "没有找到这个微信号，可能已经解除"))
	}, rule, func(tx *sqldb.Tx, f *follower.Follower) error {
		f.Rev++
		code, err := s.code(*f)
		if err != nil {
			return err
		}
		_, err = tx.Exec(updateFollower, f.Resident, clock.Millis(f.Bound), f.Link.Hash, clock.Millis(f.Link.Until), f.Link.Claimant, code, f.Link.Tries, f.Rev, f.ID)
		return err
	})
}

func (s Followers) scan(row sqldb.Row) (follower.Follower, error) {
	var f follower.Follower
	var code []byte
	var bound, until int64
	err := row.Scan(&f.ID, &f.Account, &f.Index, &f.Resident, &bound, &f.Link.Hash, &until, &f.Link.Claimant, &code, &f.Link.Tries, &f.Rev)
	if err != nil {
		return follower.Follower{}, err
	}
	seals := sealing(s.Ring, "follower", f.ID)
	f.Link.Code = seals.text(sealFollowerCode, code)
	f.Bound, f.Link.Until = clock.FromMillis(bound), clock.FromMillis(until)
	return f, seals.err
}
