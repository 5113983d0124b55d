package observatory

import (
	"cmp"

	"zhijian/domain/observatory/measure"
)

var concentration = design{
	id:       "concentration",
	title:    Text{"集中程度", "Concentration"},
	question: Text{"账号和使用集中在少数手里吗？", "Are accounts and use in few hands?"},
	base:     Text{"每行自己的合计", "The sum of each row"},
	method:   Text{"基尼系数 0 为平均，近 1 为集中；前一成、前两成的占比按个数向上取整", "Gini: 0 is even, near 1 concentrated; the first tenth and fifth are rounded up to whole units"},
	columns:  []Column{code("what", "对象", "What"), colName, colNameEn, count("units", "个数", "Units", "units"), number("gini", "基尼系数", "Gini", ""), share("top10", "前一成占比", "Share of the first tenth"), share("top20", "前两成占比", "Share of the first fifth"), share("largest", "最大一个占比", "Share of the largest")},
	chart:    Chart{Kind: Grouped, Label: "name", Values: []string{"top10", "top20", "largest"}},
	fill: func(s *survey, e *Exhibit) {
		for _, c := range s.concentrations() {
			n := len(c.values)
			floats := make([]float64, n)
			for i, v := range c.values {
				floats[i] = float64(v)
			}
			e.add(Say(c.id), Say(c.zh), Say(c.en), Int(n), Num(measure.Gini(floats)), Num(measure.TopShare(c.values, (n+9)/10)), Num(measure.TopShare(c.values, (n+4)/5)), Num(measure.TopShare(c.values, 1)))
		}
		e.N = s.nation.accounts
	},
}

type concentrated struct {
	id, zh, en string
	values     []int64
}

func (s *survey) concentrations() []concentrated {
	var users, accounts, prefUsers, sectors []int64
	for i := range s.accounts {
		users = append(users, s.accounts[i].active)
	}
	for _, p := range s.prefecture {
		accounts, prefUsers = append(accounts, p.accounts), append(prefUsers, p.active)
	}
	for _, f := range s.sectors {
		sectors = append(sectors, f.accounts)
	}
	return []concentrated{
		{"prefecture-accounts", "334 个地级的账号", "accounts of the 334", accounts},
		{"prefecture-active", "334 个地级的活跃用户", "active users of the 334", prefUsers},
		{"sector-accounts", "各领域的账号", "accounts of the sectors", sectors},
		{"account-active", "每个账号的活跃用户", "active users of each account", users},
	}
}

var lorenz = design{
	id:       "lorenz",
	title:    Text{"洛伦兹曲线", "Lorenz curves"},
	question: Text{"用户最少的一半账号有多少用户？", "How many users has the half of accounts with fewest?"},
	base:     Text{"全部账号、334 个地级行政区", "All accounts; the 334 prefecture-level divisions"},
	method:   Text{"从小到大每 5% 一点", "From small to large, a point every five percent"},
	columns:  []Column{code("part", "从小到大的百分比", "Percent of units from small to large"), share("account_active", "账号的活跃用户", "Active users of accounts"), share("prefecture_accounts", "地级的账号", "Accounts of prefectures"), share("prefecture_active", "地级的活跃用户", "Active users of prefectures"), share("even", "平均", "Even")},
	chart:    Chart{Kind: Lorenz, X: "part", Values: []string{"account_active", "prefecture_accounts", "prefecture_active"}},
	fill: func(s *survey, e *Exhibit) {
		curves := map[string][]float64{}
		for _, c := range s.concentrations() {
			curves[c.id] = measure.Cumulative(c.values)
		}
		at := func(id string, percent int) Cell {
			c := curves[id] // from large to small: what the small ones have is what the others leave
			top := len(c) - len(c)*percent/100
			if len(c) == 0 || percent == 0 {
				return Int(0)
			}
			if top == 0 {
				return Int(100)
			}
			return Num(100 - c[top-1])
		}
		for p := 0; p <= 100; p += 5 {
			e.add(Int(p), at("account-active", p), at("prefecture-accounts", p), at("prefecture-active", p), Int(p))
		}
		e.N = s.nation.accounts
	},
}

var zipf = design{
	id:       "zipf",
	title:    Text{"使用量的集中和齐夫定律", "Concentration of use and Zipf's law"},
	question: Text{"使用集中在少数领域，是齐夫分布吗？", "Is the concentration of use a Zipf law?"},
	base:     Text{"有使用量的领域", "Sectors that were used"},
	method: Text{
		"指数和 R² 由名次与使用量的对数最小二乘得到；share_exponent 是让前 10 恰好占这么多的指数。二八占比本身不能证明齐夫分布",
		"Exponent and R² by least squares on logarithms of rank and use; share_exponent is the one under which the first ten have just this share. An 80/20 share alone is no evidence of Zipf",
	},
	columns: []Column{code("kind", "账号类型", "Kind of account"), colName, count("kinds", "有使用量的领域", "Sectors used", "sectors"), share("top10", "前 10 占比", "Share of the first ten"), share("top10_kinds", "前 10 占领域", "The first ten as a share of sectors"), number("exponent", "拟合指数", "Fitted exponent", ""), number("r2", "R²", "R²", ""), number("share_exponent", "占比对应的指数", "Exponent for the share", "")},
	chart:   Chart{Kind: Grouped, Label: "name", Values: []string{"top10_kinds", "top10"}},
	doubts:  []string{"DQ-21", noData, usePartly},
	fill: func(s *survey, e *Exhibit) {
		for _, c := range []struct {
			id, zh string
			use    func(*field) int64
		}{{"service", "服务号访问", visitsOf}, {"subscription", "订阅号点击", clicksOf}} {
			var values []int64
			for _, v := range useOf(s.sectors, c.use) {
				if v > 0 {
					values = append(values, v)
				}
			}
			z, top := measure.FitZipf(values), measure.TopShare(values, tenRows)
			need := None
			if x, ok := measure.ExponentFor(len(values), tenRows, top); ok {
				need = Num(x)
			}
			e.add(Say(c.id), Say(c.zh), Int(len(values)), Num(top), Num(measure.Percent(int64(min(tenRows, len(values))), int64(len(values)))), Num(z.Exponent), Num(z.R2), need)
			e.N = max(e.N, int64(cmp.Or(len(values), 1)))
		}
	},
}
