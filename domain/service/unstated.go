package service

import (
	"maps"
	"slices"
	"strings"
)

// keyUnstated lists, in what a filing left behind, the members that the office never gave. The engine computes with nothing in
// their place; a resident is never told nothing as if it were known.
const keyUnstated = "__unstated"

// marked notes in a filing's fact which declared members raw, the office's own answer, does not have.
func (s *shape) marked(fact, raw any) any {
	m, ok := fact.(map[string]any)
	if !ok || s.kind != "object" {
		return fact
	}
	given, _ := raw.(map[string]any)
	missing := []any{}
	for _, f := range s.fields {
		if given[f.name] == nil {
			missing = append(missing, f.name)
		}
	}
	if len(missing) == 0 {
		return fact
	}
	out := maps.Clone(m)
	out[keyUnstated] = missing
	return out
}

// unstated reports whether an expression shows something that an office never gave.
func (e *expr) unstated(sc *scene) bool {
	if e == nil || sc.s == nil {
		return false
	}
	for _, step := range e.refs {
		fact, _ := sc.s.Facts[step].(map[string]any)
		missing, _ := fact[keyUnstated].([]any)
		for _, m := range missing {
			name, _ := m.(string)
			if len(e.path) > 1 && e.path[0] == step && e.path[1] == name || e.path == nil && strings.Contains(e.src, step+"."+name) {
				return true
			}
		}
	}
	return false
}

// unstated reports whether a wording would.
func (t template) unstated(sc *scene) bool {
	return slices.ContainsFunc(t.zh, func(p part) bool { return p.e.unstated(sc) })
}
