// Package store is all SQL of the house: one file per word of the domain, its statements beside
// its scans, one text for SQLite and Postgres (reference/go-styles.md part 5).
//
// Each type is a thin keeper over a database that implements the store interface of one room; it
// decides nothing. A change is one transaction: the row, what belongs to it and its events. Methods
// block until the change is on disk, are safe for concurrent use, and give the faults that the
// room's interface names. Personal data is sealed here, bound to its column's purpose and its row's
// id, so that a ciphertext moved elsewhere does not open; equality is found by keyed blind indexes.
package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// absent turns "no row" into a room's own fault and leaves other errors alone.
func absent(err error, f *fault.Error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return f
	}
	return err
}

// sealer seals and opens the fields of one row. The first error stays; later calls do nothing.
type sealer struct {
	ring  *seal.Ring
	place string // "resident/42"
	err   error
}

func sealing(ring *seal.Ring, table string, id int64) *sealer {
	return &sealer{ring: ring, place: table + "/" + strconv.FormatInt(id, 10)}
}

// seal gives a value for a bytea column: null for an empty text.
func (s *sealer) seal(purpose, plain string) any {
	if s.err != nil || plain == "" {
		return nil
	}
	b, err := s.ring.Seal(purpose, s.place, plain)
	if err != nil {
		s.err = fmt.Errorf("seal %s of %s: %w", purpose, s.place, err)
		return nil
	}
	return []byte(b)
}

// open reverses seal.
func (s *sealer) open(purpose string, b []byte) string {
	if s.err != nil || len(b) == 0 {
		return ""
	}
	plain, err := s.ring.Open(purpose, s.place, b)
	if err != nil {
		s.err = fmt.Errorf("open %s of %s: %w", purpose, s.place, err)
	}
	return plain
}

// text is open for a value that stays hidden in memory.
func (s *sealer) text(purpose string, b []byte) seal.Text { return seal.Plain(s.open(purpose, b)) }
