package find

// Slips gives the tests the two comparisons of a pattern.
func Slips(word, text string, most int) (beginning, whole int) {
	var p pattern
	p.set(word)
	return p.beginning(text, most), p.whole(text, most)
}
