package chart

// Grouped is bars side by side, one for each series of each item.
type Grouped struct {
	Frame
	// Series are at most six; each has a colour and a pattern.
	Series []string
	Items  []Group
	Number Number
	// Label names the items in the table.
	Label string
}

// Group is one item with a value for each series.
type Group struct {
	Label  string
	Values []float64
}

// Validate checks numbers and how many there are.
func (g *Grouped) Validate() error {
	if err := g.check("grouped"); err != nil {
		return err
	}
	if n := len(g.Series); n < 1 || n > 6 {
		return g.wrong("grouped", "%d series: want 1 to 6", n)
	}
	for _, i := range g.Items {
		if len(i.Values) != len(g.Series) {
			return g.wrong("grouped", "%q has %d values for %d series", i.Label, len(i.Values), len(g.Series))
		}
		if err := g.number("grouped", i.Label, i.Values...); err != nil {
			return err
		}
	}
	return nil
}

// Draw writes the groups in the order given.
func (g *Grouped) Draw() (Drawing, error) {
	if err := g.Validate(); err != nil {
		return Drawing{}, err
	}
	const bar, gap = 15, 10
	t := Table{Head: append([]string{g.Label}, g.Series...)}
	w, tall := or(g.Width, 600), float64(len(g.Series)*bar+gap)
	p := newPen(&g.Frame, w, 0)
	if len(g.Items) == 0 {
		p.h = or(g.Height, 120)
		drawNothing(p)
		return p.finish(t, false), nil
	}
	var labels, said []string
	all := []float64{0}
	for n, i := range g.Items {
		cells := []string{i.Label}
		for _, v := range i.Values {
			cells = append(cells, g.Number.Say(v))
		}
		t.add(n, cells...)
		labels, said, all = append(labels, i.Label), append(said, cells[1:]...), append(all, i.Values...)
	}
	top := drawKeys(p, g.keys(), 0, 2, w) + 4
	p.h = max(top+float64(len(g.Items))*tall+4, g.Height)
	names, room := min(widest(valueText, labels...)+4, w*.3), widest(valueText, said...)+8
	lo, hi, _ := span(all...)
	if lo == hi {
		hi = lo + 1
	}
	s := scale{lo: lo, hi: hi, a: names + 10, b: w - room}
	if lo < 0 {
		s.a += room
	}
	zero := s.at(0)
	for n, i := range g.Items {
		y := top + float64(n)*tall
		p.line(rowLine, 0, y, w, y)
		p.fitted(valueText, 2, y+tall/2+4, start, i.Label, names)
		for k, v := range i.Values {
			at, side := zero, start
			by := y + gap/2 + float64(k*bar)
			if v != v {
				p.text(axisText, zero+6, by+11, start, g.Number.Say(v))
				continue
			}
			at = s.at(v)
			p.series(k, min(at, zero), by, max(at, zero)-min(at, zero), bar-2, i.Label+" "+g.Series[k]+" "+g.Number.Say(v))
			place := at + 5
			if v < 0 {
				place, side = at-5, end
			}
			p.text(valueText, place, by+11, side, g.Number.Say(v))
		}
	}
	p.line(zeroLine, zero, top, zero, top+float64(len(g.Items))*tall)
	return p.finish(t, false), nil
}

func (g *Grouped) keys() []key {
	list := make([]key, len(g.Series))
	for i, s := range g.Series {
		list[i] = key{text: s, swatch: seriesBox, n: i + 1}
	}
	return list
}
