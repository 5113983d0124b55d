package observatory

var table6 = design{
	id:       "table-6",
	title:    Text{"账号名次和人均 GDP 名次", "Rank by accounts and rank by GDP per head"},
	question: Text{"经济强的省，账号也多吗？", "Do the richer provinces have more accounts?"},
	base:     Text{"账号总量前 10 的省和自治区", "The ten provinces and regions with most accounts"},
	method: Text{
		"账号名次在 27 个省和自治区中排，人均 GDP 名次在 31 个中排，取最近一年。差值为 GDP 名次减账号名次，正数是账号领先",
		"Accounts rank among 27 provinces and regions, GDP per head among 31, latest year. The difference is GDP rank less account rank: above 0 the accounts lead",
	},
	columns: []Column{colCode, colName, colNameEn, colRank, place("gdp_rank", "人均 GDP 名次", "Rank by GDP per head"), steps("lead", "账号领先", "Lead of the accounts"), flag("both", "两个前 10 都在", "In both first tens")},
	chart:   Chart{Kind: Slopes, Label: "name", Values: []string{"rank", "gdp_rank"}},
	doubts:  []string{"DQ-17", "DQ-43"},
	fill: func(s *survey, e *Exhibit) {
		addGDP(s, e, first(ranked(s.provinces, byRank27), tenRows))
	},
}

func addGDP(s *survey, e *Exhibit, list []*area) {
	gdp := s.indicatorRanks("gdp_per_head")
	for _, p := range list {
		lead := None
		if gdp[p.Code] > 0 {
			lead = Int(gdp[p.Code] - p.rank27)
		}
		e.add(Say(p.Code), Say(p.Short), Say(p.En), Int(p.rank27), orNone(gdp[p.Code]), lead, Flag(gdp[p.Code] > 0 && gdp[p.Code] <= tenRows && p.rank27 <= tenRows))
	}
	e.N = int64(len(list))
}
