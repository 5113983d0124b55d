package observatory

var figure13 = design{
	id:       "figure-13",
	title:    Text{"账号后 10 名的省和人均 GDP 名次", "The last ten provinces by accounts and their GDP per head"},
	question: Text{"账号少，是因为经济弱吗？", "Are accounts few because the economy is weak?"},
	base:     Text{"账号总量后 10 的省和自治区", "The ten provinces and regions with fewest accounts"},
	method:   table6.method,
	columns:  table6.columns,
	chart:    table6.chart,
	doubts:   []string{"DQ-43"},
	fill: func(s *survey, e *Exhibit) {
		addGDP(s, e, final(ranked(s.provinces, byRank27), tenRows))
	},
}
