package chart

import (
	"cmp"
	"math"
	"slices"
)

// Lines is values over a measure, mostly time, joined by lines or steps. Each line is named at its end and has its own dashes.
type Lines struct {
	Frame
	X, Y Axis
	// Lines are at most six.
	Lines []Line
	// Steps holds each value until the next instead of sloping.
	Steps bool
	// Breaks are marked uprights: where the source or the definition changes.
	Breaks []Mark
	// Dots marks every point; Lines of at most 24 points have them always.
	Dots bool
}

// Line is one series; X must rise.
type Line struct {
	Name   string
	Points []Point
}

// Point is a place on two axes; a Y of None parts the line.
type Point struct{ X, Y float64 }

// Mark is a value of an axis with words.
type Mark struct {
	At   float64
	Text string
}

// Validate checks axes, numbers and that X rises.
func (l *Lines) Validate() error {
	if err := l.check("lines"); err != nil {
		return err
	}
	if len(l.Lines) > 6 {
		return l.wrong("lines", "%d lines: at most 6", len(l.Lines))
	}
	if err := cmp.Or(l.checkAxis("lines", "x", &l.X), l.checkAxis("lines", "y", &l.Y)); err != nil {
		return err
	}
	for _, s := range l.Lines {
		for i, q := range s.Points {
			if err := cmp.Or(l.given("lines", s.Name+": x", q.X), l.onAxis("lines", s.Name+": x", &l.X, q.X), l.onAxis("lines", s.Name+": y", &l.Y, q.Y)); err != nil {
				return err
			}
			if i > 0 && q.X <= s.Points[i-1].X {
				return l.wrong("lines", "%s: x %v does not rise", s.Name, q.X)
			}
		}
	}
	for _, b := range l.Breaks {
		if err := cmp.Or(l.given("lines", b.Text, b.At), l.onAxis("lines", b.Text, &l.X, b.At)); err != nil {
			return err
		}
	}
	return nil
}

// Draw writes the lines in the order given; the table has a row for each X.
func (l *Lines) Draw() (Drawing, error) {
	if err := l.Validate(); err != nil {
		return Drawing{}, err
	}
	t := l.table()
	p := newPen(&l.Frame, or(l.Width, 600), or(l.Height, 300))
	var xs, ys []float64
	names := 0.0
	for _, s := range l.Lines {
		for _, q := range s.Points {
			xs, ys = append(xs, q.X), append(ys, q.Y)
		}
		names = max(names, min(width(s.Name, boldText), p.w*.25))
	}
	for _, b := range l.Breaks {
		xs = append(xs, b.At)
	}
	x0, x1, _ := span(xs...)
	y0, y1, any := span(ys...)
	if !any {
		drawNothing(p)
		return p.finish(t, false), nil
	}
	top := 16.0
	if len(l.Breaks) > 0 {
		top = 30
	}
	xa := l.X
	xa.Exact = !xa.Log
	f := newPlot(p, &xa, &l.Y, xa.fit(x0, x1, int(p.w/75)), l.Y.fit(y0, y1, 5), 0, top, p.w-names-18, p.h)
	f.drawAxes(p, false)
	for _, b := range l.Breaks {
		at := f.x.at(b.At)
		p.line(refLine, at, 18, at, f.y1)
		half := width(b.Text, axisText) / 2
		p.fitted(axisText, min(max(at, half+2), p.w-half-2), 13, middle, b.Text, p.w-4)
	}
	for i, s := range l.Lines {
		l.draw(p, f, i, s)
	}
	l.names(p, f, names)
	return p.finish(t, false), nil
}

func (l *Lines) draw(p *pen, f *plot, i int, s Line) {
	var run []xy
	flush := func() {
		if len(run) > 1 {
			p.path(numbered("l", i+1), thin(run), false)
		}
		run = nil
	}
	for _, q := range s.Points {
		if math.IsNaN(q.Y) {
			flush()
			continue
		}
		at := f.at(q.X, q.Y)
		if l.Steps && len(run) > 0 {
			run = append(run, xy{at.x, run[len(run)-1].y})
		}
		run = append(run, at)
	}
	flush()
	if !l.Dots && len(s.Points) > 24 {
		return
	}
	for _, q := range s.Points {
		if !math.IsNaN(q.Y) {
			at := f.at(q.X, q.Y)
			p.mark(numbered("d", i+1), i, at.x, at.y, 3, l.X.Number.Say(q.X)+" "+l.Y.Number.Say(q.Y))
		}
	}
}

// names writes each line's name at its end, moved apart.
func (l *Lines) names(p *pen, f *plot, most float64) {
	type tag struct {
		y    float64
		name string
		i    int
	}
	var tags []tag
	for i, s := range l.Lines {
		for k := len(s.Points) - 1; k >= 0; k-- {
			if !math.IsNaN(s.Points[k].Y) {
				tags = append(tags, tag{f.y.at(s.Points[k].Y), s.Name, i})
				break
			}
		}
	}
	slices.SortStableFunc(tags, func(a, b tag) int { return cmp.Compare(a.y, b.y) })
	at := spread(column(tags, func(t tag) float64 { return t.y }), 16, f.y0+2, f.y1-2)
	for k, t := range tags {
		p.fitted(boldText, f.x1+10, at[k]+4, start, t.name, most)
	}
}

func (l *Lines) table() Table {
	t := Table{Head: []string{l.X.Title}}
	rows := map[float64][]string{}
	var xs []float64
	for i, s := range l.Lines {
		t.Head = append(t.Head, s.Name)
		for _, q := range s.Points {
			if rows[q.X] == nil {
				rows[q.X] = make([]string, len(l.Lines))
				for k := range rows[q.X] {
					rows[q.X][k] = l.Y.Number.Say(None)
				}
				xs = append(xs, q.X)
			}
			rows[q.X][i] = l.Y.Number.Say(q.Y)
		}
	}
	slices.Sort(xs)
	for n, x := range xs {
		t.add(n, append([]string{l.X.Number.Say(x)}, rows[x]...)...)
	}
	return t
}
