package store_test

import (
	"context"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// Many ask at once for the same names and for others: each name has one number, numbers have no gap, and a number never changes.
func TestNumbers(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx, s := context.Background(), store.Numbers{DB: db}
		const callers, names = 8, 20
		var got [callers][names]uint32
		var wg sync.WaitGroup
		for c := range callers {
			wg.Go(func() {
				for i := range names {
					at := (i*7 + c) % names
					n, err := s.Number(ctx, "place", strconv.Itoa(at))
					if err != nil {
						t.Error(err)
					}
					got[c][at] = n
				}
			})
		}
		wg.Wait()
		want := map[uint32]string{}
		for i, n := range got[0] {
			want[n] = strconv.Itoa(i)
			if n < 1 || n > names {
				t.Errorf("number %d of %d names", n, names)
			}
		}
		for c := range callers {
			if d := cmp.Diff(got[0], got[c]); d != "" {
				t.Errorf("two callers have other numbers: %s", d)
			}
		}
		all, err := s.Names(ctx, "place")
		if d := cmp.Diff(want, all); err != nil || d != "" {
			t.Errorf("names: %v %s", err, d)
		}
		if n, err := s.Number(ctx, "person", "3"); n != 1 || err != nil {
			t.Errorf("the first number of another space is %d, %v", n, err)
		}
		if all, err := s.Names(ctx, "nothing"); len(all) != 0 || err != nil {
			t.Errorf("names of an empty space: %v, %v", all, err)
		}
	})
}
