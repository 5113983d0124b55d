package receipt

import (
	"slices"
	"strings"
	"unicode"
)

// run is a piece of text in one font.
type run struct {
	font int
	text string
}

// runs cuts a text by font. What no font has becomes 〓 and is remembered.
func (s *sheet) runs(text string) []run {
	var list []run
	for _, r := range text {
		font, ok := s.printer.home[r]
		if !ok {
			if !slices.Contains(s.absent, r) {
				s.absent = append(s.absent, r)
			}
			r, font = absent, 0
		}
		if n := len(list); n > 0 && list[n-1].font == font {
			list[n-1].text += string(r)
		} else {
			list = append(list, run{font, string(r)})
		}
	}
	return list
}

// use selects a font, reading it into the document the first time.
func (s *sheet) use(font int, size float64) {
	name := s.printer.fonts[font].Name
	if !s.loaded[font] {
		s.loaded[font] = true
		ttf, err := s.printer.fonts[font].TTF()
		if err != nil {
			s.pdf.SetError(err)
			return
		}
		s.pdf.AddUTF8FontFromBytes(name, "", ttf) // fpdf cuts the font down to the characters used
	}
	s.pdf.SetFont(name, "", size)
}

// line prints one line of text with its base at y.
func (s *sheet) line(text string, x, y, size float64, c ink) {
	s.pdf.SetTextColor(c.r, c.g, c.b)
	for _, r := range s.runs(text) {
		s.use(r.font, size)
		s.pdf.Text(x, y, r.text)
		x += s.pdf.GetStringWidth(r.text)
	}
}

func (s *sheet) centre(text string, y, size float64, c ink) {
	s.line(text, (width-s.measure(text, size))/2, y, size, c)
}

func (s *sheet) measure(text string, size float64) float64 {
	total := 0.0
	for _, r := range s.runs(text) {
		s.use(r.font, size)
		total += s.pdf.GetStringWidth(r.text)
	}
	return total
}

// size is the wanted size, or the greatest at which the text fits the page.
func (s *sheet) size(text string, wanted float64) float64 {
	if w := s.measure(text, wanted); w > inner {
		return wanted * inner / w
	}
	return wanted
}

// wrap breaks a text into lines of at most the given width: anywhere between Chinese characters, between words of
// Latin letters and figures, and inside a word only when it alone is too long.
func (s *sheet) wrap(text string, most, size float64) []string {
	var lines []string
	current := ""
	for _, word := range words(text) {
		if s.measure(current+word, size) <= most {
			current += word
			continue
		}
		if current != "" {
			lines = append(lines, strings.TrimRight(current, " "))
			current = ""
		}
		for _, r := range strings.TrimLeft(word, " ") {
			if current != "" && s.measure(current+string(r), size) > most {
				lines = append(lines, current)
				current = ""
			}
			current += string(r)
		}
	}
	return append(lines, strings.TrimRight(current, " "))
}

// words cuts a text where a line may break. A closing mark stays with what it closes.
func words(text string) []string {
	var list []string
	glue := false
	for _, r := range strings.ReplaceAll(text, "\n", " ") {
		latin := r < 0x2E80 && !unicode.IsSpace(r)
		closing := strings.ContainsRune("，。、；：！？）》」』】％”’", r)
		if n := len(list); n > 0 && (closing || latin && glue) {
			list[n-1] += string(r)
		} else {
			list = append(list, string(r))
		}
		glue = latin
	}
	return list
}
