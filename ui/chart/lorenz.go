package chart

import (
	"slices"

	"zhijian/ui/wording"
)

// Lorenz is how unevenly something lies: the share that the lower x percent hold. The farther below the diagonal, the less even.
type Lorenz struct {
	Frame
	// Curves are at most six.
	Curves []Curve
	// X and Y title the axes; both are percentages.
	X, Y string
	// Marks are places on the first curve, by x in percent.
	Marks []Mark
}

// Curve is one distribution.
type Curve struct {
	// Name stands in the legend, best with its Gini coefficient.
	Name string
	// Held are the percentages that the lowest parts hold, from 0 for none of them to 100 for all, in even steps. None at all
	// leaves the curve out.
	Held []float64
}

// Validate checks that curves rise from 0 to 100.
func (l *Lorenz) Validate() error {
	if err := l.check("lorenz"); err != nil {
		return err
	}
	if len(l.Curves) > 6 {
		return l.wrong("lorenz", "%d curves: at most 6", len(l.Curves))
	}
	for _, c := range l.Curves {
		if err := l.rising(c); err != nil {
			return err
		}
	}
	for _, m := range l.Marks {
		if !within(m.At, 0, 100) {
			return l.wrong("lorenz", "%q at %v percent", m.Text, m.At)
		}
	}
	return nil
}

func (l *Lorenz) rising(c Curve) error {
	if err := l.counted("lorenz", c.Name, c.Held...); err != nil {
		return err
	}
	n := len(c.Held)
	if n > 0 && (n < 2 || c.Held[0] != 0 || c.Held[n-1] != 100 || !slices.IsSorted(c.Held)) {
		return l.wrong("lorenz", "%s: %d shares that do not rise from 0 to 100", c.Name, n)
	}
	return nil
}

// Draw writes the curves; the table has the share of the lower 10, 20 … 100 percent.
func (l *Lorenz) Draw() (Drawing, error) {
	if err := l.Validate(); err != nil {
		return Drawing{}, err
	}
	p, t := newPen(&l.Frame, or(l.Width, 600), or(l.Height, 420)), l.table()
	if len(l.keys()) == 0 {
		drawNothing(p)
		return p.finish(t, false), nil
	}
	percent := Number{Unit: "%"}
	xa, ya := Axis{Title: l.X, Number: percent, Max: 100}, Axis{Title: l.Y, Number: percent, Max: 100}
	top := drawKeys(p, l.keys(), 0, 0, p.w) + 10 // names beside curves would lie on their neighbours
	f := newPlot(p, &xa, &ya, xa.fit(0, 100, 5), ya.fit(0, 100, 5), 0, top, p.w-20, p.h)
	f.drawAxes(p, true)
	a, b := f.at(0, 0), f.at(100, 100)
	if first := l.Curves[0].Held; len(first) > 0 {
		p.path(areaFill, append([]xy{b, a}, thin(along(f, first))...), true)
	}
	p.line(refLine, a.x, a.y, b.x, b.y)
	taken := diagonal(a, b)
	for i, c := range l.Curves {
		pts := thin(along(f, c.Held))
		p.path(numbered("l", i+1), pts, false)
		taken = append(append(taken, pts...), between(pts)...)
		for tenth := 10.0; tenth < 100 && len(pts) > 0; tenth += 10 {
			held := holding(c.Held, tenth)
			at := f.at(tenth, held)
			p.mark(numbered("d", i+1), i, at.x, at.y, 3, c.Name+" "+percent.Say(tenth)+": "+heldShare.Say(held))
		}
	}
	half := f.at(30, 30)
	labels := append(l.drawMarks(p, f), label{of: -1, x: half.x, y: half.y, away: 2, text: wording.T(l.Lang, "chart.equal"), role: quietHalo})
	placeLabels(p, labels, taken, nil, area{f.x0 + 1, f.y0 + 1, f.x1 - 1, f.y1 - 1})
	return p.finish(t, false), nil
}

// heldShare is how the share that a part holds reads.
var heldShare = Number{Decimals: 1, Unit: "%"}

func (l *Lorenz) table() Table {
	t := Table{Head: []string{l.X}}
	for _, c := range l.Curves {
		t.Head = append(t.Head, c.Name)
	}
	if len(l.keys()) == 0 {
		return t
	}
	for n := 1; n <= 10; n++ {
		cells := []string{Number{Unit: "%"}.Say(float64(n * 10))}
		for _, c := range l.Curves {
			cells = append(cells, heldShare.Say(holding(c.Held, float64(n*10))))
		}
		t.add(n-1, cells...)
	}
	return t
}

// along places the shares of a curve.
func along(f *plot, held []float64) []xy {
	pts := make([]xy, len(held))
	for k, v := range held {
		pts[k] = f.at(float64(100*float64(k)/float64(len(held)-1)), v)
	}
	return pts
}

// keys name the curves that are drawn.
func (l *Lorenz) keys() (list []key) {
	for i, c := range l.Curves {
		if len(c.Held) > 0 {
			list = append(list, key{text: c.Name, swatch: shapeDot, n: i + 1})
		}
	}
	return list
}

// drawMarks draws the marks and gives their words.
func (l *Lorenz) drawMarks(p *pen, f *plot) (labels []label) {
	if len(l.Curves) == 0 || len(l.Curves[0].Held) == 0 {
		return nil
	}
	for _, m := range l.Marks {
		at := f.at(m.At, holding(l.Curves[0].Held, m.At))
		p.circle(strongDot, at.x, at.y, 4.5, m.Text)
		labels = append(labels, label{of: -1, x: at.x, y: at.y, away: 5, text: m.Text, role: haloText})
	}
	return labels
}

func diagonal(a, b xy) []xy {
	var out []xy
	for i := range 161 {
		k := float64(i) / 160
		out = append(out, xy{a.x + float64((b.x-a.x)*k), a.y + float64((b.y-a.y)*k)})
	}
	return out
}

// holding is the share of the lower x percent, between two values in proportion.
func holding(held []float64, x float64) float64 {
	if len(held) < 2 {
		return None
	}
	at := float64(float64(x/100) * float64(len(held)-1))
	k := min(int(at), len(held)-2)
	return held[k] + float64((at-float64(k))*(held[k+1]-held[k]))
}
