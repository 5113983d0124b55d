package service

import "slices"

// amends reads how a mistake in a finished result is put right.
func (l *loader) amends(m *mapping) {
	a := &amendDef{}
	if n := m.need("within", "residents are told how long they can point out a mistake"); n != nil {
		a.within = l.span(n, m.at("within"))
	}
	if n := m.need("answer", "a mistake that nobody looks at stays"); n != nil {
		a.answer = l.span(n, m.at("answer"))
	}
	if a.within == (span{}) || a.answer == (span{}) {
		l.say(m.node, m.path, "A mistake has a time to be pointed out and a time to be answered.")
	}
	made := slices.ContainsFunc(l.d.steps, func(result *step) bool {
		return result.kind == kindResult && result.good && slices.ContainsFunc(l.d.steps[:result.pos], func(s *step) bool { return s.makes(result) })
	})
	if !made {
		l.say(m.node, m.path, "No good result shows what staff fill in at a review, or what an office told that can be asked again, so there is nothing to put right.")
	}
	m.done()
	l.d.amend = a
}
