package observatory

import (
	"fmt"
	"math"

	"github.com/a-h/templ"

	"zhijian/domain/observatory"
	"zhijian/ground/fault"
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
	list        []link
	listHead    string
}

func (p *Pages) method(s *sight) (string, templ.Component, error) {
	page := methodPage{
		title: s.t("ob.method.title"), lead: s.t("ob.method.lead"), editions: s.editions("method"),
		factsHead: s.t("ob.method.edition"), verifyHead: s.t("ob.method.verify"), listHead: s.t("ob.method.list", len(s.list)),
		verify: fmt.Sprintf("zhijian observatory verify --data DIR --edition %s\nzhijian observatory export --data DIR --edition %s --exhibit table-1 --format csv --out table-1.csv", s.edition.Name, s.edition.Name),
	}
	for _, k := range []string{"facts", "ranks", "tiers", "small", "warnings", "editions", "api"} {
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
		page.list = append(page.list, link{s.say(s.list[i].Title), s.to("exhibits/" + s.list[i].ID), s.list[i].ID})
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

// comparePage holds two editions against each other.
type comparePage struct {
	title, lead string
	edition     string
	with        string
	labels      [3]string // edition, with, button
	choices     []string
	tables      []table
	alone       string
}

func (p *Pages) compare(s *sight) (string, templ.Component, error) {
	page := comparePage{title: s.t("ob.compare.title"), edition: s.edition.Name, alone: s.t("ob.compare.alone"), labels: [3]string{s.t("ob.fact.edition"), s.t("ob.compare.with"), s.t("ob.compare.go")}}
	for _, e := range s.all {
		page.choices = append(page.choices, e.Name)
	}
	with := s.r.Query("with")
	if with == "" {
		with = s.edition.Previous
	}
	if with == "" || len(s.all) < 2 {
		page.lead = s.t("ob.compare.lead.none")
		return page.title, compareView(page), nil
	}
	other, err := s.other(with)
	if err != nil {
		return "", nil, err
	}
	page.with, page.lead = with, s.t("ob.compare.lead", s.edition.Name, with)
	for _, c := range []struct{ exhibit, column string }{{"summary", "value"}, {"provinces", "accounts"}, {"provinces", "mean"}, {"appendix-2", "accounts"}} {
		x, y := s.find(c.exhibit), other.find(c.exhibit)
		if x != nil && y != nil {
			page.tables = append(page.tables, s.against(x, y, c.column, with))
		}
	}
	return page.title, compareView(page), nil
}

// other is the view of another edition in the same request.
func (s *sight) other(name string) (*sight, error) {
	for _, e := range s.all {
		if e.Name == name {
			list, err := s.p.c.Editions.Exhibits(s.r.Context(), name)
			return &sight{p: s.p, r: s.r, lang: s.lang, all: s.all, edition: e, list: list}, err
		}
	}
	return nil, fault.NotFound("edition.none", "没有名为 %s 的版次", name)
}

// against puts one column of two editions side by side, rows as the first has them.
func (s *sight) against(x, y *observatory.Exhibit, column, with string) table {
	c := x.Columns[x.Column(column)]
	t := table{caption: s.say(x.Title) + " · " + s.say(c.Title)}
	t.head = []heading{{s.t("ob.col.item"), false}, {s.edition.Name, true}, {with, true}, {s.t("ob.compare.change"), true}}
	for _, r := range x.Rows {
		now, before := number(x, r, column), math.NaN()
		if q := rowOf(y, r[0].String()); q != nil {
			before = number(y, q, column)
		}
		l := line{cells: []cell{{text: s.name(x, r), head: true, href: s.regionOf(x, r)}, {text: or(now), right: true}, {text: or(before), right: true}, {text: none, right: true}}}
		if d := now - before; !math.IsNaN(d) && d != 0 {
			up, mark := "ob-chg--up", "▲ "
			if d < 0 {
				up, mark = "ob-chg--dn", "▼ "
			}
			l.cells[3] = cell{text: mark + measured(math.Abs(d)), right: true, tone: up}
		}
		t.rows = append(t.rows, l)
	}
	return t
}

func or(n float64) string {
	if math.IsNaN(n) {
		return none
	}
	return measured(n)
}

// commands are how an edition is made, for the page that has none.
const commands = `zhijian observatory import  --data DIR --edition NAME --accounts accounts.csv --months months.csv
zhijian observatory compute --data DIR --edition NAME`

const simulated = `zhijian observatory simulate --seed 1 --out tables
zhijian observatory import  --data DIR --edition 2015 --accounts tables/2015/accounts.csv --months tables/2015/months.csv
zhijian observatory compute --data DIR --edition 2015`
