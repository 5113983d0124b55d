// Package report draws a report as one HTML file that needs nothing else: styles inlined, charts as SVG, no script.
//
// HTML is pure: the same report gives the same bytes. One file holds one language or both, Chinese first. It prints on A4 with a
// running header and page numbers; headings are in order, so that a browser's outline of them is the table of contents. A simulated
// edition says so on the cover, in the header of every page and under every figure.
package report

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"zhijian/domain/observatory"
	"zhijian/domain/report"
	"zhijian/ground/fault"
	"zhijian/ui/chart"
	"zhijian/ui/figure"
	"zhijian/ui/wording"
)

//go:embed report.css
var sheet string

// Document says how a report is written.
type Document struct {
	Report *report.Report
	Langs  []string // "zh", "en", or both in this order
	// Pages are the pages on which sections begin, by id, for the printed table of contents; nil leaves them out.
	Pages map[string]int
}

// HTML writes the file. An error only when a chart cannot be drawn.
func HTML(ctx context.Context, d Document) (_ []byte, err error) {
	defer fault.Wrap(&err, "write the report of edition %s", d.Report.Edition.Name)
	var parts []*part
	for i, lang := range d.Langs {
		p := read(d.Report, lang)
		p.first, p.pages = i == 0, d.Pages
		if err := p.prepare(); err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	var b bytes.Buffer
	if err := document(d, parts).Render(ctx, &b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// read is a report in one language, its figures numbered.
func read(r *report.Report, lang string) *part {
	p := &part{Report: r, lang: lang, number: map[string]string{}, gloss: glossary(r, lang)}
	for _, s := range p.sections() {
		for _, f := range s.Figures {
			p.number[f.Exhibit.ID] = f.Number
		}
	}
	return p
}

// part is the report in one language.
type part struct {
	*report.Report
	lang   string
	first  bool
	pages  map[string]int
	number map[string]string // of a figure, by exhibit
	svg    map[string]string
	gloss  map[string]string
	notes  map[string]int // of a sentence within its chapter
}

func (p *part) say(t report.Text) string {
	if p.lang == wording.English {
		return t.En
	}
	return t.Zh
}

func (p *part) word(key string, args ...any) string { return wording.T(p.lang, "report."+key, args...) }

// id names an element; both languages may stand in one file.
func (p *part) id(s string) string { return p.lang + "-" + s }

func (p *part) tag() string {
	if p.lang == wording.English {
		return "en"
	}
	return "zh-CN"
}

func (p *part) page(id string) string {
	if n := p.pages[p.id(id)]; n > 0 {
		return strconv.Itoa(n)
	}
	return ""
}

// tooMany is how many rows there may be before the first bars of them say nothing.
const tooMany = 300

// mostDrawn is how many rows of a drawing stay legible on one page, by how tall a row of its kind is; the table has the others.
var mostDrawn = map[observatory.ChartKind]int{observatory.Bars: 31, observatory.Diverging: 31, observatory.Shares: 27, observatory.Grouped: 21}

// prepare draws the figures.
func (p *part) prepare() error {
	p.svg = map[string]string{}
	for _, s := range p.sections() {
		for _, f := range s.Figures {
			if err := p.draw(f.Exhibit); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *part) sections() (list []report.Section) {
	list = append(list, report.Section{Figures: p.Overview})
	for _, c := range p.Chapters {
		list = append(list, c.Sections...)
	}
	return append(list, p.Appendix...)
}

func (p *part) draw(e *observatory.Exhibit) error {
	if !drawable(e) {
		return nil
	}
	c := *e
	c.ID = p.id(e.ID)
	if trimmed(&c) {
		c.Rows = c.Rows[:mostDrawn[c.Chart.Kind]]
	}
	svg, err := figure.SVG(&c, p.lang, chart.Light)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	p.svg[e.ID] = string(svg)
	return err
}

func drawable(e *observatory.Exhibit) bool {
	return e.Chart.Kind != observatory.NoChart && len(e.Rows) > 0 && (e.Chart.Kind != observatory.Bars || len(e.Rows) <= tooMany)
}

// trimmed reports whether the drawing has fewer rows than the exhibit.
func trimmed(e *observatory.Exhibit) bool {
	return rowByRow(e) && len(e.Rows) > mostDrawn[e.Chart.Kind]
}

// rowByRow reports whether a drawing grows with each row.
func rowByRow(e *observatory.Exhibit) bool { return mostDrawn[e.Chart.Kind] > 0 }

// pageRules are the running headers and page numbers of print, one set for each language.
func pageRules(parts []*part) string {
	var b strings.Builder
	for _, p := range parts {
		head := p.say(p.Title) + " · " + p.word("edition", p.Edition.Name)
		mark := ""
		if p.Edition.Simulated {
			mark = p.word("simulated")
		}
		fmt.Fprintf(&b, "@page %s { @top-left { content: %q; } @top-right { content: %q; } @bottom-center { content: counter(page); } }\n", p.lang, head, mark)
		fmt.Fprintf(&b, "@page %s-cover { margin: 0; @top-left { content: none; } @top-right { content: none; } @bottom-center { content: none; } }\n", p.lang)
		fmt.Fprintf(&b, ".rp-%s { page: %s; } .rp-%s .rp-cover { page: %s-cover; }\n", p.lang, p.lang, p.lang, p.lang)
	}
	return b.String()
}

func style(parts []*part) string {
	return "<style>\n" + sheet + "@media print {\n" + pageRules(parts) + "}\n</style>"
}

// note is what a sentence rests on.
type note struct {
	id    string
	cells []string
	more  int
}

const mostCells = 4 // of a note; the rule reads more, and the exhibit has them

// noted lists the sentences of a chapter with the cells they rest on, the first said first.
func (p *part) noted(c report.Chapter) (list []note) {
	p.notes = map[string]int{}
	all := append([]report.Sentence(nil), c.Lead...)
	for _, s := range c.Sections {
		all = append(all, s.Sentences...)
	}
	for _, s := range all {
		if len(s.On) == 0 || p.notes[s.Rule] > 0 {
			continue
		}
		p.notes[s.Rule] = len(list) + 1
		n := note{id: p.id("note-" + c.ID + "-" + strconv.Itoa(len(list)+1))}
		for i, at := range s.On {
			if i == mostCells {
				n.more = len(s.On) - mostCells
				break
			}
			n.cells = append(n.cells, p.cellName(at))
		}
		list = append(list, n)
	}
	return list
}

// cellName says which cell a sentence rests on: figure, row, column.
func (p *part) cellName(at report.Cell) string {
	where := at.Exhibit
	if n := p.number[at.Exhibit]; n != "" {
		where = p.word("figure", n)
	}
	row, column := at.Row, at.Column
	for _, s := range p.sections() {
		for _, f := range s.Figures {
			if f.Exhibit.ID == at.Exhibit {
				row, column = p.rowName(f.Exhibit, at.Row), p.columnName(f.Exhibit, at.Column)
			}
		}
	}
	return p.word("cell", where, row, column)
}
