package observatory

import "zhijian/domain/observatory/measure"

var figure3 = design{
	id:       "figure-3",
	title:    Text{"后 10 个省的增长", "Growth of the last ten provinces"},
	question: Text{"账号少的省追上来了吗？", "Are the provinces with fewest accounts catching up?"},
	base:     Text{"账号总量后 10 的省和自治区", "The ten provinces and regions with fewest accounts"},
	method:   Text{"增长为本版减上版，除以上版；只有两个时点，不是年均增长", "Growth is this edition less the one before, over the one before; two points in time, no yearly mean"},
	columns:  []Column{colCode, colName, colNameEn, colAccounts, count("before", "上版账号", "Accounts before", "accounts"), share("growth", "增长", "Growth")},
	chart:    Chart{Kind: Bars, Label: "name", Values: []string{"growth"}},
	doubts:   []string{"DQ-44", "DQ-37", "DQ-26"},
	fill: func(s *survey, e *Exhibit) {
		for _, p := range final(ranked(s.provinces, byRank27), tenRows) {
			before, growth := s.growthOf(p)
			e.add(Say(p.Code), Say(p.Short), Say(p.En), Int(p.accounts), before, growth)
		}
	},
}

// growthOf gives an area's accounts in the edition before, and its growth since in percent.
func (s *survey) growthOf(a *area) (before, growth Cell) {
	w := s.was(a)
	if w == nil {
		return None, None
	}
	if g, ok := measure.Growth(a.accounts, w.accounts); ok {
		growth = Num(g)
	}
	return Int(w.accounts), growth
}
