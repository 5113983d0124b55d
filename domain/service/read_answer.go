package service

import (
	"fmt"
	"slices"
	"strings"
)

// fillAnswer reads an answer's wordings, options and bounds.
func (l *loader) fillAnswer(a *draftAnswer) {
	at := l.firstAsked(a.id)
	if at < 0 {
		at = len(l.drafts)
	}
	l.fillAnswerAt(a, at)
}

// fillAnswerAt is fillAnswer for an answer, or a part of one, that is asked first at a step.
func (l *loader) fillAnswerAt(a *draftAnswer, at int) {
	m, sc := a.m, scope{at: at}
	m.get("type")
	a.ask = l.c.template(m.get("ask"), m.at("ask"), sc)
	a.label = l.c.template(m.get("label"), m.at("label"), sc)
	a.hint = l.c.template(m.get("hint"), m.at("hint"), sc)
	a.why = l.c.template(m.get("why"), m.at("why"), sc)
	a.optional = l.truth(m.get("optional"), m.at("optional"))
	if a.ask.empty() && a.label.empty() && a.kind != "list" && a.kind != "object" && a.name != "slot" {
		l.say(m.node, m.path, "The answer needs \"ask\", the question, or at least \"label\", its short name.")
	}
	for _, key := range []string{"prefill", "from"} {
		if n := m.get(key); n != nil && a.name == typeFile {
			l.say(n, m.at(key), "A file is uploaded, so it has no %q.", key)
		}
	}
	if n := m.get("prefill"); n != nil {
		a.prefill = l.c.compile(n, m.at("prefill"), l.word(n, m.at("prefill")), wantText, sc)
	}
	l.fillLocked(a, sc)
	a.min = l.whole(m.get("min"), m.at("min"), 0, 1_000_000)
	a.max = l.whole(m.get("max"), m.at("max"), 0, 1_000_000)
	switch {
	case a.min > 0 && a.name == typeFile:
		l.say(m.node, m.path, "One file or more is wanted unless it is \"optional\"; \"max\" says how many at most.")
	case (a.min > 0 || a.max > 0) && a.name != "text" && a.name != "digits" && a.name != "number" && a.name != typeFile:
		l.say(m.node, m.path, "\"min\" and \"max\" bound a text, digits or a number, not a %s.", a.name)
	}
	if a.name == "text" && a.max > 0 {
		a.maxLength = a.max
	}
	l.fillFile(a)
	l.fillEntries(a, at)
	l.fillFrom(a, sc)
	l.fillOptions(a, sc)
	m.done()
}

// fillFrom reads options that come from a list: from, option, other.
func (l *loader) fillFrom(a *draftAnswer, sc scope) {
	m := a.m
	n := m.get("from")
	if n == nil {
		for _, k := range []string{"option", "other"} {
			if o := m.get(k); o != nil {
				l.say(o, m.at(k), "%q only goes with \"from\".", k)
			}
		}
		return
	}
	a.from = l.c.compile(n, m.at("from"), l.word(n, m.at("from")), wantList, sc)
	var item *shape
	if a.from != nil && a.from.shape.kind == "list" {
		item = a.from.shape.elem
	}
	isc := scope{at: sc.at, item: item}
	if item == nil {
		isc.item = scalar("any")
	}
	if on := m.get("option"); on != nil {
		om := l.mapping(on, m.at("option"))
		if v := om.need("value", "it is what the form sends"); v != nil {
			a.option.value = l.c.compile(v, om.at("value"), l.word(v, om.at("value")), wantText, isc)
		}
		a.option.label = l.c.template(om.get("label"), om.at("label"), isc)
		a.option.hint = l.c.template(om.get("hint"), om.at("hint"), isc)
		a.option.tag = l.c.template(om.get("tag"), om.at("tag"), isc)
		om.done()
	} else if item != nil && item.kind == "object" {
		l.say(n, m.at("from"), "The list holds objects: say with \"option\" what is sent and shown.")
	}
	if on := m.get("other"); on != nil {
		om := l.mapping(on, m.at("other"))
		o := optionFixed{value: "other", label: l.c.template(om.need("label", "what the way out is called"), om.at("label"), sc)}
		o.hint = l.c.template(om.get("hint"), om.at("hint"), sc)
		a.other = &o
		om.done()
	}
}

func (l *loader) fillOptions(a *draftAnswer, sc scope) {
	m := a.m
	n := m.get("options")
	if n == nil {
		if a.name == "choice" && a.from == nil {
			l.say(m.node, m.path, "A choice needs \"options\" or \"from\".")
		}
		return
	}
	if a.name != "choice" {
		l.say(n, m.at("options"), "Only a choice has options.")
	}
	var seen []string
	for i, on := range l.items(n, m.at("options")) {
		om := l.mapping(on, fmt.Sprintf("%s.%d", m.at("options"), i+1))
		v := om.need("value", "it is what the form sends")
		o := optionFixed{value: l.word(v, om.at("value")), label: l.c.template(om.need("label", "it is what the resident reads"), om.at("label"), sc)}
		o.hint = l.c.template(om.get("hint"), om.at("hint"), sc)
		om.done()
		if slices.Contains(seen, o.value) {
			l.say(v, om.at("value"), "The option %q is given twice.", clip(o.value))
		}
		if strings.TrimSpace(o.value) != o.value || o.value == "" {
			l.say(v, om.at("value"), "An option's value cannot be empty or begin or end with a blank.")
		}
		seen = append(seen, o.value)
		a.options = append(a.options, o)
	}
	if len(a.options) < 2 {
		l.say(n, m.at("options"), "A choice has at least two options.")
	}
}
