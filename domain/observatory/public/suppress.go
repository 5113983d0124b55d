package public

import (
	"slices"
	"strings"

	"zhijian/domain/observatory"
)

// Least is the smallest number of people that is published.
const Least = 10

// suppressedID is the warning of an exhibit that lacks cells.
const suppressedID = "K-10"

// Of gives the exhibit as the public may see it. A count of 1 to 9 people is left out. Where a column would then lack one count
// alone, the next smallest goes too, or the column's total would give it away; and what is reckoned from people in such a row
// (means, shares of them) goes with it. A case, a rating, a payment and a search stand for the person behind them; of these
// the bases of shares are counted, so that a share of ten or more is shown however small its part. Counts of organisations are
// untouched. The exhibit given is not changed.
func Of(x observatory.Exhibit) observatory.Exhibit {
	var people, reckoned []int
	for i, c := range x.Columns {
		switch {
		case c.Kind == observatory.Count && aboutPeople(c.Unit):
			people = append(people, i)
		case ofPeople(c.Unit) || c.Kind == observatory.Share && strings.Contains(c.ID, "active"):
			reckoned = append(reckoned, i)
		}
	}
	hidden := map[int]bool{} // rows
	for _, col := range people {
		for _, row := range small(x.Rows, col) {
			hidden[row] = true
		}
	}
	if len(hidden) == 0 {
		return x
	}
	x.Rows = slices.Clone(x.Rows)
	for row := range hidden {
		r := slices.Clone(x.Rows[row])
		for _, col := range slices.Concat(people, reckoned) {
			r[col] = observatory.None
		}
		x.Rows[row] = r
	}
	x.Warnings = append(slices.Clone(x.Warnings), observatory.Warning{ID: suppressedID, Level: observatory.Note, Text: observatory.Text{
		Zh: "不满 10 人的数字不公布；为了不被反推，另有数字一起略去",
		En: "Counts of fewer than 10 people are not published; others are left out with them so that they cannot be worked out",
	}})
	return x
}

func aboutPeople(unit string) bool { return slices.Contains(acts, unit) }

// acts are the units that stand for people.
var acts = []string{"users", "people", "residents", "cases", "ratings", "payments", "searches"}

// ofPeople reports whether a unit is reckoned from people: users/account, stars/rating, % of cases.
func ofPeople(unit string) bool {
	if strings.Contains(unit, "users/") {
		return true
	}
	of, isShare := strings.CutPrefix(unit, "% of ")
	_, each, isMean := strings.Cut(unit, "/")
	return isShare && aboutPeople(of) || isMean && aboutPeople(each+"s")
}

// small lists the rows whose count must go, the complementary one among them.
func small(rows [][]observatory.Cell, col int) (list []int) {
	next, least := -1, 0.0
	for i, r := range rows {
		n, ok := r[col].Number()
		switch {
		case !ok || n <= 0:
		case n < Least:
			list = append(list, i)
		case next < 0 || n < least:
			next, least = i, n
		}
	}
	if len(list) == 1 && next >= 0 {
		list = append(list, next)
	}
	return list
}
