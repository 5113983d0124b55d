package observatory

var unmet = design{
	id:       "unmet",
	title:    Text{"搜不到的需求", "Unmet demand"},
	question: Text{"人们找的事，有多少城市还办不了？", "How much of what people look for can a city not do yet?"},
	base:     Text{"最近一个月在城市入口的搜索", "Searches in the city's entry in the latest month"},
	method: Text{
		"搜不到是城市能办的一样也没有搜出来。只计次数，不留搜的字。区间是 95% 的 Wilson 区间；按区间上限排，低的在先，基数大的在先，再按代码",
		"Unmet means that nothing the city offers was found. Only how often is counted, never what was typed. Intervals are Wilson's of 95 percent; ranks go by their upper end, the lowest first, equals by the larger base, then by code",
	},
	columns: quotaColumns(colCity, count("searches", "搜索", "Searches", "searches"), "搜不到", "Unmet"),
	chart:   Chart{Kind: Bars, Label: "name", Values: []string{"share"}},
	fill: func(s *survey, e *Exhibit) {
		e.addQuotas(s.byCity(), func(v *served) quota { return v.over(only(Unmet), only(Searches)) }, true)
		s.lacking(e, Searches, Unmet)
	},
}
