package chart

import "math"

// Bars is a ranking: rank, name, value and a bar from zero, further columns at the right. It is a table that is drawn.
type Bars struct {
	Frame
	Items  []Bar
	Number Number
	Head   BarHead
	// Whole is where a full bar ends; 0 takes the greatest value. With Rest the part up to it is shown pale.
	Whole float64
	Rest  bool
}

// BarHead names the columns; More are those at the right.
type BarHead struct {
	Rank, Label, Value string
	More               []string
}

// Bar is one row.
type Bar struct {
	Label string
	Value float64
	// Rank is written in front; 0 on all rows leaves the column out.
	Rank int
	// Strong rows stand out from the others.
	Strong bool
	// More are the cells at the right; those that begin with ▲ or ▼ get the colours of change.
	More []string
}

const barRow = 28

// Validate checks numbers and columns.
func (b *Bars) Validate() error {
	if err := b.check("bars"); err != nil {
		return err
	}
	for _, i := range b.Items {
		if err := b.number("bars", i.Label, i.Value); err != nil {
			return err
		}
		if len(i.More) > len(b.Head.More) {
			return b.wrong("bars", "%q has %d more cells for %d heads", i.Label, len(i.More), len(b.Head.More))
		}
	}
	return b.counted("bars", "whole", b.Whole)
}

// barColumns says where the columns stand.
type barColumns struct {
	ranked          bool
	label, value    float64 // left of the names, right of the values
	labelWidth      float64
	bar, barEnd     float64
	more            []float64 // right of each that has room
	zero            float64
	scale           scale
	strong, negates bool
}

func (b *Bars) columns(w float64) barColumns {
	c := barColumns{}
	labels, values, numbers := []string{}, []string{}, []float64{0}
	for _, i := range b.Items {
		c.ranked = c.ranked || i.Rank != 0
		c.strong = c.strong || i.Strong
		labels, values, numbers = append(labels, i.Label), append(values, b.Number.Say(i.Value)), append(numbers, i.Value)
	}
	if c.ranked {
		c.label = max(34, width(b.Head.Rank, axisText)+12)
	}
	c.labelWidth = min(max(widest(boldText, labels...), width(b.Head.Label, axisText)), w*.32)
	c.value = c.label + c.labelWidth + 16 + max(widest(boldText, values...), width(b.Head.Value, axisText))
	c.bar = c.value + 12
	c.more, c.barEnd = b.more(w-4, c.bar+leastBar)
	lo, hi, _ := span(numbers...)
	hi = max(hi, b.Whole)
	if lo == hi {
		hi = lo + 1
	}
	c.scale = scale{lo: lo, hi: hi, a: c.bar, b: c.barEnd}
	c.zero, c.negates = c.scale.at(0), lo < 0
	return c
}

const leastBar = 44

// more places the columns at the right, as many as leave the bars their room; the others are in the table only.
func (b *Bars) more(right, least float64) (ends []float64, barEnd float64) {
	wide := make([]float64, len(b.Head.More))
	all := 0.0
	for k, head := range b.Head.More {
		cells := []string{head}
		for _, i := range b.Items {
			if k < len(i.More) {
				cells = append(cells, i.More[k])
			}
		}
		wide[k] = widest(axisText, cells...) + 18
		all += wide[k]
	}
	n := len(wide)
	for n > 0 && right-all < least {
		n--
		all -= wide[n]
	}
	at := right - all
	for k := range n {
		at += wide[k]
		ends = append(ends, at)
	}
	return ends, max(right-all, least)
}

// Draw writes the rows in the order given.
func (b *Bars) Draw() (Drawing, error) {
	if err := b.Validate(); err != nil {
		return Drawing{}, err
	}
	w := or(b.Width, 600)
	t := b.table()
	h := max(float64(len(b.Items))*barRow+30, b.Height)
	p := newPen(&b.Frame, w, h)
	if len(b.Items) == 0 {
		p.h = or(b.Height, 120)
		drawNothing(p)
		return p.finish(t, false), nil
	}
	c := b.columns(w)
	if c.ranked {
		p.text(axisText, 2, 16, start, b.Head.Rank)
	}
	p.fitted(axisText, c.label+2, 16, start, b.Head.Label, c.labelWidth)
	p.text(axisText, c.value, 16, end, b.Head.Value)
	for k, at := range c.more {
		p.text(axisText, at, 16, end, b.Head.More[k])
	}
	p.line(headLine, 0, 25, w, 25)
	for n, i := range b.Items {
		b.row(p, c, i, 26+float64(n)*barRow)
	}
	if c.negates {
		p.line(zeroLine, c.zero, 26, c.zero, 26+float64(len(b.Items))*barRow)
	}
	return p.finish(t, false), nil
}

func (b *Bars) row(p *pen, c barColumns, i Bar, y float64) {
	r, fill := valueText, role("c1")
	if c.strong {
		fill = "s4"
		if i.Strong {
			r, fill = boldText, "c1"
		}
	}
	base := y + barRow/2 + 4
	if c.ranked && i.Rank != 0 {
		rr := axisText
		if i.Rank <= 3 {
			rr = rankText
		}
		p.text(rr, 2, base, start, plain(float64(i.Rank), 0))
	}
	p.fitted(r, c.label+2, base, start, i.Label, c.labelWidth)
	p.text(r, c.value, base, end, b.Number.Say(i.Value))
	if !math.IsNaN(i.Value) {
		at := c.scale.at(i.Value)
		from, wide := min(at, c.zero), math.Abs(at-c.zero)
		if i.Value != 0 {
			wide = max(wide, .5)
		}
		if b.Rest && b.Whole > 0 {
			p.rect(quietFill, c.bar+.5, y+10.5, c.barEnd-c.bar-1, 7, 0, "")
		}
		p.rect(fill, from, y+10, wide, 8, 0, "")
	}
	for k, s := range i.More[:min(len(i.More), len(c.more))] {
		p.text(changeRole(s), c.more[k], base, end, s)
	}
	p.line(rowLine, 0, y+barRow-.5, p.w, y+barRow-.5)
}

// changeRole gives ▲ the brand and ▼ amber: red and green would say the opposite in China.
func changeRole(s string) role {
	switch {
	case len(s) >= 3 && s[:3] == "▲":
		return upText
	case len(s) >= 3 && s[:3] == "▼":
		return downText
	}
	return valueText
}

func (b *Bars) table() Table {
	t := Table{}
	ranked := false
	for _, i := range b.Items {
		ranked = ranked || i.Rank != 0
	}
	if ranked {
		t.Head = append(t.Head, b.Head.Rank)
	}
	t.Head = append(append(t.Head, b.Head.Label, b.Head.Value), b.Head.More...)
	for n, i := range b.Items {
		var cells []string
		if ranked {
			cells = append(cells, plain(float64(i.Rank), 0))
		}
		t.add(n, append(append(cells, i.Label, b.Number.Say(i.Value)), i.More...)...)
	}
	return t
}
