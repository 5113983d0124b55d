// Package bundle draws the pages of a matter of life (一件事): what it is, its shared questions one thing a page, and one course over all
// its services once it runs.
//
// The public page is kept rendered and depends on the catalogue. The rest is for a signed-in resident and their own bundles only; a page
// reads the bundle and the cases it names, and a GET changes nothing. Everything works without script.
package bundle

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"net/http"

	bundles "zhijian/domain/bundle"
	"zhijian/domain/cases"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/web/city"
	"zhijian/web/frame"
	"zhijian/web/steps"
)

//go:embed zh.yaml en.yaml
var sentences embed.FS

// Words are the sentences of the pages, for words.Open.
func Words() fs.FS { return sentences }

// Desk runs bundles; bundles.Desk does.
type Desk interface {
	Known(city, id string) (*service.Bundle, bool)
	Open(ctx context.Context, a actor.Actor, o bundles.Opening) (bundles.Bundle, error)
	Show(ctx context.Context, w cases.Who, no, step string) (bundles.Shown, error)
	Answer(ctx context.Context, w cases.Who, no, step string, values map[string][]string) (bundles.Bundle, error)
	Change(ctx context.Context, w cases.Who, no, step string) (bundles.Bundle, error)
	Choose(ctx context.Context, w cases.Who, no, member string, c bundles.Choice) (bundles.Bundle, error)
	Close(ctx context.Context, w cases.Who, no string) (bundles.Bundle, error)
}

// Config is what the pages need. Every field is required.
type Config struct {
	Frame   *frame.Frame
	Regions *region.Tree
	Offers  service.Offers
	Desk    Desk
}

// Pages draws them. It is safe for concurrent use.
type Pages struct {
	c      Config
	f      *frame.Frame
	sketch *steps.Sketch
}

// New checks the configuration.
func New(c Config) (*Pages, error) {
	if c.Frame == nil || c.Regions == nil || c.Offers == nil || c.Desk == nil {
		return nil, errors.New("bundle: Frame, Regions, Offers or Desk is missing")
	}
	return &Pages{c: c, f: c.Frame, sketch: steps.NewSketch(c.Frame, c.Regions)}, nil
}

// Routes are the pages.
func (p *Pages) Routes() []door.Route {
	mine := door.ResidentAt(1)
	lists := door.Limit{Lists: []string{"*"}}
	return []door.Route{
		{Method: http.MethodGet, Path: "/city/{slug}/bundles/{id}", About: "what a matter of life is", Access: door.Public, Cached: &door.Cached{}, Handler: p.about},
		{Method: http.MethodPost, Path: "/city/{slug}/bundles/{id}/start", About: "begin a matter of life", Access: door.Public, Plain: true, Handler: p.start},
		{Method: http.MethodGet, Path: "/bundles/{no}", About: "how a matter of life stands, or on to its questions", Access: mine, Handler: p.course},
		{Method: http.MethodGet, Path: "/bundles/{no}/steps/{step}", About: "one page of the shared questions", Access: mine, Handler: p.show},
		{Method: http.MethodPost, Path: "/bundles/{no}/steps/{step}", About: "answer a page of the shared questions", Access: mine, Limit: lists, Handler: p.answer},
		{Method: http.MethodPost, Path: "/bundles/{no}/members/{member}", About: "leave out, add or try again one service of it", Access: mine, Handler: p.choose},
		{Method: http.MethodGet, Path: "/bundles/{no}/away", About: "confirm putting a matter of life away", Access: mine, Handler: p.askClose},
		{Method: http.MethodPost, Path: "/bundles/{no}/away", About: "put a matter of life away", Access: mine, Handler: p.close},
	}
}

// Path is where a bundle that was begun is.
func Path(no string) string { return "/bundles/" + no }

func stepPath(no, step string) string { return Path(no) + "/steps/" + step }

// About is where a bundle of a city is told.
func About(slug, id string) string { return "/city/" + slug + "/bundles/" + id }

// at finds city and bundle of a path.
func (p *Pages) at(w http.ResponseWriter, r *door.Request) (region.Region, *service.Bundle, error) {
	c, ok := p.c.Regions.BySlug(r.PathValue("slug"))
	if !ok || !c.IsCity() {
		return region.Region{}, nil, fault.NotFound("city", "没有找到这座城市，请重新选择")
	}
	r.KeepCity(w, c.Slug)
	r.Depends(city.TagCity(c.Code), city.TagCatalogue)
	b, ok := p.c.Desk.Known(c.Code, r.PathValue("id"))
	if !ok {
		return region.Region{}, nil, fault.NotFound("bundle.unknown", "这个城市还没有开通这件事")
	}
	return c, b, nil
}

// home is the city's page of a running bundle.
func (p *Pages) home(code string) string {
	if c, ok := p.c.Regions.Find(code); ok {
		return "/city/" + c.Slug
	}
	return "/"
}
