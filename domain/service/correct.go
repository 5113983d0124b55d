package service

import (
	"slices"

	"zhijian/ground/fault"
)

// correctDef says what a resident may put right while staff decide, and until which step.
type correctDef struct {
	answers []*answer
	until   int // position of the last step at which it may be done
}

// Corrected is one answer that was put right, in words.
type Corrected struct {
	Label string `json:"label"`
	Was   string `json:"was"`
	Now   string `json:"now"`
}

// correctable reports whether what was sent may be put right now: the case waits for staff or an office, no later than the definition says.
func (r *run) correctable() bool {
	st, c := r.step(), r.d.correct
	return c != nil && st != nil && st.stays() && st.pos <= c.until && r.s.End == "" && (r.s.Waiting || r.s.Stuck) &&
		(r.s.Phase == phaseReviewing || r.s.Phase == phaseWaiting)
}

// corrigible lists the answers that were asked on the way here and may be put right.
func (r *run) corrigible() ([]fieldDef, error) {
	var out []fieldDef
	for _, st := range r.d.steps {
		if st.kind != kindForm && st.kind != kindSupply || !slices.Contains(r.s.Trail, st.id) {
			continue
		}
		fields, err := r.fields(st)
		if err != nil {
			return nil, err
		}
		for _, a := range fields {
			if slices.Contains(r.d.correct.answers, a) {
				out = append(out, fieldDef{answer: a})
			}
		}
	}
	return out, nil
}

// Correctable gives the questions whose answers the resident may put right now, filled in; empty for none.
func (d *Definition) Correctable(s State, env Env) []Field {
	d.whole()
	r := d.run(s, env)
	if !r.correctable() {
		return nil
	}
	fields, err := r.corrigible()
	if err != nil {
		return nil
	}
	w := &writer{run: r, sc: r.scene()}
	w.fieldsOf(&step{kind: kindForm, id: s.Step, fields: fields})
	return w.v.Fields
}

// Corrections says what two states of one case differ in, by the answers that may be put right.
func (d *Definition) Corrections(was, now State, env Env) []Corrected {
	d.whole()
	if d.correct == nil {
		return nil
	}
	var out []Corrected
	a, b := d.run(was, env), d.run(now, env)
	before, after := &writer{run: a, sc: a.scene()}, &writer{run: b, sc: b.scene()}
	for _, q := range d.correct.answers {
		x, y := before.answerRow(q, before.sc), after.answerRow(q, after.sc)
		if digest(was.Answers[q.id]) != digest(now.Answers[q.id]) {
			out = append(out, Corrected{Label: x.Label, Was: x.Value, Now: y.Value})
		}
	}
	return out
}

// correct takes answers that the resident puts right while somebody decides. What was paid, and what an office was told, stands on the
// old answers: a correction that would change either is refused, and so is one that would have led another way.
func (r *run) correct(in Correct) error {
	if !r.correctable() {
		return fault.Conflict("service.correct", "现在不能更正：还没有提交，或者已经有了结果")
	}
	st := r.step()
	fields, err := r.corrigible()
	if err != nil {
		return err
	}
	before := r.d.run(r.s, r.env)
	values := map[string][]string{}
	for _, f := range fields {
		values[f.answer.id] = r.s.Typed[f.answer.id]
		if typed, sent := in.Values[f.answer.id]; sent {
			values[f.answer.id] = typed
		}
	}
	if _, err := r.takeForm(&step{kind: kindForm, id: st.id, fields: fields}, values); err != nil {
		return err
	}
	if digest(before.s.Answers) == digest(r.s.Answers) {
		r.s = before.s
		return nil
	}
	for _, p := range r.d.steps[:st.pos] {
		if err := r.sameAt(p, before); err != nil {
			return err
		}
	}
	if again, err := r.applies(st); err != nil || !again {
		return errOtherWay()
	}
	r.s.Corrected++
	return nil
}

func errOtherWay() error {
	return fault.Conflict("service.otherway", "这样改，要走的步骤就不一样了，不能直接更正。可以先撤回，再重新办理")
}

// sameAt wants a step behind to be as it was before the correction: passed or not, asking the same, told the same, costing the same.
func (r *run) sameAt(p *step, before *run) error {
	was, err := before.applies(p)
	if err != nil {
		return err
	}
	now, err := r.applies(p)
	switch {
	case err != nil:
		return err
	case was != now:
		return errOtherWay()
	case !now:
		return nil
	}
	switch p.kind {
	case kindForm, kindSupply:
		x, err1 := before.fields(p)
		y, err2 := r.fields(p)
		if err1 != nil || err2 != nil || !slices.Equal(x, y) {
			return errOtherWay()
		}
	case kindChoose, kindBook:
		if stands, err := r.stands(p); err != nil || !stands {
			return errOtherWay()
		}
	case kindPay:
		x, err1 := before.price(p)
		y, err2 := r.price(p)
		if err1 != nil || err2 != nil || x != y {
			return fault.Conflict("service.fee", "这样改，要交的费用就变了，不能直接更正。已经交的钱不会变；可以联系部门退回后重新办理")
		}
	}
	if p.call == nil {
		return nil
	}
	x, err1 := before.with(p.call, p)
	y, err2 := r.with(p.call, p)
	if err1 != nil || err2 != nil || digest(x) != digest(y) {
		return fault.Conflict("service.told", "这一项已经告诉了办理部门，不能直接更正。请打办理部门的电话更正")
	}
	return nil
}
