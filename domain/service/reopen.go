package service

import (
	"slices"
	"strings"
	"time"

	"zhijian/ground/fault"
)

// appealDef says when a decision can be appealed against (申诉), and what the page must tell besides.
type appealDef struct {
	after  []string // the ends that can be appealed against
	within span     // the time to appeal, from the decision on
	answer span     // the time that a second person has to decide it
	act    bool     // the decision is an administrative act: reconsideration and the courts are open too
}

// Appeal is what a resident can do about a decision.
type Appeal struct {
	Step    string  // the step at which it was decided
	Act     bool    // an administrative act: 行政复议法 (2023) 20 and 行政诉讼法 46 apply
	Changes bool    // who decides the appeal can decide the matter otherwise; without it they can only have it decided anew
	Fields  []Field // what staff fill in to decide otherwise
	Rows    []Row   // what the decision was made on
	def     *appealDef
}

// Until is the last moment to appeal against a decision of a moment: whole working days after it.
func (a Appeal) Until(decided time.Time) time.Time { return decided.Add(a.def.within.after(decided)) }

// Due is when an appeal of a moment must be decided.
func (a Appeal) Due(made time.Time) time.Time { return made.Add(a.def.answer.after(made)) }

// Appeal tells whether the end of a case can be appealed against, whatever the day.
func (d *Definition) Appeal(s State, env Env) (Appeal, bool) {
	d.whole()
	r := d.run(s, env)
	st := r.decider()
	if st == nil {
		return Appeal{}, false
	}
	a := Appeal{Step: st.id, Act: d.appeal.act, Changes: st.kind == kindReview, def: d.appeal}
	if a.Changes {
		w := &writer{run: r, sc: r.scene()}
		w.fieldsOf(st)
		a.Fields, a.Rows = w.v.Fields, w.rows(st.rows, w.sc)
	}
	return a, true
}

// Appeals reports whether some decision of the service can be appealed against.
func (d *Definition) Appeals() bool {
	d.whole()
	return d.appeal != nil
}

// Corrects reports whether what was sent can be put right while it is decided.
func (d *Definition) Corrects() bool {
	d.whole()
	return d.correct != nil
}

// decider is the step at which a case was decided against its resident, nil when that cannot be appealed against.
func (r *run) decider() *step {
	if r.d.appeal == nil || !slices.Contains(r.d.appeal.after, r.s.End) {
		return nil
	}
	if id, ok := strings.CutPrefix(r.s.Note, noteRefused+":"); ok && r.s.End == EndRefused {
		if i, known := r.d.index[id]; known {
			return r.d.steps[i]
		}
		return nil
	}
	i, ok := r.d.index[r.s.End]
	if !ok {
		return nil // nobody decided: the office was silent, or no answer came
	}
	for _, st := range slices.Backward(r.d.steps[:i]) {
		if st.kind == kindSubmit && r.s.Facts[st.id] != nil || st.kind == kindReview && r.s.Facts[st.id] != nil {
			return st
		}
	}
	return nil
}

// reopen takes what came of an appeal that was not dismissed: the matter is decided otherwise at the step that refused it, or decided anew
// there. What was given back is asked for again first: a place to choose, a payment to make.
func (r *run) reopen(in Reopen) error {
	st := r.decider()
	if st == nil {
		return fault.Conflict("service.appeal", "这个办件没有可以申诉的决定")
	}
	switch in.What {
	case ReopenChanged:
		if st.kind != kindReview {
			return fault.Invalid("appeal.changed", "这个决定是别的系统作出的，只能维持或退回重办").On("outcome")
		}
		if _, err := r.takeForm(st, in.Values); err != nil {
			return err
		}
	case ReopenBack:
	default:
		return fault.Invalid("appeal.outcome", "请选申诉结果").On("outcome")
	}
	for _, p := range r.d.steps[st.pos:] {
		if p.kind == kindSubmit || p.stays() {
			delete(r.s.Facts, p.id)
		}
	}
	if in.What == ReopenChanged {
		r.s.Facts[st.id] = map[string]any{"verdict": string(VerdictAccept), "reason": strings.TrimSpace(in.Reason), "at": r.env.Now.Format(time.RFC3339)}
	}
	r.s.End, r.s.Note, r.s.Reason, r.s.More = "", "", "", ""
	from := st.pos
	for _, p := range slices.Backward(r.d.steps[:st.pos]) {
		switch {
		case p.kind == kindPay && boolOf(r.s.Facts[p.id], "refunded"):
			delete(r.s.Facts, p.id)
			from = p.pos
		case p.kind == kindBook && r.s.Answers[p.answer.id] != nil && r.s.Facts[p.id] == nil:
			delete(r.s.Answers, p.answer.id)
			from = p.pos
		}
	}
	r.cut(r.d.steps[from].id)
	return r.forward(from)
}
