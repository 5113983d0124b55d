package chart

import (
	"math"

	"zhijian/ui/wording"
)

// plot is a field with two axes.
type plot struct {
	x0, y0, x1, y1 float64 // left, top, right, bottom
	x, y           scale
	xa, ya         *Axis
}

// newPlot lays axes round a field between the margins: top and right are kept free, left and bottom take what the words need.
func newPlot(p *pen, xa, ya *Axis, x, y scale, left, top, right, bottom float64) *plot {
	l := &plot{xa: xa, ya: ya, x: x, y: y, y0: top, x1: right}
	l.x0 = left + math.Ceil(widest(axisText, y.labels(p.f.Lang, ya.Number)...)) + 8
	if ya.Title != "" {
		l.x0 += 19
	}
	l.y1 = bottom - 20
	if xa.Title != "" {
		l.y1 -= 18
	}
	l.place()
	return l
}

func (l *plot) place() {
	l.x.a, l.x.b = l.x0, l.x1
	if l.xa.Reverse {
		l.x.a, l.x.b = l.x1, l.x0
	}
	l.y.a, l.y.b = l.y1, l.y0
	if l.ya.Reverse {
		l.y.a, l.y.b = l.y0, l.y1
	}
}

func (l *plot) at(x, y float64) xy { return xy{l.x.at(x), l.y.at(y)} }

// holds reports whether a point lies on the field.
func (l *plot) holds(x, y float64) bool { return l.x.holds(x) && l.y.holds(y) }

// drawLevels draws the lines of the y axis with their numbers.
func (l *plot) drawLevels(p *pen) {
	for i, s := range l.y.labels(p.f.Lang, l.ya.Number) {
		at := l.y.at(l.y.ticks[i])
		p.line(grid, l.x0, at, l.x1, at)
		p.text(axisText, l.x0-6, at+4, end, s)
	}
}

// drawAxes draws both axes; upright gives lines to the x axis too.
func (l *plot) drawAxes(p *pen, upright bool) {
	l.drawLevels(p)
	last := -1e9
	for i, s := range l.x.labels(p.f.Lang, l.xa.Number) {
		at := l.x.at(l.x.ticks[i])
		if upright {
			p.line(grid, at, l.y0, at, l.y1)
		}
		half := width(s, axisText) / 2
		mid := min(max(at, half), p.w-half)
		if l.xa.Reverse {
			p.text(axisText, mid, l.y1+18, middle, s)
			continue
		}
		if mid-half < last+6 {
			continue // would run into the number before
		}
		last = mid + half
		p.text(axisText, mid, l.y1+18, middle, s)
	}
	l.drawTitles(p)
}

func (l *plot) drawTitles(p *pen) {
	p.fitted(axisText, (l.x0+l.x1)/2, l.y1+36, middle, l.title(p, l.xa), l.x1-l.x0)
	if l.ya.Title != "" {
		p.upward(axisText, 14, (l.y0+l.y1)/2, cut(l.title(p, l.ya), l.y1-l.y0, axisText))
	}
}

// title writes an axis's name: it says when the axis is logarithmic.
func (l *plot) title(p *pen, a *Axis) string {
	if a.Title == "" || !a.Log {
		return a.Title
	}
	return a.Title + wording.T(p.f.Lang, "chart.log")
}

// drawNothing says that there is no data, in the middle of the drawing.
func drawNothing(p *pen) {
	p.rect(hatchEdge, .5, .5, p.w-1, p.h-1, 6, "")
	p.text(axisText, p.w/2, p.h/2+4, middle, wording.T(p.f.Lang, "chart.nothing"))
}

// column takes one number of each item.
func column[T any](list []T, of func(T) float64) []float64 {
	out := make([]float64, len(list))
	for i, v := range list {
		out[i] = of(v)
	}
	return out
}

// thin leaves out points of a line that fall on the same half px as the one before; ends stay.
func thin(pts []xy) []xy {
	out := pts[:0]
	for i, q := range pts {
		if n := len(out); n > 0 && i < len(pts)-1 && math.Abs(q.x-out[n-1].x) < .5 && math.Abs(q.y-out[n-1].y) < .5 {
			continue
		}
		out = append(out, q)
	}
	return out
}

// spread moves heights apart so that neighbours keep a gap, all within lo and hi, as little as it can; order is kept.
func spread(want []float64, gap, lo, hi float64) []float64 {
	out := append([]float64(nil), want...)
	if n := len(out); n > 1 && float64(n-1)*gap > hi-lo {
		gap = (hi - lo) / float64(n-1)
	}
	for i := range out {
		out[i] = min(max(out[i], lo), hi)
		if i > 0 {
			out[i] = max(out[i], out[i-1]+gap)
		}
	}
	for i := len(out) - 1; i >= 0; i-- {
		if out[i] > hi {
			out[i] = hi
		}
		if i+1 < len(out) && out[i] > out[i+1]-gap {
			out[i] = out[i+1] - gap
		}
	}
	return out
}
