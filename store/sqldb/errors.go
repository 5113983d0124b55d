package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"zhijian/ground/fault"
)

// ErrDuplicate says that a unique index or primary key refused a row. It is in the chain of
// the driver's error, so errors.Is finds it on both databases.
var ErrDuplicate = errors.New("sqldb: duplicate")

// ErrClosed says that the database was closed before the change began.
var ErrClosed = errors.New("sqldb: closed")

// ErrUnknown says that the connection broke during a commit: the change may or may not be
// saved. Repeat it under the same key, or look.
var ErrUnknown = errors.New("sqldb: outcome of the commit is not known")

// errSpoiled is for a statement after a failed one in the same change.
var errSpoiled = errors.New("sqldb: an earlier statement of this change failed")

// mapped gives database errors the meaning that rooms work with: ErrDuplicate, and
// fault.Unavailable for a store that is full, locked or away. All else passes through.
func mapped(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) || fault.Of(err) != nil {
		return err
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch {
		case lite.Code() == lib.SQLITE_CONSTRAINT_UNIQUE, lite.Code() == lib.SQLITE_CONSTRAINT_PRIMARYKEY,
			lite.Code() == lib.SQLITE_CONSTRAINT_ROWID:
			return fmt.Errorf("%w: %w", ErrDuplicate, err)
		case lite.Code()&0xff == lib.SQLITE_FULL:
			return fault.Unavailable("store.full", "现在保存不了，不是您的问题。刚填的内容没有提交，请稍后再试").Because(err)
		case lite.Code()&0xff == lib.SQLITE_BUSY, lite.Code()&0xff == lib.SQLITE_LOCKED:
			return busy(err)
		}
		return err
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "23505": // unique_violation
			return fmt.Errorf("%w: %w", ErrDuplicate, err)
		case "53100": // disk_full
			return fault.Unavailable("store.full", "现在保存不了，不是您的问题。刚填的内容没有提交，请稍后再试").Because(err)
		case "57014", "55P03", "25P03", "53300", "53200", "53400", "40001", "40P01": // time-outs, limits, deadlocks
			return busy(err)
		case "57P01", "57P02", "57P03": // server going down or coming up
			return away(err)
		}
		return err
	}
	var connect *pgconn.ConnectError
	var network net.Error
	if errors.As(err, &connect) || (errors.As(err, &network) && !errors.Is(err, context.DeadlineExceeded)) {
		return away(err)
	}
	return err
}

func busy(err error) error {
	return fault.Unavailable("store.busy", "现在办的人多，暂时保存不了，请稍后再试").Because(err)
}

func away(err error) error {
	return fault.Unavailable("store.away", "平台正在维护，请稍后再试").Because(err)
}

// isStatement reports whether the database itself refused a statement, as opposed to a
// value that did not fit the caller's variable.
func isStatement(err error) bool {
	var lite *sqlite.Error
	var pg *pgconn.PgError
	return errors.As(err, &lite) || errors.As(err, &pg)
}

// isCheck reports that a CHECK of the schema refused a row.
func isCheck(err error) bool {
	var lite *sqlite.Error
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &lite):
		return lite.Code() == lib.SQLITE_CONSTRAINT_CHECK
	case errors.As(err, &pg):
		return pg.Code == "23514" // check_violation
	}
	return false
}

// isBroken reports an error after which a SQLite file must not be trusted without a check:
// I/O errors (a failed fsync may have dropped the pages it was asked to save) and corruption.
func isBroken(err error) bool {
	var lite *sqlite.Error
	if !errors.As(err, &lite) {
		return false
	}
	switch lite.Code() & 0xff {
	case lib.SQLITE_IOERR, lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_PROTOCOL:
		return true
	}
	return false
}

// endsTransaction reports an error after which SQLite may have rolled the whole transaction
// back by itself, and with it the changes of other callers.
func endsTransaction(err error) bool {
	var lite *sqlite.Error
	if !errors.As(err, &lite) {
		return false
	}
	switch lite.Code() & 0xff {
	case lib.SQLITE_FULL, lib.SQLITE_NOMEM, lib.SQLITE_BUSY, lib.SQLITE_INTERRUPT:
		return true
	}
	return isBroken(err)
}

// isRetryable reports a Postgres error after which the change may be tried again.
func isRetryable(err error, attempt int) bool {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return false
	}
	switch pg.Code {
	case "40001", "40P01": // serialization_failure, deadlock_detected
		return attempt < retries
	case "55P03": // lock_not_available
		return attempt < lockRetries
	}
	return false
}
