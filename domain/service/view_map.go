package service

import (
	"slices"
	"time"

	"zhijian/ground/geo"
)

// Map is what lies where: points, lines and cells, each on the list beside it. Coordinates are WGS-84. A map is never the only way to read what it
// shows: whatever it draws and means is in List too.
type Map struct {
	Points []MapPoint
	Lines  []MapLine
	Cells  []MapCell
	Side   int       // of a cell, in metres
	Scale  []MapStep // classes of the cells, from the lowest
	Here   geo.Point // where the resident said they are; the zero Point when they did not
	Bounds Bounds    // of everything that is drawn
	AsOf   time.Time // when it was true at the office
	More   int       // how many are left out of a long list
}

// MapEntry is one line of the list beside a map.
type MapEntry struct {
	No     int // on the map and on the list, from 1; 0 is drawn and not listed
	Title  string
	Text   string   // what is to know first: "可借 3 辆"
	Lines  []string // further lines
	Tone   string   // "", "ok", "warn" or "danger"
	Metres int      // from Here; −1 when unknown
	AsOf   time.Time
}

// MapPoint is a thing that stands somewhere; At is the zero Point when the office did not say where.
type MapPoint struct {
	MapEntry
	At geo.Point
}

// MapLine is a stretch of road or a boundary. Level is "free", "slow", "jam", "shut", or "edge" for a boundary.
type MapLine struct {
	MapEntry
	Path  []geo.Point
	Level string
}

// MapCell is a square of Side metres around At. Class counts from 1 in Scale.
type MapCell struct {
	MapEntry
	At    geo.Point
	Value int
	Class int
}

// MapStep is one class of cells: values from From on.
type MapStep struct {
	From int
	Text string
}

// Bounds is a rectangle in degrees.
type Bounds struct{ South, West, North, East float64 }

// List is what the map shows as lines to read, in their order.
func (m *Map) List() []MapEntry {
	var out []MapEntry
	for _, p := range m.Points {
		out = append(out, p.MapEntry)
	}
	for _, l := range m.Lines {
		out = append(out, l.MapEntry)
	}
	for _, c := range m.Cells {
		out = append(out, c.MapEntry)
	}
	out = slices.DeleteFunc(out, func(e MapEntry) bool { return e.No == 0 })
	slices.SortStableFunc(out, func(a, b MapEntry) int { return a.No - b.No })
	return out
}

// mapView draws a map from what the offices gave; nil when the result has none.
func (w *writer) mapView(d *mapDef) *Map {
	if d == nil {
		return nil
	}
	m := &Map{AsOf: w.v.AsOf, Side: d.cells.side}
	if d.from != nil {
		if v, err := d.from.eval(w.sc); err == nil {
			m.Here = pointOf(v)
		}
	}
	w.points(m, d.points)
	w.lines(m, d.lines)
	w.cells(m, d)
	w.number(m, d.most)
	m.Bounds = m.around()
	return m
}

// each gives the items of a layer; nil for a layer that the map does not have.
func (w *writer) each(l layerDef) []any {
	if l.each == nil {
		return nil
	}
	v, err := l.each.eval(w.sc)
	if err != nil {
		return nil
	}
	list, _ := v.([]any)
	return list
}

func (w *writer) entry(l layerDef, sc *scene) MapEntry {
	e := MapEntry{Title: l.title.in(sc), Text: l.text.in(sc), Metres: -1, Tone: said(l.tone, sc)}
	for _, t := range l.more {
		if text := t.in(sc); text != "" {
			e.Lines = append(e.Lines, text)
		}
	}
	if at, err := time.Parse(time.RFC3339, said(l.asOf, sc)); err == nil {
		e.AsOf = at
	}
	return e
}

// said is the text that an optional expression gives.
func said(e *expr, sc *scene) string {
	if e == nil {
		return ""
	}
	v, err := e.eval(sc)
	if err != nil {
		return ""
	}
	s, _ := v.(string)
	return s
}

// away is how far a place lies from the resident, −1 when either is unknown.
func (m *Map) away(p geo.Point) int {
	if !m.Here.Known() || !p.Known() {
		return -1
	}
	return int(geo.Metres(m.Here, p))
}

func (w *writer) points(m *Map, l layerDef) {
	for _, item := range w.each(l) {
		p := MapPoint{MapEntry: w.entry(l, w.sc.with(item)), At: pointOf(item)}
		p.Metres = m.away(p.At)
		m.Points = append(m.Points, p)
	}
}

func (w *writer) lines(m *Map, l layerDef) {
	for _, item := range w.each(l) {
		sc := w.sc.with(item)
		line := MapLine{MapEntry: w.entry(l, sc), Level: said(l.level, sc)}
		if !slices.Contains(mapLevels(), line.Level) {
			line.Level = ""
		}
		v, err := l.path.eval(sc)
		list, _ := v.([]any)
		for _, e := range list {
			if p := pointOf(e); err == nil && p.Known() {
				line.Path = append(line.Path, p)
				if far := m.away(p); far >= 0 && (line.Metres < 0 || far < line.Metres) {
					line.Metres = far
				}
			}
		}
		m.Lines = append(m.Lines, line)
	}
}

// cells takes the cells that reach a class; those below the first one are nothing to see.
func (w *writer) cells(m *Map, d *mapDef) {
	l := d.cells
	for _, s := range l.scale {
		m.Scale = append(m.Scale, MapStep{From: s.from, Text: s.text.in(w.sc)})
	}
	for _, item := range w.each(l.layerDef) {
		sc := w.sc.with(item)
		c := MapCell{MapEntry: w.entry(l.layerDef, sc), At: pointOf(item), Value: int(whole(l.value, sc))}
		for c.Class < len(l.scale) && c.Value >= l.scale[c.Class].from {
			c.Class++
		}
		if c.Class > 0 && c.At.Known() {
			c.Metres = m.away(c.At)
			m.Cells = append(m.Cells, c)
		}
	}
}

// number gives what is listed its numbers: nearest first when the resident said where they are, else cells by value and the rest as it came.
func (w *writer) number(m *Map, most int) {
	slices.SortStableFunc(m.Points, func(a, b MapPoint) int { return nearer(a.Metres, b.Metres) })
	slices.SortStableFunc(m.Lines, func(a, b MapLine) int { return nearer(a.Metres, b.Metres) })
	slices.SortStableFunc(m.Cells, func(a, b MapCell) int {
		if m.Here.Known() {
			return nearer(a.Metres, b.Metres)
		}
		return b.Value - a.Value
	})
	n := 0
	next := func(e *MapEntry) {
		switch {
		case e.Title == "":
		case n == most:
			m.More++
		default:
			n++
			e.No = n
		}
	}
	for i := range m.Points {
		next(&m.Points[i].MapEntry)
	}
	for i := range m.Lines {
		next(&m.Lines[i].MapEntry)
	}
	for i := range m.Cells {
		next(&m.Cells[i].MapEntry)
	}
}

// nearer orders distances; an unknown one comes last.
func nearer(a, b int) int {
	switch {
	case a == b:
		return 0
	case a < 0:
		return 1
	case b < 0:
		return -1
	}
	return a - b
}

// around is the rectangle that holds everything, with a cell's half side around its middle.
func (m *Map) around() Bounds {
	var all []geo.Point
	for _, p := range m.Points {
		all = append(all, p.At)
	}
	for _, l := range m.Lines {
		all = append(all, l.Path...)
	}
	for _, c := range m.Cells {
		half := float64(m.Side) / 2
		all = append(all, c.At.Offset(-half, -half), c.At.Offset(half, half))
	}
	if len(all) > 0 { // a map of nothing but the resident shows nothing
		all = append(all, m.Here)
	}
	b, first := Bounds{}, true
	for _, p := range all {
		switch {
		case !p.Known():
		case first:
			b, first = Bounds{p.Lat, p.Lon, p.Lat, p.Lon}, false
		default:
			b = Bounds{min(b.South, p.Lat), min(b.West, p.Lon), max(b.North, p.Lat), max(b.East, p.Lon)}
		}
	}
	return b
}
