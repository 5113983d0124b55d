package service

import (
	"slices"
	"strings"

	"zhijian/ground/fault"
)

// SlotsCall says which office to ask for the places that the present book step offers, and which
// stock to publish them to. ok is false at any other step.
func (d *Definition) SlotsCall(s State, env Env) (office, call string, with map[string]any, pool string, ok bool) {
	r := d.run(s, env)
	st := r.step()
	if st == nil || st.kind != kindBook || s.End != "" {
		return "", "", nil, "", false
	}
	pool, err := r.poolOf(st)
	if err != nil {
		return "", "", nil, "", false
	}
	if with, err = r.with(st.call, st); err != nil {
		return "", "", nil, "", false
	}
	return st.call.office, st.call.call, with, pool, true
}

// takeSlot takes the place a resident picked. stay is true when the case now waits.
func (r *run) takeSlot(st *step, values map[string][]string) (stay bool, err error) {
	id := st.answer.id
	r.keep(id, values[id])
	slot := ""
	if typed := r.s.Typed[id]; len(typed) > 0 {
		slot = strings.TrimSpace(typed[0])
	}
	switch {
	case slot == "":
		return false, fault.Invalid("slot.none", "请选一个时间").On(id)
	case len(slot) > 100 || strings.ContainsFunc(slot, func(c rune) bool { return c <= ' ' || c == 0x7f }):
		return false, fault.Invalid("slot.gone", "这个时间已经没有了，请换一个").On(id)
	}
	pool, err := r.poolOf(st)
	if err != nil {
		return false, err
	}
	r.s.Answers[id] = slot
	r.s.Note, r.s.Reason, r.s.Missed = "", "", ""
	fact := r.s.Facts[st.id]
	if textOf(fact, "no") != "" {
		if textOf(fact, "slot") == slot && textOf(fact, "pool") == pool {
			return false, nil
		}
		// One live place a day and person: the old one goes back before the new one is taken.
		if err := r.await(phaseReleasing, 0); err != nil {
			return true, err
		}
		r.s.Then = thenHold
		return true, nil
	}
	return true, r.hold(st, pool, slot)
}

// maxBarred is how many refused places a case remembers.
const maxBarred = 20

// bar remembers that an office refused the place held now: its list may go on offering it, and the resident would pick it again.
func (r *run) bar(b *step) {
	fact := r.s.Facts[b.id]
	r.s.Missed = textOf(fact, "slot")
	barred := slices.Clone(r.s.Barred)
	if entry := barredPlace(textOf(fact, "pool"), r.s.Missed); !slices.Contains(barred, entry) {
		barred = append(barred, entry)
	}
	r.s.Barred = barred[max(0, len(barred)-maxBarred):]
}

// barredPlace names a place in State.Barred; a slot's id has no space.
func barredPlace(pool, slot string) string { return pool + " " + slot }

// Bars reports whether an office refused this place in this case.
func (s State) Bars(pool, slot string) bool {
	return slices.Contains(s.Barred, barredPlace(pool, slot))
}

// thenHold as State.Then: after the release, hold what was picked.
const thenHold = "hold"

func (r *run) hold(st *step, pool, slot string) error {
	r.s.Facts[st.id] = map[string]any{
		"attempt": int64(r.next(st.id)), "pool": pool, "slot": slot, "no": "", "start": "", "end": "", "until": "",
	}
	return r.await(phaseHolding, 0)
}

// heldOr takes the answer of the booking desk.
func (r *run) heldOr(st *step, o Outcome) error {
	switch o.Kind {
	case OutcomeHeld:
		data := normal(o.Data)
		r.edit(st.id, map[string]any{
			"no": textOf(data, "no"), "start": textOf(data, "start"), "end": textOf(data, "end"), "until": textOf(data, "until"),
		})
		r.left(st.id)
		return r.forward(st.pos + 1)
	case OutcomeTaken:
		note, missed := noteTaken, textOf(r.s.Facts[st.id], "slot")
		if strings.HasSuffix(o.Reason, "twice") {
			note, missed = noteTwice, ""
		}
		delete(r.s.Facts, st.id)
		delete(r.s.Answers, st.answer.id)
		r.goTo(st.id, note, "")
		r.s.Missed = missed
	}
	return nil
}

// released goes on after a place is free again.
func (r *run) released() error {
	b := r.place()
	if b == nil {
		return nil
	}
	delete(r.s.Facts, b.id)
	switch r.s.Then {
	case thenHold:
		st := r.step()
		pool, err := r.poolOf(st)
		if err != nil {
			return err
		}
		slot, _ := r.s.Answers[st.answer.id].(string)
		r.enter(st.id)
		return r.hold(st, pool, slot)
	}
	return r.giveBack()
}

// expired takes the end of a hold: the resident picks again.
func (r *run) expired(o Outcome) error {
	i, ok := r.d.index[o.Step]
	if !ok || r.d.steps[i].kind != kindBook || r.s.End != "" {
		return nil
	}
	fact := r.s.Facts[o.Step]
	if textOf(fact, "no") == "" || r.attemptOf(o.Step) != o.Attempt || boolOf(fact, "confirmed") {
		return nil
	}
	if r.s.Phase == phaseReleasing {
		return r.released()
	}
	st := r.d.steps[i]
	delete(r.s.Facts, st.id)
	delete(r.s.Answers, st.answer.id)
	if here := r.step(); here == nil || here.pos < st.pos {
		return nil // the resident went back before it; they will pick again on the way
	}
	r.goTo(st.id, noteExpired, "")
	return nil
}

// change goes back to a page behind, or gives way for it first when a payment is open.
func (r *run) change(in Change) error {
	st := r.step()
	if st == nil || r.s.End != "" || r.s.Stuck || !slices.Contains(r.s.Trail, in.Step) {
		return errStep()
	}
	to := r.d.steps[r.d.index[in.Step]]
	if to.pos >= st.pos && in.Step != st.id || !to.seen() || r.paidAfter(to) {
		return errStep()
	}
	at := ""
	if in.Return {
		if at = r.s.ChangeAt; at == "" {
			at = st.id
		}
		if st.kind == kindPay {
			at = r.lastCheck(st)
		}
	}
	switch r.s.Phase {
	case "", phaseAsking, phaseClosed:
		if r.s.Phase == phaseClosed {
			delete(r.s.Facts, st.id)
		}
		r.changeTo(in.Step, at)
		return nil
	case phasePaying:
		if err := r.await(phaseCancelling, 0); err != nil {
			return err
		}
		r.s.Then, r.s.ChangeAt = in.Step, at
		return nil
	}
	return errStep()
}

// lastCheck is the check page before a payment, "" for none.
func (r *run) lastCheck(st *step) string {
	for i := len(r.s.Trail) - 1; i >= 0; i-- {
		if s := r.d.steps[r.d.index[r.s.Trail[i]]]; s.kind == kindCheck && s.pos < st.pos {
			return s.id
		}
	}
	return ""
}

// paidAfter reports whether money was paid at a step after st: then what came before is settled.
func (r *run) paidAfter(st *step) bool {
	for _, p := range r.d.steps[st.pos:] {
		if p.kind == kindPay && boolOf(r.s.Facts[p.id], "paid") {
			return true
		}
	}
	return false
}

func (r *run) changeTo(id, at string) {
	if at == id {
		at = ""
	}
	r.enter(id)
	r.cut(id)
	r.s.Note, r.s.Reason, r.s.ChangeAt = "", "", at
}

// again asks a silent office once more, goes on after a proof, or pays again.
func (r *run) again(in Retry) error {
	st := r.step()
	if st == nil || in.Step != st.id {
		return errStep()
	}
	if r.s.End != "" || r.s.Stuck {
		return nil
	}
	switch r.s.Phase {
	case "":
		if (!st.seen() || r.passesWhom(st) || r.passesGiven(st)) && st.level <= r.env.Me.Level {
			return r.forward(st.pos)
		}
	case phaseAsking:
		if !r.s.Down {
			return nil
		}
		r.next(st.id)
		tries := r.s.Tries
		r.s.Down = false
		err := r.await(phaseAsking, 0)
		r.s.Since, r.s.Tries = r.env.Now, tries
		return err
	case phaseOrdering:
		if !r.s.Down {
			return nil
		}
		r.s.Down = false
		return r.await(phaseOrdering, 0)
	case phaseClosed:
		return r.reorder(st)
	}
	return nil
}
