package service

import (
	"slices"
	"strings"
)

// lint refuses definitions that are well formed but would harm somebody.
func (l *loader) lint(m *mapping) {
	if len(l.drafts) == 0 {
		return
	}
	l.lintEnds()
	level := 0
	for _, s := range l.drafts {
		level = max(level, s.level)
		l.lintMe(s, level)
		l.lintFiles(s, level)
		l.lintPeople(s, level)
		l.lintEntries(s)
		l.lintWhere(s)
		switch s.kind {
		case kindLookup:
			l.lintLookup(s)
		case kindSubmit, kindReview:
			l.lintSubmit(s)
		case kindSupply:
			l.lintSupply(s)
		}
	}
	if n := m.get("tests"); n == nil {
		l.say(m.node, "", "\"tests\" is missing: a definition carries at least one case that shows it works.")
	}
}

// lintEnds wants every path to end, and every step to be reachable.
func (l *loader) lintEnds() {
	last := l.drafts[len(l.drafts)-1]
	for _, s := range l.drafts[:len(l.drafts)-1] {
		if s.kind == kindResult && s.m.get("if") == nil {
			l.say(s.m.node, s.m.path, "This result has no \"if\", so the steps after it are never reached.")
			return
		}
	}
	if last.kind != kindResult {
		l.say(last.m.node, last.m.path, "The last step must be a result; otherwise the case never ends.")
	} else if last.m.get("if") != nil {
		l.say(last.m.node, last.m.path, "The last result must have no \"if\"; otherwise a case may never end.")
	}
}

// lintMe wants the resident proven before the definition uses who they are.
func (l *loader) lintMe(s *draftStep, level int) {
	for _, e := range s.exprs() {
		need := 0
		switch {
		case strings.Contains(e.src, "me.citizen_number"), strings.Contains(e.src, "me.name"), strings.Contains(e.src, "me.people"),
			strings.Contains(e.src, "whom.citizen_number"), strings.Contains(e.src, "whom.name"):
			need = 2
		case strings.Contains(e.src, "me.phone"):
			need = 1
		}
		if need > level {
			l.say(s.m.node, s.m.path, "%q is known only from level L%d on; put \"level: L%d\" on this step or an earlier one.", clip(e.src), need, need)
			return
		}
	}
}

// exprs lists the expressions that reach offices or money.
func (s *step) exprs() []*expr {
	var out []*expr
	for _, c := range []*callDef{s.call, s.settled, s.void} {
		if c != nil {
			for _, a := range c.with {
				out = append(out, a.e)
			}
		}
	}
	for _, e := range []*expr{s.amount, s.payee} {
		if e != nil {
			out = append(out, e)
		}
	}
	for _, r := range s.rows {
		if r.value != nil {
			out = append(out, r.value)
		}
	}
	return out
}

// lintLookup is security.md T48 and T49: what is keyed by a person's data is bound to that person or
// needs a second factor, and guessing is counted.
func (l *loader) lintLookup(s *draftStep) {
	var personal, factors, counted []*answer
	bound := false
	for _, arg := range s.call.with {
		bound = bound || slices.Contains([]string{"me.citizen_number", "me.phone", "me.name", "whom.citizen_number", "whom.name"}, arg.e.src)
		for _, a := range l.d.answers {
			if !slices.Contains(arg.e.refs, a.id) && !slices.Contains(arg.e.refs, "answers."+a.id) {
				continue
			}
			if a.personal && !slices.Contains(personal, a) {
				personal = append(personal, a)
			}
			if a.factor {
				factors = append(factors, a)
			}
			if a.counted {
				counted = append(counted, a)
			}
		}
	}
	// Two answers that offer the same thing, one from a list and one typed, are still one key.
	kinds := map[string]bool{}
	for _, a := range personal {
		kinds[a.name] = true
	}
	if len(personal) > 0 && !bound && len(factors) == 0 && len(kinds) < 2 {
		l.say(s.m.node, s.m.path, "This look-up is keyed by %s, which names a person, with nothing to show that it is the resident's own: "+
			"also send me.citizen_number or me.phone, or ask a second thing only the holder knows (security.md T49).", personal[0].id)
	}
	if len(counted) == 0 {
		return
	}
	for _, b := range budgets() {
		if !slices.ContainsFunc(s.spend, func(d spendDef) bool { return d.budget == b }) {
			l.say(s.m.node, s.m.path, "A look-up by %s can be used for guessing: count it with \"budget: {%s: …}\" (security.md T48).", counted[0].id, b)
		}
	}
	if s.facts != nil && s.facts.kind == "object" && s.facts.field("known") == nil {
		l.say(s.m.node, s.m.path, "\"gives\" has no \"known: bool\", so failed guesses could not be counted.")
	}
	if s.facts != nil && s.facts.kind == "object" && s.facts.field("scope") != nil && s.m.get("hide") == nil {
		l.say(s.m.node, s.m.path, "The answer tells by \"scope\" that it is also given to strangers: say with \"hide: {unless: …, fields: […]}\" what they must not see (security.md T48).")
	}
	if !s.unknown.empty() && !slices.ContainsFunc(l.drafts[:s.pos], func(p *draftStep) bool { return p.kind == kindForm }) {
		l.say(s.m.node, s.m.path, "\"unknown\" sends the resident back to a form, but there is none before this step.")
	}
}

// lintSubmit wants every payment and place given back when the office says no.
func (l *loader) lintSubmit(s *draftStep) {
	n := s.m.get("refused")
	for _, p := range l.drafts[:s.pos] {
		switch {
		case p.kind == kindPay && s.refused.refund != p.id && (s.refused.back == "" || l.d.index[s.refused.back] <= p.pos):
			l.say(n, s.m.at("refused"), "Step %q was paid before; say \"refund: %s\" so that the money goes back when the office refuses.", p.id, p.id)
		case p.kind == kindBook && s.refused.release != p.id && s.refused.back == "":
			l.say(n, s.m.at("refused"), "Step %q holds a place; say \"release: %s\" so that it is free again when the office refuses.", p.id, p.id)
		}
	}
	if s.facts != nil && s.facts.kind == "any" {
		l.say(s.m.node, s.m.path, "\"gives\" is missing: say what the office answers, so that nothing else is kept.")
	}
}
