package observatory

import "zhijian/domain/observatory/measure"

var table9 = design{
	id:       "table-9",
	title:    Text{"连接型政府的五个阶段", "Five stages of connected government"},
	question: Text{"账号今天真正做到了哪一步？", "How far do accounts really go today?"},
	base:     Text{"登记表全部账号", "All accounts of the registry"},
	method: Text{
		"阶段来自联合国经社部 2011 年报告。按本期证据定：无人用为初级型；有活跃用户为加强型；有点击为互动型；有服务访问或办成的办件为转型期；连接型要有一项服务：办成过，一件里有两个以上部门的系统参加，有承诺的十件兑现九件以上，并有人评价。公众参与决策没有证据，不计。outcomes 表没有账号和部门时，连接型不判定",
		"Stages of UN DESA (2011), by the month's evidence: nobody came is emerging; active users make enhanced; clicks make interactive; visits to services, or cases done, make transactional; connected takes one service that was done, with the systems of two departments or more in one case, nine in ten promises kept where time is promised, and ratings by residents. Of citizens in decisions there is no evidence: it does not count. Without accounts and departments in the table of outcomes connected is not judged",
	},
	columns: []Column{code("stage", "阶段", "Stage"), words("name", "名称", "Name"), words("name_en", "英文名", "Name in English"), colAccounts, share("share", "占比", "Share"), count("service", "其中服务号", "Of these service accounts", "accounts"), count("subscription", "其中订阅号", "Of these subscription accounts", "accounts")},
	chart:   Chart{Kind: Stairs, Label: "name", Values: []string{"accounts"}},
	doubts:  []string{usePartly},
	fill: func(s *survey, e *Exhibit) {
		var at [5]tally
		done, judged := s.evidence()
		for i := range s.accounts {
			a := &s.accounts[i]
			at[stage(a, done[a.ID])-1].add(a)
		}
		for i, name := range []Text{{"初级型", "emerging"}, {"加强型", "enhanced"}, {"互动型", "interactive"}, {"转型期", "transactional"}, {"连接型", "connected"}} {
			t := at[i]
			if i == 4 && !judged {
				e.add(Int(5), Say(name.Zh), Say(name.En), None, None, None, None)
				e.warn(noData, Note, "没有数据：outcomes 表没有账号或部门，连接型不判定", "No data: no outcome names its account and departments, connected is not judged")
				break
			}
			e.add(Int(i+1), Say(name.Zh), Say(name.En), Int(t.accounts), Num(measure.Percent(t.accounts, s.nation.accounts)), Int(t.serving), Int(t.accounts-t.serving))
		}
		e.N = s.nation.accounts
	},
}

// deeds is what outcomes prove of an account.
type deeds struct{ transacts, connects bool }

// evidence collects what outcomes prove of each account; false when none of them names an account and its departments.
func (s *survey) evidence() (of map[string]deeds, judged bool) {
	of, month := map[string]deeds{}, s.outcomeMonth()
	for i := range s.facts.Outcomes {
		o := &s.facts.Outcomes[i]
		if o.Account == "" || o.Month != month {
			continue
		}
		judged = judged || o.Of(Departments).known
		d := of[o.Account]
		d.transacts = d.transacts || o.Of(Done).n > 0
		d.connects = d.connects || o.connects()
		of[o.Account] = d
	}
	return of, judged
}

// connects reports whether the service shows all that a connected government has and that can be seen here.
func (o *Outcome) connects() bool {
	return o.Of(Done).n > 0 && o.Of(Departments).n >= 2 && 10*o.Of(Kept).n >= 9*o.Of(Promised).n && o.Of(Rated).n > 0
}

// stage judges an account by what happened, not by what it says of itself.
func stage(a *seat, d deeds) int {
	switch {
	case d.connects:
		return 5
	case a.visits > 0, d.transacts:
		return 4
	case a.clicks > 0:
		return 3
	case a.active > 0:
		return 2
	}
	return 1
}
