package observatory

var table4 = design{
	id:       "table-4",
	title:    Text{"地级账号总量后 10 名", "The ten prefectures with fewest accounts"},
	question: Text{"哪些地方还没有用起来？", "Where has it hardly begun?"},
	base:     table3.base,
	method:   table3.method,
	columns:  table3.columns,
	chart:    table3.chart,
	doubts:   []string{"DQ-01", "DQ-34", "DQ-35"},
	fill: func(s *survey, e *Exhibit) {
		addPrefectures(s, e, final(ranked(s.prefecture, byRank), tenRows))
	},
}
