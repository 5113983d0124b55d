// Package frame is what all residents' pages share: the frame around them, the words, and the pages that say that
// something could not be done.
//
// A handler makes its content as a templ component, asks Page for the frame with everything that the request decides
// (language, theme, elder mode, city, demo line) and hands both to Render, which counts unread messages where a tab bar
// shows them, puts in the form token and writes the answer whole. Nothing is written before the content is drawn, so that
// a page that cannot be drawn becomes an error page.
package frame

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"zhijian/domain/region"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/web/words"
)

// Unread counts a resident's unread messages; message.Desk does.
type Unread interface {
	Unread(ctx context.Context, a actor.Actor) (int, error)
}

// Config is what the frame needs. Every field but Demo is required.
type Config struct {
	Regions *region.Tree
	Assets  layout.Assets
	Unread  Unread
	Words   *words.Book
	Clock   clock.Clock
	// Demo puts 演示数据 at the foot of every page.
	Demo bool
	// Tiles lie under maps; the zero value for none.
	Tiles component.TileServer
}

// Frame draws residents' pages.
type Frame struct {
	c    Config
	pool sync.Pool
}

// New checks the configuration.
func New(c Config) (*Frame, error) {
	switch {
	case c.Regions == nil:
		return nil, errors.New("frame: Regions is missing")
	case c.Assets == nil:
		return nil, errors.New("frame: Assets is missing")
	case c.Unread == nil:
		return nil, errors.New("frame: Unread is missing")
	case c.Words == nil:
		return nil, errors.New("frame: Words is missing")
	case c.Clock == nil:
		return nil, errors.New("frame: Clock is missing")
	}
	return &Frame{c: c, pool: sync.Pool{New: func() any { return new(bytes.Buffer) }}}, nil
}

// Clock is the house's clock, for what a page says of today.
func (f *Frame) Clock() clock.Clock { return f.c.Clock }

// Tiles are what lies under maps.
func (f *Frame) Tiles() component.TileServer { return f.c.Tiles }

// Demo reports whether this is a demonstration.
func (f *Frame) Demo() bool { return f.c.Demo }

// T gives a sentence in the request's language.
func (f *Frame) T(r *door.Request, key string, args ...any) string {
	return f.c.Words.T(r.Lang, key, args...)
}

// Has reports whether there is a sentence of this key.
func (f *Frame) Has(key string) bool { return f.c.Words.Has(key) }

// Sentence gives a fault's sentence in the request's language.
func (f *Frame) Sentence(r *door.Request, e *fault.Error) string { return f.c.Words.Fault(r.Lang, e) }

// City is the city the request's person last used; false when there is none.
func (f *Frame) City(r *door.Request) (region.Region, bool) {
	if r.City == "" {
		return region.Region{}, false
	}
	c, ok := f.c.Regions.BySlug(r.City)
	return c, ok && c.IsCity()
}

// Home is the path of that city's entry; empty when there is none, as layout.Page.Home wants it.
func (f *Frame) Home(r *door.Request) string {
	if c, ok := f.City(r); ok {
		return "/city/" + c.Slug
	}
	return ""
}

// Name is a region's name in the request's language.
func Name(r *door.Request, c region.Region) string {
	if r.Lang == "en" && c.En != "" {
		return c.En
	}
	return c.Short
}

// Page begins the frame of a page. The caller sets Tab, Description, Failed, Refresh and what else its page has.
func (f *Frame) Page(r *door.Request, title string) layout.Page {
	p := layout.Page{
		Lang: r.Lang, Title: title, Theme: r.Theme, Elder: r.Elder, Demo: f.c.Demo,
		Inline: !r.HasStyle, Assets: f.c.Assets, Home: f.Home(r),
	}
	if c, ok := f.City(r); ok {
		p.City = Name(r, c)
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		p.Path = unprefixed(r.Local())
	}
	return p
}

// unprefixed is a path in its Chinese form, as components and layouts take it.
func unprefixed(path string) string {
	rest, ok := strings.CutPrefix(path, "/en")
	if !ok || (rest != "" && rest[0] != '/' && rest[0] != '?') {
		return path
	}
	if rest == "" || rest[0] == '?' {
		return "/" + rest
	}
	return rest
}

// Unread is how many messages of the request's resident are unread: one read for a request, however often it is asked;
// 0 for a visitor.
func (f *Frame) Unread(r *door.Request) (int, error) {
	if !r.SignedIn() {
		return 0, nil
	}
	return r.Unread(func() (int, error) { return f.c.Unread.Unread(r.Context(), r.Actor) })
}

// Render writes a whole page: one read when a tab bar shows a resident's unread count, none otherwise.
func (f *Frame) Render(w http.ResponseWriter, r *door.Request, status int, p layout.Page, content templ.Component) error {
	if p.Tab != "" {
		n, err := f.Unread(r)
		if err != nil {
			return err
		}
		p.Unread = n
	}
	p.Token = r.Token(w)
	return f.write(w, r, status, p.In(), content)
}

// Show writes a whole page in a frame of another kind, which carries neither token nor tab bar and links its style sheets.
func (f *Frame) Show(w http.ResponseWriter, r *door.Request, status int, in, content templ.Component) error {
	return f.write(w, r, status, in, content)
}

// Assets are the built files, for frames of another kind.
func (f *Frame) Assets() layout.Assets { return f.c.Assets }

// Regions are the places of the country.
func (f *Frame) Regions() *region.Tree { return f.c.Regions }

func (f *Frame) write(w http.ResponseWriter, r *door.Request, status int, in, content templ.Component) error {
	b := f.pool.Get().(*bytes.Buffer)
	defer func() {
		if b.Cap() < 1<<20 {
			b.Reset()
			f.pool.Put(b)
		}
	}()
	if err := in.Render(templ.WithChildren(r.Context(), content), b); err != nil {
		return err
	}
	r.KeepStyle(w)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a browser that hangs up is no fault of ours
	return nil
}

// Flash is what the page before left to say, once; it is the first thing in a page's main part, and draws nothing when
// there is nothing. Ask for it before Render.
func (f *Frame) Flash(w http.ResponseWriter, r *door.Request) component.Flash {
	key := r.TakeFlash(w)
	if key == "" || !f.c.Words.Has(key) {
		return component.Flash{}
	}
	return component.Flash{Text: f.T(r, key)}
}

// Problems turns an Invalid with all it carries into the error summary's list, each leading to its input's id. It gives
// nil for an error of another kind.
func (f *Frame) Problems(r *door.Request, err error) []component.Problem {
	e := fault.Of(err)
	if e == nil || e.Kind != fault.KindInvalid {
		return nil
	}
	var list []component.Problem
	for _, one := range e.All() {
		list = append(list, component.Problem{ID: one.Field, Text: f.Sentence(r, one)})
	}
	return list
}

// Field gives the sentence about one input in an Invalid, "" when there is none.
func (f *Frame) Field(r *door.Request, err error, name string) string {
	e := fault.Of(err)
	if e == nil || e.Kind != fault.KindInvalid {
		return ""
	}
	for _, one := range e.All() {
		if one.Field == name {
			return f.Sentence(r, one)
		}
	}
	return ""
}
