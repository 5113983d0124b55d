package observatory

import "zhijian/domain/observatory/measure"

var figure6 = design{
	id:       "figure-6",
	title:    Text{"上线城市服务的地区", "Areas with a city entry"},
	question: Text{"哪些省的城市上线了城市服务？", "Which provinces have cities with a city entry?"},
	base:     Text{"338 个城市：334 个地级行政区和 4 个直辖市", "338 cities: 334 prefecture-level divisions and 4 municipalities"},
	method:   Text{"按省数上线的城市；全部上线的记 1", "Cities with an entry in each province; 1 where all have it"},
	columns:  []Column{colCode, colName, colNameEn, count("cities", "上线城市", "Cities with an entry", "cities"), count("all", "全部城市", "All cities", "cities"), share("share", "占比", "Share"), flag("full", "全部上线", "All of them")},
	chart:    Chart{Kind: Tiles, Label: "code", Values: []string{"cities"}, Group: "full"},
	doubts:   []string{"DQ-28", "DQ-29"},
	fill: func(s *survey, e *Exhibit) {
		with, all := map[*area]int64{}, map[*area]int64{}
		for _, c := range s.cities {
			all[c.province]++
			if c.service {
				with[c.province]++
				e.N++
			}
		}
		for _, p := range s.provinces {
			if with[p] > 0 {
				e.add(Say(p.Code), Say(p.Short), Say(p.En), Int(with[p]), Int(all[p]), Num(measure.Percent(with[p], all[p])), Flag(with[p] == all[p]))
			}
		}
	},
}
