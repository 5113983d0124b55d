package component

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/geo"
	"zhijian/ui/say"
)

// CityMap draws what lies where on a plain grid with a scale and north, and the list that says the same in words, by the same numbers. No map of
// streets lies under it unless the operator named a server of tiles.
type CityMap struct {
	// ID begins the ids of the drawing.
	ID  string
	Map service.Map
	// Now dates what the list says about freshness.
	Now time.Time
	// Tiles lie under the grid; the zero value for none.
	Tiles TileServer
}

// Render writes the component; it makes CityMap a templ.Component.
func (p CityMap) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Locate is the button that puts the telephone's position into the select named Input, rounded to about 100 m before it leaves the page; hidden
// without script.
type Locate struct {
	Input string
	// Send sends the form at once: the list below is then sorted by it.
	Send bool
}

// Render writes the component; it makes Locate a templ.Component.
func (p Locate) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// The sheet that a map is drawn on, in px of the drawing.
const (
	sheetWidth  = 358.0
	sheetPad    = 26.0
	sheetLow    = 220.0
	sheetHigh   = 400.0
	narrowest   = 400.0 // metres that a map shows at least, so that one point is not blown up
	gridApart   = 64.0  // px between two lines of the grid, about
	classShades = 6
)

// sheet turns degrees into px: a flat one at the latitude of its middle, right to a thousandth within a city.
type sheet struct {
	middle        geo.Point
	perMetre      float64 // px
	width, height float64
	step          float64 // metres between two lines of the grid
}

func newSheet(b service.Bounds) sheet {
	s := sheet{middle: geo.Point{Lat: (b.South + b.North) / 2, Lon: (b.West + b.East) / 2}, width: sheetWidth}
	wide := max(narrowest, (b.East-b.West)*geo.Degree*math.Cos(s.middle.Lat*math.Pi/180))
	high := max(narrowest/2, (b.North-b.South)*geo.Degree)
	s.perMetre = min((s.width-2*sheetPad)/wide, (sheetHigh-2*sheetPad)/high)
	s.height = min(sheetHigh, max(sheetLow, high*s.perMetre+2*sheetPad))
	s.step = round125(gridApart / s.perMetre)
	return s
}

// round125 gives the next of 1, 2, 5, 10, 20 … from v on.
func round125(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(max(v, 1))))
	for _, k := range []float64{1, 2, 5} {
		if k*p >= v {
			return k * p
		}
	}
	return 10 * p
}

func (s sheet) xy(p geo.Point) (x, y float64) {
	east := (p.Lon - s.middle.Lon) * geo.Degree * math.Cos(s.middle.Lat*math.Pi/180)
	north := (p.Lat - s.middle.Lat) * geo.Degree
	return s.width/2 + east*s.perMetre, s.height/2 - north*s.perMetre
}

// grid gives the path of the grid's lines, which stand at whole steps from the middle.
func (s sheet) grid() string {
	var b strings.Builder
	apart := s.step * s.perMetre
	for x := math.Mod(s.width/2, apart); x < s.width; x += apart {
		fmt.Fprintf(&b, "M%s 0V%s", px(x), px(s.height))
	}
	for y := math.Mod(s.height/2, apart); y < s.height; y += apart {
		fmt.Fprintf(&b, "M0 %sH%s", px(y), px(s.width))
	}
	return b.String()
}

// px writes a length, rounded to 0.1.
func px(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// pin is a number on the map.
type pin struct {
	x, y float64
	no   int
	tone string
}

// square is a cell as it is drawn.
type square struct {
	x, y, side float64
	class      string
}

// stroke is a line as it is drawn.
type stroke struct{ path, class string }

func (s sheet) squares(m service.Map) []square {
	var out []square
	for _, c := range m.Cells {
		x, y := s.xy(c.At)
		side := float64(m.Side) * s.perMetre
		out = append(out, square{x - side/2, y - side/2, side, shade(c.Class, len(m.Scale))})
	}
	return out
}

// shade spreads the classes over the six colours of the scale.
func shade(class, of int) string {
	return "zj-map__c" + strconv.Itoa(classShades-of+class)
}

func (s sheet) strokes(m service.Map) []stroke {
	var out []stroke
	for _, l := range m.Lines {
		var b strings.Builder
		for i, p := range l.Path {
			x, y := s.xy(p)
			b.WriteString([]string{"L", "M"}[boolInt(i == 0)] + px(x) + " " + px(y))
		}
		if b.Len() > 0 {
			out = append(out, stroke{b.String(), class("zj-map__l", "zj-map__l--", l.Level)})
		}
	}
	return out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// pins are the numbers of what is listed; the nearest is drawn last, on top.
func (s sheet) pins(m service.Map) []pin {
	var out []pin
	add := func(e service.MapEntry, at geo.Point) {
		if e.No > 0 && at.Known() {
			x, y := s.xy(at)
			out = append(out, pin{x, y, e.No, e.Tone})
		}
	}
	for _, p := range m.Points {
		add(p.MapEntry, p.At)
	}
	for _, l := range m.Lines {
		if n := len(l.Path); n > 0 {
			add(l.MapEntry, l.Path[n/2])
		}
	}
	for _, c := range m.Cells {
		add(c.MapEntry, c.At)
	}
	slices.SortFunc(out, func(a, b pin) int { return b.no - a.no })
	return out
}

// drawn reports whether anything has a place to be drawn at.
func (p CityMap) drawn() bool { return p.Map.Bounds != service.Bounds{} }

// flows reports whether a line is a road, whose levels the legend explains.
func (p CityMap) flows() bool {
	return slices.ContainsFunc(p.Map.Lines, func(l service.MapLine) bool { return l.Level != "" && l.Level != "edge" })
}

// side is what stands at the right of an entry: how far it is, and how fresh where that is its own.
func (p CityMap) side(lang string, e service.MapEntry) string {
	var parts []string
	if e.Metres >= 0 {
		parts = append(parts, say.Metres(lang, e.Metres))
	}
	if !e.AsOf.IsZero() && !e.AsOf.Equal(p.Map.AsOf) {
		parts = append(parts, say.Moment(lang, e.AsOf, p.Now))
	}
	return strings.Join(parts, " · ")
}

// toned is the class that colours a text.
func toned(tone string) string { return class("zj-maplist__v", "zj-", tone) }
