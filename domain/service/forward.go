package service

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"zhijian/ground/money"
)

// fresh is how long an office's answer stands when the resident passes the look-up again unchanged.
const fresh = 10 * time.Minute

// forward runs from the step at position i to the next station: a page, something awaited, or the end.
func (r *run) forward(i int) error {
	if r.s.Note == noteKept {
		r.s.Note, r.s.Reason = "", ""
	}
	if at, ok := r.d.index[r.s.ChangeAt]; ok && at < i {
		r.s.ChangeAt = ""
	}
	for ; i < len(r.d.steps); i++ {
		st := r.d.steps[i]
		if ok, err := r.applies(st); err != nil {
			return err
		} else if !ok {
			r.passed(i)
			continue
		}
		if done, err := r.arrive(st); done || err != nil {
			return err
		}
		r.passed(i)
	}
	return fmt.Errorf("service %s: ran past the last step", r.d.ID)
}

func (r *run) applies(st *step) (bool, error) {
	if st.asksWhom() {
		return r.choosesWhom(), nil
	}
	if st.cond == nil {
		return true, nil
	}
	ok, err := st.cond.truth(r.scene())
	if err != nil {
		return false, r.fail(st, err)
	}
	return ok, nil
}

// passed ends a change when the step to return to is reached or no longer applies.
func (r *run) passed(i int) {
	if at, ok := r.d.index[r.s.ChangeAt]; ok && i >= at {
		r.s.ChangeAt = ""
	}
}

// arrive comes to a step. It reports true when the case must stay there.
func (r *run) arrive(st *step) (bool, error) {
	r.enter(st.id)
	if empty, err := r.empty(st); empty || err != nil {
		return true, err
	}
	if st.level > r.env.Me.Level {
		return true, nil
	}
	if st.id == r.s.ChangeAt {
		r.s.ChangeAt = ""
	}
	switch st.kind {
	case kindForm, kindChoose, kindBook, kindCheck, kindHandoff:
		return r.arriveSeen(st)
	case kindSupply:
		return r.s.More == st.id, nil
	case kindLookup:
		return r.arriveLookup(st)
	case kindPay:
		return r.arrivePay(st)
	case kindSubmit:
		return r.arriveSubmit(st)
	case kindWait, kindDeliver, kindReview:
		if wait, err := r.confirmFirst(); wait || err != nil {
			return true, err
		}
		return r.arriveStay(st)
	case kindResult:
		// A booking with nothing to file or pay is made definite by its end; one that the office refused is not.
		if !st.denied {
			if wait, err := r.confirmFirst(); wait || err != nil {
				return true, err
			}
		}
		r.end(st.id)
		return true, nil
	}
	return true, fmt.Errorf("service %s: step %s of unknown kind", r.d.ID, st.id)
}

func (r *run) end(id string) {
	r.s.End, r.s.ChangeAt, r.s.Note = id, "", ""
	r.s.Phase, r.s.Waiting, r.s.Down, r.s.Stuck = "", false, false, false
	r.s.Due, r.s.Then, r.s.With, r.s.Recall = time.Time{}, "", nil, nil
}

// arriveSeen stays at a page, unless the resident only went back to change something earlier and
// what they said here still stands.
func (r *run) arriveSeen(st *step) (bool, error) {
	if r.s.ChangeAt == "" {
		passed, err := r.takeGiven(st)
		return !passed, err
	}
	stands, err := r.stands(st)
	if err != nil || !stands {
		return true, err
	}
	r.left(st.id)
	return false, nil
}

// empty ends the case at a choice with nothing to choose from, before anybody is asked for a proof.
func (r *run) empty(st *step) (bool, error) {
	if st.kind != kindChoose {
		return false, nil
	}
	items, err := r.items(st)
	if err != nil || len(items) > 0 {
		return false, err
	}
	r.end(EndNothing)
	return true, nil
}

// left puts a page behind the resident.
func (r *run) left(id string) {
	if !slices.Contains(r.s.Trail, id) {
		r.s.Trail = append(r.s.Trail, id)
	}
}

// stands reports whether what was answered at a page before is still a good answer.
func (r *run) stands(st *step) (bool, error) {
	switch st.kind {
	case kindForm, kindHandoff:
		fields, err := r.fields(st)
		if err != nil {
			return false, err
		}
		for _, f := range fields {
			v, ok := r.s.Answers[f.id]
			if !ok && !f.optional || ok && f.name == typeFile && !r.kept(filesIn(v, f.id)) {
				return false, nil
			}
		}
		return true, nil
	case kindChoose:
		keys, ok := r.s.Typed[st.answer.id]
		if !ok {
			return false, nil
		}
		before := digest(r.s.Answers[st.answer.id])
		chosen, err := r.pick(st, keys)
		return err == nil && digest(chosen) == before, nil
	case kindBook:
		pool, err := r.poolOf(st)
		return err == nil && textOf(r.s.Facts[st.id], "no") != "" && textOf(r.s.Facts[st.id], "pool") == pool, nil
	}
	return false, nil
}

// digest tells values apart without keeping them.
func digest(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}

func (r *run) arriveLookup(st *step) (bool, error) {
	with, err := r.with(st.call, st)
	if err != nil {
		return true, err
	}
	of := digest(with)
	asked := r.s.Asked[st.id]
	if _, known := r.s.Facts[st.id]; known && asked.Of == of && r.env.Now.Sub(asked.At) < fresh {
		return false, nil
	}
	delete(r.s.Facts, st.id)
	r.s.Asked[st.id] = Asked{Of: of, At: r.env.Now}
	r.next(st.id)
	return true, r.await(phaseAsking, 0)
}

func (r *run) fillAsk(e *Effect, st *step) error {
	with, err := r.with(st.call, st)
	if err != nil {
		return err
	}
	e.Office, e.Call, e.With = st.call.office, st.call.call, with
	sc := r.scene()
	for _, b := range st.spend {
		v, err := b.target.eval(sc)
		if err != nil {
			return r.fail(st, err)
		}
		target, _ := v.(string)
		if b.budget == budgetFailures {
			e.Failures = append(e.Failures, Spend{b.budget, target})
		} else if r.s.Tries == 0 {
			// Asking a silent office again is not looking up something else.
			e.Spend = append(e.Spend, Spend{b.budget, target})
		}
	}
	return nil
}

// arrivePay orders the payment, after making a held place definite. The price is fixed here.
func (r *run) arrivePay(st *step) (bool, error) {
	if boolOf(r.s.Facts[st.id], "paid") {
		return false, nil
	}
	if wait, err := r.confirmFirst(); wait || err != nil {
		return true, err
	}
	amount, err := r.price(st)
	if err != nil || amount == 0 {
		return err != nil, err
	}
	sc := r.scene()
	payee, err := st.payee.eval(sc)
	if err != nil {
		return true, r.fail(st, err)
	}
	r.s.Facts[st.id] = map[string]any{
		"attempt": int64(r.next(st.id)), "amount": int64(amount), "payee": payee, "about": shorten(r.inChinese(st.about.in), 120),
		"no": "", "receipt": "", "transaction": "", "paid_at": "", "paid": false,
	}
	return true, r.await(phaseOrdering, 0)
}

// price computes what is to be paid, from the definition and what offices said, never from a form.
func (r *run) price(st *step) (money.Fen, error) {
	v, err := st.amount.eval(r.scene())
	if err != nil {
		return 0, r.fail(st, err)
	}
	n, ok := v.(int64)
	if !ok || n < 0 || n > int64(money.Max) {
		return 0, r.fail(st, fmt.Errorf("amount out of range"))
	}
	return money.Fen(n), nil
}

// shorten cuts at a character so that at most n bytes remain.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	cut := 0
	for i := range s {
		if i > n {
			break
		}
		cut = i
	}
	return s[:cut]
}

func (r *run) arriveSubmit(st *step) (bool, error) {
	if wait, err := r.confirmFirst(); wait || err != nil {
		return true, err
	}
	with, err := r.with(st.call, st)
	if err != nil {
		return true, err
	}
	if _, acting := r.acting(); acting {
		// The office is told who acts; what the definition itself says of whom is about the other.
		with["agent"] = map[string]any{"name": r.env.Me.Name, "citizen_number": r.env.Me.CitizenNumber}
	}
	r.s.With = with
	r.s.Round[st.id]++
	r.next(st.id)
	return true, r.await(phaseFiling, 0)
}

// confirmFirst makes a held place definite before money, a filing, staff or the end of the case depend on it.
func (r *run) confirmFirst() (bool, error) {
	b := r.place()
	if b == nil || boolOf(r.s.Facts[b.id], "confirmed") {
		return false, nil
	}
	return true, r.await(phaseConfirming, 0)
}

func (r *run) fillFile(e *Effect, st *step) error {
	e.Office, e.Call, e.With = st.call.office, st.call.call, r.s.With
	c := st.settled
	switch e.Kind {
	case EffectFile:
		return nil
	case EffectVoid:
		c = st.void
	}
	with, err := r.with(c, st)
	if err != nil {
		return err
	}
	with["key"] = e.Key
	e.Call, e.With = c.call, with
	return nil
}

// place is the book step whose reservation is alive, nil for none.
func (r *run) place() *step {
	for i := len(r.d.steps) - 1; i >= 0; i-- {
		if st := r.d.steps[i]; st.kind == kindBook && textOf(r.s.Facts[st.id], "no") != "" {
			return st
		}
	}
	return nil
}

// owed is the first payment that was made and must go back, nil for none.
func (r *run) owed() *step {
	for _, st := range r.d.steps {
		if st.kind == kindPay && boolOf(r.s.Facts[st.id], "paid") && !boolOf(r.s.Facts[st.id], "refunded") {
			return st
		}
	}
	return nil
}

// edit replaces members of a step's fact in a copy.
func (r *run) edit(step string, members map[string]any) {
	out := map[string]any{}
	if old, ok := r.s.Facts[step].(map[string]any); ok {
		for k, v := range old {
			out[k] = v
		}
	}
	for k, v := range members {
		out[k] = v
	}
	r.s.Facts[step] = out
}
