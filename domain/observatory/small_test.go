package observatory_test

import (
	"testing"

	"zhijian/catalog"
	"zhijian/domain/observatory"
)

func loaded(t testing.TB) *observatory.Catalog {
	t.Helper()
	c, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	ofNation, province, prefecture, county, township = observatory.National, observatory.Provincial, observatory.Municipal, observatory.County, observatory.Township
	sub, serving                                     = observatory.Subscription, observatory.Serving
)

// small is a nation of eleven accounts whose every figure can be reckoned by hand.
func small() *observatory.Facts {
	f := &observatory.Facts{
		Accounts: []observatory.Account{
			{ID: "a01", Name: "温州交警", Region: "330300", Country: "CN", Level: prefecture, Sector: "f01", Institution: "交警", Kind: serving, Verified: true, Opened: 20150228},
			{ID: "a02", Name: "杭州发布", Region: "330100", Country: "CN", Level: prefecture, Sector: "f03", Kind: sub, Verified: true},
			{ID: "a03", Name: "杭州一院", Region: "330106", Country: "CN", Level: county, Sector: "f02", Institution: "三甲医院", Kind: serving},
			{ID: "a04", Name: "乡卫生院", Region: "330106", Country: "CN", Level: township, Sector: "f02", Institution: "基层医疗", Kind: sub},
			{ID: "a05", Name: "浙江旅游", Region: "330000", Country: "CN", Level: province, Sector: "f09", Kind: sub, Verified: true},
			{ID: "a06", Name: "北京税务", Region: "110000", Country: "CN", Level: province, Sector: "f04", Kind: serving, Department: "北京税务局"},
			{ID: "a07", Name: "广州派出所", Region: "440100", Country: "CN", Level: prefecture, Sector: "f01", Institution: "派出所", Kind: sub},
			{ID: "a08", Name: "国家部门", Region: "000000", Country: "CN", Level: ofNation, Sector: "f03", Kind: sub, Department: "某部"},
			{ID: "a09", Name: "香港旅游", Region: "810000", Country: "HK", Level: province, Sector: "f09", Kind: sub},
			{ID: "a10", Name: "东京旅游", Country: "JP", Level: prefecture, Sector: "f09", Kind: serving},
			{ID: "a11", Name: "某县教育", Country: "CN", Level: county, Sector: "f11", Kind: sub},
		},
		Places: []observatory.Place{{Region: "330100", Class: "特大城市", Service: true}, {Region: "110000", Class: "超大城市", Service: true}, {Region: "330300", Class: "大城市"}, {Region: "440100", Class: "超大城市"}},
		Indicators: []observatory.Indicator{
			{Region: "330000", Indicator: "gdp_per_head", Year: 2014, Value: 5},
			{Region: "330000", Indicator: "gdp_per_head", Year: 2013, Value: 100}, // the latest year counts
			{Region: "440000", Indicator: "gdp_per_head", Year: 2014, Value: 4},
			{Region: "110000", Indicator: "gdp_per_head", Year: 2014, Value: 9},
			{Region: "330000", Indicator: "internet_plus_index", Year: 2015, Value: 90},
			{Region: "110000", Indicator: "internet_plus_index", Year: 2015, Value: 80},
			{Region: "440000", Indicator: "internet_plus_index", Year: 2015, Value: 85},
			{Region: "330000", Indicator: "population", Year: 2014, Value: 1000},
			{Region: "330100", Indicator: "covered_users", Year: 2015, Value: 100},
			{Region: "110000", Indicator: "covered_users", Year: 2015, Value: 200},
		},
		Rosters: []observatory.Roster{{Region: "000000", Level: ofNation, Departments: 4}, {Region: "110000", Level: province, Sector: "f04", Departments: 2}},
		Launches: []observatory.Launch{
			{Region: "330100", Service: "weather-forecast", Launched: true, Visits: 30},
			{Region: "110000", Service: "weather-forecast", Launched: true, Visits: 10},
			{Region: "110000", Service: "vehicle-violation-query", Launched: true, Visits: 20},
			{Region: "330100", Service: "vehicle-violation-query"},
		},
	}
	for _, m := range []struct {
		id                     string
		active, clicks, visits int64
	}{
		{"a01", 100, 50, 20},
		{"a02", 300, 200, 0},
		{"a03", 40, 10, 5},
		{"a05", 60, 30, 0},
		{"a06", 80, 0, 40},
		{"a07", 20, 5, 0},
		{"a08", 1000, 500, 0},
		{"a09", 7, 0, 0},
		{"a10", 3, 0, 1},
		{"a11", 2, 0, 0},
	} {
		f.Months = append(f.Months, observatory.Month{Account: m.id, Month: "2015-08", Active: m.active, Clicks: m.clicks, Visits: m.visits},
			observatory.Month{Account: m.id, Month: "2015-07", Active: 9999}) // an earlier month does not count
	}
	f.Outcomes = smallOutcomes()
	f.Sort()
	return f
}

// smallOutcomes are of three cities: 温州 counts all, 北京 no promises and no loads, 杭州 only its entry.
func smallOutcomes() []observatory.Outcome {
	row := func(region, service, month, account, took string, set map[observatory.Measure]int64) observatory.Outcome {
		o := observatory.Outcome{Region: region, Service: service, Month: month, Account: account}
		o.Took, _ = observatory.ParseDurations(took)
		for m, n := range set {
			o.Set(m, n)
		}
		return o
	}
	type figures = map[observatory.Measure]int64
	return []observatory.Outcome{
		row("330300", "vehicle-violation-query", "2015-08", "a01", "5:20 10:10 50:6", figures{
			observatory.Opened: 40, observatory.Done: 30, observatory.Refused: 6, observatory.Cancelled: 4, observatory.Promised: 36, observatory.Kept: 33,
			observatory.StepsTaken: 80, observatory.Loads: 200, observatory.Materials: 1, observatory.Departments: 2, observatory.People: 35,
			observatory.Rated: 10, observatory.RatingSum: 42, observatory.Satisfied: 8, observatory.OfficeCalls: 60, observatory.OfficeFailed: 3,
		}),
		row("110000", "vehicle-violation-query", "2015-08", "a06", "5:5 100:15", figures{
			observatory.Opened: 20, observatory.Done: 20, observatory.Refused: 0, observatory.Cancelled: 0, observatory.StepsTaken: 60, observatory.Departments: 1,
			observatory.People: 20, observatory.Rated: 0, observatory.RatingSum: 0, observatory.Satisfied: 0, observatory.Paid: 20, observatory.Fen: 40_000,
		}),
		row("110000", "vehicle-violation-query", "2015-07", "a06", "5:5", figures{observatory.Opened: 9999, observatory.Done: 9999}), // an earlier month does not count
		row("110000", "weather-forecast", "2015-08", "", "", figures{
			observatory.Opened: 9, observatory.Done: 9, observatory.Refused: 0, observatory.Cancelled: 0, observatory.StepsTaken: 9, observatory.Promised: 9,
		}), // what promises there were, but not how many were kept
		row("330100", "", "2015-08", "", "", figures{observatory.Searches: 50, observatory.Unmet: 10, observatory.Checked: 20, observatory.Accessible: 15}),
		row("110000", "", "2015-08", "", "", figures{observatory.Searches: 10, observatory.Unmet: 5}),
	}
}

// smallBefore is the edition before: three accounts in 广州, two of them gone since.
func smallBefore() *observatory.Facts {
	now := small()
	f := &observatory.Facts{}
	for _, a := range now.Accounts {
		switch a.ID {
		case "a01", "a02", "a06", "a07", "a08":
			f.Accounts = append(f.Accounts, a)
		}
	}
	for _, id := range []string{"z08", "z09"} {
		f.Accounts = append(f.Accounts, observatory.Account{ID: id, Name: id, Region: "440100", Country: "CN", Level: prefecture, Sector: "f01", Kind: sub})
	}
	f.Sort()
	return f
}

func computed(t testing.TB, facts, previous *observatory.Facts) map[string]observatory.Exhibit {
	t.Helper()
	list, err := observatory.Compute(facts, previous, loaded(t))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]observatory.Exhibit{}
	for _, e := range list {
		out[e.ID] = e
	}
	return out
}

// TestSmallNation: figures of every exhibit, reckoned by hand.
func TestSmallNation(t *testing.T) {
	t.Parallel()
	got := computed(t, small(), smallBefore())
	touched := map[string]bool{}
	for _, c := range []struct{ exhibit, row, column, want string }{
		{"table-1", "330000", "accounts", "5"},
		{"table-1", "330000", "rank_before", "2"},
		{"table-1", "330000", "rank_change", "1"},
		{"table-1", "440000", "rank_change", "-1"},
		{"table-1", "440000", "active_diff", "0"},
		{"table-2", "110000", "mean", "80"},
		{"table-2", "110000", "mean_rank", "2"},
		{"table-2", "110000", "active_rank", "2"},
		{"table-3", "330100", "accounts", "3"},
		{"table-3", "330100", "service_share", "33.33333333"},
		{"table-3", "330300", "rank", "2"},
		{"table-3", "440100", "rank", "3"},
		{"table-3", "440100", "active_rank", "3"},
		{"table-4", "659000", "rank", ""},
		{"table-4", "654300", "rank", "334"},
		{"table-5", "graded", "accounts", "1"},
		{"table-5", "grade3a", "service_share", "100"},
		{"table-5", "primary", "service_share", "0"},
		{"table-6", "330000", "gdp_rank", "2"},
		{"table-6", "330000", "lead", "1"},
		{"table-6", "330000", "both", "1"},
		{"table-7", "超大城市", "cities", "2"},
		{"table-7", "超大城市", "mean_accounts", "1"},
		{"table-7", "特大城市", "share_accounts", "27.27272727"},
		{"table-8", "1", "service_sector", "f04"},
		{"table-8", "1", "service_running", "60.60606061"},
		{"table-8", "2", "service_sector", "f01"},
		{"table-8", "1", "subscription_running", "95.23809524"},
		{"table-9", "1", "accounts", "1"},
		{"table-9", "2", "accounts", "2"},
		{"table-9", "3", "accounts", "4"},
		{"table-9", "4", "accounts", "3"},
		{"table-9", "5", "accounts", "1"}, // 温州交警: two departments, 33 of 36 promises kept, rated
		{"figure-1", "JP", "tourism", "1"},
		{"figure-1", "JP", "active", "3"},
		{"figure-1", "HK", "accounts", ""},
		{"figure-2", "330000", "share", "45.45454545"},
		{"figure-3", "650000", "accounts", "0"},
		{"figure-3", "650000", "growth", ""},
		{"figure-4", "330000", "tier", "1"},
		{"figure-4", "110000", "tier", "2"},
		{"figure-4", "650000", "tier", "3"},
		{"figure-5", "330100", "band", "east"},
		{"figure-6", "330000", "share", "9.090909091"},
		{"figure-6", "110000", "full", "1"},
		{"figure-7", "weather", "share", "100"},
		{"figure-7", "weather", "visits", "40"},
		{"figure-7", "traffic-police", "items", "1"},
		{"figure-8", "330100", "running", "60"},
		{"figure-9", "1", "share_active", "73.91304348"},
		{"figure-9", "2", "divisions", "2"},
		{"figure-9", "3", "divisions", "331"},
		{"figure-10", "f09", "rank", "1"},
		{"figure-10", "f09", "share", "27.27272727"},
		{"figure-10", "f01", "rank", "2"},
		{"figure-10", "f01", "rank_before", "1"},
		{"figure-11", "330000", "diff", "0"},
		{"figure-11", "110000", "diff", "1"},
		{"figure-11", "440000", "relation", "close"},
		{"figure-12", "330000", "index_rank", "1"},
		{"figure-12", "330000", "active", "500"},
		{"figure-13", "650000", "gdp_rank", ""},
		{"figure-14", "超大城市", "mean_active", "50"},
		{"figure-15", "f01", "quadrant", "活跃区域"},
		{"figure-15", "f11", "quadrant", "待推广区域"},
		{"figure-15", "f05", "quadrant", "待开发区域"},
		{"figure-16", "weather-forecast", "share", "100"},
		{"figure-16", "vehicle-violation-query", "share", ""},
		{"figure-17", "weather", "score", "1.333333333"},
		{"figure-17", "traffic-police", "above", "0"},
		{"figure-18", "prefecture", "growth", "-20"},
		{"figure-18", "prefecture", "constant_growth", "-40"},
		{"appendix-1", "330100", "share_accounts", "60"},
		{"appendix-1", "330100", "city_service", "1"},
		{"appendix-1", "330300", "active_rank", "2"},
		{"appendix-2", "f09", "new", "3"},
		{"appendix-2", "f01", "mean_age", "6.045298671"},
		{"appendix-2", "f02", "mean_age", ""},
		{"summary", "active", "value", "1612"},
		{"summary", "clicks", "value", "795"},
		{"summary", "visits", "value", "66"},
		{"summary", "new", "value", "6"},
		{"summary", "gone", "value", "2"},
		{"summary", "outside_provinces", "value", "4"},
		{"summary", "hong_kong", "value", "1"},
		{"summary", "overseas", "value", "1"},
		{"summary", "unplaced", "value", "1"},
		{"summary", "national", "value", "1"},
		{"summary", "covered_users", "value", "300"},
		{"provinces", "330000", "active_per_residents", "50"},
		{"provinces", "330000", "county_township_share", "40"},
		{"provinces", "440000", "police_active_rank", "2"},
		{"provinces", "110000", "rank27", ""},
		{"verified", "nation", "verified_share", "27.27272727"},
		{"verified", "police", "verified_share", "50"},
		{"growth", "f09", "rank", "1"},
		{"ownership", "000000/nation/all", "share", "25"},
		{"ownership", "110000/province/f04", "share", "50"},
		{"classes", "livelihood", "share", "18.18181818"},
		{"levels", "330100", "township_share", "33.33333333"},
		{"national", "nation", "subscription_mean", "1000"},
		{"national", "330000", "multiple", "10"},
		{"leaders", "a08", "rank", "1"},
		{"health", "nation", "silent", "1"},
		{"health", "nation", "served_share", "100"},
		{"health", "level-township", "active_share", "0"},
		{"health", "f09", "clicked_share", "33.33333333"},
		{"medical", "330000", "accounts", "2"},
		{"medical", "330000", "with_any", "1"},
		{"medical", "330000", "prefectures", "0"},
		{"police", "330000", "prefectures", "1"},
		{"police", "440000", "rank", "2"},
		{"police-kinds", "交警", "service_share", "100"},
		{"sector-cover", "f01", "prefectures_own", "2"},
		{"sector-cover", "f09", "countries", "1"},
		{"tourism", "330000", "own_level", "1"},
		{"utilities", "330000", "accounts", "0"},
		{"province-tiers", "1", "centre", "5"},
		{"province-tiers", "3", "divisions", "28"},
		{"tier-choice", "3", "sse", "0"},
		{"concentration", "prefecture-accounts", "largest", "60"},
		{"lorenz", "50", "prefecture_accounts", "0"},
		{"lorenz", "100", "account_active", "100"},
		{"entry-effect", "prefectures", "mean_accounts", "3"},
		{"entry-effect", "prefectures", "mean_rank", "1"},
		{"entry-effect", "all", "cities", "2"},
		{"entry-match", "330100", "match", "330300"},
		{"entry-match", "330100", "difference", "13.33333333"},
		{"correlations", "prefecture-accounts-mean", "places", "334"},
		{"zipf", "service", "kinds", "4"},
		{"zipf", "service", "top10", "100"},
		{"launches", "weather-forecast", "cities", "2"},
		{"launches", "crowd-heatmap", "cities", "0"},
		{"burden", "vehicle-violation-query", "opened", "60"},
		{"burden", "vehicle-violation-query", "steps", "2.333333333"},
		{"burden", "vehicle-violation-query", "loads", "5"}, // 200 over the 40 of the city that counts them
		{"burden", "vehicle-violation-query", "departments", "2"},
		{"burden", "vehicle-violation-query", "rank", "2"},
		{"burden", "weather-forecast", "loads", ""},
		{"burden", "weather-forecast", "rank", "1"},
		{"promise", "vehicle-violation-query", "promised", "36"},
		{"promise", "vehicle-violation-query", "share", "91.66666667"},
		{"promise", "vehicle-violation-query", "low", "78.17330875"},
		{"promise", "weather-forecast", "share", ""},
		{"rating", "vehicle-violation-query", "rated", "10"},
		{"rating", "vehicle-violation-query", "share", "80"},
		{"rating", "vehicle-violation-query", "mean", "4.2"},
		{"rating", "vehicle-violation-query", "small", "1"},
		{"response", "vehicle-violation-query", "ended", "56"},
		{"response", "vehicle-violation-query", "median_over", "5"},
		{"response", "vehicle-violation-query", "median_within", "10"},
		{"response", "vehicle-violation-query", "p90_over", "50"},
		{"response", "vehicle-violation-query", "p90_within", "100"},
		{"unmet", "330100", "share", "20"},
		{"unmet", "330100", "rank", "1"},
		{"unmet", "110000", "small", "1"},
		{"unmet", "330300", "share", ""},
		{"availability", "vehicle-violation-query", "share", "95"},
		{"accessibility", "330100", "share", "75"},
		{"accessibility", "110000", "share", ""},
		{"service-health", "vehicle-violation-query", "cities", "2"},
		{"service-health", "vehicle-violation-query", "people", "55"},
		{"service-health", "vehicle-violation-query", "share", "83.33333333"},
		{"service-health", "vehicle-violation-query", "refused", "10"},
		{"service-health", "vehicle-violation-query", "yuan", "20"},
		{"service-health", "weather-forecast", "paid", ""},
		{"city-outcomes", "330300", "done", "75"},
		{"city-outcomes", "330300", "done_rank", "1"},
		{"city-outcomes", "110000", "done", ""}, // 29 cases are too few here
		{"city-outcomes", "330100", "done", ""},
		{"city-outcomes", "330100", "unmet_rank", "1"},
		{"errata", "appendix-1/DQ-01/1", "level", "E"},
	} {
		e := got[c.exhibit]
		touched[c.exhibit] = true
		cell, ok := e.Find(c.row, c.column)
		if cell.String() != c.want || !ok && c.want != "" {
			t.Errorf("%s %s %s = %q, want %q", c.exhibit, c.row, c.column, cell, c.want)
		}
	}
	for _, id := range observatory.IDs() {
		if !touched[id] {
			t.Errorf("no figure of %s is reckoned by hand", id)
		}
	}
}
