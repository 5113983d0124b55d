package service

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fillStep reads everything of a step that holds wordings and expressions.
func (l *loader) fillStep(s *draftStep) {
	m, sc := s.m, scope{at: s.pos}
	m.get("id")
	if n := m.get("if"); n != nil {
		s.cond = l.expr(n, m.at("if"), wantBool, sc)
	}
	if n := m.get("level"); n != nil {
		w := strings.TrimPrefix(l.oneOf(n, m.at("level"), []string{"L0", "L1", "L2", "L3", "L4"}), "L")
		if len(w) == 1 && w[0] >= '0' && w[0] <= '4' {
			s.level = int(w[0] - '0')
		}
		l.d.Level = max(l.d.Level, s.level)
	}
	s.name = l.c.template(m.get("name"), m.at("name"), sc)
	s.title = l.c.template(m.get("title"), m.at("title"), sc)
	s.lead = l.c.template(m.get("lead"), m.at("lead"), sc)
	s.button = l.c.template(m.get("button"), m.at("button"), sc)
	l.notes(s, sc)
	switch s.kind {
	case kindForm:
		l.form(s, sc)
	case kindLookup:
		l.lookup(s, sc)
	case kindChoose:
		l.choose(s, sc)
	case kindBook:
		l.book(s, sc)
	case kindCheck:
		l.check(s, sc)
	case kindPay:
		l.pay(s, sc)
	case kindSubmit:
		l.submit(s, sc)
	case kindWait, kindDeliver:
		l.stay(s, sc)
	case kindReview:
		l.review(s, sc)
	case kindSupply:
		l.fields(s, m.need("asks", "say what the resident is asked"), "asks", sc)
	case kindHandoff:
		l.handoff(s)
	case kindResult:
		l.result(s, sc)
	}
	m.done()
}

func (l *loader) expr(n *yaml.Node, path, want string, sc scope) *expr {
	if n.Kind == yaml.ScalarNode {
		return l.c.compile(n, path, n.Value, want, sc)
	}
	l.say(n, path, "Expected an expression here, found %s.", whatIs(n))
	return nil
}

// opt is expr for a member that may be absent.
func (l *loader) opt(m *mapping, name, want string, sc scope) *expr {
	n := m.get(name)
	if n == nil {
		return nil
	}
	return l.expr(n, m.at(name), want, sc)
}

func (l *loader) notes(s *draftStep, sc scope) {
	for i, n := range l.items(s.m.get("notes"), s.m.at("notes")) {
		m := l.mapping(n, fmt.Sprintf("%s.%d", s.m.at("notes"), i+1))
		note := noteDef{tone: l.oneOf(m.get("tone"), m.at("tone"), []string{"warn", "ok", "danger"})}
		note.text = l.c.template(m.need("text", "a note says something"), m.at("text"), sc)
		note.cond = l.opt(m, "if", wantBool, sc)
		m.done()
		s.notes = append(s.notes, note)
	}
}

func (l *loader) form(s *draftStep, sc scope) { l.fields(s, s.label, "form", sc) }

// fields reads the answers that a page asks, listed under key.
func (l *loader) fields(s *draftStep, asks *yaml.Node, key string, sc scope) {
	list := l.items(asks, s.m.at(key))
	if asks != nil && asks.Kind == yaml.SequenceNode && len(list) == 0 {
		l.say(asks, s.m.at(key), "The form asks nothing.")
	}
	for i, n := range list {
		f := fieldDef{}
		id, at := n, fmt.Sprintf("%s.%d", s.m.at(key), i+1)
		if n.Kind == yaml.MappingNode {
			m := l.mapping(n, at)
			if id = m.need("ask", "it names the answer"); id == nil {
				continue
			}
			f.cond = l.opt(m, "if", wantBool, sc)
			m.done()
		}
		if f.answer = l.answer(id, at); f.answer == nil {
			continue
		}
		switch f.answer.name {
		case "list", "item", "slot":
			l.say(id, at, "%q is of type %s, which a choose or book step asks, not a form.", f.answer.id, f.answer.name)
			continue
		}
		if slices.ContainsFunc(s.fields, func(g fieldDef) bool { return g.answer == f.answer }) {
			l.say(id, at, "%q is asked twice on one page.", f.answer.id)
		}
		s.fields = append(s.fields, f)
	}
	if len(list) > 1 && s.title.empty() && s.kind != kindReview {
		l.say(s.m.node, s.m.path, "A form with several questions needs a \"title\".")
	}
}

// answer finds the answer that a step names.
func (l *loader) answer(n *yaml.Node, path string) *answer {
	id := l.word(n, path)
	if id == "" {
		return nil
	}
	if a := l.d.answerOf(id); a != nil {
		return a
	}
	if slices.Contains(l.refused, id) {
		return nil
	}
	var ids []string
	for _, a := range l.d.answers {
		ids = append(ids, a.id)
	}
	l.say(n, path, "There is no answer %q under \"answers\".%s", clip(id), guess(id, ids))
	return nil
}

// callOf reads office, call and with.
func (l *loader) callOf(m *mapping, office string, sc scope) *callDef {
	c := &callDef{office: office, call: l.word(m.need("call", "the office must know what is asked"), m.at("call"))}
	w := m.get("with")
	wm := l.mapping(w, m.at("with"))
	for _, p := range wm.pairs {
		wm.asked = append(wm.asked, p.name)
		if !goodID(p.name) {
			l.say(p.key, wm.at(p.name), "%q cannot be an input's name: use small letters, digits and _.", clip(p.name))
			continue
		}
		if e := l.expr(p.val, wm.at(p.name), wantAny, sc); e != nil {
			c.with = append(c.with, argDef{p.name, e})
		}
	}
	return c
}

func (l *loader) officeOf(m *mapping) string {
	n := m.need("office", "a definition's word for the system to ask, bound by the city pack")
	if n == nil {
		return ""
	}
	return l.id(n, m.at("office"))
}

func (l *loader) lookup(s *draftStep, sc scope) {
	m := s.m
	m.get("gives")
	s.call = l.callOf(m, l.officeOf(m), sc)
	s.title, s.usual = l.wait(m, sc, s.title)
	s.retry, s.notify = true, false
	if n := m.get("down"); n != nil {
		s.retry = false
		for i, w := range l.items(n, m.at("down")) {
			switch l.oneOf(w, fmt.Sprintf("%s.%d", m.at("down"), i+1), []string{"retry", "notify"}) {
			case "retry":
				s.retry = true
			case "notify":
				s.notify = true
			}
		}
	}
	s.unknown = l.c.template(m.get("unknown"), m.at("unknown"), sc)
	if n := m.get("refused"); n != nil {
		s.refused = l.refusedOf(n, m.at("refused"), sc)
	}
	l.hide(s, sc)
	l.least(s)
	bm := l.mapping(m.get("budget"), m.at("budget"))
	for _, p := range bm.pairs {
		bm.asked = append(bm.asked, p.name)
		if !slices.Contains(budgets(), p.name) {
			l.say(p.key, bm.at(p.name), "There is no budget %q; there are %s.", clip(p.name), listed(budgets()))
			continue
		}
		if e := l.expr(p.val, bm.at(p.name), wantText, sc); e != nil {
			s.spend = append(s.spend, spendDef{p.name, e})
		}
	}
}

func budgets() []string { return []string{budgetResident, budgetFailures} }

// The budgets of look-ups (security.md T48, part 8).
const (
	budgetResident = "lookup.resident"
	budgetFailures = "lookup.failures"
)

// wait reads the wording of the time an office takes; without one the engine has its own.
func (l *loader) wait(m *mapping, sc scope, title template) (wait, usual template) {
	if n := m.get("wait"); n != nil {
		title = l.c.template(n, m.at("wait"), sc)
	}
	return title, l.c.template(m.get("usual"), m.at("usual"), sc)
}

func (l *loader) refusedOf(n *yaml.Node, path string, sc scope) refusedDef {
	m := l.mapping(n, path)
	d := refusedDef{
		say:    l.c.template(m.get("say"), m.at("say"), sc),
		lead:   l.c.template(m.get("lead"), m.at("lead"), sc),
		refund: l.stepRef(m, "refund", kindPay, sc.at), release: l.stepRef(m, "release", kindBook, sc.at), back: l.stepRef(m, "back", "", sc.at),
		next: l.templates(m.get("next"), m.at("next"), sc),
	}
	m.done()
	return d
}

// stepRef reads the id of an earlier step of a kind.
func (l *loader) stepRef(m *mapping, name, kind string, before int) string {
	n := m.get(name)
	if n == nil {
		return ""
	}
	id := l.word(n, m.at(name))
	i, ok := l.d.index[id]
	switch {
	case !ok:
		l.say(n, m.at(name), "There is no step %q.%s", clip(id), guess(id, l.stepIDs()))
	case kind != "" && l.d.steps[i].kind != kind:
		l.say(n, m.at(name), "Step %q is a %s step; a %s step is meant here.", id, l.d.steps[i].kind, kind)
	case i >= before:
		l.say(n, m.at(name), "Step %q comes later; only a step before this one can be meant.", id)
	default:
		return id
	}
	return ""
}

func (l *loader) stepIDs() []string {
	var out []string
	for _, s := range l.d.steps {
		out = append(out, s.id)
	}
	return out
}

func (l *loader) templates(n *yaml.Node, path string, sc scope) []template {
	var out []template
	for i, e := range l.items(n, path) {
		if t := l.c.template(e, fmt.Sprintf("%s.%d", path, i+1), sc); !t.empty() {
			out = append(out, t)
		}
	}
	return out
}

func (l *loader) choose(s *draftStep, sc scope) {
	m := s.m
	if s.answer = l.answer(s.label, m.at("choose")); s.answer == nil {
		return
	}
	if s.answer.name != "list" && s.answer.name != "item" {
		l.say(s.label, m.at("choose"), "%q is of type %s; what is chosen is of type list (several) or item (one).", s.answer.id, s.answer.name)
	}
	if n := m.need("from", "the list to choose from"); n != nil {
		s.from = l.expr(n, m.at("from"), wantList, sc)
	}
	item := scalar("any")
	if s.from != nil && s.from.shape.kind == "list" && s.from.shape.elem != nil {
		item = s.from.shape.elem
	}
	isc := scope{at: sc.at, item: item}
	if n := m.need("key", "it tells one item from another"); n != nil {
		s.key = l.expr(n, m.at("key"), wantText, isc)
	}
	if n := m.need("item", "how one item is shown"); n != nil {
		im := l.mapping(n, m.at("item"))
		s.item = itemDef{
			title:  l.c.template(im.need("title", "an item has a heading"), im.at("title"), isc),
			amount: l.opt(im, "amount", wantInt, isc), points: l.opt(im, "points", wantInt, isc),
			rows: l.rows(im.get("rows"), im.at("rows"), isc), links: l.links(im.get("links"), im.at("links"), isc),
		}
		im.done()
	}
	l.ruleOf(s, item, sc)
	s.instead = l.link(m.get("instead"), m.at("instead"), sc)
}

func (l *loader) ruleOf(s *draftStep, item *shape, sc scope) {
	m := l.mapping(s.m.get("rule"), s.m.at("rule"))
	s.rule.min, s.rule.max = 1, 0
	if n := m.get("min"); n != nil {
		s.rule.min = l.whole(n, m.at("min"), 0, maxItems)
	}
	s.rule.max = l.whole(m.get("max"), m.at("max"), 0, maxItems)
	if s.answer.name == "item" {
		if s.rule.max > 1 || s.rule.min > 1 {
			l.say(m.node, m.path, "%q is one item; for several make it a list.", s.answer.id)
		}
		s.rule.max = 1
	}
	if s.rule.max > 0 && s.rule.max < s.rule.min {
		l.say(m.node, m.path, "\"max\" is smaller than \"min\".")
	}
	s.rule.same = l.words(m.get("same"), m.at("same"))
	for _, f := range s.rule.same {
		if item.kind == "object" && item.field(f) == nil {
			l.say(m.get("same"), m.at("same"), "The items have no member %q; they have %s.%s", clip(f), have(item), guess(f, item.names()))
		}
	}
	s.rule.say = l.c.template(m.get("say"), m.at("say"), sc)
	m.done()
}

func (l *loader) book(s *draftStep, sc scope) {
	m := s.m
	if s.answer = l.answer(s.label, m.at("book")); s.answer != nil && s.answer.name != "slot" {
		l.say(s.label, m.at("book"), "%q is of type %s; what is booked is of type slot.", s.answer.id, s.answer.name)
	}
	s.call = l.callOf(m, l.officeOf(m), sc)
	s.pool = l.c.template(m.need("pool", "it names the stock of places"), m.at("pool"), sc)
}
