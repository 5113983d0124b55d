package observatory

import (
	"cmp"
	"slices"

	"zhijian/domain/observatory/measure"
)

var response = design{
	id:       "response",
	title:    Text{"办结用时", "Time to the end"},
	question: Text{"一半的人多久办完，十个里有九个多久？", "How long does half of the cases take, and nine in ten?"},
	base:     Text{"最近一个月办结或退回、记下用时的办件", "Cases of the latest month that ended, done or refused, whose time was counted"},
	method: Text{
		"从开件到办结。用时按固定的档计数，档是 1、2、5 乘以十的幂；中位数和九成位数准确到档：多于前一列，不多于后一列。按中位数、九成位数排，同档并列同名次",
		"From opening to the end. Times are counted in fixed buckets, 1, 2 and 5 times the powers of ten; median and ninth decile are exact to the bucket: more than the first column, no more than the second. Ranks by median, then ninth decile; equals share a rank",
	},
	columns: []Column{
		colService, colName, colNameEn, count("ended", "办结", "Cases ended", "cases"),
		number("median_over", "中位数多于", "Median over", "seconds/case"), number("median_within", "中位数不多于", "Median within", "seconds/case"),
		number("p90_over", "九成多于", "Ninth decile over", "seconds/case"), number("p90_within", "九成不多于", "Ninth decile within", "seconds/case"), place("rank", "名次", "Rank"),
	},
	chart: Chart{Kind: Grouped, Label: "name", Values: []string{"median_within", "p90_within"}},
	fill: func(s *survey, e *Exhibit) {
		list := slices.DeleteFunc(s.byService(), func(v served) bool { return v.Took.N() == 0 })
		within := func(v *served, percent int64) int64 { _, w, _ := v.Took.Quantile(percent); return w }
		ranks := measure.Rank(len(list), measure.Competition, func(i, j int) int {
			return cmp.Or(cmp.Compare(within(&list[i], 50), within(&list[j], 50)), cmp.Compare(within(&list[i], 90), within(&list[j], 90)))
		}, nil)
		for i, v := range list {
			over50, within50, _ := v.Took.Quantile(50)
			over90, within90, _ := v.Took.Quantile(90)
			e.add(Say(v.id), Say(v.name), Say(v.en), Int(v.Took.N()), Int(over50), Int(within50), Int(over90), Int(within90), Int(ranks[i]))
		}
		if s.lacking(e); len(s.facts.Outcomes) > 0 && len(list) == 0 {
			e.warn(noData, Note, "没有数据：outcomes 表没有 took", "No data: the table of outcomes has no took")
		}
	},
}
