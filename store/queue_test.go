package store_test

import (
	"math"
	"testing"

	"zhijian/domain/booking"
	"zhijian/ground/event"
	"zhijian/ground/geo"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// TestResourcePlace: where a resource is comes back to a millionth of a degree, and one of which nobody said lies nowhere.
func TestResourcePlace(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx, b := t.Context(), store.Bookings{DB: db}
		for pool, at := range map[string]geo.Point{"h1": {Lat: 31.2990004, Lon: 120.5853}, "h2": {}, "h3": {Lat: -0.5, Lon: -120.25}} {
			for range 2 { // made, then changed
				_, err := b.ChangeResource(ctx, pool, func(r *booking.Resource) ([]event.Body, error) {
					r.Kind, r.Name, r.At = booking.Counter, "大厅", at
					return []event.Body{booking.ResourceEvent{}}, nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			r, ok, err := b.Resource(ctx, pool)
			if err != nil || !ok || math.Abs(r.At.Lat-at.Lat)+math.Abs(r.At.Lon-at.Lon) > 1e-6 || r.At.Known() != at.Known() {
				t.Errorf("%s lies at %v, %v; want %v", pool, r.At, err, at)
			}
		}
	})
}
