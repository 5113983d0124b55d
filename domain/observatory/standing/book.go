package standing

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"zhijian/domain/observatory"
	"zhijian/domain/region"
)

// Account is an account with what it did in the latest month of its edition.
type Account struct {
	observatory.Account
	Clicks, Visits int64
	// Province and City are the codes of what the account lies in; of a municipality both are the same. Empty where it lies in none.
	Province, City string

	active int64
	hidden bool
}

// Active is how many people used the account in the month; false when that is not published.
func (a *Account) Active() (int64, bool) { return a.active, !a.hidden }

// Book holds the accounts of one edition.
type Book struct {
	month    string
	accounts []Account          // by id
	within   map[string][]int32 // code of province or city → places in accounts
	sectors  map[string][]int32
}

// New reads an edition's facts. Facts must be sorted; they are not changed.
func New(f *observatory.Facts, cat *observatory.Catalog) *Book {
	b := &Book{accounts: make([]Account, len(f.Accounts)), within: map[string][]int32{}, sectors: map[string][]int32{}}
	for _, m := range f.Months {
		b.month = max(b.month, m.Month)
	}
	type place struct{ province, city string }
	known := map[string]place{}
	next := 0
	for i := range f.Accounts {
		a := &b.accounts[i]
		a.Account = f.Accounts[i]
		at, ok := known[a.Region]
		if !ok {
			at.province, at.city = placeOf(cat.Regions, a.Region)
			known[a.Region] = at
		}
		a.Province, a.City = at.province, at.city
		for ; next < len(f.Months) && f.Months[next].Account <= a.ID; next++ {
			if m := f.Months[next]; m.Account == a.ID && m.Month == b.month {
				a.active, a.Clicks, a.Visits = m.Active, m.Clicks, m.Visits
			}
		}
		b.index(int32(i), a)
	}
	b.hide()
	return b
}

func (b *Book) index(i int32, a *Account) {
	if a.Province != "" {
		b.within[a.Province] = append(b.within[a.Province], i)
	}
	if a.City != "" && a.City != a.Province {
		b.within[a.City] = append(b.within[a.City], i)
	}
	b.sectors[a.Sector] = append(b.sectors[a.Sector], i)
}

func placeOf(t *region.Tree, code string) (province, city string) {
	for _, r := range t.Path(code) {
		if r.Level == region.Province {
			province = r.Code
		}
		if r.IsCity() {
			city = r.Code
		}
	}
	return province, city
}

// Month is the month that use is counted in, "2015-08"; "" when nothing was counted.
func (b *Book) Month() string { return b.month }

// Account finds an account; false when the edition has none of this id.
func (b *Book) Account(id string) (*Account, bool) {
	i, ok := slices.BinarySearchFunc(b.accounts, id, func(a Account, id string) int { return strings.Compare(a.ID, id) })
	if !ok {
		return nil, false
	}
	return &b.accounts[i], true
}

// Measure is what accounts are ranked by.
type Measure string

// The measures: outcomes all of them; followers and likes carry no ranking.
const (
	ByActive Measure = "active"
	ByClicks Measure = "clicks"
	ByVisits Measure = "visits"
)

// Circle is whom an account is compared with.
type Circle string

// The circles.
const (
	Everyone Circle = "all"
	Field    Circle = "field" // the same sector and level of government
	Town     Circle = "city"  // the same city, or the province where it lies in no city
)

// Stand finds the place of an account in a circle. The zero value when its figure is not published or the circle does not hold it.
func (b *Book) Stand(a *Account, m Measure, c Circle) Place {
	return Stand(a.peer(m), func(yield func(Peer) bool) {
		for o := range b.circle(a, c) {
			if !yield(o.peer(m)) {
				return
			}
		}
	})
}

func (a *Account) peer(m Measure) Peer {
	switch m {
	case ByClicks:
		return Peer{ID: a.ID, Count: a.Clicks}
	case ByVisits:
		return Peer{ID: a.ID, Count: a.Visits}
	}
	return Peer{ID: a.ID, Count: a.active, Hidden: a.hidden}
}

func (b *Book) circle(a *Account, c Circle) iter.Seq[*Account] {
	switch c {
	case Field:
		return func(yield func(*Account) bool) {
			for o := range b.at(b.sectors[a.Sector]) {
				if o.Level == a.Level && !yield(o) {
					return
				}
			}
		}
	case Town:
		return b.at(b.within[cmp.Or(a.City, a.Province)])
	}
	return b.all()
}

func (b *Book) at(places []int32) iter.Seq[*Account] {
	return func(yield func(*Account) bool) {
		for _, i := range places {
			if !yield(&b.accounts[i]) {
				return
			}
		}
	}
}

func (b *Book) all() iter.Seq[*Account] {
	return func(yield func(*Account) bool) {
		for i := range b.accounts {
			if !yield(&b.accounts[i]) {
				return
			}
		}
	}
}
