package observatory

import (
	"github.com/a-h/templ"

	"zhijian/domain/observatory/standing"
	"zhijian/ground/fault"
)

// sector is the page of one line of government work.
func (p *Pages) sector(s *sight) (string, templ.Component, error) {
	id := s.r.PathValue("id")
	x := s.find("appendix-2")
	row := rowOf(x, id)
	if row == nil {
		return "", nil, fault.NotFound("observatory.sector", "观测台没有这个领域")
	}
	b, err := s.book()
	if err != nil {
		return "", nil, err
	}
	k := ranking{x: x, row: row, scores: sectorScores, group: "class"}
	page := standPage{
		title: s.t("ob.sector.title", s.name(x, row)), lead: s.t("ob.sector.lead", s.edition.Name), editions: s.editions("sectors/" + id),
		acts: []link{{text: s.t("ob.account.all"), href: s.to("accounts", "sector", id)}},
		keys: s.regionKeys(k), stand: s.standOf(k), beside: s.besideOthers(k, id),
		rows: s.alsoIn(id, x.ID), rowsHead: s.t("ob.region.rows"),
	}
	q := standing.Query{Sector: id}
	provinces := s.parts("provinces", b.Parts(q, func(a *standing.Account) string { return a.Province }), mostParts, func(code string) (string, string) {
		r, _ := p.f.Regions().Find(code)
		return s.regionName(r, false), s.to("regions/" + code)
	})
	levels := s.parts("levels", b.Parts(q, func(a *standing.Account) string { return string(a.Level) }), mostParts, func(id string) (string, string) {
		return s.t("ob.level.of." + id), ""
	})
	page.under, page.blocks = s.trend(k), []block{levels, provinces, s.leading(b.Leading(q, mostLeading), link{text: s.t("ob.account.all"), href: s.to("accounts", "sector", id)})}
	return page.title, standView(page), nil
}
