// Package chart draws figures as accessible SVG on the server: no script, no style attribute, text that can be read aloud,
// a pattern or a shape beside every colour, and the table that stands beside the figure.
//
// Every kind is a spec: a struct of plain numbers and words. Validate says what is wrong with it; Draw gives a Drawing. Draw is
// pure: the same spec gives the same bytes on every machine (lengths are rounded to 0.1, numbers are written with stated decimals).
// In Page mode colours come from classes (ui/css/chart.css), so that light, dark and contrast follow the page; Light and
// Dark are self-contained for downloads, print and embedding.
//
// A figure that does not exist is NaN (None): it leaves a gap or a hatch and reads "—" in the table; infinite numbers and
// numbers beyond Limit are refused. A spec without data draws its frame and says that there is nothing.
package chart

import (
	"fmt"
	"math"
	"strings"

	"zhijian/ui/wording"
)

// Mode says where the colours of a drawing come from.
type Mode int

// The modes.
const (
	Page  Mode = iota // classes; needs tokens.css and chart.css
	Light             // attributes, on white
	Dark              // attributes, on the dark surface
)

// Shown says on which screens a drawing of Page mode is shown.
type Shown int

// The screens; they part at 640 px.
const (
	Always Shown = iota
	Wide
	Narrow
)

// Limit is the greatest number that can be drawn: beyond it a float64 no longer tells whole numbers apart.
const Limit = 1e15

// None is a figure that does not exist.
var None = math.NaN()

// Frame is what every kind has.
type Frame struct {
	// ID begins every id of the drawing; unique on its page, [a-z][a-z0-9-]*.
	ID string
	// Title states the finding; it is read aloud first.
	Title string
	// Desc is read aloud after it; empty reads the table, its first rows only when it is long.
	Desc string
	// Lang is "zh" or "en".
	Lang string
	Mode Mode
	// Shown draws one of two: a page may hold a wide drawing and a narrow one (Width 340, another ID) and show what suits.
	Shown Shown
	// Width and Height are in px of the drawing; 0 takes what suits the kind and the data.
	Width, Height float64
}

// Chart is any kind of figure.
type Chart interface {
	// Validate gives nil, or an error that names the field.
	Validate() error
	// Draw gives the figure; an error only where Validate gives one.
	Draw() (Drawing, error)
}

// Drawing is a drawn figure.
type Drawing struct {
	SVG           []byte
	Width, Height float64
	Table         Table
}

// Table is what the figure shows as numbers, in the order in which it shows them.
type Table struct {
	Head []string
	Rows []Row
}

// Row is one line of the table. Of is the place of its item in the spec.
type Row struct {
	Of    int
	Cells []string
}

// Order gives the places of the items in the order of the table.
func (t Table) Order() []int {
	list := make([]int, len(t.Rows))
	for i, r := range t.Rows {
		list[i] = r.Of
	}
	return list
}

func (t *Table) add(of int, cells ...string) { t.Rows = append(t.Rows, Row{of, cells}) }

// spokenRows is how many rows a description reads in full.
const spokenRows = 12

// spoken turns a table into a sentence.
func spoken(lang string, t Table) string {
	if len(t.Rows) == 0 {
		return wording.T(lang, "chart.nothing")
	}
	comma, stop := wording.T(lang, "chart.comma"), wording.T(lang, "chart.semicolon")
	rows := t.Rows
	if len(rows) > spokenRows {
		rows = rows[:3]
	}
	list := make([]string, len(rows))
	for i, r := range rows {
		list[i] = strings.Join(r.Cells, " ")
	}
	head := strings.Join(t.Head, comma)
	if len(rows) < len(t.Rows) {
		return wording.T(lang, "chart.spoken.first", head, len(t.Rows), strings.Join(list, stop))
	}
	return wording.T(lang, "chart.spoken", head, strings.Join(list, stop))
}

func (f *Frame) check(kind string) error {
	ok := f.ID != "" && f.ID[0] >= 'a' && f.ID[0] <= 'z'
	for _, r := range f.ID {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-')
	}
	switch {
	case !ok:
		return fmt.Errorf("chart: %s: id %q: want a small letter, then small letters, digits and -", kind, f.ID)
	case strings.TrimSpace(f.Title) == "":
		return fmt.Errorf("chart: %s %s: a figure needs a title", kind, f.ID)
	case f.Lang != wording.Chinese && f.Lang != wording.English:
		return fmt.Errorf("chart: %s %s: language %q: want zh or en", kind, f.ID, f.Lang)
	case f.Mode < Page || f.Mode > Dark || f.Shown < Always || f.Shown > Narrow:
		return fmt.Errorf("chart: %s %s: mode %d, shown %d", kind, f.ID, f.Mode, f.Shown)
	case !within(f.Width, 0, 4000) || !within(f.Height, 0, 20000):
		return fmt.Errorf("chart: %s %s: size %v × %v", kind, f.ID, f.Width, f.Height)
	case f.Width != 0 && f.Width < 240 || f.Height != 0 && f.Height < 120:
		return fmt.Errorf("chart: %s %s: size %v × %v: at least 240 × 120", kind, f.ID, f.Width, f.Height)
	}
	return nil
}

// wrong is an error about one field of a spec.
func (f *Frame) wrong(kind, format string, args ...any) error {
	return fmt.Errorf("chart: %s %s: %s", kind, f.ID, fmt.Sprintf(format, args...))
}

// number refuses what cannot be drawn; None is allowed.
func (f *Frame) number(kind, what string, values ...float64) error {
	for _, v := range values {
		if math.IsInf(v, 0) || math.Abs(v) > Limit {
			return f.wrong(kind, "%s: %v is beyond %v", what, v, Limit)
		}
	}
	return nil
}

// given refuses None too.
func (f *Frame) given(kind, what string, values ...float64) error {
	for _, v := range values {
		if math.IsNaN(v) {
			return f.wrong(kind, "%s is no number", what)
		}
	}
	return f.number(kind, what, values...)
}

// counted refuses None and what is below 0.
func (f *Frame) counted(kind, what string, values ...float64) error {
	for _, v := range values {
		if v < 0 {
			return f.wrong(kind, "%s: %v is below 0", what, v)
		}
	}
	return f.given(kind, what, values...)
}

func within(v, lo, hi float64) bool { return v >= lo && v <= hi }

func or(v, otherwise float64) float64 {
	if v == 0 {
		return otherwise
	}
	return v
}
