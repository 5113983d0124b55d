package store

import (
	"context"
	"database/sql"
	"errors"

	"zhijian/domain/cases"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/store/sqldb"
)

// Files keeps what residents upload to their cases. DB and Ring are required.
type Files struct {
	DB   *sqldb.DB
	Ring *seal.Ring
}

var _ cases.Files = Files{}

const (
	fileColumns = `id, no, step, answer, kind, size, sha256, created, kept, name`

	insertFile = `insert into cases_file (` + fileColumns + `, body) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	filesOf    = `select ` + fileColumns + ` from cases_file where no = $1 order by created, id`
	fileByID   = `select ` + fileColumns + ` from cases_file where id = $1`
	fileBody   = `select body from cases_file where id = $1`
	updateFile = `update cases_file set kept = $1 where id = $2`
	deleteFile = `delete from cases_file where id = $1`
	caseLocked = `select no from cases where no = $1`

	purposeFileName = "cases_file.name"
	purposeFileBody = "cases_file.body"
)

func noFile() *fault.Error {
	return fault.NotFound("file", "没有找到这个文件，可能已经删除")
}

func (s Files) sealing(id string) *sealer { return &sealer{ring: s.Ring, place: "cases_file/" + id} }

// Add implements cases.Files. The row of the case is locked, so that files are added to it one after the other; it is not changed.
func (s Files) Add(ctx context.Context, f cases.File, body []byte, room func(had []cases.File) error, events ...event.Body) error {
	lock := s.sealing(f.ID)
	args := []any{
		f.ID, f.Case, f.Step, f.Answer, string(f.Kind), f.Size, f.SHA256, clock.Millis(f.Created), clock.Millis(f.Kept),
		lock.seal(purposeFileName, f.Name), lock.seal(purposeFileBody, string(body)),
	}
	if lock.err != nil {
		return lock.err
	}
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		var no string
		if err := tx.QueryRow(caseLocked+tx.ForUpdate(), f.Case).Scan(&no); err != nil {
			return err
		}
		rows, err := tx.Query(filesOf, f.Case)
		if err != nil {
			return err
		}
		had, err := s.list(rows)
		if err != nil {
			return err
		}
		if err := room(had); err != nil {
			return err
		}
		if _, err := tx.Exec(insertFile, args...); err != nil {
			return err
		}
		return tx.Append(f.Case, events...)
	})
}

// Of implements cases.Files.
func (s Files) Of(ctx context.Context, no string) ([]cases.File, error) {
	rows, err := s.DB.Query(ctx, filesOf, no)
	if err != nil {
		return nil, err
	}
	return s.list(rows)
}

// list reads and closes rows.
func (s Files) list(rows *sql.Rows) (list []cases.File, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		f, err := s.scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, rows.Err()
}

// File implements cases.Files.
func (s Files) File(ctx context.Context, id string) (cases.File, error) {
	f, err := s.scan(s.DB.QueryRow(ctx, fileByID, id))
	return f, absent(err, noFile())
}

// Bytes implements cases.Files.
func (s Files) Bytes(ctx context.Context, id string) ([]byte, error) {
	var body []byte
	if err := s.DB.QueryRow(ctx, fileBody, id).Scan(&body); err != nil {
		return nil, absent(err, noFile())
	}
	lock := s.sealing(id)
	plain := lock.open(purposeFileBody, body)
	return []byte(plain), lock.err
}

// Change implements cases.Files.
func (s Files) Change(ctx context.Context, id string, rule func(*cases.File) ([]event.Body, error)) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		f, err := s.scan(tx.QueryRow(fileByID+tx.ForUpdate(), id))
		if err != nil {
			return absent(err, noFile())
		}
		bodies, err := rule(&f)
		if err != nil || bodies == nil {
			return err
		}
		if f.Gone {
			_, err = tx.Exec(deleteFile, id)
		} else {
			_, err = tx.Exec(updateFile, clock.Millis(f.Kept), id)
		}
		if err != nil {
			return err
		}
		return tx.Append(f.Case, bodies...)
	})
}

// scan reads a file without its bytes.
func (s Files) scan(row oneRow) (cases.File, error) {
	var f cases.File
	var created, kept int64
	var name []byte
	x := &f.File
	if err := row.Scan(&x.ID, &f.Case, &f.Step, &x.Answer, &x.Kind, &x.Size, &x.SHA256, &created, &kept, &name); err != nil {
		return f, err
	}
	f.Created, f.Kept = clock.FromMillis(created), clock.FromMillis(kept)
	lock := s.sealing(x.ID)
	f.File.Name = lock.open(purposeFileName, name)
	return f, lock.err
}
