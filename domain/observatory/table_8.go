package observatory

import (
	"cmp"

	"zhijian/domain/observatory/measure"
)

var table8 = design{
	id:       "table-8",
	title:    Text{"各领域的使用量", "Use by sector"},
	question: Text{"人们最常用哪些领域？", "Which sectors are used most?"},
	base:     Text{"服务号：当月服务访问；订阅号：当月点击", "Service accounts: the month's visits to services; subscription accounts: the month's clicks"},
	method: Text{
		"两种账号分开排，并列按领域编号。累计占比从第 1 名加起",
		"The two kinds of account are ranked apart, equals by the sector's number. Running shares add up from the first",
	},
	columns: []Column{
		code("rank", "名次", "Rank"), words("service_sector", "服务号领域", "Sector of service accounts"), words("service_name", "名称", "Name"), words("service_name_en", "英文名", "Name in English"),
		count("service_visits", "服务访问", "Visits to services", "visits"), share("service_running", "累计占比", "Running share"),
		words("subscription_sector", "订阅号领域", "Sector of subscription accounts"), words("subscription_name", "名称", "Name"), words("subscription_name_en", "英文名", "Name in English"),
		count("subscription_clicks", "点击", "Clicks", "clicks"), share("subscription_running", "累计占比", "Running share"),
	},
	chart:  Chart{Kind: Lines, X: "rank", Values: []string{"service_running", "subscription_running"}},
	doubts: []string{"DQ-21", "DQ-22", usePartly},
	fill: func(s *survey, e *Exhibit) {
		serving, sub := s.byUse(visitsOf), s.byUse(clicksOf)
		runServing, runSub := measure.Cumulative(useOf(serving, visitsOf)), measure.Cumulative(useOf(sub, clicksOf))
		for i := range serving {
			v, c := serving[i], sub[i]
			e.add(Int(i+1), Say(v.id), Say(v.name), Say(v.en), Int(v.visitsServing), Num(runServing[i]), Say(c.id), Say(c.name), Say(c.en), Int(c.clicksSub), Num(runSub[i]))
		}
	},
}

func visitsOf(f *field) int64 { return f.visitsServing }
func clicksOf(f *field) int64 { return f.clicksSub }

// byUse lists the sectors from most to least used.
func (s *survey) byUse(use func(*field) int64) []*field {
	ranks := measure.Rank(len(s.sectors), measure.Ordinal, func(i, j int) int { return cmp.Compare(use(s.sectors[j]), use(s.sectors[i])) }, nil)
	out := make([]*field, len(s.sectors))
	for i, r := range ranks { // sectors are in the order of their numbers, which settles equals
		out[r-1] = s.sectors[i]
	}
	return out
}

func useOf(list []*field, use func(*field) int64) []int64 {
	out := make([]int64, len(list))
	for i, f := range list {
		out[i] = use(f)
	}
	return out
}
