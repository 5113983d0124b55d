package observatory

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"zhijian/domain/observatory"
	"zhijian/domain/region"
)

// table is an exhibit's rows as they stand on a page.
type table struct {
	caption string
	head    []heading
	rows    []line
	more    string // says how many rows are left out, and where they are
	moreTo  string
}

// A table of more columns than a telephone has room for stacks there, each row becoming a list of what its cells are, unless it is so long
// that one would never reach its end: that one scrolls sideways.
const (
	mostBeside  = 4
	mostStacked = 40
)

func (t table) stacks() bool { return len(t.head) > mostBeside && len(t.rows) <= mostStacked }

// role says what an element of a table that stacks is, for there its look no longer does.
func (t table) role(name string) templ.Attributes {
	if !t.stacks() {
		return nil
	}
	return templ.Attributes{"role": name}
}

// cell is what the cell of a column carries when the table stacks: its role and the column's heading.
func (t table) cell(column int, c cell) templ.Attributes {
	switch {
	case !t.stacks():
		return nil
	case c.head:
		return templ.Attributes{"role": "rowheader"}
	}
	return templ.Attributes{"role": "cell", "data-h": t.head[column].text}
}

// heading is the head of a column. Href leads to the table sorted by it; sorted is the order it is in, as aria-sort says it.
type heading struct {
	text   string
	right  bool
	href   string
	sorted string
}

type line struct {
	cells []cell
	on    bool // the row that the page is about
}

// cell is one value. Bar is the length of a bar beside it in px, 0 for none.
type cell struct {
	text  string
	note  string // smaller, below the text
	href  string
	right bool
	rank  bool
	head  bool // names the row
	tone  string
	bar   int
	lang  string
}

func (c cell) class() string {
	switch {
	case c.rank:
		return "rk"
	case c.right:
		return "r"
	}
	return ""
}

// barLength is the longest bar beside a number, in px.
const barLength = 64

// shown lists the columns a page has room for: those asked for, or all. The other language's names are left out.
func (s *sight) shown(x *observatory.Exhibit, only []string) (at []int) {
	for i, c := range x.Columns {
		base, english := strings.CutSuffix(c.ID, "_en")
		switch {
		case only != nil && !slices.Contains(only, c.ID):
		case s.lang != "en" && english && base != "":
		case s.lang == "en" && x.Column(c.ID+"_en") >= 0:
		default:
			at = append(at, i)
		}
	}
	if only != nil { // in the order asked for
		slices.SortStableFunc(at, func(a, b int) int {
			return slices.Index(only, x.Columns[a].ID) - slices.Index(only, x.Columns[b].ID)
		})
	}
	return at
}

// table makes a table of at most most rows, 0 for all. The column bar gets bars, mark is the first cell of the row that stands out.
func (s *sight) table(x *observatory.Exhibit, only []string, bar string, most int, mark string) table {
	t := table{caption: s.say(x.Title)}
	at := s.shown(x, only)
	for _, i := range at {
		c := x.Columns[i]
		title := s.say(c.Title)
		if of, english := strings.CutSuffix(c.ID, "_en"); english {
			title = s.t("ob.col.item")
			if at := x.Column(of); at >= 0 {
				title = s.say(x.Columns[at].Title)
			}
		}
		if c.ID == "rank" && only != nil {
			title = s.t("ob.col.rank")
		}
		t.head = append(t.head, heading{text: title, right: numeric(c) && c.ID != bar})
	}
	rows := x.Rows
	if most > 0 && len(rows) > most {
		rows = rows[:most]
		t.more, t.moreTo = s.t("ob.more", len(x.Rows)), s.to("exhibits/"+x.ID)
	}
	top := 0.0
	for _, r := range rows {
		if n := number(x, r, bar); n > top {
			top = n
		}
	}
	name := nameColumn(x, at)
	for _, r := range rows {
		l := line{on: mark != "" && r[0].String() == mark}
		for _, i := range at {
			c := x.Columns[i]
			one := cell{text: s.written(c, r[i]), right: numeric(c) && c.ID != bar, rank: c.ID == "rank" && i == at[0], head: i == name}
			if n, ok := r[i].Number(); ok && c.ID == bar && top > 0 && n > 0 {
				one.bar = max(1, int(n/top*barLength))
			}
			if c.Kind == observatory.Steps {
				one.tone = tone(r[i])
			}
			if i == name {
				one.href = s.pageOf(x, r)
			}
			if s.lang == "en" && c.Kind == observatory.Words && !numeric(c) && chineseText(one.text) {
				one.lang = "zh-CN"
			}
			l.cells = append(l.cells, one)
		}
		t.rows = append(t.rows, l)
	}
	return t
}

// nameColumn is the column that names a row: its name, or else its first words, or its first column.
func nameColumn(x *observatory.Exhibit, at []int) int {
	for _, i := range at {
		if id := x.Columns[i].ID; id == "name" || id == "name_en" {
			return i
		}
	}
	for _, i := range at {
		if k := x.Columns[i].Kind; k == observatory.Words || k == observatory.Code {
			return i
		}
	}
	return at[0]
}

func tone(v observatory.Cell) string {
	switch n, _ := v.Number(); {
	case n > 0:
		return "ob-chg--up"
	case n < 0:
		return "ob-chg--dn"
	}
	return ""
}

func numeric(c observatory.Column) bool {
	return c.Kind != observatory.Code && c.Kind != observatory.Words
}

func chineseText(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x4E00 && r <= 0x9FFF })
}

// pageOf is the page of the region, sector or account a row is about; "" when it is about none.
func (s *sight) pageOf(x *observatory.Exhibit, row []observatory.Cell) string {
	switch x.Columns[0].ID {
	case "sector":
		return s.to("sectors/" + row[0].String())
	case "account":
		return s.to("accounts/" + row[0].String())
	}
	at := x.Column("code")
	if at < 0 {
		at = x.Column("scope")
	}
	if at < 0 {
		return ""
	}
	if r, ok := s.p.f.Regions().Find(row[at].String()); ok && r.Level != region.County {
		return s.to("regions/" + r.Code)
	}
	return ""
}

// ranked is an exhibit with its rows by rank; rows without one keep their place at the end.
func ranked(x *observatory.Exhibit) *observatory.Exhibit {
	if x.Column("rank") < 0 {
		return x
	}
	by := func(r []observatory.Cell) float64 {
		if n := number(x, r, "rank"); !math.IsNaN(n) {
			return n
		}
		return math.Inf(1)
	}
	sorted := *x
	sorted.Rows = slices.Clone(x.Rows)
	slices.SortStableFunc(sorted.Rows, func(a, b []observatory.Cell) int { return cmp.Compare(by(a), by(b)) })
	return &sorted
}
