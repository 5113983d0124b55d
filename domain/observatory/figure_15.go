package observatory

import (
	"fmt"

	"zhijian/domain/observatory/measure"
)

var figure15 = design{
	id:       "figure-15",
	title:    Text{"领域成熟度", "Maturity of sectors"},
	question: Text{"哪些领域账号多而且有人用？", "Which sectors have many accounts and are used?"},
	base:     Text{"54 个领域", "54 sectors"},
	method: Text{
		"账号多：账号数高于各领域平均。活跃高：活跃用户总数高于各领域平均。两轴取对数。上版用同样的办法",
		"Many accounts: more than the mean of the sectors. High activity: more active users than the mean of the sectors. Both axes in logarithms; the edition before by the same rule",
	},
	columns: []Column{
		code("sector", "领域编号", "Sector id"), colName, colNameEn, colAccounts, colRank, colActive, colMean, words("quadrant", "区域", "Quadrant"), words("quadrant_en", "英文", "Quadrant in English"), words("quadrant_before", "上版区域", "Quadrant before"), flag("moved", "变了", "Moved"),
	},
	chart:  Chart{Kind: Quadrants, Label: "name", X: "accounts", Y: "active", Group: "quadrant", LogX: true, LogY: true},
	doubts: []string{"DQ-20", "DQ-23"},
	fill: func(s *survey, e *Exhibit) {
		now := s.maturity()
		var before cuts
		if s.last != nil {
			before = s.last.maturity()
		}
		for _, f := range s.sectorsByAccounts() {
			q := now.quadrant(f)
			was, moved := None, None
			if s.last != nil {
				w := before.quadrant(s.last.field(f.id))
				was, moved = Say(w.Zh), Flag(w != q)
			}
			e.add(Say(f.id), Say(f.name), Say(f.en), Int(f.accounts), Int(f.rank), Int(f.active), f.perAccount(), Say(q.Zh), Say(q.En), was, moved)
		}
		e.Chart.ReferenceX, e.Chart.ReferenceY = measure.Round(now.accounts), measure.Round(now.active)
		e.Method.Zh += fmt.Sprintf("。本版：账号多于 %.1f 个，活跃用户多于 %.0f 人", now.accounts, now.active)
		e.Method.En += fmt.Sprintf(". Here: more than %.1f accounts, more than %.0f active users", now.accounts, now.active)
	},
}

// cuts are the means at which the quadrants part.
type cuts struct{ accounts, active float64 }

// Quadrants of 5.1.
var (
	quadrantActive      = Text{"活跃区域", "active"}
	quadrantPotential   = Text{"潜力区域", "potential"}
	quadrantToPromote   = Text{"待推广区域", "to promote"}
	quadrantUndeveloped = Text{"待开发区域", "undeveloped"}
)

func (s *survey) maturity() cuts {
	var t tally
	for _, f := range s.sectors {
		t.merge(&f.tally)
	}
	n := int64(len(s.sectors))
	return cuts{measure.Ratio(t.accounts, n), measure.Ratio(t.active, n)}
}

func (c cuts) quadrant(f *field) Text {
	many, used := float64(f.accounts) > c.accounts, float64(f.active) > c.active
	switch {
	case many && used:
		return quadrantActive
	case used:
		return quadrantPotential
	case many:
		return quadrantToPromote
	}
	return quadrantUndeveloped
}
