package observatory

import "zhijian/domain/observatory/measure"

var table3 = design{
	id:       "table-3",
	title:    Text{"地级账号总量前 10 名", "The ten prefectures with most accounts"},
	question: Text{"账号最多的城市，号均活跃用户排在哪里？", "Where do the cities with most accounts stand by active users per account?"},
	base:     Text{"334 个地级行政区", "334 prefecture-level divisions"},
	method: Text{
		"并列按代码先后排。活跃名次按号均活跃用户；并列时账号多的在前。服务号占比为服务号除以全部账号",
		"Equals by code. Active rank by active users per account; of equals the one with more accounts first. Service share is service accounts over all accounts",
	},
	columns: []Column{
		colCode, colName, colNameEn, colAccounts, colRank, place("active_rank", "号均活跃名次", "Rank by active users per account"),
		steps("active_diff", "账号名次减活跃名次", "Account rank less active rank"), share("service_share", "服务号占比", "Share of service accounts"), flag("deputy", "副省级", "Deputy-provincial"),
	},
	chart:  Chart{Kind: Bars, Label: "name", Values: []string{"accounts"}},
	doubts: []string{"DQ-01", "DQ-09", "DQ-35"},
	fill: func(s *survey, e *Exhibit) {
		addPrefectures(s, e, first(ranked(s.prefecture, byRank), tenRows))
	},
}

func addPrefectures(s *survey, e *Exhibit, list []*area) {
	for _, p := range list {
		e.add(Say(p.Code), Say(p.Short), Say(p.En), Int(p.accounts), Int(p.rank), Int(p.meanRank), Int(p.rank-p.meanRank), Num(measure.Percent(p.serving, p.accounts)), Flag(s.cat.DeputyProvincial(p.Code)))
	}
	e.N = int64(len(s.prefecture))
}
