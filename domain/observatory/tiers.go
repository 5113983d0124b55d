package observatory

import "zhijian/domain/observatory/measure"

var provinceTiers = design{
	id:       "province-tiers",
	title:    Text{"省级阶梯的中心", "Centres of the province tiers"},
	question: Text{"三级阶梯各有几个省，中心在哪里？", "How many provinces has each tier, and where is its centre?"},
	base:     figure4.base,
	method:   figure4.method,
	columns: []Column{
		code("tier", "级", "Tier"), count("divisions", "个数", "Divisions", "divisions"), number("centre", "中心", "Centre", "accounts"), share("share_accounts", "占 31 个合计", "Share of the 31's accounts"),
		count("lloyd", "Lloyd 法个数", "Divisions by Lloyd", "divisions"), number("lloyd_centre", "Lloyd 法中心", "Centre by Lloyd", "accounts"), number("lloyd_mean", "Lloyd 法号均中心", "Centre by Lloyd, users per account", "users/account"), count("lloyd_scaled", "标准化后个数", "Divisions by Lloyd, z-scores", "divisions"),
	},
	chart:  Chart{Kind: Areas, Label: "tier", X: "divisions", Y: "centre"},
	doubts: []string{"DQ-39p"},
	fill: func(s *survey, e *Exhibit) {
		raw, scaled := s.provincePlanes()
		sums, counts := s.tierSums(s.provinces, ProvinceTiers)
		var all tally
		for _, p := range s.provinces {
			all.merge(&p.tally)
		}
		for i, t := range sums {
			if counts[i] == 0 {
				continue
			}
			row := []Cell{Int(i + 1), Int(counts[i]), Num(measure.Ratio(t.accounts, counts[i])), Num(measure.Percent(t.accounts, all.accounts)), None, None, None, None}
			if i < len(raw.Sizes) {
				row[4], row[5], row[6] = Int(raw.Sizes[i]), Num(raw.Centres[i].X), Num(raw.Centres[i].Y)
			}
			if i < len(scaled.Sizes) {
				row[7] = Int(scaled.Sizes[i])
			}
			e.add(row...)
		}
		e.N = int64(len(s.provinces))
	},
}

var tierChoice = design{
	id:       "tier-choice",
	title:    Text{"分几级合适", "How many tiers are right"},
	question: Text{"五级是数据说的，还是我们选的？", "Do the data speak for five tiers, or did we choose them?"},
	base:     table3.base,
	method:   Text{"每个 k 的最优平方和；弯折点为离首尾连线最远的 k；轮廓系数越近 1 分得越开", "The smallest sum of squares for each k; the bend is the k farthest below the line between the ends; a silhouette near 1 parts well"},
	columns:  []Column{code("k", "级数", "Tiers"), number("sse", "平方和", "Sum of squares", "accounts²"), number("silhouette", "轮廓系数", "Silhouette", ""), flag("bend", "弯折点", "The bend"), flag("used", "本版采用", "Used here")},
	chart:    Chart{Kind: Elbow, X: "k", Values: []string{"sse"}, Group: "used"},
	fill: func(s *survey, e *Exhibit) {
		values := accountsOf(s.prefecture)
		sse, at := measure.Elbow(values, 10)
		for i, v := range sse {
			k := i + 1
			e.add(Int(k), Num(v), Num(measure.Silhouette(values, measure.KMeans(values, k).Of)), Flag(k == at), Flag(k == PrefectureTiers))
		}
		e.N = int64(len(values))
	},
}
