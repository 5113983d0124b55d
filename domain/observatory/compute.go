package observatory

import (
	"slices"

	"zhijian/ground/fault"
)

// MethodVersion changes whenever a number of an exhibit could come out otherwise for the same facts.
const MethodVersion = "2"

// Compute answers every question from the facts of one edition, and those of the edition before where two are compared; previous
// may be nil. The facts are not changed. fault.Invalid when there is no account at all.
func Compute(facts, previous *Facts, cat *Catalog) ([]Exhibit, error) {
	if len(facts.Accounts) == 0 {
		return nil, fault.Invalid("observatory.empty", "登记表里一个公众号也没有，请先导入")
	}
	s := newSurvey(canonical(facts), cat)
	if previous != nil {
		s.last = newSurvey(canonical(previous), cat)
	}
	s.inspect()
	list := designs()
	out := make([]Exhibit, 0, len(list)+1)
	for _, d := range list {
		out = append(out, d.compute(s))
	}
	return append(out, errata(out)), nil
}

// canonical gives facts in canonical order, copied only when they are not.
func canonical(f *Facts) *Facts {
	if f.Sorted() {
		return f
	}
	c := f.Clone()
	c.Sort()
	return c
}

// IDs lists the exhibits in the order Compute gives them.
func IDs() []string {
	var ids []string
	for _, d := range designs() {
		ids = append(ids, d.id)
	}
	return append(ids, errataID)
}

// designs lists every exhibit: those of the white paper in its order, then ours. A new exhibit is one file and one line here.
func designs() []design {
	return slices.Concat(
		[]design{table1, table2, table3, table4, table5, table6, table7, table8, table9},
		[]design{figure1, figure2, figure3, figure4, figure5, figure6, figure7, figure8, figure9},
		[]design{figure10, figure11, figure12, figure13, figure14, figure15, figure16, figure17, figure18},
		[]design{appendix1, appendix2},
		[]design{summary, provinces, verified, growth, ownership, classes, levels, nationals, leaders, health},
		[]design{medicals, polices, policeKinds, sectorCover, tourisms, utility},
		[]design{provinceTiers, tierChoice, concentration, lorenz, entryEffect, entryMatch, correlations, zipf, launches},
		[]design{burden, promise, rating, response, unmet, availability, accessibility, serviceHealth, cityOutcomes},
	)
}
