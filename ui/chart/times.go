package chart

import (
	"math"

	"zhijian/ui/wording"
)

// Times is how long things take, from seconds to months: a mark for each series on a logarithmic axis, which the figure says. Marks and
// not bars, for on such an axis a length from its end means nothing.
type Times struct {
	Frame
	// Series are at most six; each has a colour and a shape.
	Series []string
	Items  []Group // values are seconds above 0, or None
	// Number writes the seconds of the table; the figure says them in minutes, hours and days.
	Number Number
	// Label names the items in the table.
	Label string
}

// Validate checks numbers and how many there are.
func (t *Times) Validate() error {
	g := Grouped{Frame: t.Frame, Series: t.Series, Items: t.Items}
	if err := g.Validate(); err != nil {
		return err
	}
	for _, i := range t.Items {
		for _, v := range i.Values {
			if v <= 0 {
				return t.wrong("times", "%s: %v has no place on a log axis", i.Label, v)
			}
		}
	}
	return nil
}

// clockTicks are the times that an axis may name, in seconds: 1, 10 s, 1, 10 min, 1 h, 1, 10, 100 d.
var clockTicks = []float64{1, 10, 60, 600, 3600, 86_400, 864_000, 8_640_000}

// Draw writes the items in the order given.
func (t *Times) Draw() (Drawing, error) {
	if err := t.Validate(); err != nil {
		return Drawing{}, err
	}
	const line, gap = 15, 10
	table := Table{Head: append([]string{t.Label}, t.Series...)}
	w, tall := or(t.Width, 600), float64(len(t.Series)*line+gap)
	p := newPen(&t.Frame, w, 0)
	var labels, said []string
	var all []float64
	for n, i := range t.Items {
		cells := []string{i.Label}
		for _, v := range i.Values {
			cells, said, all = append(cells, t.Number.Say(v)), append(said, timeText(t.Lang, v)), append(all, v)
		}
		table.add(n, cells...)
		labels = append(labels, i.Label)
	}
	lo, hi, ok := span(all...)
	if !ok {
		p.h = or(t.Height, 120)
		drawNothing(p)
		return p.finish(table, false), nil
	}
	top := drawKeys(p, t.keys(), 0, 2, w) + 22
	p.h = max(top+float64(len(t.Items))*tall+4, t.Height)
	names, room := min(widest(valueText, labels...)+4, w*.3), widest(valueText, said...)+14
	s := scale{lo: lo, hi: max(hi, lo*10), log: true, a: names + 10, b: w - room}
	if hi < 100*lo { // a tick or two beside it
		s.lo, s.hi = lo/3, hi*3
	}
	t.axis(p, s, top)
	for n, i := range t.Items {
		y := top + float64(n)*tall
		p.line(rowLine, 0, y, w, y)
		p.fitted(valueText, 2, y+tall/2+4, start, i.Label, names)
		for k, v := range i.Values {
			middleY := y + gap/2 + float64(k*line) + 7
			if math.IsNaN(v) {
				p.text(axisText, s.a, middleY+4, start, t.Number.Say(v))
				continue
			}
			x := s.at(v)
			p.mark(dotRole(k+1, true), k, x, middleY, 5, i.Label+" "+t.Series[k]+" "+t.Number.Say(v))
			p.text(valueText, x+10, middleY+4, start, timeText(t.Lang, v))
		}
	}
	return p.finish(table, false), nil
}

// axis draws the lines of times behind the rows, and says above them that the axis is logarithmic.
func (t *Times) axis(p *pen, s scale, top float64) {
	says := wording.T(t.Lang, "chart.log")
	p.text(axisText, 2, top-8, start, says)
	free := 2 + width(says, axisText) + 6
	for _, v := range clockTicks {
		if !s.holds(v) {
			continue
		}
		x, text := s.at(v), timeText(t.Lang, v)
		p.line(grid, x, top, x, p.h-4)
		if half := width(text, axisText) / 2; x-half > free {
			p.text(axisText, x, top-8, middle, text)
			free = x + half + 6
		}
	}
}

func (t *Times) keys() []key {
	list := make([]key, len(t.Series))
	for i, s := range t.Series {
		list[i] = key{text: s, swatch: shapeDot, n: i + 1}
	}
	return list
}

// timeText says seconds in the largest unit of which there is one, with at most one decimal: 50 s, 16.7 min, 11.6 d.
func timeText(lang string, seconds float64) string {
	if math.IsNaN(seconds) {
		return "—"
	}
	for _, u := range []struct {
		of  float64
		key string
	}{{86_400, "chart.time.days"}, {3600, "chart.time.hours"}, {60, "chart.time.minutes"}, {0, "chart.time.seconds"}} {
		if seconds < u.of {
			continue
		}
		n := seconds / max(u.of, 1)
		decimals := 1
		if r := math.Round(n*10) / 10; r == math.Trunc(r) {
			decimals = 0
		}
		return wording.T(lang, u.key, plain(n, decimals))
	}
	return ""
}
