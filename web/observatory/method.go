package observatory

import (
	"fmt"

	"github.com/a-h/templ"

	"zhijian/ui/component"
)

// methodPage says how figures are made and lists them all.
type methodPage struct {
	title, lead string
	editions    []component.Anchor
	parts       []note
	facts       []key
	factsHead   string
	verifyHead  string
	verify      string
	list        []methodOf
	listHead    string
}

// methodOf is an exhibit with how it is reckoned.
type methodOf struct {
	link
	method string
}

func (p *Pages) method(s *sight) (string, templ.Component, error) {
	page := methodPage{
		title: s.t("ob.method.title"), lead: s.t("ob.method.lead"), editions: s.editions("method"),
		factsHead: s.t("ob.method.edition"), verifyHead: s.t("ob.method.verify"), listHead: s.t("ob.method.list", len(s.list)),
		verify: fmt.Sprintf("zhijian observatory verify --data DIR --edition %s\nzhijian observatory export --data DIR --edition %s --exhibit table-1 --format csv --out table-1.csv", s.edition.Name, s.edition.Name),
	}
	for _, k := range []string{"facts", "ranks", "tiers", "small", "warnings", "editions", "api", "licence"} {
		page.parts = append(page.parts, note{s.t("ob.method." + k), s.t("ob.method." + k + ".text")})
	}
	e := s.edition
	page.facts = []key{
		{label: s.t("ob.fact.edition"), value: s.editionName()},
		{label: s.t("ob.col.accounts"), value: fixed(float64(e.Accounts), 0)},
		{label: s.t("ob.method.months"), value: fixed(float64(e.Months), 0)},
		{label: s.t("ob.method.refused"), value: fixed(float64(e.Refused), 0)},
		{label: s.t("ob.method.version"), value: e.MethodVersion + " / " + e.CodeVersion},
		{label: s.t("ob.method.factsum"), value: e.FactsSum},
		{label: s.t("ob.method.exhibitsum"), value: e.ExhibitsSum},
	}
	if e.Previous != "" {
		page.facts = append(page.facts, key{label: s.t("ob.method.previous"), value: e.Previous})
	}
	for i := range s.list {
		page.list = append(page.list, methodOf{link{s.say(s.list[i].Title), s.to("exhibits/" + s.list[i].ID), s.list[i].ID}, s.say(s.list[i].Method)})
	}
	return page.title, methodView(page), nil
}

// errataPage lists every doubt.
type errataPage struct {
	title, lead string
	editions    []component.Anchor
	groups      []errataGroup
	none        string
}

type errataGroup struct {
	title, href string
	doubts      []note
}

func (p *Pages) errata(s *sight) (string, templ.Component, error) {
	page := errataPage{title: s.t("ob.errata.title"), editions: s.editions("errata"), none: s.t("ob.errata.none")}
	n := 0
	for i := range s.list {
		x := &s.list[i]
		if len(x.Warnings) == 0 {
			continue
		}
		n += len(x.Warnings)
		page.groups = append(page.groups, errataGroup{s.say(x.Title) + "　" + x.ID, s.to("exhibits/" + x.ID), s.doubts(x)})
	}
	page.lead = s.t("ob.errata.lead", n, len(page.groups))
	return page.title, errataView(page), nil
}

// commands are how an edition is made, for the page that has none.
const commands = `zhijian observatory import  --data DIR --edition NAME --accounts accounts.csv --months months.csv
zhijian observatory compute --data DIR --edition NAME`

const simulated = `zhijian observatory simulate --seed 1 --out tables
zhijian observatory import  --data DIR --edition 2015 --accounts tables/2015/accounts.csv --months tables/2015/months.csv
zhijian observatory compute --data DIR --edition 2015`
