package city

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"zhijian/domain/region"
	"zhijian/door"
	"zhijian/ui/component"
	"zhijian/web/frame"
)

// chooser is the page that chooses a city.
type chooser struct {
	nav      component.Nav
	search   component.SearchBox
	note     component.Note
	found    []component.Item
	absent   component.Empty
	recent   component.Chips
	province component.Section
	cities   component.Chips
	letters  component.Chips
	letter   string
	others   []component.Item
	title    string
	words    map[string]string
}

// choose shows the cities: recent ones, one province, the pinyin index, the provinces. With ?q it searches; with
// ?service the choice leads to that service in the chosen city.
func (e *Entry) choose(w http.ResponseWriter, r *door.Request) error {
	r.Depends(TagCatalogue)
	p := chooser{title: e.f.T(r, "choose.title"), words: map[string]string{}}
	for _, key := range []string{"choose.place", "choose.recent", "choose.letter", "choose.others", "choose.results", "choose.observatory"} {
		p.words[key] = e.f.T(r, key)
	}
	p.nav = component.Nav{Title: p.title, Back: e.f.Home(r)}
	p.search = component.SearchBox{Action: "/", Plain: true, Value: r.Query("q"), Label: e.f.T(r, "choose.label"), Placeholder: e.f.T(r, "choose.hint"), Button: e.f.T(r, "choose.find")}
	if id := r.Query("service"); e.kind[id].ID != "" {
		p.search.Keep = []component.Hidden{{Name: "service", Value: id}}
		p.note = component.Note{Text: e.f.T(r, "choose.service", e.kind[id].Name.In(r.Lang))}
	}
	if r.Query("place") == "none" {
		p.note = component.Note{Tone: component.Warn, Text: e.f.T(r, "choose.nowhere")}
	}
	if q := strings.TrimSpace(r.Query("q")); q != "" {
		e.lookFor(r, q, &p)
	}
	for _, slug := range r.Recent {
		if c, ok := e.c.Regions.BySlug(slug); ok && c.IsCity() {
			p.recent.Items = append(p.recent.Items, component.Anchor{Text: frame.Name(r, c), Href: e.chosen(r, c), On: slug == r.City})
		}
	}
	e.provinces(r, &p)
	e.byLetter(r, &p)
	page := e.f.Page(r, p.title)
	page.Description = e.f.T(r, "choose.about")
	return e.f.Render(w, r, http.StatusOK, page, chooserPage(p))
}

// chosen is where the choice of a city leads.
func (e *Entry) chosen(r *door.Request, c region.Region) string {
	if id := r.Query("service"); e.kind[id].ID != "" {
		return servicePath(c, id)
	}
	return path(c)
}

// lookFor lists what a query finds: cities, provinces, and counties with the city they belong to.
func (e *Entry) lookFor(r *door.Request, q string, p *chooser) {
	for _, c := range e.c.Regions.Search(q, 12) {
		city, ok := e.c.Regions.City(c.Code)
		switch {
		case ok && city.Code == c.Code:
			p.found = append(p.found, component.Item{Title: frame.Name(r, c), Href: e.chosen(r, c), Lines: e.state(r, c)})
		case ok:
			p.found = append(p.found, component.Item{Title: frame.Name(r, c), Href: e.chosen(r, city), Lines: []string{e.f.T(r, "choose.within", frame.Name(r, city))}})
		case c.Level == region.Province:
			p.found = append(p.found, component.Item{Title: frame.Name(r, c), Href: "/?in=" + c.Slug, Lines: []string{e.count(r, c)}})
		}
	}
	if len(p.found) == 0 {
		p.absent = component.Empty{Title: e.f.T(r, "choose.absent", q), Text: e.f.T(r, "choose.absent.help")}
	}
}

// state says whether a city is open.
func (e *Entry) state(r *door.Request, c region.Region) []string {
	if n := e.offers(c.Code); n > 0 {
		return []string{e.f.T(r, "choose.open", n)}
	}
	return []string{e.f.T(r, "choose.closed")}
}

// count says how many cities of a province are open.
func (e *Entry) count(r *door.Request, province region.Region) string {
	all, open := len(e.cities[province.Code]), e.opened[province.Code]
	switch {
	case open == 0 && province.IsCity():
		return e.f.T(r, "choose.closed")
	case open == 0:
		return e.f.T(r, "choose.none")
	case province.IsCity():
		return e.f.T(r, "choose.whole")
	case open == all:
		return e.f.T(r, "choose.all", all)
	}
	return e.f.T(r, "choose.some", open)
}

func citiesOf(regions *region.Tree, province region.Region) []region.Region {
	if province.IsCity() {
		return []region.Region{province}
	}
	return slices.DeleteFunc(regions.Children(province.Code), func(c region.Region) bool { return !c.IsCity() })
}

// provinces fills the province shown (asked for, else that of the last city) and the list of the others.
func (e *Entry) provinces(r *door.Request, p *chooser) {
	shown, _ := e.c.Regions.BySlug(r.Query("in"))
	if last, ok := e.f.City(r); shown.Level != region.Province && ok {
		for _, up := range e.c.Regions.Path(last.Code) {
			if up.Level == region.Province {
				shown = up
			}
		}
	}
	if shown.Level == region.Province {
		p.province = component.Section{Title: frame.Name(r, shown), Note: e.count(r, shown), Small: true}
		if r.Lang != "en" {
			p.province.Title = shown.Name
		}
		for _, c := range e.cities[shown.Code] {
			p.cities.Items = append(p.cities.Items, component.Anchor{Text: frame.Name(r, c), Href: e.chosen(r, c)})
		}
	}
	keep := ""
	if id := r.Query("service"); e.kind[id].ID != "" {
		keep = "&service=" + url.QueryEscape(id)
	}
	var closed []component.Item // after those with an open city
	for _, c := range e.c.Regions.Provinces() {
		if c.Code == shown.Code {
			continue
		}
		name, href := c.Name, "/?in="+c.Slug+keep
		if r.Lang == "en" {
			name = c.En
		}
		if c.IsCity() {
			href = e.chosen(r, c)
		} else if len(e.cities[c.Code]) == 0 {
			continue // Hong Kong, Macau and Taiwan have no cities in the tables of 2015
		}
		it := component.Item{Title: name, Href: href, Lines: []string{e.count(r, c)}}
		if e.opened[c.Code] > 0 {
			p.others = append(p.others, it)
		} else {
			closed = append(closed, it)
		}
	}
	p.others = append(p.others, closed...)
}

// byLetter fills the pinyin index and, when a letter is asked for, its cities.
func (e *Entry) byLetter(r *door.Request, p *chooser) {
	asked := strings.ToUpper(r.Query("letter"))
	keep := ""
	if id := r.Query("service"); e.kind[id].ID != "" {
		keep = "&service=" + url.QueryEscape(id)
	}
	for _, l := range e.letter {
		p.letters.Items = append(p.letters.Items, component.Anchor{Text: l.Letter, Href: "/?letter=" + l.Letter + keep, On: l.Letter == asked})
		if l.Letter != asked {
			continue
		}
		p.letter = e.f.T(r, "choose.beginning", l.Letter)
		p.cities = component.Chips{}
		p.province = component.Section{Title: p.letter, Note: e.f.T(r, "choose.n", strconv.Itoa(len(l.Cities))), Small: true}
		for _, c := range l.Cities {
			p.cities.Items = append(p.cities.Items, component.Anchor{Text: frame.Name(r, c), Href: e.chosen(r, c)})
		}
	}
	p.letters.Label = e.f.T(r, "choose.letter")
}

// locate leads to the city at a place. The place is used for this one answer and kept nowhere.
func (e *Entry) locate(w http.ResponseWriter, r *door.Request) error {
	lat, err1 := strconv.ParseFloat(r.Query("lat"), 64)
	lng, err2 := strconv.ParseFloat(r.Query("lng"), 64)
	if err1 != nil || err2 != nil {
		return r.See(w, "/?place=none")
	}
	c := e.c.Regions.Nearest(lng, lat)
	if c.Code == "" {
		return r.See(w, "/?place=none")
	}
	return r.See(w, path(c))
}
