package public

import (
	"cmp"
	"slices"

	"zhijian/domain/observatory"
	"zhijian/domain/region"
)

// Hidden gives the places in f.Months of the counters whose active users are not published: those of 1 to 9 people, and as many more
// that in no sum of a month which exhibits publish (of a city, a province, a sector in it, a level, a kind, a country, a class of
// institution) one alone is missing. The facts are in canonical order and not changed.
func Hidden(f *observatory.Facts, cat *observatory.Catalog) map[int]bool {
	hidden, groups := map[int]bool{}, map[sumKey][]int{}
	accounts := make(map[string]*observatory.Account, len(f.Accounts))
	for i := range f.Accounts {
		accounts[f.Accounts[i].ID] = &f.Accounts[i]
	}
	for i, m := range f.Months {
		a := accounts[m.Account]
		if m.Active <= 0 || a == nil {
			continue
		}
		if m.Active < Least {
			hidden[i] = true
		}
		for _, k := range sumsOf(a, m.Month, cat) {
			groups[k] = append(groups[k], i)
		}
	}
	if len(hidden) == 0 {
		return hidden
	}
	list := make([][]int, 0, len(groups))
	for _, rows := range groups {
		list = append(list, rows)
	}
	slices.SortFunc(list, func(a, b []int) int { return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b)) }) // not in the order of a map
	for again := true; again; {
		again = false
		for _, rows := range list {
			if i := partner(rows, func(i int) int64 { return f.Months[i].Active }, func(i int) bool { return hidden[i] }); i >= 0 {
				hidden[i], again = true, true // which may leave one alone in another sum
			}
		}
	}
	return hidden
}

// sumKey names a sum that exhibits publish.
type sumKey struct{ by, month, a, b string }

func sumsOf(a *observatory.Account, month string, cat *observatory.Catalog) []sumKey {
	province, city := "", ""
	for _, r := range cat.Regions.Path(a.Region) {
		switch {
		case cat.Band(r.Code) == "":
		case r.Level == region.Province:
			province = r.Code
		case r.Level == region.Prefecture:
			city = r.Code
		}
	}
	return []sumKey{
		{"place", month, province, city},
		{"province", month, province, ""},
		{"sector", month, province, a.Sector},
		{"sector", month, "all", a.Sector},
		{"level", month, string(a.Level), ""},
		{"kind", month, string(a.Kind), a.Sector},
		{"country", month, a.Country, ""},
		{"institution", month, a.Sector, a.Institution},
	}
}

// partner is the row of the smallest count that is not hidden, when one alone is; -1 when nothing has to go.
func partner(rows []int, count func(row int) int64, hidden func(row int) bool) int {
	alone, next := 0, -1
	for _, i := range rows {
		switch {
		case hidden(i):
			alone++
		case next < 0 || count(i) < count(next):
			next = i
		}
	}
	if alone == 1 {
		return next
	}
	return -1
}
