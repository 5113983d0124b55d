package observatory

import "zhijian/domain/observatory/measure"

var table9 = design{
	id:       "table-9",
	title:    Text{"连接型政府的五个阶段", "Five stages of connected government"},
	question: Text{"账号今天真正做到了哪一步？", "How far do accounts really go today?"},
	base:     Text{"登记表全部账号", "All accounts of the registry"},
	method: Text{
		"阶段来自联合国经社部 2011 年报告。按本期证据定：无人用为初级型；有活跃用户为加强型；有点击为互动型；有服务访问为转型期。连接型要看部门间共享，这些数据里没有证据，不判定",
		"Stages of UN DESA (2011), by the month's evidence: nobody came is emerging; active users make enhanced; clicks make interactive; visits to services make transactional. Connected needs data shared between departments, of which these facts say nothing: it is not judged",
	},
	columns: []Column{code("stage", "阶段", "Stage"), words("name", "名称", "Name"), words("name_en", "英文名", "Name in English"), colAccounts, share("share", "占比", "Share"), count("service", "其中服务号", "Of these service accounts", "accounts"), count("subscription", "其中订阅号", "Of these subscription accounts", "accounts")},
	chart:   Chart{Kind: Stairs, Label: "name", Values: []string{"accounts"}},
	fill: func(s *survey, e *Exhibit) {
		var at [4]tally
		for i := range s.accounts {
			a := &s.accounts[i]
			at[stage(a)-1].add(a)
		}
		for i, name := range []Text{{"初级型", "emerging"}, {"加强型", "enhanced"}, {"互动型", "interactive"}, {"转型期", "transactional"}} {
			t := at[i]
			e.add(Int(i+1), Say(name.Zh), Say(name.En), Int(t.accounts), Num(measure.Percent(t.accounts, s.nation.accounts)), Int(t.serving), Int(t.accounts-t.serving))
		}
		e.add(Int(5), Say("连接型"), Say("connected"), None, None, None, None)
		e.N = s.nation.accounts
	},
}

// stage judges an account by what happened, not by what it says of itself.
func stage(a *seat) int {
	switch {
	case a.visits > 0:
		return 4
	case a.clicks > 0:
		return 3
	case a.active > 0:
		return 2
	}
	return 1
}
