package observatory

var serviceHealth = design{
	id:       "service-health",
	title:    Text{"服务健康度", "Health of services"},
	question: Text{"开了件的，办成了多少？", "Of what was begun, how much was done?"},
	base:     Text{"最近一个月结束的办件：办成、退回、取消和过期", "Cases of the latest month that came to an end: done, refused, called off or lapsed"},
	method: Text{
		"三个占比加起来是 100%。人数在一个城市内不重复，各城市相加。金额是收进减退回。" + intervalMethod.Zh,
		"The three shares add up to 100. People are distinct within a city and added over cities. Money is what came in less what went back. " + intervalMethod.En,
	},
	columns: []Column{
		colService, colName, colNameEn, count("cities", "城市", "Cities", "cities"), count("opened", "开件", "Cases opened", "cases"), count("people", "人数", "People", "people"), count("over", "结束", "Cases over", "cases"),
		shareOf("share", "办成", "Done", "cases"), shareOf("low", "区间下限", "Lower end", "cases"), shareOf("high", "区间上限", "Upper end", "cases"), flag("small", "基数不满 30", "Base under 30"),
		shareOf("refused", "退回", "Refused", "cases"), shareOf("cancelled", "取消和过期", "Called off or lapsed", "cases"),
		count("paid", "付款", "Payments", "payments"), number("yuan", "每笔金额", "Yuan a payment", "yuan/payment"), place("rank", "名次", "Rank"),
	},
	chart: Chart{Kind: Shares, Label: "name", Values: []string{"share", "refused", "cancelled"}},
	fill: func(s *survey, e *Exhibit) {
		done := func(v *served) quota { return v.over(only(Done), ended) }
		list := withBase(s.byService(), done)
		quotas := make([]quota, len(list))
		for i := range list {
			quotas[i] = done(&list[i])
		}
		ranks := ranksOf(quotas, false)
		for i, v := range list {
			c := quotas[i].cells()
			e.add(Say(v.id), Say(v.name), Say(v.en), Int(v.cities), v.Of(Opened).Cell(), v.Of(People).Cell(), quotas[i].whole.Cell(), c[0], c[1], c[2], c[3],
				v.over(only(Refused), ended).share(), v.over(only(Cancelled), ended).share(), v.Of(Paid).Cell(), yuan(v.over(only(Fen), only(Paid)).each()), orNone(ranks[i]))
		}
		s.lacking(e, Opened, Done, Refused, Cancelled, People, Paid, Fen)
	},
}

// ended counts the cases that came to an end in any way; unknown when one of the ways was not counted.
func ended(o *Outcome) Counted {
	done, refused, cancelled := o.Of(Done), o.Of(Refused), o.Of(Cancelled)
	if !done.known || !refused.known || !cancelled.known {
		return Counted{}
	}
	return done.Plus(refused).Plus(cancelled)
}

func yuan(fen Cell) Cell {
	if n, ok := fen.Number(); ok {
		return Num(n / 100)
	}
	return None
}
