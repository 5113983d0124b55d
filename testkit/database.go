package testkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"zhijian/ground/clock"
	"zhijian/store/sqldb"
)

// Database gives a fresh migrated SQLite database on the machine's clock; it is closed when
// the test ends. A storage failure fails the test instead of ending the process.
func Database(t testing.TB) *sqldb.DB {
	t.Helper()
	return DatabaseAt(t, nil)
}

// DatabaseAt is Database on a given clock; nil is the machine's.
func DatabaseAt(t testing.TB, c clock.Clock) *sqldb.DB {
	t.Helper()
	return OpenFile(t, File(t), c)
}

// File gives the path of a fresh migrated SQLite file that nobody has opened.
func File(t testing.TB) string {
	t.Helper()
	data, err := migratedFile()
	if err != nil {
		t.Fatalf("make template database: %v", err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// OpenFile opens a SQLite file and closes it when the test ends; the test may close it before.
func OpenFile(t testing.TB, path string, c clock.Clock) *sqldb.DB {
	t.Helper()
	return open(t, sqldb.Config{Path: path, Clock: c})
}

func open(t testing.TB, c sqldb.Config) *sqldb.DB {
	t.Helper()
	c.Log = Log(t)
	c.Fatal = func(err error) { t.Errorf("storage failed: %v", err) }
	db, err := sqldb.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	return db
}

// Log gives a logger that writes warnings and errors to the test's output.
func Log(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", p)
	return len(p), nil
}

// migratedFile makes the template once per process and keeps its bytes, so that nothing
// stays on disk.
var migratedFile = sync.OnceValues(func() (data []byte, err error) {
	dir, err := os.MkdirTemp("", "zhijian-template-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "template.db")
	db, err := sqldb.Open(context.Background(), sqldb.Config{Path: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	if left := filepath.Join(dir, "template.db-wal"); fileExists(left) {
		return nil, fmt.Errorf("%s is left after closing", left)
	}
	return os.ReadFile(path)
})

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
