package chart

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// anchor says which end of a text its x is.
type anchor byte

const (
	start anchor = iota
	middle
	end
)

var anchors = [...]string{"", ` text-anchor="middle"`, ` text-anchor="end"`}

// pen writes one drawing. Places are px from the top left of the drawing, or of the panel it stands in.
type pen struct {
	b        []byte
	f        *Frame
	w, h     float64
	dx, dy   float64
	patterns uint // bit i: pattern i is used; bit 0 is the hatch
}

func newPen(f *Frame, w, h float64) *pen {
	return &pen{b: make([]byte, 0, 8<<10), f: f, w: w, h: h}
}

// num writes a length: rounded to 0.1, no exponent, no negative zero. The first rounding takes away the last bits, in
// which processors that fuse multiply and add differ.
func (p *pen) num(v float64) {
	n := int64(math.Round(math.Round(v*1e6) / 1e5))
	if n < 0 {
		p.b, n = append(p.b, '-'), -n
	}
	p.b = strconv.AppendInt(p.b, n/10, 10)
	if n%10 != 0 {
		p.b = append(p.b, '.', byte('0'+n%10))
	}
}

func (p *pen) raw(s string) { p.b = append(p.b, s...) }

func (p *pen) attr(name string, v float64) {
	p.raw(" ")
	p.raw(name)
	p.raw(`="`)
	p.num(v)
	p.raw(`"`)
}

func (p *pen) role(r role) {
	if r != "" {
		p.raw(written(p.f.Mode, r))
	}
}

// escaped writes text that may stand in an element or an attribute; what XML cannot hold becomes U+FFFD.
func (p *pen) escaped(s string) {
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == '&':
			p.raw("&amp;")
		case r == '<':
			p.raw("&lt;")
		case r == '>':
			p.raw("&gt;")
		case r == '"':
			p.raw("&#34;")
		case r == '\'':
			p.raw("&#39;")
		case r == '\n' || r == '\t' || r == '\r':
			p.raw(" ")
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError:
			p.raw("\uFFFD")
		default:
			p.b = append(p.b, s[:n]...)
		}
		s = s[n:]
	}
}

// open begins a group that shares a role; "" shares none.
func (p *pen) open(r role) { p.raw("<g"); p.role(r); p.raw(">") }
func (p *pen) shut()       { p.raw("</g>") }

func (p *pen) line(r role, x1, y1, x2, y2 float64) {
	p.raw("<path")
	p.role(r)
	p.raw(` d="M`)
	p.point(x1, y1)
	p.raw("L")
	p.point(x2, y2)
	p.raw(`"/>`)
}

func (p *pen) point(x, y float64) {
	p.num(x + p.dx)
	p.raw(" ")
	p.num(y + p.dy)
}

// path draws through points; shut closes it.
func (p *pen) path(r role, pts []xy, shut bool) {
	if len(pts) == 0 {
		return
	}
	p.raw("<path")
	p.role(r)
	p.raw(` d="M`)
	for i, q := range pts {
		if i > 0 {
			p.raw("L")
		}
		p.point(q.x, q.y)
	}
	if shut {
		p.raw("Z")
	}
	p.raw(`"/>`)
}

type xy struct{ x, y float64 }

// rect draws a box with its own role; hint is shown by browsers on hover, "" is none.
func (p *pen) rect(r role, x, y, w, h, round float64, hint string) {
	p.box(r, 0, x, y, w, h, round, hint)
}

// box draws a box: pattern 0 fills with the role, above with the pattern of that number, -1 with the hatch.
func (p *pen) box(r role, pattern int, x, y, w, h, round float64, hint string) {
	if pattern != 0 && p.f.Mode != Page {
		p.stroked(pattern, x, y, w, h, round, hint)
		return
	}
	p.raw("<rect")
	switch {
	case pattern > 0:
		p.patterns |= 1 << pattern
		p.raw(` fill="url(#` + p.f.ID + "-p" + strconv.Itoa(pattern) + `)"`)
	case pattern < 0:
		p.patterns |= 1
		p.raw(` fill="url(#` + p.f.ID + `-na)"`)
		p.raw(edge(p.f.Mode))
	default:
		p.role(r)
	}
	p.extent(x, y, w, h, round, hint)
}

// extent ends a box with its place, its size and its hint.
func (p *pen) extent(x, y, w, h, round float64, hint string) {
	p.attr("x", x+p.dx)
	p.attr("y", y+p.dy)
	p.attr("width", max(w, 0))
	p.attr("height", max(h, 0))
	if round > 0 {
		p.attr("rx", round)
	}
	p.done("rect", hint)
}

// edge outlines a hatch by attributes even in Page mode: a class would win over the fill.
func edge(m Mode) string {
	if m == Page {
		return ` stroke="var(--line-strong)"`
	}
	return ` stroke="` + colour(m, "--line-strong") + `"`
}

// series fills a box with the colour and pattern of a series, 0 first; the first has no pattern.
func (p *pen) series(i int, x, y, w, h float64, hint string) {
	n := i%6 + 1
	if n == 1 {
		p.rect("c1", x, y, w, h, 0, hint)
		return
	}
	p.box("", n, x, y, w, h, 0, hint)
}

func (p *pen) done(name, hint string) {
	if hint == "" {
		p.raw("/>")
		return
	}
	p.raw("><title>")
	p.escaped(hint)
	p.raw("</title></" + name + ">")
}

func (p *pen) circle(r role, x, y, radius float64, hint string) {
	p.raw("<circle")
	p.role(r)
	p.attr("cx", x+p.dx)
	p.attr("cy", y+p.dy)
	p.attr("r", radius)
	p.done("circle", hint)
}

// mark draws a dot whose shape tells its group: circle, triangle, square, diamond, triangle down, bar.
func (p *pen) mark(r role, shape int, x, y, radius float64, hint string) {
	if shape == 0 {
		p.circle(r, x, y, radius, hint)
		return
	}
	a := radius * 1.15
	var pts []xy
	switch shape {
	case 1:
		pts = []xy{{x, y - a*1.1}, {x + a, y + a*.8}, {x - a, y + a*.8}}
	case 2:
		a = radius * .9
		pts = []xy{{x - a, y - a}, {x + a, y - a}, {x + a, y + a}, {x - a, y + a}}
	case 3:
		a = radius * 1.25
		pts = []xy{{x, y - a}, {x + a, y}, {x, y + a}, {x - a, y}}
	case 4:
		pts = []xy{{x, y + a*1.1}, {x + a, y - a*.8}, {x - a, y - a*.8}}
	default:
		pts = []xy{{x - a, y - a*.4}, {x + a, y - a*.4}, {x + a, y + a*.4}, {x - a, y + a*.4}}
	}
	p.raw("<path")
	p.role(r)
	p.raw(` d="M`)
	for i, q := range pts {
		if i > 0 {
			p.raw("L")
		}
		p.point(q.x, q.y)
	}
	p.raw(`Z"`)
	p.done("path", hint)
}

// text writes words with their baseline at y.
func (p *pen) text(r role, x, y float64, a anchor, s string) { p.words(r, x, y, a, s, "") }

// fitted writes words cut to a width; what is cut is shown in full on hover.
func (p *pen) fitted(r role, x, y float64, a anchor, s string, width float64) {
	short := cut(s, width, r)
	if short == s {
		s = ""
	}
	p.words(r, x, y, a, short, s)
}

func (p *pen) words(r role, x, y float64, a anchor, s, full string) {
	if s == "" {
		return
	}
	p.raw("<text")
	p.role(r)
	p.attr("x", x+p.dx)
	p.attr("y", y+p.dy)
	p.raw(anchors[a])
	p.raw(">")
	if full != "" {
		p.raw("<title>")
		p.escaped(full)
		p.raw("</title>")
	}
	p.escaped(s)
	p.raw("</text>")
}

// upward writes words that read from below to above, centred on y.
func (p *pen) upward(r role, x, y float64, s string) {
	if s == "" {
		return
	}
	p.raw("<text")
	p.role(r)
	p.attr("x", x+p.dx)
	p.attr("y", y+p.dy)
	p.raw(` text-anchor="middle" transform="rotate(-90 `)
	p.point(x, y)
	p.raw(`)">`)
	p.escaped(s)
	p.raw("</text>")
}

// finish puts head, patterns and body together.
func (p *pen) finish(t Table, linked bool) Drawing {
	body := p.b
	p.b = make([]byte, 0, len(body)+2<<10)
	id, page := p.f.ID, p.f.Mode == Page
	p.raw(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 `)
	p.num(p.w)
	p.raw(" ")
	p.num(p.h)
	p.raw(`"`)
	if page {
		p.raw([...]string{` class="ob-svg"`, ` class="ob-svg ob-svg--wide"`, ` class="ob-svg ob-svg--narrow"`}[p.f.Shown])
	} else {
		p.attr("width", p.w)
		p.attr("height", p.h)
		p.raw(` font-family="` + fonts + `"`)
	}
	part := "img"
	if linked { // links inside an image cannot be reached by readers
		part = "group"
	}
	lang := "zh-CN"
	if p.f.Lang == "en" {
		lang = "en"
	}
	p.raw(` role="` + part + `" lang="` + lang + `" aria-labelledby="` + id + `-t" aria-describedby="` + id + `-d"><title id="` + id + `-t">`)
	p.escaped(p.f.Title)
	p.raw(`</title><desc id="` + id + `-d">`)
	desc := p.f.Desc
	if desc == "" {
		desc = spoken(p.f.Lang, t)
	}
	p.escaped(desc)
	p.raw("</desc>")
	p.defs()
	if !page {
		p.dx, p.dy = 0, 0
		p.rect(ground, 0, 0, p.w, p.h, 0, "")
	}
	p.b = append(p.b, body...)
	p.raw("</svg>\n")
	return Drawing{SVG: p.b, Width: p.w, Height: p.h, Table: t}
}
