// Package city is the entry of a city: choosing one, its home, finding a service, what a service is, and the accounts
// that answer for them.
//
// Pages for visitors are kept rendered (door.Cached) and depend on the tags "city:<code>", "accounts" and "catalogue";
// a resident's home is put together from a kept part and two reads, of their cases and of their unread messages (and one for
// each unpaid order). Ratings are read once a minute and city.
// Opening a case is the only thing done here; a city that does not offer a service says so and names 12345.
package city

import (
	"context"
	"errors"
	"net/http"
	"time"

	"zhijian/domain/account"
	"zhijian/domain/cases"
	"zhijian/domain/department"
	"zhijian/domain/identity"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/domain/service/find"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/web/frame"
	"zhijian/web/steps"
)

// Shelf knows what there is and what each city offers; service.Live does. Groups, kinds and cities do not change while the house runs; what a
// city offers does when a department publishes.
type Shelf interface {
	Groups() []service.Group
	// Kinds lists the kinds of a group, all for "".
	Kinds(group string) []service.Kind
	// Offers lists what a city (GB/T 2260 code) offers; empty for a city that is not switched on.
	Offers(city string) []service.Offer
	Offer(city, id string) (service.Offer, bool)
	// City finds a city's pack; false for a city that is not switched on.
	City(code string) (*service.CityPack, bool)
	Cities() []string
	// Bundles lists the matters of life that can be had in a city.
	Bundles(city string) []*service.Bundle
}

// Cases opens cases, lists what waits for a resident, and says how a city's services are rated; cases.Desk does.
type Cases interface {
	Open(ctx context.Context, a actor.Actor, o cases.Opening) (cases.Case, error)
	Waiting(ctx context.Context, a actor.Actor, limit int) ([]cases.Waiting, error)
	Ratings(ctx context.Context, city string) (map[string]cases.Stars, error)
}

// Accounts finds official accounts; account.Desk does.
type Accounts interface {
	ByAlias(ctx context.Context, alias string) (account.Account, error)
	Of(ctx context.Context, region string) ([]account.Account, error)
}

// Departments finds departments; department.Desk does.
type Departments interface {
	Department(ctx context.Context, id int64) (department.Department, error)
}

// Favourites keeps services at hand; identity.Desk does.
type Favourites interface {
	Favourites(ctx context.Context, a actor.Actor) ([]identity.Favourite, error)
	Favour(ctx context.Context, a actor.Actor, city, service string, on bool) error
}

// Office asks a department's system; outside/office does. It is asked for the weather line alone, and for which systems are away.
type Office interface {
	Call(ctx context.Context, system, call, key string, with map[string]any) (map[string]any, error)
	// Down says since when a system does not answer, the zero time when it was never connected.
	Down(system string) (since time.Time, down bool)
	// Shut says until when a system is not asked because too many ask or its quota is used up, with the code of the fault.
	Shut(system string) (code string, until time.Time, ok bool)
}

// Config is what the entry needs. Office may be nil: there is no weather line then, and no word of systems that are away.
type Config struct {
	Frame       *frame.Frame
	Regions     *region.Tree
	Shelf       Shelf
	Synonyms    find.Synonyms
	Cases       Cases
	Accounts    Accounts
	Departments Departments
	Favourites  Favourites
	Office      Office
	Searches    Searches // nil counts none
	Uses        Uses     // nil leaves everything in the catalogue's order
}

// Uses knows how much services of a city are used, taken together: a level from 0 to live.MostUsed. It orders what is otherwise equal.
type Uses interface {
	Level(city string, services ...string) int
}

// Searches counts searches in a city's entry. found says that the city offers something of what was meant; what was typed is not told.
type Searches interface {
	Searched(city string, found bool)
}

// Entry draws the pages.
type Entry struct {
	c     Config
	f     *frame.Frame
	sky   *sky
	parts *parts
	stars *stars
	found *indexes

	sketch *steps.Sketch
	groups []service.Group
	group  map[string]service.Group
	kind   map[string]service.Kind
	cities map[string][]region.Region // province code → its cities
	opened map[string]int             // province code → how many of them are open
	letter []region.Letter
}

// New checks the configuration.
func New(c Config) (*Entry, error) {
	switch {
	case c.Frame == nil:
		return nil, errors.New("city: Frame is missing")
	case c.Regions == nil:
		return nil, errors.New("city: Regions is missing")
	case c.Shelf == nil:
		return nil, errors.New("city: Shelf is missing")
	case c.Cases == nil:
		return nil, errors.New("city: Cases is missing")
	case c.Accounts == nil:
		return nil, errors.New("city: Accounts is missing")
	case c.Departments == nil:
		return nil, errors.New("city: Departments is missing")
	case c.Favourites == nil:
		return nil, errors.New("city: Favourites is missing")
	}
	e := &Entry{c: c, f: c.Frame, group: map[string]service.Group{}, kind: map[string]service.Kind{}}
	e.sky = newSky(c.Office, c.Frame.Clock())
	e.parts = newParts(c.Frame.Clock())
	e.sketch = steps.NewSketch(c.Frame, c.Regions)
	e.found = newIndexes(c.Frame.Clock())
	e.stars = newStars(c.Cases, c.Frame.Clock())
	e.groups = c.Shelf.Groups()
	for _, g := range e.groups {
		e.group[g.ID] = g
	}
	for _, k := range c.Shelf.Kinds("") {
		e.kind[k.ID] = k
	}
	e.letter, e.cities, e.opened = c.Regions.Letters(), map[string][]region.Region{}, map[string]int{}
	for _, p := range c.Regions.Provinces() {
		e.cities[p.Code] = citiesOf(c.Regions, p)
		for _, one := range e.cities[p.Code] {
			e.opened[p.Code] += min(1, e.offers(one.Code))
		}
	}
	return e, nil
}

// offers is how many services a city offers.
func (e *Entry) offers(code string) int { return len(e.c.Shelf.Offers(code)) }

// Forget drops what is kept in memory of a city's accounts and services; code "" drops all. The rendered pages are
// dropped by door.Cache with the same tags.
func (e *Entry) Forget(code string) {
	e.parts.forget(code)
	e.found.forget(code)
}

// Routes are the pages of the entry.
func (e *Entry) Routes() []door.Route {
	search := door.Limit{Class: door.Searching}
	return []door.Route{
		{Method: http.MethodGet, Path: "/{$}", About: "choose a city", Access: door.Public, Cached: &door.Cached{For: 10 * time.Minute, Query: []string{"in", "letter"}, Personal: true}, Handler: e.choose},
		{Method: http.MethodGet, Path: "/locate", About: "the city at a place", Access: door.Public, Limit: search, Handler: e.locate},
		{Method: http.MethodGet, Path: "/search", About: "search in the city last used", Access: door.Public, Limit: search, Handler: e.searchAnywhere},
		{Method: http.MethodGet, Path: "/city/{slug}", About: "a city's home", Access: door.Public, Cached: &door.Cached{}, Handler: e.home},
		{Method: http.MethodGet, Path: "/city/{slug}/services", About: "services by group", Access: door.Public, Cached: &door.Cached{Query: []string{"group"}}, Handler: e.services},
		{Method: http.MethodGet, Path: "/city/{slug}/search", About: "search in a city", Access: door.Public, Limit: search, Handler: e.search},
		{Method: http.MethodGet, Path: "/city/{slug}/services/{id}", About: "what a service is", Access: door.Public, Cached: &door.Cached{}, Handler: e.service},
		{Method: http.MethodGet, Path: "/city/{slug}/services/{id}/check", About: "whether one may have a service: a few questions", Access: door.Public, Limit: search, Handler: e.precheck},
		{Method: http.MethodPost, Path: "/city/{slug}/services/{id}/check", About: "whether one may have a service: the answer; nothing is kept", Access: door.Public, Limit: search, Handler: e.judge},
		{Method: http.MethodGet, Path: "/city/{slug}/services/{id}/list", About: "what to have ready, to print and tick", Access: door.Public, Cached: &door.Cached{}, Handler: e.list},
		{Method: http.MethodPost, Path: "/city/{slug}/services/{id}/start", About: "open a case", Access: door.Public, Plain: true, Limit: door.Limit{Lists: []string{"*"}}, Handler: e.start},
		{Method: http.MethodPost, Path: "/city/{slug}/services/{id}/favourite", About: "keep a service at hand", Access: door.ResidentAt(1), Handler: e.favour},
		{Method: http.MethodGet, Path: "/a/{alias}", About: "an official account", Access: door.Public, Cached: &door.Cached{}, Handler: e.account},
	}
}

// Tags that kept pages depend on besides TagCity.
const (
	TagAccounts  = "accounts"
	TagCatalogue = "catalogue"
)

// TagCity is the tag of all pages of a city.
func TagCity(code string) string { return "city:" + code }

// at finds the city of a path; fault.NotFound when the slug is none.
func (e *Entry) at(w http.ResponseWriter, r *door.Request) (region.Region, error) {
	c, ok := e.c.Regions.BySlug(r.PathValue("slug"))
	if !ok || !c.IsCity() {
		return region.Region{}, fault.NotFound("city", "没有找到这座城市，请重新选择")
	}
	r.KeepCity(w, c.Slug)
	r.Depends(TagCity(c.Code), TagAccounts, TagCatalogue)
	return c, nil
}

// by is who answers for an offer, as residents know it: its account, else its department.
func (e *Entry) by(r *door.Request, o service.Offer) string {
	if pack, ok := e.c.Shelf.City(o.City); ok {
		for _, a := range pack.Accounts {
			if a.Alias == o.Account {
				return a.Name.In(r.Lang)
			}
		}
	}
	return o.Department
}

func path(c region.Region) string { return "/city/" + c.Slug }

func servicePath(c region.Region, id string) string { return path(c) + "/services/" + id }
