package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/identity"
	"zhijian/ground/event"
	"zhijian/ground/seal"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestLooks(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx, s := context.Background(), store.Looks{DB: db}
		list := []store.Look{
			{ID: 1, Resident: 7, At: testkit.Now(), No: "A", Account: 3, Purpose: "办理"},
			{ID: 2, Resident: 7, At: testkit.Now().Add(time.Minute), No: "B", Account: 3, Operator: true, Purpose: "核对"},
			{ID: 3, At: testkit.Now().Add(2 * time.Minute), No: "C", Account: 3, Purpose: "来电咨询"},
			{ID: 4, Resident: 8, At: testkit.Now(), No: "D", Account: 3, Purpose: "办理"},
		}
		for range 2 { // every event may come twice
			for _, l := range list {
				if err := s.Add(ctx, l); err != nil {
					t.Fatal(err)
				}
			}
		}
		want := func(limit int, ids ...store.Look) {
			t.Helper()
			got, err := s.Of(ctx, 7, limit)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(ids, got); diff != "" {
				t.Errorf("Of(7, %d) (-want +got):\n%s", limit, diff)
			}
		}
		want(10, list[1], list[0])
		want(1, list[1])
		for no, resident := range map[string]int64{"C": 7, "D": 7} {
			if err := s.Claim(ctx, no, resident); err != nil {
				t.Fatal(err)
			}
		}
		list[2].Resident = 7
		want(10, list[2], list[1], list[0]) // D was a resident's already
	})
}

// Whoever proves a vehicle last holds it; who withdraws what they proved is found no more.
func TestHolder(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx, s := context.Background(), store.Residents{DB: db, Ring: testkit.Ring(t)}
		for id, phone := range map[int64]string{1: "+8613800138001", 2: "+8613800138002"} {
			if _, err := s.Join(ctx, identity.Resident{ID: id, Level: 1, Phone: seal.Plain(phone), Created: testkit.Now(), Rev: 1}); err != nil {
				t.Fatal(err)
			}
		}
		prove := func(id int64, plates ...string) {
			t.Helper()
			_, err := s.Change(ctx, id, 0, func(f *identity.File) ([]event.Body, error) {
				f.Plates = nil
				for _, p := range plates {
					f.Plates = append(f.Plates, seal.Plain(p))
				}
				return []event.Body{identity.Proven{Resident: id, Level: 4}}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		holds := func(when, plate string, want int64) {
			t.Helper()
			if id, err := s.Holder(ctx, seal.Plain(plate)); err != nil || id != want {
				t.Errorf("%s: Holder(%s) = %d, %v, want %d", when, plate, id, err, want)
			}
		}
		holds("at first", "浙A12345", 0)
		prove(1, "浙A12345", "浙AD12345")
		holds("proven", "浙A12345", 1)
		prove(2, "浙A12345")
		holds("sold", "浙A12345", 2)
		holds("kept", "浙AD12345", 1)
		prove(1, "浙A12345", "浙AD12345", "浙A99999")
		holds("the seller proves another one", "浙A12345", 2)
		holds("the seller proves another one", "浙A99999", 1)
		prove(1)
		holds("the seller withdraws", "浙A12345", 2)
		holds("the seller withdraws", "浙AD12345", 0)
		prove(2)
		holds("both withdraw", "浙A12345", 0)
	})
}
