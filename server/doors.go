package server

import (
	"context"
	"encoding/hex"
	"net/http"
	"net/http/pprof"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"zhijian/api"
	"zhijian/bus/logbus"
	"zhijian/console"
	"zhijian/domain/observatory/live"
	"zhijian/domain/service/find"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/cursor"
	"zhijian/store"
	"zhijian/ui/receipt"
	"zhijian/ui/wording"
	"zhijian/web"
	"zhijian/web/bundle"
	"zhijian/web/chat"
	"zhijian/web/check"
	"zhijian/web/draws"
	"zhijian/web/frame"
	"zhijian/web/me"
	"zhijian/web/observatory"
	"zhijian/web/steps"
	"zhijian/web/trial"
)

// openDoors builds the handler of the whole house.
func (h *House) openDoors(context.Context) (err error) {
	if err := h.c.Tiles.Check(strings.HasPrefix(h.c.Origin, "http://")); err != nil { // a plain origin is on loopback
		return err
	}
	pay, err := url.Parse(h.c.World.URLs["pay"])
	if err != nil {
		return err
	}
	h.door, err = door.New(door.Config{
		Origin: h.c.Origin, Proxies: h.c.Proxies, PayOrigin: origin(pay), ImageOrigin: h.c.Tiles.Origin(),
		StyleHash: h.facts.assets.CriticalHash(), StyleCookie: h.facts.assets.CSSCookie(),
		Residents: h.rooms.identity, Members: h.rooms.staff, Clock: h.c.Clock, Secret: h.ring.Blind("door.tokens", "secret"),
		Log: h.c.Log, Metrics: h.metrics, Rates: h.c.Limits.rates(), Visits: h.visits, Ready: h.isReady,
	})
	if err != nil {
		return err
	}
	site, machines, desk, err := h.buildDoors()
	if err != nil {
		return err
	}
	pushed, err := h.wechatDoor()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	if err := site.Mount(mux); err != nil {
		return err
	}
	for _, set := range []door.Set{machines.Set(), desk.Set(), pushed.Set()} {
		if err := h.door.Mount(mux, set); err != nil {
			return err
		}
	}
	h.hear("web.cache", []string{"account.registered", "department.registered"}, site.Changed)
	h.shelf.changed = func() {
		h.found.forget()
		site.Restocked()
	}
	h.uses.changed = func(cities []string) {
		h.found.forget(cities...)
		site.Reordered(cities)
	}
	h.routes = slices.Concat(site.Routes(), site.Plain(), machines.Set().Routes, desk.Set().Routes, pushed.Set().Routes)
	h.openapi = machines.OpenAPI
	h.handler = h.door.Handler(mux, site.Face())
	return nil
}

func (h *House) buildDoors() (*web.Web, *api.API, *console.Console, error) {
	f, r := h.facts, h.rooms
	h.showcase, h.searches = newShowcase(h.c), newSearches(store.Facts{DB: h.db}, h.c.Log)
	h.uses = &uses{store: store.Facts{DB: h.db}, clock: h.c.Clock, log: h.c.Log}
	h.found = h.finder()
	site, err := web.New(web.Config{
		Door: h.door, Regions: f.regions, Catalogue: h.live, Synonyms: f.synonyms, Assets: f.assets,
		Identity: r.identity, Cases: r.cases, Messages: r.message, Accounts: r.account, Departments: r.department,
		Office: h.world.office, Searches: h.searches, Uses: h.uses, Clock: h.c.Clock, Demo: h.c.Demo, Tiles: h.c.Tiles,
		Parts: []web.Part{h.stepsPart(), h.chatPart(), h.mePart(), h.checkPart(), h.observatoryPart(), h.trialPart(), h.bundlePart(), h.drawsPart()},
	})
	if err != nil {
		return nil, nil, nil, err
	}
	machines, err := api.New(api.Config{
		Cases: r.cases, Bundle: r.bundle, Identity: r.identity, Message: r.message, Payment: r.payment, Notices: h.world.pay,
		Regions: f.regions, Catalogue: h.live, Find: h.found, Editions: h.showcase, Visits: h.visits.posts, Say: wording.Fault, Clock: h.c.Clock, Log: h.c.Log,
	})
	if err != nil {
		return nil, nil, nil, err
	}
	desk, err := console.New(console.Config{
		Staff: r.staff, Department: r.department, Cases: r.cases, Payment: r.payment, Booking: r.booking, Sheet: r.sheet, Catalogue: h.live, Deliveries: deliveries{h.bus},
		Accounts: r.account, Observatory: &statistics{showcase: h.showcase, house: h.night.gatherer, clock: h.c.Clock},
		Drafts: r.draft, Draws: r.draw, Screens: steps.NewSketch(site.Frame(), f.regions), Offices: healths{h.world.office}, Assets: f.assets, Clock: h.c.Clock, Origin: h.c.Origin, Demo: h.c.Demo,
	})
	return site, machines, desk, err
}

func (l Limits) rates() map[door.Class]door.Rate {
	if l.Rate <= 1 {
		return nil
	}
	rates := door.DefaultRates()
	for class, r := range rates {
		r.Burst *= l.Rate
		rates[class] = r
	}
	return rates
}

// deliveries shows the console what the bus has parked.
type deliveries struct{ bus *logbus.Bus }

// Parked lists parked events, newest first.
func (d deliveries) Parked(ctx context.Context, after cursor.Cursor, limit int) ([]console.Parked, error) {
	list, err := d.bus.Parked(ctx, after, limit)
	if err != nil {
		return nil, err
	}
	out := make([]console.Parked, 0, len(list))
	for _, p := range list {
		out = append(out, console.Parked{
			Consumer: p.Consumer, Event: p.Event.ID, Name: p.Event.Name, Key: p.Event.Key, Attempts: p.Attempts, Error: p.Error,
			Since: p.Since, Waiting: p.Waiting, After: p.Cursor(),
		})
	}
	return out, nil
}

// Retry delivers a parked event again.
func (d deliveries) Retry(ctx context.Context, a actor.Actor, consumer string, event int64) error {
	return d.bus.Retry(ctx, a, consumer, event)
}

// Skip leaves a parked event out.
func (d deliveries) Skip(ctx context.Context, a actor.Actor, consumer string, event int64) error {
	return d.bus.Skip(ctx, a, consumer, event)
}

// finder finds services of a city for the JSON API and chats. A city's index is made when somebody first searches there, and again when
// departments have published something since.
type finder struct {
	searches *searches
	index    func(city string) *find.Index
	cities   map[string]bool // that are switched on

	mu sync.Mutex
	of map[string]func() *find.Index
}

func (h *House) finder() *finder {
	f := &finder{searches: h.searches, index: h.index, cities: map[string]bool{}, of: map[string]func() *find.Index{}}
	for _, code := range h.live.Cities() {
		f.cities[code] = true
	}
	return f
}

// forget has the indexes of cities made again when they are next used, without cities every one.
func (f *finder) forget(cities ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(cities) == 0 {
		clear(f.of)
	}
	for _, code := range cities {
		delete(f.of, code)
	}
}

// in gives the index of a city.
func (f *finder) in(city string) *find.Index {
	f.mu.Lock()
	made := f.of[city]
	if made == nil {
		made = sync.OnceValue(func() *find.Index { return f.index(city) })
		f.of[city] = made
	}
	f.mu.Unlock()
	return made()
}

func (h *House) index(city string) *find.Index {
	var docs []find.Doc
	for _, o := range h.live.Offers(city) {
		d := o.Definition
		docs = append(docs, find.Doc{ID: d.ID, Kind: "service", Title: d.Name.Zh, Keywords: append([]string{d.Name.En}, d.Keywords...), Weight: 1, Use: float64(h.uses.Level(city, d.ID)) / live.MostUsed})
	}
	return find.New(docs, h.facts.synonyms)
}

// Services gives the ids of what q means in a city, best first.
func (f *finder) Services(city, q string, limit int) []string {
	if !f.cities[city] {
		return nil
	}
	var ids []string
	for _, hit := range f.in(city).Search(q, limit).Hits {
		ids = append(ids, hit.Doc.ID)
	}
	f.searches.Searched(city, len(ids) > 0)
	return ids
}

// adminHandler answers on the admin listener only.
func (h *House) adminHandler(ctx context.Context) http.Handler {
	h.metrics.MustRegister(moneyMeter{ctx, h.rooms.payment})
	h.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(h.metrics, promhttp.HandlerOpts{Timeout: 5 * time.Second}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// stepsPart are the pages of running cases.
func (h *House) stepsPart() web.Part {
	return web.Part{Words: steps.Words(), Routes: func(f *frame.Frame) ([]door.Route, error) {
		printer, err := receipt.New(h.facts.assets.Fonts())
		if err != nil {
			return nil, err
		}
		s, err := steps.New(steps.Config{
			Frame: f, Regions: h.facts.regions, Cases: h.rooms.cases, Files: h.rooms.cases, Visits: h.rooms.cases, Remedies: h.rooms.cases, Payments: h.rooms.payment, Printer: printer, Origin: h.c.Origin,
			Talk: talks{h.rooms.message, h.rooms.account}.path,
		})
		if err != nil {
			return nil, err
		}
		return s.Routes(), nil
	}}
}

// chatPart are the talks with accounts.
func (h *House) chatPart() web.Part {
	return web.Part{Words: chat.Words(), Routes: func(f *frame.Frame) ([]door.Route, error) {
		r := h.rooms
		x, err := chat.New(chat.Config{
			Frame: f, Regions: h.facts.regions, Shelf: h.live, Find: h.found, Cases: r.cases, Messages: r.message, Accounts: r.account, Origin: h.c.Origin,
		})
		if err != nil {
			return nil, err
		}
		h.chat = x
		return x.Routes(), nil
	}}
}

// mePart are signing in, proving and everything under /me.
func (h *House) mePart() web.Part {
	return web.Part{Words: me.Words(), Routes: func(f *frame.Frame) ([]door.Route, error) {
		r := h.rooms
		m, err := me.New(me.Config{
			Frame: f, Regions: h.facts.regions, Entrance: r.identity, Prover: r.identity, Keeper: r.identity, People: r.identity, Vehicles: r.identity,
			Cases: r.cases, Messages: r.message, Accounts: r.account, Shelf: h.live, Bundles: r.bundle, Followers: r.follower,
			Looks: h.looks(),
		})
		if err != nil {
			return nil, err
		}
		return m.Routes(), nil
	}}
}

// checkPart is where anybody checks a receipt.
func (h *House) checkPart() web.Part {
	return web.Part{Words: check.Words(), Routes: func(f *frame.Frame) ([]door.Route, error) {
		c, err := check.New(check.Config{Frame: f, Receipts: h.rooms.cases, Key: hex.EncodeToString(h.chainKey)})
		if err != nil {
			return nil, err
		}
		return c.Routes(), nil
	}}
}

// observatoryPart are the public pages of figures.
func (h *House) observatoryPart() web.Part {
	return web.Part{Words: observatory.Words(), Routes: func(f *frame.Frame) ([]door.Route, error) {
		p, err := observatory.New(observatory.Config{Frame: f, Editions: h.showcase})
		if err != nil {
			return nil, err
		}
		return p.Routes(), nil
	}}
}

// trialPart are the pages where a service that is being written is tried out.
func (h *House) trialPart() web.Part {
	return web.Part{Words: trial.Words(), Routes: func(f *frame.Frame) ([]door.Route, error) {
		t, err := trial.New(trial.Config{Frame: f, Regions: h.facts.regions, Drafts: h.rooms.draft, Ring: h.ring})
		if err != nil {
			return nil, err
		}
		return t.Routes(), nil
	}}
}

// bundlePart are the matters of life.
func (h *House) bundlePart() web.Part {
	return web.Part{Words: bundle.Words(), Routes: func(f *frame.Frame) ([]door.Route, error) {
		b, err := bundle.New(bundle.Config{Frame: f, Regions: h.facts.regions, Offers: h.live, Desk: h.rooms.bundle})
		if err != nil {
			return nil, err
		}
		return b.Routes(), nil
	}}
}

// drawsPart are the public pages of draws.
func (h *House) drawsPart() web.Part {
	return web.Part{Words: draws.Words(), Routes: func(f *frame.Frame) ([]door.Route, error) {
		d, err := draws.New(draws.Config{Frame: f, Book: h.rooms.draw, Origin: h.c.Origin})
		if err != nil {
			return nil, err
		}
		return d.Routes(), nil
	}}
}

// origin is where forms may lead to pay; empty while no channel is connected.
func origin(u *url.URL) string {
	if u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
