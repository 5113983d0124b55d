package service

import (
	"slices"
	"time"

	"zhijian/ground/fault"
)

// recallDef says until which step what was filed can be taken back (撤回).
type recallDef struct {
	until int  // position of the last step that stays at which it may be done
	name  Text // what it is called where it has a name of its own: 撤诉, 退出摇号
}

// Recalling is what a case keeps while the offices are asked to let go of what was filed: the wait that it goes back to when they do not.
type Recalling struct {
	Phase string    `json:"phase"`
	Since time.Time `json:"since,omitzero"`
	Due   time.Time `json:"due,omitzero"`
	Down  bool      `json:"down,omitempty"`
	Tries int       `json:"tries,omitempty"`
	Stuck bool      `json:"stuck,omitempty"`
	// Gone lists the submit steps whose filing an office has let go of, in the order they were asked.
	Gone []string `json:"gone,omitempty"`
}

// Recalls reports whether what is filed can be taken back at some step of the service.
func (d *Definition) Recalls() bool {
	d.whole()
	return d.recall != nil
}

// RecallName is what taking back is called in this service; empty where it has no name of its own.
func (d *Definition) RecallName(lang string) string {
	d.whole()
	if d.recall == nil {
		return ""
	}
	return d.recall.name.In(lang)
}

// Recallable reports whether the resident can have what was filed taken back now.
func (d *Definition) Recallable(s State, env Env) bool { return d.run(s, env).recallable() }

// Recalling reports whether an office is being asked to let go of what was filed.
func (s State) Recalling() bool { return s.Phase == phaseRecalling }

// recallable reports whether what was filed can be taken back now: a filing took effect, and the case waits no later than the definition says.
func (r *run) recallable() bool {
	st := r.step()
	return r.d.recall != nil && st != nil && st.stays() && st.pos <= r.d.recall.until && r.s.End == "" && (r.s.Waiting || r.s.Stuck) &&
		(r.s.Phase == phaseWaiting || r.s.Phase == phaseReviewing) && r.filing() != nil
}

// filing is the latest filing that took effect and that no office has let go of, nil for none. What was filed last goes first: it rests on
// what was filed before it, and an office that keeps it leaves everything standing.
func (r *run) filing() *step {
	st := r.step()
	if st == nil {
		return nil
	}
	for _, p := range slices.Backward(r.d.steps[:st.pos]) {
		if p.kind == kindSubmit && r.s.Facts[p.id] != nil && (r.s.Recall == nil || !slices.Contains(r.s.Recall.Gone, p.id)) {
			return p
		}
	}
	return nil
}

// recall begins to take back what was filed: its offices are asked first, place and money follow when they have let go.
func (r *run) recall() error {
	if r.s.Recalling() {
		return nil
	}
	if !r.recallable() {
		return fault.Conflict("service.recall", "现在不能撤回：还没有提交，或者部门已经办到不能撤回的一步")
	}
	r.s.Recall = &Recalling{Phase: r.s.Phase, Since: r.s.Since, Due: r.s.Due, Down: r.s.Down, Tries: r.s.Tries, Stuck: r.s.Stuck}
	r.s.Stuck, r.s.Note, r.s.Reason = false, "", ""
	return r.askBack()
}

// askBack asks the office of the latest filing to let go of it.
func (r *run) askBack() error {
	r.s.Tries, r.s.Down = 0, false
	r.next(r.filing().id)
	return r.await(phaseRecalling, 0)
}

// recalled takes what an office said to letting go.
func (r *run) recalled(o Outcome) error {
	f := r.filing()
	switch o.Kind {
	case OutcomeAnswered:
		was := *r.s.Recall
		was.Gone = append(slices.Clone(was.Gone), f.id)
		r.s.Recall = &was
		if r.filing() != nil {
			return r.askBack()
		}
		return r.letGo()
	case OutcomeRefused:
		if len(r.s.Recall.Gone) > 0 {
			// Half of it is gone: neither the old way nor the way back is whole, so a person must look.
			r.s.Note, r.s.Reason = noteKept, o.Reason
			return r.stop()
		}
		return r.waitOn(o.Reason)
	}
	r.s.Tries++
	r.s.Down = true
	if r.s.Tries >= f.tries {
		return r.stop()
	}
	r.next(f.id)
	return r.await(phaseRecalling, backoff(r.s.Tries))
}

// stop leaves a case for a person to look at.
func (r *run) stop() error {
	r.s.Stuck, r.s.Waiting, r.s.Due = true, false, time.Time{}
	return nil
}

// letGo gives place and money back after the offices have let go, and ends the case as withdrawn.
func (r *run) letGo() error { return r.refuse("", "", "") }

// waitOn goes back to the wait that the resident wanted to leave: its time has run on. What came meanwhile was kept and moves the case now.
func (r *run) waitOn(reason string) error {
	st, was := r.step(), r.s.Recall
	r.s.Recall, r.s.Note, r.s.Reason = nil, noteKept, reason
	r.s.Phase, r.s.Since, r.s.Due, r.s.Down, r.s.Tries = was.Phase, was.Since, was.Due, was.Down, was.Tries
	r.s.Waiting, r.s.Stuck = !was.Stuck, was.Stuck
	if r.s.Facts[st.id] != nil && st.kind != kindReview {
		if moved, err := r.moveOn(st); moved || err != nil {
			return err
		}
	}
	if was.Stuck {
		return nil
	}
	// The turn or alarm that was set before found nobody waiting for it, so it is set anew.
	r.next(st.id)
	e, ok := r.awaited()
	if !ok {
		return r.stop()
	}
	if err := r.fill(&e); err != nil {
		return err
	}
	r.effects = append(r.effects, e)
	return nil
}

// meanwhile keeps what somebody outside said while the case is being taken back: an event that came, or the answer of an office that had been
// asked how far it is. It reports whether the outcome was one.
func (r *run) meanwhile(st *step, o Outcome) (bool, error) {
	if st == nil || !r.s.Recalling() || o.Step != st.id || o.Kind != OutcomeAnswered || st.kind == kindReview {
		return false, nil
	}
	switch {
	case o.Effect == "":
		if !r.told(st, o) {
			return true, errHappened(st)
		}
	case o.Effect == EffectAsk && o.Attempt == r.s.Attempt[st.id]:
		r.told(st, o) // an answer of another shape is none
	default:
		return false, nil
	}
	return true, nil
}

// ruleRecall takes what a member of staff decided about a recall that is stuck: ask again, or let go because the office confirmed that it has.
// done is false for the rulings that do not differ from those of any other stuck wait: the office did it all the same.
func (r *run) ruleRecall(in Ruling) (done bool, err error) {
	switch in.What {
	case "retry", "refund":
		return true, r.askBack()
	case "unsettled":
		return true, r.letGo()
	case "done":
		r.s.Recall = nil
		if st := r.step(); r.s.Facts[st.id] != nil && st.kind != kindReview {
			return r.moveOn(st)
		}
	}
	return false, nil
}
