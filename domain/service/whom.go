package service

import (
	"maps"
	"slices"
	"strings"

	"zhijian/ground/fault"
	"zhijian/ground/format"
)

// Who may have a service done for whom, as a definition's "for" says.
const (
	ForSelf    = "self"    // everybody for themself
	ForChild   = "child"   // for a child of one's own whom the household register confirmed
	ForMandate = "mandate" // for an adult who gave a mandate by their own login
)

// typeWhom is the answer that the engine itself asks in services that one may have done for somebody else: for whom. Expressions see who was
// chosen as whom; it is the resident where nobody else was.
const typeWhom = "whom"

// Other is somebody whom the resident may act for at this moment. The house finds them anew for every move.
type Other struct {
	Ref           string // stays the same as long as the right does: "child/7", "mandate/9"
	Name          string
	CitizenNumber string
}

// kind is what a definition's "for" calls the right.
func (o Other) kind() string {
	kind, _, _ := strings.Cut(o.Ref, "/")
	return kind
}

func whomShape() *shape {
	return object(
		"whom", member{"ref", scalar("text")}, member{"self", scalar("bool")}, member{"name", scalar("person_name")},
		member{"citizen_number", scalar("citizen_number")}, member{"kind", scalar("text")},
	)
}

func whomValue(o Other) map[string]any {
	return map[string]any{"ref": o.Ref, "self": o.Ref == ForSelf, "name": o.Name, "citizen_number": o.CitizenNumber, "kind": o.kind()}
}

// readFor reads "for" and, where the service can be had for somebody else, puts the question for whom before all other steps.
func (l *loader) readFor(m *mapping) {
	n := m.get("for")
	if n == nil {
		l.d.For = []string{ForSelf}
		return
	}
	for _, w := range l.words(n, "for") {
		switch {
		case !slices.Contains([]string{ForSelf, ForChild, ForMandate}, w):
			l.say(n, "for", "%q is none of self, child and mandate.", clip(w))
		case slices.Contains(l.d.For, w):
			l.say(n, "for", "%q is given twice.", w)
		default:
			l.d.For = append(l.d.For, w)
		}
	}
	if len(l.d.For) == 0 {
		l.say(n, "for", "\"for\" names at least one of self, child and mandate.")
	}
}

// ActsForOthers reports whether the service can be had for somebody else.
func (d *Definition) ActsForOthers() bool {
	return slices.ContainsFunc(d.For, func(w string) bool { return w != ForSelf })
}

// askWhom adds the engine's own page before the first step that wants a name: before it nothing is about anybody. It is no step of the
// file, so that nothing in the file can change it.
func (l *loader) askWhom() {
	if !l.d.ActsForOthers() {
		return
	}
	at, level := 0, 2
	for i, s := range l.drafts {
		if n := s.m.get("level"); n != nil && slices.Contains([]string{"L2", "L3", "L4"}, n.Value) {
			at, level = i, int(n.Value[1]-'0')
			break
		}
	}
	t, _ := answerTypeOf(typeWhom)
	a := &answer{answerType: t, id: typeWhom, shape: whomShape()}
	l.d.answers = append(l.d.answers, a)
	s := &step{kind: kindForm, id: typeWhom, level: level, fields: []fieldDef{{answer: a}}}
	l.d.Level = max(l.d.Level, level)
	l.drafts = slices.Insert(l.drafts, at, &draftStep{step: s, m: l.mapping(nil, "steps."+typeWhom)})
}

// asksWhom reports the engine's own page.
func (s *step) asksWhom() bool { return s.id == typeWhom }

// others lists whom the resident may act for in this service now.
func (r *run) others() []Other {
	if r.env.Me.Level < 2 || !r.d.ActsForOthers() {
		return nil
	}
	var out []Other
	for _, o := range r.env.Me.Others {
		if slices.Contains(r.d.For, o.kind()) {
			out = append(out, o)
		}
	}
	return out
}

// choosesWhom reports whether there is a choice to make: where it is only oneself, nothing is asked. Before a name is proven nobody knows.
func (r *run) choosesWhom() bool {
	return r.env.Me.Level < 2 || len(r.others()) > 0 || !slices.Contains(r.d.For, ForSelf)
}

// passesWhom reports the engine's own page when it turned out, after a proof, that there is nothing to choose.
func (r *run) passesWhom(st *step) bool { return st.asksWhom() && !r.choosesWhom() }

// acting gives the value of whom when it is somebody else; false for oneself.
func (r *run) acting() (map[string]any, bool) {
	m, _ := r.s.Answers[typeWhom].(map[string]any)
	return m, r.d.ActsForOthers() && textOf(m, "ref") != "" && !boolOf(m, "self")
}

// For names the right by which the state is somebody else's matter, as Other.Ref; empty for the resident's own.
func (s State) For() string {
	m, _ := s.Answers[typeWhom].(map[string]any)
	if boolOf(m, "self") {
		return ""
	}
	return textOf(m, "ref")
}

// Whom gives the right and the full name of who a case is for; empty when it is the resident's own.
func (d *Definition) Whom(s State) (ref, name string) {
	if !d.ActsForOthers() || s.For() == "" {
		return "", ""
	}
	return s.For(), textOf(s.Answers[typeWhom], "name")
}

// Barred reports a case for somebody whom its resident may not act for any more.
func (d *Definition) Barred(s State, env Env) bool {
	return d.run(s, env).mandated() != nil
}

// mandated refuses every move for somebody whom the resident may not act for any more.
func (r *run) mandated() error {
	m, acting := r.acting()
	if !acting || slices.ContainsFunc(r.others(), func(o Other) bool { return o.Ref == textOf(m, "ref") && o.CitizenNumber == textOf(m, "citizen_number") }) {
		return nil
	}
	return fault.Denied("service.mandate", "您现在不能替这个人办理：授权已经到期或者被撤回")
}

// readWhom takes for whom the matter is. Somebody else's answers do not stay.
func (r *run) readWhom(s string) (any, error) {
	chosen := Other{}
	switch i := slices.IndexFunc(r.others(), func(o Other) bool { return o.Ref == s }); {
	case s == ForSelf && slices.Contains(r.d.For, ForSelf):
		chosen.Ref = ForSelf
	case i >= 0:
		chosen = r.others()[i]
	default:
		return nil, fault.Invalid("answer.option", "请从列出的选项里选一个")
	}
	if before, ok := r.s.Answers[typeWhom]; ok && textOf(before, "ref") != chosen.Ref {
		r.forget()
	}
	return whomValue(chosen), nil
}

// forget lets go of what was answered and looked up since it was asked for whom. What came before is about nobody, and stands.
func (r *run) forget() {
	from := r.d.index[typeWhom]
	before := func(id string) bool {
		return slices.ContainsFunc(r.d.steps[:from], func(st *step) bool {
			return st.answer != nil && st.answer.id == id || slices.ContainsFunc(st.fields, func(f fieldDef) bool { return f.answer.id == id })
		})
	}
	maps.DeleteFunc(r.s.Answers, func(id string, _ any) bool { return !before(id) })
	for _, st := range r.d.steps[from:] {
		delete(r.s.Asked, st.id)
		if st.kind == kindLookup {
			delete(r.s.Facts, st.id)
		}
	}
}

// whom is who the matter is about, as expressions see it.
func (sc *scene) whom() map[string]any {
	if m, ok := sc.s.Answers[typeWhom].(map[string]any); ok && !boolOf(m, "self") {
		return m
	}
	return whomValue(Other{Ref: ForSelf, Name: sc.env.Me.Name, CitizenNumber: sc.env.Me.CitizenNumber})
}

// whomOptions offers oneself and the others, named as their own pages name them.
func (r *run) whomOptions() []Option {
	var out []Option
	if slices.Contains(r.d.For, ForSelf) {
		out = append(out, Option{Value: ForSelf, Label: phrased(r.env.Lang, "whom.self")})
	}
	for _, o := range r.others() {
		out = append(out, Option{
			Value: o.Ref, Label: format.Mask(format.FieldName, format.Staff, o.Name), Hint: phrased(r.env.Lang, "whom."+o.kind()),
		})
	}
	return out
}

// whomPage draws the engine's own page.
func (w *writer) whomPage() {
	w.v.Title, w.v.StepName = w.say("whom"), w.say("name.whom")
	if len(w.others()) == 0 {
		w.v.Notes = append(w.v.Notes, Note{Tone: "warn", Text: w.say("whom.none")})
	}
	w.v.Instead = &Link{Label: w.say("whom.more"), Href: "/me/people"}
}

// stopped is what is shown of a case for somebody whom the resident may not act for any more: nothing of theirs.
func (w *writer) stopped() View {
	return View{
		Kind: ViewWait, Step: w.s.Step, Title: w.say("unmandated"), Lead: w.say("unmandated.lead"), Long: true, Barred: true,
		Instead: &Link{Label: w.say("unmandated.way"), Href: "/me/mandates"},
	}
}

// whomRow names in a summary for whom it is.
func (w *writer) whomRow(v any) string {
	if boolOf(v, "self") {
		return w.say("whom.self")
	}
	return showPerson(v, w.env.Lang)
}
