package observatory

import "zhijian/domain/observatory/measure"

var correlations = design{
	id:       "correlations",
	title:    Text{"名次之间的相关", "Correlations of ranks"},
	question: Text{"账号多和用得多有关系吗？", "Has having many accounts to do with being used?"},
	base:     Text{"每行自己的地区", "The places of each row"},
	method:   Text{"Spearman 名次相关，95% 区间由 Fisher 变换（Bonett 和 Wright 的误差）。相关不是因果", "Spearman's coefficient, 95 percent interval by Fisher with the error of Bonett and Wright. Correlation is no cause"},
	columns:  []Column{code("pair", "一对", "Pair"), colName, colNameEn, count("places", "个数", "Places", "places"), number("rho", "系数", "Coefficient", ""), number("low", "下限", "Lower bound", ""), number("high", "上限", "Upper bound", "")},
	chart:    Chart{Kind: Diverging, Label: "name", Values: []string{"rho"}},
	fill: func(s *survey, e *Exhibit) {
		row := func(id, zh, en string, x, y []float64) {
			if len(x) < 4 {
				return
			}
			c := measure.Spearman(x, y)
			e.add(Say(id), Say(zh), Say(en), Int(c.N), Num(c.R), Num(c.Low), Num(c.High))
		}
		pick := func(list []*area, x, y func(*area) float64) (xs, ys []float64) {
			for _, a := range list {
				xs, ys = append(xs, x(a)), append(ys, y(a))
			}
			return xs, ys
		}
		rank, active, mean := func(a *area) float64 { return float64(a.rank) }, func(a *area) float64 { return float64(a.activeRank) }, func(a *area) float64 { return float64(a.meanRank) }
		x, y := pick(s.prefecture, rank, mean)
		row("prefecture-accounts-mean", "地级：账号数和号均活跃", "prefectures: accounts and users per account", x, y)
		x, y = pick(s.prefecture, rank, active)
		row("prefecture-accounts-active", "地级：账号数和活跃总数", "prefectures: accounts and all active users", x, y)
		x, y = pick(s.provinces, rank, mean)
		row("province-accounts-mean", "省级：账号数和号均活跃", "provinces: accounts and users per account", x, y)
		for _, i := range []struct{ id, name, zh, en string }{
			{"province-index-mean", "internet_plus_index", "省级：互联网指数和号均活跃", "provinces: Internet-plus index and users per account"},
			{"province-gdp-accounts", "gdp_per_head", "省级：人均 GDP 和账号数", "provinces: GDP per head and accounts"},
		} {
			ranks := s.indicatorRanks(i.name)
			other := mean
			if i.name == "gdp_per_head" {
				other = rank
			}
			var have []*area
			for _, p := range s.provinces {
				if ranks[p.Code] > 0 {
					have = append(have, p)
				}
			}
			x, y = pick(have, func(a *area) float64 { return float64(ranks[a.Code]) }, other)
			row(i.id, i.zh, i.en, x, y)
		}
		e.N = int64(len(s.prefecture))
	},
}

var launches = design{
	id:       "launches",
	title:    Text{"各种服务的上线比例", "How far each service is launched"},
	question: Text{"101 种服务各有多少城市上线？", "In how many cities is each of the 101 kinds launched?"},
	base:     Text{"上线城市服务的城市", "Cities with a city entry"},
	method:   Text{"上线城市数除以上线城市服务的城市数；没有城市上线的也列", "Cities that launched it over cities with an entry; kinds without any city are listed too"},
	columns:  launchColumns,
	chart:    Chart{Kind: Histogram, Values: []string{"share"}},
	doubts:   []string{"DQ-28", noData, visitsPartly},
	fill: func(s *survey, e *Exhibit) {
		for _, k := range s.kindsByLaunch() {
			e.addLaunch(s, k)
		}
		e.N = s.entries()
	},
}
