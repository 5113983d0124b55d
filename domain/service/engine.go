package service

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"zhijian/ground/fault"
	"zhijian/ground/money"
)

// The phases of a step. A phase that awaits an effect has Waiting set.
const (
	phaseAsking     = "asking"
	phaseHolding    = "holding"
	phaseConfirming = "confirming"
	phaseReleasing  = "releasing"
	phaseOrdering   = "ordering"
	phasePaying     = "paying" // the resident may pay; nothing of ours is on its way
	phaseClosed     = "closed" // not paid in time; the resident may begin again
	phaseCancelling = "cancelling"
	phaseFiling     = "filing"
	phaseTracing    = "tracing"
	phaseVoiding    = "voiding"
	phaseRefunding  = "refunding"
	phaseWaiting    = "waiting"   // for an outside event
	phaseReviewing  = "reviewing" // a member of staff decides
	phaseRecalling  = "recalling" // the resident takes back what was filed; its office is asked to let go
)

// Ends that every definition has besides its own results.
const (
	EndRefused   = "refused"   // the office said no, or never confirmed; money and places are given back
	EndWithdrawn = "withdrawn" // the resident took back what was filed, and its office let go; money and places are given back
	EndLimited   = "limited"   // a budget was used up
	EndNothing   = "nothing"   // there was nothing to choose from
)

// Start gives the first state of a new case and the effects to run.
func (d *Definition) Start(env Env) (State, []Effect, error) { return d.Begin(State{}, env) }

// Apply moves a state by one input. Effects are what must now be done outside, in order.
// A wrong answer is fault.Invalid with one entry per field and leaves s unchanged except
// Typed, which is returned filled so that nothing typed is lost. An answer to a step that
// is not the present one is fault.Conflict "service.step". An outcome that is not awaited
// (another attempt, a step left behind) returns s unchanged with no effects: outcomes may
// come twice. An answer that needs a higher level of identity is fault.Denied "service.level"; any move of the
// resident for somebody whom they may not act for any more is fault.Denied "service.mandate".
func (d *Definition) Apply(s State, in Input, env Env) (State, []Effect, error) {
	r := d.run(s, env)
	var err error
	switch in.(type) {
	case Answer, Draft, Change, Retry, Correct, Recall:
		// What offices, payments and staff do goes on; the resident's own hand stops at once.
		if err := r.mandated(); err != nil {
			return s, nil, err
		}
	}
	switch in := in.(type) {
	case Answer:
		err = r.take(in)
	case Draft:
		err = r.draft(in)
	case Change:
		err = r.change(in)
	case Retry:
		err = r.again(in)
	case Outcome:
		err = r.outcome(in)
	case Ruling:
		err = r.rule(in)
	case Review:
		err = r.review(in)
	case Correct:
		err = r.correct(in)
	case Reopen:
		err = r.reopen(in)
	case Amend:
		err = r.amend(in)
	case Recall:
		err = r.recall()
	default:
		err = fmt.Errorf("service: unknown input %T", in)
	}
	if err != nil {
		var f *fault.Error
		if _, typed := in.(Answer); typed && errors.As(err, &f) && f.Kind == fault.KindInvalid {
			out := s
			out.Typed = r.s.Typed
			return out, nil, err
		}
		return s, nil, err
	}
	return r.s, r.effects, nil
}

// Pending gives again the effects that the state is waiting for, for the handler that runs
// them and for recovery after a crash. Empty when it waits for nobody.
func (d *Definition) Pending(s State, env Env) []Effect {
	r := d.run(s, env)
	e, ok := r.awaited()
	if !ok {
		return nil
	}
	if err := r.fill(&e); err != nil {
		return nil
	}
	return []Effect{e}
}

// Undo gives the effects that call off what a case filed, for a resident who gives an appointment up or does not hand in what was
// asked for: one void per filing that took effect, or that was put aside when more was asked for, under the filing's own key. They are
// not awaited by the state. Empty when nothing was filed.
func (d *Definition) Undo(s State, env Env) []Effect {
	d.whole()
	var out []Effect
	for _, st := range d.steps {
		if st.kind != kindSubmit || s.Facts[st.id] == nil && (s.More == "" || s.Round[st.id] == 0) {
			continue
		}
		r := d.run(s, env)
		e := Effect{Kind: EffectVoid, Step: st.id, Attempt: r.s.Attempt[st.id] + 1}
		r.s.Due = time.Time{}
		if err := r.fill(&e); err == nil {
			out = append(out, e)
		}
	}
	return out
}

// run is one application of the engine: a state of its own that it may change, and the effects.
type run struct {
	d       *Definition
	s       State
	env     Env
	effects []Effect
}

// run copies the state's maps, so that the caller's state stays what it was. Values inside are
// never changed, only replaced.
func (d *Definition) run(s State, env Env) *run {
	d.whole()
	s.Answers, s.Typed, s.Facts = clone(s.Answers), clone(s.Typed), clone(s.Facts)
	s.Attempt, s.Round, s.Asked = clone(s.Attempt), clone(s.Round), clone(s.Asked)
	s.Trail, s.Returned, s.Given = slices.Clone(s.Trail), slices.Clone(s.Returned), slices.Clone(s.Given)
	return &run{d: d, s: s, env: env}
}

func clone[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return maps.Clone(m)
}

func (r *run) scene() *scene { return &scene{d: r.d, s: &r.s, env: &r.env} }

// step gives the present step; nil for a state of another definition.
func (r *run) step() *step {
	i, ok := r.d.index[r.s.Step]
	if !ok {
		return nil
	}
	return r.d.steps[i]
}

// fail wraps an expression's error with where it stands; it holds no personal data.
func (r *run) fail(s *step, err error) error {
	return fmt.Errorf("service %s step %s: %w", r.d.ID, s.id, err)
}

// errStep is for an answer to a step that is not the present one.
func errStep() error {
	return fault.Conflict("service.step", "这一步已经过去了，请从现在这一步继续")
}

// enter makes a step the present one with nothing under way.
func (r *run) enter(id string) {
	r.s.Step, r.s.Phase, r.s.Waiting = id, "", false
	r.s.Down, r.s.Tries, r.s.Due, r.s.Since = false, 0, time.Time{}, time.Time{}
	r.s.Hush, r.s.Again = "", time.Time{}
	r.s.With, r.s.Then, r.s.Recall = nil, "", nil
}

// await sets a phase that waits for an effect and adds the effect, to be done after a while.
func (r *run) await(phase string, after time.Duration) error {
	if r.s.Phase != phase {
		r.s.Tries, r.s.Down = 0, false
	}
	if r.s.Since.IsZero() || r.s.Phase != phase {
		r.s.Since = r.env.Now
	}
	r.s.Phase, r.s.Waiting = phase, true
	r.s.Due = time.Time{}
	if after > 0 {
		r.s.Due = r.env.Now.Add(after)
	}
	e, ok := r.awaited()
	if !ok {
		return fmt.Errorf("service %s: nothing to await in phase %s", r.d.ID, phase)
	}
	if err := r.fill(&e); err != nil {
		return err
	}
	r.effects = append(r.effects, e)
	return nil
}

// next counts one more attempt of a step and gives its number.
func (r *run) next(step string) int {
	r.s.Attempt[step]++
	return r.s.Attempt[step]
}

// attemptOf gives the attempt a fact was made by.
func (r *run) attemptOf(step string) int { return int(intOf(r.s.Facts[step], "attempt")) }

// awaited names the one effect the state waits for: kind, step and attempt.
func (r *run) awaited() (Effect, bool) {
	st := r.step()
	if st == nil || !r.s.Waiting || r.s.End != "" || r.s.Stuck {
		return Effect{}, false
	}
	own := Effect{Step: st.id, Attempt: r.s.Attempt[st.id]}
	switch r.s.Phase {
	case phaseAsking:
		own.Kind = EffectAsk
	case phaseOrdering:
		own.Kind = EffectOrder
	case phaseCancelling:
		own.Kind, own.Pay = EffectCancel, st.id
	case phaseHolding:
		own.Kind = EffectHold
	case phaseFiling:
		own.Kind = EffectFile
	case phaseTracing:
		own.Kind = EffectTrace
	case phaseVoiding:
		own.Kind = EffectVoid
	case phaseRecalling:
		f := r.filing()
		if f == nil {
			return Effect{}, false
		}
		return Effect{Kind: EffectVoid, Step: f.id, Attempt: r.s.Attempt[f.id]}, true
	case phaseWaiting, phaseReviewing:
		own.Kind = EffectDue
		if st.call != nil {
			own.Kind = EffectAsk
		}
	case phaseConfirming, phaseReleasing:
		b := r.place()
		if b == nil {
			return Effect{}, false
		}
		kind := EffectConfirm
		if r.s.Phase == phaseReleasing {
			kind = EffectRelease
		}
		return Effect{Kind: kind, Step: b.id, Attempt: r.attemptOf(b.id), Book: b.id}, true
	case phaseRefunding:
		p := r.owed()
		if p == nil {
			return Effect{}, false
		}
		return Effect{Kind: EffectRefund, Step: p.id, Attempt: r.attemptOf(p.id), Pay: p.id}, true
	default:
		return Effect{}, false
	}
	return own, true
}

// fill completes an effect with all that the house needs to run it.
func (r *run) fill(e *Effect) error {
	st := r.d.steps[r.d.index[e.Step]]
	if !r.s.Due.IsZero() {
		e.After = max(0, r.s.Due.Sub(r.env.Now))
	}
	fact := r.s.Facts[e.Step]
	switch e.Kind {
	case EffectAsk:
		e.Key = fmt.Sprintf("%s/%s/%d", r.env.CaseNo, e.Step, e.Attempt)
		return r.fillAsk(e, st)
	case EffectFile, EffectTrace, EffectVoid:
		e.Key = r.officeKey(e.Step)
		return r.fillFile(e, st)
	case EffectOrder:
		e.Amount, e.Payee, e.About = money.Fen(intOf(fact, "amount")), textOf(fact, "payee"), textOf(fact, "about")
	case EffectHold:
		e.Pool, e.Slot = textOf(fact, "pool"), textOf(fact, "slot")
	case EffectCancel, EffectRefund, EffectConfirm, EffectRelease:
		e.No = textOf(fact, "no")
	}
	return nil
}

// officeKey is what the office knows a filing by, for every retry the same.
func (r *run) officeKey(step string) string {
	if n := r.s.Round[step]; n > 1 {
		return fmt.Sprintf("%s/%s/%d", r.env.CaseNo, step, n)
	}
	return r.env.CaseNo + "/" + step
}

// with computes a call's input over what the city pack fixes.
func (r *run) with(c *callDef, st *step) (map[string]any, error) {
	out := map[string]any{}
	for k, v := range r.env.Offer.Offices[c.office].Fixed {
		out[k] = normal(v)
	}
	sc := r.scene()
	for _, a := range c.with {
		v, err := a.e.eval(sc)
		if err != nil {
			return nil, r.fail(st, err)
		}
		out[a.name] = v
	}
	return out, nil
}
