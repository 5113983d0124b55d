// Package sqldb is the door to the database: SQLite or PostgreSQL behind one SQL text.
//
// Promises. Write returns nil only after the change is on disk (SQLite: WAL with
// synchronous=FULL; Postgres: synchronous_commit). A change is whole or absent: rows, events
// and alarms of one Write stand or fall together, also through a crash. On SQLite one writer
// goroutine runs the changes of many callers in one transaction and answers all of them after
// the commit; one caller's error does not touch the others: when it had written something, the
// transaction is rolled back and the others are made again. On Postgres each Write is a READ
// COMMITTED transaction, repeated when the server reports a deadlock or a serialization
// failure. fn may therefore run more than once and must set, not add to, what it captures.
//
// Reads never wait for writes. On SQLite they come from connections of their own and see
// what was committed before they began.
//
// What blocks. Write blocks until the commit; fn runs while others wait, so it does no
// input or output of its own, calls neither Write nor a reader of the same DB, and is quick.
// A failed statement spoils its change on both databases: fn can only give up. Use
// "on conflict do nothing" where a duplicate is expected.
//
// When storage can no longer be trusted (an I/O or fsync error), nothing is retried:
// Config.Fatal is called once, by default ending the process with exit code 75. A change that would break a CHECK of one of
// Config.Vital is a mistake of this program about money or stock: it is not saved, and the process ends with exit code 70.
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/uid"
)

// ExitStorage is the exit code of a process that no longer trusts its storage (EX_TEMPFAIL).
const ExitStorage = 75

// ExitAssertion is the exit code of a process that was about to save what its own rules forbid (EX_SOFTWARE).
const ExitAssertion = 70

// Config says which database to open. Exactly one of Path and URL is set.
type Config struct {
	// Path is the SQLite file; it is made when absent. ":memory:" is not supported.
	Path string
	// URL is postgres://…; options in it count as the operator's settings and are checked.
	URL string
	// Clock gives the time of changes and events. Nil is the machine's clock.
	Clock clock.Clock
	// IDs makes row and event ids. Nil is a Maker on Clock.
	IDs *uid.Maker
	// Readers bounds reading connections. Zero is a bound that fits the machine.
	Readers int
	// Log takes warnings about storage. Nil is slog.Default().
	Log *slog.Logger
	// Fatal is called once when storage can no longer be trusted. Nil logs and ends the
	// process with ExitStorage. If it returns, every later Write fails.
	Fatal func(error)
	// Vital are tables whose CHECKs say what must never be: money and stock. A change that breaks one calls Fatal; nil ends the
	// process with ExitAssertion.
	Vital []string
	// Unsafe lets a database with settings that are not the law be opened, with a warning
	// each. Tests use it for a cluster without fsync; a real house never does.
	Unsafe bool
}

// DB is an open database. Safe for concurrent use.
type DB struct {
	cfg    Config
	ctx    context.Context // never cancelled; carries Open's values into the writer
	read   *sql.DB
	cache  *statements   // prepared statements of the readers; nil on Postgres
	writer *writer       // nil on Postgres
	lock   *os.File      // nil on Postgres
	pool   *pgxpool.Pool // nil on SQLite

	hookMu sync.Mutex
	hooks  atomic.Pointer[[]func()]
	fatal  sync.Once
	closed atomic.Bool
	warnAt atomic.Int64

	concerns concerns // what commits concerned, for Memo
}

// Row is the answer to a query for one row. Scan runs the query; without a row it gives
// sql.ErrNoRows. It must be called once.
type Row interface{ Scan(dest ...any) error }

// Open opens the database, checks the settings that are law (reliability.md part 3), brings
// the schema up to date and starts the writer. It refuses, in words, a wrong setting, a
// schema newer than this program, an edited migration, a chain whose end does not verify,
// and a SQLite file that another process serves.
func Open(ctx context.Context, c Config) (*DB, error) {
	if (c.Path == "") == (c.URL == "") {
		return nil, errors.New("sqldb: set one of Path (SQLite) and URL (PostgreSQL)")
	}
	if c.Clock == nil {
		c.Clock = &clock.System{}
	}
	if c.IDs == nil {
		c.IDs = &uid.Maker{Clock: c.Clock}
	}
	if c.Readers <= 0 {
		c.Readers = max(4, runtime.GOMAXPROCS(0))
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	db := &DB{cfg: c, ctx: context.WithoutCancel(ctx), concerns: concerns{seed: maphash.MakeSeed()}}
	var err error
	if c.URL != "" {
		err = db.openPostgres(ctx)
	} else {
		err = db.openSQLite(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", errors.Join(err, db.Close()))
	}
	return db, nil
}

// Close ends the database: changes already queued are finished, later ones refused. Closing
// twice does nothing.
func (db *DB) Close() error {
	if db.closed.Swap(true) {
		return nil
	}
	var errs []error
	// Readers go first: the last SQLite connection to close folds the WAL into the file, and
	// that is the writer's duty alone.
	if db.cache != nil {
		db.cache.close()
	}
	if db.read != nil {
		errs = append(errs, db.read.Close())
	}
	if db.pool != nil {
		db.pool.Close()
	}
	if db.writer != nil {
		errs = append(errs, db.writer.close())
	}
	if db.lock != nil {
		errs = append(errs, dropLock(db.lock))
	}
	return errors.Join(errs...)
}

// Write makes one change: fn's statements and appended events are saved together or not at
// all. It returns fn's error unchanged, or the reason why the change was not saved. When
// ctx ends before the change has begun, the change is not made; once begun, it is finished.
// A panic in fn is returned as an error.
func (db *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	if db.writer != nil {
		return db.writer.write(ctx, fn)
	}
	return db.writePostgres(ctx, fn)
}

// QueryRow reads one row with what is committed.
func (db *DB) QueryRow(ctx context.Context, query string, args ...any) Row {
	return &row{args: args, open: func(args []any) (*sql.Rows, error) { return db.Query(ctx, query, args...) }}
}

// Query reads rows with what is committed. The caller closes them, and finishes them before
// it asks for others. On SQLite ctx counts until the query begins: a short read is not interrupted.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if db.cache == nil {
		rows, err := db.read.QueryContext(ctx, query, args...)
		return rows, mapped(err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// A cancellable context costs a goroutine per query, 70 % of a point read (stack.md A4).
	ctx = context.WithoutCancel(ctx)
	s, err := db.cache.get(ctx, query)
	if err != nil {
		return nil, db.checked(err)
	}
	var rows *sql.Rows
	if s != nil {
		rows, err = s.QueryContext(ctx, args...)
	} else {
		rows, err = db.read.QueryContext(ctx, query, args...)
	}
	return rows, db.checked(err)
}

// Ping asks the database for an answer; an error means that it has none.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.QueryRow(ctx, "select 1").Scan(&one)
}

// ID gives the next row id: larger than every id this DB gave before.
func (db *DB) ID() int64 { return db.cfg.IDs.ID() }

// Now gives the time of the database's clock.
func (db *DB) Now() time.Time { return db.cfg.Clock.Now() }

// Postgres reports whether this is PostgreSQL; otherwise it is SQLite.
func (db *DB) Postgres() bool { return db.writer == nil }

// OnCommit has fn called after each commit that appended events or alarms through this DB,
// before their writers are answered. fn must not block; there is no way to take it off again.
func (db *DB) OnCommit(fn func()) {
	db.hookMu.Lock()
	defer db.hookMu.Unlock()
	var list []func()
	if p := db.hooks.Load(); p != nil {
		list = append(list, *p...)
	}
	list = append(list, fn)
	db.hooks.Store(&list)
}

func (db *DB) committed() {
	if p := db.hooks.Load(); p != nil {
		for _, fn := range *p {
			fn()
		}
	}
}

// Positions gives the last committed position of every shard of the event log, by shard.
// On SQLite it costs no query.
func (db *DB) Positions(ctx context.Context) (last [event.Shards]int64, err error) {
	if db.writer != nil {
		return db.writer.positions(), nil
	}
	rows, err := db.Query(ctx, `select shard, position from event_head`)
	if err != nil {
		return last, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var shard int
		var position int64
		if err := rows.Scan(&shard, &position); err != nil {
			return last, err
		}
		if shard >= 0 && shard < event.Shards {
			last[shard] = position
		}
	}
	return last, rows.Err()
}

// distrust ends the process, or what Config.Fatal makes of it, once.
func (db *DB) distrust(err error) {
	db.fatal.Do(func() {
		db.cfg.Log.Error("storage can no longer be trusted; stopping", "error", err)
		if db.cfg.Path != "" {
			markSuspect(db.cfg.Path)
		}
		if db.cfg.Fatal != nil {
			db.cfg.Fatal(err)
			return
		}
		os.Exit(ExitStorage)
	})
}

// assert ends the process, or what Config.Fatal makes of it, when a statement was about to break a CHECK of a vital table.
func (db *DB) assert(query string, err error) {
	if !isCheck(err) || !slices.ContainsFunc(db.cfg.Vital, func(table string) bool { return strings.Contains(query, table) }) {
		return
	}
	db.fatal.Do(func() {
		db.cfg.Log.Error("a change would break a rule of money or stock; nothing of it is saved; stopping", "error", err)
		if db.cfg.Fatal != nil {
			db.cfg.Fatal(err)
			return
		}
		os.Exit(ExitAssertion)
	})
}

// checked maps err and stops the house when it says that the storage is broken.
func (db *DB) checked(err error) error {
	if isBroken(err) {
		db.distrust(err)
	}
	return mapped(err)
}
