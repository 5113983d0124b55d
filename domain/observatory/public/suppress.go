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

// All gives the exhibits of an edition, which were computed from f, as the public may see them. A count of 1 to 9 people is left out. Where a
// column would then lack one count alone, the next smallest goes too, or the column's total would give it away; and what is reckoned from
// people in such a row (means, shares of them) goes with it. What one exhibit leaves out no other prints: the same number of the same
// place, sector or account goes everywhere, and so do the people of the accounts that Hidden names. A case, a rating, a payment and a search
// stand for the person behind them; of these the bases of shares are counted, so that a share of ten or more is shown however
// small its part. Counts of organisations are untouched. What is given is not changed.
func All(list []observatory.Exhibit, f *observatory.Facts, cat *observatory.Catalog) []observatory.Exhibit {
	v := newVeil(list)
	v.accounts(f, Hidden(f, cat))
	v.settle()
	out := slices.Clone(list)
	for i := range out {
		if len(v.leaves[i].hidden) > 0 {
			out[i] = v.leaves[i].veiled()
		}
	}
	return out
}

// veil is what of an edition's exhibits is left out.
type veil struct {
	leaves []leaf
	at     map[cellKey][]spot
}

// leaf is one exhibit: its columns that count people, those reckoned from people, and the rows that lose both.
type leaf struct {
	*observatory.Exhibit
	people, reckoned []int
	entity           int  // the column that says of what a row is
	single           bool // of single accounts, whose sums Hidden has looked after
	hidden           map[int]bool
}

// cellKey is a number of people of something, in whichever exhibit it stands.
type cellKey struct {
	entity, unit string
	count        float64
}

// spot is a row of an exhibit.
type spot struct{ leaf, row int }

func newVeil(list []observatory.Exhibit) *veil {
	v := &veil{at: map[cellKey][]spot{}}
	for i := range list {
		s := leaf{Exhibit: &list[i], hidden: map[int]bool{}}
		s.entity = max(0, slices.IndexFunc(s.Columns, func(c observatory.Column) bool { return c.Kind == observatory.Code }))
		s.single = len(s.Columns) > 0 && s.Columns[s.entity].ID == "account"
		for k, c := range s.Columns {
			switch {
			case c.Kind == observatory.Count && aboutPeople(c.Unit):
				s.people = append(s.people, k)
			case ofPeople(c.Unit) || c.Kind == observatory.Share && strings.Contains(c.ID, "active"):
				s.reckoned = append(s.reckoned, k)
			}
		}
		v.leaves = append(v.leaves, s)
		for row := range s.Rows {
			for _, k := range s.keys(row) {
				v.at[k] = append(v.at[k], spot{i, row})
			}
		}
	}
	return v
}

// keys are the numbers of people of a row; nobody is no secret.
func (s *leaf) keys(row int) (keys []cellKey) {
	r := s.Rows[row]
	for _, col := range s.people {
		if n, ok := r[col].Number(); ok && n > 0 {
			keys = append(keys, cellKey{r[s.entity].String(), s.Columns[col].Unit, n})
		}
	}
	return keys
}

// hide leaves a row's people out, and the same numbers of the same thing wherever else they stand.
func (v *veil) hide(at spot) {
	s := &v.leaves[at.leaf]
	if s.hidden[at.row] {
		return
	}
	s.hidden[at.row] = true
	for _, k := range s.keys(at.row) {
		for _, other := range v.at[k] {
			v.hide(other)
		}
	}
}

// accounts hides the accounts whose row of months is hidden, in exhibits of single accounts.
func (v *veil) accounts(f *observatory.Facts, months map[int]bool) {
	gone := map[string]bool{}
	for i := range months {
		gone[f.Months[i].Account] = true
	}
	for i := range v.leaves {
		s := &v.leaves[i]
		for row, r := range s.Rows {
			if s.single && gone[r[s.entity].String()] {
				v.hide(spot{i, row})
			}
		}
	}
}

// settle hides what is small, and what has to go with it, until nothing changes.
func (v *veil) settle() {
	for again := true; again; {
		again = false
		for i := range v.leaves {
			for _, row := range v.leaves[i].next() {
				v.hide(spot{i, row})
				again = true
			}
		}
	}
}

// next lists the rows that must go: those of small counts, and of a column that lacks one count alone the next smallest.
func (s *leaf) next() (list []int) {
	for _, col := range s.people {
		missing, next, least := 0, -1, 0.0
		for i, r := range s.Rows {
			n, ok := r[col].Number()
			switch {
			case !ok || n <= 0:
			case s.hidden[i]:
				missing++
			case n < Least:
				missing++
				list = append(list, i)
			case next < 0 || n < least:
				next, least = i, n
			}
		}
		if missing == 1 && next >= 0 && !s.single {
			list = append(list, next)
		}
	}
	return list
}

// veiled is the exhibit without the hidden rows' people, and with a warning that says so.
func (s *leaf) veiled() observatory.Exhibit {
	x := *s.Exhibit
	x.Rows = slices.Clone(x.Rows)
	for row := range s.hidden {
		r := slices.Clone(x.Rows[row])
		for _, col := range slices.Concat(s.people, s.reckoned) {
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
