package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// row runs its query when it is scanned, so that a forgotten Scan holds no connection.
type row struct {
	args []any
	open func(args []any) (*sql.Rows, error)
	done func(error) error // maps what went wrong after the start; nil for mapped
}

// Scan runs the query and reads its first row.
func (r *row) Scan(dest ...any) error {
	rows, err := r.open(r.args)
	if err != nil {
		return err
	}
	err = scanOne(rows, dest)
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if r.done != nil {
		return r.done(err)
	}
	return mapped(err)
}

func scanOne(rows *sql.Rows, dest []any) error {
	if !rows.Next() {
		err := rows.Err()
		_ = rows.Close()
		if err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := rows.Scan(dest...); err != nil {
		_ = rows.Close()
		return err
	}
	// Close steps a "returning" statement to its end; an error there is the statement's error.
	return rows.Close()
}

// maxStatements bounds a cache of prepared statements. Filters make many texts; those over
// the bound run unprepared.
const maxStatements = 1024

// statements keeps prepared statements of the readers by text.
type statements struct {
	db   *sql.DB
	mu   sync.RWMutex
	text map[string]*sql.Stmt
}

// get gives the prepared statement, or nil when the cache is full.
func (s *statements) get(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.RLock()
	st, n := s.text[query], len(s.text)
	s.mu.RUnlock()
	if st != nil || n >= maxStatements {
		return st, nil
	}
	st, err := s.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other := s.text[query]; other != nil {
		_ = st.Close()
		return other, nil
	}
	s.text[query] = st
	return st, nil
}

func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.text {
		_ = st.Close()
	}
	clear(s.text)
}
