package service

import (
	"maps"
	"strings"
)

// hide reads what of the answer is kept only for some askers: {unless, fields}. In unless, v is the answer.
func (l *loader) hide(s *draftStep, sc scope) {
	n := s.m.get("hide")
	if n == nil {
		return
	}
	m := l.mapping(n, s.m.at("hide"))
	if s.facts == nil || s.facts.kind != "object" {
		l.say(n, m.path, "\"hide\" needs \"gives\": what the office answers must be known to hide a part of it.")
		return
	}
	if e := m.need("unless", "it says to whom everything is shown"); e != nil {
		s.hide.unless = l.expr(e, m.at("unless"), wantBool, scope{at: sc.at, item: s.facts})
	}
	fields := m.need("fields", "they are what is not kept")
	for i, w := range l.words(fields, m.at("fields")) {
		path := strings.Split(w, ".")
		if !s.facts.holds(path) {
			l.say(fields.Content[i], m.at("fields"), "The answer has no member %q; it has %s.", clip(w), have(s.facts))
			continue
		}
		s.hide.paths = append(s.hide.paths, path)
	}
	if fields != nil && len(fields.Content) == 0 {
		l.say(fields, m.at("fields"), "\"fields\" names at least one member.")
	}
	m.done()
}

// holds reports whether a path of member names leads somewhere, through lists too.
func (s *shape) holds(path []string) bool {
	for s != nil && s.kind == "list" {
		s = s.elem
	}
	switch {
	case s == nil:
		return false
	case len(path) == 0:
		return true
	case s.kind != "object":
		return false
	}
	return s.field(path[0]).holds(path[1:])
}

// hidden gives an office's answer without what this asker may not see (security.md T48). It is taken away before the
// answer is kept, so that no page, program or export can show it.
func (r *run) hidden(st *step, data any) (any, error) {
	if st.hide.unless == nil {
		return data, nil
	}
	all, err := st.hide.unless.truth(r.scene().with(data))
	if err != nil {
		return nil, r.fail(st, err)
	}
	if all {
		return data, nil
	}
	for _, path := range st.hide.paths {
		data = st.facts.without(data, path)
	}
	return data, nil
}

// without gives v with the member at path as if nothing were known of it.
func (s *shape) without(v any, path []string) any {
	if list, ok := v.([]any); ok && s.kind == "list" {
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = s.elem.without(e, path)
		}
		return out
	}
	if len(path) == 0 {
		return s.zero()
	}
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	out := maps.Clone(m)
	out[path[0]] = s.field(path[0]).without(m[path[0]], path[1:])
	return out
}
