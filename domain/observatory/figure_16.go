package observatory

import "zhijian/domain/observatory/measure"

var figure16 = design{
	id:       "figure-16",
	title:    Text{"上线最多的服务", "The services launched most"},
	question: Text{"哪些服务多数城市都有？", "Which services do most cities have?"},
	base:     Text{"上线城市服务的城市", "Cities with a city entry"},
	method:   Text{"上线城市数除以上线城市服务的城市数；只列过半的", "Cities that launched it over cities with an entry; only those above half"},
	columns:  launchColumns,
	chart:    Chart{Kind: Bars, Label: "name", Values: []string{"share"}},
	doubts:   []string{"DQ-28", "DQ-38", noData, visitsPartly},
	fill: func(s *survey, e *Exhibit) {
		for _, k := range s.kindsByLaunch() {
			if 2*k.cities > s.entries() {
				e.addLaunch(s, k)
			}
		}
		e.N = s.entries()
	},
}

var launchColumns = []Column{
	code("service", "服务", "Service"), colName, colNameEn, code("group", "组", "Group"), count("cities", "上线城市", "Cities", "cities"), share("share", "占比", "Share"), count("visits", "累计访问", "Visits so far", "visits"),
}

func (e *Exhibit) addLaunch(s *survey, k *kindUse) {
	e.add(Say(k.ID), Say(k.Name), Say(k.En), Say(k.Group), Int(k.cities), Num(measure.Percent(k.cities, s.entries())), unless(k.cities > 0 && k.uncounted == k.cities, k.visits))
}
