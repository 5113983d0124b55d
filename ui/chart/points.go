package chart

import (
	"cmp"
	"math"
	"slices"

	"zhijian/ui/wording"
)

// Points is places by longitude and latitude: dots whose area is the value. There are no outlines; north is up, a scale says how far.
type Points struct {
	Frame
	Places []Place
	// Groups name the groups 1 … 6; Quiet names group 0.
	Groups []string
	Quiet  string
	Number Number
	// Label and Value name the columns of the table.
	Label, Value string
	// Most is how many names are written at most, the greatest first; 0 is 15.
	Most int
}

// Place is one dot.
type Place struct {
	Label    string
	Lon, Lat float64
	// Value is the area of the dot; None is a small hollow dot.
	Value float64
	Group int
}

// Validate checks places and groups.
func (m *Points) Validate() error {
	if err := m.check("points"); err != nil {
		return err
	}
	if len(m.Groups) > 6 {
		return m.wrong("points", "%d groups: at most 6", len(m.Groups))
	}
	for _, q := range m.Places {
		if !within(q.Lon, -180, 180) || !within(q.Lat, -80, 80) {
			return m.wrong("points", "%q lies at %v, %v", q.Label, q.Lon, q.Lat)
		}
		if q.Group < 0 || q.Group > len(m.Groups) {
			return m.wrong("points", "%q is in group %d of %d", q.Label, q.Group, len(m.Groups))
		}
		if q.Value < 0 {
			return m.wrong("points", "%q: %v is below 0", q.Label, q.Value)
		}
		if err := m.number("points", q.Label, q.Value); err != nil {
			return err
		}
	}
	return nil
}

// Draw writes the places, the greatest below; the table has them in the order given.
func (m *Points) Draw() (Drawing, error) {
	if err := m.Validate(); err != nil {
		return Drawing{}, err
	}
	t := Table{Head: []string{m.Label, wording.T(m.Lang, "chart.longitude"), wording.T(m.Lang, "chart.latitude"), m.Value}}
	degrees := Number{Decimals: 2}
	most := 0.0
	for n, q := range m.Places {
		t.add(n, q.Label, degrees.Say(q.Lon), degrees.Say(q.Lat), m.Number.Say(q.Value))
		if q.Value > most {
			most = q.Value
		}
	}
	p := newPen(&m.Frame, or(m.Width, 600), or(m.Height, 460))
	if len(m.Places) == 0 {
		drawNothing(p)
		return p.finish(t, false), nil
	}
	top := 8.0
	if len(m.Groups) > 0 {
		s := Scatter{Groups: m.Groups, Quiet: m.Quiet, Dots: []Dot{{Size: 1}}}
		top = drawKeys(p, s.keys(), 0, 0, p.w) + 6
	}
	foot := 44.0
	if p.w < tightMap {
		foot += 18
	}
	g := m.globe(p, top, p.h-foot)
	g.lines(p)
	order := make([]int, len(m.Places))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(m.Places[b].Value, m.Places[a].Value) })
	var labels []label
	var dots []xy
	names := m.Most
	if names == 0 {
		names = 15
	}
	for rank, i := range order {
		q := m.Places[i]
		at, r, look := xy{g.x.at(q.Lon), g.y.at(q.Lat)}, 2.5, quietDot
		if !math.IsNaN(q.Value) && most > 0 {
			r = max(2, 13*math.Sqrt(q.Value/most))
			look = "d1"
			if len(m.Groups) > 0 {
				look = dotRole(q.Group, true)
			}
		}
		p.mark(look, max(q.Group-1, 0), at.x, at.y, r, q.Label+" "+m.Number.Say(q.Value))
		dots = append(dots, at)
		if rank < names {
			labels = append(labels, label{of: i, x: at.x, y: at.y, away: r, text: q.Label, role: haloText})
		}
	}
	placeLabels(p, labels, dots, nil, area{g.field.x0 + 1, g.field.y0 + 1, g.field.x1 - 1, g.field.y1 - 1})
	g.legend(p)
	return p.finish(t, false), nil
}

// globe is an even grid of degrees: north–south lengths are true everywhere, east–west ones at the middle latitude.
type globe struct {
	x, y  scale
	field area
	at    float64 // middle latitude, whole degrees
	px    float64 // px a degree of latitude
}

func (m *Points) globe(p *pen, top, bottom float64) globe {
	x0, x1, _ := span(column(m.Places, func(q Place) float64 { return q.Lon })...)
	y0, y1, _ := span(column(m.Places, func(q Place) float64 { return q.Lat })...)
	x0, x1, y0, y1 = x0-2, x1+2, y0-1.5, y1+1.5
	g := globe{at: math.Round((y0 + y1) / 2), field: area{34, top, p.w - 6, bottom}}
	narrow := math.Cos(float64(g.at * math.Pi / 180))
	g.px = min((g.field.x1-g.field.x0)/float64((x1-x0)*narrow), (g.field.y1-g.field.y0)/(y1-y0))
	// What is left over on one side goes to both ends.
	wide, tall := (g.field.x1-g.field.x0)/float64(g.px*narrow), (g.field.y1-g.field.y0)/g.px
	mx, my := (x0+x1)/2, (y0+y1)/2
	g.x = scale{lo: mx - wide/2, hi: mx + wide/2, a: g.field.x0, b: g.field.x1}
	g.y = scale{lo: my - tall/2, hi: my + tall/2, a: g.field.y1, b: g.field.y0}
	return g
}

// lines draws degrees as a thin grid with numbers.
func (g globe) lines(p *pen) {
	f := g.field
	p.path(grid, []xy{{f.x0, f.y0}, {f.x1, f.y0}, {f.x1, f.y1}, {f.x0, f.y1}}, true)
	step := nice(max((g.x.hi-g.x.lo)/7, .5))
	for i := range 40 {
		v := float64((math.Ceil(g.x.lo/step) + float64(i)) * step)
		if v > g.x.hi {
			break
		}
		p.line(grid, g.x.at(v), f.y0, g.x.at(v), f.y1)
		p.text(axisText, min(max(g.x.at(v), 16), p.w-18), f.y1+15, middle, degree(v, "E", "W"))
	}
	for i := range 40 {
		v := float64((math.Ceil(g.y.lo/step) + float64(i)) * step)
		if v > g.y.hi {
			break
		}
		p.line(grid, f.x0, g.y.at(v), f.x1, g.y.at(v))
		p.text(axisText, f.x0-4, g.y.at(v)+4, end, degree(v, "N", "S"))
	}
}

func degree(v float64, above, below string) string {
	if v < 0 {
		above, v = below, -v
	}
	d := 0
	if !whole(v) {
		d = 1
	}
	return plain(v, d) + "°" + above
}

const (
	kmPerDegree = 111.2 // of latitude, mean
	tightMap    = 520   // narrower drawings have the words under the scale
)

// legend draws the scale, the arrow to the north and what they hold for.
func (g globe) legend(p *pen) {
	km := nice(90 / g.px * kmPerDegree)
	if long := float64(km / kmPerDegree * g.px); long > 160 {
		km /= 2
	}
	long, y := float64(km/kmPerDegree*g.px), g.field.y1+32
	decimals := 0
	if km < 1 {
		decimals = 2
	}
	p.path(axisLine, []xy{{g.field.x0, y - 5}, {g.field.x0, y}, {g.field.x0 + long, y}, {g.field.x0 + long, y - 5}}, false)
	said := wording.T(p.f.Lang, "chart.km", plain(km, decimals))
	p.text(axisText, g.field.x0+long+8, y+2, start, said)
	at := g.field.x0 + long + 24 + width(said, axisText)
	p.path(northMark, []xy{{at, y - 14}, {at + 5, y + 2}, {at, y - 2}, {at - 5, y + 2}}, true)
	p.text(axisText, at+10, y+2, start, wording.T(p.f.Lang, "chart.north"))
	at += 34
	if p.w < tightMap {
		at, y = 2, y+18
	}
	p.fitted(axisText, at, y+2, start, wording.T(p.f.Lang, "chart.scale", plain(g.at, 0)), p.w-at-4)
}
