package observatory

import "zhijian/domain/observatory/measure"

var classes = design{
	id:       "classes",
	title:    Text{"三类领域的账号", "Accounts of the three classes of sectors"},
	question: Text{"综合、职能、民生三类各占多少？", "What share has each class of sectors?"},
	base:     Text{"登记表全部账号", "All accounts of the registry"},
	method:   Text{"类见目录；白皮书只说出一部分领域的类，其余是我们的归类", "Classes as in the catalogue; the paper names the class of some sectors only, the rest is our reading"},
	columns:  []Column{code("class", "类", "Class"), colName, count("sectors", "领域数", "Sectors", "sectors"), colAccounts, share("share", "占比", "Share"), colActive, colMean},
	chart:    Chart{Kind: Parts, Label: "name", Values: []string{"sectors", "accounts", "active"}},
	fill: func(s *survey, e *Exhibit) {
		for _, c := range []Text{{"综合", "comprehensive"}, {"职能", "functional"}, {"民生", "livelihood"}} {
			var t tally
			n := 0
			for _, f := range s.sectors {
				if f.class == c.En {
					t.merge(&f.tally)
					n++
				}
			}
			e.add(Say(c.En), Say(c.Zh), Int(n), Int(t.accounts), Num(measure.Percent(t.accounts, s.nation.accounts)), Int(t.active), t.perAccount())
		}
		e.N = s.nation.accounts
	},
}
