package observatory

import (
	"cmp"
	"slices"
)

var polices = design{
	id:       "police",
	title:    Text{"各省公安账号", "Police accounts by province"},
	question: Text{"公安账号覆盖到哪一级？", "How far down do police accounts reach?"},
	base:     Text{"公安领域的账号", "Accounts of the police sector"},
	method:   sectorMethod,
	columns:  sectorColumns,
	chart:    Chart{Kind: Tiles, Label: "code", Values: []string{"accounts"}},
	fill:     func(s *survey, e *Exhibit) { s.addSector(e, police) },
}

var policeKinds = design{
	id:       "police-kinds",
	title:    Text{"各警种账号", "Kinds of police"},
	question: Text{"哪些警种开得最多？", "Which kinds of police have most accounts?"},
	base:     Text{"公安领域的账号", "Accounts of the police sector"},
	method:   Text{"警种按登记；没有登记的在 unknown 行", "Kinds as registered; accounts without one are in the row unknown"},
	columns:  []Column{words("institution", "警种", "Kind of police"), colAccounts, share("share", "占比", "Share"), count("service", "服务号", "Service accounts", "accounts"), share("service_share", "服务号占比", "Share of service accounts"), colActive},
	chart:    Chart{Kind: Bars, Label: "institution", Values: []string{"accounts"}},
	fill: func(s *survey, e *Exhibit) {
		byKind := map[string]*tally{}
		for i := range s.accounts {
			a := &s.accounts[i]
			if a.Sector != police {
				continue
			}
			k := cmp.Or(a.Institution, "unknown")
			if byKind[k] == nil {
				byKind[k] = &tally{}
			}
			byKind[k].add(a)
		}
		var names []string
		for k := range byKind {
			names = append(names, k)
		}
		slices.SortFunc(names, func(a, b string) int {
			return cmp.Or(cmp.Compare(byKind[b].accounts, byKind[a].accounts), cmp.Compare(a, b))
		})
		all := s.field(police)
		for _, k := range names {
			t := byKind[k]
			e.add(Say(k), Int(t.accounts), all.partOf(t.accounts), Int(t.serving), t.partOf(t.serving), Int(t.active))
		}
		e.N = all.accounts
	},
}

var sectorCover = design{
	id:       "sector-cover",
	title:    Text{"各领域的纵向覆盖", "How far each sector reaches"},
	question: Text{"每个领域覆盖了多少省和地级行政区？", "How many provinces and prefectures does each sector reach?"},
	base:     Text{"31 个省级和 334 个地级行政区", "31 provinces and 334 prefecture-level divisions"},
	method:   Text{"own 列只数本级账号：省级部门的、地级部门的；any 列数辖区内任何账号", "The own columns count accounts of the division's own level; the any columns every account in it"},
	columns: []Column{
		code("sector", "领域编号", "Sector id"), colName, colNameEn, colAccounts, count("provinces_own", "有省级账号的省", "Provinces with an account of their level", "provinces"), count("provinces_any", "有账号的省", "Provinces with any account", "provinces"),
		count("prefectures_own", "有地级账号的地级行政区", "Prefectures with an account of their level", "divisions"), share("prefectures_own_share", "占 334 个", "Share of the 334"), count("prefectures_any", "有账号的地级行政区", "Prefectures with any account", "divisions"),
		share("county_township_share", "县乡级占比", "Share of county and township level"), share("subscription_share", "订阅号占比", "Share of subscription accounts"), count("countries", "境外国家", "Countries abroad", "countries"),
	},
	chart:  Chart{Kind: Bars, Label: "name", Values: []string{"prefectures_own_share"}},
	doubts: []string{"DQ-24"},
	fill: func(s *survey, e *Exhibit) {
		cover := s.covers()
		for i, f := range s.sectors {
			c := &cover[i]
			e.add(Say(f.id), Say(f.name), Say(f.en), Int(f.accounts), Int(len(c.provinceOwn)), Int(len(c.provinceAny)), Int(len(c.cityOwn)), Num(float64(100*len(c.cityOwn))/float64(max(1, len(s.prefecture)))), Int(len(c.cityAny)),
				f.partOf(f.levels[3]+f.levels[4]), f.partOf(f.accounts-f.serving), Int(len(c.countries)))
		}
	},
}

// cover is where one sector has accounts.
type cover struct {
	provinceOwn, provinceAny, cityOwn, cityAny map[*area]bool
	countries                                  map[string]bool
}

func (s *survey) covers() []cover {
	list := make([]cover, len(s.sectors)+1)
	for i := range list {
		list[i] = cover{map[*area]bool{}, map[*area]bool{}, map[*area]bool{}, map[*area]bool{}, map[string]bool{}}
	}
	for i := range s.accounts {
		a := &s.accounts[i]
		c := &list[a.sector]
		if a.foreign() {
			c.countries[a.Country] = true
		}
		if a.province == nil {
			continue
		}
		c.provinceAny[a.province] = true
		if a.Level == Provincial {
			c.provinceOwn[a.province] = true
		}
		if a.city == nil || a.city == a.province {
			continue
		}
		c.cityAny[a.city] = true
		if a.Level == Municipal {
			c.cityOwn[a.city] = true
		}
	}
	return list
}
