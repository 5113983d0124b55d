package store

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"zhijian/domain/message"
	"zhijian/ground/clock"
	"zhijian/ground/cursor"
	"zhijian/ground/event"
	"zhijian/ground/seal"
	"zhijian/store/sqldb"
)

// Messages keeps notes. Both fields are required.
type Messages struct {
	DB   *sqldb.DB
	Ring *seal.Ring
}

var _ message.Store = Messages{}

// The purposes that a note's content is sealed under. They are stored, so they never change.
const (
	sealNoteRows = "message.rows"
	sealNoteText = "message.text"
)

const (
	noteColumns = `id, key, resident, account, kind, title, lines, body, link, at, read_at`
	insertNote  = `
insert into note (` + noteColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (resident, key) do nothing`
	countUnread = `select count(*) from note where resident = $1 and read_at = 0`
	readNote    = `update note set read_at = $1 where resident = $2 and id = $3 and read_at = 0`
	readNotes   = `update note set read_at = $1 where resident = $2 and read_at = 0`
)

// Add implements message.Store.
func (s Messages) Add(ctx context.Context, n message.Note, events ...event.Body) (bool, error) {
	rows := ""
	if len(n.Rows) > 0 {
		b, err := json.Marshal(plainRows(n.Rows))
		if err != nil {
			return false, err
		}
		rows = string(b)
	}
	f := sealing(s.Ring, "note", n.ID)
	args := []any{
		n.ID, n.Key, n.Resident, n.Account, n.Kind, n.Title, f.seal(sealNoteRows, rows), f.seal(sealNoteText, n.Text.Reveal()),
		n.Link, clock.Millis(n.At), clock.Millis(n.Read),
	}
	if f.err != nil {
		return false, f.err
	}
	isNew := false
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		added, err := tx.Exec(insertNote, args...)
		isNew = added == 1
		if err != nil || !isNew {
			return err
		}
		return tx.Append(message.Key(n.Resident), events...)
	})
	return isNew && err == nil, err
}

// List implements message.Store.
func (s Messages) List(ctx context.Context, resident, account int64, after cursor.Cursor, limit int) ([]message.Note, error) {
	var w conditions
	w.add("resident = ?", resident)
	if account != 0 {
		w.add("account = ?", account)
	}
	if after != (cursor.Cursor{}) {
		w.before("at", "id", after.At, after.ID)
	}
	rows, err := s.DB.Query(ctx, `select `+noteColumns+` from note`+w.text()+` order by at desc, id desc limit `+strconv.Itoa(limit), w.args...)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, s.scan)
}

func (s Messages) scan(row sqldb.Row) (message.Note, error) {
	var n message.Note
	var rows, text []byte
	var at, read int64
	err := row.Scan(&n.ID, &n.Key, &n.Resident, &n.Account, &n.Kind, &n.Title, &rows, &text, &n.Link, &at, &read)
	if err != nil {
		return message.Note{}, err
	}
	f := sealing(s.Ring, "note", n.ID)
	list := f.open(sealNoteRows, rows)
	n.Text, n.At, n.Read = f.text(sealNoteText, text), clock.FromMillis(at), clock.FromMillis(read)
	if f.err != nil {
		return message.Note{}, f.err
	}
	if n.Rows, err = readRows(list); err != nil {
		return message.Note{}, err
	}
	return n, nil
}

// plainRow is a row as it is sealed; message.Row itself refuses to be written out.
type plainRow struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

func plainRows(rows []message.Row) []plainRow {
	out := make([]plainRow, len(rows))
	for i, r := range rows {
		out[i] = plainRow(r)
	}
	return out
}

func readRows(sealed string) ([]message.Row, error) {
	if sealed == "" {
		return nil, nil
	}
	var list []plainRow
	if json.Unmarshal([]byte(sealed), &list) != nil {
		return nil, errors.New("rows of a note do not decode") // the cause would quote them
	}
	out := make([]message.Row, len(list))
	for i, r := range list {
		out[i] = message.Row(r)
	}
	return out, nil
}

// Unread implements message.Store.
func (s Messages) Unread(ctx context.Context, resident int64) (int, error) {
	var n int
	err := s.DB.QueryRow(ctx, countUnread, resident).Scan(&n)
	return n, err
}

// Read implements message.Store.
func (s Messages) Read(ctx context.Context, resident, id int64, at time.Time) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) (err error) {
		if id != 0 {
			_, err = tx.Exec(readNote, clock.Millis(at), resident, id)
		} else {
			_, err = tx.Exec(readNotes, clock.Millis(at), resident)
		}
		return err
	})
}
