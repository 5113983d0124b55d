package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zhijian/domain/observatory/live"
	"zhijian/ground/event"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// TestFactsFold: what was counted goes in with the cursor or not at all.
func TestFactsFold(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		facts, ctx := store.Facts{DB: db}, t.Context()
		sum := live.NewSum()
		sum.Facts[live.Key{Day: 20260528, Region: "330100", Metric: "opened"}] = 3
		sum.Facts[live.Key{Day: 20260528, Region: "330100", Metric: "fen"}] = -7
		sum.People[live.Person{Month: 202605, Region: "330100", Service: "s", Resident: 5}] = struct{}{}
		for _, step := range []struct {
			from, to int64
			want     bool
		}{{0, 4, true}, {0, 4, false}, {3, 9, false}, {4, 9, true}} {
			if ok, err := facts.Fold(ctx, 2, step.from, step.to, sum); err != nil || ok != step.want {
				t.Errorf("from %d to %d: %v, %v", step.from, step.to, ok, err)
			}
		}
		if at, err := facts.Cursors(ctx); err != nil || at != [event.Shards]int64{2: 9} {
			t.Errorf("cursors %v, %v", at, err)
		}
		days, err := facts.Days(ctx, 20260528, 20260529)
		if err != nil || len(days) != 2 || days[0].N != -14 || days[1].N != 6 {
			t.Errorf("facts %v, %v", days, err)
		}
		sum = live.NewSum()
		for _, c := range []struct {
			day             int32
			service, metric string
			n               int64
		}{{20260301, "s", "opened", 90}, {20260302, "s", "opened", 4}, {20260528, "s", "done", 2}, {20260528, "s", "paid", 50}, {20260528, "", "searches", 70}, {20260528, "t", "opened", 1}} {
			sum.Facts[live.Key{Day: c.day, Region: "330100", Service: c.service, Channel: "page", Metric: c.metric}] = c.n
		}
		if ok, err := facts.Fold(ctx, 3, 0, 1, sum); err != nil || !ok {
			t.Fatal(ok, err)
		}
		used, err := facts.Used(ctx, 20260302)
		slices.SortFunc(used, func(a, b live.Used) int { return strings.Compare(a.Service, b.Service) })
		if want := []live.Used{{Region: "330100", Service: "s", N: 6}, {Region: "330100", Service: "t", N: 1}}; err != nil || !slices.Equal(used, want) {
			t.Errorf("used %v, %v; want %v", used, err, want)
		}
		people, err := facts.Persons(ctx)
		if err != nil || len(people) != 1 {
			t.Errorf("people %v, %v", people, err)
		}
	})
}

// TestNightIsSetOnce: the alarm of a night is one, whoever sets it how often.
func TestNightIsSetOnce(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		facts := store.Facts{DB: db}
		for _, day := range []int32{20260528, 20260528, 20260529} {
			if err := facts.SetNight(t.Context(), day, event.Later{Body: live.NightDue{Day: day}, At: testkit.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		var n int
		if err := db.QueryRow(t.Context(), `select count(*) from alarm where name = $1`, live.NightDue{}.EventName()).Scan(&n); err != nil || n != 2 {
			t.Errorf("%d alarms, %v", n, err)
		}
	})
}

// BenchmarkFactsFold adds what a lot of 500 events of one shard gives: some thousand different facts over time.
func BenchmarkFactsFold(b *testing.B) {
	facts, at := store.Facts{DB: testkit.Database(b)}, int64(0)
	sum := live.NewSum()
	for i := range 120 {
		sum.Facts[live.Key{Day: 20260528, Region: fmt.Sprint(330100 + i%6), Service: fmt.Sprint(i % 5), Channel: "page", Level: i % 4, Metric: "opened"}] = 4
	}
	for b.Loop() {
		if ok, err := facts.Fold(b.Context(), 0, at, at+500, sum); err != nil || !ok {
			b.Fatal(ok, err)
		}
		at += 500
	}
	b.ReportMetric(500*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
