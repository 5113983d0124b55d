package standing

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"zhijian/domain/observatory"
	"zhijian/domain/region"
)

// Query is what accounts are looked for; an empty field does not matter.
type Query struct {
	// Name is a part of the name, or a whole id.
	Name string
	// Region is the code of a province or a city; the nation's code is all.
	Region string
	// Sector is a sector's id.
	Sector string
}

// Search gives the accounts that fit, from place from on and at most most of them, and how many fit in all. Those whose name
// begins with what is asked for come first, then by id.
func (b *Book) Search(q Query, from, most int) (list []*Account, total int) {
	name := strings.ToLower(strings.TrimSpace(q.Name))
	var first, rest []*Account
	for a := range b.fitting(q) {
		switch {
		case strings.HasPrefix(a.folded, name), a.ID == name:
			first = append(first, a)
		case strings.Contains(a.folded, name):
			rest = append(rest, a)
		}
	}
	found := slices.Concat(first, rest)
	from = min(max(from, 0), len(found))
	return found[from:min(from+most, len(found))], len(found)
}

// fitting gives the accounts of the query's region and sector.
func (b *Book) fitting(q Query) iter.Seq[*Account] {
	from := b.in(q.Region)
	switch {
	case q.Sector == "":
		return from
	case q.Region == "" || q.Region == region.NationCode:
		return b.those(b.sectors[q.Sector])
	}
	return func(yield func(*Account) bool) {
		for a := range from {
			if a.Sector == q.Sector && !yield(a) {
				return
			}
		}
	}
}

func (b *Book) in(code string) iter.Seq[*Account] {
	if code == "" || code == region.NationCode {
		return b.all()
	}
	return b.those(b.within[code])
}

// Leading gives the accounts with most active users among those that fit, at most most, equals by id. Accounts whose number is
// not published are not among them, nor is one without a user.
func (b *Book) Leading(q Query, most int) (list []*Account) {
	for a := range b.fitting(q) {
		if a.hidden || a.active == 0 || len(list) == most && a.active <= list[most-1].active {
			continue
		}
		at, _ := slices.BinarySearchFunc(list, a, func(x, y *Account) int {
			return cmp.Or(cmp.Compare(y.active, x.active), strings.Compare(x.ID, y.ID))
		})
		list = slices.Insert(list, at, a)
		list = list[:min(len(list), most)]
	}
	return list
}

// Part is the accounts of one kind within a region or a sector: organisations alone, so the numbers are exact.
type Part struct {
	ID                          string
	Accounts, Verified, Serving int64
}

// Parts counts the accounts that fit by what of says of each, most first, equals by ID; those of which it says "" are left out.
func (b *Book) Parts(q Query, of func(*Account) string) (list []Part) {
	at := map[string]int{}
	for a := range b.fitting(q) {
		id := of(a)
		if id == "" {
			continue
		}
		i, ok := at[id]
		if !ok {
			i = len(list)
			at[id] = i
			list = append(list, Part{ID: id})
		}
		list[i].add(a)
	}
	slices.SortFunc(list, func(a, b Part) int {
		return cmp.Or(cmp.Compare(b.Accounts, a.Accounts), strings.Compare(a.ID, b.ID))
	})
	return list
}

func (p *Part) add(a *Account) {
	p.Accounts++
	if a.Verified {
		p.Verified++
	}
	if a.Kind == observatory.Serving {
		p.Serving++
	}
}
