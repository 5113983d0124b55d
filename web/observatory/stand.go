package observatory

import (
	"math"
	"slices"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/standing"
	"zhijian/ui/component"
)

// standPage says how one region, sector or account is doing, and what would move it.
type standPage struct {
	title, lead string
	editions    []component.Anchor
	acts        []link
	keys        []key
	stand       standPart
	under       block // below the place among peers
	beside      panel
	blocks      []block
	rows        []regionRow
	rowsHead    string
	within      []link
	withinHead  string
}

// standPart is the place among peers by each measure, and what the next rank is away.
type standPart struct {
	title, sub         string
	table              table
	nextHead, nextNote string
	circles            []circle
}

// circle is whom a subject is compared with, and the steps to its next ranks there.
type circle struct {
	title string
	steps []note
}

// block is a table or a list of facts under a heading.
type block struct {
	id, title, sub string
	facts          []key
	table          table
	more           link
}

// regionRow is what one exhibit says of the page's subject.
type regionRow struct {
	title, href string
	facts       []key
}

// score is a measure by which the rows of an exhibit are ranked: a column, or one column over another.
type score struct {
	id      string // of its sentences: ob.m.active, ob.step.active
	shown   string // column whose value is shown
	count   string // column that is counted; verified accounts are reckoned from their share
	over    string
	rank    string // column of the exhibit's own rank; "" when it has none
	decided bool   // equals are parted by id alone
}

// verified is the column whose count is a share of the accounts.
const verified = "verified_share"

// The measures of each list of peers. Outcomes and organisations; followers and likes carry no ranking.
var (
	provinceScores = []score{
		{"accounts", "accounts", "accounts", "", "rank", true},
		{"active", "active", "active", "", "active_rank", false},
		{"mean", "mean", "active", "accounts", "mean_rank", false},
		{"verified", verified, verified, "accounts", "", false},
	}
	prefectureScores = []score{
		{"accounts", "accounts", "accounts", "", "rank", true},
		{"active", "active", "active", "", "total_rank", false},
		{"mean", "mean", "active", "accounts", "active_rank", false},
	}
	sectorScores = append(slices.Clone(provinceScores), score{"clicks", "clicks", "clicks", "", "", false}, score{"visits", "visits", "visits", "", "", false})
)

// peer is a row of an exhibit as one to be ranked.
func (f score) peer(x *observatory.Exhibit, row []observatory.Cell) standing.Peer {
	count, accounts := number(x, row, f.count), number(x, row, "accounts")
	p := standing.Peer{ID: row[0].String(), Hidden: math.IsNaN(count) || math.IsNaN(accounts)}
	if p.Hidden {
		return p
	}
	if f.count == verified {
		count = math.Round(count * accounts / 100)
	}
	p.Count = int64(count)
	if f.over != "" {
		p.Over = int64(accounts)
	}
	if !f.decided {
		p.Size = int64(accounts)
	}
	return p
}

// among finds a row among those of the exhibit that with takes.
func (f score) among(x *observatory.Exhibit, row []observatory.Cell, with func([]observatory.Cell) bool) standing.Place {
	return standing.Stand(f.peer(x, row), func(yield func(standing.Peer) bool) {
		for _, r := range x.Rows {
			if with(r) && !yield(f.peer(x, r)) {
				return
			}
		}
	})
}

// place finds a row among all. The exhibit's own rank wins: where it is not the one reckoned from what is published, somebody
// unpublished stands between, and nothing is said of the next rank.
func (f score) place(x *observatory.Exhibit, row []observatory.Cell) standing.Place {
	p := f.among(x, row, func([]observatory.Cell) bool { return true })
	if own := number(x, row, f.rank); !math.IsNaN(own) && int(own) != p.Rank {
		return standing.Place{Rank: int(own), Of: len(x.Rows)}
	}
	return p
}

// ranking is a list of peers and a subject in it.
type ranking struct {
	x      *observatory.Exhibit
	row    []observatory.Cell
	scores []score
	group  string // column that says who is alike; "" when nothing does
}

// alike takes the rows of the subject's group, and gives the group's name; nil when there is no group.
func (s *sight) alike(k ranking) (with func([]observatory.Cell) bool, name string) {
	own := text(k.x, k.row, k.group)
	if own == "" {
		return nil, ""
	}
	if key := "ob.alike." + own; s.has(key) {
		name = s.t(key)
	} else {
		name = own
	}
	return func(r []observatory.Cell) bool { return text(k.x, r, k.group) == own }, name
}

// standOf fills the part of the page that says where a row stands and what would move it.
func (s *sight) standOf(k ranking) standPart {
	p := standPart{title: s.t("ob.stand.title"), sub: s.say(k.x.Base), nextHead: s.t("ob.stand.next"), nextNote: s.t("ob.stand.next.note")}
	with, group := s.alike(k)
	all := circle{title: s.t("ob.stand.all", len(k.x.Rows))}
	near := circle{title: s.t("ob.stand.alike", group)}
	before, was := s.before(k)
	p.table.caption = p.title
	p.table.head = []heading{{text: s.t("ob.stand.measure")}, {text: s.t("ob.stand.value"), right: true}, {text: s.t("ob.stand.rank"), right: true}}
	if with != nil {
		p.table.head = append(p.table.head, heading{text: s.t("ob.stand.rank.alike", group), right: true})
	}
	if was != nil {
		p.table.head = append(p.table.head, heading{text: before, right: true}, heading{text: s.t("ob.stand.moved"), right: true})
	}
	for _, f := range k.scores {
		at := k.x.Column(f.shown)
		if at < 0 {
			continue
		}
		place := f.place(k.x, k.row)
		l := line{cells: []cell{{text: s.t("ob.m." + f.id), head: true}, {text: s.written(k.x.Columns[at], k.row[at]), right: true}, s.rankOf(place)}}
		all.add(s.step(k.x, f, k.row, place))
		if with != nil {
			beside := f.among(k.x, k.row, with)
			near.add(s.step(k.x, f, k.row, beside))
			l.cells = append(l.cells, s.rankOf(beside))
		}
		if was != nil {
			l.cells = append(l.cells, cell{text: s.written(k.x.Columns[at], was.row[at]), right: true}, s.moved(f, place, *was))
		}
		p.table.rows = append(p.table.rows, l)
	}
	p.circles = []circle{all}
	if with != nil {
		p.circles = append(p.circles, near)
	}
	return p
}

func (c *circle) add(n note) {
	if n.text != "" {
		c.steps = append(c.steps, n)
	}
}

// before is the same row in the edition before, with that edition's name; nil when there is none or its columns are others.
func (s *sight) before(k ranking) (string, *ranking) {
	if s.edition.Previous == "" {
		return "", nil
	}
	o, err := s.other(s.edition.Previous)
	if err != nil {
		return "", nil // an edition that is gone from the shelf is no fault of this page
	}
	x := o.find(k.x.ID)
	row := rowOf(x, k.row[0].String())
	if row == nil || len(x.Columns) != len(k.x.Columns) {
		return "", nil
	}
	return o.editionName(), &ranking{x: x, row: row}
}

// moved says how many ranks were gained since the edition before.
func (s *sight) moved(f score, now standing.Place, was ranking) cell {
	then := f.place(was.x, was.row).Rank
	if now.Rank == 0 || then == 0 {
		return cell{text: none, right: true}
	}
	v := observatory.Int(then - now.Rank)
	return cell{text: s.written(observatory.Column{Kind: observatory.Steps}, v), right: true, tone: tone(v)}
}

// rankOf writes a rank with how many there are below it.
func (s *sight) rankOf(p standing.Place) cell {
	if p.Rank == 0 {
		return cell{text: none, right: true}
	}
	return cell{text: fixed(float64(p.Rank), 0), note: s.t("ob.stand.of", fixed(float64(p.Of), 0)), right: true}
}

// step says what the next rank is away: arithmetic, and no more. Empty where there is nothing that may be said.
func (s *sight) step(x *observatory.Exhibit, f score, row []observatory.Cell, p standing.Place) note {
	head := s.t("ob.m." + f.id)
	switch {
	case p.Rank == 1:
		return note{head, s.t("ob.step.first")}
	case p.Rank == 0 || p.Above.ID == "":
		return note{}
	}
	above := rowOf(x, p.Above.ID)
	value := s.written(x.Columns[x.Column(f.shown)], above[x.Column(f.shown)])
	if own := f.peer(x, row); f.count == verified && p.Need > own.Over-own.Count {
		return note{head, s.t("ob.step.verified.all", s.name(x, above), value)}
	}
	return note{head, s.t("ob.step."+f.id, fixed(float64(p.Need), 0), s.name(x, above), value, fixed(float64(p.Rank-1), 0))}
}

// trend is the subject's figures in every edition that has it, the newest first, at most mostEditions; those of the house's nights
// stand apart from the others, for they know the house alone.
func (s *sight) trend(k ranking) block {
	b := block{id: "trend", title: s.t("ob.trend.title"), sub: s.t("ob.trend.sub")}
	b.table.caption, b.table.head = b.title, []heading{{text: s.t("ob.fact.edition")}}
	for _, f := range k.scores {
		b.table.head = append(b.table.head, heading{text: s.t("ob.m." + f.id), right: true})
	}
	_, night := s.edition.Live()
	for _, e := range slices.Backward(s.all) {
		if len(b.table.rows) == mostEditions {
			break
		}
		if _, live := e.Live(); live != night {
			continue
		}
		o, err := s.other(e.Name)
		if err != nil {
			continue
		}
		x := o.find(k.x.ID)
		row := rowOf(x, k.row[0].String())
		if row == nil {
			continue
		}
		l := line{on: e.Name == s.edition.Name, cells: []cell{{text: o.editionName(), head: true}}}
		for _, f := range k.scores {
			value := none
			if at := x.Column(f.shown); at >= 0 {
				value = s.written(x.Columns[at], row[at])
			}
			l.cells = append(l.cells, cell{text: value, right: true})
		}
		b.table.rows = append(b.table.rows, l)
	}
	return b
}

// mostEditions is how far back a trend goes.
const mostEditions = 8

// alsoIn lists what the other exhibits say of the row whose key is id.
func (s *sight) alsoIn(id, but string) (list []regionRow) {
	for i := range s.list {
		x := &s.list[i]
		if x.ID == but || x.ID == "national" { // whose row "nation" is the national level
			continue
		}
		if r := about(x, id); r != nil {
			list = append(list, regionRow{title: s.say(x.Title), href: s.to("exhibits/" + x.ID), facts: s.facts(x, r)})
		}
	}
	return list
}

// about is the row of an exhibit about a region or a sector; nil when there is none.
func about(x *observatory.Exhibit, id string) []observatory.Cell {
	for _, column := range []string{"code", "scope", "sector"} {
		if x.Column(column) == 0 { // elsewhere a code says where an account is, not what the row is about
			return rowOf(x, id)
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

// parts is a block of the accounts that fit, counted by what of says of each, at most most rows; named gives a row's name and page.
func (s *sight) parts(id string, list []standing.Part, most int, named func(string) (name, href string)) block {
	b := block{id: id, title: s.t("ob.parts." + id)}
	b.table = table{caption: b.title, head: []heading{
		{text: s.t("ob.col.item")}, {text: s.t("ob.col.accounts")}, {text: s.t("ob.m.verified"), right: true}, {text: s.t("ob.region.service"), right: true},
	}}
	share := func(n, of int64) string {
		return s.written(observatory.Column{Kind: observatory.Share}, observatory.Num(100*float64(n)/float64(of)))
	}
	for _, p := range list[:min(most, len(list))] {
		name, href := named(p.ID)
		bar := max(1, int(float64(p.Accounts)/float64(list[0].Accounts)*barLength))
		b.table.rows = append(b.table.rows, line{cells: []cell{
			{text: name, href: href, head: true},
			{text: fixed(float64(p.Accounts), 0), bar: bar},
			{text: share(p.Verified, p.Accounts), right: true},
			{text: share(p.Serving, p.Accounts), right: true},
		}})
	}
	if len(list) > most {
		b.sub = s.t("ob.parts.first", most, len(list))
	}
	return b
}

// leading is a block of the accounts with most active users.
func (s *sight) leading(list []*standing.Account, more link) block {
	b := block{id: "leading", title: s.t("ob.leading.title"), more: more}
	b.table = table{caption: b.title, head: []heading{{text: s.t("ob.account.name")}, {text: s.t("ob.account.level")}, {text: s.t("ob.m.active"), right: true}}}
	for _, a := range list {
		b.table.rows = append(b.table.rows, line{cells: []cell{
			s.accountCell(a), {text: s.t("ob.level.of." + string(a.Level))}, {text: s.people(a), right: true},
		}})
	}
	return b
}

// people writes an account's active users, or that they are not published.
func (s *sight) people(a *standing.Account) string {
	if n, ok := a.Active(); ok {
		return fixed(float64(n), 0)
	}
	return s.t("ob.hidden")
}

func (s *sight) accountCell(a *standing.Account) cell {
	c := cell{text: a.Name, href: s.to("accounts/" + a.ID), head: true}
	if s.lang == "en" && chineseText(a.Name) {
		c.lang = "zh-CN"
	}
	return c
}

// book is the accounts of the page's edition.
func (s *sight) book() (*standing.Book, error) {
	return s.p.c.Editions.Book(s.r.Context(), s.edition.Name)
}
