package chart

import (
	"cmp"
	"math"
	"slices"
)

// Scatter is two measures of each item: a dot each, groups by colour and shape, outliers by name, with a diagonal or with cuts that make
// quadrants.
type Scatter struct {
	Frame
	Dots []Dot
	X, Y Axis
	// Groups name the groups 1 … 6; Quiet names group 0. They stand above the field when any is given.
	Groups []string
	Quiet  string
	// Diagonal joins the corners where both ranks are equal.
	Diagonal bool
	// CutX and CutY part the field; an empty list draws none.
	CutX, CutY []Mark
	// Corners name the quadrants: left top, right top, left bottom, right bottom.
	Corners [4]string
	// Label names the items in the table; Size names Dot.Size.
	Label, Size string
	// Most is how many names are written at most, farthest from the diagonal or from the middle first, when no dot is Named; 0 is 12.
	Most int
}

// Dot is one item. Group 0 is quiet.
type Dot struct {
	Label string
	X, Y  float64
	Group int
	// Named dots are larger and have their names written.
	Named bool
	// Size makes the area of the dot; 0 on all draws small dots.
	Size float64
}

// Validate checks axes, numbers and groups.
func (s *Scatter) Validate() error {
	if err := cmp.Or(s.check("scatter"), s.checkAxis("scatter", "x", &s.X), s.checkAxis("scatter", "y", &s.Y)); err != nil {
		return err
	}
	if len(s.Groups) > 6 {
		return s.wrong("scatter", "%d groups: at most 6", len(s.Groups))
	}
	for _, d := range s.Dots {
		if err := cmp.Or(s.onAxis("scatter", d.Label+": x", &s.X, d.X), s.onAxis("scatter", d.Label+": y", &s.Y, d.Y), s.counted("scatter", d.Label+": size", d.Size)); err != nil {
			return err
		}
		if d.Group < 0 || d.Group > 6 || d.Group > len(s.Groups) {
			return s.wrong("scatter", "%q is in group %d of %d", d.Label, d.Group, len(s.Groups))
		}
	}
	for _, m := range s.CutX {
		if err := cmp.Or(s.given("scatter", m.Text, m.At), s.onAxis("scatter", "cut", &s.X, m.At)); err != nil {
			return err
		}
	}
	for _, m := range s.CutY {
		if err := cmp.Or(s.given("scatter", m.Text, m.At), s.onAxis("scatter", "cut", &s.Y, m.At)); err != nil {
			return err
		}
	}
	return nil
}

// Draw writes the dots, the quiet ones below; items without a place are in the table only.
func (s *Scatter) Draw() (Drawing, error) {
	if err := s.Validate(); err != nil {
		return Drawing{}, err
	}
	t := s.table()
	p := newPen(&s.Frame, or(s.Width, 600), or(s.Height, 420))
	var xs, ys []float64
	for _, d := range s.Dots {
		if !math.IsNaN(d.X) && !math.IsNaN(d.Y) {
			xs, ys = append(xs, d.X), append(ys, d.Y)
		}
	}
	if len(xs) == 0 {
		drawNothing(p)
		return p.finish(t, false), nil
	}
	top := 24.0
	if len(s.Groups) > 0 {
		top = drawKeys(p, s.keys(), 0, 0, p.w) + 18
	}
	xs, ys = append(xs, column(s.CutX, markAt)...), append(ys, column(s.CutY, markAt)...)
	x0, x1, _ := span(xs...)
	y0, y1, _ := span(ys...)
	f := newPlot(p, &s.X, &s.Y, s.X.fit(x0, x1, 5), s.Y.fit(y0, y1, 5), 0, top, p.w-18, p.h)
	words := s.frame(p, f)
	labels, places := s.draw(p, f)
	placeLabels(p, labels, places, words, area{f.x0 + 1, top - 20, p.w - 1, f.y1 - 1})
	return p.finish(t, false), nil
}

func markAt(m Mark) float64 { return m.At }

func (s *Scatter) keys() []key {
	var list []key
	for i, g := range s.Groups {
		if g != "" {
			list = append(list, key{text: g, swatch: shapeDot, n: i + 1})
		}
	}
	if s.Quiet != "" {
		list = append(list, quietKey(s.Quiet, s.sized()))
	}
	return list
}

// frame draws the axes, the diagonal, the cuts and the names of the quadrants, and gives the room that words take.
func (s *Scatter) frame(p *pen, f *plot) []area {
	var words []area
	f.drawAxes(p, true)
	p.path(grid, []xy{{f.x0, f.y0}, {f.x1, f.y0}, {f.x1, f.y1}, {f.x0, f.y1}}, true)
	if s.Diagonal {
		if lo, hi := max(f.x.lo, f.y.lo), min(f.x.hi, f.y.hi); lo < hi {
			a, b := f.at(lo, lo), f.at(hi, hi)
			p.line(refLine, a.x, a.y, b.x, b.y)
		}
	}
	for _, m := range s.CutX {
		x := f.x.at(m.At)
		p.line(axisLine, x, f.y0, x, f.y1)
		half := width(m.Text, axisText) / 2
		x = min(max(x, f.x0+half), f.x1-half)
		p.text(quietHalo, x, f.y0-5, middle, m.Text)
		words = append(words, area{x - half, f.y0 - 18, x + half, f.y0})
	}
	for _, m := range s.CutY {
		y := f.y.at(m.At)
		p.line(axisLine, f.x0, y, f.x1, y)
		p.text(quietHalo, f.x1-3, y-4, end, m.Text)
		words = append(words, area{f.x1 - 5 - width(m.Text, quietHalo), y - 17, f.x1, y})
	}
	w := (f.x1-f.x0)/2 - 12
	p.fitted(boldText, f.x0+8, f.y0+18, start, s.Corners[0], w)
	p.fitted(boldText, f.x1-8, f.y0+18, end, s.Corners[1], w)
	p.fitted(boldText, f.x0+8, f.y1-8, start, s.Corners[2], w)
	p.fitted(boldText, f.x1-8, f.y1-8, end, s.Corners[3], w)
	for i, c := range s.Corners {
		if long := min(width(c, boldText), w) + 10; c != "" {
			box := area{f.x0, f.y0, f.x0 + long, f.y0 + 24}
			if i%2 == 1 {
				box.x0, box.x1 = f.x1-long, f.x1
			}
			if i > 1 {
				box.y0, box.y1 = f.y1-24, f.y1
			}
			words = append(words, box)
		}
	}
	return words
}

// draw puts the dots down, group by group, and gives the labels and all places.
func (s *Scatter) draw(p *pen, f *plot) ([]label, []xy) {
	named := s.named(f)
	largest := 0.0
	for _, d := range s.Dots {
		largest = max(largest, d.Size)
	}
	var labels []label
	var places []xy
	for pass := range 2 { // named dots lie on top
		for g := range 7 {
			open := false
			for i, d := range s.Dots {
				if d.Group != g || named[i] != (pass == 1) || math.IsNaN(d.X) || math.IsNaN(d.Y) || !f.holds(d.X, d.Y) {
					continue
				}
				r := 2.6
				if pass == 1 {
					r = 4.5
				}
				if largest > 0 {
					r = max(2.5, 16*math.Sqrt(d.Size/largest))
				}
				if !open {
					p.open(dotRole(g, pass == 1))
					open = true
				}
				at := f.at(d.X, d.Y)
				p.mark("", max(g-1, 0), at.x, at.y, r, s.hint(d))
				places = append(places, at)
				if pass == 1 {
					labels = append(labels, label{of: i, x: at.x, y: at.y, away: r, text: d.Label, role: haloText, weight: s.far(f, d)})
				}
			}
			if open {
				p.shut()
			}
		}
	}
	slices.SortStableFunc(labels, func(a, b label) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.of, b.of)) })
	return labels, places
}

// hint is what the dot of an item says.
func (s *Scatter) hint(d Dot) string {
	return d.Label + " · " + s.X.Title + " " + s.X.Number.Say(d.X) + " · " + s.Y.Title + " " + s.Y.Number.Say(d.Y)
}

// far is how much an item stands out: its distance from the diagonal, else from the middle of the field.
func (s *Scatter) far(f *plot, d Dot) float64 {
	at := f.at(d.X, d.Y)
	if s.Diagonal {
		return math.Round(1e6 * math.Abs(float64((at.x-f.x.a)*(f.y.b-f.y.a))-float64((at.y-f.y.a)*(f.x.b-f.x.a))))
	}
	return math.Round(1e6 * math.Max(math.Abs(at.x-(f.x0+f.x1)/2)/(f.x1-f.x0), math.Abs(at.y-(f.y0+f.y1)/2)/(f.y1-f.y0)))
}

// named says which dots have their names written.
func (s *Scatter) named(f *plot) []bool {
	out := make([]bool, len(s.Dots))
	any := false
	var order []int
	for i, d := range s.Dots {
		out[i] = d.Named
		any = any || d.Named
		if !math.IsNaN(d.X) && !math.IsNaN(d.Y) {
			order = append(order, i)
		}
	}
	if any {
		return out
	}
	most := s.Most
	if most == 0 {
		most = 12
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.far(f, s.Dots[b]), s.far(f, s.Dots[a])) })
	for _, i := range order[:min(max(most, 0), len(order))] {
		out[i] = s.Dots[i].Label != ""
	}
	return out
}

func (s *Scatter) sized() bool {
	return slices.ContainsFunc(s.Dots, func(d Dot) bool { return d.Size > 0 })
}

// quietKey explains the dots of group 0.
func quietKey(text string, sized bool) key {
	if sized {
		return key{text: text, swatch: filledDot}
	}
	return key{text: text, swatch: shapeDot}
}

func (s *Scatter) table() Table {
	t := Table{Head: []string{s.Label, s.X.Title, s.Y.Title}}
	sized := s.sized()
	if sized {
		t.Head = append(t.Head, s.Size)
	}
	for i, d := range s.Dots {
		cells := []string{d.Label, s.X.Number.Say(d.X), s.Y.Number.Say(d.Y)}
		if sized {
			cells = append(cells, plain(d.Size, 0))
		}
		switch {
		case d.Group > 0:
			cells = append(cells, s.Groups[d.Group-1])
		case s.Quiet != "":
			cells = append(cells, s.Quiet)
		}
		t.add(i, cells...)
	}
	if len(s.Groups) > 0 {
		t.Head = append(t.Head, groupHead(s.Lang))
	}
	return t
}
