package find

import (
	"strings"
	"unicode/utf8"

	"zhijian/domain/region/pinyin"
)

// marks gives the stretches of a title that answer the query: its own words, else what was typed in
// letters, else what sounds like it, else the official form of the everyday word that led here.
func (x *Index) marks(s *scratch, r ranking) [][2]int {
	folded := s.folded[:0]
	for _, c := range x.docs[r.doc].Title {
		folded = append(folded, fold(c))
	}
	mask := append(s.mask[:0], make([]bool, len(folded))...)
	s.folded, s.mask = folded, mask
	for i := range s.segments {
		if g := &s.segments[i]; !g.idle {
			markSegment(s, g, folded, mask)
		}
	}
	if none(mask) {
		x.markTyped(s, r, mask)
	}
	if none(mask) {
		s.spell = x.speller.Spell(s.spell[:0], folded)
		markSounds(s, s.spell, mask)
	}
	if none(mask) {
		x.markOfficial(s, r, folded, mask)
	}
	return ranges(mask)
}

// markSegment marks where the title has two neighbouring characters of the query, or begins a word with its letters.
func markSegment(s *scratch, g *segment, folded []rune, mask []bool) {
	if g.han {
		alone := g.to-g.from == 1 && len(s.segments) == 1
		for i := range folded {
			for j := g.from; j < g.to; j++ {
				switch {
				case folded[i] != s.runes[j]:
				case alone:
					mask[i] = true
				case j+1 < g.to && i+1 < len(folded) && folded[i+1] == s.runes[j+1]:
					mask[i], mask[i+1] = true, true
				}
			}
		}
		return
	}
	for i := range folded {
		if !latin(folded[i]) || i > 0 && latin(folded[i-1]) || len(g.word) < 2 {
			continue
		}
		n := 0
		for n < len(g.word) && i+n < len(folded) && folded[i+n] == rune(g.word[n]) {
			n++
		}
		if n == len(g.word) {
			for k := i; k < i+n; k++ {
				mask[k] = true
			}
		}
	}
}

// markTyped marks the characters whose syllables were typed.
func (x *Index) markTyped(s *scratch, r ranking, mask []bool) {
	e := &x.entries[x.first[r.doc]]
	if !s.latin || e.field != titleField || len(s.spelled) < 2 || len(s.spelled) > mostTyped {
		return
	}
	w := &x.wordings[e.wording]
	for u := range w.units {
		if w.sounds[u] == 0 && u > 0 && w.sounds[u-1] == 0 {
			continue
		}
		if end := w.follow(u, s.spelled); end > 0 {
			for _, t := range w.units[u:end] {
				mask[t.rune] = true
			}
			return
		}
	}
}

// markSounds marks two neighbouring characters that are read like two of the query.
func markSounds(s *scratch, title []pinyin.Syllable, mask []bool) {
	for i := 0; i+1 < len(title); i++ {
		for j := 0; j+1 < len(s.sounds); j++ {
			if title[i] != 0 && title[i+1] != 0 && title[i] == s.sounds[j] && title[i+1] == s.sounds[j+1] {
				mask[i], mask[i+1] = true, true
			}
		}
	}
}

// markOfficial marks what the everyday word of the query stands for.
func (x *Index) markOfficial(s *scratch, r ranking, folded []rune, mask []bool) {
	syn := int32(-1)
	if r.entry >= 0 {
		syn = x.entries[r.entry].synonym
	}
	if syn < 0 {
		syn = x.everyday.in(s.text, func(int32) bool { return true })
	}
	if at, ok := x.everyday.en[s.plain]; ok && syn < 0 {
		syn = at
	}
	if syn < 0 {
		return
	}
	text := string(folded)
	for _, official := range x.synonyms[syn].Official {
		if at := strings.Index(text, squeeze(official)); at >= 0 {
			from := utf8.RuneCountInString(text[:at])
			for i := range utf8.RuneCountInString(official) {
				if from+i < len(mask) {
					mask[from+i] = true
				}
			}
			return
		}
	}
}

func none(mask []bool) bool {
	for _, m := range mask {
		if m {
			return false
		}
	}
	return true
}

func ranges(mask []bool) [][2]int {
	var out [][2]int
	for i := 0; i < len(mask); i++ {
		if !mask[i] {
			continue
		}
		j := i
		for j < len(mask) && mask[j] {
			j++
		}
		out = append(out, [2]int{i, j})
		i = j
	}
	return out
}
