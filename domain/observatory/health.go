package observatory

var health = design{
	id:       "health",
	title:    Text{"账号健康度", "Health of accounts"},
	question: Text{"开了以后，账号活着吗？", "Once opened, do accounts live?"},
	base:     Text{"每行自己的账号", "The accounts of each row"},
	method: Text{
		"按证据：当月有活跃用户、有点击、服务号有服务访问、已认证。沉默账号是当月没有活跃用户的；订阅号有服务访问的，算正在转为服务",
		"By the month's evidence: active users, clicks, visits to the services of service accounts, verification. Silent accounts had no active users; a subscription account with visits to services is turning into one that serves",
	},
	columns: []Column{
		code("scope", "范围", "Scope"), colName, colNameEn, colAccounts, share("verified_share", "认证占比", "Share verified"), share("active_share", "有活跃用户", "With active users"), share("clicked_share", "有点击", "With clicks"),
		share("served_share", "服务号有服务访问", "Service accounts with visits"), count("silent", "沉默账号", "Silent accounts", "accounts"), count("turning", "订阅号有服务访问", "Subscription accounts with visits", "accounts"),
	},
	chart:  Chart{Kind: Bars, Label: "name", Values: []string{"active_share"}},
	doubts: []string{"DQ-50", usePartly},
	fill: func(s *survey, e *Exhibit) {
		var all signs
		levels := make([]signs, len(levelOrder))
		sectors := make([]signs, len(s.sectors)+1)
		for i := range s.accounts {
			a := &s.accounts[i]
			all.add(a)
			levels[a.level].add(a)
			sectors[a.sector].add(a)
		}
		e.addHealth("nation", "全国", "the nation", all)
		for i, l := range levelOrder {
			e.addHealth("level-"+string(l), levelNames[i]+"级", "level: "+string(l), levels[i])
		}
		for i, f := range s.sectors {
			e.addHealth(f.id, f.name, f.en, sectors[i])
		}
		e.N = s.nation.accounts
	},
}

// signs are what shows that accounts live.
type signs struct {
	tally
	alive, clicked, served, turning int64
}

func (g *signs) add(a *seat) {
	g.tally.add(a)
	if a.active > 0 {
		g.alive++
	}
	if a.clicks > 0 {
		g.clicked++
	}
	switch {
	case a.visits > 0 && a.Kind == Serving:
		g.served++
	case a.visits > 0:
		g.turning++
	}
}

func (e *Exhibit) addHealth(id, zh, en string, g signs) {
	served := tally{accounts: g.serving}
	e.add(Say(id), Say(zh), Say(en), Int(g.accounts), g.partOf(g.verified), g.partOf(g.alive), g.partOf(g.clicked), served.partOf(g.served), Int(g.accounts-g.alive), Int(g.turning))
}
