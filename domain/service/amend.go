package service

import (
	"maps"
	"slices"
	"strings"
	"time"

	"zhijian/ground/fault"
)

// amendDef says how long a mistake in a finished result can be pointed out (结果更正), and in what time that is answered.
type amendDef struct{ within, answer span }

// Amendable is a finished result in which a mistake can be put right.
type Amendable struct {
	Step   string  // the step that made it
	Title  string  // what the result says
	Rows   []Row   // and shows
	Fields []Field // what staff filled in to make it, as it stands; empty when an office made it
	Office string  // the name of the office that made it, which puts right its own and is asked anew; empty when staff did
	Ask    Effect  // that question
	def    *amendDef
}

// Until is the last moment to point out a mistake in a result of a moment.
func (a Amendable) Until(ended time.Time) time.Time { return ended.Add(a.def.within.after(ended)) }

// Due is when a mistake that was pointed out at a moment must be answered.
func (a Amendable) Due(said time.Time) time.Time { return said.Add(a.def.answer.after(said)) }

// Amends reports whether a mistake in some result of the service can be put right.
func (d *Definition) Amends() bool {
	d.whole()
	return d.amend != nil
}

// Amendable tells whether a mistake in the end of a case can be put right, whatever the day.
func (d *Definition) Amendable(s State, env Env) (Amendable, bool) {
	d.whole()
	r := d.run(s, env)
	st := r.maker()
	if st == nil {
		return Amendable{}, false
	}
	v := r.finished()
	a := Amendable{Step: st.id, Title: v.Title, Rows: v.Rows, def: d.amend}
	if st.kind == kindReview {
		w := &writer{run: r, sc: r.scene()}
		w.fieldsOf(st)
		a.Fields = w.v.Fields
		return a, true
	}
	a.Office = (&writer{run: r, sc: r.scene()}).office(st)
	a.Ask = Effect{Kind: EffectAsk, Step: st.id, Office: st.call.office}
	call := st.call
	if st.kind == kindSubmit {
		a.Ask.Kind, call = EffectTrace, st.settled
	}
	with, err := r.with(call, st)
	if err != nil {
		return Amendable{}, false
	}
	if st.kind == kindSubmit {
		with["key"] = r.officeKey(st.id)
	}
	a.Ask.Call, a.Ask.With = call.call, with
	return a, true
}

// Amended says what two states of one case differ in, as the resident reads it: by what staff filled in, or by what the result shows.
func (d *Definition) Amended(was, now State, env Env) []Corrected {
	d.whole()
	a, b := d.run(was, env), d.run(now, env)
	st := b.maker()
	if st == nil {
		return nil
	}
	if st.kind != kindReview {
		return retoldRows(a.finished(), b.finished(), phrased(env.Lang, "result"))
	}
	before, after := &writer{run: a, sc: a.scene()}, &writer{run: b, sc: b.scene()}
	var out []Corrected
	for _, f := range st.fields {
		x, y := before.answerRow(f.answer, before.sc), after.answerRow(f.answer, after.sc)
		if digest(was.Answers[f.answer.id]) != digest(now.Answers[f.answer.id]) {
			out = append(out, Corrected{Label: y.Label, Was: x.Value, Now: y.Value})
		}
	}
	return out
}

// finished draws the result of a case that ended, whoever may see its pages now.
func (r *run) finished() View {
	st := r.d.steps[r.d.index[r.s.End]]
	w := &writer{run: r, sc: r.scene()}
	w.v = View{Title: st.title.in(w.sc), Lead: st.lead.in(w.sc)}
	w.result(st)
	return w.v
}

// retoldRows says what two results differ in; what is in no row stands under label.
func retoldRows(was, now View, label string) (out []Corrected) {
	for i, row := range now.Rows {
		before := "—"
		if len(was.Rows) == len(now.Rows) {
			before = was.Rows[i].Value
		} else if j := slices.IndexFunc(was.Rows, func(x Row) bool { return x.Label == row.Label }); j >= 0 {
			before = was.Rows[j].Value
		}
		if before != row.Value {
			out = append(out, Corrected{Label: row.Label, Was: before, Now: row.Value})
		}
	}
	for _, said := range [][2]string{{was.Title, now.Title}, {was.Lead, now.Lead}, {strings.Join(was.Next, " "), strings.Join(now.Next, " ")}} {
		if said[0] != said[1] {
			out = append(out, Corrected{Label: label, Was: said[0], Now: said[1]})
		}
	}
	return out
}

// maker is the step that made the result of a case that ended well: the last review of which the result shows what staff filled in, or else the
// last step of which it shows what an office outside told. nil when no mistake in it can be put right.
func (r *run) maker() *step {
	i, ok := r.d.index[r.s.End]
	if r.d.amend == nil || !ok || r.d.ended(r.s.End) != StandDone {
		return nil
	}
	var office *step
	for _, st := range slices.Backward(r.d.steps[:i]) {
		switch {
		case r.s.Facts[st.id] == nil || !st.makes(r.d.steps[i]):
		case st.kind != kindReview:
			if office == nil {
				office = st
			}
		case textOf(r.s.Facts[st.id], "verdict") == string(VerdictAccept):
			if fields, err := r.fields(st); err == nil && len(fields) > 0 {
				return st
			}
		}
	}
	return office
}

// makes reports whether a result shows what staff filled in at a step, or what an office outside told there and can be asked again.
func (s *step) makes(result *step) bool {
	switch {
	case s.kind == kindReview:
		return slices.ContainsFunc(s.fields, func(f fieldDef) bool { return result.tells(f.answer.id) })
	case s.kind == kindSubmit && s.settled != nil, s.kind == kindWait && s.call != nil:
		return result.tells(s.id)
	}
	return false
}

// tells reports whether what a result says or shows reads a name.
func (s *step) tells(name string) bool {
	reads := func(e *expr) bool {
		return e != nil && (slices.Contains(e.refs, name) || slices.Contains(e.refs, "answers."+name))
	}
	said := func(t template) bool { return slices.ContainsFunc(t.zh, func(p part) bool { return reads(p.e) }) }
	return said(s.title) || said(s.lead) || slices.ContainsFunc(s.next, said) ||
		slices.ContainsFunc(s.rows, func(d rowDef) bool {
			return reads(d.value) || reads(d.each) || said(d.text) || slices.ContainsFunc(d.lines, said) || d.answer != nil && d.answer.id == name
		})
}

// amend puts a mistake in a finished result right. It changes what staff filled in at the step that made the result, or what its office told there,
// and nothing else: everything that was told, paid or passed on the way must come out the same.
func (r *run) amend(in Amend) error {
	st := r.maker()
	if st == nil {
		return fault.Conflict("service.amend", "这个办件没有可以更正的结果")
	}
	before := r.d.run(r.s, r.env)
	if st.kind == kindReview {
		if _, err := r.takeForm(st, in.Values); err != nil {
			return err
		}
	} else if !r.retold(st, in.Data) {
		return fault.Conflict("service.amend.unsaid", "对方系统没有给出可用的结果，没有更正")
	}
	if len(r.d.Amended(before.s, r.s, r.env)) == 0 {
		return fault.Conflict("service.amend.same", "和原来的一样，没有可以更正的。办理部门的系统出的结果，要先在那里改好")
	}
	for _, p := range r.d.steps[:r.d.index[r.s.End]+1] {
		err := r.sameAt(p, before)
		if fault.Is(err, fault.KindConflict) {
			return fault.Conflict("service.amend.more", "这样改，交的钱、告诉过部门的内容或走过的步骤就不一样了，不是改错，不能在这里更正。要改变结果，请走申诉")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// retold takes what an office says anew of what it told before. A member that it does not name now stands. false when it takes back that
// it did what was asked, or says nothing that can be read.
func (r *run) retold(st *step, data map[string]any) bool {
	raw, _ := normal(data).(map[string]any)
	now, ok := st.facts.conform(raw)
	fresh, isObject := now.(map[string]any)
	if !ok || !isObject || st.kind == kindSubmit && raw[st.yes] != true {
		return false
	}
	old, _ := r.s.Facts[st.id].(map[string]any)
	out := maps.Clone(old)
	for _, m := range st.facts.fields {
		if raw[m.name] != nil {
			out[m.name] = fresh[m.name]
		}
	}
	if missing, some := out[keyUnstated].([]any); some {
		missing = slices.DeleteFunc(slices.Clone(missing), func(m any) bool { name, _ := m.(string); return raw[name] != nil })
		if out[keyUnstated] = missing; len(missing) == 0 {
			delete(out, keyUnstated)
		}
	}
	r.s.Facts[st.id] = out
	if st.kind != kindWait {
		return true
	}
	over, err := r.ends(st)
	return err == nil && over && textOf(out, "more") == ""
}
