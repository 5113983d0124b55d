package observatory

import "zhijian/domain/observatory/measure"

var figure9 = design{
	id:       "figure-9",
	title:    Text{"地级五级结构", "Five tiers of prefectures"},
	question: Text{"少数城市占了多少账号和用户？", "What share have the few large ones?"},
	base:     Text{"334 个地级行政区的合计", "Sums of the 334 prefecture-level divisions"},
	method: Text{
		"按账号数一维最优划分（动态规划，k=5）；中心为组内平均。lloyd 列为 Lloyd 法从均匀起步得到的个数，不同时在注里说明",
		"The exact optimum on accounts (dynamic programming, k=5); a centre is the tier's mean. The lloyd columns are what Lloyd's steps from an even start give; a warning says when they differ",
	},
	columns: []Column{
		code("tier", "级", "Tier"), count("divisions", "个数", "Divisions", "divisions"), number("centre", "中心", "Centre", "accounts"), colAccounts, colActive,
		share("share_divisions", "个数占比", "Share of divisions"), share("share_accounts", "账号占比", "Share of accounts"), share("share_active", "活跃用户占比", "Share of active users"),
		count("lloyd", "Lloyd 法个数", "Divisions by Lloyd", "divisions"), number("lloyd_centre", "Lloyd 法中心", "Centre by Lloyd", "accounts"),
	},
	chart:  Chart{Kind: Areas, Label: "tier", X: "divisions", Y: "centre"},
	doubts: []string{"DQ-05", "DQ-06", "DQ-15", "DQ-39"},
	fill: func(s *survey, e *Exhibit) {
		lloyd := measure.LloydLine(accountsOf(s.prefecture), PrefectureTiers)
		sums, counts := s.tierSums(s.prefecture, PrefectureTiers)
		all := s.prefectureSum()
		for i, t := range sums {
			if counts[i] == 0 {
				continue
			}
			other, otherCentre := None, None
			if i < len(lloyd.Sizes) {
				other, otherCentre = Int(lloyd.Sizes[i]), Num(lloyd.Centres[i])
			}
			e.add(Int(i+1), Int(counts[i]), Num(measure.Ratio(t.accounts, counts[i])), Int(t.accounts), Int(t.active), Num(measure.Percent(counts[i], int64(len(s.prefecture)))),
				Num(measure.Percent(t.accounts, all.accounts)), Num(measure.Percent(t.active, all.active)), other, otherCentre)
		}
		e.N = int64(len(s.prefecture))
	},
}

func (s *survey) tierSums(list []*area, k int) (sums []tally, counts []int64) {
	sums, counts = make([]tally, k), make([]int64, k)
	for _, a := range list {
		sums[a.tier-1].merge(&a.tally)
		counts[a.tier-1]++
	}
	return sums, counts
}
