package observatory

import (
	"cmp"

	"zhijian/domain/observatory/measure"
)

var ownership = design{
	id:       "ownership",
	title:    Text{"部门拥有率", "Departments that have an account"},
	question: Text{"有多少部门开了公众号？", "What part of the departments has an account?"},
	base:     Text{"部门名册里的部门数", "The departments of the roster"},
	method: Text{
		"名册一行是一个地区、层级和领域的部门数；拥有的部门按账号登记的部门名称数，同名算一个；没有登记名称的账号不算部门",
		"A row of the roster is the departments of a region, a level and a sector. Departments with an account are counted by the department's name in the registry, once each; accounts without one count for none",
	},
	columns: []Column{code("key", "键", "Key"), colCode, colName, colNameEn, code("level", "层级", "Level"), code("sector", "领域", "Sector"), count("departments", "部门数", "Departments", "departments"), count("owning", "有账号的部门", "Departments with an account", "departments"), share("share", "拥有率", "Share")},
	chart:   Chart{Kind: Bars, Label: "name", Values: []string{"share"}},
	doubts:  []string{"DQ-46"},
	fill: func(s *survey, e *Exhibit) {
		if len(s.facts.Rosters) == 0 {
			return
		}
		owners := s.owners()
		for _, r := range s.facts.Rosters {
			where, _ := s.cat.Regions.Find(r.Region)
			n := int64(len(owners[owner{r.Region, r.Level, r.Sector}]))
			rate := Num(measure.Percent(n, r.Departments))
			if n > r.Departments {
				e.warn("DQ-46", Wrong, where.Name+"有账号的部门多于名册上的部门", where.Name+" has more departments with accounts than its roster has departments")
			}
			e.add(Say(r.Region+"/"+string(r.Level)+"/"+cmp.Or(r.Sector, "all")), Say(r.Region), Say(where.Short), Say(where.En), Say(string(r.Level)), Say(r.Sector), Int(r.Departments), Int(n), rate)
			e.N += r.Departments
		}
	},
}

// owner is a row of a roster.
type owner struct {
	region string
	level  Level
	sector string
}

// owners gives the names of departments that have an account, for each place, level and sector, and for all sectors together.
func (s *survey) owners() map[owner]map[string]bool {
	out := map[owner]map[string]bool{}
	for i := range s.accounts {
		a := &s.accounts[i]
		if a.Department == "" {
			continue
		}
		for _, sector := range []string{a.Sector, ""} {
			k := owner{a.Region, a.Level, sector}
			if out[k] == nil {
				out[k] = map[string]bool{}
			}
			out[k][a.Department] = true
		}
	}
	return out
}
