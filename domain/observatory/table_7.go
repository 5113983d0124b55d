package observatory

import (
	"slices"

	"zhijian/domain/observatory/measure"
)

// cityClasses are the classes of the State Council's notice of 2014, by urban residents, largest first.
var cityClasses = []struct{ id, en string }{
	{"超大城市", "super-large"},
	{"特大城市", "mega"},
	{"大城市", "large"},
	{"中等城市", "medium"},
	{"小城市", "small"},
}

var sizeColumns = []Column{
	words("class", "城市规模", "Class of city"), words("name_en", "英文名", "Name in English"), count("cities", "城市数", "Cities", "cities"), colAccounts,
	number("mean_accounts", "平均账号数", "Mean accounts", "accounts/city"), colActive, number("mean_active", "城均活跃用户", "Mean active users", "users/city"),
	colMean, share("share_accounts", "占全部账号", "Share of all accounts"),
}

var table7 = design{
	id:       "table-7",
	title:    Text{"城市规模和账号数", "City size and accounts"},
	question: Text{"城市越大，账号越多吗？", "Do larger cities have more accounts?"},
	base:     Text{"338 个城市：334 个地级行政区和 4 个直辖市；占比的基数是登记表全部账号", "338 cities: 334 prefecture-level divisions and 4 municipalities; shares are of all accounts of the registry"},
	method: Text{
		"按城区常住人口分五类（国务院 2014 年标准）；平均数为账号合计除以城市数",
		"Five classes by urban residents (State Council, 2014); a mean is the accounts of the class over its cities",
	},
	columns: sizeColumns,
	chart:   Chart{Kind: Pyramid, Label: "class", Values: []string{"cities", "mean_accounts"}},
	doubts:  []string{"DQ-33", "DQ-16"},
	fill:    addSizes,
}

func addSizes(s *survey, e *Exhibit) {
	for _, c := range cityClasses {
		t, n := s.sizeOf(c.id)
		if n == 0 {
			e.add(Say(c.id), Say(c.en), Int(0), Int(0), None, Int(0), None, None, Num(0))
			continue
		}
		e.add(Say(c.id), Say(c.en), Int(n), Int(t.accounts), Num(measure.Ratio(t.accounts, n)), Int(t.active), Num(measure.Ratio(t.active, n)), t.perAccount(), Num(measure.Percent(t.accounts, s.nation.accounts)))
		e.N += n
	}
}

// sizeOf sums the cities of some classes.
func (s *survey) sizeOf(classes ...string) (t tally, cities int64) {
	for _, c := range s.cities {
		if slices.Contains(classes, c.class) {
			t.merge(&c.tally)
			cities++
		}
	}
	return t, cities
}

func (t *tally) merge(o *tally) {
	t.accounts, t.verified, t.serving = t.accounts+o.accounts, t.verified+o.verified, t.serving+o.serving
	t.active, t.clicks, t.visits, t.subscribed = t.active+o.active, t.clicks+o.clicks, t.visits+o.visits, t.subscribed+o.subscribed
	t.noClicks, t.noVisits = t.noClicks+o.noClicks, t.noVisits+o.noVisits
	for i := range t.levels {
		t.levels[i] += o.levels[i]
	}
}
