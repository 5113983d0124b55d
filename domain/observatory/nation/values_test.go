package nation_test

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"zhijian/catalog"
	"zhijian/domain/observatory"
)

func rowsOf(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := catalog.FS.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// values recomputes the figures by their target ids.
func (c *counted) values(t *testing.T) map[string]any {
	t.Helper()
	v := map[string]any{}
	c.nation(v)
	c.provinces(v)
	c.prefectures(v)
	c.cityServices(v)
	c.sizes(v)
	c.fields(v)
	c.policeAndRest(v)
	c.zipf(v)
	c.quadrants(v)
	c.outside(v)
	return v
}

func (c *counted) nation(v map[string]any) {
	all := c.of(func(observatory.Account) bool { return true })
	last := map[string]bool{}
	for _, a := range c.last.Accounts {
		last[a.ID] = true
	}
	v["nat.total"] = all.n
	v["nat.verified_share"] = 100 * all.verified / all.n
	v["nat.fields"] = float64(len(c.by(func(a observatory.Account) string { return a.Sector })))
	v["nat.base2014"] = float64(len(last))
	v["nat.new"] = all.n - float64(len(last))
	v["nat.county_share"] = 100 * c.of(func(a observatory.Account) bool { return a.Level == observatory.County }).n / all.n
	v["nat.outside_provinces"] = c.of(func(a observatory.Account) bool { return c.province[a.ID] == "" }).n
	v["nat.part.national"] = c.of(func(a observatory.Account) bool { return a.Region == "000000" }).n
	v["nat.part.sar_hk"] = c.of(func(a observatory.Account) bool { return a.Country == "HK" }).n
	v["nat.part.sar_macau"] = c.of(func(a observatory.Account) bool { return a.Country == "MO" }).n
	v["nat.part.overseas"] = c.of(func(a observatory.Account) bool { return a.Region == "" && a.Country != "CN" }).n
	v["nat.part.unresolved"] = c.of(func(a observatory.Account) bool { return a.Region == "" && a.Country == "CN" }).n
	midwest, fresh := 0.0, 0.0
	east := []string{"110000", "120000", "130000", "210000", "310000", "320000", "330000", "350000", "370000", "440000", "460000"}
	for _, a := range c.this.Accounts {
		if !last[a.ID] {
			fresh++
			if p := c.province[a.ID]; p != "" && !slices.Contains(east, p) {
				midwest++
			}
		}
	}
	v["nation.midwest_new_share"] = 100 * midwest / fresh
}

func (c *counted) provinces(v map[string]any) {
	groups := c.by(c.inProvince)
	old := map[string]float64{}
	for _, a := range c.last.Accounts {
		if p := c.province[a.ID]; p != "" {
			old[p]++
		}
	}
	only27 := func(code string) bool { return !municipality(code) }
	byAccounts27, byUsers27 := rank(pickValues(groups, only27, accounts)), rank(pickValues(groups, only27, users))
	byUsers31, byMean := rank(pickValues(groups, nil, users)), rank(pickValues(groups, nil, mean))
	old27 := map[string]float64{}
	for code, s := range groups {
		v["prov.accounts."+code] = s.n
		v["prov.active_rank27."+code] = byUsers27[code]
		v["prov.active_rank31."+code] = byUsers31[code]
		v["prov.mean_active_rank."+code] = byMean[code]
		v["prov.active."+code] = s.users
		v["prov.growth."+code] = 100 * (s.n/old[code] - 1)
		v["prov.rank27."+code], v["prov.last10."+code] = byAccounts27[code], byAccounts27[code]
		v["prov.accounts_floor."+code] = s.n
		if only27(code) {
			old27[code] = old[code]
		}
	}
	for code, r := range rank(old27) {
		v["prov.rank2014."+code] = r
	}
	v["prov.active_ratio.sh_bj"] = groups["310000"].users / groups["110000"].users
	zhejiang := c.of(func(a observatory.Account) bool { return c.province[a.ID] == "330000" })
	low := c.of(func(a observatory.Account) bool {
		return c.province[a.ID] == "330000" && (a.Level == observatory.County || a.Level == observatory.Township)
	})
	v["prov.verified.330000"] = 100 * zhejiang.verified / zhejiang.n
	v["prov.county_township.330000"] = 100 * low.n / zhejiang.n
	v["prov.department_ownership.330000"] = c.ownership("330000", observatory.Provincial)
	var list []float64
	for _, s := range groups {
		list = append(list, s.n)
	}
	sizes, centres := tiers(list, 3)
	for i := range sizes {
		v[fmt.Sprintf("prov.tier%d.count", i+1)], v[fmt.Sprintf("prov.tier%d.centre", i+1)] = float64(sizes[i]), centres[i]
	}
}

// ownership is the share of a roster's departments that have an account at that level.
func (c *counted) ownership(code string, level observatory.Level) float64 {
	have := map[string]bool{}
	for _, a := range c.this.Accounts {
		if a.Region == code && a.Level == level && a.Department != "" {
			have[a.Department] = true
		}
	}
	for _, r := range c.this.Rosters {
		if r.Region == code && r.Level == level && r.Sector == "" {
			return 100 * float64(len(have)) / float64(r.Departments)
		}
	}
	return 0
}

func (c *counted) prefectures(v map[string]any) {
	groups := c.by(c.prefecture)
	byAccounts, byMean := rank(pickValues(groups, nil, accounts)), rank(pickValues(groups, nil, mean))
	byUsers := rank(pickValues(groups, nil, users))
	all, users := 0.0, 0.0
	var list []float64
	lastTen := 0.0
	for code, s := range groups {
		all, users = all+s.n, users+s.users
		list = append(list, s.n)
		v["pref.account_rank."+code], v["pref.active_rank."+code], v["pref.accounts."+code] = byAccounts[code], byMean[code], s.n
		v["pref.service_share."+code] = 100 * s.serving / s.n
		if byAccounts[code] >= 325 {
			lastTen = max(lastTen, s.n)
		}
	}
	v["pref.count"], v["pref.sum"], v["pref.last10_cap"] = float64(len(groups)), all, lastTen
	v["pref.order.wenzhou_total"] = byUsers["330300"]
	sizes, centres := tiers(list, 5)
	for i := range sizes {
		v[fmt.Sprintf("pref.tier%d.count", i+1)], v[fmt.Sprintf("pref.tier%d.centre", i+1)] = float64(sizes[i]), centres[i]
	}
	high := total{}
	for code, s := range groups {
		if byAccounts[code] <= 31 {
			high.n, high.users = high.n+s.n, high.users+s.users
		}
	}
	hangzhou := groups["330100"]
	v["pref.share_accounts.330100"], v["pref.share_active.330100"] = 100*hangzhou.n/all, 100*hangzhou.users/users
	v["pref.tiers123.share_accounts"], v["pref.tiers123.share_active"] = 100*high.n/all, 100*high.users/users
	v["pref.tiers45.share_accounts"], v["pref.tiers45.share_active"] = 100-100*high.n/all, 100-100*high.users/users
	towns := c.of(func(a observatory.Account) bool { return c.city[a.ID] == "330100" && a.Level == observatory.Township })
	v["pref.hz_township"] = 100 * towns.n / hangzhou.n
	v["pref.hz_ownership"] = c.ownership("330100", observatory.Municipal)
	in := total{}
	cities := 0.0
	above := 1.0
	for code, s := range groups {
		if c.member[code] {
			in.n, in.users, in.clicks = in.n+s.n, in.users+s.users, in.clicks+s.clicks
			cities++
		}
	}
	for _, s := range groups {
		if s.n > in.n/cities {
			above++
		}
	}
	nation := c.of(func(observatory.Account) bool { return true })
	v["cs.share_accounts"], v["cs.share_active"] = 100*in.n/all, 100*in.users/users
	v["cs.mean_accounts"], v["cs.mean_rank"] = in.n/cities, above
	v["cs.active_lift"] = 100 * (in.users/in.n/(nation.users/nation.n) - 1)
	v["cs.click_lift"] = 100 * (in.clicks/in.n/(nation.clicks/nation.n) - 1)
}

func (c *counted) cityServices(v map[string]any) {
	cities, provinces := 0.0, map[string]bool{}
	for _, p := range c.this.Places {
		if p.Service {
			cities++
			provinces[c.tree.Path(p.Region)[1].Code] = true
		}
	}
	byKind, byGroup := map[string]float64{}, map[string]float64{}
	items, visits, police := 0.0, 0.0, 0.0
	for _, l := range c.this.Launches {
		group := c.groups[l.Service]
		if l.Launched {
			byKind[l.Service]++
			items++
			if group == "police" {
				police++
			}
		}
		byGroup[group] += float64(l.Visits)
		visits += float64(l.Visits)
	}
	v["cs.cities"], v["cs.provinces"], v["cs.kinds"], v["cs.items"] = cities, float64(len(provinces)), float64(len(byKind)), items
	v["cs.fields"], v["cs.visits"], v["cs.police_items"] = float64(len(byGroup)), visits, police
	for id, kind := range map[string]string{
		"heatmap": "crowd-heatmap", "rain": "rainfall-nowcast", "local_tax": "local-tax-invoice-check", "forecast": "weather-forecast",
		"出入境": "exit-entry-booking", "汽车票": "coach-ticket", "驾驶人计分": "driver-points-query", "机动车违法查询": "vehicle-violation-query",
	} {
		v["cs.launch."+id] = byKind[kind]
	}
	names := map[string]string{
		"traffic-police": "交通违法", "transit": "公共交通", "exit-entry": "出入境", "health": "医疗", "weather": "气象", "social-security": "人社",
		"expressway": "高速服务", "intercity-ticket": "车船票", "utility": "生活缴费", "tax": "税务", "housing": "住房", "justice": "司法", "education": "教育",
	}
	var above, below []string
	for _, g := range ordered(byGroup) {
		if byGroup[g] > visits/float64(len(byGroup)) {
			above = append(above, names[g])
		}
	}
	for _, g := range []string{"housing", "justice", "education"} {
		if byGroup[g] < visits/float64(len(byGroup)) {
			below = append(below, names[g])
		}
	}
	v["cs.visit_order"], v["cs.visit_below"] = strings.Join(above, ">"), strings.Join(below, ";")
	covered := 0.0
	for _, i := range c.this.Indicators {
		if i.Indicator == "covered_users" {
			covered += i.Value
		}
	}
	v["cs.covered"] = covered
}

func (c *counted) sizes(v map[string]any) {
	groups := c.by(func(a observatory.Account) string { return c.city[a.ID] })
	n, cities := map[string]float64{}, map[string]float64{}
	for code, class := range c.class {
		n[class] += groups[code].n
		cities[class]++
	}
	for id, class := range map[string]string{"super": "超大城市", "mega": "特大城市", "large": "大城市", "medium": "中等城市", "small": "小城市"} {
		v["size.mean."+id], v["size.count."+id] = n[class]/cities[class], cities[class]
	}
}
