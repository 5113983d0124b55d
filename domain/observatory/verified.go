package observatory

import "zhijian/domain/observatory/measure"

var verified = design{
	id:       "verified",
	title:    Text{"认证占比", "Share of verified accounts"},
	question: Text{"哪里的账号经过了认证？", "Where are accounts verified?"},
	base:     Text{"每行自己的账号", "The accounts of each row"},
	method:   Text{"认证账号除以全部账号；全国、公安和各省", "Verified accounts over all; the nation, the police and each province"},
	columns:  []Column{code("scope", "范围", "Scope"), colName, colNameEn, colAccounts, count("verified", "已认证", "Verified", "accounts"), share("verified_share", "认证占比", "Share verified")},
	chart:    Chart{Kind: Bars, Label: "name", Values: []string{"verified_share"}},
	fill: func(s *survey, e *Exhibit) {
		row := func(id, zh, en string, t *tally) {
			e.add(Say(id), Say(zh), Say(en), Int(t.accounts), Int(t.verified), Num(measure.Percent(t.verified, t.accounts)))
		}
		row("nation", "全国", "the nation", &s.nation)
		row("police", "公安", "police", &s.field(police).tally)
		for _, p := range s.provinces {
			row(p.Code, p.Short, p.En, &p.tally)
		}
		e.N = s.nation.accounts
	},
}
