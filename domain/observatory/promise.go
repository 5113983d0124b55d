package observatory

var promise = design{
	id:       "promise",
	title:    Text{"承诺时限兑现", "Promised time kept"},
	question: Text{"说好的时间，做到了吗？", "Was the promised time kept?"},
	base:     Text{"最近一个月办结或退回、服务有承诺时限的办件", "Cases of the latest month that ended, done or refused, of services that promise a time"},
	method: Text{
		"兑现是从开件到办结不超过承诺的时间。" + intervalMethod.Zh,
		"Kept means that the time from opening to the end was within the promise. " + intervalMethod.En,
	},
	columns: quotaColumns(colService, count("promised", "有承诺的办件", "Cases with a promise", "cases"), "兑现", "Kept"),
	chart:   Chart{Kind: Bars, Label: "name", Values: []string{"share"}},
	fill: func(s *survey, e *Exhibit) {
		e.addQuotas(s.byService(), func(v *served) quota { return v.over(only(Kept), only(Promised)) }, false)
		s.lacking(e, Promised, Kept)
	},
}
