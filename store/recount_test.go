package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/payment"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// A case whose first payment is on its way back and whose second counts was not paid twice; one with two that count was. And a surplus
// that was said to be back without its posting is found.
func TestRecountOfMoney(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		p, now := store.Payments{DB: db}, testkit.Now()
		paid := func(no, of string, attempt int, also func(*payment.Order)) {
			t.Helper()
			o := payment.Order{
				ID: int64(len(no)*100 + attempt), No: no, For: payment.For{Kind: "cases", No: of}, Step: "pay", Attempt: attempt, Amount: 100,
				State: payment.Ordered, Created: now, Expires: now, Rev: 1,
			}
			if _, err := p.Add(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			_, err := p.Change(t.Context(), no, func(o *payment.Order) ([]event.Body, error) {
				o.State, o.Transaction, o.PaidAt = payment.Paid, "T"+no, now
				if also != nil {
					also(o)
				}
				return []event.Body{}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		recount := func() []string {
			t.Helper()
			list, err := store.Recount(t.Context(), db)
			if err != nil {
				t.Fatal(err)
			}
			return slices.DeleteFunc(list, func(s string) bool { return strings.HasPrefix(s, "order for a case") })
		}
		paid("A1", "A", 1, func(o *payment.Order) { o.State, o.RefundNo = payment.Refunding, "A1R" })
		paid("A2", "A", 2, func(o *payment.Order) {
			o.Extra = []payment.Extra{{Transaction: "X", Amount: 100, Currency: "CNY", State: payment.Owed, RefundNo: "A2S1", At: now}}
		})
		if list := recount(); len(list) != 0 {
			t.Errorf("a refund in flight: %q", list)
		}
		paid("B1", "B", 1, nil)
		paid("B2", "B", 2, nil)
		err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`update payment_extra set state = 'returned', refunded_at = $1 where order_no = $2`, clock.Millis(now), "A2")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		list := recount()
		if len(list) != 2 || !strings.Contains(strings.Join(list, "\n"), "case paid more than once and not returned: B") || !strings.Contains(list[0], "A2/X") {
			t.Errorf("found %q", list)
		}
	})
}

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
