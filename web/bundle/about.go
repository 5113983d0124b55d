package bundle

import (
	"net/http"
	"strconv"
	"time"

	bundles "zhijian/domain/bundle"
	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/web/frame"
)

// aboutPage says what a bundle is before it is begun.
type aboutPage struct {
	nav      component.Nav
	flash    component.Flash
	title    string
	about    string
	rows     component.SummaryList
	members  component.Section
	services []component.Item
	needs    component.Section
	ready    []component.Item
	note     component.Note
	form     component.Form
	button   component.Button
}

func (p *Pages) about(w http.ResponseWriter, r *door.Request) error {
	c, b, err := p.at(w, r)
	if err != nil {
		return err
	}
	v := aboutPage{
		nav: component.Nav{Title: p.f.T(r, "bundle.kind"), Back: "/city/" + c.Slug}, flash: p.f.Flash(w, r), title: b.Name.In(r.Lang), about: b.About.In(r.Lang),
		members: component.Section{Title: p.f.T(r, "bundle.members"), Small: true}, needs: component.Section{Title: p.f.T(r, "bundle.needs"), Small: true},
		form:   component.Form{Action: About(c.Slug, b.ID) + "/start"},
		button: component.Button{Text: p.f.T(r, "bundle.start")},
	}
	if note := b.Note.In(r.Lang); note != "" {
		v.note = component.Note{Text: note}
	}
	saving := b.Saves(c.Code, p.c.Offers, nil)
	v.rows.Rows = append([]component.Row{{Key: p.f.T(r, "bundle.who"), Value: b.Who.In(r.Lang)}}, p.saving(r, saving)...)
	for _, m := range b.Members {
		o, ok := p.c.Offers.Offer(c.Code, m.Service)
		if !ok {
			continue
		}
		it := component.Item{Title: o.Definition.Name.In(r.Lang), Lines: []string{m.Why.In(r.Lang)}, Href: "/city/" + c.Slug + "/services/" + m.Service}
		for _, e := range m.After {
			if before, ok := b.Member(e.Member); ok {
				if name := p.name(r, c.Code, before.Service); name != "" {
					it.Lines = append(it.Lines, p.f.T(r, "bundle.after", name))
				}
			}
		}
		if o.Definition.How == "window" {
			it.Tags = append(it.Tags, component.Tag{Text: p.f.T(r, "bundle.window"), Tone: component.Warn})
		}
		v.services = append(v.services, it)
	}
	for _, n := range saving.Needs {
		v.ready = append(v.ready, p.need(r, n))
	}
	page := p.f.Page(r, v.title)
	page.City, page.Home, page.Description = frame.Name(r, c), "/city/"+c.Slug, v.about
	return p.f.Render(w, r, http.StatusOK, page, aboutView(v))
}

// name is what a service is called in a city; "" where it is not offered.
func (p *Pages) name(r *door.Request, code, id string) string {
	if o, ok := p.c.Offers.Offer(code, id); ok {
		return o.Definition.Name.In(r.Lang)
	}
	return ""
}

// need is a line of what to have ready.
func (p *Pages) need(r *door.Request, n service.Need) component.Item {
	it := component.Item{Title: n.Text.In(r.Lang)}
	if n.Form != "" {
		it.Lines = append(it.Lines, p.f.T(r, "need."+n.Form))
	}
	if where := n.Where.In(r.Lang); where != "" {
		it.Lines = append(it.Lines, where)
	}
	if n.Fetched {
		it.Tags = append(it.Tags, component.Tag{Text: p.f.T(r, "need.fetched"), Tone: component.OK})
	}
	return it
}

// saving says what doing it together spares, in rows.
func (p *Pages) saving(r *door.Request, s service.Saving) []component.Row {
	row := func(key string, args ...any) component.Row {
		return component.Row{Key: p.f.T(r, key), Value: p.f.T(r, key+".value", args...)}
	}
	out := []component.Row{row("bundle.count", s.Members)}
	if s.AskedApart > s.Asked {
		out = append(out, row("bundle.asked", s.Asked, s.AskedApart))
	}
	if s.NeedsApart > len(s.Needs) {
		out = append(out, row("bundle.papers", len(s.Needs), s.NeedsApart))
	}
	if s.DaysApart >= 24*time.Hour && s.DaysApart > s.Days {
		out = append(out, row("bundle.days", days(s.Days), days(s.DaysApart)))
	}
	if s.Visits > 0 {
		out = append(out, row("bundle.visits", s.Visits, s.Members-s.Visits))
	} else {
		out = append(out, component.Row{Key: p.f.T(r, "bundle.visits"), Value: p.f.T(r, "bundle.visits.none")})
	}
	return out
}

func days(d time.Duration) string {
	const day = 24 * time.Hour
	return strconv.Itoa(int(max(1, (d+day-1)/day)))
}

// start begins a bundle and leads to it. Who must sign in first comes back to the page.
func (p *Pages) start(w http.ResponseWriter, r *door.Request) error {
	c, b, err := p.at(w, r)
	if err != nil {
		return err
	}
	one, err := p.c.Desk.Open(r.Context(), r.Actor, bundles.Opening{City: c.Code, Bundle: b.ID, Channel: cases.ByPage})
	if fault.Is(err, fault.KindDenied) && !r.SignedIn() {
		return r.See(w, door.With("/login", r.Link(About(c.Slug, b.ID))))
	}
	if err != nil {
		return err
	}
	return r.See(w, Path(one.No))
}
