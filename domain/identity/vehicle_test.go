package identity_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// A plate is saved once, however it is written, proves nothing, stands behind what is proven, and is nobody else's to drop.
func TestVehicles(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		a, _ := w.climb(zhang, 4)
		garage := func() (list []string) {
			r, err := w.desk.Resident(ctx, a, a.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range r.Garage() {
				list = append(list, fmt.Sprint(v.Plate.Reveal(), v.Proven))
			}
			return list
		}
		own := garage()
		if len(own) != 1 || !strings.HasSuffix(own[0], "true") {
			t.Fatalf("at first: %v", own)
		}
		for _, typed := range []string{"浙A66666", "浙a·66666", strings.TrimSuffix(own[0], "true")} {
			if err := w.desk.SaveVehicle(ctx, a, typed); err != nil {
				t.Fatalf("%s: %v", typed, err)
			}
		}
		if got := garage(); !slices.Equal(got, append(slices.Clone(own), "浙A66666false")) {
			t.Errorf("saved: %v", got)
		}
		wantCode(t, w.desk.SaveVehicle(ctx, a, "A6"), "plate.province")
		other, _ := w.climb(li, 1)
		if err := w.desk.DropVehicle(ctx, other, "浙A66666"); err != nil || len(garage()) != 2 {
			t.Errorf("dropped by a stranger: %v", err)
		}
		var out bytes.Buffer
		if err := w.desk.Export(ctx, a, &out); err != nil || !strings.Contains(out.String(), `"saved_plates": [`) {
			t.Errorf("the export has no saved plates: %v", err)
		}
		for i := range 9 {
			if err := w.desk.SaveVehicle(ctx, a, fmt.Sprintf("浙B1000%d", i)); err != nil {
				t.Fatal(err)
			}
		}
		wantCode(t, w.desk.SaveVehicle(ctx, a, "浙C10000"), "vehicle.full")
		if _, err := w.desk.Withdraw(ctx, a, "vehicle"); err != nil {
			t.Fatal(err)
		}
		if got := garage(); len(got) != 10 || slices.Contains(got, own[0]) {
			t.Errorf("after the proof is withdrawn: %v", got)
		}
		if err := w.desk.DropVehicle(ctx, a, "浙A66666"); err != nil || slices.Contains(garage(), "浙A66666false") {
			t.Errorf("not dropped: %v", err)
		}
	})
}
