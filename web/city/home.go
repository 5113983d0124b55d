package city

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"zhijian/domain/account"
	"zhijian/domain/cases"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

const (
	gridItems  = 11 // and one for all groups
	elderTasks = 5  // and one for all services
	homeOffers = 6
	homeList   = 5
	todoItems  = 3
)

// common is the part of a city's home that all its readers share.
type common struct {
	elder    bool
	first    bool // nothing stands above: the first card reaches into the header
	grid     component.FieldGrid
	offers   []component.Item
	matters  []component.Item // 一件事
	accounts []component.Item
	headings struct{ matters, grid, favourites, offers, accounts, all, call, intro string }
	services string // path of all services
	closed   component.Note
}

// home is a city's entry. For a resident it costs two reads besides who they are: their open cases and unread count.
func (e *Entry) home(w http.ResponseWriter, r *door.Request) error {
	c, err := e.at(w, r)
	if err != nil {
		return err
	}
	r.Visited(door.Visit{Kind: door.VisitView, Region: c.Code})
	page := e.page(r, c, frame.Name(r, c))
	page.Tab, page.Title = "home", ""
	page.Description = e.f.T(r, "home.about", frame.Name(r, c))
	var todo component.TodoCard
	if r.SignedIn() {
		if todo, err = e.todo(r); err != nil {
			return err
		}
		if page.Unread, err = e.f.Unread(r); err != nil {
			return err
		}
	}
	key := partKey{city: c.Code, lang: r.Lang, elder: r.Elder, first: len(todo.Items) == 0}
	shared, err := e.parts.get(key, func() (part, error) { return e.drawCommon(r, c, page, key.first) })
	if err != nil {
		return err
	}
	hero := component.Hero{
		City: frame.Name(r, c), CityHref: "/", Unread: page.Unread,
		Weather:    e.sky.over(r.Context(), c.Code).lines(r.Lang, func(key string, args ...any) string { return e.f.T(r, key+"."+r.Lang, args...) }),
		Greeting:   e.greeting(r),
		ModeAction: "/me/elder", Back: r.Link(path(c)),
		Search: component.SearchBox{Action: path(c) + "/search", Placeholder: e.f.T(r, "home.hint")},
	}
	if r.Elder {
		hero.Search.Placeholder = e.f.T(r, "home.hint.elder")
	} else {
		hero.Sub = e.sub(r, c, shared.accounts)
	}
	return e.f.Render(w, r, http.StatusOK, page, homePage(e.f.Flash(w, r), hero, todo, templ.Raw(shared.html)))
}

// page begins a page of a city.
func (e *Entry) page(r *door.Request, c region.Region, title string) layout.Page {
	p := e.f.Page(r, title)
	p.City, p.Home = frame.Name(r, c), path(c)
	return p
}

func (e *Entry) sub(r *door.Request, c region.Region, accounts int) string {
	name := c.Name
	if r.Lang == "en" {
		name = c.En
	}
	offers := e.offers(c.Code)
	if offers == 0 {
		return e.f.T(r, "home.sub.closed", name)
	}
	return e.f.T(r, "home.sub", name, say.Digits(int64(accounts)), say.Digits(int64(offers)))
}

// greeting is the h1. 长辈版 greets a resident by name and title (GB 11643: the 17th digit is odd for men).
func (e *Entry) greeting(r *door.Request) string {
	name, number := r.Resident.Name.Reveal(), r.Resident.CitizenNumber.Reveal()
	if !r.Elder {
		return e.f.T(r, "home.greeting")
	}
	if r.Lang == "en" || name == "" || len(number) != 18 {
		return e.f.T(r, "home.greeting.elder")
	}
	family := string([]rune(name)[:1])
	for _, two := range []string{"欧阳", "司马", "上官", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐", "长孙", "宇文"} {
		if strings.HasPrefix(name, two) && len([]rune(name)) > 2 {
			family = two
		}
	}
	if strings.Contains(name, "·") {
		return e.f.T(r, "home.greeting.elder")
	}
	if (number[16]-'0')%2 == 1 {
		return e.f.T(r, "home.greeting.mr", family)
	}
	return e.f.T(r, "home.greeting.ms", family)
}

// todo lists what waits for the resident: what it is, what it costs, until when, and what to do.
func (e *Entry) todo(r *door.Request) (component.TodoCard, error) {
	list, err := e.c.Cases.Waiting(r.Context(), r.Actor, todoItems)
	if err != nil {
		return component.TodoCard{}, err
	}
	var card component.TodoCard
	now := e.f.Clock().Now()
	for _, one := range list {
		c := one.Case
		name := e.kind[c.Service].Name
		if o, ok := e.c.Shelf.Offer(c.City, c.Service); ok {
			name = o.Definition.Name
		}
		t := component.Todo{Title: name.In(r.Lang), Where: c.Summary.Reveal(), Href: "/cases/" + c.No, Verb: e.f.T(r, "todo.draft")}
		if t.Where == "" {
			t.Where = e.f.T(r, "todo.begun", say.Ago(r.Lang, c.Updated, now))
		}
		t.Due, t.Rest = say.By(r.Lang, one.Until, now), e.f.T(r, "todo.draft.rest")
		if c.State == cases.Paying {
			t.Verb, t.Rest = e.f.T(r, "todo.pay"), e.f.T(r, "todo.pay.rest")
			if one.Until.Sub(now) < 24*time.Hour {
				t.Due = say.ByTime(r.Lang, one.Until, now)
			}
		}
		if one.Amount > 0 {
			t.Amount = say.Money(r.Lang, one.Amount)
		}
		card.Items = append(card.Items, t)
	}
	return card, nil
}

// drawCommon renders the shared part.
func (e *Entry) drawCommon(r *door.Request, c region.Region, page layout.Page, first bool) (part, error) {
	accounts, err := e.c.Accounts.Of(r.Context(), c.Code)
	if err != nil {
		return part{}, err
	}
	v := common{elder: r.Elder, first: first, services: path(c) + "/services"}
	v.headings.grid, v.headings.favourites = e.f.T(r, "home.grid"), e.f.T(r, "home.favourites")
	v.headings.matters = e.f.T(r, "home.matters")
	v.matters = e.matters(r, c)
	v.headings.offers, v.headings.accounts = e.f.T(r, "home.offers"), e.f.T(r, "home.accounts")
	v.headings.all, v.headings.call = e.f.T(r, "home.all"), e.f.T(r, "home.call")
	v.headings.intro = e.f.T(r, "home.intro.elder", frame.Name(r, c))
	offers := e.byUse(c.Code, everyday(e.c.Shelf.Offers(c.Code)))
	if len(offers) == 0 {
		v.closed = component.Note{Text: e.f.T(r, "home.closed", frame.Name(r, c))}
	}
	if r.Elder {
		v.headings.grid = e.f.T(r, "home.grid.elder")
		v.grid = e.tasks(r, c, offers)
	} else {
		v.grid = e.grid(r, c)
		for _, o := range offers[:min(homeOffers, len(offers))] {
			v.offers = append(v.offers, e.offerItem(r, c, o))
		}
		for _, a := range accounts[:min(homeList, len(accounts))] {
			v.accounts = append(v.accounts, accountItem(r, a))
		}
	}
	var html strings.Builder
	if err := page.Fragment(commonPart(v)).Render(r.Context(), &html); err != nil {
		return part{}, err
	}
	return part{html: html.String(), accounts: len(accounts)}, nil
}

// matters are the matters of life that several services belong to.
func (e *Entry) matters(r *door.Request, c region.Region) []component.Item {
	var list []component.Item
	for _, b := range e.c.Shelf.Bundles(c.Code) {
		list = append(list, component.Item{Title: b.Name.In(r.Lang), Href: path(c) + "/bundles/" + b.ID, Icon: b.Icon, Lines: []string{b.About.In(r.Lang)}})
	}
	return list
}

// everyday puts what most people come for first; the rest stays in the order of the kinds.
func everyday(offers []service.Offer) []service.Offer {
	first := []string{
		"vehicle-violation-query", "traffic-fine-payment", "hospital-registration", "social-insurance-query", "provident-fund-query",
		"electricity-bill-payment", "weather-forecast",
	}
	rank := func(o service.Offer) int {
		if i := slices.Index(first, o.Definition.ID); i >= 0 {
			return i
		}
		return len(first)
	}
	slices.SortStableFunc(offers, func(a, b service.Offer) int { return cmp.Compare(rank(a), rank(b)) })
	return offers
}

// used is how much services are used in a city, taken together.
func (e *Entry) used(city string, services ...string) int {
	if e.c.Uses == nil {
		return 0
	}
	return e.c.Uses.Level(city, services...)
}

// byUse puts what is used most in a city first; what is used alike stays in its order.
func (e *Entry) byUse(city string, offers []service.Offer) []service.Offer {
	slices.SortStableFunc(offers, func(a, b service.Offer) int {
		return cmp.Compare(e.used(city, b.Definition.ID), e.used(city, a.Definition.ID))
	})
	return offers
}

// gridGroups are the groups of the grid in the order in which a city begins; what is used more there comes before them.
func (e *Entry) gridGroups(city string) []service.Group {
	first := []string{"police", "traffic-police", "health", "social-security", "education", "housing", "transit", "tax", "utility", "exit-entry", "weather"}
	of := map[string][]string{}
	for _, o := range e.c.Shelf.Offers(city) {
		of[o.Definition.Group] = append(of[o.Definition.Group], o.Definition.ID)
	}
	groups := slices.Clone(e.groups)
	rank := func(g service.Group) int {
		if i := slices.Index(first, g.ID); i >= 0 {
			return i
		}
		return len(first)
	}
	slices.SortStableFunc(groups, func(a, b service.Group) int {
		return cmp.Or(cmp.Compare(e.used(city, of[b.ID]...), e.used(city, of[a.ID]...)), cmp.Compare(rank(a), rank(b)))
	})
	return groups[:min(gridItems, len(groups))]
}

// grid has the groups that residents of the city use most; the twelfth entry leads to all of them.
func (e *Entry) grid(r *door.Request, c region.Region) component.FieldGrid {
	var g component.FieldGrid
	for _, one := range e.gridGroups(c.Code) {
		g.Items = append(g.Items, component.GridItem{Icon: one.Icon, Text: one.Name.In(r.Lang), Href: path(c) + "/services?group=" + one.ID})
	}
	g.Items = append(g.Items, component.GridItem{Icon: "layout-grid", Text: e.f.T(r, "home.groups", strconv.Itoa(len(e.group))), Href: path(c) + "/services"})
	return g
}

// tasks has the city's own services, for 长辈版.
func (e *Entry) tasks(r *door.Request, c region.Region, offers []service.Offer) component.FieldGrid {
	var g component.FieldGrid
	for _, o := range offers[:min(elderTasks, len(offers))] {
		g.Items = append(g.Items, component.GridItem{Icon: e.icon(o.Definition), Text: o.Definition.Name.In(r.Lang), Href: servicePath(c, o.Definition.ID)})
	}
	g.Items = append(g.Items, component.GridItem{Icon: "layout-grid", Text: e.f.T(r, "home.all"), Href: path(c) + "/services"})
	return g
}

// icon is that of the service's group.
func (e *Entry) icon(d *service.Definition) string {
	if g, ok := e.group[d.Group]; ok {
		return g.Icon
	}
	return "landmark"
}

// offerItem is the row of a service: name, what it does, how it completes.
func (e *Entry) offerItem(r *door.Request, c region.Region, o service.Offer) component.Item {
	d := o.Definition
	return component.Item{
		Title: d.Name.In(r.Lang), Href: servicePath(c, d.ID), Icon: e.icon(d), Lines: []string{d.About.In(r.Lang)}, Side: e.howTag(r, d),
	}
}

// shelfItem is the row of a service among all of a city: name, who offers it, how it is rated, how it completes.
func (e *Entry) shelfItem(r *door.Request, c region.Region, o service.Offer) (component.Item, error) {
	d := o.Definition
	line := e.by(r, o)
	rated, ok, err := e.rated(r, o)
	if ok {
		line += "　" + e.f.T(r, "services.rated", mean(rated))
	}
	return component.Item{Title: d.Name.In(r.Lang), Href: servicePath(c, d.ID), Lines: []string{line}, Tags: []component.Tag{e.howTag(r, d)}}, err
}

// howTag says how a service completes.
func (e *Entry) howTag(r *door.Request, d *service.Definition) component.Tag {
	switch d.How {
	case "window":
		return component.Tag{Text: e.f.T(r, "how.window"), Tone: component.Warn}
	case "query":
		return component.Tag{Text: e.f.T(r, "how.query"), Tone: component.Info}
	}
	return component.Tag{Text: e.f.T(r, "how.online"), Tone: component.OK}
}

func accountItem(r *door.Request, a account.Account) component.Item {
	sign := frame.Avatar(a)
	it := component.Item{Title: frame.AccountName(a, r.Lang), Href: "/a/" + a.Alias, Avatar: &sign, Lines: []string{a.Intro}}
	if r.Lang == "en" && a.IntroEn != "" {
		it.Lines = []string{a.IntroEn}
	}
	return it
}
