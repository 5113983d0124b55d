package observatory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"zhijian/domain/observatory/measure"
)

// fewCases is the base below which a share is marked: its interval is then so wide that a rank says little.
const fewCases = 30

// noData is the warning of an exhibit whose facts do not carry its figures.
const noData = "ND"

// served is what came of one kind of service in all cities, or of one city in all its services, in the latest month of outcomes.
type served struct {
	id, name, en string
	cities       int64
	Outcome      // the rows added up
	rows         []*Outcome
}

// outcomeMonth is the latest month that outcomes are counted for; "" without any.
func (s *survey) outcomeMonth() (month string) {
	for i := range s.facts.Outcomes {
		month = max(month, s.facts.Outcomes[i].Month)
	}
	return month
}

// byService adds up outcomes by kind of service, in the catalogue's order; kinds without a row are left out.
func (s *survey) byService() []served {
	list := make([]served, len(s.cat.Kinds))
	at := map[string]int{}
	for i, k := range s.cat.Kinds {
		list[i], at[k.ID] = served{id: k.ID, name: k.Name, en: k.En}, i
	}
	return s.sumOutcomes(list, func(o *Outcome) (int, bool) { i, ok := at[o.Service]; return i, ok })
}

// byCity adds up outcomes by city, those of its entry as a whole among them, in the order of codes.
func (s *survey) byCity() []served {
	list := make([]served, len(s.cities))
	at := map[string]int{}
	for i, a := range s.cities {
		list[i], at[a.Code] = served{id: a.Code, name: a.Name, en: a.En}, i
	}
	slices.SortFunc(list, func(a, b served) int { return cmp.Compare(a.id, b.id) })
	for i := range list {
		at[list[i].id] = i
	}
	return s.sumOutcomes(list, func(o *Outcome) (int, bool) { i, ok := at[o.Region]; return i, ok })
}

func (s *survey) sumOutcomes(list []served, place func(*Outcome) (int, bool)) []served {
	month := s.outcomeMonth()
	for i := range s.facts.Outcomes {
		o := &s.facts.Outcomes[i]
		if k, ok := place(o); ok && o.Month == month {
			list[k].add(o)
			list[k].cities++
			list[k].rows = append(list[k].rows, o)
		}
	}
	return slices.DeleteFunc(list, func(v served) bool { return v.cities == 0 })
}

// withBase keeps those of whom a share can be taken.
func withBase(list []served, of func(*served) quota) []served {
	return slices.DeleteFunc(list, func(v served) bool { _, _, ok := of(&v).counts(); return !ok })
}

// lacking warns when no row has one of the measures that the exhibit is about. What is not counted has no row, or an empty cell.
func (s *survey) lacking(e *Exhibit, wanted ...Measure) {
	if len(s.facts.Outcomes) == 0 {
		e.warn(noData, Note, "没有数据：这一版没有 outcomes 表", "No data: the edition has no table of outcomes")
		return
	}
	month, known := s.outcomeMonth(), [measures]bool{}
	for i := range s.facts.Outcomes {
		if o := &s.facts.Outcomes[i]; o.Month == month {
			for m, c := range o.Counts {
				known[m] = known[m] || c.known
			}
		}
	}
	var names []string
	for _, m := range wanted {
		if !known[m] {
			names = append(names, m.String())
		}
	}
	if len(names) > 0 {
		e.warn(noData, Note, fmt.Sprintf("没有数据：%s 没有统计过 %s，空着不是 0", month, strings.Join(names, "、")),
			fmt.Sprintf("No data: nobody counted %s in %s; what is empty is not 0", strings.Join(names, ", "), month))
	}
}

// quota is a part of a whole that may not have been counted.
type quota struct{ part, whole Counted }

// over sets one measure against another, both added up over the rows that counted both: a city that counts ratings but not who
// was content must not make the others look worse.
func (v *served) over(part, whole func(*Outcome) Counted) (q quota) {
	for _, o := range v.rows {
		if a, b := part(o), whole(o); a.known && b.known {
			q.part, q.whole = q.part.Plus(a), q.whole.Plus(b)
		}
	}
	return q
}

// only reads one measure of a row.
func only(m Measure) func(*Outcome) Counted { return func(o *Outcome) Counted { return o.Of(m) } }

// counts gives both numbers; false when one is unknown, the whole is 0, or the part is no part of it.
func (q quota) counts() (part, whole int64, ok bool) {
	part, ok1 := q.part.N()
	whole, ok2 := q.whole.N()
	return part, whole, ok1 && ok2 && whole > 0 && part >= 0 && part <= whole
}

func (q quota) share() Cell {
	if part, whole, ok := q.counts(); ok {
		return Num(measure.Percent(part, whole))
	}
	return None
}

func (q quota) interval() (low, high float64, ok bool) {
	part, whole, ok := q.counts()
	if !ok {
		return 0, 0, false
	}
	return measure.Wilson(part, whole)
}

// cells gives the share, both ends of its interval, and whether its base is small.
func (q quota) cells() [4]Cell {
	low, high, ok := q.interval()
	if !ok {
		return [4]Cell{}
	}
	_, whole, _ := q.counts()
	return [4]Cell{q.share(), Num(low), Num(high), Flag(whole < fewCases)}
}

// ranksOf ranks shares by the lower end of their interval, the highest first, so that few cases do not win by luck; equals by the
// larger base, then by the list's order. One that is not known has rank 0. Where less is better, worst turns the order by the upper end.
func ranksOf(list []quota, worst bool) []int {
	ranks := make([]int, len(list))
	var have []int
	for i, q := range list {
		if _, _, ok := q.interval(); ok {
			have = append(have, i)
		}
	}
	before := func(i, j int) int {
		lowA, highA, _ := list[have[i]].interval()
		lowB, highB, _ := list[have[j]].interval()
		if worst {
			return cmp.Compare(highA, highB)
		}
		return cmp.Compare(lowB, lowA)
	}
	settle := func(i, j int) int {
		_, a, _ := list[have[i]].counts()
		_, b, _ := list[have[j]].counts()
		return cmp.Or(cmp.Compare(b, a), cmp.Compare(i, j))
	}
	for k, r := range measure.Rank(len(have), measure.Ordinal, before, settle) {
		ranks[have[k]] = r
	}
	return ranks
}

// addQuotas adds a row for each that has a base: id, names, base, share, interval, whether the base is small, and rank.
func (e *Exhibit) addQuotas(list []served, of func(*served) quota, worst bool) {
	list = withBase(list, of)
	quotas := make([]quota, len(list))
	for i := range list {
		quotas[i] = of(&list[i])
	}
	ranks := ranksOf(quotas, worst)
	for i, v := range list {
		c := quotas[i].cells()
		e.add(Say(v.id), Say(v.name), Say(v.en), quotas[i].whole.Cell(), c[0], c[1], c[2], c[3], orNone(ranks[i]))
	}
}

// quotaColumns are the columns of addQuotas. base names what is counted, as a unit.
func quotaColumns(key Column, base Column, zh, en string) []Column {
	return []Column{
		key, colName, colNameEn, base, shareOf("share", zh, en, base.Unit),
		shareOf("low", "区间下限", "Lower end", base.Unit), shareOf("high", "区间上限", "Upper end", base.Unit),
		flag("small", "基数不满 30", "Base under 30"), place("rank", "名次", "Rank"),
	}
}

// shareOf is a share of counted things that the unit names: it is hidden with its base where few people stand behind it.
func shareOf(id, zh, en, unit string) Column {
	return Column{id, Text{zh, en}, Share, "% of " + unit}
}

var (
	colService = code("service", "服务", "Service")
	colCity    = code("code", "城市代码", "City code")
)

// Sentences that the exhibits of outcomes share.
var (
	latestOutcomes = Text{"outcomes 表最近一个月的办件，各城市合计", "Cases of the latest month in the table of outcomes, all cities together"}
	intervalMethod = Text{
		"区间是 95% 的 Wilson 区间；按区间下限排，基数大的在先，再按目录次序；基数不满 30 的打标记。没有统计的不列，不当作 0",
		"Intervals are Wilson's of 95 percent; ranks go by their lower end, equals by the larger base, then in the catalogue's order; bases under 30 are marked. What was not counted is left out, never taken as 0",
	}
)

// each is the first number for one of the second: stars a rating, pages a case. None when either was not counted or there is none.
func (q quota) each() Cell {
	if q.whole.n == 0 {
		return None
	}
	return Num(measure.Ratio(q.part.n, q.whole.n))
}
