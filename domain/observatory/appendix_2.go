package observatory

import "zhijian/domain/observatory/measure"

var appendix2 = design{
	id:       "appendix-2",
	title:    Text{"54 个领域", "The 54 sectors"},
	question: Text{"每个领域有多少账号，用得怎么样？", "How many accounts has each sector, and how are they used?"},
	base:     Text{"登记表全部账号", "All accounts of the registry"},
	method:   Text{"领域表来自目录，4 个为补足 54 个的假定；并列按编号", "Sectors as in the catalogue, four of them assumed to reach 54; equals by number"},
	columns: []Column{
		code("sector", "领域编号", "Sector id"), colName, colNameEn, words("class", "类", "Class"), colAccounts, colRank, share("share", "占比", "Share"), share("verified_share", "认证占比", "Share verified"),
		share("service_share", "服务号占比", "Share of service accounts"), colActive, place("active_rank", "活跃总数名次", "Rank by active users"), colMean, place("mean_rank", "号均活跃名次", "Rank by active users per account"),
		count("clicks", "点击", "Clicks", "clicks"), count("visits", "服务访问", "Visits to services", "visits"), count("new", "新增", "New", "accounts"), number("mean_age", "平均开通月数", "Mean months since opening", "months"),
	},
	chart:  Chart{Kind: Bars, Label: "name", Values: []string{"accounts"}},
	doubts: []string{"DQ-20", usePartly},
	fill: func(s *survey, e *Exhibit) {
		added, ages := s.newBySector(), s.ages()
		for _, f := range s.sectors {
			fresh, age := None, None
			if s.last != nil {
				fresh = Int(added[f.id])
			}
			if a := ages[f.id]; a.n > 0 {
				age = Num(a.months())
			}
			e.add(Say(f.id), Say(f.name), Say(f.en), Say(f.class), Int(f.accounts), Int(f.rank), Num(measure.Percent(f.accounts, s.nation.accounts)), Num(measure.Percent(f.verified, f.accounts)),
				Num(measure.Percent(f.serving, f.accounts)), Int(f.active), Int(f.activeRank), f.perAccount(), Int(f.meanRank), f.clicksCell(), f.visitsCell(), fresh, age)
		}
	},
}

// newBySector counts accounts that the edition before does not have.
func (s *survey) newBySector() map[string]int64 {
	out := map[string]int64{}
	s.eachNew(func(a *seat) { out[a.Sector]++ })
	return out
}

// eachNew visits the accounts that the edition before does not have; both are in the order of ids.
func (s *survey) eachNew(visit func(a *seat)) {
	if s.last == nil {
		return
	}
	before, at := s.last.facts.Accounts, 0
	for i := range s.accounts {
		for at < len(before) && before[at].ID < s.accounts[i].ID {
			at++
		}
		if at == len(before) || before[at].ID != s.accounts[i].ID {
			visit(&s.accounts[i])
		}
	}
}

// age sums days since opening.
type age struct{ days, n int64 }

// months is the mean in months of a 400-year calendar: 146,097 days are 4,800 months.
func (a age) months() float64 { return float64(a.days*4800) / float64(a.n*146097) }

// ages measures to the end of the edition's month; accounts without a date of opening are left out.
func (s *survey) ages() map[string]age {
	out := map[string]age{}
	year, month, ok := ParseMonth(s.month)
	if !ok {
		return out
	}
	last, _ := NewDate(year, month, DaysIn(year, month))
	end := last.Day()
	for i := range s.accounts {
		a := &s.accounts[i]
		if a.Opened == 0 {
			continue
		}
		g := out[a.Sector]
		out[a.Sector] = age{g.days + int64(end-a.Opened.Day()), g.n + 1}
	}
	return out
}
