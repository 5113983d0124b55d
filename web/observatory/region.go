package observatory

import (
	"math"
	"slices"

	"github.com/a-h/templ"

	"zhijian/domain/observatory"
	"zhijian/domain/region"
	"zhijian/ground/fault"
	"zhijian/ui/component"
)

// regionPage says how one region is doing.
type regionPage struct {
	title, lead string
	editions    []component.Anchor
	keys        []key
	beside      panel
	rows        []regionRow
	rowsHead    string
	within      []link
	withinHead  string
}

// regionRow is what one exhibit says of the region.
type regionRow struct {
	title, href string
	facts       []key
}

// neighbours is how many ranks above and below are shown.
const neighbours = 3

func (p *Pages) region(s *sight) (string, templ.Component, error) {
	code := s.r.PathValue("code")
	place, ok := p.f.Regions().Find(code)
	if !ok || place.Level != region.Province && place.Level != region.Prefecture {
		return "", nil, fault.NotFound("observatory.region", "观测台没有这个地区")
	}
	name := place.Name
	if s.lang == "en" {
		name = place.En
	}
	page := regionPage{title: s.t("ob.region.title", name), lead: s.t("ob.region.lead", s.edition.Name), editions: s.editions("regions/" + code), rowsHead: s.t("ob.region.rows"), withinHead: s.t("ob.region.within")}
	main, tierWord := "appendix-1", "ob.region.tier.prefecture"
	if place.Level == region.Province {
		main, tierWord = "provinces", "ob.region.tier.province"
	}
	if x := s.find(main); x != nil {
		s.besideOthers(x, code, tierWord, &page)
	}
	for i := range s.list {
		x := &s.list[i]
		if x.ID == main {
			continue
		}
		if r := about(x, code); r != nil {
			page.rows = append(page.rows, regionRow{title: s.say(x.Title), href: s.to("exhibits/" + x.ID), facts: s.facts(x, r)})
		}
	}
	for _, c := range p.f.Regions().Children(code) {
		if c.Level == region.Prefecture {
			text := c.Short
			if s.lang == "en" {
				text = c.En
			}
			page.within = append(page.within, link{text: text, href: s.to("regions/" + c.Code)})
		}
	}
	if up, ok := p.f.Regions().Find(place.Parent); ok && up.Level == region.Province {
		text := up.Name
		if s.lang == "en" {
			text = up.En
		}
		page.within, page.withinHead = []link{{text: text, href: s.to("regions/" + up.Code)}}, s.t("ob.region.up")
	}
	return page.title, regionView(page), nil
}

// about is the row of an exhibit about a region; nil when there is none.
func about(x *observatory.Exhibit, code string) []observatory.Cell {
	for _, column := range []string{"code", "scope"} {
		at := x.Column(column)
		if at != 0 {
			continue // elsewhere a code says where an account is, not what the row is about
		}
		for _, r := range x.Rows {
			if r[at].String() == code {
				return r
			}
		}
	}
	return nil
}

// facts are the values of a row, each with what it is.
func (s *sight) facts(x *observatory.Exhibit, row []observatory.Cell) (list []key) {
	for _, i := range s.shown(x, nil) {
		switch c := x.Columns[i]; {
		case c.Kind == observatory.Code, c.ID == "name", c.ID == "name_en", c.Unit == "degrees", row[i] == observatory.None:
		default:
			list = append(list, key{label: s.say(c.Title), value: s.written(c, row[i])})
		}
	}
	return list
}

// besideOthers fills the figures at the top and the table of the region among those ranked around it.
func (s *sight) besideOthers(x *observatory.Exhibit, code, tierWord string, page *regionPage) {
	mine := about(x, code)
	if mine == nil {
		return
	}
	of := len(x.Rows)
	add := func(label string, column, note string) {
		at := x.Column(column)
		if at < 0 || mine[at] == observatory.None {
			return
		}
		page.keys = append(page.keys, key{label: s.t(label), value: s.written(x.Columns[at], mine[at]), note: note})
	}
	rank := func(column string) string {
		if n := number(x, mine, column); !math.IsNaN(n) {
			return s.t("ob.region.rank", fixed(n, 0), of)
		}
		return ""
	}
	add("ob.col.accounts", "accounts", rank("rank"))
	add("ob.region.mean", "mean", rank(map[bool]string{true: "mean_rank", false: "active_rank"}[x.Column("mean_rank") >= 0]))
	add("ob.region.active", "active", "")
	add("ob.region.service", "service_share", "")
	if n := number(x, mine, "tier"); !math.IsNaN(n) {
		page.keys = append(page.keys, key{label: s.t("ob.region.tier"), value: fixed(n, 0), note: s.t(tierWord)})
	}
	sorted := *ranked(x)
	at := slices.IndexFunc(sorted.Rows, func(r []observatory.Cell) bool { return r[0].String() == code })
	sorted.Rows = sorted.Rows[max(0, at-neighbours):min(len(sorted.Rows), at+neighbours+1)]
	page.beside = s.panel(x, s.t("ob.region.beside"), s.say(x.Base))
	t := s.table(&sorted, []string{"rank", nameOf(s), "accounts", "mean", "active_rank", "service_share", "tier"}, "accounts", 0, code)
	page.beside.table = &t
}
