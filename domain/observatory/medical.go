package observatory

import (
	"cmp"
	"slices"
)

var medicals = design{
	id:       "medical",
	title:    Text{"各省医疗账号", "Medical accounts by province"},
	question: Text{"哪个省的医疗账号最多？", "Which province has most medical accounts?"},
	base:     Text{"医疗领域的账号", "Accounts of the medical sector"},
	method:   sectorMethod,
	columns:  sectorColumns,
	chart:    Chart{Kind: Tiles, Label: "code", Values: []string{"accounts"}},
	doubts:   []string{"DQ-41"},
	fill:     func(s *survey, e *Exhibit) { s.addSector(e, medical) },
}

var (
	sectorMethod  = Text{"本领域的账号，31 个省、自治区和直辖市；并列按代码", "Accounts of the sector in the 31; equals by code"}
	sectorColumns = []Column{
		colCode, colName, colNameEn, place("rank", "名次", "Rank"), colAccounts, count("own_level", "省级账号", "Of the provincial level", "accounts"), count("prefectures", "有地级账号的地级行政区", "Prefectures with an account of their level", "divisions"),
		count("with_any", "有账号的地级行政区", "Prefectures with any account", "divisions"), count("prefecture_level", "地级账号", "Of the prefecture level", "accounts"), count("county", "县级账号", "Of the county level", "accounts"), count("township", "乡级账号", "Of the township level", "accounts"),
		share("county_share", "县级占比", "Share of county level"), colActive,
	}
)

// sectorArea is one sector in one province.
type sectorArea struct {
	*area
	t          tally
	own, cover map[*area]bool // prefectures with an account of their level, with any account
}

func (s *survey) inSector(id string) []*sectorArea {
	byArea, list := map[*area]*sectorArea{}, []*sectorArea{}
	for _, p := range s.provinces {
		n := &sectorArea{area: p, own: map[*area]bool{}, cover: map[*area]bool{}}
		byArea[p], list = n, append(list, n)
	}
	for i := range s.accounts {
		a := &s.accounts[i]
		if a.Sector != id || a.province == nil {
			continue
		}
		n := byArea[a.province]
		n.t.add(a)
		if a.city != nil && a.city != a.province {
			n.cover[a.city] = true
			if a.Level == Municipal {
				n.own[a.city] = true
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *sectorArea) int { return cmp.Compare(b.t.accounts, a.t.accounts) })
	return list
}

func (s *survey) addSector(e *Exhibit, id string) {
	for i, n := range s.inSector(id) {
		e.add(Say(n.Code), Say(n.Short), Say(n.En), Int(i+1), Int(n.t.accounts), Int(n.t.levels[1]), Int(len(n.own)), Int(len(n.cover)), Int(n.t.levels[2]), Int(n.t.levels[3]), Int(n.t.levels[4]), n.t.partOf(n.t.levels[3]), Int(n.t.active))
	}
	e.N = s.field(id).accounts
}

// partOf is a part of the tally's accounts in percent; None without accounts.
func (t *tally) partOf(n int64) Cell {
	if t.accounts == 0 {
		return None
	}
	return Num(float64(100*n) / float64(t.accounts))
}
