package sqldb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"zhijian/store/migrations"
)

// migration is one numbered file.
type migration struct {
	version int64
	name    string
	text    string
	hash    string
}

const versionTable = "migration_version" // goose's own

func loadMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	var list []migration
	for _, name := range names {
		number, _, _ := strings.Cut(path.Base(name), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil || version < 1 {
			return nil, fmt.Errorf("migration %s: its name does not begin with a number", name)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(text)
		list = append(list, migration{version, name, string(text), hex.EncodeToString(sum[:])})
	}
	if len(list) == 0 {
		return nil, errors.New("no migrations")
	}
	return list, nil
}

// migrateSQLite opens a connection of its own for the schema and closes it again.
func (db *DB) migrateSQLite(ctx context.Context) error {
	pool, err := sql.Open("sqlite", dsn(db.cfg.Path, "mmap_size(0)"))
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(1)
	list, err := loadMigrations(migrations.Files())
	if err == nil {
		err = migrate(ctx, pool, goose.DialectSQLite3, list, db.Now().UnixMilli())
	}
	if err == nil {
		err = guardSQLite(ctx, pool)
	}
	return errors.Join(err, pool.Close())
}

// migrate brings the schema up to date and remembers the hash of each file it applied.
func migrate(ctx context.Context, pool *sql.DB, dialect goose.Dialect, list []migration, now int64) error {
	lite := dialect == goose.DialectSQLite3
	opts := []goose.ProviderOption{goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true)}
	for _, m := range list {
		opts = append(opts, goose.WithGoMigrations(goose.NewGoMigration(m.version, &goose.GoFunc{
			RunTx: func(ctx context.Context, tx *sql.Tx) error { return m.apply(ctx, tx, lite, now) },
		}, nil)))
	}
	if !lite {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, pool, nil, opts...)
	if err != nil {
		return err
	}
	done, err := appliedHashes(ctx, pool, lite)
	if err != nil {
		return err
	}
	if err := compare(list, done); err != nil {
		return err
	}
	if len(done) == len(list) {
		return nil // an everyday start asks for no right to change the schema
	}
	if _, err := p.Up(ctx); err != nil {
		var partial *goose.PartialError
		if errors.As(err, &partial) && partial.Err != nil {
			err = partial.Err
		}
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// apply runs the file's statements and notes its hash, in one transaction.
func (m migration) apply(ctx context.Context, tx *sql.Tx, lite bool, now int64) error {
	for _, s := range splitSQL(m.text) {
		if lite {
			s = sqliteDDL(s)
		}
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: statement %q: %w", m.name, firstLine(s), err)
		}
	}
	if m.version == 1 {
		if _, err := tx.ExecContext(ctx, `
create table if not exists migration_hash (version bigint primary key, name text not null, hash text not null, at bigint not null)`); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `insert into migration_hash (version, name, hash, at) values ($1, $2, $3, $4)`,
		m.version, m.name, m.hash, now)
	return err
}

type applied struct {
	version    int64
	name, hash string
}

func appliedHashes(ctx context.Context, pool *sql.DB, lite bool) ([]applied, error) {
	exists := `select count(*) from information_schema.tables where table_name = 'migration_hash' and table_schema = any (current_schemas(false))`
	if lite {
		exists = `select count(*) from sqlite_master where type = 'table' and name = 'migration_hash'`
	}
	var n int
	if err := pool.QueryRowContext(ctx, exists).Scan(&n); err != nil || n == 0 {
		return nil, err
	}
	rows, err := pool.QueryContext(ctx, `select version, name, hash from migration_hash order by version`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []applied
	for rows.Next() {
		var a applied
		if err := rows.Scan(&a.version, &a.name, &a.hash); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// compare refuses a schema that this program did not make.
func compare(list []migration, done []applied) error {
	known := map[int64]migration{}
	newest := int64(0)
	for _, m := range list {
		if other, twice := known[m.version]; twice {
			return fmt.Errorf("migrations %s and %s have the same number", other.name, m.name)
		}
		known[m.version] = m
		newest = max(newest, m.version)
	}
	for _, a := range done {
		m, ok := known[a.version]
		switch {
		case a.version > newest:
			return fmt.Errorf("the database has schema %d (%s) and this program knows schemas up to %d: "+
				"a newer version has used it; start that version, or restore a backup made before the upgrade", a.version, a.name, newest)
		case !ok:
			return fmt.Errorf("the database has schema %d (%s), which this program does not know", a.version, a.name)
		case m.hash != a.hash:
			return fmt.Errorf("migration %s was edited after it was applied (hash %.12s, applied as %.12s); add a new file instead",
				m.name, m.hash, a.hash)
		}
	}
	return nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
