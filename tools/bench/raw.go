package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"zhijian/ground/event"
	"zhijian/ground/uid"
	"zhijian/store/sqldb"
)

func makeDir(dir string) error { return os.MkdirAll(dir, 0o700) }

// bareWriter stores the rows of a case with prepared statements on one connection, and nothing else.
type bareWriter struct {
	mu            sync.Mutex
	pool          *sql.DB
	conn          *sql.Conn
	begin, commit *sql.Stmt
	inserts       []*sql.Stmt
	rows          sampleRows
	keys          [][]int // per table, where id, number and place in the log stand
	id            int64
	position      [event.Shards]int64
}

// openBare makes a file with the house's schema and opens it by hand.
func openBare(ctx context.Context, path string, rows sampleRows) (*bareWriter, error) {
	if err := makeDir(filepath.Dir(path)); err != nil {
		return nil, err
	}
	db, err := sqldb.Open(ctx, sqldb.Config{Path: path})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	q := url.Values{"_pragma": {
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "wal_autocheckpoint(1000)", "cache_size(-65536)",
	}}
	w := &bareWriter{rows: rows}
	if w.pool, err = sql.Open("sqlite", "file:"+filepath.ToSlash(path)+"?"+q.Encode()); err != nil {
		return nil, err
	}
	w.pool.SetMaxOpenConns(1)
	if w.conn, err = w.pool.Conn(ctx); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, w.prepare(ctx)
}

func (w *bareWriter) prepare(ctx context.Context) (err error) {
	if w.begin, err = w.conn.PrepareContext(ctx, "begin immediate"); err != nil {
		return err
	}
	if w.commit, err = w.conn.PrepareContext(ctx, "commit"); err != nil {
		return err
	}
	for _, t := range w.rows.tables {
		text := "insert into " + t.name + " (" + strings.Join(t.columns, ", ") + ") values (?" + strings.Repeat(", ?", len(t.columns)-1) + ")"
		s, err := w.conn.PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		w.inserts = append(w.inserts, s)
		var keys []int
		for _, name := range []string{"id", "no", "key", "shard", "position"} {
			keys = append(keys, slices.Index(t.columns, name))
		}
		w.keys = append(w.keys, keys)
	}
	return nil
}

// store inserts the sample's rows under a new number; the caller has begun a transaction.
func (w *bareWriter) store() error {
	no := uid.No()
	shard := event.Shard(no)
	w.id++
	w.position[shard]++
	for i, s := range w.inserts {
		values := slices.Clone(w.rows.tables[i].values)
		for k, v := range []any{w.id, no, no, shard, w.position[shard]} {
			if at := w.keys[i][k]; at >= 0 {
				values[at] = v
			}
		}
		if _, err := s.Exec(values...); err != nil {
			return fmt.Errorf("%s: %w", w.rows.tables[i].name, err)
		}
	}
	return nil
}

// single commits one change at a time, one caller after the other.
func (w *bareWriter) single(int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.begin.Exec(); err != nil {
		return err
	}
	if err := w.store(); err != nil {
		return err
	}
	_, err := w.commit.Exec()
	return err
}

// grouped commits whatever is queued in one transaction; stop ends its loop.
func (w *bareWriter) grouped() (write durableWriter, stop func()) {
	queue, done := make(chan chan error, 4096), make(chan struct{})
	go func() {
		defer close(done)
		for first := range queue {
			group := []chan error{first}
			_, err := w.begin.Exec()
			for err == nil {
				if err = w.store(); err != nil {
					break
				}
				var next chan error
				select {
				case next = <-queue:
				default:
				}
				if next == nil {
					break
				}
				group = append(group, next)
			}
			if err == nil {
				_, err = w.commit.Exec()
			}
			for _, g := range group {
				g <- err
			}
		}
	}()
	write = func(int64) error {
		answer := make(chan error, 1)
		queue <- answer
		return <-answer
	}
	return write, func() { close(queue); <-done }
}

func (w *bareWriter) close() error {
	var errs []error
	for _, s := range append([]*sql.Stmt{w.begin, w.commit}, w.inserts...) {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	if w.conn != nil {
		errs = append(errs, w.conn.Close())
	}
	return errors.Join(append(errs, w.pool.Close())...)
}
