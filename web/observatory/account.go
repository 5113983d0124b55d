package observatory

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/standing"
	"zhijian/domain/region"
	"zhijian/ground/fault"
	"zhijian/ui/component"
)

// circlesOf are whom an account is compared with, widest first, each with its word.
func circlesOf(a *standing.Account) (list []standing.Circle, words []string) {
	list, words = []standing.Circle{standing.Everyone, standing.Field}, []string{"ob.circle.all", "ob.circle.field"}
	switch {
	case a.City != "":
		return append(list, standing.Town), append(words, "ob.circle.city")
	case a.Province != "":
		return append(list, standing.Town), append(words, "ob.circle.province")
	}
	return list, words
}

// account is the page of one account.
func (p *Pages) account(s *sight) (string, templ.Component, error) {
	b, err := s.book()
	if err != nil {
		return "", nil, err
	}
	a, ok := b.Account(s.r.PathValue("id"))
	if !ok {
		return "", nil, fault.NotFound("observatory.account", "这一版没有这个账号")
	}
	was, err := s.accountBefore(a.ID)
	if err != nil {
		return "", nil, err
	}
	page := standPage{
		title: s.t("ob.account.title", a.Name), editions: s.editions("accounts/" + a.ID),
		lead: s.t("ob.account.lead", s.t("ob.kind."+string(a.Kind)), s.t("ob.level.of."+string(a.Level)), s.sectorName(a.Sector), s.edition.Name),
		keys: s.accountKeys(a, b.Month()), stand: s.accountStand(b, a, was),
	}
	page.under, page.blocks = s.accountFacts(a), s.accountLeaders(b, a)
	for _, id := range []string{"leaders", "appendix-2", "levels", "health", "verified"} {
		if x := s.find(id); x != nil {
			page.within = append(page.within, link{s.say(x.Title), s.to("exhibits/" + id), id})
		}
	}
	page.withinHead = s.t("ob.account.exhibits")
	return page.title, standView(page), nil
}

// accountBefore is the account in the edition before; nil when it was not there or there is none.
func (s *sight) accountBefore(id string) (*standing.Account, error) {
	if s.edition.Previous == "" {
		return nil, nil
	}
	b, err := s.p.c.Editions.Book(s.r.Context(), s.edition.Previous)
	if err != nil {
		if fault.Is(err, fault.KindNotFound) {
			return nil, nil
		}
		return nil, err
	}
	a, _ := b.Account(id)
	return a, nil
}

// measuresOf are the measures that an account has: visits are those of service accounts, unless it has some.
func measuresOf(a *standing.Account) []standing.Measure {
	if a.Kind != observatory.Serving && a.Visits == 0 {
		return []standing.Measure{standing.ByActive, standing.ByClicks}
	}
	return []standing.Measure{standing.ByActive, standing.ByClicks, standing.ByVisits}
}

// amount writes an account's figure.
func (s *sight) amount(a *standing.Account, m standing.Measure) string {
	if m == standing.ByClicks && a.NoClicks || m == standing.ByVisits && a.NoVisits {
		return s.t("ob.uncounted")
	}
	switch m {
	case standing.ByClicks:
		return fixed(float64(a.Clicks), 0)
	case standing.ByVisits:
		return fixed(float64(a.Visits), 0)
	}
	return s.people(a)
}

func (s *sight) accountKeys(a *standing.Account, month string) (list []key) {
	for _, m := range measuresOf(a) {
		list = append(list, key{label: s.t("ob.m." + string(m)), value: s.amount(a, m), note: month})
	}
	if n, ok := a.Active(); ok && n > 0 && !a.NoClicks {
		list = append(list, key{label: s.t("ob.account.per"), value: measured(float64(a.Clicks) / float64(n)), note: month})
	}
	state := "ob.account.unverified"
	if a.Verified {
		state = "ob.account.verified"
	}
	return append(list, key{label: s.t("ob.account.state"), value: s.t(state)})
}

// accountStand says where the account stands in each circle, and what the next rank there is away.
func (s *sight) accountStand(b *standing.Book, a, was *standing.Account) standPart {
	p := standPart{title: s.t("ob.stand.title"), sub: s.t("ob.account.stand", b.Month()), nextHead: s.t("ob.stand.next"), nextNote: s.t("ob.stand.next.note")}
	p.table = table{caption: p.title, head: []heading{{text: s.t("ob.stand.measure")}, {text: s.t("ob.stand.value"), right: true}}}
	circles, words := circlesOf(a)
	p.circles = make([]circle, len(circles))
	for i, word := range words {
		name := s.t(word)
		p.table.head = append(p.table.head, heading{text: name, right: true})
		p.circles[i].title = name
	}
	if was != nil {
		p.table.head = append(p.table.head, heading{text: s.edition.Previous, right: true})
	}
	for _, m := range measuresOf(a) {
		title := s.t("ob.m." + string(m))
		l := line{cells: []cell{{text: title, head: true}, {text: s.amount(a, m), right: true}}}
		for i, c := range circles {
			place := b.Stand(a, m, c)
			l.cells = append(l.cells, s.rankOf(place))
			p.circles[i].add(s.accountStep(b, title, m, place))
		}
		if was != nil {
			l.cells = append(l.cells, cell{text: s.amount(was, m), right: true})
		}
		p.table.rows = append(p.table.rows, l)
	}
	for i := range p.circles {
		if len(p.circles[i].steps) == 0 {
			p.circles[i].steps = []note{{text: s.t("ob.step.unknown")}}
		}
	}
	return p
}

func (s *sight) accountStep(b *standing.Book, title string, m standing.Measure, p standing.Place) note {
	switch {
	case p.Rank == 1:
		return note{title, s.t("ob.step.first")}
	case p.Rank == 0:
		return note{}
	}
	above, ok := b.Account(p.Above.ID)
	if !ok {
		return note{}
	}
	return note{title, s.t("ob.step.account."+string(m), fixed(float64(p.Need), 0), above.Name, s.amount(above, m), fixed(float64(p.Rank-1), 0))}
}

// accountFacts are what the registry says of the account.
func (s *sight) accountFacts(a *standing.Account) block {
	b := block{id: "facts", title: s.t("ob.account.facts")}
	add := func(label, value, href string) {
		if value != "" {
			b.facts = append(b.facts, key{label: s.t(label), value: value, href: href})
		}
	}
	add("ob.account.id", a.ID, "")
	add("ob.account.kind", s.t("ob.kind."+string(a.Kind)), "")
	add("ob.account.level", s.t("ob.level.of."+string(a.Level)), "")
	add("ob.account.sector", s.sectorName(a.Sector), s.to("sectors/"+a.Sector))
	if r, ok := s.p.f.Regions().Find(a.City); ok {
		add("ob.account.city", s.regionName(r, true), s.to("regions/"+r.Code))
	}
	if r, ok := s.p.f.Regions().Find(a.Province); ok && a.Province != a.City {
		add("ob.account.province", s.regionName(r, true), s.to("regions/"+r.Code))
	}
	if r, ok := s.p.f.Regions().Find(a.Region); ok && r.Level == region.County {
		add("ob.account.county", s.regionName(r, true), "")
	}
	add("ob.account.department", a.Department, "")
	add("ob.account.institution", a.Institution, "")
	if a.Opened != 0 {
		add("ob.account.opened", a.Opened.String(), "")
	}
	return b
}

// accountLeaders are the leading accounts of the place the account lies in, and of its sector.
func (s *sight) accountLeaders(b *standing.Book, a *standing.Account) (blocks []block) {
	add := func(id, title string, q standing.Query, pair ...string) {
		list := b.Leading(q, mostLeading)
		found := s.leading(list, link{text: s.t("ob.account.all"), href: s.to("accounts", pair...)})
		found.id, found.title, found.table.caption = id, title, title
		for i, o := range list {
			found.table.rows[i].on = o.ID == a.ID
		}
		blocks = append(blocks, found)
	}
	if r, ok := s.p.f.Regions().Find(cmp.Or(a.City, a.Province)); ok {
		add("place", s.t("ob.leading.of", s.regionName(r, false)), standing.Query{Region: r.Code}, "region", r.Code)
	}
	name := s.sectorName(a.Sector)
	add("sector", s.t("ob.leading.of", name), standing.Query{Sector: a.Sector}, "sector", a.Sector)
	return blocks
}

// accountsPage looks for accounts.
type accountsPage struct {
	title, lead, label, button string
	editions                   []component.Anchor
	q                          string
	kept                       []link // hidden inputs: name and value
	filters                    []link // what the list is limited to; each leads to the list without it
	found, empty, pages        string
	table                      table
	previous, next             link
}

// perPage is how many accounts a page of the search shows.
const perPage = 40

// longest is how many characters of a name are looked for.
const longest = 40

func (p *Pages) accounts(s *sight) (string, templ.Component, error) {
	b, err := s.book()
	if err != nil {
		return "", nil, err
	}
	q := standing.Query{Name: s.r.Query("q"), Region: s.r.Query("region"), Sector: s.r.Query("sector")}
	if r := []rune(q.Name); len(r) > longest {
		q.Name = string(r[:longest])
	}
	at, err := strconv.Atoi(s.r.Query("page"))
	if err != nil || at < 1 || at > 1e6 {
		at = 1 // an address that was cut off shows the beginning
	}
	list, total := b.Search(q, (at-1)*perPage, perPage)
	last := max(1, (total+perPage-1)/perPage)
	page := accountsPage{
		title: s.t("ob.accounts.title"), lead: s.t("ob.accounts.lead", s.edition.Name), label: s.t("ob.accounts.label"), button: s.t("ob.accounts.go"),
		editions: s.editions("accounts"), q: q.Name, found: s.t("ob.accounts.found", fixed(float64(total), 0)), empty: s.t("ob.accounts.none"),
		table: s.accountTable(list),
	}
	if !s.usual {
		page.kept = append(page.kept, link{text: "edition", href: s.edition.Name})
	}
	s.filters(q, &page)
	turn := func(to int, word string) link {
		return link{text: s.t(word), href: s.to("accounts", "q", q.Name, "region", q.Region, "sector", q.Sector, "page", strconv.Itoa(to))}
	}
	if last > 1 {
		page.pages = s.t("ob.accounts.page", min(at, last), last)
	}
	if at > 1 {
		page.previous = turn(min(at-1, last), "ob.accounts.previous")
	}
	if at < last {
		page.next = turn(at+1, "ob.accounts.next")
	}
	return page.title, accountsView(page), nil
}

// filters shows what the list is limited to.
func (s *sight) filters(q standing.Query, page *accountsPage) {
	add := func(name, value, text string, without ...string) {
		page.kept = append(page.kept, link{text: name, href: value})
		page.filters = append(page.filters, link{text: text, href: s.to("accounts", append(without, "q", q.Name)...), note: s.t("ob.accounts.without", text)})
	}
	if r, ok := s.p.f.Regions().Find(q.Region); ok {
		add("region", q.Region, s.regionName(r, false), "sector", q.Sector)
	}
	if q.Sector != "" {
		add("sector", q.Sector, s.sectorName(q.Sector), "region", q.Region)
	}
}

// accountTable names accounts, each with what it is in a smaller line, so that it fits a telephone.
func (s *sight) accountTable(list []*standing.Account) table {
	t := table{caption: s.t("ob.accounts.title"), head: []heading{{text: s.t("ob.account.name")}, {text: s.t("ob.m.active"), right: true}}}
	for _, a := range list {
		about := []string{s.t("ob.kind." + string(a.Kind)), s.t("ob.level.of." + string(a.Level)), s.sectorName(a.Sector)}
		if r, ok := s.p.f.Regions().Find(a.Region); ok {
			about = append(about, s.regionName(r, false))
		}
		c := s.accountCell(a)
		c.note = strings.Join(about, " · ")
		t.rows = append(t.rows, line{cells: []cell{c, {text: s.people(a), right: true}}})
	}
	return t
}
