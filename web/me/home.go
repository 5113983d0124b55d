package me

import (
	"net/http"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/cursor"
	"zhijian/ground/format"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
	"zhijian/web/steps"
)

// homePage is a resident's own page.
type homePage struct {
	flash  component.Flash
	title  string
	avatar component.Avatar
	name   string
	level  string
	lists  [][]component.Item
	out    component.PostButton
}

// home shows who is signed in, masked, how well they are proven, and the ways on.
func (m *Me) home(w http.ResponseWriter, r *door.Request) error {
	who := r.Resident
	title := m.f.T(r, "me.title")
	p := m.f.Page(r, title)
	p.Tab, p.Plain = "me", true
	q := homePage{
		flash: m.f.Flash(w, r), title: title, name: format.Mask(format.FieldName, format.Staff, who.Name.Reveal()),
		avatar: component.Avatar{Char: m.f.T(r, "me.avatar"), Tone: "me", Size: "l", Round: true},
		level:  m.f.T(r, "level."+string(rune('0'+min(max(who.Level, 1), 4)))),
		out:    component.PostButton{Action: "/logout", Button: component.Button{Text: m.f.T(r, "me.out"), Tone: component.Line, Block: true, Icon: "log-out"}},
	}
	phone := format.Mask(format.FieldPhone, format.Own, who.Phone.Reveal())
	if q.name == "" {
		q.name = phone
	} else {
		q.avatar.Char = string([]rune(q.name)[:1])
		q.level += "　" + phone
	}
	item := func(key, icon, href string) component.Item {
		return component.Item{Title: m.f.T(r, key), Icon: icon, Href: href}
	}
	q.lists = [][]component.Item{
		{item("me.cases", "clipboard-list", "/me/cases"), item("me.favourites", "star", "/me/favourites")},
		{item("me.people", "users", "/me/people"), item("me.mandates", "user-check", "/me/mandates"), item("me.vehicles", "car", "/me/vehicles")},
		{item("me.sessions", "smartphone", "/me/sessions"), item("me.privacy", "shield", "/me/privacy"), item("me.settings", "settings", "/me/settings")},
	}
	if who.Level < 4 {
		prove := item("me.prove", "user-check", "/me/proof?level="+string(rune('1'+max(who.Level, 1)))+"&next=%2Fme")
		prove.Lines = []string{m.f.T(r, "me.prove.note")}
		last := len(q.lists) - 1
		q.lists[last] = append([]component.Item{prove}, q.lists[last]...)
	}
	return m.f.Render(w, r, http.StatusOK, p, homeView(q))
}

// listPage is a page of one or two lists with a pager.
type listPage struct {
	nav   component.Nav
	flash component.Flash
	title string
	first component.Section
	top   []component.Item
	// together are matters of life, which hold several cases
	together component.Section
	matters  []component.Item
	rest     component.Section
	items    []component.Item
	empty    component.Empty
	pager    component.Pager
	tab      bool
}

// perPage is how many rows a list shows.
const perPage = 20

// unfinished are the states in which it is the resident's turn, or soon will be.
func unfinished() []cases.State { return []cases.State{cases.Draft, cases.Paying} }

func others() []cases.State {
	return []cases.State{cases.Asking, cases.Filing, cases.Reviewing, cases.Supplying, cases.Recalling, cases.Refunding, cases.Stuck, cases.Done, cases.Answered, cases.Refused, cases.Withdrawn, cases.Expired}
}

// cases lists what is not finished, then the rest, newest change first.
func (m *Me) cases(w http.ResponseWriter, r *door.Request) error {
	after, err := cursor.Parse(r.Query("after"))
	if err != nil {
		return err
	}
	title := m.f.T(r, "me.cases")
	p := m.f.Page(r, title)
	p.Tab, p.Plain = "me", true
	q := listPage{nav: component.Nav{Title: title, Back: "/me"}, flash: m.f.Flash(w, r), title: title, tab: true}
	if after == (cursor.Cursor{}) {
		if q.matters, err = m.matters(r); err != nil {
			return err
		}
		q.together = component.Section{Title: m.f.T(r, "bundle.kind")}
		open, err := m.c.Cases.List(r.Context(), r.Actor, unfinished(), after, perPage)
		if err != nil {
			return err
		}
		for _, c := range open {
			q.top = append(q.top, m.caseItem(r, c))
		}
		q.first = component.Section{Title: m.f.T(r, "me.cases.open")}
	}
	list, err := m.c.Cases.List(r.Context(), r.Actor, others(), after, perPage)
	if err != nil {
		return err
	}
	for _, c := range list {
		q.items = append(q.items, m.caseItem(r, c))
	}
	q.rest = component.Section{Title: m.f.T(r, "me.cases.rest")}
	if len(list) == perPage {
		q.pager.Next = "/me/cases?after=" + list[len(list)-1].Cursor().String()
	}
	if after != (cursor.Cursor{}) {
		q.pager.Prev = "/me/cases"
	}
	if len(q.top)+len(q.items)+len(q.matters) == 0 {
		q.empty = component.Empty{Title: m.f.T(r, "me.cases.none"), Text: m.f.T(r, "me.cases.none.help"), Button: component.Button{Text: m.f.T(r, "me.find"), Href: m.find(r)}}
	}
	return m.f.Render(w, r, http.StatusOK, p, listView(q))
}

// matters lists the matters of life that a resident has begun and not put away.
func (m *Me) matters(r *door.Request) ([]component.Item, error) {
	list, err := m.c.Bundles.List(r.Context(), r.Actor)
	if err != nil {
		return nil, err
	}
	var out []component.Item
	for _, b := range list {
		def, ok := m.c.Bundles.Definition(b)
		if !ok || b.State.Over() {
			continue
		}
		it := component.Item{Title: def.Name.In(r.Lang), Href: "/bundles/" + b.No, Lines: []string{say.Ago(r.Lang, b.Updated, m.f.Clock().Now())}}
		it.Tags = []component.Tag{{Text: m.f.T(r, "bundle.state."+string(b.State)), Tone: component.Info}}
		out = append(out, it)
	}
	return out, nil
}

// find is where services are found.
func (m *Me) find(r *door.Request) string {
	if home := m.f.Home(r); home != "" {
		return home + "/services"
	}
	return "/"
}

func (m *Me) caseItem(r *door.Request, c cases.Case) component.Item {
	it := component.Item{Title: m.serviceName(r, c), Href: "/cases/" + c.No, Side: steps.StateTag(c.State, m.f.T(r, "steps.state."+string(c.State)))}
	if line := c.Summary.Reveal(); line != "" {
		it.Lines = append(it.Lines, line)
	}
	when := say.Ago(r.Lang, c.Updated, m.f.Clock().Now())
	if city, ok := m.c.Regions.Find(c.City); ok {
		when = frame.Name(r, city) + "　" + when
	}
	it.Lines = append(it.Lines, when)
	return it
}

func (m *Me) serviceName(r *door.Request, c cases.Case) string {
	if o, ok := m.c.Shelf.Pinned(c.City, c.Service, c.Version); ok {
		return name(r, o)
	}
	return c.Service
}

func name(r *door.Request, o service.Offer) string { return o.Definition.Name.In(r.Lang) }

// favourites lists the services kept at hand.
func (m *Me) favourites(w http.ResponseWriter, r *door.Request) error {
	list, err := m.c.Keeper.Favourites(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	title := m.f.T(r, "me.favourites")
	p := m.f.Page(r, title)
	p.Tab, p.Plain = "me", true
	q := listPage{nav: component.Nav{Title: title, Back: "/me"}, flash: m.f.Flash(w, r), title: title, tab: true}
	for _, f := range list {
		city, ok := m.c.Regions.Find(f.City)
		if !ok {
			if city, ok = m.c.Regions.BySlug(f.City); !ok {
				continue
			}
		}
		o, ok := m.c.Shelf.Offer(city.Code, f.Service)
		if !ok {
			continue // no longer offered there
		}
		q.items = append(q.items, component.Item{
			Title: name(r, o), Href: "/city/" + city.Slug + "/services/" + f.Service, Icon: "star",
			Lines: []string{frame.Name(r, city) + "　" + o.Department},
		})
	}
	if len(q.items) == 0 {
		q.empty = component.Empty{Title: m.f.T(r, "me.favourites.none"), Text: m.f.T(r, "me.favourites.help"), Button: component.Button{Text: m.f.T(r, "me.find"), Href: m.find(r)}}
	}
	return m.f.Render(w, r, http.StatusOK, p, listView(q))
}
