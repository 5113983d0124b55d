package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhijian/domain/account"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/public"
	"zhijian/domain/observatory/standing"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/money"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/ui/say"
)

const observatoryPath = "/console/observatory"

// Observatory is what the house measures: the editions on its shelf, and the running month.
type Observatory interface {
	// Shelf lists all editions by name, the newest last.
	Shelf(ctx context.Context) ([]Edition, error)
	// Exhibits gives those of an edition as the public may see them; fault.NotFound when there is none.
	Exhibits(ctx context.Context, edition string) ([]observatory.Exhibit, error)
	// Book gives the accounts of an edition; fault.NotFound when there is none.
	Book(ctx context.Context, edition string) (*standing.Book, error)
	// Running is what the house did this month, up to about a minute ago.
	Running(ctx context.Context) (Running, error)
	// Differences lists what is not equal from one edition to another, at most most of each exhibit.
	Differences(ctx context.Context, from, to string, most int) ([]Difference, error)
	// Verify rebuilds an edition; "" when every number is what it was, or else the first difference. fault.Conflict while another is rebuilt.
	Verify(ctx context.Context, edition string) (string, error)
}

// Edition is an edition as its keepers see it.
type Edition struct {
	public.Edition
	Exhibits int       // 0: it was not computed
	Written  time.Time // when its manifest was written last
	Signer   string    // fingerprint of the key that signed it; "" when none did that is trusted
	Trouble  error     // why its signature is not trusted; nil when it is
}

// Difference is one place where two editions are not equal.
type Difference struct{ Exhibit, Row, Column, Was, Is string }

// Running is the month that is not over.
type Running struct {
	Month    string         // "2026-11"
	Book     *standing.Book // the house's accounts among each other
	Outcomes []observatory.Outcome
}

// observatoryRoutes are what is measured of a department, and the operator's shelf of editions.
func (c *Console) observatoryRoutes() []door.Route {
	const edition = observatoryPath + "/editions/{name}"
	return []door.Route{
		{Method: http.MethodGet, Path: observatoryPath, About: "how the department's accounts and services are doing", Access: door.StaffOnly, Handler: c.statistics},
		{Method: http.MethodGet, Path: observatoryPath + "/editions", About: "the editions of the observatory", Access: door.OperatorOnly, Handler: c.editions},
		{Method: http.MethodGet, Path: edition, About: "one edition: what it is, its findings, and what differs from another", Access: door.OperatorOnly, Handler: c.edition},
		{Method: http.MethodPost, Path: edition + "/verify", About: "rebuild an edition and say whether it is equal", Access: door.OperatorOnly, Handler: c.verify},
	}
}

// statisticsPage is what the observatory says of a department.
type statisticsPage struct {
	accounts []measuredAccount
	none     string // said where no account is measured
	services component.Table
	note     string
	errata   component.Table
}

// measuredAccount is one account in one edition, or in the running month.
type measuredAccount struct {
	title, note string
	more        component.Anchor
	table       component.Table
}

// source is where accounts are measured.
type source struct {
	book    *standing.Book
	edition public.Edition // without a name: the running month
}

// statistics is the page of the department, or of the whole house for the operator.
func (c *Console) statistics(w http.ResponseWriter, r *door.Request) error {
	own, err := c.ownAccounts(r)
	if err != nil {
		return err
	}
	running, err := c.c.Observatory.Running(r.Context())
	if err != nil {
		return err
	}
	editions, err := c.measuring(r)
	if err != nil {
		return err
	}
	page := statisticsPage{note: word(r, "desk.stat_services_note", running.Month)}
	if !r.Member.Operator {
		sources, err := c.sources(r, running, editions)
		if err != nil {
			return err
		}
		for _, a := range own {
			page.accounts = append(page.accounts, c.measured(r, a, sources)...)
		}
		switch {
		case len(own) == 0:
			page.none = word(r, "desk.stat_none")
		case len(page.accounts) == 0:
			page.none = word(r, "desk.stat_unmeasured")
		}
	}
	if err := c.fillServices(r, &page, own, running, editions); err != nil {
		return err
	}
	head := component.DeskHead{Title: word(r, "desk.stat"), Sub: word(r, "desk.stat_sub")}
	if r.Member.Operator {
		head.Sub = word(r, "desk.stat_sub_house")
		head.Buttons = []component.DeskButton{{Text: word(r, "desk.editions"), Href: observatoryPath + "/editions", Tone: component.Line}}
	}
	return render(w, r, http.StatusOK, c.frame(w, r, head.Title).In(), page.view(head))
}

// ownAccounts are the accounts of the member's department, all of the house's for the operator.
func (c *Console) ownAccounts(r *door.Request) (own []account.Account, err error) {
	for _, city := range c.c.Catalogue.Cities() {
		list, err := c.c.Accounts.Of(r.Context(), city)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			if r.Member.Operator || a.Department == r.Member.Department && a.Department != 0 {
				own = append(own, a)
			}
		}
	}
	return own, nil
}

// measuring are the editions that say something of an account today: the newest night, and the newest other one.
func (c *Console) measuring(r *door.Request) (list []public.Edition, err error) {
	shelf, err := c.c.Observatory.Shelf(r.Context())
	if err != nil {
		return nil, err
	}
	var all []public.Edition
	for _, e := range shelf {
		if e.Exhibits > 0 {
			all = append(all, e.Edition)
		}
	}
	seen := map[bool]bool{}
	for _, e := range slices.Backward(all) {
		if _, live := e.Live(); !seen[live] {
			seen[live] = true
			list = append(list, e)
		}
	}
	return list, nil
}

func (c *Console) sources(r *door.Request, running Running, editions []public.Edition) (list []source, err error) {
	list = []source{{book: running.Book}}
	for _, e := range editions {
		b, err := c.c.Observatory.Book(r.Context(), e.Name)
		if err != nil {
			return nil, err
		}
		list = append(list, source{b, e})
	}
	return list, nil
}

// measured is an account in every source that holds it. The department sees its own numbers whole; of others it sees what everybody does.
func (c *Console) measured(r *door.Request, own account.Account, sources []source) (list []measuredAccount) {
	for _, s := range sources {
		a, ok := s.book.Account(own.Alias)
		if !ok || s.book.Month() == "" { // not there, or nobody counted visits: a rank of nothing would say nothing
			continue
		}
		m := measuredAccount{title: own.Name, note: word(r, "desk.stat_running", s.book.Month())}
		if s.edition.Name != "" {
			m.note = editionTitle(r, s.edition)
			m.more = component.Anchor{Text: word(r, "desk.stat_public"), Href: layout.Link(r.Lang, "/observatory/accounts/"+url.PathEscape(a.ID)+"?edition="+url.QueryEscape(s.edition.Name))}
		}
		m.table = c.standingTable(r, s.book, a)
		list = append(list, m)
	}
	return list
}

// standingTable is where an account stands by each measure, and what the next rank is away.
func (c *Console) standingTable(r *door.Request, b *standing.Book, a *standing.Account) component.Table {
	t := table(r, "desk.stat_standing", "desk.stat_standing", "desk.stat_measure", "desk.stat_value", "desk.stat_all", "desk.stat_field", "desk.stat_city", "desk.stat_next")
	for i := 1; i <= 4; i++ {
		t.Columns[i].Right = true
	}
	for _, m := range []struct {
		of standing.Measure
		n  int64
	}{{standing.ByActive, a.Counted()}, {standing.ByClicks, a.Clicks}, {standing.ByVisits, a.Visits}} {
		if m.of == standing.ByVisits && a.Kind != observatory.Serving && m.n == 0 {
			continue // an account that publishes has no services to visit
		}
		all := b.Stand(a, m.of, standing.Everyone)
		row := component.TableRow{Cells: []component.Cell{{Text: word(r, "desk.stat_"+string(m.of))}, {Text: say.Digits(m.n)}, rank(r, all)}}
		for _, circle := range []standing.Circle{standing.Field, standing.Town} {
			row.Cells = append(row.Cells, rank(r, b.Stand(a, m.of, circle)))
		}
		row.Cells = append(row.Cells, component.Cell{Text: next(r, b, m.of, all)})
		t.Rows = append(t.Rows, row)
	}
	return t
}

func rank(r *door.Request, p standing.Place) component.Cell {
	if p.Rank == 0 {
		return component.Cell{Text: "—"}
	}
	return component.Cell{Text: say.Digits(int64(p.Rank)), Small: word(r, "desk.stat_of", p.Of)}
}

// next says what the next rank is away: arithmetic, and no promise.
func next(r *door.Request, b *standing.Book, m standing.Measure, p standing.Place) string {
	switch {
	case p.Rank == 0:
		return word(r, "desk.stat_few", public.Least)
	case p.Rank == 1:
		return word(r, "desk.stat_first")
	}
	name := p.Above.ID
	if above, ok := b.Account(p.Above.ID); ok {
		name = above.Name
	}
	return word(r, "desk.stat_step_"+string(m), say.Digits(p.Need), name, p.Rank-1)
}

// fillServices fills what came of the services this month, beside what the newest edition says of them everywhere, and what in it is doubtful.
func (c *Console) fillServices(r *door.Request, page *statisticsPage, own []account.Account, running Running, editions []public.Edition) error {
	var everywhere []observatory.Exhibit
	keys := map[string]bool{}
	mine := map[string]account.Account{}
	for _, a := range own {
		mine[a.Alias] = a
		keys[a.Alias], keys[a.Sector], keys[a.Region] = true, true, true
	}
	if !r.Member.Operator { // who sees every edition's findings with the edition
		page.errata = table(r, "desk.stat_errata", "desk.stat_errata_none", "desk.stat_exhibit", "desk.stat_check", "desk.stat_doubt")
	}
	offers := c.offersOf(mine)
	for _, o := range offers {
		keys[o.Definition.ID] = true
	}
	for _, e := range editions {
		list, err := c.c.Observatory.Exhibits(r.Context(), e.Name)
		if err != nil {
			return err
		}
		if _, live := e.Live(); !live {
			everywhere = list
			page.note += word(r, "desk.stat_services_beside", editionTitle(r, e))
		}
		if !r.Member.Operator {
			page.errata.Rows = append(page.errata.Rows, touching(r, e, list, keys)...)
		}
	}
	page.services = c.serviceTable(r, offers, running, everywhere)
	return nil
}

func (c *Console) offersOf(mine map[string]account.Account) (list []service.Offer) {
	for _, city := range c.c.Catalogue.Cities() {
		for _, o := range c.c.Catalogue.Offers(city) {
			if _, ok := mine[o.Account]; ok {
				list = append(list, o)
			}
		}
	}
	return list
}

func (c *Console) serviceTable(r *door.Request, offers []service.Offer, running Running, everywhere []observatory.Exhibit) component.Table {
	t := table(r, "desk.stat_services", "desk.stat_services_none",
		"desk.stat_service", "desk.stat_opened", "desk.stat_done", "desk.stat_refused", "desk.stat_kept", "desk.stat_rating", "desk.stat_took", "desk.stat_paid")
	for i := 1; i < len(t.Columns); i++ {
		t.Columns[i].Right = true
	}
	at := map[[2]string]*observatory.Outcome{}
	for i := range running.Outcomes {
		o := &running.Outcomes[i]
		at[[2]string{o.Region, o.Service}] = o
	}
	for _, offer := range offers {
		o := at[[2]string{offer.City, offer.Definition.ID}]
		if o == nil { // nobody opened one this month
			o = &observatory.Outcome{}
		}
		kept, rating := share(r, o.Of(observatory.Kept), o.Of(observatory.Promised)), mean(r, o)
		kept.Small = nationwide(r, everywhere, "promise", offer.Definition.ID, "share", 1, "%")
		rating.Small = nationwide(r, everywhere, "rating", offer.Definition.ID, "mean", 2, "")
		t.Rows = append(t.Rows, component.TableRow{Cells: []component.Cell{
			{Text: offer.Definition.Name.In(r.Lang)},
			counted(o.Of(observatory.Opened)), counted(o.Of(observatory.Done)), counted(o.Of(observatory.Refused)),
			kept, rating, took(r, o), paid(r, o),
		}})
	}
	return t
}

func counted(n observatory.Counted) component.Cell {
	v, _ := n.N()
	return component.Cell{Text: say.Digits(v)}
}

// share is a part of a whole in percent; a dash where the whole is nothing.
func share(r *door.Request, part, whole observatory.Counted) component.Cell {
	a, _ := part.N()
	b, _ := whole.N()
	if b == 0 {
		return component.Cell{Text: "—"}
	}
	return component.Cell{Text: word(r, "desk.stat_share", say.Percent(float64(a)/float64(b)), a, b)}
}

func mean(r *door.Request, o *observatory.Outcome) component.Cell {
	stars, _ := o.Of(observatory.RatingSum).N()
	n, _ := o.Of(observatory.Rated).N()
	if n == 0 {
		return component.Cell{Text: "—"}
	}
	return component.Cell{Text: word(r, "desk.stat_stars", strconv.FormatFloat(float64(stars)/float64(n), 'f', 2, 64), n)}
}

// took says within what time half of the cases ended: exact to the bucket that durations are counted in.
func took(r *door.Request, o *observatory.Outcome) component.Cell {
	_, within, ok := o.Took.Quantile(50)
	if !ok {
		return component.Cell{Text: "—"}
	}
	return component.Cell{Text: word(r, "desk.stat_within", say.Duration(r.Lang, upwards(time.Duration(within)*time.Second)))}
}

// upwards rounds up to the unit that a duration is said in, so that what is within it stays within what is said.
func upwards(d time.Duration) time.Duration {
	for _, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		if d >= unit {
			return (d + unit - 1) / unit * unit
		}
	}
	return d
}

func paid(r *door.Request, o *observatory.Outcome) component.Cell {
	n, _ := o.Of(observatory.Paid).N()
	fen, _ := o.Of(observatory.Fen).N()
	if n == 0 {
		return component.Cell{Text: "—"}
	}
	return component.Cell{Text: say.Money(r.Lang, money.Fen(fen)), Small: word(r, "desk.stat_payments", n)}
}

// nationwide says the same figure over all cities of an edition; "" when it has none.
func nationwide(r *door.Request, list []observatory.Exhibit, exhibit, service, column string, decimals int, unit string) string {
	i := slices.IndexFunc(list, func(x observatory.Exhibit) bool { return x.ID == exhibit })
	if i < 0 {
		return ""
	}
	cell, _ := list[i].Find(service, column)
	n, ok := cell.Number()
	if !ok {
		return ""
	}
	return word(r, "desk.stat_everywhere", strconv.FormatFloat(n, 'f', decimals, 64)+unit)
}

// touching lists the doubts about exhibits that have a row about one of the keys.
func touching(r *door.Request, e public.Edition, list []observatory.Exhibit, keys map[string]bool) (rows []component.TableRow) {
	for i := range list {
		x := &list[i]
		if len(x.Warnings) == 0 || !slices.ContainsFunc(x.Rows, func(row []observatory.Cell) bool { return keys[row[0].String()] }) {
			continue
		}
		for _, d := range x.Warnings {
			rows = append(rows, component.TableRow{Cells: []component.Cell{
				{Text: in(r, x.Title), Href: layout.Link(r.Lang, exhibitPath(e, x.ID)) + "#doubts", Small: editionTitle(r, e)},
				{Text: d.ID, Small: word(r, "desk.stat_level_"+strings.ToLower(string(d.Level)))},
				{Text: in(r, d.Text)},
			}})
		}
	}
	return rows
}

func exhibitPath(e public.Edition, id string) string {
	return "/observatory/exhibits/" + url.PathEscape(id) + "?edition=" + url.QueryEscape(e.Name)
}

// editionTitle names an edition, and says that it is simulated where it is.
func editionTitle(r *door.Request, e public.Edition) string {
	title := word(r, "desk.edition_named", e.Name)
	if e.Simulated {
		title = word(r, "desk.edition_simulated", e.Name)
	}
	return title
}

func in(r *door.Request, t observatory.Text) string {
	if r.Lang == "en" {
		return t.En
	}
	return t.Zh
}
