package observatory

var rating = design{
	id:       "rating",
	title:    Text{"办件评价", "Ratings"},
	question: Text{"办完的人满意吗？", "Were those who had it done content?"},
	base:     Text{"最近一个月的评价，1 到 5 星", "Ratings of the latest month, from 1 to 5 stars"},
	method: Text{
		"满意是 4 星或 5 星。评价的人自己来，不代表没有评价的人。" + intervalMethod.Zh,
		"Content is 4 or 5 stars. Who rates chose to: they do not stand for those who did not. " + intervalMethod.En,
	},
	columns: append(quotaColumns(colService, count("rated", "评价", "Ratings", "ratings"), "满意", "Content"), number("mean", "平均星数", "Mean stars", "stars/rating")),
	chart:   Chart{Kind: Bars, Label: "name", Values: []string{"share"}},
	fill: func(s *survey, e *Exhibit) {
		content := func(v *served) quota { return v.over(only(Satisfied), only(Rated)) }
		list := withBase(s.byService(), content)
		quotas := make([]quota, len(list))
		for i := range list {
			quotas[i] = content(&list[i])
		}
		ranks := ranksOf(quotas, false)
		for i, v := range list {
			c := quotas[i].cells()
			e.add(Say(v.id), Say(v.name), Say(v.en), quotas[i].whole.Cell(), c[0], c[1], c[2], c[3], orNone(ranks[i]), v.over(only(RatingSum), only(Rated)).each())
		}
		s.lacking(e, Rated, RatingSum, Satisfied)
	},
}
