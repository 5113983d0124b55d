package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"zhijian/ground/event"
)

const (
	readerMap   = 1 << 30   // bytes of the file that readers map
	writerCache = -64 << 10 // KiB of pages
	readerCache = -16 << 10
	// suspectSuffix names the file that a process leaves behind when it stops over an I/O error.
	suspectSuffix = ".suspect"
	// quickLimit is the file size up to which an unclean stop is followed by a full
	// quick_check: above it a start would break its promise of 10 s (R26), and SQLite's own
	// recovery plus the chain check must do. After an I/O error the check is always made.
	quickLimit = 256 << 20
)

// openSQLite takes the file for this process alone and readies it.
func (db *DB) openSQLite(ctx context.Context) (err error) {
	path := db.cfg.Path
	if strings.Contains(path, ":memory:") {
		return errors.New("a database in memory is not supported; name a file")
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return err
	}
	db.cfg.Path = path
	if err := checkPlace(filepath.Dir(path)); err != nil && !db.mayBend(err) {
		return err
	}
	if db.lock, err = takeLock(path + ".lock"); err != nil {
		return err
	}
	if err := makeFile(path); err != nil {
		return err
	}
	unclean := sizeOf(path+"-wal") > 0
	if err := db.migrateSQLite(ctx); err != nil {
		return err
	}
	w, err := db.openWriter(ctx)
	if err != nil {
		return err
	}
	if err := db.checkFile(ctx, w, unclean); err != nil {
		return errors.Join(err, w.shut())
	}
	if db.read, err = sql.Open("sqlite", dsn(path, "query_only(1)", "mmap_size("+strconv.Itoa(readerMap)+")",
		"cache_size("+strconv.Itoa(readerCache)+")")); err != nil {
		return errors.Join(err, w.shut())
	}
	db.read.SetMaxOpenConns(db.cfg.Readers)
	db.read.SetMaxIdleConns(db.cfg.Readers)
	db.cache = &statements{db: db.read, text: map[string]*sql.Stmt{}}
	db.writer = w
	go w.run()
	return nil
}

// dsn names the file with the settings that every connection has, and more.
func dsn(path string, more ...string) string {
	q := url.Values{"_defensive": {"1"}, "_dqs": {"0"}}
	for _, p := range append([]string{
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"trusted_schema(0)", "cell_size_check(1)", "wal_autocheckpoint(0)",
	}, more...) {
		q.Add("_pragma", p)
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// openWriter opens the one connection that writes and checks that its settings took.
func (db *DB) openWriter(ctx context.Context) (*writer, error) {
	pool, err := sql.Open("sqlite", dsn(db.cfg.Path, "mmap_size(0)", "temp_store(MEMORY)",
		"cache_size("+strconv.Itoa(writerCache)+")"))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	w := &writer{
		db: db, pool: pool, conn: conn, stmts: map[string]*prepared{},
		queue: make(chan *job, queueLength), quit: make(chan struct{}), gone: make(chan struct{}),
	}
	if err := db.checkSQLite(ctx, conn); err != nil {
		return nil, errors.Join(err, w.shut())
	}
	return w, nil
}

// checkSQLite compares the writer's settings with the law.
func (db *DB) checkSQLite(ctx context.Context, conn *sql.Conn) error {
	var version string
	if err := conn.QueryRowContext(ctx, `select sqlite_version()`).Scan(&version); err != nil {
		return err
	}
	var wrong []error
	if !atLeast(version, 3, 51, 3) {
		wrong = append(wrong, fmt.Errorf("SQLite's version is %s, it must be 3.51.3 or later: before it a commit "+
			"racing two checkpoints could corrupt the file", version))
	}
	for _, law := range []struct{ pragma, must string }{
		{"journal_mode", "wal"},
		{"synchronous", "2"},
		{"foreign_keys", "1"},
		{"trusted_schema", "0"},
		{"cell_size_check", "1"},
		{"busy_timeout", "5000"},
		{"wal_autocheckpoint", "0"},
		{"mmap_size", "0"},
	} {
		var is string
		err := conn.QueryRowContext(ctx, `pragma `+law.pragma).Scan(&is)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("pragma %s: %w", law.pragma, err)
		}
		if is != law.must && !errors.Is(err, sql.ErrNoRows) {
			wrong = append(wrong, wrongSetting(law.pragma, is, law.must))
		}
	}
	return db.bend(wrong)
}

// checkFile looks for damage: the whole file after an I/O error (and, when it is small,
// after any unclean stop), and always the end of the event chain.
func (db *DB) checkFile(ctx context.Context, w *writer, unclean bool) error {
	suspect := sizeOf(db.cfg.Path+suspectSuffix) >= 0
	if suspect || (unclean && sizeOf(db.cfg.Path) <= quickLimit) {
		if err := quickCheck(ctx, w.conn); err != nil {
			return err
		}
	}
	rows, err := w.conn.QueryContext(ctx, `select shard, position, id, at, hash from event_head`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var shard int
		var h head
		if err := rows.Scan(&shard, &h.position, &h.id, &h.at, &h.hash); err != nil {
			return err
		}
		if shard < 0 || shard >= event.Shards {
			return fmt.Errorf("the event log has a shard %d, this program knows 0 to %d", shard, event.Shards-1)
		}
		w.heads[shard] = h
		w.last[shard].Store(h.position)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	w.clean = w.heads
	for shard, h := range w.heads {
		if err := checkTail(ctx, w.conn, shard, h); err != nil {
			return err
		}
	}
	if suspect {
		return os.Remove(db.cfg.Path + suspectSuffix)
	}
	return nil
}

func quickCheck(ctx context.Context, conn *sql.Conn) error {
	var answer string
	if err := conn.QueryRowContext(ctx, `pragma quick_check(1)`).Scan(&answer); err != nil {
		return fmt.Errorf("quick_check: %w", err)
	}
	if answer != "ok" {
		return fmt.Errorf("the file is damaged (%s); restore a backup", answer)
	}
	return nil
}

// checkTail verifies the last events of a shard against its head.
func checkTail(ctx context.Context, conn *sql.Conn, shard int, h head) error {
	rows, err := conn.QueryContext(ctx, `
select `+EventColumns+` from event where shard = $1 and position > $2 order by position`, shard, h.position-16)
	if err != nil {
		return err
	}
	list, err := ScanEvents(rows)
	if err != nil {
		return err
	}
	at := event.Head{Shard: shard}
	if len(list) > 0 {
		at.Position, at.Hash = list[0].Position-1, list[0].Prev
	}
	end, err := event.Verify(at, list)
	if err != nil {
		return fmt.Errorf("the end of the event log does not verify: %w", err)
	}
	if end.Position != h.position || string(end.Hash) != string(h.hash) {
		return fmt.Errorf("the event log of shard %d ends at position %d, its head says %d", shard, end.Position, h.position)
	}
	return nil
}

// close finishes what is queued, folds the WAL into the file and closes it.
func (w *writer) close() error {
	close(w.quit)
	<-w.gone
	return w.shut()
}

func (w *writer) shut() error {
	var errs []error
	if w.lost == nil {
		_ = w.checkpoint(ckTruncate)
	}
	// An open statement would keep the WAL file alive past the last connection.
	for _, s := range w.stmts {
		_ = s.Close()
	}
	clear(w.stmts)
	errs = append(errs, w.conn.Close(), w.pool.Close())
	return errors.Join(errs...)
}

// makeFile makes the database file readable by its owner alone, on disk with its directory.
func makeFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// markSuspect leaves a note for the next start to check the whole file. Best effort: the
// disk that is to take it has just failed.
func markSuspect(path string) {
	if f, err := os.OpenFile(path+suspectSuffix, os.O_WRONLY|os.O_CREATE, 0o600); err == nil {
		_ = f.Sync()
		_ = f.Close()
		_ = syncDir(filepath.Dir(path))
	}
}

// sizeOf gives a file's size, -1 when there is none.
func sizeOf(path string) int64 {
	st, err := os.Stat(path)
	if err != nil {
		return -1
	}
	return st.Size()
}

func atLeast(version string, want ...int) bool {
	parts := strings.Split(version, ".")
	for i, w := range want {
		if i >= len(parts) {
			return false
		}
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < w {
			return false
		}
		if n > w {
			return true
		}
	}
	return true
}
