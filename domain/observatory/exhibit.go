package observatory

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"zhijian/domain/observatory/measure"
)

// Text is a sentence in both languages of the house.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Exhibit answers one question from facts: a table with what is needed to judge and to draw it. Rows are told apart by their
// first cell, which never occurs twice. The same facts give the same bytes.
type Exhibit struct {
	ID       string    `json:"id"` // "table-1", permanent
	Title    Text      `json:"title"`
	Question Text      `json:"question"`
	Base     Text      `json:"base"` // what the shares are shares of
	N        int64     `json:"n"`    // how many units were counted
	Method   Text      `json:"method"`
	Columns  []Column  `json:"columns"`
	Rows     [][]Cell  `json:"rows"`
	Chart    Chart     `json:"chart"`
	Warnings []Warning `json:"warnings"`
}

// ColumnKind says what a column holds and how its numbers read.
type ColumnKind string

// The kinds of column.
const (
	Code      ColumnKind = "code"    // an identifier: GB/T 2260 code, sector id
	Words     ColumnKind = "text"    // words
	Count     ColumnKind = "count"   // a whole number of things; Unit names them
	Number    ColumnKind = "number"  // a measured number; Unit names what of
	Share     ColumnKind = "percent" // 0 to 100, of the exhibit's base unless Unit says otherwise
	Rank      ColumnKind = "rank"    // 1 is first
	Steps     ColumnKind = "places"  // difference of two ranks; above 0 is better by the second
	YesNo     ColumnKind = "flag"    // 1 or 0
	Magnitude ColumnKind = "ratio"   // without unit
)

// Column is one column of an exhibit.
type Column struct {
	ID    string     `json:"id"`
	Title Text       `json:"title"`
	Kind  ColumnKind `json:"kind"`
	Unit  string     `json:"unit,omitempty"` // "accounts", "users", "users/account" …
}

// Cell is one value: a number, words, or nothing where a figure does not exist.
type Cell struct {
	words string
	value float64
	is    byte // 0 nothing, 'n' number, 'w' words
}

// None is a cell without a value.
var None = Cell{}

// Say makes a cell of words.
func Say(s string) Cell { return Cell{words: s, is: 'w'} }

// Int makes a cell of a whole number; exact up to 2^53.
func Int[T ~int | ~int32 | ~int64](n T) Cell { return Cell{value: float64(n), is: 'n'} }

// Num makes a cell of a measured number, kept to ten significant digits so that processors agree; no number at all is None.
func Num(x float64) Cell {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return None
	}
	return Cell{value: measure.Round(x), is: 'n'}
}

// Flag makes a cell of 1 or 0.
func Flag(b bool) Cell {
	if b {
		return Int(1)
	}
	return Int(0)
}

// Number gives the value; false when the cell holds none.
func (c Cell) Number() (float64, bool) { return c.value, c.is == 'n' }

// String gives the words, or the number in full, or "".
func (c Cell) String() string {
	if c.is == 'n' {
		return strconv.FormatFloat(c.value, 'f', -1, 64)
	}
	return c.words
}

// MarshalJSON gives a JSON number, string or null.
func (c Cell) MarshalJSON() ([]byte, error) {
	switch c.is {
	case 'n':
		return strconv.AppendFloat(nil, c.value, 'f', -1, 64), nil
	case 'w':
		return json.Marshal(c.words)
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *Cell) UnmarshalJSON(b []byte) error {
	*c = Cell{}
	switch {
	case string(b) == "null":
		return nil
	case len(b) > 0 && b[0] == '"':
		c.is = 'w'
		return json.Unmarshal(b, &c.words)
	}
	c.is = 'n'
	if err := json.Unmarshal(b, &c.value); err != nil {
		return fmt.Errorf("cell %s: %w", b, err)
	}
	return nil
}

// Equal reports whether two cells hold the same.
func (c Cell) Equal(o Cell) bool { return c == o }

// Find gives the cell of a row and a column; false when there is no such row or column.
func (e *Exhibit) Find(row, column string) (Cell, bool) {
	at := e.Column(column)
	if at < 0 {
		return None, false
	}
	for _, r := range e.Rows {
		if r[0].String() == row {
			return r[at], true
		}
	}
	return None, false
}

// Column gives the place of a column; -1 when there is none.
func (e *Exhibit) Column(id string) int {
	for i, c := range e.Columns {
		if c.ID == id {
			return i
		}
	}
	return -1
}

// ChartKind says how an exhibit is drawn.
type ChartKind string

// The kinds of chart.
const (
	NoChart   ChartKind = ""          // the table alone
	Bars      ChartKind = "bars"      // one bar a row: Label, Values
	Diverging ChartKind = "diverging" // bars to both sides of 0
	Tiles     ChartKind = "tiles"     // a tile a province: Label is the code, Values the number, Group the class
	Dots      ChartKind = "dots"      // X, Y, Size, Group
	Slopes    ChartKind = "slopes"    // two ranks joined by a line: Values has both
	Areas     ChartKind = "areas"     // a block a row: X its width, Y its height
	Quadrants ChartKind = "quadrants" // dots with a cut on each axis
	Lines     ChartKind = "lines"     // X, Values
	Stairs    ChartKind = "stairs"    // stages, lowest first
	Countries ChartKind = "countries" // a bar a country: Label is the ISO 3166 code, Values the number
	Points    ChartKind = "points"    // a dot a place: X its longitude, Y its latitude, Size, Group
	Tail      ChartKind = "tail"      // Values by rank, greatest first; ReferenceY parts the head from the tail
	Elbow     ChartKind = "elbow"     // X numbers of classes, Values their error; Group flags the chosen one
	Lorenz    ChartKind = "lorenz"    // X percent from small to large, Values the percentages that these hold
	Grouped   ChartKind = "grouped"   // bars side by side: Label, Values of one unit
	Shares    ChartKind = "shares"    // a row is a whole: Values are its parts
	Parts     ChartKind = "parts"     // a column of Values is a whole: the rows are its parts
	Pyramid   ChartKind = "pyramid"   // Label, Values to the left and to the right, each to its own scale
	Histogram ChartKind = "histogram" // how many rows lie in each tenth of Values, a percentage
)

// Chart says which columns are drawn how; a column is named by its id.
type Chart struct {
	Kind       ChartKind `json:"kind,omitempty"`
	Label      string    `json:"label,omitempty"`
	X          string    `json:"x,omitempty"`
	Y          string    `json:"y,omitempty"`
	Size       string    `json:"size,omitempty"`
	Group      string    `json:"group,omitempty"`
	Values     []string  `json:"values,omitempty"`
	LogX       bool      `json:"log_x,omitempty"`
	LogY       bool      `json:"log_y,omitempty"`
	ReferenceX float64   `json:"reference_x,omitempty"` // a line drawn across at this value; 0 is none
	ReferenceY float64   `json:"reference_y,omitempty"`
}

// WarningLevel says how bad it is.
type WarningLevel string

// The levels of warning.
const (
	Wrong     WarningLevel = "E" // figures contradict each other or a fact
	Ambiguous WarningLevel = "A" // a definition had to be chosen
	Note      WarningLevel = "N" // worth knowing
)

// Warning is a doubt printed beside the figures it touches. IDs are those of the white paper's checks; the same id names the same
// class of error on any data.
type Warning struct {
	ID    string       `json:"id"`
	Level WarningLevel `json:"level"`
	Text  Text         `json:"text"`
}

// Table gives the exhibit as rows of text under the columns' ids; cells without a value are empty.
func (e *Exhibit) Table() [][]string {
	out := make([][]string, 0, len(e.Rows)+1)
	head := make([]string, len(e.Columns))
	for i, c := range e.Columns {
		head[i] = c.ID
	}
	out = append(out, head)
	for _, r := range e.Rows {
		row := make([]string, len(r))
		for i, c := range r {
			row[i] = c.String()
		}
		out = append(out, row)
	}
	return out
}
