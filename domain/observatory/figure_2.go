package observatory

import "zhijian/domain/observatory/measure"

var figure2 = design{
	id:       "figure-2",
	title:    Text{"各省账号总量", "Accounts by province"},
	question: Text{"账号集中在哪些省？", "Where are the accounts?"},
	base:     Text{"登记表全部账号", "All accounts of the registry"},
	method:   Text{"31 个省、自治区和直辖市，含各级账号；并列按代码", "31 provinces, regions and municipalities with accounts of all levels; equals by code"},
	columns:  []Column{colCode, colName, colNameEn, colAccounts, colRank, share("share", "占全部账号", "Share of all accounts"), flag("first_ten", "省和自治区前 10", "Among the first ten provinces and regions")},
	chart:    Chart{Kind: Tiles, Label: "code", Values: []string{"accounts"}, Group: "first_ten"},
	doubts:   []string{"DQ-30"},
	fill: func(s *survey, e *Exhibit) {
		for _, p := range ranked(s.provinces, byRank) {
			e.add(Say(p.Code), Say(p.Short), Say(p.En), Int(p.accounts), Int(p.rank), Num(measure.Percent(p.accounts, s.nation.accounts)), Flag(p.rank27 > 0 && p.rank27 <= tenRows))
		}
	},
}
