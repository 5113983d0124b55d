package service

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"zhijian/ground/fault"
)

// arriveStay begins to wait for somebody outside, unless that is over already.
func (r *run) arriveStay(st *step) (bool, error) {
	if _, known := r.s.Facts[st.id]; known {
		over, err := r.ends(st)
		if over || err != nil {
			return err != nil, err
		}
	}
	r.next(st.id)
	return true, r.stay(st, 0)
}

// stay waits on: for a member of staff or an event until the step's time is over, for an office that is asked by turns until the next.
func (r *run) stay(st *step, turn time.Duration) error {
	phase := phaseWaiting
	if st.kind == kindReview {
		phase = phaseReviewing
	}
	if st.call == nil {
		turn = st.within.after(r.env.Now)
	}
	return r.await(phase, turn)
}

// ends reports whether what is known ends a wait.
func (r *run) ends(st *step) (bool, error) {
	if st.until == nil {
		return true, nil
	}
	over, err := st.until.truth(r.scene())
	if err != nil {
		return false, r.fail(st, err)
	}
	return over, nil
}

// happened takes the outside event of a step that waits, late ones too.
func (r *run) happened(st *step, o Outcome) error {
	if !r.told(st, o) {
		return errHappened(st)
	}
	moved, err := r.moveOn(st)
	if !moved && r.s.Stuck && err == nil {
		// An event that came late but does not end the wait: somebody is at work after all.
		r.s.Stuck, r.s.Since = false, r.env.Now
		r.next(st.id)
		return r.stay(st, st.every)
	}
	return err
}

func errHappened(st *step) error {
	return fault.Invalid("service.happened", "消息的内容与“%s”这一步要的不一样，请按服务声明的各项重报", st.id).On(st.id)
}

// told keeps what somebody outside said; false when it is of another shape.
func (r *run) told(st *step, o Outcome) bool {
	raw := normal(o.Data)
	data, ok := st.facts.conform(raw)
	if ok {
		r.s.Facts[st.id] = st.facts.marked(data, raw)
	}
	return ok
}

// moveOn leaves a wait when what is known ends it or asks the resident for more.
func (r *run) moveOn(st *step) (moved bool, err error) {
	if reason := textOf(r.s.Facts[st.id], "more"); st.more != "" && reason != "" {
		r.askMore(st, reason)
		return true, nil
	}
	over, err := r.ends(st)
	if !over || err != nil {
		return false, err
	}
	r.s.Stuck = false
	return true, r.forward(st.pos + 1)
}

// watched takes an office's answer to the question how far it is, and asks again by and by. When the step's time is over a person must
// look.
func (r *run) watched(st *step, o Outcome) error {
	turn := st.every
	if o.Kind == OutcomeAnswered && r.told(st, o) {
		r.s.Down, r.s.Tries = false, 0
		if moved, err := r.moveOn(st); moved || err != nil {
			return err
		}
	} else {
		r.s.Down = true
		r.s.Tries++
		turn = max(turn, backoff(r.s.Tries+2))
	}
	if !r.env.Now.Before(r.s.Since.Add(st.within.after(r.s.Since))) {
		return r.stop()
	}
	r.next(st.id)
	return r.stay(st, turn)
}

// askMore sends the resident back to a supply step. What was filed and decided since is filed and decided anew.
func (r *run) askMore(st *step, reason string) {
	to := r.d.steps[r.d.index[st.more]]
	for _, s := range r.d.steps[to.pos : st.pos+1] {
		if s.kind == kindSubmit || s.stays() {
			delete(r.s.Facts, s.id)
		}
	}
	r.goTo(to.id, noteMore, reason)
	r.s.More, r.s.Stuck = to.id, false
}

// Bounds of what staff write to a resident, in characters.
const minReason, maxReason = 2, 500

// review takes what a member of staff decided.
func (r *run) review(in Review) error {
	st := r.step()
	if st != nil && st.kind == kindReview && in.Step == st.id && r.s.Recalling() {
		return fault.Conflict("review.recalling", "申请人正在撤回，部门的系统答复以后才知道要不要再审核")
	}
	if st == nil || st.kind != kindReview || in.Step != st.id || r.s.Phase != phaseReviewing || r.s.End != "" {
		return errStep()
	}
	if in.Corrected != r.s.Corrected {
		return fault.Conflict("review.corrected", "申请人刚刚更正了内容，请看过更正再审核")
	}
	if !slices.Contains([]Verdict{VerdictAccept, VerdictRefuse, VerdictMore}, in.Verdict) {
		return fault.Invalid("review.verdict", "请选审核结论").On("verdict")
	}
	reason := strings.TrimSpace(in.Reason)
	if n := utf8.RuneCountInString(reason); in.Verdict != VerdictAccept && (n < minReason || n > maxReason) || n > maxReason {
		return fault.Invalid("review.reason", "请写明理由，2 到 500 个字，申请人会看到").On("reason")
	}
	switch in.Verdict {
	case VerdictAccept:
		if _, err := r.takeForm(st, in.Values); err != nil {
			return err
		}
	case VerdictMore:
		if st.more == "" {
			return fault.Invalid("review.more", "这项服务没有补正这一步，请选其他结论").On("verdict")
		}
		r.askMore(st, reason)
		return nil
	}
	r.s.Stuck = false
	r.s.Facts[st.id] = map[string]any{"verdict": string(in.Verdict), "reason": reason, "at": r.env.Now.Format(time.RFC3339)}
	if in.Verdict == VerdictRefuse {
		return r.refuse(noteRefused+":"+st.id, reason, st.refused.back)
	}
	return r.forward(st.pos + 1)
}

func reviewShape(id string) *shape {
	return object(id, member{"verdict", scalar("text")}, member{"reason", scalar("text")}, member{"at", scalar("time")})
}

// parcelShape is what couriers tell of a parcel: state is "waiting", "underway", "signed" or "returned"; events are in order of time.
func parcelShape(id string) *shape {
	event := object(id+".event", member{"at", scalar("time")}, member{"text", scalar("text")}, member{"place", scalar("text")})
	return object(
		id, member{"carrier", scalar("text")}, member{"number", scalar("text")}, member{"state", scalar("text")}, member{"at", scalar("time")},
		member{"events", &shape{kind: "list", elem: event}},
	)
}

// Awaits reports whether a definition has a step that waits for the outside event of this name, whether that is over in a case, and
// whether the case stands there now.
func (d *Definition) Awaits(s State, name string) (known, over, now bool) {
	d.whole()
	i, ok := d.index[name]
	if !ok || d.steps[i].kind != kindWait && d.steps[i].kind != kindDeliver {
		return false, false, false
	}
	now = s.Step == name && (s.Phase == phaseWaiting || s.Recalling()) && s.End == ""
	_, told := s.Facts[name]
	return true, told && !now, now
}

// Filed reports whether anything was handed to an office, whether or not it took effect.
func (d *Definition) Filed(s State) bool {
	d.whole()
	return slices.ContainsFunc(d.steps, func(st *step) bool { return st.kind == kindSubmit && s.Round[st.id] > 0 })
}

// Brief is what staff see of a case at a review step, in one language: what the definition shows them, and nothing else.
type Brief struct {
	Step   string
	Title  string
	Rows   []Row
	Fields []Field // what staff fill in to accept
	More   bool    // the resident can be asked for more
	// Corrected is State.Corrected, which the decision must name.
	Corrected int
	Since     time.Time
	Until     time.Time // when the step's time is over
}

// Brief gives what staff decide on; ok is false when the case waits for no decision.
func (d *Definition) Brief(s State, env Env) (_ Brief, ok bool) {
	r := d.run(s, env)
	st := r.step()
	if st == nil || st.kind != kindReview || s.Phase != phaseReviewing || s.End != "" {
		return Brief{}, false
	}
	w := &writer{run: r, sc: r.scene()}
	w.fieldsOf(st)
	return Brief{
		Step: st.id, Title: st.name.in(w.sc), Rows: w.rows(st.rows, w.sc), Fields: w.v.Fields, More: st.more != "", Since: s.Since, Corrected: s.Corrected,
		Until: s.Since.Add(st.within.after(s.Since)),
	}, true
}
