package steps

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"zhijian/domain/cases"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/web/frame"
)

// Sketch draws the pages of a case that is kept nowhere, for a definition's own tests. It is safe for concurrent use.
type Sketch struct{ s *Steps }

// NewSketch makes a Sketch.
func NewSketch(f *frame.Frame, regions *region.Tree) *Sketch {
	return &Sketch{&Steps{c: Config{Frame: f, Regions: regions}, f: f}}
}

// Page gives the HTML of what a resident of an offer's city must see, in Chinese or, with "en", in English. day is the day of a calendar
// that they look at, YYYY-MM-DD: those before it are left out, so that the page opens with it; with "" all are there.
func (k *Sketch) Page(ctx context.Context, offer service.Offer, v service.View, lang, day string, now time.Time) (string, error) {
	v.Days = slices.DeleteFunc(slices.Clone(v.Days), func(d service.Day) bool { return d.Date < day })
	p, content, err := k.draw(ctx, offer, v, lang, now)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = p.In().Render(templ.WithChildren(ctx, content), &b)
	return b.String(), err
}

// Content is Page without the frame around it, to be drawn into another page that has the residents' style sheet and the console's. Nothing in
// it leads anywhere: whoever draws it makes it inert.
func (k *Sketch) Content(ctx context.Context, offer service.Offer, v service.View, lang string, at component.Pointer, now time.Time) (templ.Component, error) {
	s := *k.s
	s.pointed = at
	_, content, err := (&Sketch{&s}).draw(ctx, offer, v, lang, now)
	return content, err
}

func (k *Sketch) draw(ctx context.Context, offer service.Offer, v service.View, lang string, now time.Time) (layout.Page, templ.Component, error) {
	shown := sketched(offer, v, lang, now)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, stepPath(shown.Case.No, v.Step), nil)
	if err != nil {
		return layout.Page{}, nil, err
	}
	p, content := k.s.Draw(nowhere{}, &door.Request{Request: req, Lang: lang, HasStyle: true}, shown, nil)
	return p, content, nil
}

// sketched is a case that would stand at a view.
func sketched(offer service.Offer, v service.View, lang string, now time.Time) cases.Shown {
	c := cases.Case{ID: 1, No: "0SKETCH", Resident: 1, City: offer.City, Service: offer.Definition.ID, Version: offer.Definition.Version, Lang: lang, Opened: now, Updated: now}
	switch v.Kind {
	case service.ViewWait:
		c.State = cases.Filing
	case service.ViewPay:
		c.State = cases.Paying
	case service.ViewResult:
		c.State, c.Ended = cases.Done, now
	default:
		c.State = cases.Draft
	}
	return cases.Shown{Case: c, Offer: offer, View: v}
}

// nowhere is an answer that nobody waits for.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}
