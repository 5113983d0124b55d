package city

import (
	"net/http"
	"strings"

	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/web/frame"
)

// shelfPage is the page of all services: groups at the left, one group's services at the right.
type shelfPage struct {
	head    component.Head
	rail    component.Rail
	title   string
	count   string
	offered []component.Item
	absent  []component.Item
	closed  string // heading over what is not offered
	empty   component.Empty
	note    component.Note
}

// mine is the group of what a resident keeps at hand.
const mine = "mine"

// together is the group of what takes several services.
const together = "bundle"

// services lists what a city offers: all of it, or one group with what it does not offer yet. With ?q it searches.
func (e *Entry) services(w http.ResponseWriter, r *door.Request) error {
	c, err := e.at(w, r)
	if err != nil {
		return err
	}
	r.Visited(door.Visit{Kind: door.VisitView, Region: c.Code})
	if q := strings.TrimSpace(r.Query("q")); q != "" {
		return e.results(w, r, c, q)
	}
	group := r.Query("group")
	if _, ok := e.group[group]; !ok && group != "" && group != mine && group != together {
		return fault.NotFound("group", "没有找到这一类服务，请从左边重新选择")
	}
	offers := e.byUse(c.Code, e.c.Shelf.Offers(c.Code))
	v := shelfPage{
		head: component.Head{
			Title: e.f.T(r, "services.title", frame.Name(r, c)), More: component.Anchor{Text: e.f.T(r, "services.city"), Href: "/"},
			Search: &component.SearchBox{Action: path(c) + "/search", Plain: true, Label: e.f.T(r, "services.label"), Placeholder: e.f.T(r, "services.hint", len(offers))},
		},
		rail: e.rail(r, c, group),
	}
	switch group {
	case "":
		v.title = e.f.T(r, "services.open")
		if v.offered, err = e.rows(r, c, offers, ""); err != nil {
			return err
		}
		if len(offers) == 0 {
			v.note = component.Note{Text: e.f.T(r, "home.closed", frame.Name(r, c))}
		}
	case together:
		v.title, v.offered = e.f.T(r, "home.matters"), e.matters(r, c)
	case mine:
		if err := e.mine(r, &v); err != nil {
			return err
		}
	default:
		v.title = e.group[group].Name.In(r.Lang)
		if v.offered, err = e.rows(r, c, offers, group); err != nil {
			return err
		}
		v.absent, v.closed = e.notOffered(r, c, group), e.f.T(r, "services.closed", frame.Name(r, c))
	}
	v.count = e.f.T(r, "services.n", len(v.offered))
	p := e.page(r, c, v.head.Title)
	p.Tab, p.City = "services", ""
	p.Description = e.f.T(r, "services.about", frame.Name(r, c))
	return e.f.Render(w, r, http.StatusOK, p, servicesPage(v))
}

func (e *Entry) rail(r *door.Request, c region.Region, group string) component.Rail {
	at := path(c) + "/services"
	rail := component.Rail{Label: e.f.T(r, "services.rail"), Items: []component.Anchor{
		{Text: e.f.T(r, "services.mine"), Href: at + "?group=" + mine, On: group == mine},
		{Text: e.f.T(r, "services.open"), Href: at, On: group == ""},
		{Text: e.f.T(r, "home.matters"), Href: at + "?group=" + together, On: group == together},
	}}
	for _, g := range e.groups {
		rail.Items = append(rail.Items, component.Anchor{Text: g.Name.In(r.Lang), Href: at + "?group=" + g.ID, On: g.ID == group})
	}
	return rail
}

func (e *Entry) rows(r *door.Request, c region.Region, offers []service.Offer, group string) ([]component.Item, error) {
	var list []component.Item
	for _, o := range offers {
		if group == "" || o.Definition.Group == group {
			it, err := e.shelfItem(r, c, o)
			if err != nil {
				return nil, err
			}
			list = append(list, it)
		}
	}
	return list, nil
}

// notOffered lists the kinds of a group that a city has not opened, so that nobody searches in vain.
func (e *Entry) notOffered(r *door.Request, c region.Region, group string) []component.Item {
	var list []component.Item
	for _, k := range e.c.Shelf.Kinds(group) {
		if _, ok := e.c.Shelf.Offer(c.Code, k.ID); !ok {
			list = append(list, component.Item{Title: k.Name.In(r.Lang), Href: servicePath(c, k.ID)})
		}
	}
	return list
}

// mine lists what a resident keeps at hand, of all cities.
func (e *Entry) mine(r *door.Request, v *shelfPage) error {
	v.title = e.f.T(r, "services.mine")
	if !r.SignedIn() {
		v.empty = component.Empty{Title: e.f.T(r, "services.mine.none"), Text: e.f.T(r, "services.mine.visitor"), Button: component.Button{Text: e.f.T(r, "login"), Href: door.With("/login", r.Local())}}
		return nil
	}
	list, err := e.c.Favourites.Favourites(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	for _, one := range list {
		c, ok := e.city(one.City)
		if !ok {
			continue
		}
		if o, ok := e.c.Shelf.Offer(c.Code, one.Service); ok {
			it, err := e.shelfItem(r, c, o)
			if err != nil {
				return err
			}
			it.Lines[0] = frame.Name(r, c) + "　" + it.Lines[0]
			v.offered = append(v.offered, it)
		}
	}
	if len(v.offered) == 0 {
		v.empty = component.Empty{Title: e.f.T(r, "services.mine.none"), Text: e.f.T(r, "services.mine.help")}
	}
	return nil
}

// city finds a city by code or slug.
func (e *Entry) city(word string) (region.Region, bool) {
	c, ok := e.c.Regions.Find(word)
	if !ok {
		c, ok = e.c.Regions.BySlug(word)
	}
	return c, ok && c.IsCity()
}
