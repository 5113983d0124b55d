package report

import (
	"cmp"
	"slices"
	"strconv"

	"zhijian/domain/observatory"
)

// book is what rules read.
type book struct {
	now, before map[string]*observatory.Exhibit
}

// rule says something when the numbers carry it; false says nothing.
type rule struct {
	id  string
	say func(r *reader) (Text, bool)
}

// reader reads cells for one rule and remembers them. A cell that is not there silences the rule.
type reader struct {
	book    *book
	on      []Cell
	missing bool
}

func (b *book) tell(rules []rule) (out []Sentence) {
	for _, x := range rules {
		r := &reader{book: b}
		if t, ok := x.say(r); ok && !r.missing {
			out = append(out, Sentence{Rule: x.id, Text: t, On: r.on})
		}
	}
	return out
}

// num is a number of this edition.
func (r *reader) num(exhibit, row, column string) float64 {
	e := r.book.now[exhibit]
	if e == nil {
		r.missing = true
		return 0
	}
	c, ok := e.Find(row, column)
	n, is := c.Number()
	if !ok || !is {
		r.missing = true
		return 0
	}
	r.rest(exhibit, row, column)
	return n
}

func (r *reader) rest(exhibit, row, column string) {
	if at := (Cell{exhibit, row, column}); !slices.Contains(r.on, at) {
		r.on = append(r.on, at)
	}
}

// name is what a row is called in both languages.
func (r *reader) name(exhibit, row string) Text {
	e := r.book.now[exhibit]
	if e == nil {
		r.missing = true
		return Text{}
	}
	zh, _ := e.Find(row, "name")
	en, _ := e.Find(row, "name_en")
	t := Text{Zh: cmp.Or(zh.String(), row), En: cmp.Or(en.String(), row)}
	return t
}

// rows lists the first cells of an exhibit, in its order; none silences the rule.
func (r *reader) rows(exhibit string) (ids []string) {
	if e := r.book.now[exhibit]; e != nil {
		for _, row := range e.Rows {
			ids = append(ids, row[0].String())
		}
	}
	r.missing = r.missing || len(ids) == 0
	return ids
}

// value reads a cell and neither remembers it nor is silenced by it: for choosing among rows.
func (r *reader) value(exhibit, row, column string) (float64, bool) {
	if e := r.book.now[exhibit]; e != nil {
		c, _ := e.Find(row, column)
		return c.Number()
	}
	return 0, false
}

// most is the row with the greatest value of a column, the first of equals; it rests on that cell.
func (r *reader) most(exhibit, column string) string { return r.extreme(exhibit, column, 1) }

// least is the row with the smallest value.
func (r *reader) least(exhibit, column string) string { return r.extreme(exhibit, column, -1) }

func (r *reader) extreme(exhibit, column string, sign float64) (best string) {
	top, found := 0.0, false
	for _, row := range r.rows(exhibit) {
		if v, ok := r.value(exhibit, row, column); ok && (!found || v*sign > top) {
			best, top, found = row, v*sign, true
		}
	}
	if !found {
		r.missing = true
		return ""
	}
	r.rest(exhibit, best, column)
	return best
}

// which lists the rows whose value passes, and rests on all of them.
func (r *reader) which(exhibit, column string, pass func(float64) bool) (ids []string) {
	seen := false
	for _, row := range r.rows(exhibit) {
		v, ok := r.value(exhibit, row, column)
		seen = seen || ok
		if ok && pass(v) {
			ids = append(ids, row)
			r.rest(exhibit, row, column)
		}
	}
	r.missing = r.missing || !seen
	return ids
}

// words reads a cell of words.
func (r *reader) words(exhibit, row, column string) string {
	if e := r.book.now[exhibit]; e != nil {
		if c, ok := e.Find(row, column); ok && c.String() != "" {
			r.rest(exhibit, row, column)
			return c.String()
		}
	}
	r.missing = true
	return ""
}

// doubted reports whether an exhibit carries a warning.
func (r *reader) doubted(exhibit, id string) bool {
	e := r.book.now[exhibit]
	return e != nil && slices.ContainsFunc(e.Warnings, func(w observatory.Warning) bool { return w.ID == id })
}

// names joins the names of rows.
func (r *reader) names(exhibit string, ids []string) Text {
	var t Text
	for i, id := range ids {
		n := r.name(exhibit, id)
		switch {
		case i == 0:
		case i == len(ids)-1:
			t.Zh, t.En = t.Zh+"、", t.En+" and "
		default:
			t.Zh, t.En = t.Zh+"、", t.En+", "
		}
		t.Zh, t.En = t.Zh+n.Zh, t.En+n.En
	}
	return t
}

func (b *book) points(list []point) (out []Point) {
	for _, p := range list {
		r := &reader{book: b}
		n := p.number(r)
		if !r.missing {
			out = append(out, Point{n, p.text})
		}
	}
	return out
}

func (b *book) chapter(number int, p planned, placed map[string]bool) Chapter {
	n := strconv.Itoa(number)
	c := Chapter{ID: p.id, Number: n, Title: p.title, Lead: b.tell(p.lead), Points: b.points(p.points)}
	count := 0
	for i, s := range p.sections {
		out := Section{ID: p.id + "-" + strconv.Itoa(i+1), Number: n + "." + strconv.Itoa(i+1), Title: s.title, Sentences: b.tell(s.rules)}
		for _, f := range s.figures {
			e := b.now[f.id]
			if e == nil || placed[f.id] {
				continue
			}
			placed[f.id] = true
			count++
			out.Figures = append(out.Figures, Figure{n + "-" + strconv.Itoa(count), e, f.columns, f.most})
		}
		if len(out.Sentences)+len(out.Figures) > 0 {
			c.Sections = append(c.Sections, out)
		}
	}
	return c
}

// appendix shows the two of the white paper, then whatever no chapter shows.
func (b *book) appendix(now []observatory.Exhibit, placed map[string]bool) (out []Section) {
	rest := Section{ID: "appendix-others", Number: "3", Title: Text{Zh: "其他图表", En: "Other exhibits"}}
	for _, a := range appendices {
		e := b.now[a.id]
		if e == nil {
			continue
		}
		placed[a.id] = true
		n := strconv.Itoa(len(out) + 1)
		out = append(out, Section{ID: "section-" + a.id, Number: n, Title: e.Title, Figures: []Figure{{"A" + n, e, a.columns, a.most}}})
	}
	rest.Number = strconv.Itoa(len(out) + 1)
	for i := range now {
		if e := &now[i]; !placed[e.ID] {
			rest.Figures = append(rest.Figures, Figure{"A" + rest.Number + "-" + strconv.Itoa(len(rest.Figures)+1), e, nil, restRows})
		}
	}
	if len(rest.Figures) > 0 {
		out = append(out, rest)
	}
	return out
}
