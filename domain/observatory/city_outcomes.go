package observatory

var cityOutcomes = design{
	id:       "city-outcomes",
	title:    Text{"城市办事成效", "What cities get done"},
	question: Text{"哪些城市真的把事办成了？", "Which cities really get things done?"},
	base:     Text{"最近一个月，城市的全部服务", "The latest month, all services of a city"},
	method: Text{
		"每项成效各排各的，不加总：权重由谁定，谁就赢。基数不满 30 的不列。名次按 95% Wilson 区间较不利的一端，基数大的在先，再按代码。访问、点击、粉丝不参加排名",
		"Each measure is ranked by itself and nothing is added up: whoever sets the weights wins. Bases under 30 are left out. Ranks go by the less favourable end of Wilson's interval of 95 percent, equals by the larger base, then by code. Visits, clicks and followers carry no rank",
	},
	columns: []Column{
		colCity, colName, colNameEn, count("over", "结束办件", "Cases over", "cases"),
		shareOf("done", "办成", "Done", "cases"), place("done_rank", "办成名次", "Rank by done"),
		shareOf("kept", "时限兑现", "Promised time kept", "cases"), place("kept_rank", "兑现名次", "Rank by kept"),
		shareOf("content", "满意", "Content", "ratings"), place("content_rank", "满意名次", "Rank by content"),
		shareOf("answered", "部门系统答上来", "Answered by departments", "questions"), place("answered_rank", "可用名次", "Rank by answered"),
		shareOf("unmet", "搜不到", "Unmet searches", "searches"), place("unmet_rank", "搜索名次", "Rank by unmet"),
		shareOf("accessible", "无障碍合格", "Pages without a violation", "pages"), place("accessible_rank", "无障碍名次", "Rank by accessibility"),
	},
	chart: Chart{Kind: Bars, Label: "name", Values: []string{"done"}},
	fill: func(s *survey, e *Exhibit) {
		list := s.byCity()
		rows := make([][]Cell, len(list))
		for i := range list {
			v := &list[i]
			rows[i] = []Cell{Say(v.id), Say(v.name), Say(v.en), v.over(ended, ended).whole.Cell()}
		}
		for _, m := range []struct {
			part, whole func(*Outcome) Counted
			worst       bool
		}{
			{only(Done), ended, false},
			{only(Kept), only(Promised), false},
			{only(Satisfied), only(Rated), false},
			{answeredCalls, only(OfficeCalls), false},
			{only(Unmet), only(Searches), true},
			{only(Accessible), only(Checked), false},
		} {
			quotas := make([]quota, len(list))
			for i := range list {
				if q := list[i].over(m.part, m.whole); q.whole.n >= fewCases {
					quotas[i] = q
				}
			}
			ranks := ranksOf(quotas, m.worst)
			for i := range list {
				rows[i] = append(rows[i], quotas[i].share(), orNone(ranks[i]))
			}
		}
		for _, r := range rows {
			e.add(r...)
		}
		s.lacking(e, Done, Kept, Satisfied, OfficeCalls, Unmet, Accessible)
	},
}
