package paper

import "strings"

// plain says where a figure stands by its id alone.
var plain = map[string][3]string{
	"nat.total":                        {"summary", "accounts", "value"},
	"nat.verified_share":               {"summary", "verified_share", "value"},
	"nat.fields":                       {"summary", "sectors", "value"},
	"nat.new":                          {"summary", "new", "value"},
	"nat.base2014":                     {"summary", "accounts_before", "value"},
	"nat.county_share":                 {"summary", "county_share", "value"},
	"nat.outside_provinces":            {"summary", "outside_provinces", "value"},
	"nat.part.sar_hk":                  {"summary", "hong_kong", "value"},
	"nat.part.sar_macau":               {"summary", "macau", "value"},
	"nat.part.overseas":                {"summary", "overseas", "value"},
	"nat.part.national":                {"summary", "national", "value"},
	"nat.part.unresolved":              {"summary", "unplaced", "value"},
	"nation.midwest_new_share":         {"summary", "midwest_new_share", "value"},
	"nation.midwest_count":             {"summary", "midwest_provinces", "value"},
	"prov.department_ownership.330000": {"ownership", "330000/province/all", "share"},
	"pref.count":                       {"summary", "prefectures", "value"},
	"pref.sum":                         {"summary", "prefecture_accounts", "value"},
	"pref.order.wenzhou_total":         {"appendix-1", "330300", "total_rank"},
	"pref.hz_township":                 {"levels", "330100", "township_share"},
	"pref.hz_ownership":                {"ownership", "330100/prefecture/all", "share"},
	"cs.cities":                        {"summary", "city_services", "value"},
	"cs.provinces":                     {"entry-effect", "all", "provinces"},
	"cs.share_accounts":                {"entry-effect", "prefectures", "share_accounts"},
	"cs.share_accounts.all":            {"entry-effect", "all", "share_all_accounts"},
	"cs.share_active":                  {"entry-effect", "prefectures", "share_active"},
	"cs.mean_accounts":                 {"entry-effect", "prefectures", "mean_accounts"},
	"cs.mean_rank":                     {"entry-effect", "prefectures", "mean_rank"},
	"cs.active_lift":                   {"entry-effect", "prefectures", "active_lift"},
	"cs.click_lift":                    {"entry-effect", "prefectures", "click_lift"},
	"cs.covered":                       {"summary", "covered_users", "value"},
	"cs.launch.heatmap":                {"launches", "crowd-heatmap", "cities"},
	"cs.launch.rain":                   {"launches", "rainfall-nowcast", "cities"},
	"cs.launch.local_tax":              {"launches", "local-tax-invoice-check", "cities"},
	"cs.launch.forecast":               {"launches", "weather-forecast", "cities"},
	"cs.launch.出入境":                    {"launches", "exit-entry-booking", "cities"},
	"cs.launch.汽车票":                    {"launches", "coach-ticket", "cities"},
	"cs.launch.驾驶人计分":                  {"launches", "driver-points-query", "cities"},
	"cs.launch.机动车违法查询":                {"launches", "vehicle-violation-query", "cities"},
	"cs.police_items":                  {"figure-7", "police", "items"},
	"medical.service_share.graded":     {"table-5", "graded", "service_share"},
	"medical.service_share.other":      {"table-5", "other", "service_share"},
	"medical.service_share.primary":    {"table-5", "primary", "service_share"},
	"medical.service_share.grade3a":    {"table-5", "grade3a", "service_share"},
	"medical.accounts.graded":          {"table-5", "graded", "accounts"},
	"medical.accounts.primary":         {"table-5", "primary", "accounts"},
	"medical.accounts.440000":          {"medical", "440000", "accounts"},
	"police.verified":                  {"verified", "police", "verified_share"},
	"police.provinces":                 {"sector-cover", "f01", "provinces_own"},
	"police.prefectures":               {"sector-cover", "f01", "prefectures_own"},
	"police.county_township":           {"sector-cover", "f01", "county_township_share"},
	"police.subscription":              {"sector-cover", "f01", "subscription_share"},
	"police.station_service":           {"police-kinds", "派出所", "service_share"},
	"police.accounts.370000":           {"police", "370000", "accounts"},
	"police.county.370000":             {"police", "370000", "county_share"},
	"police.active_rank.370000":        {"provinces", "370000", "police_active_rank"},
	"tourism.provinces":                {"sector-cover", "f09", "provinces_own"},
	"tourism.prefectures":              {"sector-cover", "f09", "prefectures_own_share"},
	"tourism.countries":                {"sector-cover", "f09", "countries"},
	"tourism.service":                  {"appendix-2", "f09", "service_share"},
	"utility.provinces":                {"sector-cover", "f10", "provinces_any"},
	"utility.prefectures":              {"sector-cover", "f10", "prefectures_any"},
	"utility.service":                  {"appendix-2", "f10", "service_share"},
	"ministry.ownership":               {"ownership", "000000/nation/all", "share"},
	"ministry.subscription":            {"national", "nation", "subscription_share"},
	"ministry.mean_ratio":              {"national", "310000", "multiple"},
	"level.township_growth":            {"figure-18", "township", "constant_growth"},
	"tax.mean_age":                     {"appendix-2", "f04", "mean_age"},
	"zipf.kinds":                       {"zipf", "service", "kinds"},
	"zipf.top10_share":                 {"zipf", "service", "top10"},
	"zipf.top10_sub":                   {"zipf", "subscription", "top10"},
}

// families say where figures stand whose id ends in a code: the code is the row.
var families = map[string][2]string{
	"prov.accounts":               {"provinces", "accounts"},
	"prov.accounts_floor":         {"provinces", "accounts"},
	"prov.active_rank27":          {"provinces", "active_rank27"},
	"prov.active_rank31":          {"provinces", "active_rank"},
	"prov.mean_active_rank":       {"provinces", "mean_rank"},
	"prov.active":                 {"provinces", "active"},
	"prov.active_share_residents": {"provinces", "active_per_residents"},
	"prov.verified":               {"provinces", "verified_share"},
	"prov.county_township":        {"provinces", "county_township_share"},
	"prov.rank27":                 {"provinces", "rank27"},
	"prov.last10":                 {"provinces", "rank27"},
	"prov.rank2014":               {"provinces", "rank27_before"},
	"prov.rank_change":            {"table-1", "rank_change"},
	"prov.active_diff":            {"table-1", "active_diff"},
	"prov.growth":                 {"provinces", "growth"},
	"pref.accounts":               {"appendix-1", "accounts"},
	"pref.service_share":          {"appendix-1", "service_share"},
	"pref.share_accounts":         {"appendix-1", "share_accounts"},
	"pref.share_active":           {"appendix-1", "share_active"},
	"pref.account_rank":           {"appendix-1", "rank"},
	"pref.active_rank":            {"appendix-1", "active_rank"},
	"index.diff":                  {"figure-11", "diff"},
	"gdp.rank":                    {"provinces", "gdp_rank"},
}

// bySector is the same for figures whose key is the name of a sector.
var bySector = map[string][2]string{
	"field.accounts":    {"appendix-2", "accounts"},
	"field.rank":        {"appendix-2", "rank"},
	"field.active_rank": {"appendix-2", "active_rank"},
	"maturity":          {"figure-15", "quadrant"},
}

var sizes = map[string]string{"super": "超大城市", "mega": "特大城市", "large": "大城市", "medium": "中等城市", "small": "小城市"}

// measure finds a figure. Without a text there is none in the edition.
func (v *view) measure(t Target) measured {
	if at, ok := plain[t.ID]; ok {
		return v.cell(at[0], at[1], at[2])
	}
	if reckon, ok := reckoned[t.ID]; ok {
		return reckon(v)
	}
	dot := strings.LastIndexByte(t.ID, '.')
	if dot < 0 {
		return measured{}
	}
	family, end := t.ID[:dot], t.ID[dot+1:]
	if at, ok := families[family]; ok {
		return v.cell(at[0], end, at[1])
	}
	if at, ok := bySector[family]; ok {
		return v.cell(at[0], v.sectorID(end), at[1])
	}
	switch family {
	case "size.mean":
		return v.cell("table-7", sizes[end], "mean_accounts")
	case "size.count":
		return v.cell("table-7", sizes[end], "cities")
	case "index.close":
		m := v.cell("figure-11", end, "diff")
		return value(max(m.number, -m.number), m.where)
	case "index.count":
		return value(v.related(end), "figure-11")
	}
	for prefix, exhibit := range map[string]string{"prov.tier": "province-tiers", "pref.tier": "figure-9"} {
		if tier, ok := strings.CutPrefix(family, prefix); ok {
			return v.cell(exhibit, tier, map[string]string{"count": "divisions", "centre": "centre"}[end])
		}
	}
	return measured{}
}

// related counts the provinces that stand so to the index.
func (v *view) related(relation string) float64 {
	n, e := 0.0, v.byID["figure-11"]
	if e == nil {
		return 0
	}
	at := e.Column("relation")
	for _, r := range e.Rows {
		if r[at].String() == relation {
			n++
		}
	}
	return n
}
