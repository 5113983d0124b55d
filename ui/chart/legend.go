package chart

import "zhijian/ui/wording"

// swatch says what stands before the words of a key.
type swatch int

// The swatches.
const (
	seriesBox swatch = iota // a box in colour n with its pattern
	classBox                // a box in class colour n of the six
	hatchBox                // a hatched box: outside the statistics, or no figure
	shapeDot                // the dot of group n; 0 is the quiet one
	filledDot               // the quiet dot where dots have sizes
)

// key is one entry of a legend. n counts from 1.
type key struct {
	text   string
	swatch swatch
	n      int
}

const keyLine = 20

// drawKeys writes entries in lines from x, y, no wider than most, and gives the y below them.
func drawKeys(p *pen, keys []key, x, y, most float64) float64 {
	if len(keys) == 0 {
		return y
	}
	at := x
	for _, k := range keys {
		w := 20 + width(k.text, axisText)
		if at > x && at+w > x+most {
			at, y = x, y+keyLine
		}
		p.swatch(k, at, y+2)
		p.fitted(axisText, at+20, y+13, start, k.text, most-20)
		at += w + 16
	}
	return y + keyLine + 2
}

func (p *pen) swatch(k key, x, y float64) {
	switch k.swatch {
	case seriesBox:
		p.series(k.n-1, x, y, 14, 14, "")
	case classBox:
		p.rect(numbered("s", k.n), x+.5, y+.5, 13, 13, 3, "")
	case hatchBox:
		p.box("", -1, x+.5, y+.5, 13, 13, 3, "")
	case shapeDot:
		p.mark(dotRole(k.n, false), max(k.n-1, 0), x+7, y+7, 4, "")
	case filledDot:
		p.circle(quietBig, x+7, y+7, 4.5, "")
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
