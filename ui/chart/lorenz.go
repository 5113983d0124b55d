package chart

import (
	"cmp"
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

// Curve is one distribution; its values are in any order.
type Curve struct {
	// Name is written beside the curve, best with its Gini coefficient.
	Name   string
	Values []float64
}

// Validate checks that values are shares of something.
func (l *Lorenz) Validate() error {
	if err := l.check("lorenz"); err != nil {
		return err
	}
	if len(l.Curves) > 6 {
		return l.wrong("lorenz", "%d curves: at most 6", len(l.Curves))
	}
	for _, c := range l.Curves {
		if err := l.counted("lorenz", c.Name, c.Values...); err != nil {
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

// Draw writes the curves; the table has the share of the lower 10, 20 … 100 percent.
func (l *Lorenz) Draw() (Drawing, error) {
	if err := l.Validate(); err != nil {
		return Drawing{}, err
	}
	p := newPen(&l.Frame, or(l.Width, 600), or(l.Height, 420))
	t := Table{Head: []string{l.X}}
	sums := make([][]float64, len(l.Curves))
	some := false
	for i, c := range l.Curves {
		t.Head = append(t.Head, c.Name)
		sums[i] = cumulate(c.Values)
		some = some || len(sums[i]) > 1
	}
	if !some {
		drawNothing(p)
		return p.finish(t, false), nil
	}
	share := Number{Decimals: 1, Unit: "%"}
	for n := 1; n <= 10; n++ {
		cells := []string{Number{Unit: "%"}.Say(float64(n * 10))}
		for _, s := range sums {
			cells = append(cells, share.Say(holding(s, float64(n*10))))
		}
		t.add(n-1, cells...)
	}
	xa, ya := Axis{Title: l.X, Number: Number{Unit: "%"}, Max: 100}, Axis{Title: l.Y, Number: Number{Unit: "%"}, Max: 100}
	f := newPlot(p, &xa, &ya, xa.fit(0, 100, 5), ya.fit(0, 100, 5), 0, 14, p.w-20, p.h)
	f.drawAxes(p, true)
	a, b := f.at(0, 0), f.at(100, 100)
	p.line(refLine, a.x, a.y, b.x, b.y)
	half := f.at(30, 30)
	labels := []label{{of: -1, x: half.x, y: half.y, away: 2, text: wording.T(l.Lang, "chart.equal"), role: quietHalo}}
	var all []xy
	for i, s := range sums {
		if len(s) < 2 {
			continue
		}
		pts := make([]xy, len(s))
		for k, v := range s {
			pts[k] = f.at(float64(100*float64(k)/float64(len(s)-1)), v)
		}
		pts = thin(pts)
		if i == 0 {
			p.path(areaFill, append([]xy{b, a}, pts...), true)
			p.line(refLine, a.x, a.y, b.x, b.y)
		}
		p.path(numbered("l", i+1), pts, false)
		all = append(all, pts...)
		x := 62 - 9*float64(i)
		at := f.at(x, holding(s, x))
		labels = append(labels, label{of: i, x: at.x, y: at.y, away: 3, text: l.Curves[i].Name, role: haloText})
	}
	for _, m := range l.Marks {
		if len(sums[0]) > 1 {
			at := f.at(m.At, holding(sums[0], m.At))
			p.circle(strongDot, at.x, at.y, 4.5, "")
			labels = append(labels, label{of: -1, x: at.x, y: at.y, away: 5, text: m.Text, role: haloText})
		}
	}
	placeLabels(p, labels, append(all, diagonal(a, b)...), nil, area{f.x0 + 1, f.y0 + 1, f.x1 - 1, f.y1 - 1})
	return p.finish(t, false), nil
}

func diagonal(a, b xy) []xy {
	var out []xy
	for i := range 161 {
		k := float64(i) / 160
		out = append(out, xy{a.x + float64((b.x-a.x)*k), a.y + float64((b.y-a.y)*k)})
	}
	return out
}

// cumulate gives the percentages held by the lowest 0, 1, 2 … n values; nothing when there is no sum.
func cumulate(values []float64) []float64 {
	sorted := slices.Clone(values)
	slices.SortFunc(sorted, func(a, b float64) int { return cmp.Compare(a, b) })
	total := 0.0
	for _, v := range sorted {
		total += v
	}
	if total == 0 {
		return nil
	}
	out, sum := make([]float64, 1, len(sorted)+1), 0.0
	for _, v := range sorted {
		sum += v
		out = append(out, float64(100*sum)/total)
	}
	return out
}

// holding is the share of the lower x percent, between two values in proportion.
func holding(sums []float64, x float64) float64 {
	if len(sums) < 2 {
		return None
	}
	at := float64(float64(x/100) * float64(len(sums)-1))
	k := min(int(at), len(sums)-2)
	return sums[k] + float64((at-float64(k))*(sums[k+1]-sums[k]))
}
