package find

import (
	"cmp"
	"math/bits"
	"slices"
)

// mostTyped is how many letters can be followed through syllables: one bit each.
const mostTyped = 63

// tail is a wording from one of its units on. Sorted by their units, tails that go the same way for a while lie side by side, so that the
// list is a tree: where a range of it parts by its next unit, the tree branches.
type tail struct {
	wording int32
	unit    uint16
}

// plant lists every place where typed letters may begin to match: every character, and the head of a run of letters.
func (x *Index) plant() {
	for i := range x.wordings {
		w := &x.wordings[i]
		if len(w.entries) == 0 {
			continue
		}
		for u := range w.units {
			if w.sounds[u] != 0 || u == 0 || w.sounds[u-1] != 0 {
				x.tails = append(x.tails, tail{int32(i), uint16(u)})
			}
		}
	}
	slices.SortFunc(x.tails, func(a, b tail) int {
		v, w := &x.wordings[a.wording], &x.wordings[b.wording]
		for n := 0; ; n++ {
			c := cmp.Compare(v.key(int(a.unit)+n), w.key(int(b.unit)+n))
			if c != 0 {
				return c
			}
			if int(a.unit)+n >= len(v.units) {
				return cmp.Or(cmp.Compare(a.wording, b.wording), cmp.Compare(a.unit, b.unit))
			}
		}
	})
	x.tails = slices.Clip(x.tails)
	at := 0
	for c := range x.heads {
		for at < len(x.tails) && bucket(x.typed(at)[0]) < c {
			at++
		}
		x.heads[c] = at
	}
}

// key orders units by their first letter and is the same for the same syllable or letter; 0 is the end of the text.
func (w *wording) key(u int) uint32 {
	if u >= len(w.units) {
		return 0
	}
	return uint32(bucket(w.spelled[w.units[u].from])+1)<<16 | uint32(w.sounds[u])
}

// typed gives what is typed for a tail.
func (x *Index) typed(at int) string {
	w := &x.wordings[x.tails[at].wording]
	return w.spelled[w.units[x.tails[at].unit].from:]
}

// beginning gives the tails that begin with a letter.
func (x *Index) beginning(c byte) (from, to int) { return x.heads[bucket(c)], x.heads[bucket(c)+1] }

// scoreSpelling credits documents whose texts can be typed as the given letters: whole syllables (jiaofakuan),
// initials (jfk), or anything between (jiaofk), beginning at any character.
func (x *Index) scoreSpelling(s *scratch, letters string) {
	if !s.latin || len(letters) < 2 || len(letters) > mostTyped {
		return
	}
	from, to := x.beginning(letters[0])
	x.follow(s, letters, branch{from: from, to: to, at: 1})
}

// branch is a range of tails that agree in their first units.
type branch struct {
	from, to int
	units    int
	letters  int    // that are typed for these units in full
	at       uint64 // bit i: the typed letters up to i can stand for them
}

// follow goes down the branches that the letters lead to, and credits those where all of them are used up.
func (x *Index) follow(s *scratch, letters string, b branch) {
	done := uint64(1) << len(letters)
	for from := b.from; from < b.to; {
		t := x.tails[from]
		w, u := &x.wordings[t.wording], int(t.unit)+b.units
		end := x.parting(from, b.to, b.units, w.key(u))
		if u < len(w.units) {
			syllable := w.syllable(u)
			next := branch{from: from, to: end, units: b.units + 1, letters: b.letters + len(syllable), at: advance(b.at, letters, syllable)}
			switch {
			case next.at&done != 0:
				x.reached(s, len(letters), next)
			case next.at != 0:
				x.follow(s, letters, next)
			}
		}
		from = end
	}
}

// parting gives the end of the tails from from on that have the same unit at a depth; most branches are short, so the steps begin small.
func (x *Index) parting(from, to, depth int, key uint32) int {
	same := func(at int) bool {
		return x.wordings[x.tails[at].wording].key(int(x.tails[at].unit)+depth) == key
	}
	low, step := from, 1
	for low+step < to && same(low+step) {
		low, step = low+step, 2*step
	}
	high := min(low+step, to)
	for low+1 < high {
		if mid := (low + high) / 2; same(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// reached credits what stands at the end of a branch, by how much of its syllables and of the text was typed.
func (x *Index) reached(s *scratch, letters int, b branch) {
	share := 0.40 + 0.30*float32(letters)/float32(b.letters)
	for _, t := range x.tails[b.from:b.to] {
		w := &x.wordings[t.wording]
		f := share + 0.20*float32(b.units)/float32(len(w.units))
		if t.unit == 0 {
			f += 0.10
		}
		for _, i := range w.entries {
			e := &x.entries[i]
			s.voiced(e.doc, i, min(f, 1)*e.field.worth())
		}
	}
}

// voiced keeps the entry of a document that the typed letters fit best, of equals the first.
func (s *scratch) voiced(d, entry int32, f float32) {
	s.touch(d)
	if f > s.sound[d] || f == s.sound[d] && entry < s.voice[d] {
		s.sound[d], s.voice[d] = f, entry
	}
}

// advance types letters along one more syllable, with at least one letter. Bit i of at means: i letters are used up.
func advance(at uint64, letters, syllable string) uint64 {
	next := uint64(0)
	for rest := at; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros64(rest)
		for n := 0; n < len(syllable) && i+n < len(letters) && sameLetter(letters[i+n], syllable[n]); n++ {
			next |= 1 << (i + n + 1)
		}
	}
	return next
}

// follow types letters along the syllables from a unit on. It returns the unit after the last that was reached, or -1 when they do not
// lead anywhere.
func (w *wording) follow(unit int, letters string) int {
	at, done := uint64(1), uint64(1)<<len(letters)
	for u := unit; u < len(w.units) && at != 0; u++ {
		at = advance(at, letters, w.syllable(u))
		if at&done != 0 {
			return u + 1
		}
	}
	return -1
}

// sameLetter compares a typed letter with one of a syllable, where v stands for ü and is often typed u.
func sameLetter(typed, real byte) bool { return typed == real || typed == 'u' && real == 'v' }
