package public

import (
	"cmp"
	"slices"

	"zhijian/domain/observatory"
	"zhijian/domain/region"
)

// Hidden gives the places in f.Months of the counters whose active users are not published: those of 1 to 9 people, and as many more
// that in no sum of a month which exhibits publish (Sums) one alone is missing. The facts are in canonical order and not changed.
func Hidden(f *observatory.Facts, cat *observatory.Catalog) map[int]bool {
	hidden, groups := map[int]bool{}, map[monthly][]int{}
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
		province, city := placesOf(a, cat)
		for _, s := range Sums(a, province, city) {
			k := monthly{s, m.Month}
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

// Sum names a set of accounts whose active users exhibits publish together, as a number or as a mean, or that is what such numbers leave over.
type Sum struct {
	by   byte
	a, b string
}

// SumsEach is how many sums an account counts in.
const SumsEach = 11

// Sums gives those an account counts in; province and city are the codes of what it lies in, "" where it lies in none. Who adds an
// exhibit of people over another set of accounts, and no union of these, adds the set here.
func Sums(a *observatory.Account, province, city string) [SumsEach]Sum {
	return [SumsEach]Sum{
		{'n', "", ""},
		{'p', province, ""},
		{'c', province, city}, // without a city: what a province's cities leave over
		{'s', a.Sector, ""},
		{'x', province, a.Sector},
		{'l', string(a.Level), ""},
		{'k', string(a.Kind), a.Sector},
		{'i', a.Institution, a.Sector},
		{'f', a.Country, ""},
		{'q', province, string(a.Kind)},        // national has means of subscription accounts of provinces
		{'m', string(a.Level), string(a.Kind)}, // and of the national level
	}
}

// monthly is a sum of one month.
type monthly struct {
	Sum
	month string
}

func placesOf(a *observatory.Account, cat *observatory.Catalog) (province, city string) {
	for _, r := range cat.Regions.Path(a.Region) {
		switch {
		case cat.Band(r.Code) == "":
		case r.Level == region.Province:
			province = r.Code
		case r.Level == region.Prefecture:
			city = r.Code
		}
	}
	return province, city
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
