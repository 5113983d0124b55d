package observatory

var accessibility = design{
	id:       "accessibility",
	title:    Text{"无障碍", "Accessibility"},
	question: Text{"看不清、听不见、手不便的人也能用吗？", "Can people who see, hear or move with difficulty use it too?"},
	base:     Text{"最近一个月做过无障碍检查的页面", "Pages checked for accessibility in the latest month"},
	method: Text{
		"合格是检查一条也没有违反。机器检查找不到所有问题，合格不等于人人能用。区间是 95% 的 Wilson 区间；按区间下限排，基数大的在先，再按代码",
		"A page passes when the check finds no violation. A program does not find every fault: to pass is not to be usable by all. Intervals are Wilson's of 95 percent; ranks go by their lower end, equals by the larger base, then by code",
	},
	columns: quotaColumns(colCity, count("checked", "检查页面", "Pages checked", "pages"), "合格", "Without a violation"),
	chart:   Chart{Kind: Bars, Label: "name", Values: []string{"share"}},
	fill: func(s *survey, e *Exhibit) {
		e.addQuotas(s.byCity(), func(v *served) quota { return v.over(only(Accessible), only(Checked)) }, false)
		s.lacking(e, Checked, Accessible)
	},
}
