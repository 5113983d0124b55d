package service

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"zhijian/ground/fault"
)

// Notes on the page a resident was sent back to.
const (
	noteRefused = "refused" // with ":step" after it
	noteUnknown = "unknown" // with ":step" after it
	noteTaken   = "taken"
	noteTwice   = "twice"
	noteExpired = "expired"
	noteClosed  = "closed"
	noteMore    = "more"   // somebody asked for more; the reason is what
	noteSilent  = "silent" // the office never confirmed, and the filing was called off
	noteKept    = "kept"   // the office did not let go of what the resident wanted to take back; the reason is its sentence
)

// outcome takes what became of an effect. What is not awaited changes nothing.
func (r *run) outcome(o Outcome) error {
	switch o.Kind {
	case OutcomePaid:
		return r.paid(o)
	case OutcomeClosed:
		return r.closed(o)
	case OutcomeExpired:
		return r.expired(o)
	}
	st := r.step()
	if kept, err := r.meanwhile(st, o); kept {
		return err
	}
	if st != nil && r.s.Phase == phaseWaiting && r.s.End == "" && o.Effect == "" && o.Step == st.id && o.Kind == OutcomeAnswered {
		return r.happened(st, o)
	}
	e, ok := r.awaited()
	if !ok || o.Step != e.Step || o.Attempt != e.Attempt || (o.Effect != "" && o.Effect != e.Kind) {
		return nil
	}
	switch e.Kind {
	case EffectAsk:
		if st.stays() {
			return r.watched(st, o)
		}
		return r.asked(st, o)
	case EffectFile, EffectTrace, EffectVoid:
		if r.s.Recalling() {
			return r.recalled(o)
		}
		return r.filed(st, e.Kind, o)
	case EffectOrder:
		return r.ordered(st, o)
	case EffectRefund:
		return r.refunded(o)
	case EffectHold:
		return r.heldOr(st, o)
	case EffectConfirm:
		if o.Kind == OutcomeDone {
			r.edit(e.Step, map[string]any{"confirmed": true})
			return r.forward(st.pos)
		}
	case EffectRelease:
		if o.Kind == OutcomeDone {
			return r.released()
		}
	case EffectDue:
		if o.Kind == OutcomeDone {
			return r.stop()
		}
	}
	return nil
}

// asked takes an office's answer to a look-up.
func (r *run) asked(st *step, o Outcome) error {
	switch o.Kind {
	case OutcomeAnswered:
		raw := normal(o.Data)
		data, ok := st.facts.conform(raw)
		if !ok {
			return r.silent(st, o)
		}
		if m, isObject := raw.(map[string]any); isObject && m["known"] == false && !st.unknown.empty() {
			delete(r.s.Asked, st.id)
			return r.sendBack(noteUnknown+":"+st.id, "")
		}
		if r.env.Offer.Offices[st.call.office].Datum == DatumGCJ02 {
			data = st.facts.straightened(data)
		}
		kept, err := r.hidden(st, st.enough(data))
		if err != nil {
			return err
		}
		r.s.Facts[st.id] = kept
		return r.forward(st.pos + 1)
	case OutcomeRefused:
		delete(r.s.Asked, st.id)
		if st.refused.back != "" {
			r.goTo(st.refused.back, noteRefused+":"+st.id, o.Reason)
			return nil
		}
		return r.sendBack(noteRefused+":"+st.id, o.Reason)
	case OutcomeDown:
		return r.silent(st, o)
	case OutcomeLimited:
		r.s.Reason = o.Reason
		r.end(EndLimited)
	}
	return nil
}

// silent notes that a look-up has no answer, and asks again later when the definition says so.
func (r *run) silent(st *step, o Outcome) error {
	if !r.s.Down {
		r.s.Since = r.env.Now
		if t := timeOf(normal(o.Data), "since"); !t.IsZero() && t.Before(r.env.Now) {
			r.s.Since = t
		}
	}
	data := normal(o.Data)
	r.s.Hush, r.s.Again = textOf(data, "why"), timeOf(data, "again")
	r.s.Tries++
	if st.notify && r.s.Tries < maxTries {
		tries, since := r.s.Tries, r.s.Since
		r.next(st.id)
		// A resident is waiting, but a dead system is not helped by haste: 30 s, 2 min, 10 min.
		// One whose quota is used up is not asked before there is some again.
		err := r.await(phaseAsking, max(backoff(tries+2), r.s.Again.Sub(r.env.Now)))
		r.s.Down, r.s.Since = true, since
		return err
	}
	r.s.Down, r.s.Waiting, r.s.Due = true, false, time.Time{}
	return nil
}

// sendBack returns to the last form behind with a note; without one the case ends as refused.
func (r *run) sendBack(note, reason string) error {
	for i := len(r.s.Trail) - 1; i >= 0; i-- {
		if st := r.d.steps[r.d.index[r.s.Trail[i]]]; st.kind == kindForm {
			r.goTo(st.id, note, reason)
			return nil
		}
	}
	r.s.Reason = reason
	r.end(EndRefused)
	return nil
}

// goTo makes an earlier page the present one and forgets the way from there.
func (r *run) goTo(id, note, reason string) {
	r.enter(id)
	r.s.Note, r.s.Reason, r.s.ChangeAt = note, reason, ""
	r.cut(id)
}

// cut shortens the trail to what lies before a step.
func (r *run) cut(id string) {
	pos := r.d.index[id]
	r.s.Trail = slices.DeleteFunc(r.s.Trail, func(t string) bool { return r.d.index[t] >= pos })
}

// filed takes what became of a filing, of the question whether it took effect, or of calling it off.
func (r *run) filed(st *step, kind EffectKind, o Outcome) error {
	var data map[string]any
	if o.Kind == OutcomeAnswered {
		raw, _ := normal(o.Data).(map[string]any)
		took := kind == EffectFile || raw[st.yes] == true
		if fits, ok := st.facts.conform(raw); ok && took {
			r.s.Facts[st.id] = st.facts.marked(fits, raw)
			return r.forward(st.pos + 1)
		}
		data = raw
	}
	switch {
	case kind == EffectFile && o.Kind == OutcomeRefused:
		return r.refuse(noteRefused+":"+st.id, o.Reason, st.refused.back)
	case kind == EffectTrace && o.Kind == OutcomeAnswered && data[st.yes] == false:
		r.next(st.id)
		return r.await(phaseVoiding, 0)
	case kind == EffectVoid && o.Kind == OutcomeAnswered:
		return r.refuse(noteSilent+":"+st.id, "", "")
	}
	// No answer, or one that says nothing: once more later, under the same key.
	r.s.Tries++
	r.s.Down = true
	if r.s.Tries < st.tries {
		tries, since := r.s.Tries, r.s.Since
		r.next(st.id)
		err := r.await(r.s.Phase, backoff(tries))
		r.s.Since = since
		return err
	}
	if kind == EffectFile {
		since := r.s.Since
		r.next(st.id)
		err := r.await(phaseTracing, 0)
		r.s.Down, r.s.Since = true, since
		return err
	}
	return r.stop()
}

// refuse gives back what was taken for a filing that will not be: first the place, then the money.
// back is the page to return to instead of ending; empty to end.
func (r *run) refuse(note, reason, back string) error {
	r.s.Note, r.s.Reason = note, reason
	r.s.With = nil
	r.s.Then = back
	r.s.Stuck = false
	if b := r.place(); b != nil {
		if back == b.id && strings.HasPrefix(note, noteRefused) {
			r.bar(b)
		}
		return r.await(phaseReleasing, 0)
	}
	return r.giveBack()
}

// giveBack goes on after the place is free.
func (r *run) giveBack() error {
	if r.s.Then != "" {
		delete(r.s.Answers, r.answerAt(r.s.Then))
		r.goTo(r.s.Then, r.s.Note, r.s.Reason)
		return nil
	}
	if r.owed() != nil {
		return r.await(phaseRefunding, 0)
	}
	r.endUndone()
	return nil
}

// endUndone ends a case in which nothing is left of what was done: its resident took it back, or it was refused.
func (r *run) endUndone() {
	end, note := EndRefused, r.s.Note
	if r.s.Recall != nil {
		end, note = EndWithdrawn, ""
	}
	r.end(end)
	r.s.Note = note
}

// answerAt is the answer a book step asks, so that a place that was refused is not offered as chosen.
func (r *run) answerAt(id string) string {
	if st := r.d.steps[r.d.index[id]]; st.kind == kindBook {
		return st.answer.id
	}
	return ""
}

// rule takes what a member of staff decided about a stuck case.
func (r *run) rule(in Ruling) error {
	st := r.step()
	if st == nil || !r.s.Stuck || in.Step != st.id || r.s.End != "" {
		return errStep()
	}
	r.s.Stuck, r.s.Down, r.s.Tries = false, false, 0
	if r.s.Recalling() {
		if done, err := r.ruleRecall(in); done || err != nil {
			return err
		}
	}
	switch in.What {
	case "retry":
		r.next(st.id)
		if st.stays() {
			r.s.Since = r.env.Now
			return r.stay(st, 0)
		}
		return r.await(phaseFiling, 0)
	case "done":
		if st.kind == kindReview {
			return fault.Conflict("service.review", "这一步要审核，请审核后再办结")
		}
		data, ok := st.facts.conform(normal(in.Data))
		if !ok {
			return fmt.Errorf("service %s step %s: the ruling's data has another shape", r.d.ID, st.id)
		}
		r.s.Facts[st.id] = st.facts.marked(data, normal(in.Data))
		return r.forward(st.pos + 1)
	case "refund":
		if st.stays() {
			if r.filedBefore(st) {
				return fault.Conflict("service.filed", "这件事部门已经办了，请先请部门撤销，核实后再退款")
			}
			return r.refuse(noteSilent+":"+st.id, "", "")
		}
		// The office may have taken the filing without ever saying so: it must let go of it before the money goes.
		r.next(st.id)
		return r.await(phaseVoiding, 0)
	case "unsettled":
		return r.refuse(noteSilent+":"+st.id, "", "")
	}
	return fmt.Errorf("service: unknown ruling %q", in.What)
}

// filedBefore reports whether a filing before a step took effect.
func (r *run) filedBefore(st *step) bool {
	return slices.ContainsFunc(r.d.steps[:st.pos], func(p *step) bool { return p.kind == kindSubmit && r.s.Facts[p.id] != nil })
}
