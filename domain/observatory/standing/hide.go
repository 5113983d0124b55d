package standing

import (
	"zhijian/domain/observatory/public"
)

// sums are the numbers of the sums that an account counts in.
type sums [public.SumsEach]int32

// hide marks the accounts whose number of people is not published: those of 1 to 9 people, and where a sum would then lack
// one number alone, the next smallest as well, for the sum would give it away. Hiding one can bare another sum, so
// it goes round until nothing changes.
func (b *Book) hide() {
	number := map[public.Sum]int32{}
	of := make([]sums, len(b.accounts))
	for i := range b.accounts {
		a := &b.accounts[i]
		a.hidden = a.active > 0 && a.active < public.Least
		for k, g := range public.Sums(&a.Account, a.Province, a.City) {
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

// hideNext hides the complement of every sum that lacks one number alone, and says whether there was any.
func (b *Book) hideNext(of []sums, groups int) (changed bool) {
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
