package observatory

import (
	"cmp"
	"slices"
)

var growth = design{
	id:       "growth",
	title:    Text{"新增账号来自哪些领域", "Sectors that new accounts come from"},
	question: Text{"账号增长靠的是哪些领域？", "Which sectors does the growth come from?"},
	base:     Text{"上版没有的账号", "Accounts that the edition before does not have"},
	method:   Text{"按账号编号和上版比对；按新增数排，并列按领域编号", "By comparing ids with the edition before; by new accounts, equals by the sector's number"},
	columns:  []Column{code("sector", "领域编号", "Sector id"), colName, colNameEn, place("rank", "名次", "Rank"), count("new", "新增", "New", "accounts"), count("before", "上版账号", "Accounts before", "accounts"), share("growth", "增长", "Growth")},
	chart:    Chart{Kind: Bars, Label: "name", Values: []string{"new"}},
	doubts:   []string{"DQ-44", "DQ-25"},
	fill: func(s *survey, e *Exhibit) {
		if s.last == nil {
			return
		}
		added := s.newBySector()
		list := slices.Clone(s.sectors)
		slices.SortStableFunc(list, func(a, b *field) int { return cmp.Compare(added[b.id], added[a.id]) })
		for i, f := range list {
			before := s.last.field(f.id).accounts
			e.add(Say(f.id), Say(f.name), Say(f.en), Int(i+1), Int(added[f.id]), Int(before), growthCell(f.accounts, before))
			e.N += added[f.id]
		}
	},
}
