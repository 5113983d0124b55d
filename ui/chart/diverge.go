package chart

import "math"

// Diverging is bars to both sides of zero: differences of ranks, changes. Above 0 goes right in the brand colour, below 0 left in amber
// with lines across.
type Diverging struct {
	Frame
	Items  []Difference
	Number Number
	// Label and Value name the columns of the table.
	Label, Value string
	// Below and Above say what the two sides mean.
	Below, Above string
}

// Difference is one bar.
type Difference struct {
	Label string
	Value float64
	// Note is written at the far end: 4 → 15.
	Note string
}

const divergeRow = 24

// Validate checks the numbers.
func (d *Diverging) Validate() error {
	if err := d.check("diverging"); err != nil {
		return err
	}
	for _, i := range d.Items {
		if err := d.number("diverging", i.Label, i.Value); err != nil {
			return err
		}
	}
	return nil
}

// Draw writes the bars in the order given.
func (d *Diverging) Draw() (Drawing, error) {
	if err := d.Validate(); err != nil {
		return Drawing{}, err
	}
	t := Table{Head: []string{d.Label, d.Value}}
	w := or(d.Width, 600)
	p := newPen(&d.Frame, w, max(float64(len(d.Items))*divergeRow+34, d.Height))
	var labels, notes, left, right []string
	far := 0.0
	for n, i := range d.Items {
		cells := []string{i.Label, d.Number.Say(i.Value)}
		if i.Note != "" {
			cells = append(cells, i.Note)
		}
		t.add(n, cells...)
		labels, notes = append(labels, i.Label), append(notes, i.Note)
		if i.Value < 0 {
			left = append(left, cells[1])
		} else {
			right = append(right, cells[1])
		}
		if !math.IsNaN(i.Value) {
			far = max(far, math.Abs(i.Value))
		}
	}
	if len(d.Items) == 0 {
		p.h = or(d.Height, 120)
		drawNothing(p)
		return p.finish(t, false), nil
	}
	if far == 0 {
		far = 1
	}
	names := min(widest(valueText, labels...)+4, w*.3)
	x0, x1 := names+12+widest(valueText, left...)+6, w-widest(axisText, notes...)-12-widest(valueText, right...)-6
	lo, hi, _ := span(append([]float64{0}, column(d.Items, func(i Difference) float64 { return i.Value })...)...)
	if lo == hi {
		hi = 1
	}
	s := scale{lo: lo, hi: hi, a: x0, b: max(x1, x0+40)}
	zero := s.at(0)
	p.fitted(axisText, zero-8, 15, end, d.Below, zero-10)
	p.fitted(axisText, zero+8, 15, start, d.Above, w-zero-10)
	for n, i := range d.Items {
		y := 26 + float64(n)*divergeRow
		p.line(rowLine, 0, y+divergeRow-.5, w, y+divergeRow-.5)
		p.fitted(valueText, 2, y+16, start, i.Label, names)
		p.text(axisText, w-2, y+16, end, i.Note)
		d.bar(p, s, zero, y, i.Value)
	}
	p.line(zeroLine, zero, 24, zero, 26+float64(len(d.Items))*divergeRow)
	return p.finish(t, false), nil
}

func (d *Diverging) bar(p *pen, s scale, zero, y, v float64) {
	said := d.Number.Say(v)
	switch at := s.at(v); {
	case math.IsNaN(v):
		p.text(axisText, zero+6, y+16, start, said)
	case v < 0:
		p.box("", 2, at, y+6, zero-at, 12, 0, "")
		p.text(downText, at-6, y+16, end, said)
	case v > 0:
		p.rect("c1", zero, y+6, at-zero, 12, 0, "")
		p.text(upText, at+6, y+16, start, said)
	default:
		p.text(axisText, zero+6, y+16, start, said)
	}
}
