// Package observatory is the public pages of figures: an overview, chapters, one page for each exhibit, region, sector and account, what
// is doubtful, how it was reckoned, and files to take away.
// A page of a region, a sector or an account says where it stands among its peers and what the next rank is away.
//
// Everything shown is of one edition: the newest that is not one of the house's own nights, or the one that ?edition= names, which makes an address permanent. Pages work
// without script; a small one tells numbers where one points and looks closer. Simulated data is called so on every page, in
// every file and in every picture, and search engines are asked to stay away from it. Where there is no edition the pages say
// how to make one. Figures come from exhibits and from what package standing gives out; sentences are chosen by them.
package observatory

import (
	"context"
	"embed"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/public"
	"zhijian/domain/observatory/standing"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/web/frame"
)

//go:embed zh.yaml en.yaml
var sentences embed.FS

// Words are the sentences of the pages, for words.Open.
func Words() fs.FS { return sentences }

// Editions shows the editions there are.
type Editions interface {
	// Editions lists those that can be shown, the newest last; none is no error.
	Editions(ctx context.Context) ([]public.Edition, error)
	// Exhibits gives those of an edition as the public may see them, in the catalogue's order; fault.NotFound when there is none.
	Exhibits(ctx context.Context, edition string) ([]observatory.Exhibit, error)
	// Book gives the accounts of an edition as the public may see them; fault.NotFound when there is none.
	Book(ctx context.Context, edition string) (*standing.Book, error)
	// Printed opens the printed report of an edition, a PDF, and gives its size in bytes; fault.NotFound when none was published. Close it.
	Printed(ctx context.Context, edition string) (io.ReadCloser, int64, error)
}

// Config is what the pages need. Every field is required.
type Config struct {
	Frame    *frame.Frame
	Editions Editions
}

// Pages draws the pages.
type Pages struct {
	c Config
	f *frame.Frame
}

// New checks the configuration.
func New(c Config) (*Pages, error) {
	if c.Frame == nil || c.Editions == nil {
		return nil, errors.New("observatory: Frame or Editions is missing")
	}
	return &Pages{c: c, f: c.Frame}, nil
}

// Routes are the pages.
func (p *Pages) Routes() []door.Route {
	page := func(path, about string, show func(*sight) (string, templ.Component, error), query ...string) door.Route {
		return door.Route{
			Method: http.MethodGet, Path: "/observatory" + path, About: about, Access: door.Public,
			Cached:  &door.Cached{Query: append(query, "edition")},
			Handler: func(w http.ResponseWriter, r *door.Request) error { return p.show(w, r, show) },
		}
	}
	return []door.Route{
		page("", "the figures of the newest edition at a glance", p.overview),
		page("/provinces", "the 31 provinces", p.chapter("provinces"), "sort"),
		page("/prefectures", "the prefectures", p.chapter("prefectures"), "sort"),
		page("/sectors", "the sectors", p.chapter("sectors"), "sort"),
		page("/services", "the services of the city entry", p.chapter("services"), "sort"),
		page("/compare", "two editions, or two regions, side by side", p.compare, "with"),
		page("/report", "the white paper of the newest edition: its summary", p.report),
		page("/report/{part}", "one chapter, appendix or list of the white paper", p.report),
		{
			Method: http.MethodGet, Path: "/observatory/report.pdf", About: "the printed white paper, where one was published", Access: door.Public,
			Handler: p.printed,
		},
		page("/method", "how figures are made, and all exhibits", p.method),
		page("/errata", "every doubt about every figure", p.errata),
		page("/regions/{code}", "how the nation, a province or a prefecture is doing, and what would move it", p.region),
		page("/sectors/{id}", "how a sector is doing, and what would move it", p.sector),
		{ // not kept: somebody who walks all accounts would push the pages out that people look at
			Method: http.MethodGet, Path: "/observatory/accounts/{id}", About: "how an account is doing, and what would move it", Access: door.Public,
			Handler: func(w http.ResponseWriter, r *door.Request) error { return p.show(w, r, p.account) },
		},
		{
			Method: http.MethodGet, Path: "/observatory/accounts", About: "accounts by name, region and sector", Access: door.Public, Limit: door.Limit{Class: door.Searching},
			Handler: func(w http.ResponseWriter, r *door.Request) error { return p.show(w, r, p.accounts) },
		},
		{
			Method: http.MethodGet, Path: "/observatory/exhibits/{id}", About: "one exhibit; with .csv, .json, .svg or .xlsx, its file", Access: door.Public,
			Handler: p.exhibit,
		},
		{
			Method: http.MethodGet, Path: "/observatory/embed/{id}", About: "one figure for another house's page", Access: door.Public,
			Handler: p.embed,
		},
	}
}

// sight is one request's view of one edition.
type sight struct {
	p       *Pages
	r       *door.Request
	lang    string
	all     []public.Edition
	edition public.Edition
	usual   bool // shown to who names none
	list    []observatory.Exhibit
	others  map[string]*sight // other editions that were looked at
}

// look finds the edition that is asked for. The edition has no name when there is none at all.
func (p *Pages) look(r *door.Request) (*sight, error) {
	s := &sight{p: p, r: r, lang: r.Lang}
	var err error
	if s.all, err = p.c.Editions.Editions(r.Context()); err != nil || len(s.all) == 0 {
		return s, err
	}
	usual := public.Usual(s.all)
	at := usual
	if name := r.Query("edition"); name != "" {
		at = slices.IndexFunc(s.all, func(e public.Edition) bool { return e.Name == name })
	}
	if at < 0 {
		return s, fault.NotFound("edition.none", "没有名为 %s 的版次", r.Query("edition"))
	}
	s.edition, s.usual = s.all[at], at == usual
	s.list, err = p.c.Editions.Exhibits(r.Context(), s.edition.Name)
	return s, err
}

// find gives an exhibit; nil when the edition has none of this id.
func (s *sight) find(id string) *observatory.Exhibit {
	for i := range s.list {
		if s.list[i].ID == id {
			return &s.list[i]
		}
	}
	return nil
}

// to is a path of these pages in this edition, with pairs of name and value behind it: "exhibits/table-1".
func (s *sight) to(path string, pairs ...string) string {
	v := query(pairs...)
	if !s.usual {
		v.Set("edition", s.edition.Name)
	}
	if path != "" {
		path = "/" + path
	}
	if len(v) > 0 {
		path += "?" + v.Encode()
	}
	return "/observatory" + path
}

// lasting is a path of these pages that names the edition.
func (s *sight) lasting(path string) string {
	return "/observatory/" + path + "?edition=" + url.QueryEscape(s.edition.Name)
}

// has reports whether there is such a sentence.
func (s *sight) has(key string) bool { return s.p.f.Has(key) }

func (s *sight) t(key string, args ...any) string { return s.p.f.T(s.r, key, args...) }

func (s *sight) say(t observatory.Text) string {
	if s.lang == "en" {
		return t.En
	}
	return t.Zh
}

// show draws a page of an edition, or the page that says how to make one.
func (p *Pages) show(w http.ResponseWriter, r *door.Request, content func(*sight) (string, templ.Component, error)) error {
	s, err := p.look(r)
	if err != nil {
		return err
	}
	if s.edition.Name == "" {
		return p.f.Show(w, r, http.StatusOK, s.frame(s.t("ob.none.title")).In(), nonePage(s))
	}
	title, body, err := content(s)
	if err != nil {
		return err
	}
	return p.f.Show(w, r, http.StatusOK, s.frame(title).In(), body)
}

// chapters are the entries of the bar: word and path.
var chapters = [][2]string{
	{"ob.nav.overview", ""},
	{"ob.nav.provinces", "provinces"},
	{"ob.nav.prefectures", "prefectures"},
	{"ob.nav.sectors", "sectors"},
	{"ob.nav.services", "services"},
	{"ob.nav.accounts", "accounts"},
	{"ob.nav.compare", "compare"},
	{"ob.nav.report", reportPath},
	{"ob.nav.errata", "errata"},
	{"ob.nav.method", "method"},
}

// frame is the frame of a page.
func (s *sight) frame(title string) layout.Observatory {
	o := layout.Observatory{
		Lang: s.lang, Title: title, Description: title + s.t("ob.about"), Theme: s.r.Theme, Elder: s.r.Elder, Demo: s.p.f.Demo(),
		Assets: s.p.f.Assets(), Path: chinese(s.r.Local()),
	}
	if s.edition.Simulated {
		o.Description = "" // search engines stay away: nobody should find invented figures
		o.Label, o.Notice = s.t("ob.simulated"), s.t("ob.simulated.notice", s.edition.Name)
		if _, live := s.edition.Live(); live {
			o.Notice = s.t("ob.simulated.live", s.edition.Name)
		}
	}
	here := chinese(s.r.URL.Path)
	for _, c := range chapters {
		path := "/observatory"
		if c[1] != "" {
			path += "/" + c[1]
		}
		o.Nav = append(o.Nav, component.Anchor{Text: s.t(c[0]), Href: s.to(c[1]), On: here == path || c[1] == reportPath && strings.HasPrefix(here, path+"/")})
	}
	return o
}
