package chart

import "math"

// label is words beside a dot.
type label struct {
	of     int // place of the point in the spec
	x, y   float64
	away   float64 // radius of its dot
	text   string
	role   role
	weight float64 // the heaviest is placed first
}

type area struct{ x0, y0, x1, y1 float64 }

func (a area) meets(b area) bool { return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1 }

func (a area) inside(b area) bool {
	return a.x0 >= b.x0 && a.x1 <= b.x1 && a.y0 >= b.y0 && a.y1 <= b.y1
}

// sides are the places round a dot that are tried, the best first: x and y in steps from the dot, and the end of the text.
var sides = [...]struct {
	x, y float64
	a    anchor
}{
	{1, 0, start},
	{-1, 0, end},
	{0, -1, middle},
	{0, 1, middle},
	{.75, -.8, start},
	{-.75, -.8, end},
	{.75, .8, start},
	{-.75, .8, end},
	{1, -2, start},
	{-1, -2, end},
	{1, 2, start},
	{-1, 2, end},
}

// placeLabels finds a place for each label, heaviest first: inside the field, on no other label and no dot that has a label; it
// keeps off words that stand already and covers as few of the other dots as it can. A label without room is left out, never drawn over another.
func placeLabels(p *pen, list []label, dots []xy, words []area, field area) {
	taken := append(make([]area, 0, 2*len(list)+len(words)), words...)
	for _, l := range list {
		taken = append(taken, area{l.x - l.away, l.y - l.away, l.x + l.away, l.y + l.away})
	}
	for _, l := range list {
		best, least := -1, math.Inf(1)
		var at area
		for i := range sides {
			box := l.box(i)
			if !box.inside(field) || hits(box, taken) {
				continue
			}
			cost := float64(i)
			for _, d := range dots {
				if d.x > box.x0-2 && d.x < box.x1+2 && d.y > box.y0-2 && d.y < box.y1+2 {
					cost += 2
				}
			}
			if cost < least {
				best, least, at = i, cost, box
			}
		}
		if best < 0 {
			continue
		}
		taken = append(taken, at)
		x := at.x0 + 1
		switch sides[best].a {
		case middle:
			x = (at.x0 + at.x1) / 2
		case end:
			x = at.x1 - 1
		}
		if best >= 8 {
			p.line(leader, l.x, l.y, x, (at.y0+at.y1)/2)
		}
		p.text(l.role, x, at.y1-4, sides[best].a, l.text)
	}
}

// box is the room a label takes on one side.
func (l *label) box(i int) area {
	s, w, h := sides[i], width(l.text, l.role)+2, sizeOf(l.role)+3
	gap := l.away + 3
	x, y := l.x+float64(s.x*gap), l.y+float64(s.y*(gap+h/2))
	switch s.a {
	case middle:
		x -= w / 2
	case end:
		x -= w
	}
	return area{x, y - h/2, x + w, y + h/2}
}

func hits(a area, list []area) bool {
	for _, b := range list {
		if a.meets(b) {
			return true
		}
	}
	return false
}
