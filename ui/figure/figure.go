// Package figure turns an exhibit of the observatory into the chart that its spec asks for.
//
// Of is pure: the same exhibit gives the same chart. A cell without a value is a gap. Words come from the exhibit, in the language
// asked for. fault.NotFound when the exhibit is a table alone.
package figure

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"zhijian/domain/observatory"
	"zhijian/ground/fault"
	"zhijian/ui/chart"
	"zhijian/ui/wording"
)

// SVG draws an exhibit.
func SVG(e *observatory.Exhibit, lang string, mode chart.Mode) ([]byte, error) {
	c, err := Of(e, lang, mode)
	if err != nil {
		return nil, err
	}
	d, err := c.Draw()
	return d.SVG, err
}

// Of gives the chart of an exhibit.
func Of(e *observatory.Exhibit, lang string, mode chart.Mode) (chart.Chart, error) {
	return In(e, chart.Frame{Lang: lang, Mode: mode})
}

// In gives the chart of an exhibit in a frame, which may state id, title and size; what it leaves out is the exhibit's.
func In(e *observatory.Exhibit, f chart.Frame) (_ chart.Chart, err error) {
	defer fault.Wrap(&err, "draw %s", e.ID)
	if f.ID == "" {
		f.ID = e.ID
	}
	if f.Title == "" {
		f.Title = say(e.Title, f.Lang)
	}
	p := &painter{e: e, lang: f.Lang, frame: f}
	draw, ok := map[observatory.ChartKind]func() chart.Chart{
		observatory.Bars: p.bars, observatory.Diverging: p.diverging, observatory.Tiles: p.tiles, observatory.Dots: p.dots,
		observatory.Quadrants: p.quadrants, observatory.Slopes: p.slopes, observatory.Areas: p.areas, observatory.Lines: p.lines, observatory.Stairs: p.stairs,
		observatory.Countries: p.countries, observatory.Points: p.points, observatory.Tail: p.tail, observatory.Elbow: p.elbow, observatory.Lorenz: p.lorenz,
		observatory.Grouped: p.grouped, observatory.Shares: p.shares, observatory.Parts: p.parts, observatory.Pyramid: p.pyramid, observatory.Histogram: p.histogram,
	}[e.Chart.Kind]
	if !ok || len(e.Rows) == 0 {
		return nil, fault.NotFound("figure.none", "图表 %s 只有表格，没有图", e.ID)
	}
	return draw(), nil
}

// painter holds one exhibit while it is drawn.
type painter struct {
	e     *observatory.Exhibit
	lang  string
	frame chart.Frame
}

func say(t observatory.Text, lang string) string {
	if lang == wording.English {
		return t.En
	}
	return t.Zh
}

// englishWord tells a code that can be read from one that is a number in letters.
var englishWord = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// title is the heading of a column; "" when there is none.
func (p *painter) title(column string) string {
	if at := p.e.Column(column); at >= 0 {
		return say(p.e.Columns[at].Title, p.lang)
	}
	return ""
}

func (p *painter) kind(column string) observatory.ColumnKind {
	if at := p.e.Column(column); at >= 0 {
		return p.e.Columns[at].Kind
	}
	return ""
}

func (p *painter) unit(column string) string {
	if at := p.e.Column(column); at >= 0 {
		return p.e.Columns[at].Unit
	}
	return ""
}

// label is the name of a row: in English where the exhibit has it, or else by a code that is an English word, like "functional".
func (p *painter) label(row []observatory.Cell) string {
	column := p.e.Chart.Label
	if p.lang == wording.English {
		switch key := p.e.Columns[0]; {
		case p.e.Column("name_en") >= 0:
			column = "name_en"
		case key.Kind == observatory.Code && englishWord.MatchString(row[0].String()):
			column = key.ID
		}
	}
	if s := p.words(row, column); s != "" {
		return s
	}
	return row[0].String()
}

func (p *painter) words(row []observatory.Cell, column string) string {
	if at := p.e.Column(column); at >= 0 {
		return row[at].String()
	}
	return ""
}

// value is a cell as a number; None where there is none.
func (p *painter) value(row []observatory.Cell, column string) float64 {
	if at := p.e.Column(column); at >= 0 {
		if n, ok := row[at].Number(); ok {
			return n
		}
	}
	return chart.None
}

// number says how a column's values are written.
func (p *painter) number(column string) chart.Number {
	switch p.kind(column) {
	case observatory.Share:
		return chart.Number{Decimals: 1, Unit: "%"}
	case observatory.Steps:
		return chart.Number{Signed: true}
	case observatory.Number, observatory.Magnitude:
		n := chart.Number{Decimals: p.decimals(column)}
		if p.unit(column) == "seconds/case" { // times are read with their unit, other numbers by their heads
			n.Unit = " " + wording.T(p.lang, "figure.seconds")
		}
		return n
	}
	return chart.Number{}
}

// decimals gives small numbers more of them.
func (p *painter) decimals(column string) int {
	most := 0.0
	for _, r := range p.e.Rows {
		if v := p.value(r, column); v > most {
			most = v
		}
	}
	switch {
	case most < 2:
		return 2
	case most < 1000:
		return 1
	}
	return 0
}

// axis is the axis of a column. Ranks run from 1 to the last: from the left, and from the top.
func (p *painter) axis(column string, log, upright bool) chart.Axis {
	a := chart.Axis{Title: p.title(column), Number: p.number(column), Log: log}
	if p.kind(column) == observatory.Rank {
		a.Reverse, a.Exact = upright, true
	}
	return a
}

// groups lists the distinct values of the group column in order of appearance, at most six; of numbers a row's group is by the number.
func (p *painter) groups() (names []string) {
	column := p.e.Chart.Group
	if p.e.Column(column) < 0 {
		return nil
	}
	for _, r := range p.e.Rows {
		if w := p.groupWord(r); w != "" && !slices.Contains(names, w) {
			names = append(names, w)
		}
	}
	if len(names) > 6 {
		return nil
	}
	if t := p.title(column); p.kind(column) == observatory.Rank {
		slices.Sort(names)
		for i, n := range names {
			names[i] = strings.TrimSpace(t + " " + n)
		}
	}
	return names
}

// groupWord names the group of a row. Parts of the country are codes in an exhibit.
func (p *painter) groupWord(r []observatory.Cell) string {
	w := p.words(r, p.e.Chart.Group)
	if p.e.Chart.Group == "band" && w != "" {
		return wording.T(p.lang, "figure.band."+w)
	}
	return w
}

// group is the number of a row's group; 0 when it is of none.
func (p *painter) group(r []observatory.Cell, names []string) int {
	w := p.groupWord(r)
	if p.kind(p.e.Chart.Group) == observatory.Rank {
		if n, _ := strconv.Atoi(w); n <= len(names) {
			return n
		}
		return 0
	}
	return 1 + slices.Index(names, w)
}
