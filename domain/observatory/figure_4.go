package observatory

import "zhijian/domain/observatory/measure"

var figure4 = design{
	id:       "figure-4",
	title:    Text{"省级三级阶梯", "Three tiers of provinces"},
	question: Text{"各省按账号数和号均活跃用户分成几级？", "How do the provinces group by accounts and users per account?"},
	base:     Text{"31 个省、自治区和直辖市", "31 provinces, regions and municipalities"},
	method: Text{
		"tier 为账号数一维最优划分（动态规划，k=3）；lloyd 为账号数和号均活跃用户二维 Lloyd 法，原始单位，中心从最小到最大均匀起步。两者不同就在注里说明",
		"tier: the exact optimum on accounts alone (dynamic programming, k=3). lloyd: Lloyd's steps on accounts and users per account, raw units, centres evenly between smallest and largest. A warning says when they differ",
	},
	columns: []Column{colCode, colName, colNameEn, colAccounts, colMean, place("tier", "级", "Tier"), place("lloyd", "Lloyd 法的级", "Tier by Lloyd"), place("lloyd_scaled", "标准化后的级", "Tier by Lloyd, z-scores")},
	chart:   Chart{Kind: Dots, Label: "name", X: "accounts", Y: "mean", Group: "tier"},
	doubts:  []string{"DQ-39p"},
	fill: func(s *survey, e *Exhibit) {
		raw, scaled := s.provincePlanes()
		for _, p := range ranked(s.provinces, byRank) {
			i := p.at(s.provinces)
			e.add(Say(p.Code), Say(p.Short), Say(p.En), Int(p.accounts), p.perAccount(), Int(p.tier), Int(raw.Of[i]+1), Int(scaled.Of[i]+1))
		}
	},
}

func (a *area) at(list []*area) int {
	for i, o := range list {
		if o == a {
			return i
		}
	}
	return -1
}

// provincePlanes divides the provinces by Lloyd's steps, in raw units and in standard deviations.
func (s *survey) provincePlanes() (raw, scaled measure.Planar) {
	points := make([]measure.Point, len(s.provinces))
	for i, p := range s.provinces {
		points[i] = measure.Point{X: float64(p.accounts), Y: p.mean()}
	}
	return measure.Lloyd(points, ProvinceTiers, measure.Raw), measure.Lloyd(points, ProvinceTiers, measure.ZScore)
}
