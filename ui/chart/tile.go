package chart

import (
	_ "embed"
	"encoding/json"
	"math"
	"sync"

	"zhijian/ui/wording"
)

// Tiles is a square for each province, of one size so that small ones can be read; 402 wide at least. It is a diagram, not a map: no line on it is a border.
type Tiles struct {
	Frame
	// Items are provinces by GB/T 2260 code; those that are missing are hatched.
	Items []Tile
	// Classes name the classes from the lowest, at most five; each is darker than the one before.
	Classes []string
	// Outside explains the hatch in the legend: 不在统计范围.
	Outside string
	Number  Number
	// Label and Value name the columns of the table.
	Label, Value string
	// Compact leaves the legend out; use a Legend beside.
	Compact bool
}

// Tile is one province.
type Tile struct {
	Code string
	// Class counts from 1; 0 is outside the statistics.
	Class int
	// Value is written when it is a number.
	Value float64
	// Href makes the tile a link, which reads name and value aloud.
	Href string
}

type place struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Short   string `json:"short"`
	English string `json:"english"`
	Letters string `json:"letters"`
	Col     int    `json:"col"`
	Row     int    `json:"row"`
}

//go:embed china-tiles.json
var tileFile []byte

// places are the 34 squares in the order of the file: rows from the north, each from the west.
var places = sync.OnceValue(func() []place {
	var file struct {
		Tiles []place `json:"tiles"`
	}
	if err := json.Unmarshal(tileFile, &file); err != nil {
		return nil // a test reads the file
	}
	return file.Tiles
})

const (
	tileStep = 58
	tileSize = 54
	tileCols = 7
	tileRows = 9
)

// shades are the class colours for a number of classes, the highest last; colour 4 is left out, where words read badly.
var shades = [...][]int{1: {6}, 2: {2, 6}, 3: {1, 3, 6}, 4: {1, 3, 5, 6}, 5: {1, 2, 3, 5, 6}}

// Validate checks codes and classes.
func (t *Tiles) Validate() error {
	if err := t.check("tiles"); err != nil {
		return err
	}
	if n := len(t.Classes); n < 1 || n > 5 {
		return t.wrong("tiles", "%d classes: want 1 to 5", n)
	}
	known, seen := map[string]bool{}, map[string]bool{}
	for _, p := range places() {
		known[p.Code] = true
	}
	for _, i := range t.Items {
		switch {
		case !known[i.Code]:
			return t.wrong("tiles", "%q is no province", i.Code)
		case seen[i.Code]:
			return t.wrong("tiles", "%s is given twice", i.Code)
		case i.Class < 0 || i.Class > len(t.Classes):
			return t.wrong("tiles", "%s is in class %d of %d", i.Code, i.Class, len(t.Classes))
		}
		seen[i.Code] = true
		if err := t.number("tiles", i.Code, i.Value); err != nil {
			return err
		}
	}
	return nil
}

// Draw writes the squares; the table has the items in the order given, with their classes.
func (t *Tiles) Draw() (Drawing, error) {
	if err := t.Validate(); err != nil {
		return Drawing{}, err
	}
	tab := Table{Head: []string{t.Label, t.Value, groupHead(t.Lang)}}
	given := map[string]Tile{}
	names := map[string]string{}
	for _, s := range places() {
		names[s.Code] = t.name(s)
	}
	for n, i := range t.Items {
		given[i.Code] = i
		tab.add(n, names[i.Code], t.Number.Say(i.Value), t.class(i.Class))
	}
	w := max(t.Width, tileCols*tileStep-4)
	p := newPen(&t.Frame, w, tileRows*tileStep-2)
	p.dx = max((w-(tileCols*tileStep-4))/2, 0)
	if !t.Compact {
		t.legend(p)
	}
	linked := false
	for _, s := range places() {
		i, ok := given[s.Code]
		if !ok {
			i = Tile{Value: None}
		}
		linked = linked || i.Href != ""
		t.square(p, s, i)
	}
	p.h = max(p.h, t.Height)
	return p.finish(tab, linked), nil
}

// legend fills the empty corner at the top left, one line a class.
func (t *Tiles) legend(p *pen) {
	y := 2.0
	for k, c := range t.Classes {
		p.swatch(key{swatch: classBox, n: shades[len(t.Classes)][k]}, 0, y)
		p.fitted(valueText, 20, y+11, start, c, 3*tileStep-28)
		y += keyLine + 1
	}
	if t.Outside != "" {
		p.swatch(key{swatch: hatchBox}, 0, y)
		p.fitted(valueText, 20, y+11, start, t.Outside, 3*tileStep-28)
	}
}

func (t *Tiles) name(s place) string {
	if t.Lang == wording.English {
		return s.English
	}
	return s.Name
}

func (t *Tiles) class(n int) string {
	if n == 0 {
		if t.Outside == "" {
			return "—"
		}
		return t.Outside
	}
	return t.Classes[n-1]
}

func (t *Tiles) square(p *pen, s place, i Tile) {
	x, y := float64(s.Col*tileStep), float64(s.Row*tileStep)
	value := ""
	if !math.IsNaN(i.Value) {
		value = t.Number.Say(i.Value)
	}
	hint := t.name(s)
	if value != "" {
		hint += " " + value
	}
	hint += " · " + t.class(i.Class)
	if i.Href != "" {
		p.raw(`<a href="`)
		p.escaped(i.Href)
		p.raw(`">`)
	}
	name, number := bigText, valueText
	if i.Class == 0 {
		p.box("", -1, x+.5, y+.5, tileSize-1, tileSize-1, 6, hint)
	} else {
		shade := shades[len(t.Classes)][i.Class-1]
		if shade > 4 {
			name, number = bigOn, onValue
		}
		p.rect(numbered("s", shade), x+.5, y+.5, tileSize-1, tileSize-1, 6, hint)
		t.pips(p, x, y, i.Class, shade > 4)
	}
	if i.Href != "" { // the hint names the link
		p.raw(`<g aria-hidden="true">`)
	}
	short := s.Short
	if t.Lang == wording.English {
		short = s.Letters
	}
	base := y + 33
	if value != "" {
		base = y + 25
	}
	if i.Class == 0 { // a hatch is no ground for words
		p.rect(ground, x+tileSize/2-14, base-16, 28, 21, 4, "")
	}
	p.text(name, x+tileSize/2, base, middle, short)
	if i.Class == 0 && value != "" {
		p.rect(ground, x+4, y+31, tileSize-8, 16, 3, "")
	}
	p.fitted(number, x+tileSize/2, y+43, middle, value, tileSize-4)
	if i.Href != "" {
		p.raw("</g></a>")
	}
}

// pips tell the class without its colour: as many small bars as its number, in the top right corner.
func (t *Tiles) pips(p *pen, x, y float64, class int, dark bool) {
	if len(t.Classes) < 2 {
		return
	}
	r := northMark
	if dark {
		r = ground
	}
	for k := range class {
		p.rect(r, x+tileSize-7-float64(k)*3.5, y+5, 2, 4, 0, "")
	}
}
