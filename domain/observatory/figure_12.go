package observatory

import (
	"fmt"

	"zhijian/domain/observatory/measure"
)

var figure12 = design{
	id:       "figure-12",
	title:    Text{"“互联网+”指数和活跃用户", "The Internet-plus index and active users"},
	question: Text{"指数高的省，活跃用户更多吗？", "Do provinces with a higher index have more active users?"},
	base:     Text{"有指数的省、自治区和直辖市", "Provinces, regions and municipalities that have an index"},
	method:   Text{"点为省；系数为 Spearman 名次相关，附 95% 区间（Fisher 变换）。相关不是因果", "A dot is a province; the coefficient is Spearman's with its 95 percent interval by Fisher. Correlation is no cause"},
	columns:  []Column{colCode, colName, colNameEn, number("index", "指数", "Index", ""), place("index_rank", "指数名次", "Rank by the index"), colActive, colMean},
	chart:    Chart{Kind: Dots, Label: "name", X: "index_rank", Y: "active", LogY: true},
	fill: func(s *survey, e *Exhibit) {
		value, rank := s.indicator("internet_plus_index"), s.indicatorRanks("internet_plus_index")
		var x, y []float64
		for _, p := range s.provinces {
			if rank[p.Code] == 0 {
				continue
			}
			v := None
			if got, ok := value[p.Code]; ok {
				v = Num(got)
			}
			e.add(Say(p.Code), Say(p.Short), Say(p.En), v, Int(rank[p.Code]), Int(p.active), p.perAccount())
			x, y = append(x, -float64(rank[p.Code])), append(y, float64(p.active))
		}
		if c := measure.Spearman(x, y); len(x) > 3 {
			e.Method.Zh += fmt.Sprintf("。系数 %.2f，区间 %.2f 至 %.2f", c.R, c.Low, c.High)
			e.Method.En += fmt.Sprintf(". Coefficient %.2f, interval %.2f to %.2f", c.R, c.Low, c.High)
		}
	},
}
