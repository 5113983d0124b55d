package observatory

import (
	"cmp"
	"slices"
)

var figure17 = design{
	id:       "figure-17",
	title:    Text{"城市服务访问得分", "Visit scores of city services"},
	question: Text{"人们在城市服务里办什么？", "What do people do in the city entry?"},
	base:     Text{"有服务上线的各组", "Groups with at least one service launched"},
	method:   Text{"得分为本组累计访问除以各组平均；1 为平均。并列按目录次序", "The score is the group's visits over the mean of all groups with services: 1 is the mean. Equals in the catalogue's order"},
	columns:  []Column{code("group", "组", "Group"), colName, colNameEn, place("rank", "名次", "Rank"), count("visits", "累计访问", "Visits so far", "visits"), ratio("score", "得分", "Score"), flag("above", "高于平均", "Above the mean")},
	chart:    Chart{Kind: Bars, Label: "name", Values: []string{"score"}, ReferenceX: 1},
	doubts:   []string{"DQ-28", noData, visitsPartly},
	fill: func(s *survey, e *Exhibit) {
		var list []*group
		var visits int64
		for _, g := range s.groups() {
			if g.items > 0 {
				list, visits = append(list, g), visits+g.visits
			}
		}
		slices.SortStableFunc(list, func(a, b *group) int { return cmp.Compare(b.visits, a.visits) })
		for i, g := range list {
			score := None
			if visits > 0 {
				score = Num(float64(g.visits*int64(len(list))) / float64(visits))
			}
			e.add(Say(g.ID), Say(g.Name), Say(g.En), Int(i+1), unless(g.uncounted == g.items, g.visits), score, Flag(g.visits*int64(len(list)) > visits))
		}
		e.N = visits
	},
}
