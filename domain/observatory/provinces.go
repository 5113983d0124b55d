package observatory

import "zhijian/domain/observatory/measure"

var provinces = design{
	id:       "provinces",
	title:    Text{"31 个省级行政区", "The 31 provinces"},
	question: Text{"我的省在各项里排在哪里？", "Where does my province stand?"},
	base:     Text{"31 个省、自治区和直辖市", "31 provinces, regions and municipalities"},
	method: Text{
		"rank27 只在省和自治区中排。医疗、公安列按领域；公安活跃名次按公安账号的活跃用户总数",
		"rank27 columns are among provinces and autonomous regions only. Medical and police columns by sector; police active rank by all active users of police accounts",
	},
	columns: []Column{
		colCode, colName, colNameEn, words("band", "区域", "Part of the country"), colAccounts, colRank, place("rank27", "27 个中的名次", "Rank among 27"), place("rank27_before", "上版 27 个中的名次", "Rank among 27 before"),
		count("before", "上版账号", "Accounts before", "accounts"), share("growth", "增长", "Growth"), colActive, place("active_rank", "活跃总数名次", "Rank by active users"), place("active_rank27", "27 个中的活跃名次", "Active rank among 27"),
		colMean, place("mean_rank", "号均活跃名次", "Rank by active users per account"), share("verified_share", "认证占比", "Share verified"), share("service_share", "服务号占比", "Share of service accounts"),
		share("county_township_share", "县乡级占比", "Share of county and township level"), place("tier", "级", "Tier"), place("index_rank", "指数名次", "Rank by the Internet-plus index"), place("gdp_rank", "人均 GDP 名次", "Rank by GDP per head"),
		number("population", "常住人口", "Residents", "people"), share("active_per_residents", "活跃用户比常住人口", "Active users over residents"),
		count("medical", "医疗账号", "Medical accounts", "accounts"), count("police", "公安账号", "Police accounts", "accounts"), place("police_active_rank", "公安活跃名次", "Rank by active users of police accounts"),
	},
	chart:  Chart{Kind: Tiles, Label: "code", Values: []string{"accounts"}, Group: "tier"},
	doubts: []string{"DQ-12", "DQ-44", "DQ-36"},
	fill: func(s *survey, e *Exhibit) {
		index, gdp, people := s.indicatorRanks("internet_plus_index"), s.indicatorRanks("gdp_per_head"), s.indicator("population")
		med, pol := s.sectorAt(medical), s.sectorAt(police)
		for _, p := range ranked(s.provinces, byRank) {
			rankBefore, residents, reach := None, None, None
			if w := s.was(p); w != nil {
				rankBefore = orNone(w.rank27)
			}
			before, growth := s.growthOf(p)
			if n := people[p.Code]; n > 0 {
				residents, reach = Num(n), Num(float64(100*p.active)/n)
			}
			e.add(Say(p.Code), Say(p.Short), Say(p.En), Say(string(s.cat.Band(p.Code))), Int(p.accounts), Int(p.rank), orNone(p.rank27), rankBefore, before, growth,
				Int(p.active), Int(p.activeRank), orNone(p.activeRank27), p.perAccount(), Int(p.meanRank), Num(measure.Percent(p.verified, p.accounts)), Num(measure.Percent(p.serving, p.accounts)),
				Num(measure.Percent(p.levels[3]+p.levels[4], p.accounts)), Int(p.tier), orNone(index[p.Code]), orNone(gdp[p.Code]), residents, reach, Int(p.sectors[med]), Int(p.sectors[pol]), Int(p.policeActiveRnk))
		}
	},
}

// sectorAt gives the place of a sector in the catalogue.
func (s *survey) sectorAt(id string) int {
	for i, f := range s.sectors {
		if f.id == id {
			return i
		}
	}
	return len(s.sectors)
}
