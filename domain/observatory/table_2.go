package observatory

var table2 = design{
	id:       "table-2",
	title:    Text{"四个直辖市", "The four municipalities"},
	question: Text{"直辖市的账号用得怎么样？", "How well are the accounts of the municipalities used?"},
	base:     Text{"31 个省、自治区和直辖市", "31 provinces, regions and municipalities"},
	method: Text{
		"名次按号均活跃用户（当月活跃用户总数除以账号数）在 31 个中排",
		"The rank is by active users per account (the month's active users over accounts) among the 31",
	},
	columns: []Column{colCode, colName, colNameEn, colAccounts, colActive, colMean, place("mean_rank", "号均活跃名次", "Rank by active users per account"), place("active_rank", "活跃总数名次", "Rank by total active users")},
	chart:   Chart{Kind: Bars, Label: "name", Values: []string{"accounts", "mean"}},
	doubts:  []string{"DQ-13"},
	fill: func(s *survey, e *Exhibit) {
		for _, p := range ranked(s.provinces, byRank) {
			if p.IsCity() {
				e.add(Say(p.Code), Say(p.Short), Say(p.En), Int(p.accounts), Int(p.active), p.perAccount(), Int(p.meanRank), Int(p.activeRank))
			}
		}
	},
}
