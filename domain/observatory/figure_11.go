package observatory

var figure11 = design{
	id:       "figure-11",
	title:    Text{"号均活跃名次和“互联网+”指数名次", "Rank by users per account and rank by the Internet-plus index"},
	question: Text{"账号用得好的省，互联网发展也好吗？", "Do provinces whose accounts are used well also stand well in the index?"},
	base:     Text{"31 个省、自治区和直辖市", "31 provinces, regions and municipalities"},
	method: Text{
		"差值为指数名次减号均活跃名次：正数是账号领先。相差 3 名以内算接近；广东等差值为 0 的也算接近",
		"The difference is index rank less rank by users per account: above 0 the accounts lead. Within 3 places counts as close",
	},
	columns: []Column{colCode, colName, colNameEn, place("mean_rank", "号均活跃名次", "Rank by active users per account"), place("index_rank", "指数名次", "Rank by the index"), steps("diff", "领先", "Lead"), words("relation", "关系", "Relation")},
	chart:   Chart{Kind: Diverging, Label: "name", Values: []string{"diff"}},
	doubts:  []string{"DQ-42"},
	fill: func(s *survey, e *Exhibit) {
		index := s.indicatorRanks("internet_plus_index")
		for _, p := range ranked(s.provinces, func(a *area) int { return a.meanRank }) {
			if index[p.Code] == 0 {
				continue
			}
			d := index[p.Code] - p.meanRank
			relation := "close"
			switch {
			case d > closeRanks:
				relation = "lead"
			case d < -closeRanks:
				relation = "lag"
			}
			e.add(Say(p.Code), Say(p.Short), Say(p.En), Int(p.meanRank), Int(index[p.Code]), Int(d), Say(relation))
		}
	},
}

const closeRanks = 3 // 4.1 of the white paper
