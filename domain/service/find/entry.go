package find

import (
	"unicode"

	"zhijian/domain/region/pinyin"
)

// field is where a text of a document stands, the better ones first.
type field uint8

const (
	titleField field = iota
	keywordField
	synonymField
	subField
)

// worths is what a text counts, by field.
var worths = [...]float32{titleField: 1, keywordField: 0.97, synonymField: 0.85, subField: 0.4}

func (f field) worth() float32 { return worths[f] }

// entry is one text of a document.
type entry struct {
	doc     int32
	synonym int32 // place of the synonym that gave it, or -1
	wording int32
	field   field
}

// wording is a text as it is compared and typed. Texts that read the same share one: of 5,000 services most have their keywords in
// common, and what letters lead to is found once for all of them.
type wording struct {
	text string // folded, without blanks
	// What is typed for it, unit by unit: a unit is a Chinese character's syllable, or one letter or digit. English is not typed in pinyin.
	spelled string
	units   []unit
	sounds  []pinyin.Syllable // one per unit; zero for letters
	entries []int32           // that read so, in order, without lines below a title
}

// unit is a stretch of wording.spelled.
type unit struct {
	from, to uint16
	rune     uint16 // its place in the original text
}

// syllable gives the letters of a unit.
func (w *wording) syllable(u int) string { return w.spelled[w.units[u].from:w.units[u].to] }

// fold gives the form in which texts are compared, rune by rune: small, half-width, without marks on Latin letters;
// what is neither letter nor digit becomes a blank.
func fold(r rune) rune {
	if r >= 0xFF01 && r <= 0xFF5E {
		r -= 0xFEE0
	}
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || pinyin.Han(r):
		return r
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r == '\'' || r == '’':
		return '\''
	case r < 0x80:
		return ' '
	}
	const marked, plain = "āáǎàēéěèêōóǒòīíǐìūúǔùüǖǘǚǜńňâñôöäçîûëï", "aaaaeeeeeooooiiiiuuuuuuuuunnanooaciuei"
	r = unicode.ToLower(r)
	at := 0
	for _, m := range marked {
		if m == r {
			return rune(plain[at])
		}
		at++
	}
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return ' '
}

// latin reports whether a folded rune is a plain letter or digit.
func latin(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

// bucket numbers the plain letters and digits.
func bucket(c byte) int {
	if c >= 'a' {
		return int(c - 'a')
	}
	return 26 + int(c-'0')
}

// The kinds of token: two neighbouring characters, one character, two neighbouring syllables.
const (
	pairToken  uint64 = 1 << 60
	oneToken   uint64 = 2 << 60
	soundToken uint64 = 3 << 60
)

func pair(a, b rune) uint64             { return pairToken | uint64(a)<<21 | uint64(b) }
func one(a rune) uint64                 { return oneToken | uint64(a) }
func sound(a, b pinyin.Syllable) uint64 { return soundToken | uint64(a)<<16 | uint64(b) }

// stem makes fine and fines one word.
func stem(w string) string {
	n := len(w)
	if n < 4 || w[n-1] != 's' || w[n-2] == 's' {
		return w
	}
	if w[n-2] == 'e' && (w[n-3] == 'x' || w[n-3] == 's' || n > 4 && w[n-3] == 'h') {
		return w[:n-2]
	}
	return w[:n-1]
}

// idle reports whether an English word says nothing about what is looked for.
func idle(w string) bool {
	switch w {
	case "a", "an", "the", "to", "of", "for", "in", "on", "at", "my", "i", "me", "is", "are", "how", "do", "can", "want", "need",
		"get", "where", "what", "and", "or", "with", "please", "s":
		return true
	}
	return false
}
