package chart

import (
	"cmp"
	"math"
	"slices"
)

// Slope joins two ranks of each item by a line: who leads here and follows there. Small ranks are at the top.
type Slope struct {
	Frame
	Items []Pair
	// Left and Right head the two sides; Label names the items in the table.
	Left, Right, Label string
	Number             Number
	// Falling puts great values at the top: sizes instead of ranks.
	Falling bool
}

// Pair is one item; Strong lines stand out.
type Pair struct {
	Label    string
	From, To float64
	Strong   bool
}

const slopeLine = 13

// Validate checks the numbers.
func (s *Slope) Validate() error {
	if err := s.check("slope"); err != nil {
		return err
	}
	for _, i := range s.Items {
		if err := s.number("slope", i.Label, i.From, i.To); err != nil {
			return err
		}
	}
	return nil
}

// Draw writes both sides to one scale; names that would lie on each other are moved apart and joined to their dots.
func (s *Slope) Draw() (Drawing, error) {
	if err := s.Validate(); err != nil {
		return Drawing{}, err
	}
	t := Table{Head: []string{s.Label, s.Left, s.Right}}
	var all []float64
	var left, right []string
	for n, i := range s.Items {
		t.add(n, i.Label, s.Number.Say(i.From), s.Number.Say(i.To))
		all = append(all, i.From, i.To)
		left, right = append(left, i.Label+s.Number.Say(i.From)), append(right, s.Number.Say(i.To)+i.Label)
	}
	lo, hi, any := span(all...)
	tall := 330.0
	if n := float64(len(s.Items))*slopeLine + 50; n > tall {
		tall = n
	}
	p := newPen(&s.Frame, or(s.Width, 600), or(s.Height, tall))
	if !any {
		drawNothing(p)
		return p.finish(t, false), nil
	}
	const gap = 12
	x0 := max(p.w*.25, min(widest(boldText, left...)+gap+26, p.w*.36))
	x1 := min(p.w*.75, p.w-min(widest(boldText, right...)+gap+26, p.w*.36))
	y := scale{lo: lo, hi: hi, a: 36, b: p.h - 14}
	if s.Falling {
		y.a, y.b = y.b, y.a
	}
	half := p.w/2 - 10
	l, r := min(width(s.Left, boldText), half), min(width(s.Right, boldText), half)
	p.fitted(boldText, max(2, x0-10-l), 16, start, s.Left, half)
	p.fitted(boldText, max(min(x1+10, p.w-2-r), p.w/2+6), 16, start, s.Right, half)
	for _, strong := range []bool{false, true} {
		for _, i := range s.Items {
			if i.Strong != strong || math.IsNaN(i.From) || math.IsNaN(i.To) {
				continue
			}
			r := quietLine
			if strong {
				r = strongLine
			}
			p.line(r, x0, y.at(i.From), x1, y.at(i.To))
		}
	}
	s.side(p, y, x0, -1, func(i Pair) float64 { return i.From })
	s.side(p, y, x1, 1, func(i Pair) float64 { return i.To })
	return p.finish(t, false), nil
}

// side writes dots, numbers and names of one side: dir −1 is the left.
func (s *Slope) side(p *pen, y scale, x, dir float64, of func(Pair) float64) {
	var list []Pair
	for _, i := range s.Items {
		if !math.IsNaN(of(i)) {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b Pair) int { return cmp.Compare(y.at(of(a)), y.at(of(b))) })
	at := spread(column(list, func(i Pair) float64 { return y.at(of(i)) }), slopeLine, 34, p.h-12)
	ranks := 0.0
	for _, i := range list {
		ranks = max(ranks, width(s.Number.Say(of(i)), boldText))
	}
	for k, i := range list {
		dot, words, place := quietBig, axisText, y.at(of(i))
		if i.Strong {
			dot, words = strongDot, boldText
		}
		if math.Abs(at[k]-place) > 3 {
			p.line(leader, x+float64(4*dir), place, x+float64(10*dir), at[k])
		}
		p.circle(dot, x, place, 4, "")
		side, name := start, p.w-x-ranks-28
		if dir < 0 {
			side, name = end, x-ranks-28
		}
		p.text(words, x+float64(12*dir), at[k]+4, side, s.Number.Say(of(i)))
		p.fitted(words, x+float64((12+ranks+10)*dir), at[k]+4, side, i.Label, name)
	}
}
