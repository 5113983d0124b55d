package service

import (
	"strings"
	"time"

	"zhijian/ground/format"
	"zhijian/ground/money"
)

// View says what the resident must see now. It never fails on a state that Start and Apply made.
func (d *Definition) View(s State, env Env) View {
	r := d.run(s, env)
	w := &writer{run: r, sc: r.scene()}
	return w.view()
}

// ViewAt shows a page behind the present one, filled in as it was answered; ok is false for any
// other step. To send it again, the house first applies Change to that step.
func (d *Definition) ViewAt(s State, step string, env Env) (v View, ok bool) {
	d.whole()
	i, known := d.index[step]
	if !known || s.End != "" {
		return View{}, false
	}
	r := d.run(s, env)
	st := d.steps[i]
	if !st.seen() || r.paidAfter(st) {
		return View{}, false
	}
	for n, id := range r.s.Trail {
		if id == step {
			r.s.Trail = r.s.Trail[:n]
			r.enter(step)
			r.s.Note, r.s.Reason, r.s.Stuck = "", "", false
			w := &writer{run: r, sc: r.scene()}
			return w.view(), true
		}
	}
	return View{}, false
}

// writer draws one view.
type writer struct {
	*run
	sc *scene
	v  View
}

func (w *writer) say(code string, args ...any) string { return phrased(w.env.Lang, code, args...) }

func (w *writer) view() View {
	st := w.step()
	if st == nil {
		return View{Kind: ViewWait, Title: w.say("moment"), Step: w.s.Step}
	}
	if w.mandated() != nil {
		return w.stopped()
	}
	w.v = View{Step: st.id, Title: st.title.in(w.sc), Lead: st.lead.in(w.sc), Back: w.back(st)}
	w.v.AsOf = w.asOf(st)
	switch {
	case w.s.End != "":
		w.result(st)
	case w.s.Waiting || w.s.Phase == phaseWaiting || w.s.Phase == phaseReviewing || w.s.Stuck || w.s.Down:
		w.wait(st)
	case w.needed(st) > w.env.Me.Level:
		w.prove(st)
	case st.kind == kindPay:
		w.pay(st)
	case w.passesWhom(st), w.passesGiven(st):
		w.v.Kind, w.v.Retry, w.v.Title = ViewWait, true, w.say("moment")
	default:
		w.page(st)
	}
	w.v.Index, w.v.Of, w.v.StepName = w.count(st)
	if m, acting := w.acting(); acting {
		w.v.For = format.Mask(format.FieldName, format.Staff, textOf(m, "name"))
	}
	return w.v
}

func (w *writer) page(st *step) {
	for _, n := range st.notes {
		if w.holds(n.cond) {
			w.v.Notes = append(w.v.Notes, Note{Tone: n.tone, Text: n.text.in(w.sc)})
		}
	}
	if text := w.note(); text != "" {
		w.v.Notes = append([]Note{{Tone: "warn", Text: text}}, w.v.Notes...)
	}
	w.v.Button = st.button.in(w.sc)
	if w.v.Button == "" {
		w.v.Button = w.say("next")
	}
	w.v.Instead = w.link(st.instead, w.sc)
	switch st.kind {
	case kindForm, kindSupply:
		w.form(st)
	case kindHandoff:
		w.form(st)
		w.leave(st)
	case kindChoose:
		w.choose(st)
	case kindBook:
		w.book(st)
	case kindCheck:
		w.check(st)
	default:
		// A look-up or filing that the house has not begun: shown until it goes on.
		w.v.Kind, w.v.Retry = ViewWait, true
		w.v.Office = w.office(st)
		if w.v.Title == "" {
			w.v.Title = w.say("moment")
		}
	}
}

// holds evaluates a condition of a wording; one that cannot be computed does not hold.
func (w *writer) holds(e *expr) bool {
	if e == nil {
		return true
	}
	ok, err := e.truth(w.sc)
	return err == nil && ok
}

// note is the sentence for a resident who was sent back to this page.
func (w *writer) note() string {
	code, step, _ := strings.Cut(w.s.Note, ":")
	switch code {
	case "":
		return ""
	case noteMore:
		return w.say("note.more", w.s.Reason)
	case noteUnknown:
		if i, ok := w.d.index[step]; ok {
			return w.d.steps[i].unknown.in(w.sc)
		}
		return ""
	case noteRefused:
		if w.s.Reason != "" {
			return w.s.Reason
		}
		i := w.d.index[step]
		if say := w.d.steps[i].refused.say.in(w.sc); say != "" {
			return say
		}
		return w.say("note.refused", w.office(w.d.steps[i]))
	}
	return w.say("note." + code)
}

func (w *writer) prove(st *step) {
	w.v.Kind, w.v.Level = ViewProve, w.needed(st)
	w.v.Title, w.v.Lead = w.say("prove"), w.say("prove.lead")
}

func (w *writer) form(st *step) {
	w.v.Kind = ViewForm
	if st.asksWhom() {
		w.whomPage()
	}
	fields := w.fieldsOf(st)
	if g := entriesIn(fields); g != nil {
		w.repeat(g)
	}
	if w.v.Title == "" && len(fields) > 0 {
		w.v.Title = fields[0].ask.in(w.sc)
		if w.v.Title == "" {
			w.v.Title = fields[0].label.in(w.sc)
		}
	}
}

// fieldsOf draws the questions that a page asks now, and gives their answers.
func (w *writer) fieldsOf(st *step) []*answer {
	fields, err := w.fields(st)
	if err != nil {
		return nil
	}
	for _, a := range fields {
		w.v.Fields = append(w.v.Fields, w.field(a))
	}
	return fields
}

// leave adds the way to the office's own site.
func (w *writer) leave(st *step) {
	o := w.env.Offer.Offices[st.call.office]
	if o.Site == "" {
		return
	}
	w.v.Instead = &Link{Label: w.say("leave", w.office(st)), Href: strings.TrimSuffix(o.Site, "/") + st.path, Away: true}
	w.v.Notes = append(w.v.Notes, Note{Text: w.say("leave.note")})
}

func (w *writer) field(a *answer) Field {
	f := Field{
		Name: a.id, Type: a.name, Label: a.title(w.sc), Hint: a.hint.in(w.sc), Why: a.why.in(w.sc), Optional: a.optional,
		Autocomplete: a.autocomplete, InputMode: a.inputMode, MaxLength: a.maxLength,
	}
	if a.name == typeFile {
		w.fileField(a, &f)
		return f
	}
	if a.locked != nil && w.lockedField(a, &f) {
		return f
	}
	typed, was := w.s.Typed[a.id]
	switch {
	case was && len(typed) > 0:
		f.Value = typed[0]
	case !was && a.prefill != nil:
		if v, err := a.prefill.eval(w.sc); err == nil {
			f.Value, _ = v.(string)
			f.Value = strings.TrimPrefix(f.Value, "+86")
		}
	}
	for _, o := range a.options {
		f.Options = append(f.Options, Option{Value: o.value, Label: o.label.in(w.sc), Hint: o.hint.in(w.sc)})
	}
	if a.name == typeLocation {
		f.Options = w.placeOptions(f.Value)
	}
	switch a.name {
	case typeWhom:
		f.Options = w.whomOptions()
	case typePerson:
		f.Options = w.personOptions()
		f.More = &Link{Label: w.say("person.more"), Href: "/me/people"}
	}
	if opts, err := w.optionsFrom(a); err == nil && len(opts) > 0 {
		f.Options = append(f.Options, opts...)
		if a.other != nil {
			f.Options = append(f.Options, Option{Value: a.other.value, Label: a.other.label.in(w.sc), Hint: a.other.hint.in(w.sc)})
		}
	}
	for i := range f.Options {
		f.Options[i].Selected = f.Options[i].Value == f.Value
	}
	if len(f.Options) > 0 && f.Value == "" {
		f.Options[0].Selected = len(f.Options) == 1 || a.from != nil
	}
	return f
}

func (w *writer) choose(st *step) {
	w.v.Kind, w.v.Name, w.v.Min, w.v.Max = ViewChoose, st.answer.id, st.rule.min, st.rule.max
	items, err := w.items(st)
	if err != nil {
		return
	}
	typed := w.s.Typed[st.answer.id]
	for _, raw := range items {
		key, err := w.keyOf(st, raw)
		if err != nil {
			continue
		}
		sc := w.sc.with(raw)
		item := Item{Value: key, Title: st.item.title.in(sc), Points: -1, Selected: len(items) == 1, At: pointOf(raw)}
		for _, t := range typed {
			item.Selected = item.Selected || t == key
		}
		if st.item.amount != nil {
			item.Amount = money.Fen(whole(st.item.amount, sc))
		}
		if st.item.points != nil {
			item.Points = int(whole(st.item.points, sc))
		}
		item.Rows = w.rows(st.item.rows, sc)
		for i := range st.item.links {
			if k := w.link(&st.item.links[i], sc); k != nil {
				item.Links = append(item.Links, *k)
			}
		}
		w.v.Items = append(w.v.Items, item)
	}
	if lie(w.v.Items) {
		w.v.Places = w.env.Offer.places()
	}
	if w.v.Title == "" {
		w.v.Title = st.answer.ask.in(w.sc)
	}
}

func whole(e *expr, sc *scene) int64 {
	v, err := e.eval(sc)
	if err != nil {
		return 0
	}
	n, _ := v.(int64)
	return n
}

func (w *writer) link(k *linkDef, sc *scene) *Link {
	if k == nil {
		return nil
	}
	if k.cond != nil {
		if ok, err := k.cond.truth(sc); err != nil || !ok {
			return nil
		}
	}
	return &Link{Label: k.label.in(sc), Service: k.service, Href: k.href}
}

func (w *writer) book(st *step) {
	w.v.Kind, w.v.Name = ViewBook, st.answer.id
	w.v.Pool, _ = w.poolOf(st)
	if w.s.Note != "" {
		w.v.Missed = w.s.Missed
	}
	w.v.Min, w.v.Max = 1, 1
	if w.v.Title == "" {
		w.v.Title = w.say("book")
	}
}

func (w *writer) check(st *step) {
	w.v.Kind = ViewCheck
	w.v.Rows = w.rows(st.rows, w.sc)
	w.v.Declare = st.declare.in(w.sc)
	p := w.payAfter(st)
	price := money.Fen(0)
	if p != nil {
		price, _ = w.price(p)
	}
	if price == 0 {
		w.v.Button = either(st.button.in(w.sc), w.say("confirm"))
		w.v.Title = either(w.v.Title, w.say("check"))
		return
	}
	w.v.Amount = price
	if v, err := p.payee.eval(w.sc); err == nil {
		w.v.Payee, _ = v.(string)
	}
	w.v.Button = either(st.button.in(w.sc), w.say("confirm_pay", showMoney(price, w.env.Lang)))
	w.v.Title = either(w.v.Title, w.say("check_pay"))
	w.v.Notes = append(w.v.Notes, Note{Text: w.say("free")})
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (w *writer) pay(st *step) {
	fact := w.s.Facts[st.id]
	w.v.Kind, w.v.Amount = ViewPay, money.Fen(intOf(fact, "amount"))
	w.v.Payee, w.v.PayURL = textOf(fact, "payee"), textOf(fact, "url")
	w.v.Title = either(w.v.Title, w.say("name.pay"))
	w.v.Button = w.say("pay", showMoney(w.v.Amount, w.env.Lang))
	w.v.Notes = append(w.v.Notes, Note{Text: w.say("free")})
	if w.s.Phase == phaseClosed {
		w.v.PayURL, w.v.Retry = "", true
		w.v.Button = w.say("pay_again", showMoney(w.v.Amount, w.env.Lang))
		w.v.Notes = append([]Note{{Tone: "warn", Text: w.say("note.closed")}}, w.v.Notes...)
	}
}

// back is the page before this one, "" when there is none or going back is over.
func (w *writer) back(st *step) string {
	if w.s.End != "" || w.s.Stuck {
		return ""
	}
	switch w.s.Phase {
	case "", phaseAsking, phasePaying, phaseClosed:
	default:
		return ""
	}
	for i := len(w.s.Trail) - 1; i >= 0; i-- {
		if to := w.d.steps[w.d.index[w.s.Trail[i]]]; to.pos < st.pos && !w.paidAfter(to) {
			return to.id
		}
	}
	return ""
}

// asOf is the time the office gave for the data shown: of the last look-up before this step.
func (w *writer) asOf(st *step) (at time.Time) {
	for _, s := range w.d.steps[:st.pos+1] {
		if s.kind == kindLookup {
			if t := timeOf(w.s.Facts[s.id], "as_of"); !t.IsZero() {
				at = t
			}
		}
	}
	return at
}

// office is the name residents know the step's office by.
func (w *writer) office(st *step) string {
	switch {
	case st.kind == kindPay:
		return w.say("channel")
	case st.call == nil:
		return either(w.env.Offer.Department, w.say("department"))
	}
	o := w.env.Offer.Offices[st.call.office]
	return either(o.Name.In(w.env.Lang), st.call.office)
}
