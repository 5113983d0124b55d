package chart

import "cmp"

// Elbow is an error or score for each number of classes, with the number that was chosen.
type Elbow struct {
	Frame
	// Scores begin with class number First.
	Scores []float64
	First  int
	// Chosen is a number of classes; 0 marks none. Text is written beside it.
	Chosen int
	Text   string
	// X and Y title the axes.
	X string
	Y Axis
}

// Validate checks numbers and what is chosen.
func (e *Elbow) Validate() error {
	if err := cmp.Or(e.check("elbow"), e.checkAxis("elbow", "y", &e.Y), e.onAxis("elbow", "score", &e.Y, e.Scores...)); err != nil {
		return err
	}
	if e.First < 0 || e.Chosen != 0 && (e.Chosen < e.First || e.Chosen >= e.First+len(e.Scores)) {
		return e.wrong("elbow", "classes from %d, chosen %d of %d", e.First, e.Chosen, len(e.Scores))
	}
	return nil
}

// Draw writes the line with a dot for each number of classes.
func (e *Elbow) Draw() (Drawing, error) {
	if err := e.Validate(); err != nil {
		return Drawing{}, err
	}
	t := Table{Head: []string{e.X, e.Y.Title}}
	p := newPen(&e.Frame, or(e.Width, 600), or(e.Height, 280))
	var pts []Point
	for i, v := range e.Scores {
		t.add(i, plain(float64(e.First+i), 0), e.Y.Number.Say(v))
		if v == v {
			pts = append(pts, Point{float64(e.First + i), v})
		}
	}
	if len(pts) == 0 {
		drawNothing(p)
		return p.finish(t, false), nil
	}
	xa := Axis{Title: e.X}
	for _, q := range pts {
		xa.Ticks = append(xa.Ticks, q.X)
	}
	xa.Exact = true
	y0, y1, _ := span(e.Scores...)
	f := newPlot(p, &xa, &e.Y, xa.fit(pts[0].X, pts[len(pts)-1].X, 10), e.Y.fit(y0, y1, 5), 0, 20, p.w-20, p.h)
	f.drawAxes(p, false)
	line := make([]xy, len(pts))
	for i, q := range pts {
		line[i] = f.at(q.X, q.Y)
	}
	p.path("l1", line, false)
	var labels []label
	for i, q := range pts {
		said := e.X + " " + plain(q.X, 0) + ": " + e.Y.Number.Say(q.Y)
		if int(q.X) == e.Chosen {
			p.line(refLine, line[i].x, f.y0, line[i].x, f.y1)
			p.circle(strongDot, line[i].x, line[i].y, 6, said)
			labels = append(labels, label{of: i, x: line[i].x, y: line[i].y, away: 6, text: e.Text, role: haloText})
			continue
		}
		p.circle(quietDot, line[i].x, line[i].y, 3.5, said)
	}
	placeLabels(p, labels, append(line, between(line)...), nil, area{f.x0 + 1, 2, p.w - 2, f.y1 - 2})
	return p.finish(t, false), nil
}

// between gives places along a line, for words to keep off.
func between(line []xy) []xy {
	var out []xy
	for i := 1; i < len(line); i++ {
		for k := range 8 {
			s := float64(k+1) / 9
			out = append(out, xy{line[i-1].x + float64((line[i].x-line[i-1].x)*s), line[i-1].y + float64((line[i].y-line[i-1].y)*s)})
		}
	}
	return out
}
