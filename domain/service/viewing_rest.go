package service

import (
	"regexp"
	"slices"

	"zhijian/ground/money"
)

// rows draws summary lines.
func (w *writer) rows(defs []rowDef, sc *scene) []Row {
	var out []Row
	for _, d := range defs {
		if d.cond != nil {
			if ok, err := d.cond.truth(sc); err != nil || !ok {
				continue
			}
		}
		if d.answer != nil {
			out = append(out, w.answerRow(d.answer, sc))
			continue
		}
		if d.each == nil {
			out = append(out, w.row(d, sc))
			continue
		}
		v, err := d.each.eval(sc)
		if err != nil {
			continue
		}
		list, _ := v.([]any)
		for _, item := range list {
			out = append(out, w.row(d, sc.with(item)))
		}
	}
	return out
}

// ownPath is a path of this site, whatever an office gave for a part of it.
var ownPath = regexp.MustCompile(`^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$`)

func (w *writer) row(d rowDef, sc *scene) Row {
	row := Row{Label: d.label.in(sc), Value: d.text.in(sc), Edit: w.edit(d.edit)}
	if at := d.href.in(sc); ownPath.MatchString(at) {
		row.Href = at
	}
	if d.value.unstated(sc) || d.text.unstated(sc) {
		row.Value = w.say("unstated")
		return row
	}
	if d.value != nil {
		kind := either(d.as, d.value.shape.kind)
		v, err := d.value.eval(sc)
		switch {
		case err != nil:
			row.Value = "—"
		case d.value.shape.files():
			w.filesRow(&row, filesIn(v, ""))
		default:
			row.Value = show(v, kind, w.env.Lang)
		}
		row.Plate, row.Money = kind == "plate", kind == "money"
	}
	for _, l := range d.lines {
		if text := l.in(sc); text != "" && !l.unstated(sc) {
			row.Lines = append(row.Lines, text)
		}
	}
	return row
}

// edit gives a step to change a line at, when the resident can still go there.
func (w *writer) edit(step string) string {
	if step == "" || w.s.End != "" {
		return ""
	}
	for _, t := range w.s.Trail {
		if t == step {
			return step
		}
	}
	return ""
}

func (w *writer) answerRow(a *answer, sc *scene) Row {
	v, ok := w.s.Answers[a.id]
	row := Row{Label: a.title(sc), Edit: w.edit(w.askedAt(a)), Plate: a.kind == "plate", Money: a.kind == "money"}
	switch {
	case !ok:
		row.Value, row.Plate, row.Money = "—", false, false
	case a.name == typeFile:
		w.filesRow(&row, filesIn(v, a.id))
	case a.name == typeWhom:
		row.Value = w.whomRow(v)
	case a.name == typePerson:
		row.Value = showPerson(v, w.env.Lang)
	case a.name == typeEntries:
		w.entriesRow(a, v, &row)
	case a.kind == "list" || a.kind == "object":
		row.Value = w.chosen(a, v)
	default:
		row.Value = show(v, a.kind, w.env.Lang)
	}
	for _, o := range a.options {
		if s, isText := v.(string); isText && s == o.value {
			row.Value = o.label.in(sc)
		}
	}
	return row
}

// chosen names chosen items by their titles.
func (w *writer) chosen(a *answer, v any) string {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var titles []any
	for _, st := range w.d.steps {
		if st.kind == kindChoose && st.answer == a {
			for _, item := range list {
				titles = append(titles, st.item.title.in(w.sc.with(item)))
			}
			break
		}
	}
	return show(titles, "text", w.env.Lang)
}

// askedAt is the last page behind that asked an answer.
func (w *writer) askedAt(a *answer) string {
	for i := len(w.s.Trail) - 1; i >= 0; i-- {
		st := w.d.steps[w.d.index[w.s.Trail[i]]]
		if st.answer == a {
			return st.id
		}
		for _, f := range st.fields {
			if f.answer == a {
				return st.id
			}
		}
	}
	return ""
}

// wait draws what a resident sees while somebody else is at work.
func (w *writer) wait(st *step) {
	own := w.v.Title
	w.v = View{
		Kind: ViewWait, Step: st.id, Back: w.v.Back, Office: w.office(st), Since: w.s.Since, Usual: st.usual.in(w.sc),
		Down: w.s.Down, Stuck: w.s.Stuck, AsOf: w.v.AsOf,
	}
	if w.s.Down {
		w.v.DownFrom = w.s.Since
	}
	switch {
	case w.s.Stuck:
		w.v.Title, w.v.Lead = w.say("stuck"), w.say("stuck.lead", w.v.Office)
		w.v.Down = false
	case w.s.Phase == phaseAsking && w.s.Down:
		w.v.Title, w.v.Lead = w.say("down"), w.say("down.lead", w.v.Office)
		if w.s.Hush != "" {
			w.v.Title, w.v.Lead = w.say("hush."+w.s.Hush), w.say("hush."+w.s.Hush+".lead", w.v.Office)
		}
		w.v.Retry, w.v.Hush, w.v.Again = st.retry, w.s.Hush, w.s.Again
		if !w.s.Due.IsZero() {
			w.v.Again = w.s.Due
		}
	case w.s.Phase == phaseAsking:
		w.v.Title, w.v.Lead = either(own, w.say("asking", w.v.Office)), w.say("asking.lead")
	case w.s.Phase == phaseOrdering && w.s.Down:
		w.v.Title, w.v.Lead, w.v.Retry = w.say("ordering.down"), w.say("ordering.down.lead"), true
	case w.s.Phase == phaseRecalling:
		w.v.Office, w.v.Usual = w.office(w.filing()), ""
		w.v.Title, w.v.Lead = w.say("recalling"), w.say("recalling.lead")
		if w.s.Down {
			w.v.Lead = w.say("filing.down.lead", w.v.Office)
		}
	case w.s.Phase == phaseVoiding:
		w.v.Title, w.v.Lead = w.say("voiding"), w.say("voiding.lead")
		if w.s.Down {
			w.v.Lead = w.say("filing.down.lead", w.v.Office)
		}
	case w.s.Phase == phaseFiling || w.s.Phase == phaseTracing:
		w.v.Title, w.v.Lead = either(own, w.say("filing", w.v.Office)), w.say("filing.lead")
		if w.s.Down {
			w.v.Lead = w.say("filing.down.lead", w.v.Office)
		}
	case w.s.Phase == phaseWaiting:
		w.v.Title, w.v.Lead = either(own, w.say("waiting", w.v.Office)), either(st.lead.in(w.sc), w.say("filing.lead"))
		w.v.Long = true
		w.v.Rows, w.v.Down = w.rows(st.rows, w.sc), false // it is waited on, whether the office's system answers just now or not
	case w.s.Phase == phaseReviewing:
		w.v.Title, w.v.Lead = either(own, w.say("reviewing", w.v.Office)), either(st.lead.in(w.sc), w.say("reviewing.lead"))
		w.v.Long = true
	case w.s.Phase == phaseRefunding || w.s.Phase == phaseCancelling:
		w.v.Title, w.v.Lead = w.say(w.s.Phase), w.say(w.s.Phase+".lead")
	case w.s.Phase == phaseConfirming:
		w.v.Title, w.v.Lead = w.say("holding"), w.say("moment")
	default:
		w.v.Title, w.v.Lead = w.say(either(w.s.Phase, "moment")), w.say("moment")
	}
	if w.s.Note == noteKept {
		w.v.Notes = append(w.v.Notes, Note{Tone: "warn", Text: w.kept()})
	}
	if p := w.owed(); p != nil {
		w.v.Amount, w.v.Payee = money.Fen(intOf(w.s.Facts[p.id], "amount")), textOf(w.s.Facts[p.id], "payee")
		if w.s.Phase != phaseRefunding {
			w.v.Notes = append(w.v.Notes, Note{Tone: "ok", Text: w.say("paid.safe")})
		}
	}
}

// kept tells that an office did not let go of what was filed, in its own words where it gave any.
func (w *writer) kept() string {
	if w.s.Reason == "" {
		return w.say("kept")
	}
	return w.say("kept.reason", w.s.Reason)
}

// result draws the end: the definition's, or one of the ends every service has.
func (w *writer) result(st *step) {
	w.v.Kind, w.v.End, w.v.Step = ViewResult, w.s.End, w.s.End
	if st.kind == kindResult && st.id == w.s.End {
		w.v.Good, w.v.Receipt = st.good, st.receipt
		w.v.Rows = w.rows(st.rows, w.sc)
		w.v.Map = w.mapView(st.chart)
		for _, n := range st.notes {
			if w.holds(n.cond) && !n.text.unstated(w.sc) {
				w.v.Notes = append(w.v.Notes, Note{Tone: n.tone, Text: n.text.in(w.sc)})
			}
		}
		for _, t := range st.next {
			if !t.unstated(w.sc) {
				w.v.Next = append(w.v.Next, t.in(w.sc))
			}
		}
		w.v.Instead = w.link(st.instead, w.sc)
		w.v.Button = st.button.in(w.sc)
		return
	}
	w.v.Lead = ""
	switch w.s.End {
	case EndLimited:
		w.v.Title, w.v.Lead = w.say("limited"), w.say("limited.lead")
	case EndNothing:
		w.v.Title = w.say("nothing")
	case EndWithdrawn:
		w.v.Title, w.v.Lead = w.say("withdrawn"), w.say("withdrawn.lead")
		w.returned()
	default:
		w.refused(st)
	}
}

func (w *writer) refused(st *step) {
	w.v.Title = either(st.refused.say.in(w.sc), w.say("refused"))
	w.v.Lead = either(st.refused.lead.in(w.sc), w.s.Reason)
	office := w.office(st)
	switch {
	case w.s.Reason != "":
		w.v.Lead = w.s.Reason
	case w.s.Note == noteSilent+":"+st.id:
		w.v.Lead = w.say("refused.silent", office)
	case w.v.Lead == "":
		w.v.Lead = w.say("refused.lead", office)
	}
	w.returned()
	for _, t := range st.refused.next {
		w.v.Next = append(w.v.Next, t.in(w.sc))
	}
	w.v.Next = append(w.v.Next, w.say("window"))
}

// returned shows the money that is back.
func (w *writer) returned() {
	for _, p := range w.d.steps {
		if p.kind == kindPay && boolOf(w.s.Facts[p.id], "refunded") {
			w.v.Notes = append(w.v.Notes, Note{Tone: "ok", Text: w.say("refused.back")})
			w.v.Rows = append(w.v.Rows, Row{
				Label: w.say("refunded"), Value: showMoney(money.Fen(intOf(w.s.Facts[p.id], "amount")), w.env.Lang), Money: true,
			})
		}
	}
}

// count gives "step 2 of 4" on the way a resident usually goes. Steps with the same name count as one.
func (w *writer) count(st *step) (index, of int, name string) {
	last, here := "", 0
	for _, s := range w.d.steps {
		if !w.onTheWay(s, st) {
			continue
		}
		if n := w.nameOf(s); n == "" || n != last {
			of++
			last = n
		}
		if s.pos <= st.pos {
			here = of
		}
	}
	if w.s.End != "" {
		return of, of, w.nameOf(st)
	}
	if name = w.nameOf(st); name == "" {
		// A step of the house belongs to the page before it.
		for _, id := range w.s.Trail {
			name = w.nameOf(w.d.steps[w.d.index[id]])
		}
	}
	return max(here, 1), of, name
}

// onTheWay reports whether a resident sees a step, as far as can be told now.
func (w *writer) onTheWay(s, at *step) bool {
	switch s.kind {
	case kindLookup, kindSubmit, kindWait, kindDeliver, kindReview:
		return false
	case kindSupply:
		return s == at || slices.Contains(w.s.Trail, s.id)
	case kindPay:
		if w.before(s).kind == kindCheck {
			return false
		}
	}
	if s == at {
		return true
	}
	if s.pos < at.pos {
		for _, t := range w.s.Trail {
			if t == s.id {
				return true
			}
		}
		return s.kind == kindPay
	}
	if s.cond == nil {
		return true
	}
	if s.kind == kindResult && s.id != w.s.End {
		return false
	}
	for _, ref := range s.cond.refs {
		if i, ok := w.d.index[ref]; ok && w.d.steps[i].facts != nil && w.s.Facts[ref] == nil {
			return false
		}
	}
	return w.holds(s.cond)
}

func (w *writer) before(s *step) *step {
	if s.pos == 0 {
		return s
	}
	return w.d.steps[s.pos-1]
}

func (w *writer) nameOf(s *step) string {
	if name := s.name.in(w.sc); name != "" {
		return name
	}
	switch s.kind {
	case kindForm:
		if s.asksWhom() {
			return w.say("name.whom")
		}
	case kindCheck:
		if s.pos+1 < len(w.d.steps) && w.d.steps[s.pos+1].kind == kindPay {
			return w.say("name.check_pay")
		}
		return w.say("name.check")
	case kindPay:
		return w.say("name.pay")
	case kindResult:
		return w.say("name.result")
	case kindBook:
		return w.say("name.book")
	}
	return ""
}
