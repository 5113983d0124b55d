package chart

import (
	"math"
	"strings"

	"zhijian/ui/wording"
)

// Shares is stacked bars that are each a whole: 80/20, the parts of a total. The first part has the brand colour, others their colour and
// pattern; with two parts the second is pale.
type Shares struct {
	Frame
	// Parts name the parts, at most six.
	Parts []string
	Rows  []Share
	// Number is of the percentage; its Unit should be "%".
	Number Number
	// Label names the rows in the table.
	Label string
}

// Share is one bar; its values are parts of their sum. A lone row needs no label.
type Share struct {
	Label  string
	Values []float64
	// Texts are written in the parts where they fit; empty writes the percentage.
	Texts []string
}

// Validate checks that parts can be parts.
func (s *Shares) Validate() error {
	if err := s.check("shares"); err != nil {
		return err
	}
	if n := len(s.Parts); n < 1 || n > 6 {
		return s.wrong("shares", "%d parts: want 1 to 6", n)
	}
	for _, r := range s.Rows {
		if len(r.Values) != len(s.Parts) || len(r.Texts) > len(s.Parts) {
			return s.wrong("shares", "%q has %d values and %d texts for %d parts", r.Label, len(r.Values), len(r.Texts), len(s.Parts))
		}
		if err := s.counted("shares", r.Label, r.Values...); err != nil {
			return err
		}
	}
	return nil
}

// Draw writes the bars in the order given; a row whose sum is 0 is hatched.
func (s *Shares) Draw() (Drawing, error) {
	if err := s.Validate(); err != nil {
		return Drawing{}, err
	}
	t := Table{Head: append([]string{s.Label}, s.Parts...)}
	w := or(s.Width, 600)
	p := newPen(&s.Frame, w, 0)
	names := 0.0
	for n, r := range s.Rows {
		cells := []string{r.Label}
		for _, v := range percent(r.Values) {
			cells = append(cells, s.Number.Say(v))
		}
		t.add(n, cells...)
		names = max(names, width(r.Label, valueText)+14)
	}
	if len(s.Rows) == 0 {
		p.h = or(s.Height, 120)
		drawNothing(p)
		return p.finish(t, false), nil
	}
	if names <= 14 {
		names = 0
	}
	names = min(names, w*.3)
	top, tall := drawKeys(p, s.keys(), names, 2, w-names)+2, 34.0
	if len(s.Rows) > 2 {
		tall = 22
	}
	for n, r := range s.Rows {
		y := top + float64(n)*(tall+10)
		p.fitted(valueText, 2, y+tall/2+4, start, r.Label, names-8)
		s.row(p, r, names, y, w-names, tall)
	}
	p.h = max(top+float64(len(s.Rows))*(tall+10), s.Height)
	return p.finish(t, false), nil
}

func (s *Shares) row(p *pen, r Share, x, y, w, tall float64) {
	parts := percent(r.Values)
	if len(parts) > 0 && math.IsNaN(parts[0]) {
		p.box("", -1, x+.5, y+.5, w-1, tall-1, 0, wording.T(p.f.Lang, "chart.nothing"))
		return
	}
	for k, v := range parts {
		wide := float64(w * v / 100)
		text := s.Number.Say(v)
		if k < len(r.Texts) && r.Texts[k] != "" {
			text = r.Texts[k]
		}
		words, pale := onText, len(parts) == 2 && k == 1
		hint := strings.TrimSpace(r.Label + " " + s.Parts[k] + " " + s.Number.Say(v))
		switch {
		case v == 0:
			continue
		case pale:
			words = boldText
			p.rect(quietFill, x+.5, y+.5, wide-1, tall-1, 0, hint)
		case k == 0:
			p.rect("c1", x, y, wide, tall, 0, hint)
		default:
			p.series(k, x, y, wide, tall, hint)
		}
		if tw := width(text, words); tw+16 <= wide {
			if k > 0 && !pale { // a pattern is no ground for words
				p.rect(ground, x+6, y+tall/2-9, tw+8, 18, 3, "")
				words = boldText
			}
			p.text(words, x+10, y+tall/2+4, start, text)
		}
		x += wide
	}
}

func (s *Shares) keys() []key {
	var list []key
	if len(s.Parts) == 1 {
		return nil
	}
	for i, name := range s.Parts {
		k := key{text: name, swatch: seriesBox, n: i + 1}
		if len(s.Parts) == 2 && i == 1 {
			k = key{text: name, swatch: classBox, n: 1}
		}
		list = append(list, k)
	}
	return list
}

// percent makes parts of 100; None where there is no sum.
func percent(values []float64) []float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = None
		if sum > 0 {
			out[i] = float64(v/sum) * 100
		}
	}
	return out
}
