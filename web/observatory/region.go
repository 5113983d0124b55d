package observatory

import (
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/standing"
	"zhijian/domain/region"
	"zhijian/ground/fault"
)

// neighbours is how many ranks above and below are shown.
const neighbours = 3

// mostParts is how many sectors of a region, or provinces of a sector, are shown before the rest is only counted.
const mostParts = 12

// mostLeading is how many accounts lead on a page that is about others.
const mostLeading = 8

func (p *Pages) region(s *sight) (string, templ.Component, error) {
	place, ok := p.f.Regions().Find(s.r.PathValue("code"))
	if !ok || place.Level == region.County {
		return "", nil, fault.NotFound("observatory.region", "观测台没有这个地区")
	}
	b, err := s.book()
	if err != nil {
		return "", nil, err
	}
	page := standPage{
		title: s.t("ob.region.title", s.regionName(place, true)), lead: s.t("ob.region.lead", s.edition.Name), editions: s.editions("regions/" + place.Code),
		rowsHead: s.t("ob.region.rows"), acts: []link{{text: s.t("ob.account.all"), href: s.to("accounts", "region", place.Code)}},
	}
	k := ranking{scores: provinceScores, x: s.find("provinces"), group: "band"}
	if place.Level == region.Prefecture {
		k = ranking{scores: prefectureScores, x: s.find("appendix-1"), group: "class"}
	}
	if k.x != nil {
		k.row = rowOf(k.x, place.Code)
	}
	switch {
	case place.Level == region.Nation:
		page.keys = s.keys()
		page.rows = s.alsoIn("nation", "")
	case k.row != nil:
		page.acts = append(page.acts, link{text: s.t("ob.compare.regions.go"), href: s.to("compare", "a", place.Code)})
		page.keys, page.stand, page.beside = s.regionKeys(k), s.standOf(k), s.besideOthers(k, place.Code)
		page.under = s.trend(k)
		page.rows = s.alsoIn(place.Code, k.x.ID)
	}
	page.blocks = append(page.blocks, s.regionParts(b, place)...)
	s.around(place, &page)
	return page.title, standView(page), nil
}

// mostKeys is how many figures stand at the top of a page.
const mostKeys = 5

// regionName is what a region is called: in full, or as people say it.
func (s *sight) regionName(r region.Region, full bool) string {
	switch {
	case r.Level == region.Nation:
		return s.t("ob.region.nation")
	case s.lang == "en":
		return r.En
	case full:
		return r.Name
	}
	return r.Short
}

// regionKeys are the figures at the top.
func (s *sight) regionKeys(k ranking) (list []key) {
	for _, f := range k.scores {
		if at := k.x.Column(f.shown); at >= 0 && k.row[at] != observatory.None && len(list) < mostKeys {
			list = append(list, key{label: s.t("ob.m." + f.id), value: s.written(k.x.Columns[at], k.row[at])})
		}
	}
	for _, column := range []string{"service_share", "tier"} {
		if at := k.x.Column(column); at >= 0 && k.row[at] != observatory.None && len(list) < mostKeys {
			list = append(list, key{label: s.t("ob.region." + column), value: s.written(k.x.Columns[at], k.row[at])})
		}
	}
	return list
}

// besideOthers is the table of the subject among those ranked around it.
func (s *sight) besideOthers(k ranking, id string) panel {
	sorted := *ranked(k.x)
	at := slices.IndexFunc(sorted.Rows, func(r []observatory.Cell) bool { return r[0].String() == id })
	sorted.Rows = sorted.Rows[max(0, at-neighbours):min(len(sorted.Rows), at+neighbours+1)]
	p := s.panel(k.x, s.t("ob.region.beside"), s.say(k.x.Base))
	columns := []string{"rank", nameOf(s), "accounts"}
	for _, f := range k.scores[1:] {
		columns = append(columns, f.shown)
	}
	t := s.table(&sorted, append(columns, "tier"), "accounts", 0, id)
	p.table = &t
	return p
}

// regionParts are what the region's figures are made of: sectors and levels of its accounts, and the accounts that lead.
func (s *sight) regionParts(b *standing.Book, place region.Region) []block {
	q := standing.Query{Region: place.Code}
	sectors := s.parts("sectors", b.Parts(q, func(a *standing.Account) string { return a.Sector }), mostParts, func(id string) (string, string) {
		return s.sectorName(id), s.to("sectors/" + id)
	})
	levels := s.parts("levels", b.Parts(q, func(a *standing.Account) string { return string(a.Level) }), mostParts, func(id string) (string, string) {
		return s.t("ob.level.of." + id), ""
	})
	return []block{sectors, levels, s.leading(b.Leading(q, mostLeading), link{text: s.t("ob.account.all"), href: s.to("accounts", "region", place.Code)})}
}

// around leads to what lies within a region and to what it lies in.
func (s *sight) around(place region.Region, page *standPage) {
	within := func(r region.Region) link {
		return link{text: s.regionName(r, false), href: s.to("regions/" + r.Code)}
	}
	for _, c := range s.p.f.Regions().Children(place.Code) {
		if c.Level != region.County {
			page.within = append(page.within, within(c))
		}
	}
	page.withinHead = s.t("ob.region.within")
	if place.Level == region.Nation {
		page.withinHead = s.t("ob.region.provinces")
	}
	if up, ok := s.p.f.Regions().Find(place.Parent); ok {
		page.acts = append(page.acts, within(up))
	}
}

// sectorName is what a sector is called; its id where the edition does not name it.
func (s *sight) sectorName(id string) string {
	x := s.find("appendix-2")
	if r := rowOf(x, id); r != nil {
		return s.name(x, r)
	}
	return id
}

// query puts pairs of name and value behind a path.
func query(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return v
}
