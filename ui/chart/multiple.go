package chart

import (
	"cmp"
	"fmt"
	"math"

	"zhijian/ui/wording"
)

// Multiples is the same small chart for many items, all to the same axes, so that shapes can be compared.
type Multiples struct {
	Frame
	Panels []Panel
	X, Y   Axis
	// Columns is how many stand side by side; 0 takes what the width has room for.
	Columns int
	// Bars draws bars from zero instead of lines.
	Bars bool
}

// Panel is one small chart; X must rise. Strong panels stand out.
type Panel struct {
	Title  string
	Points []Point
	Strong bool
}

// Validate checks axes and numbers.
func (m *Multiples) Validate() error {
	if err := cmp.Or(m.check("multiples"), m.checkAxis("multiples", "x", &m.X), m.checkAxis("multiples", "y", &m.Y)); err != nil {
		return err
	}
	if m.Columns < 0 || m.Columns > 12 || m.Bars && (m.Y.Log || m.Y.Min != 0) {
		return m.wrong("multiples", "%d columns, bars %v on log %v from %v", m.Columns, m.Bars, m.Y.Log, m.Y.Min)
	}
	for _, l := range m.Panels {
		for i, q := range l.Points {
			if err := cmp.Or(m.given("multiples", l.Title+": x", q.X), m.onAxis("multiples", l.Title+": x", &m.X, q.X), m.onAxis("multiples", l.Title+": y", &m.Y, q.Y)); err != nil {
				return err
			}
			if i > 0 && q.X <= l.Points[i-1].X {
				return m.wrong("multiples", "%s: x %v does not rise", l.Title, q.X)
			}
		}
	}
	return nil
}

const panelTall = 116

// Draw writes the panels in lines, in the order given; the table has a row for each point.
func (m *Multiples) Draw() (Drawing, error) {
	if err := m.Validate(); err != nil {
		return Drawing{}, err
	}
	t := Table{Head: []string{wording.T(m.Lang, "chart.panel"), m.X.Title, m.Y.Title}}
	var xs, ys []float64
	for n, l := range m.Panels {
		for _, q := range l.Points {
			t.add(n, l.Title, m.X.Number.Say(q.X), m.Y.Number.Say(q.Y))
			xs, ys = append(xs, q.X), append(ys, q.Y)
		}
	}
	w := or(m.Width, 600)
	p := newPen(&m.Frame, w, or(m.Height, 120))
	x0, x1, _ := span(xs...)
	y0, y1, any := span(ys...)
	if !any {
		drawNothing(p)
		return p.finish(t, false), nil
	}
	cols := m.Columns
	if cols == 0 {
		cols = max(int(w/150), 1)
	}
	rows := (len(m.Panels) + cols - 1) / cols
	p.h = max(float64(rows*panelTall), m.Height)
	xa, ya := m.X, m.Y
	xa.Title, ya.Title = "", ""
	ya.Zero = ya.Zero || m.Bars
	sx, sy := m.scaleX(&xa, x0, x1), ya.fit(y0, y1, 2)
	wide := w / float64(cols)
	for n, l := range m.Panels {
		p.dx, p.dy = float64(n%cols)*wide, float64(n/cols)*panelTall
		m.panel(p, l, &xa, &ya, sx, sy, wide)
	}
	p.dx, p.dy = 0, 0
	return p.finish(t, false), nil
}

// scaleX writes only the two ends; bars keep half a step at each.
func (m *Multiples) scaleX(a *Axis, lo, hi float64) scale {
	a.Exact = !a.Log
	s := a.fit(lo, hi, 4)
	if !a.Log {
		s.ticks = []float64{lo}
		if hi > lo {
			s.ticks = append(s.ticks, hi)
		}
	}
	if m.Bars && !a.Log {
		pad := (hi - lo) / 2
		for _, l := range m.Panels {
			for i := 1; i < len(l.Points); i++ {
				pad = min(pad, (l.Points[i].X-l.Points[i-1].X)/2)
			}
		}
		s.lo, s.hi = lo-pad, hi+pad
		if pad == 0 {
			s.lo, s.hi = lo-1, hi+1
		}
	}
	return s
}

func (m *Multiples) panel(p *pen, l Panel, xa, ya *Axis, sx, sy scale, wide float64) {
	f := newPlot(p, xa, ya, sx, sy, 0, 24, wide-12, panelTall-8)
	p.fitted(boldText, f.x0, 14, start, l.Title, f.x1-f.x0)
	f.drawLevels(p)
	for i, s := range sx.labels(p.f.Lang, xa.Number) {
		side, at := middle, sx.ticks[i]
		switch {
		case len(sx.ticks) > 1 && i == 0:
			side = start
		case len(sx.ticks) > 1 && i == len(sx.ticks)-1:
			side = end
		}
		p.text(axisText, f.x.at(at), f.y1+15, side, s)
	}
	if m.Bars {
		bar := max((f.x1-f.x0)/float64(max(len(l.Points), 1))*.7, 1)
		zero := f.y.at(0)
		for _, q := range l.Points {
			if !math.IsNaN(q.Y) {
				at := f.at(q.X, q.Y)
				p.rect(panelFill(l), at.x-bar/2, min(at.y, zero), bar, math.Abs(at.y-zero), 0, fmt.Sprint(m.X.Number.Say(q.X), " ", m.Y.Number.Say(q.Y)))
			}
		}
		return
	}
	r, dot := quietLine, quietBig
	if l.Strong {
		r, dot = strongLine, strongDot
	}
	for _, run := range runs(l.Points) {
		line := make([]xy, len(run))
		for i, q := range run {
			line[i] = f.at(q.X, q.Y)
		}
		if len(line) == 1 {
			p.circle(dot, line[0].x, line[0].y, 3, "")
			continue
		}
		p.path(r, thin(line), false)
	}
}

func panelFill(l Panel) role {
	if l.Strong {
		return "c1"
	}
	return "s4"
}

// runs parts a line where figures are missing.
func runs(pts []Point) [][]Point {
	var out [][]Point
	from := 0
	for i := 0; i <= len(pts); i++ {
		if i == len(pts) || math.IsNaN(pts[i].Y) {
			if i > from {
				out = append(out, pts[from:i])
			}
			from = i + 1
		}
	}
	return out
}
