package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/bundle"
	"zhijian/domain/service"
	"zhijian/ground/cursor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func begun(no string, id int64, at time.Time) bundle.Bundle {
	return bundle.Bundle{
		ID: id, No: no, Resident: 7, City: "330100", Bundle: "birth", Version: 2, Lang: "zh", Channel: "page", Level: 3, State: bundle.Draft,
		Data: service.State{Step: "child", Answers: map[string]any{"given_name": "王小宝"}}, Opened: at, Updated: at, Kept: at.Add(time.Hour), Rev: 1,
	}
}

// TestBundles: a bundle comes back as it was saved, its answers sealed; a change saves row, events and the numbers of its cases, or nothing.
func TestBundles(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx, now := t.Context(), testkit.Now()
		bundles := store.Bundles{DB: db, Ring: testkit.Ring(t)}
		b := begun("B1", 1, now)
		if err := bundles.Add(ctx, b, bundle.OpenedEvent{}); err != nil {
			t.Fatal(err)
		}
		same := func(want bundle.Bundle) {
			t.Helper()
			got, err := bundles.Bundle(ctx, want.No)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("kept otherwise: %v %s", err, diff)
			}
		}
		same(b)
		var data []byte
		if err := db.QueryRow(ctx, `select data from bundle where no = $1`, "B1").Scan(&data); err != nil || strings.Contains(string(data), "王小宝") {
			t.Errorf("answers are kept in plain: %s, %v", data, err)
		}
		if _, err := bundles.Bundle(ctx, "B2"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("one that is not there: %v", err)
		}

		run := func(b *bundle.Bundle) ([]event.Body, error) {
			b.State, b.Updated, b.Kept = bundle.Running, now.Add(time.Minute), time.Time{}
			b.Members = map[string]bundle.Member{"name": {Standing: service.MemberOpen, Case: "C1", Round: 1, At: now}, "card": {Standing: service.MemberSkipped}}
			return []event.Body{bundle.StartedEvent{}}, nil
		}
		changed, err := bundles.Change(ctx, "B1", run)
		if err != nil || changed.Rev != 2 || changed.State != bundle.Running {
			t.Fatal(changed, err)
		}
		same(changed)
		for of, want := range map[string]string{"C1": "B1", "C2": "", "": ""} {
			if no, err := bundles.Holding(ctx, of); no != want || err != nil {
				t.Errorf("case %q is held by %q, %v", of, no, err)
			}
		}
		for what, rule := range map[string]func(*bundle.Bundle) ([]event.Body, error){
			"already so": func(b *bundle.Bundle) ([]event.Body, error) { b.State = bundle.Done; return nil, nil },
			"refuses":    func(b *bundle.Bundle) ([]event.Body, error) { b.State = bundle.Done; return nil, errors.New("no") },
			"without one": func(*bundle.Bundle) ([]event.Body, error) {
				return nil, fault.Conflict("bundle.ended", "这件事现在不能改")
			},
		} {
			if got, _ := bundles.Change(ctx, "B1", rule); got.Rev != 2 || got.State != bundle.Running {
				t.Errorf("a rule that %s gives %+v", what, got)
			}
			same(changed)
		}
		var events int
		if err := db.QueryRow(ctx, `select count(*) from event where key = $1`, "B1").Scan(&events); err != nil || events != 2 {
			t.Errorf("%d events, %v; want two", events, err)
		}
	})
}

// TestBundlesOf: one's own only, newest change first, place by place.
func TestBundlesOf(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx, now := t.Context(), testkit.Now()
		bundles := store.Bundles{DB: db, Ring: testkit.Ring(t)}
		for i, at := range []time.Duration{1, 3, 3, 2} {
			b := begun("B"+string(rune('0'+i)), int64(10+i), now.Add(at*time.Second))
			if err := bundles.Add(ctx, b); err != nil {
				t.Fatal(err)
			}
		}
		other := begun("B9", 99, now)
		other.Resident = 8
		if err := bundles.Add(ctx, other); err != nil {
			t.Fatal(err)
		}
		var got []string
		for after := (cursor.Cursor{}); ; {
			list, err := bundles.Of(ctx, 7, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range list {
				got, after = append(got, b.No), b.Cursor()
			}
			if len(list) < 2 {
				break
			}
		}
		if want := []string{"B2", "B1", "B3", "B0"}; !slices.Equal(got, want) {
			t.Errorf("they come as %v, want %v", got, want)
		}
	})
}
