package observatory

import (
	"cmp"
	"slices"
)

var burden = design{
	id:       "burden",
	title:    Text{"办一件事的负担", "Burden of having a thing done"},
	question: Text{"办一件事要答几步、看几页、备几样？", "How many steps, pages and papers does one matter take?"},
	base:     latestOutcomes,
	method: Text{
		"步数、页数除以开件数；材料和部门取各城市最多的。每件步数少的在先，并列按材料少、办件多、目录次序。页数要访问日志，没有接上时没有数据",
		"Steps and pages over cases opened; papers and departments are the most of any city. Fewest steps a case first, equals by fewer papers, more cases, the catalogue's order. Pages need the visit log: without it there is no data",
	},
	columns: []Column{
		colService, colName, colNameEn, count("opened", "开件", "Cases opened", "cases"), number("steps", "每件步数", "Steps per case", "steps/case"),
		number("loads", "每件页数", "Pages per case", "pages/case"), count("materials", "材料", "Papers", "papers"), count("departments", "部门", "Departments", "departments"), place("rank", "名次", "Rank"),
	},
	chart: Chart{Kind: Bars, Label: "name", Values: []string{"steps"}},
	fill: func(s *survey, e *Exhibit) {
		list := slices.DeleteFunc(s.byService(), func(v served) bool { return v.Of(Opened).n == 0 && v.steps() == None })
		var have []int
		for i := range list {
			if list[i].steps() != None {
				have = append(have, i)
			}
		}
		ranks := make([]int, len(list))
		slices.SortStableFunc(have, func(a, b int) int { return compareBurden(&list[a], &list[b]) })
		for place, i := range have {
			ranks[i] = place + 1
		}
		for i, v := range list {
			e.add(Say(v.id), Say(v.name), Say(v.en), v.Of(Opened).Cell(), v.steps(), v.over(only(Loads), only(Opened)).each(),
				v.Of(Materials).Cell(), v.Of(Departments).Cell(), orNone(ranks[i]))
		}
		s.lacking(e, Opened, StepsTaken, Loads, Materials, Departments)
	},
}

// steps is how many answers one case took.
func (v *served) steps() Cell { return v.over(only(StepsTaken), only(Opened)).each() }

func compareBurden(a, b *served) int {
	return cmp.Or(cmp.Compare(a.steps().value, b.steps().value), cmp.Compare(a.Of(Materials).n, b.Of(Materials).n), cmp.Compare(b.Of(Opened).n, a.Of(Opened).n))
}
