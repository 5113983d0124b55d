package chart

import "strconv"

// strokes are the patterns of series 2–6 on an 8 × 8 field: rising lines, dots, level lines, crosses, upright lines.
var strokes = [...]string{2: "M-1 9L9 -1M-1 1L1 -1M7 9L9 7", 3: "", 4: "M0 2H8M0 6H8", 5: "M0 0L8 8M0 8L8 0", 6: "M2 0V8M6 0V8"}

// defs writes the patterns that were used: the hatch of "no figure", and those that go with the colours 2–6.
func (p *pen) defs() {
	if p.patterns == 0 {
		return
	}
	p.raw("<defs>")
	if p.patterns&1 != 0 {
		p.raw(`<pattern id="` + p.f.ID + `-na" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect`)
		p.role(hatchFill)
		p.raw(` width="6" height="6"/><path`)
		p.role(hatchLine)
		p.raw(` d="M0 0V6"/></pattern>`)
	}
	for i := 2; i <= 6; i++ {
		if p.patterns&(1<<i) == 0 {
			continue
		}
		p.raw(`<pattern id="` + p.f.ID + "-p" + strconv.Itoa(i) + `" width="8" height="8" patternUnits="userSpaceOnUse"><rect`)
		p.role(numbered("c", i))
		p.raw(` width="8" height="8"/>`)
		if strokes[i] == "" {
			p.circle(overDot, 2-p.dx, 2-p.dy, 1.1, "")
			p.circle(overDot, 6-p.dx, 6-p.dy, 1.1, "")
		} else {
			p.raw("<path")
			p.role(overLine)
			p.raw(` d="` + strokes[i] + `"/>`)
		}
		p.raw("</pattern>")
	}
	p.raw("</defs>")
}
