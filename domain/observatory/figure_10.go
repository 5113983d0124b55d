package observatory

import (
	"cmp"
	"slices"

	"zhijian/domain/observatory/measure"
)

var figure10 = design{
	id:       "figure-10",
	title:    Text{"账号最多的 10 个领域", "The ten sectors with most accounts"},
	question: Text{"哪些领域的账号最多，谁新进了前 10？", "Which sectors have most accounts, and which are new among the first ten?"},
	base:     Text{"登记表全部账号", "All accounts of the registry"},
	method:   Text{"并列按领域编号", "Equals by the sector's number"},
	columns: []Column{
		code("sector", "领域编号", "Sector id"), colName, colNameEn, colAccounts, colRank, share("share", "占比", "Share"), share("running", "累计占比", "Running share"), place("rank_before", "上版名次", "Rank in the edition before"),
	},
	chart:  Chart{Kind: Bars, Label: "name", Values: []string{"accounts"}},
	doubts: []string{"DQ-18", "DQ-19", "DQ-44"},
	fill: func(s *survey, e *Exhibit) {
		running := int64(0)
		for _, f := range first(s.sectorsByAccounts(), tenRows) {
			running += f.accounts
			before := None
			if s.last != nil {
				before = Int(s.last.field(f.id).rank)
			}
			e.add(Say(f.id), Say(f.name), Say(f.en), Int(f.accounts), Int(f.rank), Num(measure.Percent(f.accounts, s.nation.accounts)), Num(measure.Percent(running, s.nation.accounts)), before)
		}
		e.N = s.nation.accounts
	},
}

func (s *survey) sectorsByAccounts() []*field {
	out := slices.Clone(s.sectors)
	slices.SortFunc(out, func(a, b *field) int { return cmp.Compare(a.rank, b.rank) })
	return out
}
