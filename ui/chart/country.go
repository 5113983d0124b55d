package chart

import (
	"cmp"
	"math"
	"slices"
)

// Countries stands in for a map of the world: countries by value, the greatest first, in columns. No border is drawn.
type Countries struct {
	Frame
	Items  []Country
	Number Number
	// Label and Value name the columns of the table.
	Label, Value string
}

// Country is one country or region; Code is ISO 3166 alpha-2.
type Country struct {
	Code, Name string
	Value      float64
}

// Validate checks codes and numbers.
func (c *Countries) Validate() error {
	if err := c.check("countries"); err != nil {
		return err
	}
	for _, i := range c.Items {
		if len(i.Code) != 2 || i.Code[0] < 'A' || i.Code[0] > 'Z' || i.Code[1] < 'A' || i.Code[1] > 'Z' {
			return c.wrong("countries", "code %q: want two capital letters", i.Code)
		}
		if i.Value < 0 {
			return c.wrong("countries", "%s: %v is below 0", i.Code, i.Value)
		}
		if err := c.number("countries", i.Code, i.Value); err != nil {
			return err
		}
	}
	return nil
}

const countryRow = 22

// nameShare is what part of a column names may take; the bars need the rest.
const nameShare = .45

// Draw writes one column for up to 12 countries, two for up to 30, three above; fewer where names would have to be cut.
func (c *Countries) Draw() (Drawing, error) {
	if err := c.Validate(); err != nil {
		return Drawing{}, err
	}
	order := make([]int, len(c.Items))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(c.Items[b].Value, c.Items[a].Value), cmp.Compare(c.Items[a].Code, c.Items[b].Code))
	})
	t := Table{Head: []string{codeHead(c.Lang), c.Label, c.Value}}
	w := or(c.Width, 600)
	p := newPen(&c.Frame, w, or(c.Height, 120))
	if len(order) == 0 {
		drawNothing(p)
		return p.finish(t, false), nil
	}
	var names, said []string
	var all []float64
	for _, i := range c.Items {
		names, said, all = append(names, i.Name), append(said, c.Number.Say(i.Value)), append(all, i.Value)
	}
	_, hi, _ := span(all...)
	if hi == 0 {
		hi = 1
	}
	cols, wide := countryColumns(len(order), w, widest(valueText, names...)+8)
	rows := (len(order) + cols - 1) / cols
	p.h = max(float64(rows)*countryRow+6, c.Height)
	label, value := min(widest(valueText, names...)+8, wide*nameShare), widest(valueText, said...)+6
	for n, k := range order {
		i := c.Items[k]
		x, y := float64(n/rows)*(wide+20), float64(n%rows)*countryRow
		t.add(k, i.Code, i.Name, said[k])
		p.text(axisText, x+2, y+16, start, i.Code)
		p.fitted(valueText, x+28, y+16, start, i.Name, label-4)
		at := x + 28 + label
		if !math.IsNaN(i.Value) {
			long := float64((wide - 28 - label - value) * i.Value / hi)
			p.rect("c1", at, y+7, max(long, min(i.Value, 1)), 10, 0, i.Name+" "+said[k])
			at += long
		}
		p.text(valueText, at+5, y+16, start, said[k])
		p.line(rowLine, x, y+countryRow-.5, x+wide, y+countryRow-.5)
	}
	return p.finish(t, false), nil
}

// countryColumns is how many columns n countries stand in, and how wide each is.
func countryColumns(n int, w, name float64) (cols int, wide float64) {
	cols = 1
	switch {
	case n > 30 && w >= 560:
		cols = 3
	case n > 12 && w >= 400:
		cols = 2
	}
	for {
		wide = (w - float64(cols-1)*20) / float64(cols)
		if cols == 1 || name <= wide*nameShare {
			return cols, wide
		}
		cols--
	}
}
