package service

import (
	"slices"

	"zhijian/ground/fault"
)

// Give makes ready to begin a case of which some answers are known already: they were asked once for several services. values are as
// somebody would type them, by answer. A form all of whose questions are known is passed; one that asks more shows what is known; a value
// that does not do is asked like any other, with the sentence that says why. What only its own page can ask is left out.
func (d *Definition) Give(values map[string][]string) State {
	d.whole()
	s := State{Typed: map[string][]string{}}
	for _, a := range d.answers {
		if v := values[a.id]; len(v) == 1 && v[0] != "" && slices.Contains(shareable(), a.name) {
			s.Typed[a.id] = []string{shorten(v[0], maxTyped)}
			s.Given = append(s.Given, a.id)
		}
	}
	return s
}

// Begin is Start from a state that Give made.
func (d *Definition) Begin(s State, env Env) (State, []Effect, error) {
	r := d.run(s, env)
	if err := r.forward(0); err != nil {
		return State{}, nil, err
	}
	return r.s, r.effects, nil
}

// passesGiven reports a form that asks nothing that is not known, for a resident who is proven well enough.
func (r *run) passesGiven(st *step) bool {
	if st.kind != kindForm || len(r.s.Given) == 0 || r.needed(st) > r.env.Me.Level {
		return false
	}
	fields, err := r.fields(st)
	if err != nil {
		return false
	}
	known := false
	for _, a := range fields {
		if _, locked := r.locked(a); locked {
			continue
		}
		if !slices.Contains(r.s.Given, a.id) {
			return false
		}
		known = true
	}
	return known
}

// takeGiven passes a form with what is known of it; false when it has to be looked at. Either way it is known only once: who comes back
// to the page wants to see it.
func (r *run) takeGiven(st *step) (bool, error) {
	if !r.passesGiven(st) {
		return false, nil
	}
	values := map[string][]string{}
	for _, f := range st.fields {
		if typed, ok := r.s.Typed[f.answer.id]; ok {
			values[f.answer.id] = typed
		}
		r.s.Given = slices.DeleteFunc(slices.Clone(r.s.Given), func(id string) bool { return id == f.answer.id })
	}
	stay, err := r.takeForm(st, values)
	if fault.Is(err, fault.KindInvalid) {
		return false, nil
	}
	if err != nil || stay {
		return false, err
	}
	r.left(st.id)
	return true, nil
}
