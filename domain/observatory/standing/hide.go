package standing

import (
	"zhijian/domain/observatory/public"
)

// group is a set of accounts whose sum of active users an exhibit may print.
type group struct {
	by   byte
	a, b string
}

// groups are those an account counts in.
func (a *Account) groups() [8]group {
	return [8]group{
		{'n', "", ""},
		{'p', a.Province, ""},
		{'c', a.City, ""},
		{'s', a.Sector, ""},
		{'x', a.Province, a.Sector},
		{'l', string(a.Level), ""},
		{'k', string(a.Kind), a.Sector},
		{'i', a.Institution, a.Sector},
	}
}

// hide marks the accounts whose number of people is not published: those of 1 to 9 people, and where a group would then lack
// one number alone, the next smallest as well, for the group's sum would give it away. Hiding one can bare another group, so
// it goes round until nothing changes.
func (b *Book) hide() {
	number := map[group]int32{}
	of := make([][8]int32, len(b.accounts))
	for i := range b.accounts {
		a := &b.accounts[i]
		a.hidden = a.active > 0 && a.active < public.Least
		for k, g := range a.groups() {
			n, ok := number[g]
			if !ok {
				n = int32(len(number))
				number[g] = n
			}
			of[i][k] = n
		}
	}
	for b.hideNext(of, len(number)) {
	}
}

// hideNext hides the complement of every group that lacks one number alone, and says whether there was any.
func (b *Book) hideNext(of [][8]int32, groups int) (changed bool) {
	missing, next := make([]int32, groups), make([]int32, groups)
	for g := range next {
		next[g] = -1
	}
	for i := range b.accounts {
		a := &b.accounts[i]
		for _, g := range of[i] {
			switch {
			case a.hidden:
				missing[g]++
			case a.active > 0 && (next[g] < 0 || a.active < b.accounts[next[g]].active):
				next[g] = int32(i)
			}
		}
	}
	for g, n := range missing {
		if n == 1 && next[g] >= 0 {
			b.accounts[next[g]].hidden = true
			changed = true
		}
	}
	return changed
}
