package report

import (
	"github.com/a-h/templ"

	"zhijian/domain/observatory"
	"zhijian/domain/report"
)

// Reading is a report in one language for pages that lay it out themselves: its sentences, notes, columns and doubts are those of
// the printed report, word for word.
type Reading struct {
	*report.Report
	p *part
}

// Read reads a report in "zh" or "en".
func Read(r *report.Report, lang string) *Reading { return &Reading{r, read(r, lang)} }

// Say gives a text in the reading's language.
func (r *Reading) Say(t report.Text) string { return r.p.say(t) }

// Word gives the report's own words around its sentences, by their keys in ui/wording without "report.": "summary", "chapter".
func (r *Reading) Word(key string, args ...any) string { return r.p.word(key, args...) }

// Note is what one sentence rests on. ID is the element that its number leads to.
type Note struct {
	ID    string
	Cells []string // figure, row and column
	More  int      // further cells that are not named
}

// Chapter is a chapter read: its sentences carry the numbers of its notes.
type Chapter struct {
	report.Chapter
	Notes []Note
	p     *part
}

// Chapter finds a chapter by its id; false when the report has none.
func (r *Reading) Chapter(id string) (Chapter, bool) {
	for _, c := range r.Chapters {
		if c.ID != id {
			continue
		}
		one := *r.p // the numbers of notes are those of one chapter
		out := Chapter{Chapter: c, p: &one}
		for _, n := range one.noted(c) {
			out.Notes = append(out.Notes, Note{n.id, n.cells, n.more})
		}
		return out, true
	}
	return Chapter{}, false
}

// Sentences writes sentences of the chapter one after another, each with the number of its note.
func (c Chapter) Sentences(list ...report.Sentence) templ.Component {
	return templ.Raw(c.p.sentences(c.ID, list...))
}

// Columns are the ids of the columns that the report shows of a figure, in the reading's language.
func (r *Reading) Columns(f report.Figure) (ids []string) {
	for _, i := range r.p.columns(f) {
		ids = append(ids, f.Exhibit.Columns[i].ID)
	}
	return ids
}

// Drawn gives the exhibit as the report draws it: with no more rows than stay legible, and how many that are; none when it is a table alone.
func (r *Reading) Drawn(e *observatory.Exhibit) (drawn observatory.Exhibit, rows int) {
	drawn = *e
	switch {
	case !drawable(e):
		return drawn, 0
	case trimmed(e):
		drawn.Rows = e.Rows[:mostDrawn[e.Chart.Kind]]
	}
	return drawn, len(drawn.Rows)
}

// Doubt is one line of the errata: a finding of the data-quality rules, and the exhibit that it touches.
type Doubt struct{ Exhibit, Where, Check, Level, Text string }

// Doubts are all lines of the errata.
func (r *Reading) Doubts() (list []Doubt) {
	if r.Errata == nil {
		return nil
	}
	at := r.Errata.Column("exhibit")
	for i, d := range r.p.doubts() {
		list = append(list, Doubt{r.Errata.Rows[i][at].String(), d[0], d[1], d[2], d[3]})
	}
	return list
}

// Method says how the report came about.
func (r *Reading) Method() []string { return r.p.method() }

// Made says what the edition was made of, each fact with its name.
func (r *Reading) Made() [][2]string { return r.p.facts() }
