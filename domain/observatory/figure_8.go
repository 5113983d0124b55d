package observatory

import "zhijian/domain/observatory/measure"

var figure8 = design{
	id:       "figure-8",
	title:    Text{"地级账号的长尾", "The long tail of prefectures"},
	question: Text{"账号有多集中？", "How concentrated are the accounts?"},
	base:     Text{"334 个地级行政区的账号合计", "All accounts of the 334 prefecture-level divisions"},
	method:   Text{"按账号数从多到少，并列按代码；累计占比的基数是 334 个的合计，不是登记表全部", "From most to fewest accounts, equals by code; running shares are of the 334's sum, not of the whole registry"},
	columns:  []Column{colCode, colName, colNameEn, colRank, colAccounts, share("running", "累计占比", "Running share"), flag("over_500", "超过 500", "Above 500")},
	chart:    Chart{Kind: Tail, Label: "name", X: "rank", Values: []string{"accounts"}, ReferenceY: 500},
	doubts:   []string{"DQ-04", "DQ-06", "DQ-35"},
	fill: func(s *survey, e *Exhibit) {
		running, total := int64(0), s.prefectureSum()
		for _, p := range ranked(s.prefecture, byRank) {
			running += p.accounts
			e.add(Say(p.Code), Say(p.Short), Say(p.En), Int(p.rank), Int(p.accounts), Num(measure.Percent(running, total.accounts)), Flag(p.accounts > 500))
		}
	},
}

func (s *survey) prefectureSum() (t tally) {
	for _, p := range s.prefecture {
		t.merge(&p.tally)
	}
	return t
}
