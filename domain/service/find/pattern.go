package find

// pattern counts slips between a short word and many texts, all letters at once in the bits of one number: Myers
// (1999) with swapped neighbours as one slip after Hyyrö (2003). A text of n letters costs about n steps.
type pattern struct {
	bits [256]uint64
	n    int
}

// set prepares a word of at most 64 letters.
func (p *pattern) set(word string) {
	*p = pattern{n: len(word)}
	for i := range len(word) {
		p.bits[word[i]] |= 1 << i
	}
	p.bits['v'] |= p.bits['u'] // ü is written v here and often typed u
}

// beginning gives the fewest slips between the word and any beginning of text; more than most is only said to be so.
func (p *pattern) beginning(text string, most int) int {
	return p.run(text[:min(len(text), p.n+most)], most, true)
}

// whole gives the slips between the word and the text from end to end; more than most is only said to be so.
func (p *pattern) whole(text string, most int) int { return p.run(text, most, false) }

func (p *pattern) run(text string, most int, part bool) int {
	if p.n == 0 {
		return most + 1
	}
	// plus and minus hold the differences between neighbouring cells of a column of the classic table.
	plus, minus := ^uint64(0), uint64(0)
	last := uint64(1) << (p.n - 1)
	slips, best := p.n, p.n
	var before, diagonal uint64
	for i := range len(text) {
		eq := p.bits[text[i]]
		swapped := ((^diagonal & eq) << 1) & before
		diagonal = (((eq & plus) + plus) ^ plus) | eq | minus | swapped
		across, down := minus|^(diagonal|plus), plus&diagonal
		switch {
		case across&last != 0:
			slips++
		case down&last != 0:
			slips--
		}
		across = across<<1 | 1
		down <<= 1
		plus = down | ^(diagonal | across)
		minus = across & diagonal
		before = eq
		best = min(best, slips)
	}
	if !part {
		best = slips
	}
	if best > most {
		return most + 1
	}
	return best
}
