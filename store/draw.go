package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"zhijian/domain/draw"
	"zhijian/domain/draw/record"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/store/sqldb"
)

// Draws keeps draws and who takes part in them. DB and Ring are required.
type Draws struct {
	DB   *sqldb.DB
	Ring *seal.Ring
}

var (
	_ draw.Store   = Draws{}
	_ draw.Entries = Draws{}
)

const (
	drawColumns = `id, no, department, city, series, period, state, terms, last, course, house, created, rev`
	insertDraw  = `insert into draw (` + drawColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (series, period) do nothing`
	drawByNo    = `select ` + drawColumns + ` from draw where no = $1`
	drawByID    = `select ` + drawColumns + ` from draw where id = $1`
	drawsBy     = `select ` + drawColumns + ` from draw where (department = $1 or $1 = 0) and (city = $2 or $2 = '') and (series = $3 or $3 = '') order by created desc, id desc limit $4`
	updateDraw  = `update draw set state = $1, course = $2, house = $3, rev = $4 where id = $5`
	updateLast  = `update draw set last = $1 where id = $2`

	entryColumns  = `draw, number, act, nonce, blind, choices, state, turn, place, created`
	insertEntry   = `insert into draw_entry (` + entryColumns + `, person, phone) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	entryByAct    = `select ` + entryColumns + ` from draw_entry where act = $1`
	entryByPerson = `select ` + entryColumns + ` from draw_entry where draw = $1 and person = $2 and state = 'entered'`
	entryByNumber = `select ` + entryColumns + ` from draw_entry where draw = $1 and number = $2`
	entryIsOf     = `select count(*) from draw_entry where draw = $1 and number = $2 and phone = $3`
	entriesAll    = `select number, blind, choices, state from draw_entry where draw = $1 order by number`
	entryOut      = `update draw_entry set state = $1 where draw = $2 and number = $3`
	entryTold     = `update draw_entry set turn = $1, place = $2 where draw = $3 and number = $4`
	insertVoid    = `insert into draw_void (act, at) values ($1, $2) on conflict (act) do nothing`
	voidByAct     = `select count(*) from draw_void where act = $1`

	purposeHouse  = "draw.house"
	purposeNonce  = "draw_entry.nonce"
	purposePerson = "draw_entry.person"
	purposePhone  = "draw_entry.phone"
)

// toldBatch is how many results one transaction keeps: the one writer of SQLite is everybody's.
const toldBatch = 500

// Add implements draw.Store.
func (s Draws) Add(ctx context.Context, d draw.Draw, events ...event.Body) error {
	terms, err := json.Marshal(d.Terms)
	if err != nil {
		return err
	}
	course, err := json.Marshal(d.Course)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(insertDraw, d.ID, d.No, d.Department, d.Terms.City, d.Terms.Series, d.Terms.Period, string(d.State), string(terms), d.Last, string(course), nil, clock.Millis(d.Created), d.Rev)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Invalid("draw.period", "这一项已经有同一期次的摇号，请换一个期次").On("period")
		}
		return tx.Append(draw.Key(d.ID), events...)
	})
}

// Draw implements draw.Store.
func (s Draws) Draw(ctx context.Context, no string) (draw.Draw, error) {
	d, err := s.scan(s.DB.QueryRow(ctx, drawByNo, no))
	return d, absent(err, noDraw())
}

func noDraw() *fault.Error {
	return fault.NotFound("draw", "没有找到这次摇号，请核对网址")
}

// List implements draw.Store.
func (s Draws) List(ctx context.Context, f draw.Filter) ([]draw.Draw, error) {
	rows, err := s.DB.Query(ctx, drawsBy, f.Department, f.City, f.Series, f.Limit)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, s.scan)
}

// Change implements draw.Store.
func (s Draws) Change(ctx context.Context, no string, rule func(*draw.Draw) ([]event.Body, error)) (draw.Draw, error) {
	was, err := s.Draw(ctx, no) // the key of its events is the id, which never changes
	if err != nil {
		return draw.Draw{}, err
	}
	return sqldb.Change(ctx, s.DB, draw.Key(was.ID), func(tx *sqldb.Tx) (draw.Draw, error) {
		d, err := s.scan(tx.QueryRow(drawByID+tx.ForUpdate(), was.ID))
		return d, absent(err, noDraw())
	}, rule, func(tx *sqldb.Tx, d *draw.Draw) error {
		course, err := json.Marshal(d.Course)
		if err != nil {
			return err
		}
		lock := sealing(s.Ring, "draw", d.ID)
		house := lock.seal(purposeHouse, d.House.Reveal())
		if lock.err != nil {
			return lock.err
		}
		_, err = tx.Exec(updateDraw, string(d.State), string(course), house, d.Rev, d.ID)
		return err
	})
}

func (s Draws) scan(row sqldb.Row) (draw.Draw, error) {
	var d draw.Draw
	var state, terms, course, city, series, period string
	var house []byte
	var created int64
	if err := row.Scan(&d.ID, &d.No, &d.Department, &city, &series, &period, &state, &terms, &d.Last, &course, &house, &created, &d.Rev); err != nil {
		return draw.Draw{}, err
	}
	if err := json.Unmarshal([]byte(terms), &d.Terms); err != nil {
		return draw.Draw{}, fmt.Errorf("terms of draw %d: %w", d.ID, err)
	}
	if err := json.Unmarshal([]byte(course), &d.Course); err != nil {
		return draw.Draw{}, fmt.Errorf("course of draw %d: %w", d.ID, err)
	}
	lock := sealing(s.Ring, "draw", d.ID)
	d.State, d.Created, d.House = draw.State(state), clock.FromMillis(created), lock.text(purposeHouse, house)
	return d, lock.err
}

// personOf hashes a person within a draw, so that the same person in two draws is not the same hash.
func (s Draws) personOf(id int64, person seal.Text) []byte {
	return s.Ring.Blind(purposePerson, fmt.Sprintf("%d\x00%s", id, person.Reveal()))
}

func (s Draws) phoneOf(id int64, phone seal.Text) []byte {
	return s.Ring.Blind(purposePhone, fmt.Sprintf("%d\x00%s", id, phone.Reveal()))
}

// entryPlace is what an entry's nonce is sealed to.
func entryPlace(id int64) string { return fmt.Sprintf("draw_entry/%d", id) }

// Enter implements draw.Entries.
func (s Draws) Enter(ctx context.Context, no, key string, person seal.Text, make func(draw.Draw, int) (draw.Entry, []event.Body, error)) (draw.Entry, error) {
	was, err := s.Draw(ctx, no)
	if err != nil {
		return draw.Entry{}, err
	}
	var kept draw.Entry
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		d, err := s.scan(tx.QueryRow(drawByID+tx.ForUpdate(), was.ID))
		if err != nil {
			return err
		}
		if kept, err = s.scanEntry(tx.QueryRow(entryByAct, key)); err == nil || !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		var void int
		if err := tx.QueryRow(voidByAct, key).Scan(&void); err != nil {
			return err
		}
		if void > 0 {
			return draw.Voided()
		}
		hash := s.personOf(d.ID, person)
		switch other, err := s.scanEntry(tx.QueryRow(entryByPerson, d.ID, hash)); {
		case err == nil:
			return draw.Twice(d.Code(other.Number))
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		e, events, err := make(d, d.Last+1)
		if err != nil {
			return err
		}
		lock := sealing(s.Ring, entryPlace(d.ID), int64(e.Number))
		nonce := lock.seal(purposeNonce, e.Nonce.Reveal())
		if lock.err != nil {
			return lock.err
		}
		if _, err := tx.Exec(insertEntry, e.Draw, e.Number, e.Key, nonce, e.Blind, strings.Join(e.Choices, ","), string(e.State), e.Turn, e.Place, clock.Millis(e.Created), hash, s.phoneOf(d.ID, e.Phone)); err != nil {
			return err
		}
		if _, err := tx.Exec(updateLast, e.Number, d.ID); err != nil {
			return err
		}
		kept = e
		return tx.Append(draw.EntryKey(d.ID, e.Number), events...)
	})
	return kept, err
}

// Void implements draw.Entries.
func (s Draws) Void(ctx context.Context, key string, rule func(draw.Draw, *draw.Entry) ([]event.Body, error)) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		e, err := s.scanEntry(tx.QueryRow(entryByAct, key))
		if errors.Is(err, sql.ErrNoRows) {
			_, err = tx.Exec(insertVoid, key, clock.Millis(tx.Now()))
			return err
		}
		if err != nil {
			return err
		}
		d, err := s.scan(tx.QueryRow(drawByID+tx.ForUpdate(), e.Draw))
		if err != nil {
			return err
		}
		if e, err = s.scanEntry(tx.QueryRow(entryByAct, key)); err != nil { // as it is under the lock
			return err
		}
		events, err := rule(d, &e)
		if err != nil || events == nil {
			return err
		}
		if _, err := tx.Exec(entryOut, string(e.State), e.Draw, e.Number); err != nil {
			return err
		}
		return tx.Append(draw.EntryKey(e.Draw, e.Number), events...)
	})
}

// Made implements draw.Entries.
func (s Draws) Made(ctx context.Context, key string) (draw.Entry, bool, error) {
	e, err := s.scanEntry(s.DB.QueryRow(ctx, entryByAct, key))
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return e, err == nil && e.State == draw.Withdrawn, err
	}
	var void int
	if err := s.DB.QueryRow(ctx, voidByAct, key).Scan(&void); err != nil {
		return draw.Entry{}, false, err
	}
	if void > 0 {
		return draw.Entry{}, true, nil
	}
	return draw.Entry{}, false, draw.NoEntry()
}

// Of implements draw.Entries.
func (s Draws) Of(ctx context.Context, id int64, person seal.Text) (draw.Entry, error) {
	e, err := s.scanEntry(s.DB.QueryRow(ctx, entryByPerson, id, s.personOf(id, person)))
	return e, absent(err, draw.NoEntry())
}

// At implements draw.Entries.
func (s Draws) At(ctx context.Context, id int64, number int, phone seal.Text) (draw.Entry, bool, error) {
	e, err := s.scanEntry(s.DB.QueryRow(ctx, entryByNumber, id, number))
	if err != nil {
		return e, false, absent(err, draw.NoEntry())
	}
	var n int
	err = s.DB.QueryRow(ctx, entryIsOf, id, number, s.phoneOf(id, phone)).Scan(&n)
	return e, n == 1 && !phone.IsZero(), err
}

// All implements draw.Entries.
func (s Draws) All(ctx context.Context, id int64) (list []record.Entry, withdrawn []int, err error) {
	rows, err := s.DB.Query(ctx, entriesAll, id)
	if err != nil {
		return nil, nil, err
	}
	_, err = scanAll(rows, func(row sqldb.Row) (struct{}, error) {
		var e record.Entry
		var choices, state string
		if err := row.Scan(&e.Number, &e.Blind, &choices, &state); err != nil {
			return struct{}{}, err
		}
		if draw.EntryState(state) == draw.Withdrawn {
			withdrawn = append(withdrawn, e.Number)
			return struct{}{}, nil
		}
		e.Choices = strings.Split(choices, ",")
		list = append(list, e)
		return struct{}{}, nil
	})
	return list, withdrawn, err
}

// Tell implements draw.Entries.
func (s Draws) Tell(ctx context.Context, id int64, results []record.Result) error {
	turn := 0
	for batch := range slices.Chunk(results, toldBatch) {
		first := turn
		err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
			for i, x := range batch {
				if _, err := tx.Exec(entryTold, first+i+1, x.Place, id, x.Number); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		turn += len(batch)
	}
	return nil
}

func (s Draws) scanEntry(row sqldb.Row) (draw.Entry, error) {
	var e draw.Entry
	var nonce []byte
	var choices, state string
	var created int64
	if err := row.Scan(&e.Draw, &e.Number, &e.Key, &nonce, &e.Blind, &choices, &state, &e.Turn, &e.Place, &created); err != nil {
		return draw.Entry{}, err
	}
	lock := sealing(s.Ring, entryPlace(e.Draw), int64(e.Number))
	e.Nonce, e.Choices, e.State, e.Created = lock.text(purposeNonce, nonce), strings.Split(choices, ","), draw.EntryState(state), clock.FromMillis(created)
	return e, lock.err
}
