package observatory

var availability = design{
	id:       "availability",
	title:    Text{"部门系统可用率", "Availability of departments' systems"},
	question: Text{"问部门的系统，十次有几次答上来？", "Of ten questions to a department's system, how many are answered?"},
	base:     Text{"最近一个月问部门系统的次数", "Questions to departments' systems in the latest month"},
	method: Text{
		"没答上来是系统停了或超时；答「没有这条记录」也算答上来。" + intervalMethod.Zh,
		"Not answered is down or too late; “there is no such record” is an answer. " + intervalMethod.En,
	},
	columns: quotaColumns(colService, count("calls", "询问", "Questions", "questions"), "答上来", "Answered"),
	chart:   Chart{Kind: Bars, Label: "name", Values: []string{"share"}},
	fill: func(s *survey, e *Exhibit) {
		e.addQuotas(s.byService(), func(v *served) quota { return v.over(answeredCalls, only(OfficeCalls)) }, false)
		s.lacking(e, OfficeCalls, OfficeFailed)
	},
}

// answeredCalls are the questions that a department's system answered.
func answeredCalls(o *Outcome) Counted {
	calls, failed := o.Of(OfficeCalls), o.Of(OfficeFailed)
	if !calls.known || !failed.known {
		return Counted{}
	}
	return Known(calls.n - failed.n)
}
