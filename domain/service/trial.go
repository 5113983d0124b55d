package service

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/money"
)

// Trial plays a definition for somebody who tries it out before it is published. The resident, offices, staff, money and places are made
// up; nobody is asked and nothing is kept but the State that the caller carries. Money always arrives, offices always say yes.
type Trial struct {
	d   *Definition
	env Env
}

// Trial makes ready to play the definition in a language; city is where the service would be offered.
func (d *Definition) Trial(city, lang string, now time.Time) Trial {
	d.whole()
	offer := Offer{City: city, Definition: d, Offices: map[string]Office{}}
	for _, word := range d.Offices {
		offer.Offices[word] = Office{Name: Text{"（试办的部门）", "(an office on trial)"}, Payee: phrased(lang, "department")}
	}
	t := Trial{d, Env{Now: now, Lang: lang, Offer: offer, CaseNo: "0TRIAL", Me: Me{
		Level: 4, Name: "张小敏", CitizenNumber: "11010519491231002X", Phone: "+8613800138000", Plates: []string{"浙A12345"},
	}}}
	for _, a := range d.answers {
		if a.name == typeFile && len(a.file.kinds) > 0 {
			t.env.Files = append(t.env.Files, File{ID: trialFile(a.id), Answer: a.id, Name: phrased(lang, "file.one"), Kind: a.file.kinds[0], Size: 100_000})
		}
	}
	return t
}

func trialFile(answer string) string { return "trial-" + answer }

// Offer is the definition as it is offered on trial.
func (t Trial) Offer() Offer { return t.env.Offer }

// Start gives the first state.
func (t Trial) Start() (State, error) {
	s, effects, err := t.d.Start(t.env)
	if err != nil {
		return State{}, err
	}
	return t.settle(s, effects)
}

// Answer takes what was sent for a step. A wrong answer is fault.Invalid as of Definition.Apply, with the state that shows it again. Files
// are made up whatever was sent for them.
func (t Trial) Answer(s State, step string, values map[string][]string) (State, error) {
	given := map[string][]string{}
	for k, v := range values {
		given[k] = v
	}
	for _, f := range t.env.Files {
		given[f.Answer] = []string{f.ID}
	}
	next, effects, err := t.d.Apply(s, Answer{Step: step, Values: given}, t.env)
	if err != nil {
		return next, err
	}
	return t.settle(next, effects)
}

// On lets happen what the resident waits for: the payment arrives, staff accept, the office or the courier is done.
func (t Trial) On(s State) (State, error) {
	i, ok := t.d.index[s.Step]
	if !ok || s.End != "" {
		return s, nil
	}
	st := t.d.steps[i]
	if st.kind == kindPay {
		o := Outcome{Kind: OutcomePaid, Step: st.id, Attempt: s.Attempt[st.id], At: t.env.Now, Data: map[string]any{
			"no": "0TRIAL", "amount": intOf(s.Facts[st.id], "amount"), "transaction": "0TRIAL", "paid_at": t.env.Now, "receipt": "0TRIAL",
		}}
		next, effects, err := t.d.Apply(s, o, t.env)
		if err != nil {
			return s, err
		}
		return t.settle(next, effects)
	}
	if !st.stays() {
		return s, nil
	}
	r := t.d.run(s, t.env)
	r.s.Facts[st.id] = t.fact(st)
	if err := r.forward(st.pos + 1); err != nil {
		return s, err
	}
	return t.settle(r.s, r.effects)
}

// View says what the resident sees.
func (t Trial) View(s State) View {
	v := t.d.View(s, t.env)
	if v.Kind == ViewBook {
		v.Down, v.Days = false, t.days()
	}
	return v
}

// Glimpse shows one step as if everything before it had been answered; false when there is no such step.
func (t Trial) Glimpse(step string) (View, bool) {
	i, ok := t.d.index[step]
	if !ok {
		return View{}, false
	}
	s := State{Step: step, Answers: map[string]any{}, Facts: map[string]any{}, Since: t.env.Now}
	for _, st := range t.d.steps[:i] {
		for _, f := range st.fields {
			if f.answer != nil {
				s.Answers[f.answer.id] = t.answer(f.answer)
			}
		}
		if st.answer != nil {
			s.Answers[st.answer.id] = t.answer(st.answer)
		}
		if st.facts != nil {
			s.Facts[st.id] = t.fact(st)
		}
		if st.seen() {
			s.Trail = append(s.Trail, st.id)
		}
	}
	st := t.d.steps[i]
	switch st.kind {
	case kindLookup:
		s.Phase, s.Waiting = phaseAsking, true
	case kindSubmit:
		s.Phase, s.Waiting = phaseFiling, true
	case kindReview:
		s.Phase, s.Waiting = phaseReviewing, true
	case kindWait, kindDeliver:
		s.Phase, s.Waiting = phaseWaiting, true
	case kindPay:
		s.Phase, s.Facts[st.id] = phasePaying, t.fact(st)
	case kindResult:
		s.End = st.id
	}
	return t.View(s), true
}

// settle lets everything happen that nobody has to wait for.
func (t Trial) settle(s State, effects []Effect) (State, error) {
	for range maxMoves {
		if len(effects) == 0 {
			return s, nil
		}
		e := effects[0]
		effects = effects[1:]
		st := t.d.steps[t.d.index[e.Step]]
		if st.stays() && e.Kind != EffectRefund {
			continue // On plays it
		}
		next, more, err := t.d.Apply(s, t.outcome(e, st, s), t.env)
		if err != nil {
			return s, err
		}
		s, effects = next, append(effects, more...)
	}
	return s, fault.Conflict("service.trial", "这份草案在试办时停不下来，请检查各步的条件")
}

func (t Trial) outcome(e Effect, st *step, s State) Outcome {
	o := Outcome{Effect: e.Kind, Step: e.Step, Attempt: e.Attempt, At: t.env.Now}
	switch e.Kind {
	case EffectAsk, EffectFile:
		o.Kind, o.Data = OutcomeAnswered, t.given(st)
	case EffectTrace, EffectVoid:
		o.Kind, o.Data = OutcomeAnswered, map[string]any{st.yes: true}
	case EffectOrder:
		o.Kind, o.Data = OutcomeOrdered, map[string]any{"no": "0TRIAL", "url": "", "expires": t.env.Now.Add(15 * time.Minute)}
	case EffectCancel:
		o.Kind = OutcomeClosed
	case EffectRefund:
		o.Kind = OutcomeRefunded
	case EffectHold:
		start, end := t.slot(e.Slot)
		o.Kind, o.Data = OutcomeHeld, map[string]any{"no": "0TRIAL", "slot": e.Slot, "start": start, "end": end, "until": t.env.Now.Add(15 * time.Minute)}
	default:
		o.Kind = OutcomeDone
	}
	return o
}

// given is an office's answer of the declared form. What a resident may choose from has two entries.
func (t Trial) given(st *step) map[string]any {
	m, _ := t.invented(st.facts, "", 1).(map[string]any)
	if m == nil {
		m = map[string]any{}
	}
	if st.yes != "" {
		m[st.yes] = true
	}
	return m
}

// fact is what a step leaves behind on trial.
func (t Trial) fact(st *step) any {
	v, _ := st.facts.conform(normal(t.given(st)))
	if m, ok := v.(map[string]any); ok && st.kind == kindReview {
		m["verdict"], m["reason"] = string(VerdictAccept), ""
	}
	return v
}

// answer is a value that an answer may have.
func (t Trial) answer(a *answer) any {
	switch {
	case len(a.options) > 0:
		return a.options[0].value
	case a.name == typeFile:
		var out []any
		for _, f := range t.env.Files {
			if f.Answer == a.id {
				out = append(out, f.value())
			}
		}
		return out
	case a.name == "slot":
		return t.days()[0].Slots[0].ID
	}
	raw := t.invented(a.shape, a.id, 1)
	if v, ok := a.shape.conform(normal(raw)); ok {
		return v
	}
	return a.shape.zero()
}

// invented is a value of a shape, different for every n.
func (t Trial) invented(s *shape, name string, n int) any {
	if s == nil {
		return nil
	}
	switch s.kind {
	case "object", "location":
		out := map[string]any{}
		for _, f := range s.fields {
			out[f.name] = t.invented(f.shape, f.name, n)
		}
		return out
	case "list":
		return []any{t.invented(s.elem, name, 1), t.invented(s.elem, name, 2)}
	case "int":
		return int64(n)
	case "money":
		return int64(n) * 10_000
	case "bool":
		return true
	case "degree":
		if name == "lon" {
			return 120.15 + float64(n)/100
		}
		return 30.27 + float64(n)/100
	case "time":
		return t.env.Now.Format(time.RFC3339)
	case "day":
		return t.env.Now.In(clock.Shanghai).AddDate(0, 0, 7*n).Format(time.DateOnly)
	case "plate":
		return fmt.Sprintf("浙A1234%d", n)
	case "phone":
		return t.env.Me.Phone
	case "person_name":
		return t.env.Me.Name
	case "citizen_number":
		return t.env.Me.CitizenNumber
	case "bank_card":
		return "6222021001116245702"
	case "text":
		if name == "id" || name == "no" || name == "number" {
			return "TRIAL" + strconv.Itoa(n)
		}
		return phrased(t.env.Lang, "trial.text", n)
	}
	return map[string]any{}
}

// trialDays and trialHours are when a made-up calendar is open.
const trialDays, trialHours = 1, 4

func (t Trial) days() []Day {
	var out []Day
	day := t.env.Now.In(clock.Shanghai)
	for len(out) < trialDays {
		if day = day.AddDate(0, 0, 1); day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			continue
		}
		d := Day{Date: day.Format(time.DateOnly), Open: true}
		for h := range trialHours {
			start := time.Date(day.Year(), day.Month(), day.Day(), 9+h, 0, 0, 0, clock.Shanghai)
			d.Slots = append(d.Slots, SlotView{ID: "T" + start.Format("200601021504"), Start: start, End: start.Add(30 * time.Minute), Left: 3})
			d.Left += 3
		}
		out = append(out, d)
	}
	return out
}

// slot gives when a made-up place begins and ends.
func (t Trial) slot(id string) (start, end time.Time) {
	for _, d := range t.days() {
		if i := slices.IndexFunc(d.Slots, func(s SlotView) bool { return s.ID == id }); i >= 0 {
			return d.Slots[i].Start, d.Slots[i].End
		}
	}
	start = t.env.Now.Add(24 * time.Hour)
	return start, start.Add(30 * time.Minute)
}

// Due is what the resident pays on trial; 0 when nothing is to be paid now.
func (t Trial) Due(s State) money.Fen {
	if i, ok := t.d.index[s.Step]; ok && s.End == "" && t.d.steps[i].kind == kindPay {
		return money.Fen(intOf(s.Facts[s.Step], "amount"))
	}
	return 0
}

// StepIDs lists the definition's steps by name, in order.
func (d *Definition) StepIDs() []string {
	d.whole()
	out := make([]string, len(d.steps))
	for i, st := range d.steps {
		out[i] = st.id
	}
	return out
}
