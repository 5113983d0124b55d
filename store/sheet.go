package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"zhijian/domain/sheet"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/strict"
	"zhijian/ground/tabular"
	"zhijian/store/sqldb"
)

// Sheets keeps uploaded tables. DB and Ring are required.
type Sheets struct {
	DB   *sqldb.DB
	Ring *seal.Ring
}

var (
	_ sheet.Store = Sheets{}
	_ sheet.Rows  = Sheets{}
)

const (
	sheetColumns = `slug, id, name, department, live, last, generations, created, rev`

	insertSheet = `insert into sheet (` + sheetColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (slug) do nothing`
	sheetBySlug = `select ` + sheetColumns + ` from sheet where slug = $1`
	sheetsOf    = `select ` + sheetColumns + ` from sheet where department = $1 or $1 = 0 order by name, slug`
	updateSheet = `update sheet set name = $1, live = $2, last = $3, generations = $4, rev = $5 where slug = $6`

	insertSheetFile = `insert into sheet_file (source, body) values ($1, $2)`
	sheetFileBody   = `select body from sheet_file where source = $1`
	deleteSheetFile = `delete from sheet_file where source = $1`

	sheetRowsByKey = `select line, body from sheet_row where tab = $1 and key = $2 order by line`
	sheetRows      = `select line, body from sheet_row where tab = $1 order by line`
	sheetRefused   = `select line, label, reason from sheet_refused where tab = $1 order by line limit $2 offset $3`
	// A thousand lines at a time: a table of 20,000 rows must not keep the one writer of SQLite from everybody else.
	deleteRows    = `delete from sheet_row where tab = $1 and (key, line) in (select key, line from sheet_row where tab = $1 order by key, line limit 1000)`
	deleteRefused = `delete from sheet_refused where tab = $1 and line in (select line from sheet_refused where tab = $1 order by line limit 1000)`

	nextSheetFile    = `select min(source) from sheet_file where source > $1 and source < $2`
	nextSheetRow     = `select min(tab) from sheet_row where tab > $1 and tab < $2`
	nextSheetRefused = `select min(tab) from sheet_refused where tab > $1 and tab < $2`

	purposeSheetFile = "sheet_file.body"
	purposeSheetRow  = "sheet_row.body"
	purposeSheetKey  = "sheet_row.key"
)

// sheetBatch is how many rows one statement, and one transaction, takes.
const sheetBatch = 250

// Add implements sheet.Store.
func (s Sheets) Add(ctx context.Context, x sheet.Sheet, events ...event.Body) error {
	generations, err := json.Marshal(x.Generations)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(insertSheet, x.Slug, x.ID, x.Name, x.Department, x.Live, x.Last, string(generations), clock.Millis(x.Created), x.Rev)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("sheet.taken", "这个代号已经有人用了，请换一个").On("slug")
		}
		return tx.Append("sheet/"+x.Slug, events...)
	})
}

// Sheet implements sheet.Store.
func (s Sheets) Sheet(ctx context.Context, slug string) (sheet.Sheet, error) {
	x, err := scanSheet(s.DB.QueryRow(ctx, sheetBySlug, slug))
	return x, absent(err, sheet.None())
}

// Of implements sheet.Store.
func (s Sheets) Of(ctx context.Context, department int64) ([]sheet.Sheet, error) {
	rows, err := s.DB.Query(ctx, sheetsOf, department)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, scanSheet)
}

// Change implements sheet.Store.
func (s Sheets) Change(ctx context.Context, slug string, rule func(*sheet.Sheet) ([]event.Body, error)) (sheet.Sheet, error) {
	var kept sheet.Sheet
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		x, err := scanSheet(tx.QueryRow(sheetBySlug+tx.ForUpdate(), slug))
		if err != nil {
			return absent(err, sheet.None())
		}
		kept = x
		x.Generations = slices.Clone(x.Generations)
		bodies, err := rule(&x)
		if err != nil || bodies == nil {
			return err
		}
		x.Rev++
		generations, err := json.Marshal(x.Generations)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(updateSheet, x.Name, x.Live, x.Last, string(generations), x.Rev, slug); err != nil {
			return err
		}
		kept = x
		return tx.Append("sheet/"+slug, bodies...)
	})
	return kept, err
}

func scanSheet(row sqldb.Row) (sheet.Sheet, error) {
	var x sheet.Sheet
	var created int64
	var generations string
	if err := row.Scan(&x.Slug, &x.ID, &x.Name, &x.Department, &x.Live, &x.Last, &generations, &created, &x.Rev); err != nil {
		return x, err
	}
	x.Created = clock.FromMillis(created)
	return x, json.Unmarshal([]byte(generations), &x.Generations)
}

// KeepFile implements sheet.Rows.
func (s Sheets) KeepFile(ctx context.Context, source int64, body []byte) error {
	lock := sealing(s.Ring, "sheet_file", source)
	sealed := lock.seal(purposeSheetFile, string(body))
	if lock.err != nil {
		return lock.err
	}
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(insertSheetFile, source, sealed)
		return err
	})
}

// File implements sheet.Rows.
func (s Sheets) File(ctx context.Context, source int64) ([]byte, error) {
	var body []byte
	if err := s.DB.QueryRow(ctx, sheetFileBody, source).Scan(&body); err != nil {
		return nil, absent(err, sheet.None())
	}
	lock := sealing(s.Ring, "sheet_file", source)
	plain := lock.open(purposeSheetFile, body)
	return []byte(plain), lock.err
}

// Fill implements sheet.Rows.
func (s Sheets) Fill(ctx context.Context, table int64, rows []tabular.Row, refused []tabular.Refusal) error {
	for batch := range slices.Chunk(rows, sheetBatch) {
		var args []any
		for _, r := range batch {
			body, err := json.Marshal(r.Values)
			if err != nil {
				return err
			}
			lock := sealing(s.Ring, fmt.Sprintf("sheet_row/%d", table), int64(r.Line))
			args = append(args, table, r.Line, s.rowKey(table, r.Key), lock.seal(purposeSheetRow, string(body)))
			if lock.err != nil {
				return lock.err
			}
		}
		if err := s.insert(ctx, `insert into sheet_row (tab, line, key, body) values `, args); err != nil {
			return err
		}
	}
	for batch := range slices.Chunk(refused, sheetBatch) {
		var args []any
		for _, r := range batch {
			args = append(args, table, r.Line, r.Column, r.Reason)
		}
		if err := s.insert(ctx, `insert into sheet_refused (tab, line, label, reason) values `, args); err != nil {
			return err
		}
	}
	return nil
}

// insert adds rows of four columns with one statement.
func (s Sheets) insert(ctx context.Context, into string, args []any) error {
	var b strings.Builder
	b.WriteString(into)
	for i := 0; i < len(args); i += 4 {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "($%d, $%d, $%d, $%d)", i+1, i+2, i+3, i+4)
	}
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(b.String(), args...)
		return err
	})
}

// rowKey hashes a key within its table, so that the same person in two tables is not the same hash.
func (s Sheets) rowKey(table int64, key []string) []byte {
	return s.Ring.Blind(purposeSheetKey, fmt.Sprintf("%d\x00%s", table, strings.Join(key, "\x00")))
}

// Find implements sheet.Rows.
func (s Sheets) Find(ctx context.Context, table int64, key []string) ([]map[string]any, error) {
	rows, err := s.DB.Query(ctx, sheetRowsByKey, table, s.rowKey(table, key))
	return s.values(table, rows, err)
}

// All implements sheet.Rows.
func (s Sheets) All(ctx context.Context, table int64) ([]map[string]any, error) {
	rows, err := s.DB.Query(ctx, sheetRows, table)
	return s.values(table, rows, err)
}

func (s Sheets) values(table int64, rows *sql.Rows, err error) ([]map[string]any, error) {
	if err != nil {
		return nil, err
	}
	return scanAll(rows, func(row sqldb.Row) (map[string]any, error) {
		var line int64
		var body []byte
		if err := row.Scan(&line, &body); err != nil {
			return nil, err
		}
		lock := sealing(s.Ring, fmt.Sprintf("sheet_row/%d", table), line)
		plain := lock.open(purposeSheetRow, body)
		if lock.err != nil {
			return nil, lock.err
		}
		v, err := strict.JSON([]byte(plain), strict.Clean)
		if err != nil {
			return nil, err
		}
		values, ok := v.(map[string]any)
		if !ok {
			return nil, errors.New("a kept row has another shape")
		}
		return values, nil
	})
}

// Refused implements sheet.Rows.
func (s Sheets) Refused(ctx context.Context, table int64, offset, limit int) ([]tabular.Refusal, error) {
	rows, err := s.DB.Query(ctx, sheetRefused, table, limit, offset)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, func(row sqldb.Row) (tabular.Refusal, error) {
		var r tabular.Refusal
		err := row.Scan(&r.Line, &r.Column, &r.Reason)
		return r, err
	})
}

// Kept implements sheet.Rows. It skips from number to number: a table has thousands of rows, and none of them is read.
func (s Sheets) Kept(ctx context.Context, below int64) (list []int64, err error) {
	for _, query := range []string{nextSheetFile, nextSheetRow, nextSheetRefused} {
		for last := int64(0); ; {
			var next sql.NullInt64
			if err := s.DB.QueryRow(ctx, query, last, below).Scan(&next); err != nil {
				return nil, err
			}
			if !next.Valid {
				break
			}
			last = next.Int64
			list = append(list, last)
		}
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// Drop implements sheet.Rows.
func (s Sheets) Drop(ctx context.Context, number int64) error {
	for _, query := range []string{deleteSheetFile, deleteRows, deleteRefused} {
		for more := true; more; {
			err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
				n, err := tx.Exec(query, number)
				more = n > 0
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
