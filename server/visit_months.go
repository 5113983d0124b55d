package server

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"zhijian/ground/fault"
	"zhijian/store"
	"zhijian/store/visitlog"
)

// Place is what was visited. A field that does not belong to a question is empty: Account in a row of (region, service).
type Place struct {
	Region  string // GB/T 2260 code; empty for none
	Service string // id of a kind of service; empty for pages that belong to none
	Account string // alias of an official account, or the number that a registry gave one; empty for the city entry itself
	Posted  bool   // Account is such a number
}

// VisitMonth is what a place had in a month.
type VisitMonth struct {
	Month visitlog.Month
	Place
	Views, Reads, Clicks, Services uint64
	People                         uint64 // different residents who were known
}

// VisitMonths are a span of months, each list by month, region, service and account.
type VisitMonths struct {
	// Entries are the services of the city entry, and its pages without one, by region and service.
	Entries []VisitMonth
	// Accounts are official accounts: those of the house by alias, those that were posted by number. A visit to a service of the
	// entry is one to the account that answers for it as well.
	Accounts []VisitMonth
}

// VisitMonths reads the visits of a running house: exact, and at most some seconds old. fault.Unavailable while they are not counted.
func (h *House) VisitMonths(ctx context.Context, span visitlog.Span) (VisitMonths, error) {
	if h.visits.fold == nil {
		return VisitMonths{}, fault.Unavailable("visits.damaged", "本平台的访问量记录正在修复，暂时不能接收，请稍后再发").Because(h.visits.why)
	}
	return visitMonths(ctx, h.visits.fold, store.Numbers{DB: h.db}, span)
}

func visitMonths(ctx context.Context, f *visitlog.Fold, numbers store.Numbers, span visitlog.Span) (VisitMonths, error) {
	for range 2 {
		names, err := numbers.Names(ctx, placeSpace)
		if err != nil {
			return VisitMonths{}, err
		}
		out, late, err := monthsOf(ctx, f, names, span)
		if err != nil || !late {
			return out, err
		}
	}
	return VisitMonths{}, errUnknownPlace
}

var errUnknownPlace = errors.New("places are counted whose numbers the database does not know: it is older than the visits; restore both together")

// monthsOf reports late when a place got its number and was counted after the names were read.
func monthsOf(ctx context.Context, f *visitlog.Fold, names map[uint32]string, span visitlog.Span) (out VisitMonths, late bool, err error) {
	b := newPlaceBook(names)
	entries, accounts := newGroups(b.entry), newGroups(b.account)
	lists, err := f.Months(ctx, span, entries.group, accounts.group)
	if err != nil {
		return out, false, err
	}
	crowds := f.Crowds(span) // behind Months: what was forgotten in between is counted by both
	out = VisitMonths{Entries: entries.months(lists[0], crowds, entryNaming), Accounts: accounts.months(lists[1], crowds, accountNaming)}
	return out, b.late, nil
}

// forgetVisitors drops the people of the months before one, and keeps how many came to each service of the entry and to each account.
func forgetVisitors(ctx context.Context, f *visitlog.Fold, numbers store.Numbers, before visitlog.Month) error {
	names, err := numbers.Names(ctx, placeSpace)
	if err != nil {
		return err
	}
	b := newPlaceBook(names)
	namings := [...]visitlog.Naming{entryNaming: b.naming(b.entry), accountNaming: b.naming(b.account)}
	_, err = f.Forget(ctx, before, namings[:]...)
	return err
}

// The places of the namings of forgotten people in the fold. They mean the same for ever.
const (
	entryNaming = iota
	accountNaming
)

// naming names what the book knows; people of a place that it does not know must not be forgotten.
func (b *placeBook) naming(of func(uint32) (Place, bool)) visitlog.Naming {
	return func(account uint32) (string, bool, error) {
		if _, known := b.places[account]; !known && account >= ownNumbers {
			return "", false, errUnknownPlace
		}
		at, in := of(account)
		return at.String(), in, nil
	}
}

// String names a place in a grouping: region/service/account.
func (p Place) String() string { return p.Region + "/" + p.Service + "/" + p.Account }

// placeBook says which places numbers stand for.
type placeBook struct {
	places map[uint32]Place
	late   bool // it was asked for a number that it does not know
}

func newPlaceBook(names map[uint32]string) *placeBook {
	b := &placeBook{places: make(map[uint32]Place, len(names))}
	for n, name := range names {
		if at, ok := placeOf(name); ok {
			b.places[ownNumbers+n] = at
		}
	}
	return b
}

// entry is the service of the city entry that a number belongs to, or a page of the entry without one.
func (b *placeBook) entry(account uint32) (Place, bool) {
	at, ok := b.places[account]
	return Place{Region: at.Region, Service: at.Service}, ok && (at.Service != "" || at.Account == "")
}

// account is the official account that a number belongs to.
func (b *placeBook) account(account uint32) (Place, bool) {
	if account < ownNumbers {
		return Place{Account: strconv.FormatUint(uint64(account), 10), Posted: true}, true
	}
	at, ok := b.places[account]
	b.late = b.late || !ok
	return Place{Account: at.Account}, ok && at.Account != ""
}

// groups numbers the places that accounts belong to in a question.
type groups struct {
	of      func(account uint32) (Place, bool)
	places  []Place
	numbers map[Place]uint32
}

func newGroups(of func(account uint32) (Place, bool)) *groups {
	return &groups{of: of, numbers: map[Place]uint32{}}
}

// group is a visitlog.Grouping.
func (g *groups) group(account uint32) (uint32, bool) {
	at, in := g.of(account)
	if !in {
		return 0, false
	}
	n, known := g.numbers[at]
	if !known {
		n = uint32(len(g.places))
		g.numbers[at] = n
		g.places = append(g.places, at)
	}
	return n, true
}

// months puts the places back in, and the numbers of people who are forgotten.
func (g *groups) months(list []visitlog.Monthly, crowds []visitlog.Crowd, naming int) []VisitMonth {
	type key struct {
		month visitlog.Month
		name  string
	}
	forgotten := map[key]uint64{}
	for _, c := range crowds {
		if c.Naming == naming {
			forgotten[key{c.Month, c.Name}] = c.People
		}
	}
	out := make([]VisitMonth, 0, len(list))
	for _, m := range list {
		if n, ok := forgotten[key{m.Month, g.places[m.Group].String()}]; ok {
			m.People = n
		}
		out = append(out, VisitMonth{
			Month: m.Month, Place: g.places[m.Group], People: m.People,
			Views: m.Of(visitlog.View), Reads: m.Of(visitlog.Read), Clicks: m.Of(visitlog.Click), Services: m.Of(visitlog.Serving),
		})
	}
	slices.SortFunc(out, func(a, b VisitMonth) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Account, b.Account))
	})
	return out
}
