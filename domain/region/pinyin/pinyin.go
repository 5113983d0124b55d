// Package pinyin says how Chinese characters are read, without tones, as a resident types them.
//
// It knows the characters U+4E00 to U+9FFF, traditional ones too, with up to two readings each; ü is
// written v. The tables are constants: nothing is built when the program starts, and everything here may be used
// from many goroutines at once. It lives in the region room because that is the lowest room that spells.
package pinyin

import "strings"

// Syllable is a reading: an index that is cheap to compare. The zero Syllable is no reading.
type Syllable uint16

// Count is one more than the greatest Syllable; a table of this length has a place for each.
const Count = len(syllables)/width + 1

const (
	width     = 6 // letters a syllable is padded to
	firstChar = 0x4E00
	lastChar  = 0x9FFF
)

// String gives the letters, "zhuang"; "" for the zero Syllable.
func (s Syllable) String() string {
	if s == 0 || int(s) >= Count {
		return ""
	}
	end := int(s) * width
	return strings.TrimRight(syllables[end-width:end], " ")
}

// First is the most usual reading of a character; zero when it is not a Chinese character or has none.
func First(r rune) Syllable { return reading(first, r) }

// Second is the next usual reading; zero for most characters.
func Second(r rune) Syllable { return reading(second, r) }

// Han reports whether r is a character this package can know.
func Han(r rune) bool { return r >= firstChar && r <= lastChar }

// Same reports whether two characters can be read alike: 为 and 违.
func Same(a, b rune) bool {
	a1, b1 := First(a), First(b)
	if a1 == 0 || b1 == 0 {
		return false
	}
	if a1 == b1 {
		return true
	}
	a2, b2 := Second(a), Second(b)
	return a2 != 0 && (a2 == b1 || a2 == b2) || b2 != 0 && b2 == a1
}

func reading(table string, r rune) Syllable {
	if !Han(r) {
		return 0
	}
	at := 2 * (int(r) - firstChar)
	return Syllable(digit(table[at])<<6 | digit(table[at+1]))
}

// digit undoes the base-64 digit that the table is written in.
func digit(c byte) int {
	switch {
	case c >= 'a':
		return int(c-'a') + 26
	case c >= 'A':
		return int(c - 'A')
	case c >= '0':
		return int(c-'0') + 52
	case c == '+':
		return 62
	default:
		return 63
	}
}

// Speller spells texts and knows the words whose readings differ from those of their characters: 银行 is yin hang.
type Speller struct {
	words map[rune][]word // by first character, longest first
}

type word struct {
	text      []rune
	syllables []Syllable
}

// NewSpeller makes a Speller; it is immutable and may be shared.
func NewSpeller() *Speller {
	s := &Speller{words: map[rune][]word{}}
	ids := make(map[string]Syllable, Count)
	for i := Syllable(1); int(i) < Count; i++ {
		ids[i.String()] = i
	}
	for line := range strings.Lines(words) {
		text, spelled, _ := strings.Cut(strings.TrimSpace(line), "=")
		w := word{text: []rune(text)}
		for syl := range strings.FieldsSeq(spelled) {
			w.syllables = append(w.syllables, ids[syl])
		}
		list := s.words[w.text[0]]
		at := 0
		for at < len(list) && len(list[at].text) >= len(w.text) {
			at++
		}
		list = append(list, word{})
		copy(list[at+1:], list[at:])
		list[at] = w
		s.words[w.text[0]] = list
	}
	return s
}

// Spell appends one Syllable per rune of text to dst: zero where a rune is no Chinese character.
func (s *Speller) Spell(dst []Syllable, text []rune) []Syllable {
	for i := 0; i < len(text); {
		w := s.wordAt(text[i:])
		if w == nil {
			dst = append(dst, First(text[i]))
			i++
			continue
		}
		dst = append(dst, w.syllables...)
		i += len(w.text)
	}
	return dst
}

func (s *Speller) wordAt(text []rune) *word {
	if !Han(text[0]) {
		return nil
	}
	list := s.words[text[0]]
next:
	for i := range list {
		w := &list[i]
		if len(w.text) > len(text) {
			continue
		}
		for j, r := range w.text {
			if text[j] != r {
				continue next
			}
		}
		return w
	}
	return nil
}
