package cursor_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"zhijian/ground/cursor"
)

type row int

func (r row) Cursor() cursor.Cursor { return cursor.Cursor{ID: int64(r)} }

// An array has every row once, however they fall on pages, and what fails is told.
func TestArray(t *testing.T) {
	t.Parallel()
	for n, want := range []string{"[]\n", "[1]\n", "[1,2]\n", "[1,2,3]\n", "[1,2,3,4]\n"} {
		var b strings.Builder
		page := func(after cursor.Cursor) (list []row, err error) {
			for i := after.ID + 1; i <= int64(n) && len(list) < 2; i++ {
				list = append(list, row(i))
			}
			return list, nil
		}
		err := cursor.Array(&b, 2, page, func(r row) error { _, err := fmt.Fprint(&b, int(r)); return err })
		if err != nil || b.String() != want {
			t.Errorf("%d rows: %q, want %q: %v", n, b.String(), want, err)
		}
	}
	broken := errors.New("broken")
	if err := cursor.Array(io.Discard, 2, func(cursor.Cursor) ([]row, error) { return nil, broken }, func(row) error { return nil }); !errors.Is(err, broken) {
		t.Errorf("a page that fails: %v", err)
	}
	if err := cursor.Array(io.Discard, 2, func(cursor.Cursor) ([]row, error) { return []row{1}, nil }, func(row) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a row that fails: %v", err)
	}
}
