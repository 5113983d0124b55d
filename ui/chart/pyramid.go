package chart

import "math"

// Pyramid is two distributions back to back over the same bands: levels, ages, classes.
type Pyramid struct {
	Frame
	// Left and Right name the sides; Label names the bands in the table.
	Left, Right, Label string
	// Bands from the top down.
	Bands  []Band
	Number Number
	// Apart gives each side its own scale: they measure different things.
	Apart bool
}

// Band is one level.
type Band struct {
	Label       string
	Left, Right float64
}

const bandTall = 26

// Validate checks the numbers.
func (y *Pyramid) Validate() error {
	if err := y.check("pyramid"); err != nil {
		return err
	}
	for _, b := range y.Bands {
		if b.Left < 0 || b.Right < 0 {
			return y.wrong("pyramid", "%q: %v and %v: a side below 0", b.Label, b.Left, b.Right)
		}
		if err := y.number("pyramid", b.Label, b.Left, b.Right); err != nil {
			return err
		}
	}
	return nil
}

// Draw writes both sides to one scale, or apart.
func (y *Pyramid) Draw() (Drawing, error) {
	if err := y.Validate(); err != nil {
		return Drawing{}, err
	}
	t := Table{Head: []string{y.Label, y.Left, y.Right}}
	w := or(y.Width, 600)
	p := newPen(&y.Frame, w, max(float64(len(y.Bands))*bandTall+30, y.Height))
	if len(y.Bands) == 0 {
		p.h = or(y.Height, 120)
		drawNothing(p)
		return p.finish(t, false), nil
	}
	var names, said []string
	var all, other []float64
	for n, b := range y.Bands {
		l, r := y.Number.Say(b.Left), y.Number.Say(b.Right)
		t.add(n, b.Label, l, r)
		names, said, all = append(names, b.Label), append(said, l, r), append(all, b.Left)
		other = append(other, b.Right)
	}
	tops := y.tops(all, other)
	mid := min(widest(valueText, names...)+20, w*.36)
	room := widest(valueText, said...) + 10
	full := (w-mid)/2 - room
	x0, x1 := (w-mid)/2, (w+mid)/2
	p.fitted(boldText, x0, 15, end, y.Left, x0-4)
	p.fitted(boldText, x1, 15, start, y.Right, w-x1-4)
	for n, b := range y.Bands {
		at := 24 + float64(n)*bandTall
		p.fitted(valueText, w/2, at+16, middle, b.Label, mid-8)
		for k, v := range []float64{b.Left, b.Right} {
			long := 0.0
			if !math.IsNaN(v) {
				long = float64(full * v / tops[k])
			}
			if k == 0 {
				p.series(0, x0-long, at+3, long, bandTall-6, "")
				p.text(valueText, x0-long-6, at+16, end, y.Number.Say(v))
			} else {
				p.series(1, x1, at+3, long, bandTall-6, "")
				p.text(valueText, x1+long+6, at+16, start, y.Number.Say(v))
			}
		}
	}
	return p.finish(t, false), nil
}

// tops gives the full length of each side.
func (y *Pyramid) tops(left, right []float64) [2]float64 {
	_, a, _ := span(left...)
	_, b, _ := span(right...)
	if !y.Apart {
		a = max(a, b)
		b = a
	}
	for _, v := range []*float64{&a, &b} {
		if *v == 0 {
			*v = 1
		}
	}
	return [2]float64{a, b}
}
