package observatory

import "zhijian/domain/observatory/measure"

var levels = design{
	id:       "levels",
	title:    Text{"各地各层级的账号", "Accounts by place and level"},
	question: Text{"账号在哪一级？", "At which level are the accounts?"},
	base:     Text{"每行自己的账号", "The accounts of each row"},
	method:   Text{"层级按登记；全国、各省和账号最多的 10 个地级行政区", "Levels as registered; the nation, each province and the ten prefectures with most accounts"},
	columns: []Column{
		code("scope", "范围", "Scope"), colName, colNameEn, colAccounts, count("nation", "国家级", "National", "accounts"), count("province", "省级", "Provincial", "accounts"), count("prefecture", "地级", "Prefecture", "accounts"),
		count("county", "县级", "County", "accounts"), count("township", "乡级", "Township", "accounts"), share("county_share", "县级占比", "Share of county level"), share("township_share", "乡级占比", "Share of township level"),
	},
	chart: Chart{Kind: Shares, Label: "name", Values: []string{"nation", "province", "prefecture", "county", "township"}},
	fill: func(s *survey, e *Exhibit) {
		row := func(id, zh, en string, t *tally) {
			e.add(Say(id), Say(zh), Say(en), Int(t.accounts), Int(t.levels[0]), Int(t.levels[1]), Int(t.levels[2]), Int(t.levels[3]), Int(t.levels[4]), Num(measure.Percent(t.levels[3], t.accounts)), Num(measure.Percent(t.levels[4], t.accounts)))
		}
		row("nation", "全国", "the nation", &s.nation)
		for _, p := range s.provinces {
			row(p.Code, p.Short, p.En, &p.tally)
		}
		for _, p := range first(ranked(s.prefecture, byRank), tenRows) {
			row(p.Code, p.Short, p.En, &p.tally)
		}
		e.N = s.nation.accounts
	},
}
