package public_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/public"
)

// village draws a nation of a few hundred accounts of which many have few users, and its outcomes.
func village(rng *rand.Rand) *observatory.Facts {
	f := &observatory.Facts{}
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	for i := range 40 + rng.IntN(300) {
		a := observatory.Account{
			ID: fmt.Sprintf("a%03d", i), Name: fmt.Sprintf("号%d", i), Country: "CN", Sector: pick("f01", "f02", "f03", "f09", "f10"), Institution: pick("", "", "三甲医院", "交警"),
			Region: pick("330100", "330106", "330300", "440100", "440300", "630100", "632700", "110000", "330000", "000000", ""), Verified: rng.IntN(2) == 0,
			Level: observatory.Level(pick("nation", "province", "prefecture", "county", "township")), Kind: observatory.Kind(pick("service", "subscription")),
		}
		if a.Region == "" && rng.IntN(2) == 0 {
			a.Country = pick("JP", "FR")
		}
		f.Accounts = append(f.Accounts, a)
		f.Months = append(f.Months, observatory.Month{Account: a.ID, Month: "2015-08", Active: rng.Int64N(5 + rng.Int64N(200)), Clicks: rng.Int64N(90), Visits: rng.Int64N(9)})
	}
	for _, city := range []string{"330100", "330300", "440100", "110000"} {
		f.Places = append(f.Places, observatory.Place{Region: city, Class: "大城市", Service: true})
		for _, service := range []string{"weather-forecast", "id-card-service", "tide-query"} {
			f.Launches = append(f.Launches, observatory.Launch{Region: city, Service: service, Launched: true, Visits: rng.Int64N(99)})
			o := observatory.Outcome{Region: city, Service: service, Month: "2015-08"}
			opened := rng.Int64N(60)
			o.Set(observatory.Opened, opened)
			o.Set(observatory.Done, opened/2)
			o.Set(observatory.Rated, opened/3)
			o.Set(observatory.Satisfied, opened/4)
			o.Set(observatory.RatingSum, opened)
			f.Outcomes = append(f.Outcomes, o)
		}
	}
	f.Sort()
	return f
}

// peopleOf reports whether a column counts people, or acts that stand for them.
func peopleOf(c observatory.Column) bool {
	return c.Kind == observatory.Count && slices.Contains([]string{"users", "people", "residents", "cases", "ratings", "payments", "searches"}, c.Unit)
}

// entityOf says of what a row is: its first code.
func entityOf(x *observatory.Exhibit, row int) string {
	return x.Rows[row][max(0, slices.IndexFunc(x.Columns, func(c observatory.Column) bool { return c.Kind == observatory.Code }))].String()
}

// No number of people that one public exhibit leaves out is printed by another for the same thing, no exhibit prints an account's people that
// account pages and tables leave out, and none prints a small number.
func TestExhibitsHideTheSame(t *testing.T) {
	t.Parallel()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	type number struct {
		entity, unit string
		n            float64
	}
	leaders, hiddenLeaders := 0, 0
	for seed := range uint64(25) {
		f := village(rand.New(rand.NewPCG(seed, 1)))
		full, err := observatory.Compute(f, nil, cat)
		if err != nil {
			t.Fatal(err)
		}
		list := public.All(full, f, cat)
		gone := map[number]string{}
		each := func(visit func(x *observatory.Exhibit, where string, was number, shown bool)) {
			for i := range list {
				x := &list[i]
				for row := range x.Rows {
					for col, c := range x.Columns {
						was, ok := full[i].Rows[row][col].Number()
						if _, shown := x.Rows[row][col].Number(); ok && was > 0 && peopleOf(c) {
							visit(x, fmt.Sprintf("%s, row %d, %s", x.ID, row, c.ID), number{entityOf(x, row), c.Unit, was}, shown)
						}
					}
				}
			}
		}
		each(func(_ *observatory.Exhibit, where string, was number, shown bool) {
			if !shown {
				gone[was] = where
			}
		})
		accounts := map[string]bool{}
		for i := range public.Hidden(f, cat) {
			accounts[f.Months[i].Account] = true
		}
		each(func(x *observatory.Exhibit, where string, was number, shown bool) {
			if at, hidden := gone[was]; hidden && shown {
				t.Errorf("seed %d: %s prints %v, which %s leaves out", seed, where, was, at)
			}
			if shown && was.n < public.Least {
				t.Errorf("seed %d: %s prints %v", seed, where, was)
			}
			if x.ID == "leaders" && strings.HasSuffix(where, "active") {
				if leaders++; accounts[was.entity] {
					hiddenLeaders++
				}
				if shown == accounts[was.entity] {
					t.Errorf("seed %d: %s: printed is %v, hidden elsewhere is %v", seed, where, shown, accounts[was.entity])
				}
			}
		})
	}
	if leaders < 500 || hiddenLeaders < 50 {
		t.Errorf("of %d leaders %d are hidden elsewhere: too few to say anything", leaders, hiddenLeaders)
	}
}
