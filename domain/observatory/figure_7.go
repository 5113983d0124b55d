package observatory

import (
	"cmp"
	"slices"

	"zhijian/domain/observatory/measure"
)

var figure7 = design{
	id:       "figure-7",
	title:    Text{"各类城市服务的上线情况", "How far groups of services are launched"},
	question: Text{"各领域的服务上线了多少？", "How much of each group is launched?"},
	base:     Text{"上线城市服务的城市", "Cities with a city entry"},
	method:   Text{"一项是一个城市上线的一种服务；城市数为至少上线一种的城市", "An item is one kind of service in one city; cities are those with at least one kind of the group"},
	columns:  []Column{code("group", "组", "Group"), colName, colNameEn, count("kinds", "已上线种类", "Kinds launched", "kinds"), count("items", "项数", "Items", "items"), count("cities", "城市数", "Cities", "cities"), share("share", "城市占比", "Share of cities"), count("visits", "累计访问", "Visits so far", "visits")},
	chart:    Chart{Kind: Bars, Label: "name", Values: []string{"share"}},
	doubts:   []string{"DQ-28", visitsPartly},
	fill: func(s *survey, e *Exhibit) {
		for _, g := range s.groups() {
			e.add(Say(g.ID), Say(g.Name), Say(g.En), Int(len(g.kinds)), Int(g.items), Int(len(g.cities)), Num(measure.Percent(int64(len(g.cities)), s.entries())), unless(g.items > 0 && g.uncounted == g.items, g.visits))
		}
		e.N = s.entries()
	},
}

// group is one of the groups of the city entry with its launches.
type group struct {
	ServiceGroup
	kinds, cities map[string]bool
	items, visits int64
	uncounted     int64 // items whose visits were not counted
}

// entries counts the cities with a city entry.
func (s *survey) entries() (n int64) {
	for _, c := range s.cities {
		if c.service {
			n++
		}
	}
	return n
}

// groups gives the groups in the catalogue's order.
func (s *survey) groups() []*group {
	list, byID := []*group{}, map[string]*group{}
	for _, g := range s.cat.Groups {
		n := &group{ServiceGroup: g, kinds: map[string]bool{}, cities: map[string]bool{}}
		list, byID[g.ID] = append(list, n), n
	}
	for _, l := range s.facts.Launches {
		k, known := s.cat.KindByID(l.Service)
		if g := byID[k.Group]; known && g != nil && l.Launched {
			g.kinds[l.Service], g.cities[l.Region] = true, true
			g.items++
			g.visits += l.Visits
			if l.NoVisits {
				g.uncounted++
			}
		}
	}
	return list
}

// kindUse is one kind of service with its launches.
type kindUse struct {
	ServiceKind
	cities, visits int64
	uncounted      int64 // cities whose visits were not counted
}

// kindsByLaunch gives the kinds by the number of cities that launched them, equals in the catalogue's order.
func (s *survey) kindsByLaunch() []*kindUse {
	list, byID := []*kindUse{}, map[string]*kindUse{}
	for _, k := range s.cat.Kinds {
		n := &kindUse{ServiceKind: k}
		list, byID[k.ID] = append(list, n), n
	}
	for _, l := range s.facts.Launches {
		if k := byID[l.Service]; k != nil && l.Launched {
			k.cities++
			k.visits += l.Visits
			if l.NoVisits {
				k.uncounted++
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *kindUse) int { return cmp.Compare(b.cities, a.cities) })
	return list
}
