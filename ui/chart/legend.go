package chart

import "zhijian/ui/wording"

// Legend tells what colours, patterns and shapes mean. Kinds with several series draw their own; Tiles can be explained by one beside.
type Legend struct {
	Frame
	Items []Key
}

// Swatch says what stands before the words of a Key.
type Swatch int

// The swatches.
const (
	Series    Swatch = iota // a box in colour N with its pattern
	Class                   // a box in class colour N of the six
	Hatch                   // a hatched box: outside the statistics, or no figure
	Shape                   // the dot of group N; 0 is the quiet one
	Stroke                  // the line of series N
	filledDot               // the quiet dot where dots have sizes
)

// Key is one entry of a legend. N counts from 1.
type Key struct {
	Text   string
	Swatch Swatch
	N      int
}

// Validate checks the entries.
func (l *Legend) Validate() error {
	if err := l.check("legend"); err != nil {
		return err
	}
	for _, k := range l.Items {
		least := 1
		if k.Swatch == Shape || k.Swatch == Hatch {
			least = 0
		}
		if k.Swatch < Series || k.Swatch > Stroke || k.N < least || k.N > 6 {
			return l.wrong("legend", "%q: swatch %d, number %d", k.Text, k.Swatch, k.N)
		}
	}
	return nil
}

// Draw writes the entries in lines.
func (l *Legend) Draw() (Drawing, error) {
	if err := l.Validate(); err != nil {
		return Drawing{}, err
	}
	w := or(l.Width, 600)
	p := newPen(&l.Frame, w, 0)
	t := Table{}
	for i, k := range l.Items {
		t.add(i, k.Text)
	}
	p.h = drawKeys(p, l.Items, 2, 2, w-4) + 2
	p.h = max(p.h, l.Height, 24)
	return p.finish(t, false), nil
}

const keyLine = 20

// drawKeys writes entries in lines from x, y, no wider than most, and gives the y below them.
func drawKeys(p *pen, keys []Key, x, y, most float64) float64 {
	if len(keys) == 0 {
		return y
	}
	at := x
	for _, k := range keys {
		w := 20 + width(k.Text, axisText)
		if at > x && at+w > x+most {
			at, y = x, y+keyLine
		}
		p.swatch(k, at, y+2)
		p.fitted(axisText, at+20, y+13, start, k.Text, most-20)
		at += w + 16
	}
	return y + keyLine + 2
}

func (p *pen) swatch(k Key, x, y float64) {
	switch k.Swatch {
	case Series:
		p.series(k.N-1, x, y, 14, 14, "")
	case Class:
		p.rect(numbered("s", k.N), x+.5, y+.5, 13, 13, 3, "")
	case Hatch:
		p.box("", -1, x+.5, y+.5, 13, 13, 3, "")
	case Shape:
		p.mark(dotRole(k.N, false), max(k.N-1, 0), x+7, y+7, 4, "")
	case filledDot:
		p.circle(quietBig, x+7, y+7, 4.5, "")
	case Stroke:
		p.line(numbered("l", k.N), x-3, y+7, x+16, y+7)
	}
}

func dotRole(group int, big bool) role {
	switch {
	case group > 0:
		return numbered("d", group)
	case big:
		return quietBig
	}
	return quietDot
}

// groupHead is the head of the column that names the group of an item.
func groupHead(lang string) string { return wording.T(lang, "chart.group") }

func codeHead(lang string) string { return wording.T(lang, "chart.code") }
