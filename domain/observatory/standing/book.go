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
	// NoClicks and NoVisits say that they were not counted: the account has no rank by them.
	NoClicks, NoVisits bool
	// Province and City are the codes of what the account lies in; of a municipality both are the same. Empty where it lies in none.
	Province, City string

	active int64
	hidden bool
	folded string // the name as it is searched
}

// Active is how many people used the account in the month; false when that is not published.
func (a *Account) Active() (int64, bool) { return a.active, !a.hidden }

// Counted is the same number where it is not published as well: for those alone whose account it is.
func (a *Account) Counted() int64 { return a.active }

// Book holds the accounts of one edition.
type Book struct {
	month    string
	accounts []Account          // by id
	within   map[string][]int32 // code of province or city → places in accounts
	sectors  map[string][]int32
	ladders  map[Measure]ladder
}

// ladder is everyone by one measure, ranked once: counting anew for each page would cost it milliseconds.
type ladder struct {
	order []int32 // places in accounts, best first, those that have a rank
	rank  []int32 // of each place in accounts, from 1; 0 for none
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
		a.Account, a.folded = f.Accounts[i], strings.ToLower(f.Accounts[i].Name)
		at, ok := known[a.Region]
		if !ok {
			at.province, at.city = placeOf(cat.Regions, a.Region)
			known[a.Region] = at
		}
		a.Province, a.City = at.province, at.city
		for ; next < len(f.Months) && f.Months[next].Account <= a.ID; next++ {
			if m := f.Months[next]; m.Account == a.ID && m.Month == b.month {
				a.active, a.Clicks, a.Visits = m.Active, m.Clicks, m.Visits
				a.NoClicks, a.NoVisits = m.NoClicks, m.NoVisits
			}
		}
		b.index(int32(i), a)
	}
	b.hide()
	b.ladders = map[Measure]ladder{}
	for _, m := range []Measure{ByActive, ByClicks, ByVisits} {
		b.ladders[m] = b.ladder(m)
	}
	return b
}

func (b *Book) ladder(m Measure) ladder {
	l := ladder{rank: make([]int32, len(b.accounts))}
	for i := range b.accounts {
		if !b.accounts[i].peer(m).Hidden {
			l.order = append(l.order, int32(i))
		}
	}
	slices.SortFunc(l.order, func(i, j int32) int { return Compare(b.accounts[i].peer(m), b.accounts[j].peer(m)) })
	for at, i := range l.order {
		l.rank[i] = int32(at + 1)
	}
	return l
}

// everyone finds the place of an account among all.
func (b *Book) everyone(a *Account, m Measure) (p Place) {
	i, ok := b.at(a.ID)
	l := b.ladders[m]
	if !ok || l.rank[i] == 0 {
		return Place{}
	}
	p = Place{Rank: int(l.rank[i]), Of: len(l.order)}
	if p.Rank > 1 {
		p.Above = b.accounts[l.order[p.Rank-2]].peer(m)
		p.Need = need(a.peer(m), p.Above)
	}
	return p
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
	i, ok := b.at(id)
	if !ok {
		return nil, false
	}
	return &b.accounts[i], true
}

func (b *Book) at(id string) (int, bool) {
	return slices.BinarySearchFunc(b.accounts, id, func(a Account, id string) int { return strings.Compare(a.ID, id) })
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
	if c == Everyone {
		return b.everyone(a, m)
	}
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
		return Peer{ID: a.ID, Count: a.Clicks, Hidden: a.NoClicks}
	case ByVisits:
		return Peer{ID: a.ID, Count: a.Visits, Hidden: a.NoVisits}
	}
	return Peer{ID: a.ID, Count: a.active, Hidden: a.hidden}
}

func (b *Book) circle(a *Account, c Circle) iter.Seq[*Account] {
	switch c {
	case Field:
		return func(yield func(*Account) bool) {
			for o := range b.those(b.sectors[a.Sector]) {
				if o.Level == a.Level && !yield(o) {
					return
				}
			}
		}
	case Town:
		return b.those(b.within[cmp.Or(a.City, a.Province)])
	}
	return b.all()
}

func (b *Book) those(places []int32) iter.Seq[*Account] {
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
