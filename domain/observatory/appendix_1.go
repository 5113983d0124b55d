package observatory

import "zhijian/domain/observatory/measure"

var appendix1 = design{
	id:       "appendix-1",
	title:    Text{"334 个地级行政区的名次", "Ranks of the 334 prefecture-level divisions"},
	question: Text{"我的城市排在哪里？", "Where does my city stand?"},
	base:     Text{"334 个地级行政区；占比的基数是 334 个的合计", "334 prefecture-level divisions; shares are of their sum"},
	method: Text{
		"账号名次：账号多的在前，并列按代码。活跃名次按号均活跃用户，并列时账号多的在前；总数名次按活跃用户总数",
		"Rank by accounts: more first, equals by code. Active rank by users per account, of equals the one with more accounts first; total rank by all active users",
	},
	columns: []Column{
		colCode, colName, colNameEn, words("province", "省份", "Province"), colAccounts, colRank, colActive, colMean, place("active_rank", "号均活跃名次", "Rank by active users per account"),
		place("total_rank", "活跃总数名次", "Rank by total active users"), share("share_accounts", "账号占比", "Share of accounts"), share("share_active", "活跃用户占比", "Share of active users"),
		share("service_share", "服务号占比", "Share of service accounts"), place("tier", "级", "Tier"), words("class", "城市规模", "Class of city"), flag("city_service", "上线城市服务", "City entry"),
	},
	chart:  Chart{Kind: Dots, Label: "name", X: "rank", Y: "active_rank"},
	doubts: []string{"DQ-01", "DQ-06", "DQ-09", "DQ-34", "DQ-35"},
	fill: func(s *survey, e *Exhibit) {
		all := s.prefectureSum()
		for _, p := range ranked(s.prefecture, byRank) {
			e.add(Say(p.Code), Say(p.Short), Say(p.En), Say(p.province.Short), Int(p.accounts), Int(p.rank), Int(p.active), p.perAccount(), Int(p.meanRank), Int(p.activeRank),
				Num(measure.Percent(p.accounts, all.accounts)), Num(measure.Percent(p.active, all.active)), Num(measure.Percent(p.serving, p.accounts)), Int(p.tier), Say(p.class), Flag(p.service))
		}
	},
}
