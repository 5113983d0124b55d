package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"zhijian/store/sqldb"
)

// Numbers gives names small numbers that visits are counted by: 1, 2, 3 … in each space, given once and for ever, the same on all
// nodes of one database. A number is a name's for as long as the row stands, and rows are never removed: a number that
// came to mean somebody else would make two people one.
type Numbers struct{ DB *sqldb.DB }

const (
	selectNumber = `select number from visit_number where space = $1 and name = $2`
	insertNumber = `
insert into visit_number (space, name, number)
select cast($1 as text), cast($2 as text), coalesce(max(number), 0) + 1 from visit_number where space = $1
on conflict do nothing`
	selectNames = `select number, name from visit_number where space = $1 order by number`

	numberTries = 100 // other nodes may take the next number at the same instant, again and again
)

// Number gives the number of a name, a new one when it has none: one indexed read, and one transaction the first time ever.
func (s Numbers) Number(ctx context.Context, space, name string) (uint32, error) {
	for range numberTries {
		var n uint32
		err := s.DB.QueryRow(ctx, selectNumber, space, name).Scan(&n)
		if !errors.Is(err, sql.ErrNoRows) {
			return n, err
		}
		err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(insertNumber, space, name)
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	return 0, fmt.Errorf("number of a new name in %s: others were quicker %d times", space, numberTries)
}

// Names gives all names of a space by their numbers.
func (s Numbers) Names(ctx context.Context, space string) (map[uint32]string, error) {
	rows, err := s.DB.Query(ctx, selectNames, space)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	names := map[uint32]string{}
	for rows.Next() {
		var n uint32
		var name string
		if err := rows.Scan(&n, &name); err != nil {
			return nil, err
		}
		names[n] = name
	}
	return names, rows.Err()
}
