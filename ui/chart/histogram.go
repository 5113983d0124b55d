package chart

import (
	"cmp"
	"math"

	"zhijian/ui/wording"
)

// Histogram is how many items lie in each bin; the area of a bar is its count.
type Histogram struct {
	Frame
	// Bins touch: each begins where the one before ends. They may differ in width; Y is then per unit of the narrowest.
	Bins []Bin
	X, Y Axis
	// Marks are uprights with words: mean, median.
	Marks []Mark
}

// Bin counts what is at least From and less than To; the last bin counts To as well.
type Bin struct {
	From, To float64
	Count    float64
}

// Validate checks axes and that bins touch.
func (h *Histogram) Validate() error {
	if err := cmp.Or(h.check("histogram"), h.checkAxis("histogram", "x", &h.X), h.checkAxis("histogram", "y", &h.Y)); err != nil {
		return err
	}
	if h.Y.Log || h.Y.Reverse || h.Y.Min != 0 {
		return h.wrong("histogram", "bars must stand on 0")
	}
	for i, b := range h.Bins {
		if err := cmp.Or(h.given("histogram", "bin", b.From, b.To), h.onAxis("histogram", "bin", &h.X, b.From, b.To), h.counted("histogram", "count", b.Count)); err != nil {
			return err
		}
		if b.To <= b.From || i > 0 && b.From != h.Bins[i-1].To {
			return h.wrong("histogram", "bin %d from %v to %v", i, b.From, b.To)
		}
	}
	for _, m := range h.Marks {
		if err := cmp.Or(h.given("histogram", m.Text, m.At), h.onAxis("histogram", m.Text, &h.X, m.At)); err != nil {
			return err
		}
	}
	return nil
}

// Draw writes the bars from the lowest bin.
func (h *Histogram) Draw() (Drawing, error) {
	if err := h.Validate(); err != nil {
		return Drawing{}, err
	}
	t := Table{Head: []string{wording.T(h.Lang, "chart.from"), wording.T(h.Lang, "chart.to"), h.Y.Title}}
	p := newPen(&h.Frame, or(h.Width, 600), or(h.Height, 300))
	if len(h.Bins) == 0 {
		drawNothing(p)
		return p.finish(t, false), nil
	}
	narrowest := math.Inf(1)
	for n, b := range h.Bins {
		t.add(n, h.X.Number.Say(b.From), h.X.Number.Say(b.To), h.Y.Number.Say(b.Count))
		narrowest = min(narrowest, b.To-b.From)
	}
	tall := make([]float64, len(h.Bins))
	for i, b := range h.Bins {
		tall[i] = b.Count
		if !h.X.Log {
			tall[i] = float64(b.Count * narrowest / (b.To - b.From))
		}
	}
	_, hi, _ := span(tall...)
	xs := append(column(h.Marks, markAt), h.Bins[0].From, h.Bins[len(h.Bins)-1].To)
	x0, x1, _ := span(xs...)
	ya := h.Y
	ya.Zero = true
	top := 14.0
	if len(h.Marks) > 0 {
		top = 28 + 16*float64(min(len(h.Marks), 3)-1)
	}
	f := newPlot(p, &h.X, &ya, h.X.fit(x0, x1, int(p.w/75)), ya.fit(0, hi, 5), 0, top, p.w-18, p.h)
	f.drawAxes(p, false)
	for i, b := range h.Bins {
		l, r := f.x.at(b.From), f.x.at(b.To)
		l, r = min(l, r), max(l, r)
		y := f.y.at(tall[i])
		p.rect("c1", l+.5, y, r-l-1, f.y1-y, 0, h.X.Number.Say(b.From)+"–"+h.X.Number.Say(b.To)+" "+h.Y.Number.Say(b.Count))
	}
	p.line(axisLine, f.x0, f.y1, f.x1, f.y1)
	for i, m := range h.Marks {
		at, y := f.x.at(m.At), 12+16*float64(i%3)
		p.line(underLine, at, f.y0, at, f.y1)
		p.line(refLine, at, y+4, at, f.y1)
		half := width(m.Text, boldText) / 2
		p.fitted(haloText, min(max(at, half+2), p.w-half-2), y, middle, m.Text, p.w-4)
	}
	return p.finish(t, false), nil
}
