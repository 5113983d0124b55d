package observatory

import (
	"math"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"zhijian/domain/observatory"
	"zhijian/ui/component"
)

// panel is one figure on a page that holds several: a headline that states the finding, what it is of, the figure, and where the rest is.
type panel struct {
	id, title, sub string
	picture        picture
	table          *table
	body           templ.Component
	warnings       int
	page, csv      string
	source         string
}

// overviewPage is the page of the newest edition.
type overviewPage struct {
	title, lead string
	editions    []component.Anchor
	keys        []key
	rows        []panelRow
	notes       []note
}

// key is a figure with what it is; href leads to what it names.
type key struct{ label, value, unit, note, href string }

// panelRow is a row of figures; class names its columns.
type panelRow struct {
	class  string
	panels []panel
}

type note struct{ head, text string }

func (s *sight) panel(x *observatory.Exhibit, title, sub string) panel {
	if title == "" {
		title = s.say(x.Title)
	}
	if sub == "" {
		sub = s.say(x.Base)
	}
	return panel{
		id: x.ID, title: title, sub: sub, warnings: len(x.Warnings), page: s.to("exhibits/" + x.ID),
		csv: s.lasting("exhibits/" + x.ID + ".csv"), source: s.source(x),
	}
}

// source names the edition and the exhibit.
func (s *sight) source(x *observatory.Exhibit) string {
	if s.edition.Simulated {
		return s.t("ob.source.simulated", s.edition.Name, x.ID)
	}
	return s.t("ob.source", s.edition.Name, x.ID)
}

func (p *Pages) overview(s *sight) (string, templ.Component, error) {
	o := overviewPage{title: s.t("ob.overview.title"), lead: s.t("ob.overview.lead", s.edition.Name, fixed(float64(s.edition.Accounts), 0)), keys: s.keys(), editions: s.editions("")}
	for _, r := range []struct {
		class string
		make  []func(*sight) (*panel, error)
	}{
		{"ob-7-5", []func(*sight) (*panel, error){(*sight).tierPanel, (*sight).provincePanel}},
		{"ob-1-1", []func(*sight) (*panel, error){(*sight).rankPanel, (*sight).tilePanel}},
		{"ob-1-1", []func(*sight) (*panel, error){(*sight).stepPanel, (*sight).sizePanel}},
		{"ob-1-1", []func(*sight) (*panel, error){(*sight).usePanel, (*sight).quadrantPanel}},
		{"ob-1", []func(*sight) (*panel, error){(*sight).slopePanel}},
	} {
		row := panelRow{class: r.class}
		for _, f := range r.make {
			one, err := f(s)
			if err != nil {
				return "", nil, err
			}
			if one != nil {
				row.panels = append(row.panels, *one)
			}
		}
		o.rows = append(o.rows, row)
	}
	o.notes = []note{{s.t("ob.note.data"), s.t("ob.note.data.text")}}
	if e := s.find("errata"); e != nil && len(e.Rows) > 0 {
		o.notes = append(o.notes, note{s.t("ob.note.known"), s.t("ob.note.known.text", len(e.Rows))})
	}
	return o.title, overviewView(o), nil
}

// keys are the five figures at the top; one that the edition lacks is left out.
func (s *sight) keys() (list []key) {
	sum := s.find("summary")
	value := func(statistic string) (float64, bool) {
		r := rowOf(sum, statistic)
		if r == nil {
			return 0, false
		}
		n := number(sum, r, "value")
		return n, !math.IsNaN(n)
	}
	add := func(label string, n float64, decimals int, unit, note string) {
		list = append(list, key{label: s.t(label), value: fixed(n, decimals), unit: s.t(unit), note: note})
	}
	if n, ok := value("accounts"); ok {
		note := ""
		if fresh, ok := value("new"); ok {
			note = s.t("ob.key.new", fixed(fresh, 0))
		}
		add("ob.key.accounts", n, 0, "ob.unit.accounts", note)
	}
	if n, ok := value("verified_share"); ok {
		note := ""
		if x := s.find("provinces"); x != nil {
			if r := best(x, "verified_share", 0); r != nil {
				note = s.t("ob.key.highest", s.name(x, r), fixed(number(x, r, "verified_share"), 1))
			}
		}
		add("ob.key.verified", n, 1, "ob.unit.percent", note)
	}
	if n, ok := value("active"); ok {
		note := ""
		if mean, ok := value("mean"); ok {
			note = s.t("ob.key.mean", fixed(mean, 0))
		}
		add("ob.key.active", n/1e4, 0, "ob.unit.myriad", note)
		if s.lang == "en" {
			list[len(list)-1].value, list[len(list)-1].unit = fixed(n/1e6, 1), s.t("ob.unit.myriad")
		}
	}
	x := s.find("entry-effect")
	if n, ok := value("city_services"); ok && n > 0 {
		note := ""
		if r := rowOf(x, "all"); r != nil {
			note = s.t("ob.key.provinces", fixed(number(x, r, "provinces"), 0))
		}
		add("ob.key.cities", n, 0, "ob.unit.cities", note)
	}
	if r := rowOf(x, "prefectures"); r != nil && !math.IsNaN(number(x, r, "share_active")) {
		add("ob.key.entry", number(x, r, "share_active"), 1, "ob.unit.percent", s.t("ob.key.entry.note", fixed(number(x, r, "share_accounts"), 1)))
	}
	return list
}

func (s *sight) tierPanel() (*panel, error) {
	x := s.find("provinces")
	if x == nil {
		return nil, nil
	}
	sub := ""
	if c := s.find("province-tiers"); c != nil {
		var centres []string
		for _, r := range c.Rows {
			centres = append(centres, fixed(number(c, r, "centre"), 0))
		}
		sub = s.t("ob.tiers.sub", strings.Join(centres, s.t("ob.comma")))
	}
	p := s.panel(x, s.t("ob.tiers.title"), sub)
	var err error
	p.picture, err = s.tiers(x)
	return &p, err
}

func (s *sight) provincePanel() (*panel, error) {
	x := s.find("table-1")
	if x == nil || len(x.Rows) == 0 {
		return nil, nil
	}
	title := ""
	if up := best(x, "rank_change", 0); up != nil {
		title = s.t("ob.provinces.title", s.name(x, x.Rows[0]), s.name(x, up))
	}
	p := s.panel(x, title, "")
	t := s.table(x, []string{"rank", nameOf(s), "accounts", "rank_change", "active_rank"}, "accounts", 0, "")
	p.table = &t
	return &p, nil
}

// nameOf is the column of names in the page's language.
func nameOf(s *sight) string {
	if s.lang == "en" {
		return "name_en"
	}
	return "name"
}

func (s *sight) rankPanel() (*panel, error) {
	x := s.find("appendix-1")
	if x == nil {
		return nil, nil
	}
	title, sub := "", ""
	if c := s.find("correlations"); c != nil {
		if r := rowOf(c, "prefecture-accounts-mean"); r != nil {
			rho := number(c, r, "rho")
			sub = s.t("ob.ranks.sub", len(x.Rows), fixed(rho, 2))
			if rho < .5 {
				title = s.t("ob.ranks.title")
			}
		}
	}
	p := s.panel(x, title, sub)
	var err error
	p.picture, err = s.ranks(x)
	return &p, err
}

func (s *sight) tilePanel() (*panel, error) {
	x := s.find("figure-2")
	if x == nil {
		return nil, nil
	}
	p := s.panel(x, "", s.t("ob.tiles.sub"))
	var err error
	p.picture, err = s.picture(x)
	return &p, err
}

func (s *sight) stepPanel() (*panel, error) {
	x := s.find("figure-9")
	if x == nil {
		return nil, nil
	}
	title := ""
	if len(x.Rows) > 3 {
		places, share := 0.0, 0.0
		for _, r := range x.Rows[:3] {
			places += number(x, r, "divisions")
			share += number(x, r, "share_accounts")
		}
		title = s.t("ob.steps.title", fixed(places, 0), fixed(share, 0))
	}
	p := s.panel(x, title, s.t("ob.steps.sub"))
	var err error
	p.picture, err = s.picture(x)
	return &p, err
}

func (s *sight) sizePanel() (*panel, error) {
	x := s.find("table-7")
	if x == nil || len(x.Rows) == 0 {
		return nil, nil
	}
	falls := slices.IsSortedFunc(x.Rows, func(a, b []observatory.Cell) int {
		return int(number(x, b, "mean_accounts") - number(x, a, "mean_accounts"))
	})
	title, sub := "", ""
	if last := number(x, x.Rows[len(x.Rows)-1], "mean_accounts"); falls && last > 0 {
		first := number(x, x.Rows[0], "mean_accounts")
		title, sub = s.t("ob.sizes.title"), s.t("ob.sizes.sub", fixed(first, 0), fixed(first/last, 0))
	}
	p := s.panel(x, title, sub)
	class := "class"
	if s.lang == "en" {
		class = "name_en"
	}
	t := s.table(x, []string{class, "cities", "mean_accounts", "mean"}, "mean_accounts", 0, "")
	p.table = &t
	return &p, nil
}

func (s *sight) quadrantPanel() (*panel, error) {
	x := s.find("figure-15")
	if x == nil {
		return nil, nil
	}
	p := s.panel(x, "", s.t("ob.quadrants.sub"))
	of := map[string][]string{}
	for _, r := range x.Rows {
		q := text(x, r, "quadrant_en")
		of[q] = append(of[q], s.name(x, r))
	}
	const most = 10
	var list []quadrant
	for _, q := range [][3]string{{"potential", "q3", "ob.q.potential"}, {"active", "q1", "ob.q.active"}, {"undeveloped", "q4", "ob.q.undeveloped"}, {"to promote", "q2", "ob.q.promote"}} {
		names := of[q[0]]
		one := quadrant{class: q[1], title: s.t(q[2]), note: s.t(q[2] + ".note"), text: s.t("ob.q.none")}
		if len(names) > most {
			one.text = s.t("ob.q.more", strings.Join(names[:most], s.t("ob.comma")), len(names))
		} else if len(names) > 0 {
			one.text = strings.Join(names, s.t("ob.comma"))
		}
		list = append(list, one)
	}
	p.body = quadrantView(list)
	return &p, nil
}

type quadrant struct{ class, title, note, text string }

func (s *sight) usePanel() (*panel, error) {
	x, z := s.find("table-8"), s.find("zipf")
	service := rowOf(z, "service")
	if x == nil || service == nil {
		return nil, nil
	}
	share := number(z, service, "top10")
	p := s.panel(x, s.t("ob.use.title", fixed(number(z, service, "top10_kinds"), 0), fixed(share, 0)), s.t("ob.use.sub", fixed(share, 1), measured(number(z, service, "exponent"))))
	u := useView{share: share, said: s.t("ob.use.bar", fixed(share, 1), fixed(100-share, 1)), label: s.t("ob.use.spoken", fixed(share, 1))}
	for _, kind := range []string{"service", "subscription"} {
		c := topTen{title: s.t("ob.use." + kind)}
		column := kind + "_name"
		if s.lang == "en" {
			column += "_en"
		}
		for _, r := range x.Rows[:min(10, len(x.Rows))] {
			c.names = append(c.names, text(x, r, column))
		}
		u.tops = append(u.tops, c)
	}
	p.body = useBody(u)
	return &p, nil
}

type useView struct {
	share       float64
	said, label string
	tops        []topTen
}

type topTen struct {
	title string
	names []string
}

func (s *sight) slopePanel() (*panel, error) {
	x := s.find("table-6")
	if x == nil {
		return nil, nil
	}
	title, sub := "", ""
	if best(x, "lead", 9) != nil {
		title, sub = s.t("ob.slope.title"), s.t("ob.slope.sub")
	}
	p := s.panel(x, title, sub)
	var err error
	p.picture, err = s.picture(x)
	return &p, err
}
