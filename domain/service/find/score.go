package find

import (
	"slices"
	"strings"

	"zhijian/domain/region/pinyin"
)

// What a match is worth besides an exact one.
const (
	soundsAlike = 0.6  // 为法 for 违法
	beginsWith  = 0.75 // weath for weather
	loneChar    = 0.4  // a single character beside other words
	seam        = 0.6  // weight of two characters that no text has: mostly where two words meet
)

// scoreTokens credits documents with the share of the query that their tokens cover, each token weighed by its rarity.
func (x *Index) scoreTokens(s *scratch) {
	var total float32
	for i := range s.segments {
		switch g := &s.segments[i]; {
		case g.idle:
		case g.han && g.to-g.from == 1:
			weight := float32(1)
			if len(s.segments) > 1 {
				weight = loneChar
			}
			total += x.unit(s, weight, x.tokens[one(s.runes[g.from])], 1)
		case g.han:
			for j := g.from; j+1 < g.to; j++ {
				total += x.pairUnit(s, j)
			}
		default:
			total += x.wordUnit(s, g.word)
		}
	}
	if total == 0 {
		return
	}
	for _, d := range s.touched {
		s.cover[d] /= total
	}
}

// unit begins a new part of the query and credits the documents of a list; it returns the part's weight.
func (x *Index) unit(s *scratch, weight float32, l list, factor float32) float32 {
	s.unit++
	if len(l.posts) > 0 {
		weight *= l.rarity
	}
	s.credit(l, weight*factor)
	return weight
}

// credit adds to the documents of a list what they do not have yet for the current part of the query.
func (s *scratch) credit(l list, amount float32) {
	for _, p := range l.posts {
		d := p.doc()
		s.touch(d)
		gain := amount * p.worth()
		if s.stamp[d] == s.unit {
			if gain <= s.worth[d] {
				continue
			}
			s.cover[d] -= s.worth[d]
		}
		s.stamp[d], s.worth[d] = s.unit, gain
		s.cover[d] += gain
	}
}

// pairUnit credits two neighbouring characters, and more weakly what sounds like them.
func (x *Index) pairUnit(s *scratch, j int) float32 {
	exact := x.tokens[pair(s.runes[j], s.runes[j+1])]
	a, b := s.sounds[j], s.sounds[j+1]
	alike := x.tokens[sound(a, b)]
	weight := float32(seam)
	switch {
	case len(exact.posts) > 0:
		weight = exact.rarity
	case len(alike.posts) > 0:
		weight = alike.rarity
	}
	s.unit++
	s.credit(exact, weight)
	s.credit(alike, weight*soundsAlike)
	if len(exact.posts) == 0 && len(alike.posts) == 0 {
		a2, b2 := pinyin.Second(s.runes[j]), pinyin.Second(s.runes[j+1])
		if a2 != 0 {
			s.credit(x.tokens[sound(a2, b)], weight*soundsAlike)
		}
		if b2 != 0 {
			s.credit(x.tokens[sound(a, b2)], weight*soundsAlike)
		}
	}
	return weight
}

// wordUnit credits a word of letters or digits, and words that begin with it.
func (x *Index) wordUnit(s *scratch, w string) float32 {
	exact := x.words[w]
	weight := x.unit(s, 1, exact, 1)
	if len(w) < 2 {
		return weight
	}
	at, found := slices.BinarySearch(x.sorted, w)
	if found {
		at++
	}
	for ; at < len(x.sorted) && strings.HasPrefix(x.sorted[at], w); at++ {
		longer := x.sorted[at]
		s.credit(x.words[longer], weight*beginsWith*float32(len(w)+len(longer))/float32(2*len(longer)))
	}
	return weight
}

// fit compares the query with each text of a document as a whole: 1 for the same title, less for a part of it, 0 for
// nothing in common. It returns the text that fits best, -1 for none.
func (x *Index) fit(s *scratch, d int32) (float64, int32) {
	best, at := float32(0), int32(-1)
	for i := x.first[d]; i < x.first[d+1]; i++ {
		e := &x.entries[i]
		w := &x.wordings[e.wording]
		f := alikeness(s.text, w.text)
		if s.plain != s.text {
			f = max(f, 0.98*alikeness(s.plain, w.text))
		}
		if f < soundsAlike && len(s.sounds) > 1 && len(w.sounds) == len(s.sounds) && slices.Equal(w.sounds, s.sounds) && !s.latin {
			f = soundsAlike
		}
		if f == 0 && s.latin {
			f = s.sharesWord(w.text)
		}
		if f *= e.field.worth(); f > best {
			best, at = f, i
		}
	}
	return float64(best), at
}

// sharesWord is alikeness for a text that is one word of the query: bus in bus times.
func (s *scratch) sharesWord(text string) float32 {
	for i := range s.segments {
		if g := &s.segments[i]; !g.idle && !g.han && len(g.word) > 1 && text == g.word {
			return 0.35 + 0.4*float32(len(g.word))/float32(len(s.text))
		}
	}
	return 0
}

func alikeness(q string, text string) float32 {
	nq, ne := float32(len(q)), float32(len(text))
	switch {
	case nq == ne:
		if q == text {
			return 1
		}
		return 0
	case nq < ne:
		switch strings.Index(text, q) {
		case -1:
			return 0
		case 0:
			return 0.55 + 0.25*nq/ne
		default:
			return 0.45 + 0.25*nq/ne
		}
	case ne > 3 && strings.Contains(q, text):
		return 0.35 + 0.4*ne/nq
	}
	return 0
}
