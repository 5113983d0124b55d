package city

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"zhijian/domain/region"
	"zhijian/domain/service/find"
	"zhijian/door"
	"zhijian/ui/component"
	"zhijian/web/frame"
)

const (
	longestQuery = 100
	mostHits     = 40
)

// results is the page of a search.
type results struct {
	nav      component.NavSearch
	tabs     component.Tabs
	title    string
	heard    component.Note
	elder    component.PostButton
	services []component.Item
	accounts []component.Item
	absent   []component.Item
	heading  struct{ services, accounts, absent string }
	empty    component.Empty
	suggest  component.Chips
	groups   component.Chips
	help     struct{ suggest, groups, call string }
}

// searchAnywhere searches in the city last used; without one, among all kinds of service, and a hit first asks for the city.
func (e *Entry) searchAnywhere(w http.ResponseWriter, r *door.Request) error {
	c, _ := e.f.City(r)
	return e.results(w, r, c, strings.TrimSpace(r.Query("q")))
}

// search searches in the city of the path.
func (e *Entry) search(w http.ResponseWriter, r *door.Request) error {
	c, err := e.at(w, r)
	if err != nil {
		return err
	}
	return e.results(w, r, c, strings.TrimSpace(r.Query("q")))
}

func (e *Entry) results(w http.ResponseWriter, r *door.Request, c region.Region, q string) error {
	if runes := []rune(q); len(runes) > longestQuery {
		q = string(runes[:longestQuery])
	}
	index, err := e.index(r.Context(), c, r.Lang)
	if err != nil {
		return err
	}
	found := index.Search(q, mostHits)
	action, home := "/search", "/"
	if c.Code != "" {
		action, home = path(c)+"/search", path(c)
	}
	v := results{
		nav:   component.NavSearch{Back: home, Search: component.SearchBox{Action: action, Value: q, Plain: true, Placeholder: e.f.T(r, "home.hint")}},
		title: e.f.T(r, "search.title", q),
	}
	v.heading.services, v.heading.accounts = e.f.T(r, "search.services"), e.f.T(r, "search.accounts")
	v.heading.absent = e.f.T(r, "search.absent", frame.Name(r, c))
	if c.Code == "" {
		v.heading.absent = v.heading.services
	}
	if found.Heard != nil {
		v.heard = component.Note{Text: e.f.T(r, "search.heard", found.Heard.Word, found.Heard.Official)}
	}
	if wantsElder(q) && !r.Elder {
		v.elder = component.PostButton{Action: "/me/elder", Button: component.Button{Text: e.f.T(r, "search.elder"), Tone: component.Line, Icon: "type", Block: true}, Hidden: []component.Hidden{{Name: "mode", Value: "elder"}, {Name: "back", Value: r.Link(home)}}}
	}
	e.hits(r, c, found.Hits, &v)
	e.filter(r, action, q, &v)
	if q == "" {
		v.title = e.f.T(r, "search.ask")
	} else if e.c.Searches != nil && c.Code != "" {
		e.c.Searches.Searched(c.Code, slices.ContainsFunc(found.Hits, func(h find.Hit) bool { return h.Doc.Kind != foundKind }))
	}
	if len(found.Hits) == 0 {
		e.nothing(r, c, q, found.Suggest, action, &v)
	}
	p := e.f.Page(r, v.title)
	if c.Code != "" {
		p = e.page(r, c, v.title)
	}
	p.Tab = "services"
	return e.f.Render(w, r, http.StatusOK, p, resultsPage(v))
}

// wantsElder recognises the words by which people look for 长辈版 (ux-rules R6.1).
func wantsElder(q string) bool {
	for _, word := range []string{"长辈", "大字", "关怀", "老年", "老人", "elder", "large text"} {
		if strings.Contains(strings.ToLower(q), word) {
			return true
		}
	}
	return false
}

func (e *Entry) hits(r *door.Request, c region.Region, list []find.Hit, v *results) {
	for _, h := range list {
		it := component.Item{Title: h.Doc.Title, Hits: pieces(h)}
		switch h.Doc.Kind {
		case foundService:
			o, ok := e.c.Shelf.Offer(c.Code, h.Doc.ID)
			if !ok {
				continue
			}
			it.Href, it.Lines = servicePath(c, h.Doc.ID), []string{o.Definition.About.In(r.Lang)}
			if by := e.by(r, o); by != "" {
				it.Tags = append(it.Tags, component.Tag{Text: by})
			}
			it.Tags = append(it.Tags, e.howTag(r, o.Definition))
			v.services = append(v.services, it)
		case foundMatter:
			it.Href, it.Lines = path(c)+"/bundles/"+h.Doc.ID, []string{h.Doc.Sub}
			it.Tags = []component.Tag{{Text: e.f.T(r, "home.matters"), Tone: component.OK}}
			v.services = append(v.services, it)
		case foundAccount:
			it.Href, it.Lines = "/a/"+h.Doc.ID, []string{h.Doc.Sub}
			v.accounts = append(v.accounts, it)
		default:
			it.Href = "/?service=" + url.QueryEscape(h.Doc.ID)
			if c.Code != "" {
				it.Href = servicePath(c, h.Doc.ID)
			}
			it.Lines = []string{e.group[e.kind[h.Doc.ID].Group].Name.In(r.Lang)}
			v.absent = append(v.absent, it)
		}
	}
}

// pieces are the marked parts of a hit's title.
func pieces(h find.Hit) []string {
	runes := []rune(h.Doc.Title)
	var list []string
	for _, m := range h.Marks {
		if m[0] >= 0 && m[0] < m[1] && m[1] <= len(runes) {
			list = append(list, string(runes[m[0]:m[1]]))
		}
	}
	return list
}

// filter makes the tabs and leaves what the chosen one shows.
func (e *Entry) filter(r *door.Request, action, q string, v *results) {
	services, accounts := len(v.services)+len(v.absent), len(v.accounts)
	if services == 0 || accounts == 0 {
		return // one sort of result needs no tabs
	}
	chosen := r.Query("type")
	at := action + "?q=" + url.QueryEscape(q)
	v.tabs = component.Tabs{Label: e.f.T(r, "search.tabs"), Items: []component.Anchor{
		{Text: e.f.T(r, "search.all", strconv.Itoa(services+accounts)), Href: at, On: chosen != "service" && chosen != "account"},
		{Text: v.heading.services + " " + strconv.Itoa(services), Href: at + "&type=service", On: chosen == "service"},
		{Text: v.heading.accounts + " " + strconv.Itoa(accounts), Href: at + "&type=account", On: chosen == "account"},
	}}
	switch chosen {
	case "service":
		v.accounts = nil
	case "account":
		v.services, v.absent = nil, nil
	}
}

// nothing helps where there is no hit: what may have been meant, the groups, a person to ask (ux-rules R4.1).
func (e *Entry) nothing(r *door.Request, c region.Region, q string, suggest []string, action string, v *results) {
	if q != "" && v.elder.Action == "" {
		v.empty = component.Empty{Title: e.f.T(r, "search.none", q), Text: e.f.T(r, "search.none.help")}
	}
	for _, s := range suggest {
		v.suggest.Items = append(v.suggest.Items, component.Anchor{Text: s, Href: action + "?q=" + url.QueryEscape(s)})
	}
	if c.Code != "" {
		for _, g := range e.groups {
			v.groups.Items = append(v.groups.Items, component.Anchor{Text: g.Name.In(r.Lang), Href: path(c) + "/services?group=" + g.ID})
		}
	}
	v.help.suggest, v.help.groups, v.help.call = e.f.T(r, "search.suggest"), e.f.T(r, "home.grid"), e.f.T(r, "home.call")
}
