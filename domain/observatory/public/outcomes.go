package public

import (
	"zhijian/domain/observatory"
)

// Act is what a person did that stands for the person: to open a case, to pay, to rate, to search.
type Act string

// The acts. Numbers of one act are hidden together, for they are parts of each other or reckoned from each other.
const (
	Case    Act = "case"
	Payment Act = "payment"
	Rating  Act = "rating"
	Search  Act = "search"
	NoAct   Act = "" // of papers, departments, machines and pages
)

// ActOf says which act a measure counts or is reckoned from.
func ActOf(m observatory.Measure) Act {
	switch m {
	case observatory.Opened, observatory.Done, observatory.Refused, observatory.Cancelled, observatory.Promised, observatory.Kept, observatory.People,
		observatory.StepsTaken, observatory.Loads:
		return Case
	case observatory.Paid, observatory.Fen:
		return Payment
	case observatory.Rated, observatory.RatingSum, observatory.Satisfied:
		return Rating
	case observatory.Searches, observatory.Unmet:
		return Search
	}
	return NoAct
}

// OutcomeCell is all that one row of outcomes says of one act; the row is its place in the table.
type OutcomeCell struct {
	Row int
	Act Act
}

// HiddenOutcomes says what of a table of outcomes is not published. Where a count of cases, people, payments, ratings or searches
// is 1 to 9, all that the row says of the act goes. Exhibits print sums over the cities of a service and over the services of a
// city: where such a sum would lack one row alone, the row with the next smallest number goes too.
func HiddenOutcomes(list []observatory.Outcome) map[OutcomeCell]bool {
	hidden := map[OutcomeCell]bool{}
	for i := range list {
		for _, m := range observatory.Measures() {
			if n, ok := list[i].Of(m).N(); ok && n > 0 && n < Least && countsActs(m) {
				hidden[OutcomeCell{i, ActOf(m)}] = true
			}
		}
	}
	if len(hidden) == 0 {
		return hidden
	}
	sums := outcomeSums(list)
	for again := true; again; {
		again = false
		for _, s := range sums {
			act := ActOf(s.measure)
			count := func(i int) int64 { n, _ := list[i].Of(s.measure).N(); return n }
			if i := partner(s.rows, count, func(i int) bool { return hidden[OutcomeCell{i, act}] }); i >= 0 {
				hidden[OutcomeCell{i, act}], again = true, true // which may leave one alone in another sum
			}
		}
	}
	return hidden
}

// countsActs reports whether a measure counts acts; money, stars, answers and pages are only reckoned from them.
func countsActs(m observatory.Measure) bool {
	switch m {
	case observatory.Fen, observatory.RatingSum, observatory.StepsTaken, observatory.Loads:
		return false
	}
	return ActOf(m) != NoAct
}

// outcomeSum is a sum that exhibits publish: the rows of a month that have anything of the measure.
type outcomeSum struct {
	measure observatory.Measure
	rows    []int
}

// outcomeSums lists the sums of each measure of an act over a service and over a city, in the order of the table.
func outcomeSums(list []observatory.Outcome) (sums []outcomeSum) {
	type key struct {
		measure         observatory.Measure
		by, month, code string
	}
	at := map[key]int{}
	for i := range list {
		o := &list[i]
		for _, m := range observatory.Measures() {
			if n, _ := o.Of(m).N(); n == 0 || ActOf(m) == NoAct {
				continue
			}
			for _, k := range []key{{m, "service", o.Month, o.Service}, {m, "city", o.Month, o.Region}} {
				j, ok := at[k]
				if !ok {
					j = len(sums)
					at[k], sums = j, append(sums, outcomeSum{measure: m})
				}
				sums[j].rows = append(sums[j].rows, i)
			}
		}
	}
	return sums
}
