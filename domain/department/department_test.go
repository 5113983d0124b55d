package department_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/department"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func police() department.Department {
	return department.Department{
		Slug: "hangzhou-traffic-police", Name: "杭州市公安局交通警察支队（演示）", En: "Hangzhou Traffic Police", Region: "330100",
		Level: "prefecture", Sector: "public-security", Phone: "12123",
	}
}

func newDesk(t testing.TB, db *sqldb.DB) *department.Desk {
	t.Helper()
	c := testkit.Clock()
	d, err := department.New(department.Config{Store: store.Departments{DB: db}, Clock: c, IDs: &uid.Maker{Clock: c}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPut(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, ctx := newDesk(t, db), context.Background()
		events := func() (n int) {
			if err := db.QueryRow(ctx, `select count(*) from event where name = 'department.registered' and region = '330100'`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		first, err := d.Put(ctx, actor.House, police())
		if err != nil || first.ID == 0 {
			t.Fatal(first, err)
		}
		again, err := d.Put(ctx, actor.House, police())
		if err != nil || again != first || events() != 1 {
			t.Errorf("the same again: %+v, %d events, %v", again, events(), err)
		}
		changed := police()
		changed.Phone = "0571-12345"
		got, err := d.Put(ctx, actor.Actor{Kind: actor.Operator, ID: 1}, changed)
		if err != nil || got.ID != first.ID || got.Phone != "0571-12345" || events() != 2 {
			t.Errorf("changed: %+v, %d events, %v", got, events(), err)
		}
		water := police()
		water.Slug, water.Name, water.Region = "ningbo-water", "宁波市水务（演示）", "330200"
		if _, err := d.Put(ctx, actor.House, water); err != nil {
			t.Fatal(err)
		}
		found, err := d.Department(ctx, first.ID)
		if diff := cmp.Diff(got, found); err != nil || diff != "" {
			t.Error(err, diff)
		}
		for region, want := range map[string]int{"330100": 1, "": 2, "990000": 0} {
			if list, err := d.Of(ctx, region); err != nil || len(list) != want {
				t.Errorf("of %q: %d, %v", region, len(list), err)
			}
		}
		if _, err := d.Department(ctx, 1); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("absent: %v", err)
		}
	})
}

func TestPutRefuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t, testkit.Database(t))
	for _, a := range []actor.Actor{{}, {Kind: actor.Resident, ID: 1}, {Kind: actor.Staff, ID: 1, Department: 1}} {
		if _, err := d.Put(context.Background(), a, police()); !fault.Is(err, fault.KindDenied) {
			t.Errorf("%v puts: %v", a, err)
		}
	}
	_, err := d.Put(context.Background(), actor.House, department.Department{Slug: "-x", Name: "x", Region: "3301", Level: "city", Sector: ""})
	if f := fault.Of(err); f == nil || len(f.All()) != 5 {
		t.Errorf("faults: %v", err)
	}
	if _, err := department.New(department.Config{}); err == nil {
		t.Error("an empty configuration is taken")
	}
}
