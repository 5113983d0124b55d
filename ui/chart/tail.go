package chart

import (
	"cmp"
	"math"
	"slices"
)

// Tail is sizes by rank, the greatest first: the long tail. With both axes Log a law of powers is a straight line.
type Tail struct {
	Frame
	// Values in any order; they are sorted. Labels, when given, go with them.
	Values []float64
	Labels []string
	// X is the rank, Y the value.
	X, Y Axis
	// Marks are ranks with words: 杭州, 第 67 名.
	Marks []Mark
	// Fit is a fitted law; nil draws none.
	Fit *Power
}

// Power is C × rank^−Exponent between two ranks.
type Power struct {
	C, Exponent float64
	From, To    int
	Text        string
}

// Validate checks numbers, marks and the fit.
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
	if f := c.Fit; f != nil && (!within(f.C, 1e-300, Limit) || !within(f.Exponent, 0, 20) || f.From < 1 || f.To < f.From || f.To > max(len(c.Values), 1)) {
		return c.wrong("tail", "fit %+v", *f)
	}
	return nil
}

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
	var labels []label
	for i, m := range c.Marks {
		if k := int(m.At); k <= drawn {
			at := f.at(m.At, sorted[k-1])
			p.circle(strongDot, at.x, at.y, 4.5, "")
			labels = append(labels, label{of: i, x: at.x, y: at.y, away: 4.5, text: m.Text, role: haloText})
		}
	}
	if c.Fit != nil {
		labels = append(labels, c.drawFit(p, f)...)
	}
	placeLabels(p, labels, pts, nil, area{f.x0, 2, p.w - 2, f.y1})
	return p.finish(t, false), nil
}

func (c *Tail) drawFit(p *pen, f *plot) []label {
	var pts []xy
	const n = 60
	lo, hi := math.Log(float64(c.Fit.From)), math.Log(float64(c.Fit.To))
	for i := range n + 1 {
		r := math.Exp(lo + float64((hi-lo)*float64(i)/n))
		v := float64(c.Fit.C * math.Pow(r, -c.Fit.Exponent))
		if f.y.holds(v) && r >= f.x.lo-1e-9 {
			pts = append(pts, f.at(min(r, f.x.hi), v))
		}
	}
	if len(pts) < 2 {
		return nil
	}
	p.path(fitLine, pts, false)
	at := pts[len(pts)/2]
	return []label{{of: -1, x: at.x, y: at.y, text: c.Fit.Text, role: quietHalo}}
}

func (c *Tail) table() (Table, []float64) {
	order := make([]int, len(c.Values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.Values[b], c.Values[a]) })
	t := Table{Head: []string{c.X.Title, c.Y.Title}}
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
