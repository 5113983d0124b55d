package chart

import "math"

// Pyramid is two measures back to back over the same bands: levels, ages, classes. Each side has its own scale, for they may measure
// different things; their shapes are compared, not their lengths.
type Pyramid struct {
	Frame
	// Left and Right name the sides; Label names the bands in the table.
	Left, Right, Label string
	// Bands from the top down.
	Bands []Band
	// Numbers are those of the left and of the right side.
	Numbers [2]Number
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

// Draw writes the bands from the top down.
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
	var lefts, rights []float64
	for n, b := range y.Bands {
		l, r := y.Numbers[0].Say(b.Left), y.Numbers[1].Say(b.Right)
		t.add(n, b.Label, l, r)
		names, said = append(names, b.Label), append(said, l, r)
		lefts, rights = append(lefts, b.Left), append(rights, b.Right)
	}
	tops := [2]float64{fullSide(lefts), fullSide(rights)}
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
			words, hint := y.Numbers[k].Say(v), b.Label+" "+[...]string{y.Left, y.Right}[k]+" "+y.Numbers[k].Say(v)
			if k == 0 {
				p.series(0, x0-long, at+3, long, bandTall-6, hint)
				p.text(valueText, x0-long-6, at+16, end, words)
			} else {
				p.series(1, x1, at+3, long, bandTall-6, hint)
				p.text(valueText, x1+long+6, at+16, start, words)
			}
		}
	}
	return p.finish(t, false), nil
}

// fullSide is the value that fills a side; 1 where all are 0.
func fullSide(values []float64) float64 {
	_, most, _ := span(values...)
	return or(most, 1)
}
