package chart

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Tail is sizes by rank, the greatest first: the long tail. With both axes Log a law of powers is a straight line.
type Tail struct {
	Frame
	// Values in any order; they are sorted. Labels, when given, go with them, under the head Label.
	Values []float64
	Labels []string
	Label  string
	// X is the rank, Y the value.
	X, Y Axis
	// Marks are ranks with words: 杭州, 第 67 名.
	Marks []Mark
}

// Validate checks numbers and marks.
func (c *Tail) Validate() error {
	if err := cmp.Or(c.check("tail"), c.checkAxis("tail", "x", &c.X), c.checkAxis("tail", "y", &c.Y)); err != nil {
		return err
	}
	if len(c.Labels) != 0 && len(c.Labels) != len(c.Values) {
		return c.wrong("tail", "%d labels for %d values", len(c.Labels), len(c.Values))
	}
	if err := c.counted("tail", "value", c.Values...); err != nil {
		return err
	}
	for _, m := range c.Marks {
		if m.At != math.Trunc(m.At) || !within(m.At, 1, float64(len(c.Values))) {
			return c.wrong("tail", "%q at rank %v of %d", m.Text, m.At, len(c.Values))
		}
	}
	return nil
}

// tailDots is how many of the first ranks have a dot that tells its number; beyond, they would touch.
const tailDots = 24

// Draw writes the curve; the table has the values by rank. On a log axis values of 0 are left out of the curve, not of the table.
func (c *Tail) Draw() (Drawing, error) {
	if err := c.Validate(); err != nil {
		return Drawing{}, err
	}
	t, sorted := c.table()
	p := newPen(&c.Frame, or(c.Width, 600), or(c.Height, 320))
	drawn := len(sorted)
	for c.Y.Log && drawn > 0 && sorted[drawn-1] <= 0 {
		drawn--
	}
	if drawn == 0 {
		drawNothing(p)
		return p.finish(t, false), nil
	}
	xa, ya := c.X, c.Y
	xa.Exact, ya.Zero = !xa.Log, !ya.Log
	f := newPlot(p, &xa, &ya, xa.fit(1, float64(len(sorted)), 6), ya.fit(sorted[drawn-1], sorted[0], 5), 0, 18, p.w-14, p.h)
	f.drawAxes(p, false)
	pts := make([]xy, drawn)
	for i := range pts {
		pts[i] = f.at(float64(i+1), sorted[i])
	}
	if !ya.Log {
		under := append(append([]xy{{pts[0].x, f.y1}}, thin(slices.Clone(pts))...), xy{pts[drawn-1].x, f.y1})
		p.path(areaFill, under, true)
	}
	pts = thin(pts)
	p.path("l1", pts, false)
	said := func(rank int) string { return strings.Join(t.Rows[rank-1].Cells, " ") }
	for rank := 1; rank <= min(drawn, tailDots); rank++ {
		at := f.at(float64(rank), sorted[rank-1])
		p.circle("d1", at.x, at.y, 2.5, said(rank))
	}
	var labels []label
	for i, m := range c.Marks {
		if k := int(m.At); k <= drawn {
			at := f.at(m.At, sorted[k-1])
			p.circle(strongDot, at.x, at.y, 4.5, said(k))
			labels = append(labels, label{of: i, x: at.x, y: at.y, away: 4.5, text: m.Text, role: haloText})
		}
	}
	placeLabels(p, labels, pts, nil, area{f.x0, 2, p.w - 2, f.y1})
	return p.finish(t, false), nil
}

func (c *Tail) table() (Table, []float64) {
	order := make([]int, len(c.Values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.Values[b], c.Values[a]) })
	t := Table{Head: []string{c.X.Title}}
	if len(c.Labels) > 0 {
		t.Head = append(t.Head, c.Label)
	}
	t.Head = append(t.Head, c.Y.Title)
	sorted := make([]float64, len(order))
	for n, i := range order {
		sorted[n] = c.Values[i]
		cells := []string{plain(float64(n+1), 0)}
		if len(c.Labels) > 0 {
			cells = append(cells, c.Labels[i])
		}
		t.add(i, append(cells, c.Y.Number.Say(c.Values[i]))...)
	}
	return t, sorted
}
