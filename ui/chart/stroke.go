package chart

import "math"

// hatchGap is how far the lines of the hatch lie apart along an axis: 6 px across them.
const hatchGap = 6 * math.Sqrt2

// stroked draws a box with the strokes of its pattern one by one, cut to the box. A drawing that stands alone has no SVG patterns, because
// printing a page with them makes each box a picture of its own: 261 boxes of the white paper were 17 MB and half of the time.
func (p *pen) stroked(pattern int, x, y, w, h, round float64, hint string) {
	p.raw("<g><rect")
	if pattern < 0 {
		p.role(hatchFill)
		p.raw(edge(p.f.Mode))
	} else {
		p.role(numbered("c", pattern))
	}
	p.extent(x, y, w, h, round, hint)
	if w < 1 || h < 1 {
		p.shut()
		return
	}
	field := plane{x + p.dx, y + p.dy, x + p.dx + w, y + p.dy + h}
	p.raw("<path")
	if pattern < 0 {
		p.role(hatchLine)
	} else {
		p.role(overLine)
	}
	if pattern == 3 {
		p.raw(` stroke-linecap="round"`)
	}
	p.raw(` d="`)
	switch pattern {
	case -1:
		p.rising(field, hatchGap)
	case 2:
		p.rising(field, 8)
	case 3:
		p.dots(field)
	case 4:
		p.level(field)
	case 5:
		p.rising(field, 8)
		p.falling(field, 8)
	case 6:
		p.upright(field)
	}
	p.raw(`"/></g>`)
}

// plane is a box by its plane, in px of the drawing.
type plane struct{ left, top, right, bottom float64 }

// stroke adds one line to the path that is being written.
func (p *pen) stroke(x1, y1, x2, y2 float64) {
	p.raw("M")
	p.num(x1)
	p.raw(" ")
	p.num(y1)
	p.raw("L")
	p.num(x2)
	p.raw(" ")
	p.num(y2)
}

// rising draws the lines x + y = n·gap within a.
func (p *pen) rising(a plane, gap float64) {
	for sum := math.Ceil((a.left+a.top)/gap) * gap; sum < a.right+a.bottom; sum += gap {
		x1, x2 := max(a.left, sum-a.bottom), min(a.right, sum-a.top)
		if x1 < x2 {
			p.stroke(x1, sum-x1, x2, sum-x2)
		}
	}
}

// falling draws the lines x − y = n·gap within a.
func (p *pen) falling(a plane, gap float64) {
	for diff := math.Ceil((a.left-a.bottom)/gap) * gap; diff < a.right-a.top; diff += gap {
		x1, x2 := max(a.left, a.top+diff), min(a.right, a.bottom+diff)
		if x1 < x2 {
			p.stroke(x1, x1-diff, x2, x2-diff)
		}
	}
}

// level draws the lines y = 4n + 2, upright the lines x = 4n + 2, within a.
func (p *pen) level(a plane) {
	for y := first(a.top); y < a.bottom; y += 4 {
		p.stroke(a.left, y, a.right, y)
	}
}

func (p *pen) upright(a plane) {
	for x := first(a.left); x < a.right; x += 4 {
		p.stroke(x, a.top, x, a.bottom)
	}
}

// dots draws dots on every second crossing of those lines.
func (p *pen) dots(a plane) {
	for y := first(a.top); y < a.bottom; y += 4 {
		for x := first(a.left); x < a.right; x += 4 {
			if math.Mod(math.Abs(x-y), 8) == 0 {
				p.stroke(x, y, x+.1, y)
			}
		}
	}
}

// first is the least 4n + 2 that is not before v.
func first(v float64) float64 { return math.Ceil((v-2)/4)*4 + 2 }
