package service

import (
	"fmt"
	"slices"
)

// remedies reads what a resident can do about what she sent and about what was decided: correct, recall, appeal and amend.
func (l *loader) remedies(m *mapping) {
	if n := m.get("correct"); n != nil {
		l.corrections(l.mapping(n, "correct"))
	}
	if n := m.get("recall"); n != nil {
		l.recalls(l.mapping(n, "recall"))
	}
	if n := m.get("appeal"); n != nil {
		l.appeals(l.mapping(n, "appeal"))
	}
	if n := m.get("amend"); n != nil {
		l.amends(l.mapping(n, "amend"))
	}
}

func (l *loader) corrections(m *mapping) {
	c := &correctDef{}
	path := m.at("answers")
	for i, n := range l.items(m.need("answers", "say which answers may be put right"), path) {
		at := fmt.Sprintf("%s.%d", path, i+1)
		a := l.answer(n, at)
		switch {
		case a == nil:
			continue
		case slices.Contains([]string{typeFile, typeEntries, typePerson, typeLocation, "slot", "item", "list"}, a.name):
			l.say(n, at, "An answer of type %s cannot be put right this way.", a.name)
		case a.locked != nil:
			l.say(n, at, "%q is what a register says; it is put right there.", a.id)
		}
		c.answers = append(c.answers, a)
	}
	c.until = l.until(m)
	m.done()
	l.d.correct = c
}

// until reads the last step at which something may be done; -1 when there is none.
func (l *loader) until(m *mapping) int {
	n := m.need("until", "after that step it is too late")
	if n == nil {
		return -1
	}
	id := l.word(n, m.at("until"))
	if i, ok := l.d.index[id]; ok && l.d.steps[i].stays() {
		return i
	}
	l.say(n, m.at("until"), "%q is no review, wait or delivery.", clip(id))
	return -1
}

// recalls reads until when what was filed can be taken back. That every filing has a call by which its office lets go of it is a rule of
// submit steps.
func (l *loader) recalls(m *mapping) {
	c := &recallDef{until: l.until(m), name: l.text(m.get("name"), m.at("name"))}
	m.done()
	l.d.recall = c
	if c.until < 0 {
		return
	}
	if !slices.ContainsFunc(l.drafts[:c.until], func(s *draftStep) bool { return s.kind == kindSubmit }) {
		l.say(m.get("until"), m.at("until"), "Nothing is filed before %q, so there is nothing to take back from an office.", l.d.steps[c.until].id)
	}
}

func (l *loader) appeals(m *mapping) {
	a := &appealDef{after: []string{EndRefused}}
	if n := m.get("after"); n != nil {
		a.after = nil
		for i, e := range l.items(n, m.at("after")) {
			at := fmt.Sprintf("%s.%d", m.at("after"), i+1)
			id := l.word(e, at)
			pos, ok := l.d.index[id]
			switch {
			case id == EndRefused:
			case !ok || l.d.steps[pos].kind != kindResult:
				l.say(e, at, "%q is no result, nor \"refused\".", clip(id))
			case !l.d.steps[pos].denied:
				l.say(e, at, "%q is no refusal: a result is one with \"refused: true\".", clip(id))
			}
			a.after = append(a.after, id)
		}
	}
	if n := m.need("within", "residents are told how long they can appeal"); n != nil {
		a.within = l.span(n, m.at("within"))
	}
	if n := m.need("answer", "an appeal that nobody answers is none"); n != nil {
		a.answer = l.span(n, m.at("answer"))
	}
	if a.within == (span{}) || a.answer == (span{}) {
		l.say(m.node, m.path, "An appeal has a time to be made and a time to be answered.")
	}
	a.act = l.truth(m.get("act"), m.at("act"))
	if !slices.ContainsFunc(l.drafts, func(s *draftStep) bool { return s.kind == kindReview || s.kind == kindSubmit }) {
		l.say(m.node, m.path, "Nobody decides anything in this service, so there is nothing to appeal against.")
	}
	m.done()
	l.d.appeal = a
}
