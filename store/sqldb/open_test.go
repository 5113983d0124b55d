package sqldb_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhijian/ground/event"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// refused opens and wants an error with all the words.
func refused(t *testing.T, c sqldb.Config, words ...string) {
	t.Helper()
	c.Log = quiet()
	db, err := sqldb.Open(context.Background(), c)
	if err == nil {
		_ = db.Close()
		t.Fatal("Open() accepted it")
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("Open() = %v, want it to say %q", err, w)
		}
	}
}

func TestOpenNeedsOnePlace(t *testing.T) {
	t.Parallel()
	refused(t, sqldb.Config{}, "Path", "URL")
	refused(t, sqldb.Config{Path: "x", URL: "postgres://x"}, "Path", "URL")
	refused(t, sqldb.Config{Path: ":memory:"}, "memory")
	refused(t, sqldb.Config{Path: filepath.Join(t.TempDir(), "no", "such", "folder", "x.db")}, "no such file")
	refused(t, sqldb.Config{URL: "postgres://user:secret@127.0.0.1:bad/x"}, "cannot be read")
}

func TestURLErrorsHideThePassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"postgres://user:topsecret@127.0.0.1:bad/x", "postgres://user:topsecret@127.0.0.1:1/x?sslmode=disable",
		"postgres://user:topsecret@/x?host=/nowhere",
	} {
		_, err := sqldb.Open(context.Background(), sqldb.Config{URL: url, Log: quiet()})
		if err == nil || strings.Contains(err.Error(), "topsecret") {
			t.Errorf("Open(%s) = %v, want an error without the password", url, err)
		}
	}
}

func TestPathsOfAllKinds(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b.db", "what?.db", "50%25.db", "#1.db", "政务.db", "a&_pragma=x.db", "plus+.db"} {
		path := filepath.Join(t.TempDir(), name)
		db := testkit.OpenFile(t, path, nil)
		run(t, db, probe, `insert into probe (id, word) values (1, 'a')`)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		st, err := os.Stat(path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if st.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, want it to be its owner's alone", name, st.Mode().Perm())
		}
		wantWords(t, testkit.OpenFile(t, path, nil), "a")
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	path := testkit.File(t)
	db := testkit.OpenFile(t, path, nil)
	refused(t, sqldb.Config{Path: path}, "another process", path+".lock")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	testkit.OpenFile(t, path, nil)
}

func TestForeignSchemaIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statement string
		words     []string
	}{
		"newer":   {`insert into migration_hash (version, name, hash, at) values (9999, '9999_future.sql', 'x', 0)`, []string{"schema 9999", "newer version", "restore a backup"}},
		"edited":  {`update migration_hash set hash = 'abc' where version = 1`, []string{"0001_log.sql", "edited"}},
		"unknown": {`update migration_hash set version = -5 where version = 1`, []string{"schema -5", "does not know"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := testkit.File(t)
			db := testkit.OpenFile(t, path, nil)
			run(t, db, c.statement)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			refused(t, sqldb.Config{Path: path}, c.words...)
			url := testkit.PostgresURL(t)
			pg := testkit.OpenURL(t, url)
			run(t, pg, c.statement)
			refused(t, sqldb.Config{URL: url, Unsafe: true}, c.words...)
		})
	}
}

// Opening is enough to notice that the end of the log was touched.
func TestBrokenTailIsRefused(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string][]string{
		"edited":   {`drop trigger event_no_update`, `update event set data = '{}' where position = 2`},
		"cut off":  {`drop trigger event_no_delete`, `delete from event where position = 3`},
		"headless": {`update event_head set position = 2`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := testkit.File(t)
			db := testkit.OpenFile(t, path, nil)
			err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
				return tx.Append("k", noted{Text: "1"}, noted{Text: "2"}, noted{Text: "3"})
			})
			if err != nil {
				t.Fatal(err)
			}
			run(t, db, statements...)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			refused(t, sqldb.Config{Path: path}, "event log")
		})
	}
}

// The guards come back by themselves.
func TestGuardsAreRestored(t *testing.T) {
	t.Parallel()
	path := testkit.File(t)
	db := testkit.OpenFile(t, path, nil)
	run(t, db, `drop trigger event_no_update`)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = testkit.OpenFile(t, path, nil)
	err := db.Write(context.Background(), func(tx *sqldb.Tx) error { _, err := tx.Exec(`update event set at = 1`); return err })
	if err != nil {
		t.Fatal("an update of no rows fires no trigger") // the table is empty
	}
	if err := db.Write(context.Background(), func(tx *sqldb.Tx) error { return tx.Append("k", noted{}) }); err != nil {
		t.Fatal(err)
	}
	err = db.Write(context.Background(), func(tx *sqldb.Tx) error { _, err := tx.Exec(`update event set at = 1`); return err })
	if err == nil {
		t.Error("the dropped trigger did not come back")
	}
}

// A damaged file gives an error or opens; it never crashes the house (security.md T77).
func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	path := testkit.File(t)
	db := testkit.OpenFile(t, path, nil)
	run(t, db, probe)
	for i := range 200 {
		err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
			if err := insert(tx, int64(i), strings.Repeat("w", i)+"."); err != nil {
				return err
			}
			return tx.Append("k", noted{Text: strings.Repeat("t", i)})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(2015, 1))
	refusals := 0
	for range 60 {
		data := append([]byte(nil), whole...)
		switch random.IntN(3) {
		case 0: // flipped bytes
			for range 1 + random.IntN(200) {
				data[random.IntN(len(data))] ^= byte(1 + random.IntN(255))
			}
		case 1: // a page of zeroes or noise
			at := random.IntN(len(data)/4096) * 4096
			for i := range 4096 {
				data[at+i] = byte(random.IntN(256) * random.IntN(2))
			}
		case 2: // cut short
			data = data[:random.IntN(len(data))]
		}
		damaged := filepath.Join(t.TempDir(), "damaged.db")
		if err := errors.Join(os.WriteFile(damaged, data, 0o600), os.WriteFile(damaged+".suspect", nil, 0o600)); err != nil {
			t.Fatal(err)
		}
		db, err := sqldb.Open(context.Background(), sqldb.Config{Path: damaged, Log: quiet(), Fatal: func(error) {}})
		if err != nil {
			refusals++
			continue
		}
		_ = db.Write(context.Background(), func(tx *sqldb.Tx) error { return tx.Append("k", noted{}) })
		_ = db.Close()
	}
	if refusals < 20 {
		t.Errorf("only %d of 60 damaged files were refused", refusals)
	}
}

func TestPostgresSettingsAreLaw(t *testing.T) {
	t.Parallel()
	at := testkit.PostgresURL(t)
	// The test cluster runs without fsync, which is refused, and all wrong settings are named at once.
	refused(t, sqldb.Config{URL: at}, "fsync is off, it must be on", "full_page_writes is off, it must be on")
	with := "?"
	if strings.Contains(at, "?") {
		with = "&"
	}
	loose := at + with + "options=-c%20synchronous_commit%3Doff"
	refused(t, sqldb.Config{URL: loose}, "synchronous_commit is off, it must be on", "fsync")
	refused(t, sqldb.Config{URL: testkit.AdminURL(t)}, "database user is a superuser", "ordinary user")
	refused(t, sqldb.Config{URL: "postgres://u:p@192.0.2.1/x?sslmode=disable"}, "sslmode", "192.0.2.1")
	db, err := sqldb.Open(context.Background(), sqldb.Config{URL: loose, Log: quiet(), Unsafe: true})
	if err != nil {
		t.Fatalf("Open() with Unsafe = %v", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// TestTimeLimits: a statement has 2 s and a lock 1 s, unless the operator's URL says otherwise.
func TestTimeLimits(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(testkit.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Del("lock_timeout")
	q.Set("statement_timeout", "7000")
	u.RawQuery = q.Encode()
	db := testkit.OpenURL(t, u.String())
	for name, want := range map[string]string{"statement_timeout": "7s", "lock_timeout": "1s"} {
		var is string
		if err := db.QueryRow(t.Context(), "select current_setting($1)", name).Scan(&is); err != nil || is != want {
			t.Errorf("%s is %s, want %s: %v", name, is, want, err)
		}
	}
}

func TestPositionsAfterReopening(t *testing.T) {
	t.Parallel()
	path := testkit.File(t)
	db := testkit.OpenFile(t, path, nil)
	ctx := context.Background()
	if err := db.Write(ctx, func(tx *sqldb.Tx) error { return tx.Append("k", noted{}, noted{}) }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = testkit.OpenFile(t, path, nil)
	last, err := db.Positions(ctx)
	if err != nil || last[event.Shard("k")] != 2 {
		t.Errorf("Positions() = %v, %v, want 2 in shard %d", last, err, event.Shard("k"))
	}
	if err := db.Write(ctx, func(tx *sqldb.Tx) error { return tx.Append("k", noted{}) }); err != nil {
		t.Fatal(err)
	}
	wantChain(t, db, 3)
}
