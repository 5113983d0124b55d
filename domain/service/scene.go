package service

import (
	"fmt"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"zhijian/ground/clock"
)

// scene is what expressions see of one moment: state, surroundings and the item at hand. It
// resolves names only when asked, so that an expression costs what it reads.
type scene struct {
	d      *Definition
	s      *State
	env    *Env
	v      any // the item, when there is one
	hasV   bool
	me     map[string]any
	answer map[string]any
	office map[string]any
}

func (sc *scene) with(v any) *scene {
	c := *sc
	c.v, c.hasV = v, true
	return &c
}

// Parent is part of cel.Activation: there is none.
func (sc *scene) Parent() cel.Activation { return nil }

// ResolveName is part of cel.Activation.
func (sc *scene) ResolveName(name string) (any, bool) {
	switch name {
	case "v":
		return sc.v, sc.hasV
	case "me":
		return sc.whoIs(), true
	case "answers":
		return sc.answers(), true
	case typeWhom:
		if sc.d.ActsForOthers() {
			return sc.whom(), true
		}
	case "office":
		return sc.offices(), true
	case "__lang":
		return sc.env.Lang, true
	case "__today":
		return sc.env.Now.In(clock.Shanghai).Format(time.DateOnly), true
	}
	k, ok := sc.d.names[name]
	if !ok {
		return nil, false
	}
	if i, isStep := sc.d.index[name]; isStep && sc.d.steps[i].facts != nil {
		if v, ok := sc.s.Facts[name]; ok {
			return v, true
		}
		return k.shape.zero(), true
	}
	return sc.value(name, k.shape), true
}

func (sc *scene) value(id string, s *shape) any {
	if v, ok := sc.s.Answers[id]; ok && v != nil {
		return v
	}
	return s.zero()
}

func (sc *scene) answers() map[string]any {
	if sc.answer == nil {
		sc.answer = make(map[string]any, len(sc.d.answers))
		for _, a := range sc.d.answers {
			sc.answer[a.id] = sc.value(a.id, a.shape)
		}
	}
	return sc.answer
}

func (sc *scene) whoIs() map[string]any {
	if sc.me == nil {
		m := sc.env.Me
		sc.me = map[string]any{
			"level": int64(m.Level), "name": m.Name, "citizen_number": m.CitizenNumber, "phone": m.Phone, "vehicles": texts(m.Plates), "plates": append(texts(m.Plates), texts(m.Saved)...), "people": people(m.People),
		}
	}
	return sc.me
}

// texts is a list as expressions see it.
func texts(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

func meShape() *shape {
	return object(
		"me", member{"level", scalar("int")}, member{"name", scalar("person_name")}, member{"citizen_number", scalar("citizen_number")},
		member{"phone", scalar("phone")}, member{"vehicles", &shape{kind: "list", elem: scalar("plate")}},
		member{"plates", &shape{kind: "list", elem: scalar("plate")}},
		member{"people", &shape{kind: "list", elem: personShape("me.people")}},
	)
}

func (sc *scene) offices() map[string]any {
	if sc.office == nil {
		sc.office = make(map[string]any, len(sc.d.Offices))
		for _, word := range sc.d.Offices {
			o := sc.env.Offer.Offices[word]
			sc.office[word] = map[string]any{"name": o.Name.In(sc.env.Lang), "payee": o.Payee}
		}
	}
	return sc.office
}

func officeShape(words []string) *shape {
	s := object("office")
	for _, w := range words {
		s.fields = append(s.fields, member{w, object("office."+w, member{"name", scalar("text")}, member{"payee", scalar("text")})})
	}
	return s
}

// eval computes the expression's value as the state holds values.
func (e *expr) eval(sc *scene) (any, error) {
	if e.path != nil {
		v, ok := sc.ResolveName(e.path[0])
		for _, p := range e.path[1:] {
			m, isObject := v.(map[string]any)
			if !isObject {
				return nil, fmt.Errorf("expression %q: %s is not there", e.src, p)
			}
			v = m[p]
		}
		if !ok || v == nil {
			return e.shape.zero(), nil
		}
		return v, nil
	}
	prog, err := e.plan()
	if err != nil {
		return nil, fmt.Errorf("expression %q: %w", e.src, err)
	}
	out, _, err := prog.Eval(sc)
	if err != nil {
		// The checker's message may quote a value; the expression's text says enough.
		return nil, fmt.Errorf("expression %q cannot be computed", e.src)
	}
	return native(out, 0), nil
}

// truth is eval for conditions.
func (e *expr) truth(sc *scene) (bool, error) {
	v, err := e.eval(sc)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, fmt.Errorf("expression %q gives no yes or no", e.src)
	}
	return b, nil
}

// native brings a CEL value to the values a State holds.
func native(v ref.Val, depth int) any {
	if depth > maxDepth {
		return nil
	}
	switch v := v.(type) {
	case types.Int:
		return int64(v)
	case types.Uint:
		return int64(v)
	case types.String:
		return string(v)
	case types.Bool:
		return bool(v)
	case types.Double:
		return wholeOr(float64(v))
	case traits.Mapper:
		if m, ok := v.Value().(map[string]any); ok {
			return m
		}
		out := map[string]any{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			k := it.Next()
			if name, ok := k.(types.String); ok {
				out[string(name)] = native(v.Get(k), depth+1)
			}
		}
		return out
	case traits.Lister:
		out := []any{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			out = append(out, native(it.Next(), depth+1))
		}
		return out
	}
	return nil
}
