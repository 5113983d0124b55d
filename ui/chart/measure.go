package chart

import "unicode/utf8"

// The widths are those of Noto Sans CJK SC, rounded up, in thousandths of the size; other stacks differ by a few percent.
const (
	wide   = 1000
	narrow = 300
	bold   = 1.05
)

var latin = [128]float64{
	' ': 230, '!': 330, '"': 480, '%': 930, '&': 690, '\'': 280, '(': 340, ')': 340, '*': 470, '+': 560, ',': 280, '-': 350, '.': 280, '/': 400,
	':': 280, ';': 280, 'A': 610, 'B': 660, 'C': 640, 'D': 690, 'E': 590, 'F': 560, 'G': 690, 'H': 730, 'I': 300, 'J': 540, 'K': 650, 'L': 550,
	'M': 820, 'N': 730, 'O': 750, 'P': 640, 'Q': 750, 'R': 640, 'S': 600, 'T': 600, 'U': 730, 'V': 580, 'W': 880, 'X': 580, 'Y': 540, 'Z': 600,
	'a': 570, 'b': 620, 'c': 510, 'd': 620, 'e': 560, 'f': 330, 'g': 570, 'h': 610, 'i': 280, 'j': 280, 'k': 560, 'l': 290, 'm': 930, 'n': 610,
	'o': 610, 'p': 620, 'q': 620, 'r': 390, 's': 470, 't': 380, 'u': 610, 'v': 530, 'w': 810, 'x': 510, 'y': 530, 'z': 480,
}

// sizeOf and weightOf say how a role is set.
func sizeOf(r role) float64 {
	if r == bigText || r == bigOn {
		return 15
	}
	return 12
}

func isBold(r role) bool {
	switch r {
	case boldText, haloText, onText, bigText, bigOn, rankText:
		return true
	}
	return false
}

func runeWidth(r rune) float64 {
	switch {
	case r < 128:
		if w := latin[r]; w > 0 {
			return w
		}
		return 560
	case r >= 0x2010 && r <= 0x2027, r >= 0x2190 && r <= 0x21ff, r >= 0x25a0 && r <= 0x25ff, r >= 0x1100:
		return wide // dashes, quotes, arrows and triangles are wide in Chinese fonts
	case r >= 0x300 && r < 0x370, r == 0xb7:
		return narrow
	}
	return 620
}

// width estimates how wide words are in a role.
func width(s string, r role) float64 {
	sum := 0.0
	for _, c := range s {
		sum += runeWidth(c)
	}
	if isBold(r) {
		sum = float64(sum * bold)
	}
	return float64(sum * sizeOf(r) / 1000)
}

// cut shortens words to a width with "…"; nothing is left when not even one sign fits.
func cut(s string, most float64, r role) string {
	if width(s, r) <= most {
		return s
	}
	most -= width("…", r)
	for len(s) > 0 && width(s, r) > most {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	if s == "" || most <= 0 {
		return ""
	}
	return s + "…"
}

// widest is the greatest width of some words.
func widest(r role, list ...string) float64 {
	most := 0.0
	for _, s := range list {
		most = max(most, width(s, r))
	}
	return most
}
