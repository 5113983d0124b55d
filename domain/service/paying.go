package service

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"zhijian/ground/format"
)

// ordered takes the number and the page of a new order.
func (r *run) ordered(st *step, o Outcome) error {
	switch o.Kind {
	case OutcomeOrdered:
		data := normal(o.Data)
		r.edit(st.id, map[string]any{"no": textOf(data, "no"), "url": textOf(data, "url"), "expires": textOf(data, "expires")})
		r.s.Phase, r.s.Waiting, r.s.Down = phasePaying, false, false
	case OutcomeDown:
		// The order may exist; the resident's next try repeats it under the same number.
		r.s.Down = true
	}
	return nil
}

// paid takes a payment. The first one for the order the case waits for moves it on, even when it
// comes before the order's own answer or after its time; any other goes back.
func (r *run) paid(o Outcome) error {
	i, ok := r.d.index[o.Step]
	if !ok || r.d.steps[i].kind != kindPay || o.Attempt < 1 || o.Attempt > r.s.Attempt[o.Step] {
		return nil
	}
	st, fact, data := r.d.steps[i], r.s.Facts[o.Step], normal(o.Data)
	if boolOf(fact, "paid") && r.attemptOf(o.Step) == o.Attempt || slices.Contains(r.s.Returned, mark(o)) {
		return nil
	}
	wanted := r.s.Step == o.Step && r.s.End == "" && !boolOf(fact, "paid") &&
		slices.Contains([]string{phaseOrdering, phasePaying, phaseClosed, phaseCancelling}, r.s.Phase)
	price := intOf(fact, "amount")
	if wanted && r.attemptOf(o.Step) != o.Attempt {
		// A payment for an older order counts only when it is the same price.
		wanted = intOf(data, "amount") == price
	}
	if amount := intOf(data, "amount"); wanted && amount != 0 && amount != price {
		wanted = false
	}
	if !wanted {
		return r.sendMoneyBack(o, textOf(data, "no"))
	}
	if newer := r.attemptOf(o.Step); newer != o.Attempt && r.s.Phase != phaseClosed {
		r.effects = append(r.effects, Effect{Kind: EffectCancel, Step: o.Step, Attempt: newer, Pay: o.Step, No: textOf(fact, "no")})
	}
	no := textOf(data, "no")
	if no == "" {
		no = textOf(fact, "no")
	}
	receipt := textOf(data, "receipt")
	if receipt == "" {
		receipt = no
	}
	r.edit(o.Step, map[string]any{
		"no": no, "receipt": receipt, "transaction": textOf(data, "transaction"), "paid_at": textOf(data, "paid_at"),
		"paid": true, "attempt": int64(o.Attempt),
	})
	return r.forward(st.pos + 1)
}

// mark names one order in State.Returned.
func mark(o Outcome) string { return o.Step + "/" + strconv.Itoa(o.Attempt) }

// sendMoneyBack returns a payment that the case has no use for, once.
func (r *run) sendMoneyBack(o Outcome, no string) error {
	r.s.Returned = append(r.s.Returned, mark(o))
	r.effects = append(r.effects, Effect{Kind: EffectRefund, Step: o.Step, Attempt: o.Attempt, Pay: o.Step, No: no})
	return nil
}

// closed takes the end of an order that nobody paid.
func (r *run) closed(o Outcome) error {
	st := r.step()
	if st == nil || st.kind != kindPay || o.Step != st.id || r.attemptOf(st.id) != o.Attempt || r.s.End != "" {
		return nil
	}
	switch r.s.Phase {
	case phaseCancelling:
		to := r.s.Then
		delete(r.s.Facts, st.id)
		r.changeTo(to, r.s.ChangeAt)
		return nil
	case phaseOrdering, phasePaying:
		if b := r.place(); b != nil {
			// A place is not kept for a payment that did not come.
			r.s.Note = noteClosed
			if err := r.await(phaseReleasing, 0); err != nil {
				return err
			}
			r.s.Then = b.id
			return nil
		}
		r.s.Phase, r.s.Waiting, r.s.Down = phaseClosed, false, false
	}
	return nil
}

// reorder asks for the payment again under a new order.
func (r *run) reorder(st *step) error {
	r.enter(st.id)
	_, err := r.arrivePay(st)
	return err
}

// refunded takes the confirmation that money is back.
func (r *run) refunded(o Outcome) error {
	if o.Kind != OutcomeRefunded {
		return nil
	}
	at := textOf(normal(o.Data), "refunded_at")
	if at == "" {
		at, _ = normal(o.At).(string)
	}
	r.edit(o.Step, map[string]any{"refunded": true, "refunded_at": at})
	if r.owed() != nil {
		return r.await(phaseRefunding, 0)
	}
	r.endUndone()
	return nil
}

// poolOf computes the stock of places that a book step takes from, as booking knows it.
//
// A sheet is one stock for each key, whoever books from it and whatever the definition calls it: two services, or two ways to write a key, must
// not sell one time twice. The sheet answers for no other spelling than the one that the stock is named after.
func (r *run) poolOf(st *step) (string, error) {
	office := r.env.Offer.Offices[st.call.office]
	if strings.HasPrefix(office.System, SheetPrefix) {
		with, err := r.with(st.call, st)
		if err != nil {
			return "", err
		}
		parts := []string{office.System}
		for _, name := range slices.Sorted(maps.Keys(with)) {
			parts = append(parts, url.PathEscape(format.Alike(fmt.Sprint(with[name]))))
		}
		return strings.Join(parts, "/"), nil
	}
	pool := r.inChinese(st.pool.in)
	if pool == "" {
		return "", r.fail(st, fmt.Errorf("no pool"))
	}
	if office.Pool != "" {
		pool = office.Pool + "/" + pool
	}
	return pool, nil
}
