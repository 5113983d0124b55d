package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync/atomic"
	"time"
)

// Tx is one change in the making. It is valid inside the function it was given to, and is
// not for concurrent use.
type Tx struct {
	db      *DB
	now     time.Time
	ctx     context.Context
	pg      *sql.Tx // Postgres
	w       *writer // SQLite
	saved   bool    // SQLite: the savepoint is open
	wrote   bool    // a statement may have changed rows
	failed  error   // the first statement that the database refused
	rows    []*sql.Rows
	used    []*prepared      // SQLite: statements whose rows may still be open
	entries []entry          // events to come
	told    bool             // events or alarms were saved
	before  *heads           // SQLite: the heads before this change's events
	touched []*atomic.Uint64 // SQLite: slots of the keys that the change concerns
}

// Now gives the time of the change, the same for all of it.
func (tx *Tx) Now() time.Time {
	if tx.now.IsZero() {
		tx.now = tx.db.cfg.Clock.Now()
	}
	return tx.now
}

// ForUpdate is what a select that loads a row to change ends with: " for update" on
// Postgres, nothing on SQLite, where changes run one after the other anyway.
func (tx *Tx) ForUpdate() string {
	if tx.pg != nil {
		return " for update"
	}
	return ""
}

// Exec runs a statement and gives the number of rows it touched.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	if tx.failed != nil {
		return 0, errors.Join(errSpoiled, tx.failed)
	}
	var res sql.Result
	var err error
	if tx.pg != nil {
		tx.wrote = true
		res, err = tx.pg.ExecContext(tx.ctx, query, args...)
	} else {
		res, err = tx.w.exec(tx, query, args)
	}
	if err != nil {
		tx.db.assert(query, err)
		return 0, tx.fail(err)
	}
	return res.RowsAffected()
}

// Query reads rows, with the change's own writes. Rows left open are closed when the change ends.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	rows, err := tx.query(query, args, false)
	if err == nil {
		tx.rows = append(tx.rows, rows)
	}
	return rows, err
}

// QueryRow reads one row, with the change's own writes.
func (tx *Tx) QueryRow(query string, args ...any) Row {
	return &row{args: args, done: tx.fail, open: func(args []any) (*sql.Rows, error) { return tx.query(query, args, true) }}
}

func (tx *Tx) query(query string, args []any, brief bool) (*sql.Rows, error) {
	if tx.failed != nil {
		return nil, errors.Join(errSpoiled, tx.failed)
	}
	var rows *sql.Rows
	var err error
	if tx.pg != nil {
		tx.wrote = true
		rows, err = tx.pg.QueryContext(tx.ctx, query, args...)
	} else {
		rows, err = tx.w.query(tx, query, args, brief)
	}
	if err != nil {
		return nil, tx.fail(err)
	}
	return rows, nil
}

// fail notes a refused statement. Postgres ends the transaction by itself then; SQLite would
// go on, so the two are made alike here.
func (tx *Tx) fail(err error) error {
	err = mapped(err)
	if tx.failed == nil && isStatement(err) {
		tx.failed = err
	}
	return err
}

func (tx *Tx) closeRows() {
	for _, r := range tx.rows {
		_ = r.Close()
	}
	for _, s := range tx.used {
		s.inUse = nil
	}
	tx.rows, tx.used = nil, nil
}

// isSelect reports whether a statement only reads. A "with" may write, so it counts as writing.
func isSelect(query string) bool {
	q := strings.TrimLeft(query, " \t\r\n")
	return len(q) >= 6 && strings.EqualFold(q[:6], "select")
}
