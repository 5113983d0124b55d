package nation_test

import (
	"slices"
	"strings"

	"zhijian/domain/observatory"
)

func (c *counted) fields(v map[string]any) {
	groups := c.by(func(a observatory.Account) string { return c.sectorName(a.Sector) })
	byAccounts, byUsers := rank(pickValues(groups, nil, accounts)), rank(pickValues(groups, nil, users))
	for name, s := range groups {
		v["field.accounts."+name], v["field.rank."+name], v["field.active_rank."+name] = s.n, byAccounts[name], byUsers[name]
	}
	v["field.top3_share"] = 100 * (groups["医疗"].n + groups["公安"].n + groups["政府办"].n) / float64(len(c.this.Accounts))
	old := map[string]float64{}
	for _, a := range c.last.Accounts {
		old[c.sectorName(a.Sector)]++
	}
	fresh := map[string]float64{}
	for name, s := range groups {
		fresh[name] = s.n - old[name]
	}
	v["growth.main_sources"] = strings.Join(ordered(fresh)[:2], ";")
	months, taxes := 0.0, 0.0
	for _, a := range c.this.Accounts {
		if c.sectorName(a.Sector) == "税务" {
			taxes++
			months += float64((2015-int(a.Opened/10000))*12+8-int(a.Opened/100%100)) + float64(31-int(a.Opened%100))/31
		}
	}
	v["tax.mean_age"] = months / taxes
	now, before := map[observatory.Level]float64{}, map[observatory.Level]float64{}
	unchanged := func(a observatory.Account) bool { return !slices.Contains([]string{"f02", "f09", "f14"}, a.Sector) }
	for _, a := range c.this.Accounts {
		if unchanged(a) {
			now[a.Level]++
		}
	}
	for _, a := range c.last.Accounts {
		if unchanged(a) {
			before[a.Level]++
		}
	}
	growth := func(l observatory.Level) float64 { return 100 * (now[l]/before[l] - 1) }
	v["level.township_growth"] = growth(observatory.Township)
	for _, l := range []observatory.Level{observatory.National, observatory.Provincial, observatory.Municipal, observatory.County} {
		if growth(l) >= growth(observatory.Township) {
			v["level.township_growth"] = 0.0
		}
	}
}

func (c *counted) sectorName(id string) string {
	s, _ := c.sectors.Find(id)
	return s.Name
}

func (c *counted) policeAndRest(v map[string]any) {
	police := func(a observatory.Account) bool { return a.Sector == "f01" }
	all := c.of(police)
	is := func(names ...string) func(observatory.Account) bool {
		return func(a observatory.Account) bool { return slices.Contains(names, a.Institution) }
	}
	share := func(s total) float64 { return 100 * s.serving / s.n }
	graded := c.of(is("三甲医院", "等级医院"))
	v["medical.service_share.graded"], v["medical.accounts.graded"] = share(graded), graded.n
	v["medical.service_share.grade3a"] = share(c.of(is("三甲医院")))
	v["medical.service_share.other"] = share(c.of(is("其他医疗")))
	primary := c.of(is("基层医疗"))
	v["medical.service_share.primary"], v["medical.accounts.primary"] = share(primary), primary.n
	v["police.verified"], v["police.subscription"] = 100*all.verified/all.n, 100-share(all)
	low := func(a observatory.Account) bool {
		return a.Level == observatory.County || a.Level == observatory.Township
	}
	v["police.county_township"] = 100 * c.of(func(a observatory.Account) bool { return police(a) && low(a) }).n / all.n
	v["police.three_kinds"] = 100 * c.of(is("消防", "交警", "出入境")).n / all.n
	v["police.station_service"] = share(c.of(is("派出所")))
	v["police.exit_service"] = share(c.of(is("出入境", "户政")))
	byProvince := c.by(func(a observatory.Account) string {
		if !police(a) {
			return ""
		}
		return c.province[a.ID]
	})
	order := ordered(pickValues(byProvince, nil, accounts))
	v["police.accounts.370000"] = byProvince[order[0]].n
	v["police.order"] = strings.Join(order[1:5], ">")
	v["police.active_rank.370000"] = rank(pickValues(byProvince, nil, users))["370000"]
	county := c.of(func(a observatory.Account) bool {
		return police(a) && c.province[a.ID] == "370000" && a.Level == observatory.County
	})
	v["police.county.370000"] = 100 * county.n / byProvince["370000"].n
	medical := c.by(func(a observatory.Account) string {
		if a.Sector != "f02" {
			return ""
		}
		return c.province[a.ID]
	})
	v["medical.accounts.440000"] = medical[ordered(pickValues(medical, nil, accounts))[0]].n
	c.reach(v)
	tourism := c.of(func(a observatory.Account) bool { return a.Sector == "f09" })
	utility := c.of(func(a observatory.Account) bool { return a.Sector == "f10" })
	v["tourism.service"], v["utility.service"] = share(tourism), share(utility)
	for _, s := range c.by(func(a observatory.Account) string { return a.Sector }) {
		if share(s) > share(utility) {
			v["utility.service"] = 0.0
		}
	}
	national := c.of(func(a observatory.Account) bool { return a.Region == "000000" })
	v["ministry.subscription"], v["ministry.ownership"] = 100-share(national), c.ownership("000000", observatory.National)
	subscribed := c.of(func(a observatory.Account) bool { return a.Region == "000000" && a.Kind == observatory.Subscription })
	v["ministry.mean_ratio"] = mean(subscribed) / mean(c.of(func(a observatory.Account) bool { return c.province[a.ID] == "310000" }))
	for _, a := range c.this.Accounts {
		if a.Name == "共产党员（模拟）" {
			v["ministry.first"] = float64(c.month[a.ID].Active)
		}
	}
}

// reach counts places that have an account of a sector.
func (c *counted) reach(v map[string]any) {
	places := map[string]map[string]bool{}
	add := func(id, place string) {
		if places[id] == nil {
			places[id] = map[string]bool{}
		}
		if place != "" {
			places[id][place] = true
		}
	}
	for _, a := range c.this.Accounts {
		name := map[string]string{"f01": "police", "f09": "tourism", "f10": "utility"}[a.Sector]
		switch {
		case name == "utility":
			add("utility.provinces", c.province[a.ID])
			add("utility.prefectures", c.prefecture(a))
		case name != "" && a.Level == observatory.Provincial:
			add(name+".provinces", c.province[a.ID])
		case name != "" && a.Level == observatory.Municipal:
			add(name+".prefectures", c.prefecture(a))
		}
		if name == "tourism" && a.Country != "CN" {
			add("tourism.countries", a.Country)
		}
	}
	for id, list := range places {
		v[id] = float64(len(list))
	}
}

// zipf ranks sectors by visits to service accounts and by clicks of subscription accounts.
func (c *counted) zipf(v map[string]any) {
	visits, clicks := map[string]float64{}, map[string]float64{}
	alias := map[string]string{"文化广电": "文体广电", "科技": "科学技术", "外事": "外事办"}
	for _, a := range c.this.Accounts {
		name := c.sectorName(a.Sector)
		if other := alias[name]; other != "" {
			name = other
		}
		if m := c.month[a.ID]; a.Kind == observatory.Serving {
			visits[name] += float64(m.Visits)
		} else {
			clicks[name] += float64(m.Clicks)
		}
	}
	first := func(values map[string]float64) float64 {
		ten, all := 0.0, 0.0
		for i, k := range ordered(values) {
			if all += values[k]; i < 10 {
				ten += values[k]
			}
		}
		return 100 * ten / all
	}
	v["zipf.kinds"] = float64(len(visits))
	v["zipf.top10_share"], v["zipf.top10_sub"] = first(visits), first(clicks)
	v["zipf.order_service"] = strings.Join(ordered(visits)[:10], ">")
	v["zipf.order_subscription"] = strings.Join(ordered(clicks)[:10], ">")
}

// quadrants cuts accounts and total users of a sector at the mean of the 54.
func (c *counted) quadrants(v map[string]any) {
	for name, q := range c.quadrant(c.this, c.month, float64(len(c.this.Accounts))/54, c.cut()) {
		v["maturity."+strings.TrimSuffix(name, "教育")] = q
		v["maturity."+name] = q
	}
}

func (c *counted) cut() float64 {
	return c.of(func(observatory.Account) bool { return true }).users / 54
}

func (c *counted) quadrant(f observatory.Facts, months map[string]observatory.Month, byAccounts, byUsers float64) map[string]string {
	n, users := map[string]float64{}, map[string]float64{}
	for _, a := range f.Accounts {
		name := c.sectorName(a.Sector)
		n[name]++
		users[name] += float64(months[a.ID].Active)
	}
	out := map[string]string{}
	for name := range n {
		switch many, active := n[name] > byAccounts, users[name] > byUsers; {
		case many && active:
			out[name] = "活跃区域"
		case active:
			out[name] = "潜力区域"
		case many:
			out[name] = "待推广区域"
		default:
			out[name] = "待开发区域"
		}
	}
	return out
}

func (c *counted) outside(v map[string]any) {
	gdp, index := map[string]float64{}, map[string]float64{}
	for _, i := range c.this.Indicators {
		switch i.Indicator {
		case "gdp_per_head":
			gdp[i.Region] = i.Value
		case "internet_plus_index":
			index[i.Region] = i.Value
		}
	}
	for code, r := range rank(gdp) {
		v["gdp.rank."+code] = r
	}
	means := rank(pickValues(c.by(c.inProvince), nil, mean))
	counts := map[string]float64{}
	for code, r := range rank(index) {
		d := r - means[code]
		v["index.diff."+code] = d
		v["index.close."+code] = max(d, -d)
		switch {
		case d > 3:
			counts["lead"]++
		case d < -3:
			counts["lag"]++
		default:
			counts["close"]++
		}
	}
	for name, n := range counts {
		v["index.count."+name] = n
	}
}
