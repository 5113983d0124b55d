package service

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// rows reads summary lines. A line that is just a word is an answer, shown in its own wording.
func (l *loader) rows(n *yaml.Node, path string, sc scope) []rowDef {
	var out []rowDef
	for i, rn := range l.items(n, path) {
		at := fmt.Sprintf("%s.%d", path, i+1)
		if rn.Kind == yaml.ScalarNode {
			if a := l.answer(rn, at); a != nil {
				out = append(out, rowDef{answer: a})
				if k, ok := l.d.names[a.id]; ok && k.from >= sc.at {
					l.say(rn, at, "%q is not known yet at this point: %s comes later.", a.id, k.why)
				}
			}
			continue
		}
		out = append(out, l.row(rn, at, sc))
	}
	return out
}

func (l *loader) row(n *yaml.Node, path string, sc scope) rowDef {
	m := l.mapping(n, path)
	d := rowDef{}
	if en := m.get("each"); en != nil {
		d.each = l.expr(en, m.at("each"), wantList, sc)
		sc.item = scalar("any")
		if d.each != nil && d.each.shape.kind == "list" {
			sc.item = d.each.shape.elem
		}
	}
	d.label = l.c.template(m.need("label", "a line of a summary has a name"), m.at("label"), sc)
	vn, tn := m.get("value"), m.get("text")
	if n.Kind == yaml.MappingNode && (vn == nil) == (tn == nil) {
		l.say(n, path, "A line has either \"value\", an expression, or \"text\", a wording.")
	}
	if vn != nil {
		d.value = l.expr(vn, m.at("value"), wantAny, sc)
		if d.value != nil && d.value.shape.kind == "object" {
			l.say(vn, m.at("value"), "%q is an object; name the member to show.", clip(d.value.src))
		}
	}
	d.text = l.c.template(tn, m.at("text"), sc)
	d.as = l.oneOf(m.get("as"), m.at("as"), scalarKinds())
	if d.as != "" && d.value == nil {
		l.say(m.get("as"), m.at("as"), "\"as\" only goes with \"value\".")
	}
	d.lines = l.templates(m.get("lines"), m.at("lines"), sc)
	d.edit = l.stepRef(m, "edit", "", sc.at)
	if hn := m.get("href"); hn != nil {
		d.href = l.c.template(hn, m.at("href"), sc)
		if !strings.HasPrefix(hn.Value, "/") || strings.HasPrefix(hn.Value, "//") {
			l.say(hn, m.at("href"), "%q leads away from this site; a path begins with one /.", clip(hn.Value))
		}
	}
	d.cond = l.opt(m, "if", wantBool, sc)
	m.done()
	return d
}

func (l *loader) links(n *yaml.Node, path string, sc scope) []linkDef {
	var out []linkDef
	for i, e := range l.items(n, path) {
		if k := l.link(e, fmt.Sprintf("%s.%d", path, i+1), sc); k != nil {
			out = append(out, *k)
		}
	}
	return out
}

// link reads another way out: to a service, or to a path of this site.
func (l *loader) link(n *yaml.Node, path string, sc scope) *linkDef {
	if n == nil {
		return nil
	}
	m := l.mapping(n, path)
	k := &linkDef{label: l.c.template(m.need("label", "a link says where it leads"), m.at("label"), sc)}
	sn, hn := m.get("start"), m.get("href")
	k.service, k.href = l.word(sn, m.at("start")), l.word(hn, m.at("href"))
	if n.Kind == yaml.MappingNode && (sn == nil) == (hn == nil) {
		l.say(n, path, "A link has either \"start\", a service, or \"href\", a path of this site.")
	}
	if k.href != "" && (k.href[0] != '/' || len(k.href) > 1 && (k.href[1] == '/' || k.href[1] == '\\')) {
		l.say(hn, m.at("href"), "%q leads away from this site; a path begins with one /.", clip(k.href))
	}
	k.cond = l.opt(m, "if", wantBool, sc)
	m.done()
	return k
}

func (l *loader) check(s *draftStep, sc scope) {
	m := s.m
	s.rows = l.rows(s.label, m.at("check"), sc)
	s.declare = l.c.template(m.get("declare"), m.at("declare"), sc)
	s.instead = l.link(m.get("instead"), m.at("instead"), sc)
}

func (l *loader) pay(s *draftStep, sc scope) {
	m := s.m
	if n := m.need("amount", "the price comes from the definition, never from the resident"); n != nil {
		s.amount = l.expr(n, m.at("amount"), wantInt, sc)
	}
	if n := m.need("payee", "residents are told who receives the money"); n != nil {
		s.payee = l.expr(n, m.at("payee"), wantText, sc)
	}
	s.about = l.c.template(m.need("about", "the bank statement says what was paid"), m.at("about"), sc)
	for _, p := range slices.Concat(s.about.zh, s.about.en) {
		if p.e != nil && l.personal(p.e) {
			l.say(m.get("about"), m.at("about"), "%q is personal; what goes to the payment channel must not be.", clip(p.e.src))
		}
	}
}

// personal reports whether an expression reads an answer or fact that names a person.
func (l *loader) personal(e *expr) bool {
	if slices.Contains(e.refs, "me") || slices.Contains([]string{"plate", "phone", "person_name", "citizen_number", "bank_card"}, e.shape.kind) {
		return true
	}
	for _, a := range l.d.answers {
		if a.personal && (slices.Contains(e.refs, a.id) || slices.Contains(e.refs, "answers."+a.id)) {
			return true
		}
	}
	return false
}

func (l *loader) submit(s *draftStep, sc scope) {
	m := s.m
	m.get("gives")
	office := l.officeOf(m)
	s.call = l.callOf(m, office, sc)
	s.title, s.usual = l.wait(m, sc, s.title)
	s.tries = maxTries
	if n := m.get("tries"); n != nil {
		s.tries = l.whole(n, m.at("tries"), 1, 20)
	}
	s.yes = "settled"
	if n := m.need("settled", "after silence the office must be asked what became of the filing"); n != nil {
		s.settled, s.yes = l.after(n, m.at("settled"), office, sc)
	}
	if n := m.need("void", "a filing nobody can confirm must be called off before money goes back"); n != nil {
		s.void, _ = l.after(n, m.at("void"), office, sc)
	}
	if n := m.need("refused", "residents are told what happens when the office says no"); n != nil {
		s.refused = l.refusedOf(n, m.at("refused"), sc)
	}
}

// after reads a call about an earlier filing: its name, or {call, with, yes}.
func (l *loader) after(n *yaml.Node, path, office string, sc scope) (c *callDef, yes string) {
	if n.Kind == yaml.ScalarNode {
		return &callDef{office: office, call: l.word(n, path)}, "settled"
	}
	m := l.mapping(n, path)
	c, yes = l.callOf(m, office, sc), "settled"
	if y := m.get("yes"); y != nil {
		yes = l.word(y, m.at("yes"))
	}
	m.done()
	return c, yes
}

func (l *loader) result(s *draftStep, sc scope) {
	m := s.m
	// A result's own wording may show everything before it.
	say := l.c.template(m.need("say", "the resident is told what is now true"), m.at("say"), sc)
	if !s.title.empty() {
		l.say(m.node, m.path, "A result has \"say\" and no \"title\".")
	}
	s.title = say
	s.good = l.truth(m.get("good"), m.at("good"))
	if n := m.get("refused"); n != nil {
		if s.denied = l.truth(n, m.at("refused")); s.denied && s.good {
			l.say(n, m.at("refused"), "A result is good or a refusal, not both.")
		}
	}
	s.receipt = l.truth(m.get("receipt"), m.at("receipt"))
	l.d.Receipt = l.d.Receipt || s.receipt
	s.rows = l.rows(m.get("show"), m.at("show"), sc)
	s.next = l.templates(m.get("next"), m.at("next"), sc)
	s.chart = l.mapOf(m.get("map"), m.at("map"), sc)
	if c := s.chart; c != nil && c.points.each == nil && c.lines.each == nil && c.cells.title.empty() && len(s.rows) == 0 {
		l.say(m.get("map"), m.at("map"), "Nothing says in words what the map shows: give the cells a \"title\", or the result a \"show\".")
	}
	s.instead = l.link(m.get("instead"), m.at("instead"), sc)
}
