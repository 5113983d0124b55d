package observatory_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"zhijian/domain/observatory"
)

// anyFacts draws a registry that nobody would want: places missing, months missing, figures of 0, provinces in the wrong table.
func anyFacts(t *rapid.T) *observatory.Facts {
	regions := rapid.SampledFrom([]string{"", "000000", "110000", "110101", "330000", "330100", "330106", "330300", "419001", "460300", "710000", "810000"})
	sectors := rapid.SampledFrom([]string{"f01", "f02", "f03", "f09", "f10", "f54", "none", ""})
	levels := rapid.SampledFrom([]observatory.Level{ofNation, province, prefecture, county, township})
	f := &observatory.Facts{}
	for i := range rapid.IntRange(1, 30).Draw(t, "accounts") {
		a := observatory.Account{
			ID: fmt.Sprintf("a%02d", i), Name: rapid.SampledFrom([]string{"甲", "乙"}).Draw(t, "name"), Region: regions.Draw(t, "region"), Level: levels.Draw(t, "level"), Sector: sectors.Draw(t, "sector"),
			Country: rapid.SampledFrom([]string{"CN", "HK", "JP"}).Draw(t, "country"), Kind: rapid.SampledFrom([]observatory.Kind{sub, serving}).Draw(t, "kind"), Verified: rapid.Bool().Draw(t, "verified"),
			Opened: rapid.SampledFrom([]observatory.Date{0, 20140228, 20151231}).Draw(t, "opened"),
		}
		f.Accounts = append(f.Accounts, a)
		if rapid.Bool().Draw(t, "counted") {
			n := rapid.SampledFrom([]int64{0, 1, 7, 1 << 40})
			f.Months = append(f.Months, observatory.Month{Account: a.ID, Month: "2015-08", Active: n.Draw(t, "active"), Clicks: n.Draw(t, "clicks"), Visits: n.Draw(t, "visits")})
		}
	}
	for _, r := range []string{"330100", "110000"} {
		if rapid.Bool().Draw(t, "place") {
			f.Places = append(f.Places, observatory.Place{Region: r, Class: rapid.SampledFrom([]string{"", "大城市", "小城市"}).Draw(t, "class"), Service: rapid.Bool().Draw(t, "entry")})
			f.Launches = append(f.Launches, observatory.Launch{Region: r, Service: "weather-forecast", Launched: rapid.Bool().Draw(t, "launched"), Visits: 3})
			f.Indicators = append(f.Indicators, observatory.Indicator{Region: r, Indicator: rapid.SampledFrom([]string{"gdp_per_head", "internet_plus_index", "population", "covered_users"}).Draw(t, "indicator"), Year: 2014})
			f.Rosters = append(f.Rosters, observatory.Roster{Region: r, Level: province})
		}
		o := observatory.Outcome{Region: r, Service: rapid.SampledFrom([]string{"", "weather-forecast"}).Draw(t, "service"), Month: "2015-08", Account: rapid.SampledFrom([]string{"", "a00"}).Draw(t, "answers")}
		for _, m := range observatory.Measures() { // contradictory ones too: other programs may make facts
			if rapid.Bool().Draw(t, "known") {
				o.Set(m, rapid.SampledFrom([]int64{0, 1, 7, 1 << 40}).Draw(t, m.String()))
			}
		}
		if rapid.Bool().Draw(t, "outcome") {
			o.Took.Count(rapid.SampledFrom(observatory.Bounds()).Draw(t, "took"), 3)
			f.Outcomes = append(f.Outcomes, o)
		}
	}
	return f
}

// TestAnyFacts: whatever the registry, every exhibit comes out whole, and shares lie between 0 and 100.
func TestAnyFacts(t *testing.T) {
	t.Parallel()
	cat := loaded(t)
	draw := rapid.Custom(anyFacts)
	for seed := range 60 { // not rapid.Check: shrinking a nation takes minutes
		var last *observatory.Facts
		if seed%2 == 0 {
			last = draw.Example(1000 + seed)
		}
		list, err := observatory.Compute(draw.Example(seed), last, cat)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(list); err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			seen := map[string]bool{}
			for _, r := range e.Rows {
				if seen[r[0].String()] {
					t.Fatalf("seed %d: %s: key %s occurs twice", seed, e.ID, r[0])
				}
				seen[r[0].String()] = true
				for i, c := range e.Columns {
					if v, ok := r[i].Number(); ok && c.Kind == observatory.Share && bounded(c.ID) && (v < 0 || v > 100.0000001) {
						t.Fatalf("seed %d: %s %s %s = %v percent", seed, e.ID, r[0], c.ID, v)
					}
				}
			}
		}
	}
}

// bounded leaves out percentages that are no shares: growth, lifts, users over residents, and departments beyond a roster.
func bounded(id string) bool {
	switch id {
	case "growth", "constant_growth", "active_lift", "active_lift_prefectures", "click_lift", "active_per_residents", "share":
		return false
	}
	return true
}
