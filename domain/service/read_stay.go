package service

import (
	"slices"
	"strings"
	"time"
)

// minEvery is how often an office may be asked how far it is.
const minEvery = 30 * time.Second

// stay reads a wait or a delivery: an event that comes by itself, or an office that is asked by turns until it is done.
func (l *loader) stay(s *draftStep, sc scope) {
	m, own := s.m, scope{at: s.pos + 1}
	m.get("gives")
	if s.kind == kindWait { // whose own name is "wait"
		s.usual = l.c.template(m.get("usual"), m.at("usual"), sc)
	} else {
		s.title, s.usual = l.wait(m, sc, s.title)
	}
	s.within = l.within(m)
	s.more = l.moreOf(s)
	s.rows = l.rows(m.get("show"), m.at("show"), own)
	un := m.get("until")
	if un != nil {
		s.until = l.expr(un, m.at("until"), wantBool, own)
	}
	if m.get("office") != nil {
		s.call = l.callOf(m, l.officeOf(m), sc)
		if n := m.need("every", "say how often the office is asked, as in every: 1h"); n != nil {
			if s.every = l.length(n, m.at("every")); s.every < minEvery {
				l.say(n, m.at("every"), "An office is asked every %s at most.", minEvery)
			}
		}
		if un == nil && s.kind == kindWait {
			l.say(m.node, m.path, "\"until\" is missing: say what in the office's answer ends the wait.")
		}
	}
	if un == nil && s.kind == kindDeliver {
		s.until = l.c.compile(s.label, m.path, s.id+".state in ['signed', 'returned']", wantBool, own)
	}
	if s.kind == kindWait && s.more != "" && s.facts.field("more") == nil {
		l.say(m.get("more"), m.at("more"), "\"gives\" has no \"more: text\", the sentence with which the office asks for more.")
	}
}

// within reads the time after which a person must look.
func (l *loader) within(m *mapping) span {
	n := m.need("within", "what never happens must come to a person at last")
	if n == nil {
		return span{}
	}
	s := l.span(n, m.at("within"))
	if s == (span{}) {
		l.say(n, m.at("within"), "Nothing happens within no time.")
	}
	return s
}

// moreOf reads the supply step that a resident is sent back to.
func (l *loader) moreOf(s *draftStep) string {
	n := s.m.get("more")
	if n == nil {
		return ""
	}
	id := l.word(n, s.m.at("more"))
	i, ok := l.d.index[id]
	if !ok || i >= s.pos || l.d.steps[i].kind != kindSupply {
		l.say(n, s.m.at("more"), "%q is no supply step before this one.", clip(id))
		return ""
	}
	return id
}

func (l *loader) review(s *draftStep, sc scope) {
	m := s.m
	s.title, s.usual = l.wait(m, sc, s.title)
	s.within = l.within(m)
	s.more = l.moreOf(s)
	if n := m.need("show", "staff decide on what they are shown"); n != nil {
		s.rows = l.rows(n, m.at("show"), sc)
	}
	if n := m.get("asks"); n != nil {
		l.fields(s, n, "asks", sc)
	}
	if n := m.need("refused", "residents are told what happens when staff say no"); n != nil {
		s.refused = l.refusedOf(n, m.at("refused"), sc)
	}
}

// handoff reads a page that leads to another site and asks, when the resident is back, what came of it.
func (l *loader) handoff(s *draftStep) {
	m := s.m
	a := l.answer(s.label, m.at("handoff"))
	if a == nil {
		return
	}
	if a.name != "choice" {
		l.say(s.label, m.at("handoff"), "What came of it is a choice; %q is of type %s.", a.id, a.name)
	}
	s.fields = []fieldDef{{answer: a}}
	s.call = &callDef{office: l.officeOf(m)}
	if n := m.get("path"); n != nil {
		if s.path = l.word(n, m.at("path")); !strings.HasPrefix(s.path, "/") || strings.HasPrefix(s.path, "//") {
			l.say(n, m.at("path"), "%q is no path at the office's site; it begins with one /.", clip(s.path))
		}
	}
}

// lintSupply wants a supply step to be asked for by a step behind it.
func (l *loader) lintSupply(s *draftStep) {
	if !slices.ContainsFunc(l.drafts[s.pos:], func(p *draftStep) bool { return p.more == s.id }) {
		l.say(s.m.node, s.m.path, "Nobody asks for this: a review, wait or delivery behind it says \"more: %s\".", s.id)
	}
}
