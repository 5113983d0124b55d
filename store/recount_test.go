package store_test

import (
	"testing"
	"time"

	"zhijian/domain/booking"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// An office that offers less than it has given away contradicts nothing: the places that are taken stay taken.
func TestRecountBearsLoweredCapacity(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx, b := t.Context(), store.Bookings{DB: db}
		start := testkit.Clock().Now().Add(48 * time.Hour)
		slot := booking.Slot{Pool: "hall", ID: "s1", Start: start, End: start.Add(time.Hour), Capacity: 1}
		if err := b.Publish(ctx, []booking.Slot{slot}); err != nil {
			t.Fatal(err)
		}
		r := booking.Reservation{
			ID: 1, No: "R1", For: booking.For{Kind: "cases", No: "C1"}, Step: "slot", Attempt: 1, Resident: 1, Pool: "hall", Slot: "s1",
			State: booking.Held, Created: testkit.Clock().Now(), Until: testkit.Clock().Now().Add(time.Minute), Rev: 1,
		}
		if _, err := b.Take(ctx, r); err != nil {
			t.Fatal(err)
		}
		slot.Capacity = 0
		if err := b.Publish(ctx, []booking.Slot{slot}); err != nil {
			t.Fatal(err)
		}
		if wrong, err := store.Recount(ctx, db); err != nil || len(wrong) != 0 {
			t.Errorf("found %v, %v", wrong, err)
		}
	})
}
