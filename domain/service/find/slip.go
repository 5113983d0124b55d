package find

import (
	"slices"
	"strings"

	"zhijian/domain/region/pinyin"
)

// again is tried when nothing was found: without words that say nothing, then with slips of the finger and of the ear.
func (x *Index) again(s *scratch) []ranking {
	if rest := withoutFiller(s.spelled); s.latin && rest != s.spelled {
		x.scoreSpelling(s, rest)
		if r := x.rank(s); len(r) > 0 {
			return r
		}
	}
	if x.correct(s) {
		s.forget()
		x.scoreTokens(s)
		if r := x.rank(s); len(r) > 0 {
			return r
		}
	}
	x.scoreSlips(s)
	x.scoreChars(s)
	return x.rank(s)
}

// withoutFiller cuts what says nothing from the front of typed letters: zenmejiaofakuan.
func withoutFiller(letters string) string {
	for _, f := range []string{"qingwen", "zenme", "zenyang", "ruhe", "woyao", "woxiang", "xiang", "bangwo", "banli", "chaxun", "cha", "zainali", "ban"} {
		if rest, ok := strings.CutPrefix(letters, f); ok && len(rest) > 2 {
			return rest
		}
	}
	return letters
}

// allowance is how many slips a word of n letters may have.
func allowance(n int) int {
	switch {
	case n < 4:
		return 0
	case n < 8:
		return 1
	default:
		return 2
	}
}

// slipped is what a match with slips is worth at most.
const slipped = 0.7

// scoreSlips compares what was typed with what is typed for every text: letters with letters, characters with characters.
func (x *Index) scoreSlips(s *scratch) {
	if s.latin {
		x.slippedLetters(s)
		return
	}
	for i := range s.segments {
		if g := &s.segments[i]; g.han && !g.idle && g.to-g.from > 1 {
			x.slippedChars(s, g)
		}
	}
}

// slippedLetters begins at the characters whose first letter is the first or the second typed: first letters are seldom
// wrong, but may be swapped or missing.
func (x *Index) slippedLetters(s *scratch) {
	letters := s.spelled
	most := allowance(len(letters))
	if most == 0 || len(letters) > mostTyped {
		return
	}
	s.pattern.set(letters)
	for i, c := range []byte(letters[:2]) {
		if i == 1 && c == letters[0] {
			break
		}
		head, d := "", most+1
		from, to := x.beginning(c)
		for at := from; at < to; at++ {
			rest := x.typed(at)
			whole := len(rest)
			if rest = rest[:min(whole, len(letters)+most)]; rest != head { // tails that begin alike lie side by side
				head, d = rest, s.pattern.beginning(rest, most)
			}
			if d <= most {
				near := 1 - float32(d)/float32(len(letters))
				x.slippedAt(s, x.tails[at].wording, near, len(letters))
			}
		}
	}
}

// slippedAt credits the texts that read so.
func (x *Index) slippedAt(s *scratch, wording int32, near float32, letters int) {
	w := &x.wordings[wording]
	share := min(1, float32(letters)/float32(len(w.spelled)))
	for _, i := range w.entries {
		e := &x.entries[i]
		s.voiced(e.doc, i, slipped*e.field.worth()*near*(0.7+0.3*share))
	}
}

// slippedChars lays a run of characters on every stretch of the same length, by sound.
func (x *Index) slippedChars(s *scratch, g *segment) {
	typed := s.sounds[g.from:g.to]
	n := len(typed)
	part := float32(n) / float32(len(s.runes))
	for i := range x.wordings {
		w := &x.wordings[i]
		best := float32(0)
		for at := 0; at+n <= len(w.sounds); at++ {
			best = max(best, nearSounds(typed, w.sounds[at:at+n]))
		}
		if best == 0 {
			continue
		}
		for _, i := range w.entries {
			e := &x.entries[i]
			s.voiced(e.doc, i, slipped*part*best*e.field.worth()*(0.7+0.3*float32(n)/float32(len(w.sounds))))
		}
	}
}

// nearSounds compares two stretches of one length: 0 unless all but one syllable agree (two of five or more) and the others
// are near or, of four and more, at least one in number.
func nearSounds(a, b []pinyin.Syllable) float32 {
	different := 0
	for i := range a {
		if a[i] != b[i] || a[i] == 0 {
			if different++; different > 2 || different > 1 && len(a) < 5 {
				return 0
			}
		}
	}
	far := 0
	for i := range a {
		if a[i] != b[i] && !nearSyllables(a[i].String(), b[i].String()) {
			far++
		}
	}
	if far > 1 || far == 1 && len(a) < 4 {
		return 0
	}
	return 1 - (0.3*float32(different)+0.4*float32(far))/float32(len(a))
}

// nearSyllables reports whether two syllables are easily taken for each other: zheng and zhen, gui and gua, si and shi.
func nearSyllables(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	if a[0] != b[0] {
		return nearInitial(a[0], b[0]) && a[1:] == b[1:]
	}
	return oneSlip(a, b)
}

// oneSlip reports whether two short words differ by one letter that is wrong, missing or too many, or by two that are swapped.
func oneSlip(a, b string) bool {
	for len(a) > 0 && len(b) > 0 && sameLetter(a[0], b[0]) {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && sameLetter(a[len(a)-1], b[len(b)-1]) {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	switch len(a) + len(b) {
	case 1:
		return true
	case 2:
		return len(a) == 1
	case 4:
		return len(a) == 2 && a[0] == b[1] && a[1] == b[0]
	}
	return false
}

// nearInitial reports whether two initials are one in some dialects.
func nearInitial(a, b byte) bool {
	for _, p := range []string{"nl", "fh", "rl"} {
		if a == p[0] && b == p[1] || a == p[1] && b == p[0] {
			return true
		}
	}
	return false
}

// correct replaces English words that are unknown by the nearest known ones; it reports whether there was any.
func (x *Index) correct(s *scratch) bool {
	corrected := false
	for i := range s.segments {
		g := &s.segments[i]
		if g.han || g.idle || len(x.words[g.word].posts) > 0 {
			continue
		}
		if w := x.nearestWord(s, g.word); w != "" {
			g.word, corrected = w, true
		}
	}
	if corrected {
		s.settle()
	}
	return corrected
}

// nearestWord gives the known word with the fewest slips, at most two; "" for none. Of equals it is one
// with the same first letter, which is seldom mistyped.
func (x *Index) nearestWord(s *scratch, w string) string {
	most := min(2, allowance(len(w)))
	if most == 0 || len(w) > mostTyped {
		return ""
	}
	best, nearest := 2*most+2, ""
	s.pattern.set(w)
	for _, other := range x.sorted {
		if n := len(other) - len(w); n > most || -n > most {
			continue
		}
		d := 2 * s.pattern.whole(other, most)
		if other[0] != w[0] {
			d++
		}
		if d < best && d <= 2*most+1 {
			best, nearest = d, other
		}
	}
	return nearest
}

// scoreChars credits single characters, for words in another order or with one character mistaken for another.
func (x *Index) scoreChars(s *scratch) {
	total, n := float32(0), 0
	for _, d := range s.touched {
		s.cover[d] *= slipped // what the pairs gave was not enough
	}
	for i := range s.segments {
		g := &s.segments[i]
		if !g.han || g.idle {
			continue
		}
		for _, r := range s.runes[g.from:g.to] {
			if l := x.tokens[one(r)]; len(l.posts) > 0 {
				total += l.rarity
			} else {
				total++
			}
			n++
		}
	}
	if n < 3 {
		return // with two, one common character says nothing
	}
	for i := range s.segments {
		g := &s.segments[i]
		if !g.han || g.idle {
			continue
		}
		for _, r := range s.runes[g.from:g.to] {
			s.unit++
			l := x.tokens[one(r)]
			s.credit(l, 0.5*l.rarity/total)
		}
	}
}

// suggest names up to three documents that share a character, a sound or the beginning of the spelling with the query.
func (x *Index) suggest(s *scratch) []string {
	for _, d := range s.touched {
		s.cover[d] = max(s.cover[d], s.sound[d])
	}
	for i, r := range s.runes {
		if !pinyin.Han(r) {
			continue
		}
		s.unit++
		l := x.tokens[one(r)]
		s.credit(l, l.rarity/float32(len(s.runes)))
		if i+1 < len(s.runes) {
			near := x.tokens[sound(s.sounds[i], s.sounds[i+1])]
			s.credit(near, near.rarity)
		}
	}
	list := s.ranked[:0]
	for _, d := range s.touched {
		if s.cover[d] > 0.1 {
			list = append(list, ranking{doc: d, score: float64(s.cover[d]) + 0.1*x.docs[d].Weight})
		}
	}
	slices.SortFunc(list, byScore)
	var titles []string
	for _, r := range list[:min(3, len(list))] {
		titles = append(titles, x.docs[r.doc].Title)
	}
	return titles
}
