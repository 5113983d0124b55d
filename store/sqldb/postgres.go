package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"zhijian/store/migrations"
)

// How often a change is repeated after a deadlock or serialization failure, and after a lock
// that was not given in time: our limit of 1 s is also when the server looks for deadlocks, and
// either may be first.
const (
	retries     = 10
	lockRetries = 3
)

// openPostgres connects, checks the server's settings, migrates and readies the pool.
func (db *DB) openPostgres(ctx context.Context) error {
	cfg, err := pgxpool.ParseConfig(db.cfg.URL)
	if err != nil {
		return errors.New("the database URL cannot be read") // the parser's text would show the password
	}
	if err := checkTransport(cfg.ConnConfig.Host, cfg.ConnConfig.TLSConfig != nil); err != nil && !db.mayBend(err) {
		return err
	}
	plain := cfg.ConnConfig.Copy()
	for name, value := range map[string]string{
		"application_name": "zhijian", "statement_timeout": "2000", "lock_timeout": "1000",
		"idle_in_transaction_session_timeout": "10000",
	} {
		if _, asked := cfg.ConnConfig.RuntimeParams[name]; !asked { // the operator's URL has the last word
			cfg.ConnConfig.RuntimeParams[name] = value
		}
	}
	if !strings.Contains(db.cfg.URL, "pool_max_conns") {
		cfg.MaxConns = int32(max(16, 4*db.cfg.Readers))
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	db.read = stdlib.OpenDBFromPool(pool)
	db.pool = pool
	if err := db.checkPostgres(ctx); err != nil {
		return err
	}
	return db.migratePostgres(ctx, plain)
}

// checkTransport refuses an unencrypted connection that leaves the machine (security.md T78).
func checkTransport(host string, secure bool) error {
	ip := net.ParseIP(host)
	if secure || strings.HasPrefix(host, "/") || host == "localhost" || host == "" || (ip != nil && ip.IsLoopback()) {
		return nil
	}
	return wrongSetting("sslmode of the connection to "+host, "off", "verify-full")
}

// migratePostgres uses a connection of its own, without time limits.
func (db *DB) migratePostgres(ctx context.Context, cfg *pgx.ConnConfig) error {
	pool := stdlib.OpenDB(*cfg)
	pool.SetMaxOpenConns(2)
	err := pool.PingContext(ctx)
	var list []migration
	if err == nil {
		list, err = loadMigrations(migrations.Files())
	}
	if err == nil {
		err = migrate(ctx, pool, goose.DialectPostgres, list, db.Now().UnixMilli())
	}
	if err == nil {
		err = guardPostgres(ctx, pool)
	}
	return errors.Join(err, pool.Close())
}

// checkPostgres compares the server's settings with the law and names all that differ.
func (db *DB) checkPostgres(ctx context.Context) error {
	var wrong []error
	var number int
	if err := db.read.QueryRowContext(ctx, `select current_setting('server_version_num')::integer`).Scan(&number); err != nil {
		return err
	}
	if number < 150000 {
		wrong = append(wrong, wrongSetting("PostgreSQL's version", strconv.Itoa(number/10000), "15 or later"))
	}
	for _, law := range []struct{ name, must string }{
		{"fsync", "on"},
		{"full_page_writes", "on"},
		{"synchronous_commit", "on"},
		{"data_checksums", "on"},
		{"data_sync_retry", "off"},
		{"server_encoding", "UTF8"},
	} {
		var is string
		if err := db.read.QueryRowContext(ctx, `select current_setting($1)`, law.name).Scan(&is); err != nil {
			return fmt.Errorf("read setting %s: %w", law.name, err)
		}
		if is != law.must && (law.name != "synchronous_commit" || is != "remote_apply") {
			wrong = append(wrong, wrongSetting(law.name, is, law.must))
		}
	}
	var super bool
	if err := db.read.QueryRowContext(ctx, `select rolsuper from pg_roles where rolname = current_user`).Scan(&super); err != nil {
		return err
	}
	if super {
		wrong = append(wrong, wrongSetting("the database user", "a superuser", "an ordinary user that owns the tables"))
	}
	return db.bend(wrong)
}

// writePostgres runs one change in a transaction of its own, again after a deadlock.
func (db *DB) writePostgres(ctx context.Context, fn func(tx *Tx) error) error {
	for attempt := 1; ; attempt++ {
		told, err := db.oncePostgres(ctx, fn)
		if err == nil && told {
			db.committed()
		}
		if err == nil || !isRetryable(err, attempt) {
			return err
		}
		// Jitter keeps two changes from meeting in the same deadlock again.
		wait := time.NewTimer(time.Duration(1+rand.IntN(4<<min(attempt, 6))) * time.Millisecond)
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return ctx.Err()
		}
	}
}

func (db *DB) oncePostgres(ctx context.Context, fn func(tx *Tx) error) (told bool, err error) {
	if db.closed.Load() {
		return false, ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	conn, err := db.read.Conn(ctx)
	if err != nil {
		return false, mapped(err)
	}
	defer func() { _ = conn.Close() }()
	// Begun is finished: a caller that goes away must not leave its change half made.
	ctx = context.WithoutCancel(ctx)
	pg, err := conn.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return false, mapped(err)
	}
	defer func() { _ = pg.Rollback() }() // does nothing after a commit
	tx := &Tx{db: db, ctx: ctx, pg: pg}
	err = call(fn, tx)
	tx.closeRows()
	if err == nil {
		err = tx.record()
	}
	switch {
	case err != nil:
		return false, err
	case tx.failed != nil:
		return false, fmt.Errorf("the change went on after a failed statement: %w", tx.failed)
	}
	if err := pg.Commit(); err != nil {
		var answer *pgconn.PgError
		if errors.As(err, &answer) {
			return false, mapped(err)
		}
		return false, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return tx.told, nil
}

// Name tells the database apart for people: the file's name, or the Postgres database's.
func (db *DB) Name() string {
	if db.cfg.Path != "" {
		return path.Base(db.cfg.Path)
	}
	if cfg, err := pgconn.ParseConfig(db.cfg.URL); err == nil {
		return cfg.Database
	}
	return "postgres"
}
