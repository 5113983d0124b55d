package service

import "strings"

// locked reads what a register says of an answer: its value, when the register said anything. Then it is shown and not asked; where the register is
// silent the resident is asked like for any other.
func (r *run) locked(a *answer) (any, bool) {
	if a.locked == nil {
		return nil, false
	}
	v, err := a.locked.eval(r.scene())
	if err != nil {
		return nil, false
	}
	switch v := v.(type) {
	case string:
		return v, strings.TrimSpace(v) != ""
	case int64:
		return v, v != 0
	}
	return nil, false
}

// lockedField draws an answer that a register gives; false when it must be asked.
func (w *writer) lockedField(a *answer, f *Field) bool {
	v, ok := w.locked(a)
	if !ok {
		return false
	}
	f.Locked, f.Value, f.Wrong = true, show(v, a.kind, w.env.Lang), a.wrong.in(w.sc)
	for _, o := range a.options {
		if s, isText := v.(string); isText && s == o.value {
			f.Value = o.label.in(w.sc)
		}
	}
	if f.Wrong == "" {
		f.Wrong = w.say("locked.wrong")
	}
	return true
}

// fillLocked reads what a register answers in the resident's stead.
func (l *loader) fillLocked(a *draftAnswer, sc scope) {
	m := a.m
	n, wrong := m.get("locked"), m.get("wrong")
	if n == nil {
		if wrong != nil {
			l.say(wrong, m.at("wrong"), "\"wrong\" only goes with \"locked\".")
		}
		return
	}
	switch a.name {
	case typeFile, typeEntries, typePerson, typeLocation, "list", "item", "slot":
		l.say(n, m.at("locked"), "A %s is not what a register says; \"locked\" is for one text, day, number or amount.", a.name)
		return
	}
	if m.get("prefill") != nil {
		l.say(n, m.at("locked"), "An answer is \"locked\" or has a \"prefill\", not both.")
	}
	want := wantText
	if a.kind == "int" || a.kind == "money" {
		want = wantInt
	}
	a.locked = l.c.compile(n, m.at("locked"), l.word(n, m.at("locked")), want, sc)
	a.wrong = l.c.template(wrong, m.at("wrong"), sc)
}
