package observatory

import (
	"cmp"
	"slices"

	"zhijian/domain/observatory/measure"
)

var entryEffect = design{
	id:       "entry-effect",
	title:    Text{"城市服务的入口效应", "The effect of a city entry"},
	question: Text{"上线城市服务的城市，账号用得更多吗？", "Are accounts used more where there is a city entry?"},
	base:     Text{"prefectures：334 个地级行政区的合计；all：登记表全部", "prefectures: sums of the 334; all: the whole registry"},
	method: Text{
		"成员为上线的地级行政区；直辖市不在 334 个之内，另列一组。提升是号均与全国号均之比减一，两种基数都列",
		"Members are the prefecture-level divisions with an entry; municipalities are not of the 334 and have a row with them. Lift is users per account over the nation's, less one, on both bases",
	},
	columns: []Column{
		code("group", "组", "Group"), colName, count("cities", "城市数", "Cities", "cities"), count("provinces", "省份", "Provinces", "provinces"), colAccounts, number("mean_accounts", "平均账号数", "Mean accounts", "accounts/city"), place("mean_rank", "平均数相当的名次", "The mean as a rank among the 334"),
		share("share_accounts", "占 334 个账号", "Share of the 334's accounts"), share("share_active", "占 334 个活跃用户", "Share of the 334's active users"), share("share_all_accounts", "占全部账号", "Share of all accounts"), colMean,
		share("active_lift", "号均比全国（全部）", "Users per account over all"), share("active_lift_prefectures", "号均比 334 个", "Users per account over the 334"), share("click_lift", "点击比全国（全部）", "Clicks per account over all"),
	},
	chart:  Chart{Kind: Grouped, Label: "name", Values: []string{"share_accounts", "share_active"}},
	doubts: []string{"DQ-07", "DQ-08", "DQ-29", usePartly},
	fill: func(s *survey, e *Exhibit) {
		all := s.prefectureSum()
		row := func(id, zh string, list []*area) {
			var t tally
			in := map[*area]bool{}
			for _, c := range list {
				t.merge(&c.tally)
				in[c.province] = true
			}
			mean := measure.Ratio(t.accounts, int64(len(list)))
			shareAccounts, shareActive := None, None
			if id != "all" { // municipalities are no part of the 334, so that their sum is no base
				shareAccounts, shareActive = Num(measure.Percent(t.accounts, all.accounts)), Num(measure.Percent(t.active, all.active))
			}
			e.add(Say(id), Say(zh), Int(len(list)), Int(len(in)), Int(t.accounts), Num(mean), orNone(s.rankOfMean(t.accounts, int64(len(list)))), shareAccounts, shareActive,
				Num(measure.Percent(t.accounts, s.nation.accounts)), t.perAccount(), lift(t.active, t.accounts, s.nation.active, s.nation.accounts), lift(t.active, t.accounts, all.active, all.accounts), lift(t.clicks, t.accounts, s.nation.clicks, s.nation.accounts))
		}
		with, without := s.byEntry()
		row("prefectures", "上线的地级行政区", with)
		row("others", "没有上线的地级行政区", without)
		var cities []*area
		for _, c := range s.cities {
			if c.service {
				cities = append(cities, c)
			}
		}
		row("all", "上线的全部城市", cities)
		e.N = int64(len(cities))
	},
}

func (s *survey) byEntry() (with, without []*area) {
	for _, p := range s.prefecture {
		if p.service {
			with = append(with, p)
		} else {
			without = append(without, p)
		}
	}
	return with, without
}

// rankOfMean is the rank a division with the mean of so many would have: one more than there are divisions above it.
func (s *survey) rankOfMean(sum, n int64) int {
	if n == 0 {
		return 0
	}
	rank := 1
	for _, p := range s.prefecture {
		if p.accounts*n > sum {
			rank++
		}
	}
	return rank
}

// lift is how far a mean stands above another, in percent.
func lift(part, n, partAll, nAll int64) Cell {
	if n == 0 || nAll == 0 || partAll == 0 {
		return None
	}
	return Num(float64(100*(measure.Ratio(part, n)/measure.Ratio(partAll, nAll))) - 100)
}

var entryMatch = design{
	id:       "entry-match",
	title:    Text{"入口效应：配对比较", "The effect of a city entry: matched pairs"},
	question: Text{"同样规模的城市里，上线的账号用得更多吗？", "Among cities of like size, are accounts used more where there is an entry?"},
	base:     Text{"每个上线的地级行政区配一个没有上线的", "Each prefecture with an entry and one without"},
	method: Text{
		"按账号数最接近配对，每个只用一次，从大到小配；相近的取代码小的。同区域优先。配对只管规模和区域，别的差别还在",
		"Nearest by accounts, each used once, largest first; of equally near ones the lower code; the same part of the country goes first. Size and place are matched, other differences stay",
	},
	columns: []Column{colCode, colName, colNameEn, colAccounts, colMean, code("match", "配对代码", "Match"), words("match_name", "配对名称", "Name of the match"), count("match_accounts", "配对账号数", "Accounts of the match", "accounts"), number("match_mean", "配对号均", "Users per account of the match", "users/account"), number("difference", "号均之差", "Difference", "users/account")},
	chart:   Chart{Kind: Diverging, Label: "name", Values: []string{"difference"}},
	fill: func(s *survey, e *Exhibit) {
		with, without := s.byEntry()
		slices.SortFunc(with, func(a, b *area) int { return cmp.Compare(a.rank, b.rank) })
		var differences []float64
		for _, p := range with {
			m := s.nearest(p, without)
			if m == nil {
				break
			}
			without = slices.DeleteFunc(without, func(a *area) bool { return a == m })
			d := p.mean() - m.mean()
			differences = append(differences, d)
			e.add(Say(p.Code), Say(p.Short), Say(p.En), Int(p.accounts), p.perAccount(), Say(m.Code), Say(m.Short), Int(m.accounts), m.perAccount(), Num(d))
		}
		if len(differences) > 0 {
			e.Method.Zh += "。号均之差的中位数 " + Num(measure.Median(differences)).String()
			e.Method.En += ". Median difference " + Num(measure.Median(differences)).String()
		}
	},
}

// nearest finds the division most like p in accounts; within a fifth of p's accounts one of the same part of the country wins.
func (s *survey) nearest(p *area, from []*area) (best *area) {
	far := func(a *area) int64 {
		d := max(a.accounts-p.accounts, p.accounts-a.accounts)
		if s.cat.Band(a.Code) != s.cat.Band(p.Code) {
			d += p.accounts / 5
		}
		return d
	}
	for _, a := range from { // in the order of codes, so that the lower code stays when two are equally near
		if best == nil || far(a) < far(best) {
			best = a
		}
	}
	return best
}
