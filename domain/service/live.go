package service

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
)

// OwnPrefix begins the id of every service that is none of the 101 kinds: one that a department makes itself in the console, or a file of
// the operator's own. No kind begins so, and none will: a file that comes with a later version of the house never meets a service that a
// city has already.
const OwnPrefix = "own-"

// Local is one version of a service that a department made itself, offered in one city.
type Local struct {
	City       string // GB/T 2260 code of the city
	Account    string // alias of the official account that answers for it
	Department string // name of the department
	Definition *Definition
	Offices    map[string]Office // all that the department may ask, by office word
	Live       bool              // false: only cases that began with it see it
}

// With gives a catalogue that has services of departments' own beside its files. What comes from files is the same in both; a local
// service whose id is not of their own, or is that of a file, is left out. The catalogue itself stays what it was.
func (c *Catalogue) With(locals []Local) *Catalogue {
	out := *c
	out.locals, out.offers = map[string]Offer{}, maps.Clone(c.offers)
	for _, l := range locals {
		if !strings.HasPrefix(l.Definition.ID, OwnPrefix) || c.Carries(l.Definition.ID) {
			continue
		}
		o := Offer{City: l.City, Definition: l.Definition, Account: l.Account, Department: l.Department, Offices: map[string]Office{}}
		for _, word := range l.Definition.Offices {
			if office, ok := l.Offices[word]; ok {
				office.Fixed = maps.Clone(office.Fixed)
				if office.Pool == "" {
					// Without a beginning of its own a stock could have the name of another department's.
					office.Pool = OwnPrefix + l.City + "-" + word
				}
				o.Offices[word] = office
			}
		}
		if l.Definition.wants.Place {
			o.Places = func() []Place { return c.places()[l.City] }
		}
		out.locals[localKey(l.City, l.Definition.ID, l.Definition.Version)] = o
		if _, on := c.cities[l.City]; l.Live && on {
			out.offers[l.City] = append(slices.Clip(out.offers[l.City]), o)
		}
	}
	return &out
}

func localKey(city, id string, version int) string { return fmt.Sprintf("%s/%s@%d", city, id, version) }

// OwnOffices gives the offices of a city's pack that belong to whoever runs the accounts: those that answer for a service of one of the
// accounts, by office word. A service that a department makes itself may ask these and no others.
func (c *Catalogue) OwnOffices(city string, accounts []string) map[string]Office {
	out := map[string]Office{}
	p, ok := c.cities[city]
	if !ok {
		return out
	}
	for _, s := range p.services {
		d := c.latest[s.id]
		if d == nil || !slices.Contains(accounts, s.account) {
			continue
		}
		if o, bound := p.Offices[d.Owner]; bound {
			out[d.Owner] = o
		}
	}
	return out
}

// Tells lists what the calls of the definition tell an office, by the names of the inputs.
func (d *Definition) Tells(word string) []string {
	d.whole()
	var out []string
	for _, st := range d.steps {
		for _, c := range []*callDef{st.call, st.settled, st.void} {
			if c == nil || c.office != word {
				continue
			}
			for _, a := range c.with {
				out = append(out, a.name)
			}
		}
	}
	return out
}

// Asking is one question that a definition puts to an office, and what it makes of the answer.
type Asking struct {
	Call  string
	With  []string // names of the inputs
	Gives []Given  // what it reads, but known and as_of
	Many  bool     // it reads items, each with Gives
	Books bool     // it books the times that are answered
}

// Given is one member of an answer that a definition reads, by its declared kind.
type Given struct{ Name, Kind string }

// Asks lists the questions of look-ups and bookings to an office.
func (d *Definition) Asks(word string) []Asking {
	d.whole()
	var out []Asking
	for _, st := range d.steps {
		if st.call == nil || st.call.office != word || st.kind != kindLookup && st.kind != kindBook {
			continue
		}
		a := Asking{Call: st.call.call, Books: st.kind == kindBook}
		for _, x := range st.call.with {
			a.With = append(a.With, x.name)
		}
		from := st.facts
		if st.kind == kindBook || from == nil {
			out = append(out, a)
			continue
		}
		if list := from.field("items"); list != nil && list.elem != nil {
			a.Many, from = true, list.elem
		}
		for _, f := range from.fields {
			if f.name != "known" && f.name != "as_of" {
				a.Gives = append(a.Gives, Given{f.name, f.shape.kind})
			}
		}
		out = append(out, a)
	}
	return out
}

// Payees lists what the payments of the definition go to, as expressions: "office.traffic.payee".
func (d *Definition) Payees() []string {
	d.whole()
	var out []string
	for _, st := range d.steps {
		if st.kind == kindPay && st.payee != nil {
			out = append(out, st.payee.src)
		}
	}
	return out
}

// Leaves reports whether some step sends the resident to the site of an office.
func (d *Definition) Leaves(word string) bool { return slices.Contains(d.wants.Sites, word) }

// Live is the catalogue as it stands at this moment: its files, and what departments have published. It is safe for concurrent use; a
// reader that asks twice may be told of two states.
type Live struct {
	base *Catalogue
	now  atomic.Pointer[Catalogue]
}

// NewLive begins with the files alone.
func NewLive(base *Catalogue) *Live {
	l := &Live{base: base}
	l.now.Store(base)
	return l
}

// Set replaces all services of departments' own at once.
func (l *Live) Set(locals []Local) { l.now.Store(l.base.With(locals)) }

// Files is the catalogue without what departments made themselves. It never changes.
func (l *Live) Files() *Catalogue { return l.base }

// Groups is Catalogue.Groups.
func (l *Live) Groups() []Group { return l.base.Groups() }

// Group is Catalogue.Group.
func (l *Live) Group(id string) (Group, bool) { return l.base.Group(id) }

// Carries is Catalogue.Carries.
func (l *Live) Carries(id string) bool { return l.base.Carries(id) }

// Kinds is Catalogue.Kinds.
func (l *Live) Kinds(group string) []Kind { return l.base.Kinds(group) }

// Kind is Catalogue.Kind.
func (l *Live) Kind(id string) (Kind, bool) { return l.base.Kind(id) }

// Cities is Catalogue.Cities.
func (l *Live) Cities() []string { return l.base.Cities() }

// City is Catalogue.City.
func (l *Live) City(code string) (*CityPack, bool) { return l.base.City(code) }

// Offers is Catalogue.Offers at this moment: what departments made themselves comes last.
func (l *Live) Offers(city string) []Offer { return l.now.Load().Offers(city) }

// Offer is Catalogue.Offer at this moment.
func (l *Live) Offer(city, service string) (Offer, bool) { return l.now.Load().Offer(city, service) }

// Pinned is Catalogue.Pinned at this moment.
func (l *Live) Pinned(city, service string, version int) (Offer, bool) {
	return l.now.Load().Pinned(city, service, version)
}

// Bundle is Catalogue.Bundle.
func (l *Live) Bundle(id string, version int) (*Bundle, bool) { return l.base.Bundle(id, version) }

// Bundles is Catalogue.Bundles at this moment.
func (l *Live) Bundles(city string) []*Bundle { return l.now.Load().Bundles(city) }
