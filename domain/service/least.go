package service

import (
	"strings"
)

// leastDef is a count of people that an office may not give when it is small: items of the list below the number are not kept.
type leastDef struct {
	list, member string
	min          int
}

// least reads {cells.people: 10}. Counts of few people can tell one of them (k-anonymity); an office is not believed to leave them out.
func (l *loader) least(s *draftStep) {
	m := l.mapping(s.m.get("least"), s.m.at("least"))
	for _, p := range m.pairs {
		m.asked = append(m.asked, p.name)
		list, name, _ := strings.Cut(p.name, ".")
		var of *shape
		if s.facts != nil && s.facts.kind == "object" {
			of = s.facts.field(list)
		}
		if of == nil || of.kind != "list" || of.elem.kind != "object" || of.elem.field(name) == nil || of.elem.field(name).kind != "int" {
			l.say(p.key, m.at(p.name), "%q is no whole number of a list that the office gives; write list.member.", clip(p.name))
			continue
		}
		s.smallest = append(s.smallest, leastDef{list, name, l.whole(p.val, m.at(p.name), 1, 1_000_000)})
	}
}

// enough gives an office's answer without the items that count too few. It works on data itself.
func (s *step) enough(data any) any {
	m, _ := data.(map[string]any)
	for _, d := range s.smallest {
		list, _ := m[d.list].([]any)
		kept := []any{}
		for _, item := range list {
			if intOf(item, d.member) >= int64(d.min) {
				kept = append(kept, item)
			}
		}
		if m != nil {
			m[d.list] = kept
		}
	}
	return data
}
