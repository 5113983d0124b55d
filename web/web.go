// Package web is the door for residents: server-rendered pages for a phone, in Chinese and English, that work without
// script. It wires the parts of the door: the frame all pages share, the entry of a city, static files and probes.
//
// The door keeps no state that another node may need: what it holds in memory are rendered public pages, dropped by
// Changed and after a minute at the latest.
package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"

	"zhijian/domain/account"
	"zhijian/domain/cases"
	"zhijian/domain/department"
	"zhijian/domain/identity"
	"zhijian/domain/message"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/domain/service/find"
	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ui/asset"
	"zhijian/ui/component"
	"zhijian/web/city"
	"zhijian/web/frame"
	"zhijian/web/words"
)

// Config is what the door needs. Every field but Office, Demo and Parts is required.
type Config struct {
	Door        *door.Door
	Regions     *region.Tree
	Catalogue   *service.Live
	Synonyms    find.Synonyms
	Assets      *asset.Asset
	Identity    *identity.Desk
	Cases       *cases.Desk
	Messages    *message.Desk
	Accounts    *account.Desk
	Departments *department.Desk
	// Office asks the weather bureau for the line on the home; nil leaves the line out.
	Office city.Office
	// Searches counts searches; nil counts none.
	Searches city.Searches
	// Uses knows how much services are used; nil leaves everything in the catalogue's order.
	Uses  city.Uses
	Clock clock.Clock
	// Demo marks every page as demonstration data.
	Demo bool
	// Tiles lie under maps; the zero value for none.
	Tiles component.TileServer
	// Parts are the further parts of the door; each is called with the frame and gives its routes.
	Parts []Part
}

// Part is a part of the door with pages of its own.
type Part struct {
	// Words has zh.yaml and en.yaml at its root; nil for none.
	Words fs.FS
	// Routes makes the part's routes.
	Routes func(*frame.Frame) ([]door.Route, error)
}

// Web is the door.
type Web struct {
	c     Config
	frame *frame.Frame
	entry *city.Entry
	more  []door.Route
}

// New checks the configuration.
func New(c Config) (*Web, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	var sentences []fs.FS
	for _, p := range c.Parts {
		if p.Words != nil {
			sentences = append(sentences, p.Words)
		}
	}
	book, err := words.Open(sentences...)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	w := &Web{c: c}
	if w.frame, err = frame.New(frame.Config{Regions: c.Regions, Assets: c.Assets, Unread: c.Messages, Words: book, Clock: c.Clock, Demo: c.Demo, Tiles: c.Tiles}); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	w.entry, err = city.New(city.Config{
		Frame: w.frame, Regions: c.Regions, Shelf: c.Catalogue, Synonyms: c.Synonyms, Cases: c.Cases,
		Accounts: c.Accounts, Departments: c.Departments, Favourites: c.Identity, Office: c.Office, Searches: c.Searches, Uses: c.Uses,
	})
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	for _, p := range c.Parts {
		routes, err := p.Routes(w.frame)
		if err != nil {
			return nil, fmt.Errorf("web: %w", err)
		}
		w.more = append(w.more, routes...)
	}
	return w, nil
}

func (c *Config) check() error {
	switch {
	case c.Door == nil:
		return errors.New("web: Door is missing")
	case c.Regions == nil:
		return errors.New("web: Regions is missing")
	case c.Catalogue == nil:
		return errors.New("web: Catalogue is missing")
	case c.Assets == nil:
		return errors.New("web: Assets is missing")
	case c.Identity == nil:
		return errors.New("web: Identity is missing")
	case c.Cases == nil:
		return errors.New("web: Cases is missing")
	case c.Messages == nil:
		return errors.New("web: Messages is missing")
	case c.Accounts == nil:
		return errors.New("web: Accounts is missing")
	case c.Departments == nil:
		return errors.New("web: Departments is missing")
	case c.Clock == nil:
		return errors.New("web: Clock is missing")
	}
	return nil
}

// Face answers for pages that do not exist and things that cannot be done; door.Handler wants it too.
func (w *Web) Face() door.Face { return w.frame }

// Frame is what other parts of the door draw their pages with.
func (w *Web) Frame() *frame.Frame { return w.frame }

// Changed drops rendered pages that an event has made old. Wire it to the events of accounts and departments; what it
// is not told of is a minute late at most.
func (w *Web) Changed(_ context.Context, e event.Event) error {
	tags := []string{city.TagAccounts}
	if e.Meta.Region != "" {
		tags = append(tags, city.TagCity(e.Meta.Region))
	}
	w.entry.Forget("")
	w.c.Door.Cache().Forget(tags...)
	return nil
}

// Restocked drops rendered pages after departments have published services or withdrawn them.
func (w *Web) Restocked() {
	w.entry.Forget("")
	w.c.Door.Cache().Forget(city.TagCatalogue)
}

// Reordered drops rendered pages of cities in which something else is used most.
func (w *Web) Reordered(cities []string) {
	for _, code := range cities {
		w.entry.Forget(code)
		w.c.Door.Cache().Forget(city.TagCity(code))
	}
}

// Mount puts the door's routes on mux.
func (w *Web) Mount(mux *http.ServeMux) error {
	if err := w.c.Door.Mount(mux, door.Set{Face: w.frame, Routes: w.Routes(), Pages: true}); err != nil {
		return err
	}
	return w.c.Door.Mount(mux, door.Set{Face: w.frame, Routes: w.Plain()})
}

// Routes are the pages, which exist in both languages.
func (w *Web) Routes() []door.Route { return append(w.entry.Routes(), w.more...) }

// Plain are the routes without a language: static files, probes, what robots and browsers ask for.
func (w *Web) Plain() []door.Route {
	files := w.c.Assets.Handler()
	return append([]door.Route{
		{Method: http.MethodGet, Path: asset.Prefix + "{file}", About: "styles, scripts and icons", Access: door.Public, AnyHost: true, Handler: func(out http.ResponseWriter, r *door.Request) error {
			files.ServeHTTP(out, r.Request)
			return nil
		}},
		{Method: http.MethodGet, Path: "/favicon.ico", About: "the mark, for browsers that ask", Access: door.Public, Handler: func(out http.ResponseWriter, _ *door.Request) error {
			out.Header().Set("Location", w.c.Assets.URL("logo.svg"))
			out.WriteHeader(http.StatusSeeOther)
			return nil
		}},
		{Method: http.MethodGet, Path: "/robots.txt", About: "what search engines may read", Access: door.Public, Handler: func(out http.ResponseWriter, _ *door.Request) error {
			out.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(out, "User-agent: *\nDisallow: /me\nDisallow: /cases\nDisallow: /login\nDisallow: /en/me\nDisallow: /en/cases\nDisallow: /en/login\n") // a robot that hangs up is no fault of ours
			return nil
		}},
	}, w.c.Door.Health()...)
}
