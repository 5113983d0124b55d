package observatory

import (
	"cmp"
	"slices"

	"zhijian/domain/observatory/measure"
)

var nationals = design{
	id:       "national",
	title:    Text{"国家级账号的影响力", "The reach of national accounts"},
	question: Text{"国家级订阅号比地方的影响大多少？", "How far do national subscription accounts reach beyond those of a place?"},
	base:     Text{"国家级账号，和 31 个省、自治区、直辖市的账号", "Accounts of the national level, and of the 31"},
	method: Text{
		"按全部账号的号均活跃用户从高到低；倍数是国家级订阅号的号均除以本行全部账号的号均",
		"By active users per account, highest first; the multiple is the mean of national subscription accounts over the mean of all accounts of the row",
	},
	columns: []Column{code("scope", "范围", "Scope"), colName, colNameEn, colAccounts, count("subscription", "订阅号", "Subscription accounts", "accounts"), share("subscription_share", "订阅号占比", "Share of subscription accounts"), number("subscription_mean", "订阅号号均活跃用户", "Active users per subscription account", "users/account"), colMean, ratio("multiple", "国家级倍数", "National over this"), place("rank", "名次", "Rank")},
	chart:   Chart{Kind: Bars, Label: "name", Values: []string{"mean"}},
	fill: func(s *survey, e *Exhibit) {
		var t tally
		for i := range s.accounts {
			if a := &s.accounts[i]; a.Level == National {
				t.add(a)
			}
		}
		type line struct {
			id, zh, en string
			t          *tally
			mean       float64
		}
		list := []line{{"nation", "国家级", "national level", &t, t.mean()}}
		for _, p := range s.provinces {
			list = append(list, line{p.Code, p.Short, p.En, &p.tally, p.mean()})
		}
		slices.SortStableFunc(list, func(a, b line) int { return cmp.Compare(b.mean, a.mean) })
		for i, l := range list {
			subs, multiple := l.t.accounts-l.t.serving, None
			if l.mean > 0 {
				multiple = Num(t.subscribedMean() / l.mean)
			}
			e.add(Say(l.id), Say(l.zh), Say(l.en), Int(l.t.accounts), Int(subs), Num(measure.Percent(subs, l.t.accounts)), Num(l.t.subscribedMean()), Num(l.mean), multiple, Int(i+1))
		}
	},
}

func (t *tally) subscribedMean() float64 { return measure.Ratio(t.subscribed, t.accounts-t.serving) }

var leaders = design{
	id:       "leaders",
	title:    Text{"活跃用户最多的账号", "Accounts with most active users"},
	question: Text{"哪些账号用的人最多？", "Which accounts have most users?"},
	base:     Text{"登记表全部账号", "All accounts of the registry"},
	method:   Text{"当月活跃用户最多的 100 个，并列按账号编号", "The hundred with most active users in the month, equals by id"},
	columns:  []Column{code("account", "账号", "Account"), colName, colCode, code("sector", "领域", "Sector"), code("kind", "类型", "Kind"), place("rank", "名次", "Rank"), colActive, count("clicks", "点击", "Clicks", "clicks"), count("visits", "服务访问", "Visits to services", "visits")},
	chart:    Chart{Kind: Bars, Label: "name", Values: []string{"active"}},
	doubts:   []string{usePartly},
	fill: func(s *survey, e *Exhibit) {
		list := make([]*seat, 0, len(s.accounts))
		for i := range s.accounts {
			if s.accounts[i].active > 0 {
				list = append(list, &s.accounts[i])
			}
		}
		slices.SortFunc(list, func(a, b *seat) int { return cmp.Or(cmp.Compare(b.active, a.active), cmp.Compare(a.ID, b.ID)) })
		for i, a := range first(list, 100) {
			e.add(Say(a.ID), Say(a.Name), Say(a.Region), Say(a.Sector), Say(string(a.Kind)), Int(i+1), Int(a.active), unless(a.noClicks, a.clicks), unless(a.noVisits, a.visits))
		}
		e.N = s.nation.accounts
	},
}
