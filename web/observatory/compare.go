package observatory

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"zhijian/domain/observatory"
	"zhijian/domain/region"
	"zhijian/ground/fault"
)

// comparePage holds two editions, or two regions of one edition, side by side.
type comparePage struct {
	title, lead string
	editions    comparison
	regions     comparison
	choices     []string
	tables      []table
	alone       string
}

// comparison is a form that asks for two things.
type comparison struct {
	head, button     string
	labels, chosen   [2]string
	problem, example string
}

func (p *Pages) compare(s *sight) (string, templ.Component, error) {
	page := comparePage{title: s.t("ob.compare.title"), lead: s.t("ob.compare.lead.none"), alone: s.t("ob.compare.alone")}
	page.editions = comparison{head: s.t("ob.compare.editions"), button: s.t("ob.compare.go"), labels: [2]string{s.t("ob.fact.edition"), s.t("ob.compare.with")}, chosen: [2]string{s.edition.Name, s.edition.Previous}}
	page.regions = comparison{head: s.t("ob.compare.regions"), button: s.t("ob.compare.go"), labels: [2]string{s.t("ob.compare.a"), s.t("ob.compare.b")}, example: s.t("ob.compare.example")}
	for _, e := range s.all {
		page.choices = append(page.choices, e.Name)
	}
	if s.r.Query("a") != "" || s.r.Query("b") != "" {
		s.compareRegions(&page)
		return page.title, compareView(page), nil
	}
	with := s.r.Query("with")
	if with == "" {
		with = s.edition.Previous
	}
	if with == "" || len(s.all) < 2 {
		return page.title, compareView(page), nil
	}
	other, err := s.other(with)
	if err != nil {
		return "", nil, err
	}
	page.editions.chosen[1], page.lead = with, s.t("ob.compare.lead", s.edition.Name, with)
	for _, c := range []struct{ exhibit, column string }{{"summary", "value"}, {"provinces", "accounts"}, {"provinces", "mean"}, {"appendix-2", "accounts"}} {
		x, y := s.find(c.exhibit), other.find(c.exhibit)
		if x != nil && y != nil {
			page.tables = append(page.tables, s.against(x, y, c.column, with))
		}
	}
	return page.title, compareView(page), nil
}

// compareRegions puts everything that is said of two regions side by side: one table for each exhibit that has both.
func (s *sight) compareRegions(page *comparePage) {
	var of [2]region.Region
	for i, name := range []string{"a", "b"} {
		asked := strings.TrimSpace(s.r.Query(name))
		page.regions.chosen[i] = asked
		if r, ok := s.regionCalled(asked); ok {
			of[i], page.regions.chosen[i] = r, s.regionName(r, false)
		} else if asked != "" {
			page.regions.problem = s.t("ob.compare.unknown", asked)
		}
	}
	if of[0].Code == "" || of[1].Code == "" {
		if page.regions.problem == "" {
			page.regions.problem = s.t("ob.compare.both")
		}
		return
	}
	page.lead = s.t("ob.compare.lead", page.regions.chosen[0], page.regions.chosen[1])
	for i := range s.list {
		x := &s.list[i]
		a, b := about(x, of[0].Code), about(x, of[1].Code)
		if a != nil && b != nil {
			if t := s.sideBySide(x, a, b, of); len(t.rows) > 0 {
				page.tables = append(page.tables, t)
			}
		}
	}
	if len(page.tables) == 0 {
		page.regions.problem = s.t("ob.compare.nothing")
	}
}

// regionCalled finds a province or a prefecture by code, name, short name or English name, or by the beginning of one.
func (s *sight) regionCalled(name string) (region.Region, bool) {
	t := s.p.f.Regions()
	if r, ok := t.Find(name); ok && (r.Level == region.Province || r.Level == region.Prefecture) {
		return r, true
	}
	provinces := t.Provinces()
	if i := slices.IndexFunc(provinces, func(r region.Region) bool { return r.Name == name || r.Short == name || strings.EqualFold(r.En, name) }); i >= 0 {
		return provinces[i], true
	}
	if found := t.Search(name, 1); len(found) > 0 {
		return found[0], true
	}
	return region.Region{}, false
}

// sideBySide is one exhibit's two rows, a line for each of its columns.
func (s *sight) sideBySide(x *observatory.Exhibit, a, b []observatory.Cell, of [2]region.Region) table {
	t := table{caption: s.say(x.Title), head: []heading{{text: s.t("ob.stand.measure")}}}
	for _, r := range of {
		t.head = append(t.head, heading{text: s.regionName(r, false), right: true})
	}
	t.head = append(t.head, heading{text: s.t("ob.compare.difference"), right: true})
	for _, i := range s.shown(x, nil) {
		c := x.Columns[i]
		if c.Kind == observatory.Code || c.ID == "name" || c.ID == "name_en" || c.Unit == "degrees" || a[i] == observatory.None && b[i] == observatory.None {
			continue
		}
		l := line{cells: []cell{{text: s.say(c.Title), head: true}, {text: s.written(c, a[i]), right: true}, {text: s.written(c, b[i]), right: true}, {text: none, right: true}}}
		m, okM := a[i].Number()
		n, okN := b[i].Number()
		if okM && okN && c.Kind != observatory.YesNo {
			l.cells[3].text = s.apart(c, m-n)
		}
		t.rows = append(t.rows, l)
	}
	return t
}

// apart writes how far two values of a column are apart; shares are so many percentage points apart.
func (s *sight) apart(c observatory.Column, n float64) string {
	if c.Kind == observatory.Share {
		return s.t("ob.points", pointsApart(n))
	}
	return signed(n)
}

// pointsApart writes percentage points to a hundredth, which is finer than shares are written, so that a small difference is not 0.
func pointsApart(n float64) string {
	n = math.Round(n*100) / 100
	text := strconv.FormatFloat(math.Abs(n), 'f', -1, 64)
	switch {
	case n > 0:
		return "+" + text
	case n < 0:
		return "−" + text
	}
	return text
}

// signed writes a difference with its sign; + is more on the left.
func signed(n float64) string {
	switch {
	case n > 0:
		return "+" + measured(n)
	case n < 0:
		return "−" + measured(-n)
	}
	return "0"
}

// other is the view of another edition in the same request.
func (s *sight) other(name string) (*sight, error) {
	if name == s.edition.Name {
		return s, nil
	}
	if o := s.others[name]; o != nil {
		return o, nil
	}
	for _, e := range s.all {
		if e.Name != name {
			continue
		}
		list, err := s.p.c.Editions.Exhibits(s.r.Context(), name)
		if err != nil {
			return nil, err
		}
		if s.others == nil {
			s.others = map[string]*sight{}
		}
		s.others[name] = &sight{p: s.p, r: s.r, lang: s.lang, all: s.all, edition: e, list: list}
		return s.others[name], nil
	}
	return nil, fault.NotFound("edition.none", "没有名为 %s 的版次", name)
}

// against puts one column of two editions side by side, rows as the first has them.
func (s *sight) against(x, y *observatory.Exhibit, column, with string) table {
	c := x.Columns[x.Column(column)]
	t := table{caption: s.say(x.Title) + " · " + s.say(c.Title)}
	t.head = []heading{{text: s.t("ob.col.item")}, {text: s.edition.Name, right: true}, {text: with, right: true}, {text: s.t("ob.compare.change"), right: true}}
	for _, r := range x.Rows {
		now, before := number(x, r, column), math.NaN()
		if q := rowOf(y, r[0].String()); q != nil {
			before = number(y, q, column)
		}
		l := line{cells: []cell{{text: s.name(x, r), head: true, href: s.pageOf(x, r)}, {text: or(now), right: true}, {text: or(before), right: true}, {text: none, right: true}}}
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
