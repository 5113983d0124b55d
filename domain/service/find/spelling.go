package find

import "math/bits"

// mostTyped is how many letters can be followed through syllables: one bit each.
const mostTyped = 63

// scoreSpelling credits documents whose texts can be typed as the given letters: whole syllables (jiaofakuan),
// initials (jfk), or anything between (jiaofk), beginning at any character.
func (x *Index) scoreSpelling(s *scratch, letters string) {
	if !s.latin || len(letters) < 2 || len(letters) > mostTyped {
		return
	}
	class, unit, end := int32(-1), uint16(0), -1
	for _, st := range x.starts[bucket(letters[0])] {
		e := &x.entries[st.entry]
		if e.class != class || st.unit != unit {
			class, unit, end = e.class, st.unit, e.follow(int(st.unit), letters)
		}
		if end < 0 {
			continue
		}
		typed := float32(e.units[end-1].to - e.units[st.unit].from)
		f := 0.40 + 0.30*float32(len(letters))/typed + 0.20*float32(end-int(st.unit))/float32(len(e.units))
		if st.unit == 0 {
			f += 0.10
		}
		s.voiced(e.doc, st.entry, min(f, 1)*e.field.worth())
	}
}

// voiced keeps the entry of a document that the typed letters fit best.
func (s *scratch) voiced(d, entry int32, f float32) {
	s.touch(d)
	if f > s.sound[d] {
		s.sound[d], s.voice[d] = f, entry
	}
}

// follow types letters along the syllables from unit on, each begun with at least one letter. It returns the unit after
// the last that was reached, or -1 when they do not lead anywhere. Bit i of at means: i letters are used up.
func (e *entry) follow(unit int, letters string) int {
	at := uint64(1)
	done := uint64(1) << len(letters)
	for u := unit; u < len(e.units); u++ {
		syllable := e.spelled[e.units[u].from:e.units[u].to]
		next := uint64(0)
		for rest := at; rest != 0; rest &= rest - 1 {
			i := bits.TrailingZeros64(rest)
			for n := 0; n < len(syllable) && i+n < len(letters) && sameLetter(letters[i+n], syllable[n]); n++ {
				next |= 1 << (i + n + 1)
			}
		}
		if next&done != 0 {
			return u + 1
		}
		if next == 0 {
			return -1
		}
		at = next
	}
	return -1
}

// sameLetter compares a typed letter with one of a syllable, where v stands for ü and is often typed u.
func sameLetter(typed, real byte) bool { return typed == real || typed == 'u' && real == 'v' }
