package service

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhijian/ground/fault"
)

// typeEntries is the answer type of what is asked several times: companions, members of a household. Its value is a list of objects with a
// member for each part, so that an expression reads size(companions) and companions[0].name, and a row may show each.
//
// A form that asks entries asks one at a time. The input named like the answer says what to do with it: "more" keeps it and opens a new
// one, "done" keeps it and goes on, "edit.N" opens one that is there, "remove.N" takes it away. Without that input what is sent is the whole
// list at once, as programs do. The parts of entry N are the inputs <answer>.N.<part>, N from 0.
const typeEntries = "entries"

// maxEntries bounds a list of entries.
const maxEntries = 20

// What the input named like the answer says.
const (
	doMore   = "more"
	doDone   = "done"
	doEdit   = "edit."
	doRemove = "remove."
	heldAt   = "at." // kept in Typed: the entry at hand
)

// nameParts gathers what each entry asks and gives the entries their shape.
func (l *loader) nameParts(a *answer, m *mapping) {
	all := l.mapping(m.need("parts", "say what each entry asks"), m.at("parts"))
	kinds := partTypes()
	entry := object(a.id + ".entry")
	for _, p := range all.pairs {
		all.asked = append(all.asked, p.name)
		path := all.at(p.name)
		id, pm := l.id(p.key, path), l.mapping(p.val, path)
		t, ok := answerTypeOf(l.oneOf(pm.need("type", "it decides how the answer is read"), pm.at("type"), kinds))
		if id == "" || !ok {
			continue
		}
		part := &answer{answerType: t, id: id, shape: t.value()}
		a.parts = append(a.parts, part)
		l.parts = append(l.parts, &draftAnswer{part, pm})
		entry.fields = append(entry.fields, member{id, part.shape})
	}
	if all.node != nil && len(a.parts) == 0 {
		l.say(all.node, all.path, "Each entry asks at least one thing.")
	}
	a.shape.elem = entry
}

// partTypes are the types a part of an entry may have: those that one input reads.
func partTypes() []string {
	var out []string
	for _, t := range answerTypes() {
		switch t.name {
		case "list", "item", "slot", typeFile, typeLocation, typeEntries, typeWhom:
		default:
			out = append(out, t.name)
		}
	}
	return out
}

// fillEntries reads how many entries there may be and what each asks.
func (l *loader) fillEntries(a *draftAnswer, at int) {
	m := a.m
	if a.name != typeEntries {
		for _, key := range []string{"parts", "repeat", "entry"} {
			if n := m.get(key); n != nil {
				l.say(n, m.at(key), "%q is for entries, not for a %s.", key, a.name)
			}
		}
		return
	}
	m.get("parts")
	for _, key := range []string{"prefill", "from", "optional"} {
		if n := m.get(key); n != nil {
			l.say(n, m.at(key), "Entries have no %q; their parts may, and \"repeat\" says how many entries there must be.", key)
		}
	}
	r := l.mapping(m.need("repeat", "say how many entries there may be, like {min: 0, max: 5}"), m.at("repeat"))
	a.min = l.whole(r.get("min"), r.at("min"), 0, maxEntries)
	a.max = l.whole(r.need("max", "a list without an end is never done"), r.at("max"), 1, maxEntries)
	if a.max < a.min {
		l.say(r.node, r.path, "\"max\" is smaller than \"min\".")
	}
	r.done()
	a.entry = l.c.template(m.need("entry", "what one of them is called: 同行人"), m.at("entry"), scope{at: at})
	for _, part := range a.parts {
		for _, d := range l.parts {
			if d.answer == part {
				l.fillAnswerAt(d, at)
			}
		}
	}
}

// lintEntries wants entries to have their page to themselves: the page asks one entry after the other.
func (l *loader) lintEntries(s *draftStep) {
	for _, f := range s.fields {
		switch {
		case f.answer == nil || f.answer.name != typeEntries:
		case len(s.fields) > 1:
			l.say(s.m.node, s.m.path, "%q are entries and need a page of their own.", f.answer.id)
		case s.kind != kindForm:
			l.say(s.m.node, s.m.path, "%q are entries; only a form asks them.", f.answer.id)
		}
	}
}

// entriesIn gives the entries that a page asks, nil for none.
func entriesIn(fields []*answer) *answer {
	if len(fields) == 1 && fields[0].name == typeEntries {
		return fields[0]
	}
	return nil
}

// entries are those that were read.
func (r *run) entries(a *answer) []any {
	list, _ := r.s.Answers[a.id].([]any)
	return list
}

// input names what a form sends for a part of entry n.
func (a *answer) input(n int, p *answer) string { return a.id + "." + strconv.Itoa(n) + "." + p.id }

// part is an answer of entry n under the name of its input.
func (a *answer) part(n int, p *answer) *answer {
	c := *p
	c.id = a.input(n, p)
	return &c
}

// atHand is the entry that is open; false when the page shows the list only.
func (r *run) atHand(a *answer) (n int, open bool) {
	have := len(r.entries(a))
	if typed := r.s.Typed[a.id]; len(typed) == 1 {
		if n, ok := numbered(typed[0], heldAt, have+1); ok && n < a.max {
			return n, true
		}
	}
	return 0, have == 0 && a.min > 0
}

// numbered reads the number below limit after a word.
func numbered(s, word string, limit int) (int, bool) {
	rest, ok := strings.CutPrefix(s, word)
	n, err := strconv.Atoi(rest)
	return n, ok && err == nil && n >= 0 && n < limit && strconv.Itoa(n) == rest
}

// open puts an entry at hand, -1 for none.
func (r *run) open(a *answer, n int) {
	r.s.Typed[a.id] = []string{}
	if n >= 0 {
		r.s.Typed[a.id] = []string{heldAt + strconv.Itoa(n)}
	}
}

// sent lists the entries that a form or a program sent, in order. What it says of entries beyond the bound is not looked at.
func (a *answer) sent(values map[string][]string) []int {
	seen := map[int]bool{}
	for name := range values {
		rest, ok := strings.CutPrefix(name, a.id+".")
		number, part, _ := strings.Cut(rest, ".")
		n, known := numbered(number, "", maxEntries+1)
		if ok && known && slices.ContainsFunc(a.parts, func(p *answer) bool { return p.id == part }) {
			seen[n] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// takeRepeat takes what was sent of entries. stay is true while its page goes on.
func (r *run) takeRepeat(a *answer, values map[string][]string) (stay bool, err error) {
	do := ""
	if v := values[a.id]; len(v) > 0 {
		do = v[0]
	}
	r.keepEntries(a, values)
	have := r.entries(a)
	if do == "" {
		return false, r.takeEntries(a, values)
	}
	if n, ok := numbered(do, doEdit, len(have)); ok {
		r.open(a, n)
		return true, nil
	}
	if n, ok := numbered(do, doRemove, len(have)); ok {
		r.remove(a, n)
		return true, nil
	}
	if do != doMore && do != doDone {
		return false, fault.Invalid("entries.do", "没有读懂，请再按一次按钮").On(a.id)
	}
	list, err := r.takeAtHand(a, values, do)
	if err != nil {
		return false, err
	}
	switch {
	case do == doMore && len(list) >= a.max && len(list) == len(have):
		return false, a.full()
	case do == doMore:
		r.s.Answers[a.id] = list
		if r.open(a, len(list)); len(list) == a.max {
			r.open(a, -1)
		}
		return true, nil
	case len(list) < a.min:
		return false, a.few(r)
	}
	r.s.Answers[a.id] = list
	r.open(a, -1)
	return false, nil
}

// keepEntries remembers what was typed for the entries that were sent, within the bound.
func (r *run) keepEntries(a *answer, values map[string][]string) {
	for _, n := range a.sent(values) {
		for _, p := range a.parts {
			if name := a.input(n, p); n < a.max {
				r.keep(name, values[name])
			}
		}
	}
}

func (a *answer) full() error {
	return fault.Invalid("entries.full", "最多 %d 位，不能再加了", a.max).On(a.id)
}

func (a *answer) few(r *run) error {
	f := fault.Invalid("entries.few", "至少填 %d 位%s", a.min, r.inChinese(a.entry.in))
	f.Args = []any{a.min, a.entry.in(r.scene())}
	return f.On(a.id)
}

// takeAtHand reads the entry at hand and gives the list with it. An empty new one is left out where there are enough without it.
func (r *run) takeAtHand(a *answer, values map[string][]string, do string) ([]any, error) {
	have := append([]any{}, r.entries(a)...) // never nil: a stored state reads back the same
	sent := a.sent(values)
	if len(sent) == 0 {
		if _, open := r.atHand(a); open && do == doDone && len(have) < a.min {
			return nil, a.few(r)
		}
		return have, nil
	}
	n := sent[0]
	if len(sent) > 1 || n > len(have) {
		return nil, fault.Invalid("entries.do", "没有读懂，请再按一次按钮").On(a.id)
	}
	if n >= a.max {
		return nil, a.full()
	}
	r.open(a, n)
	if n == len(have) && do == doDone && n >= a.min && a.blank(n, values) {
		return have, nil
	}
	one, wrong := r.readEntry(a, n, values)
	if err := fault.Join(wrong...); err != nil {
		return nil, err
	}
	if n == len(have) {
		return append(have, one), nil
	}
	have[n] = one
	return have, nil
}

func (a *answer) blank(n int, values map[string][]string) bool {
	return !slices.ContainsFunc(a.parts, func(p *answer) bool {
		return strings.TrimFunc(strings.Join(values[a.input(n, p)], ""), blank) != ""
	})
}

// readEntry reads one entry.
func (r *run) readEntry(a *answer, n int, values map[string][]string) (map[string]any, []*fault.Error) {
	out := make(map[string]any, len(a.parts))
	var wrong []*fault.Error
	for _, p := range a.parts {
		one := a.part(n, p)
		v, present, err := r.read(one, values[one.id])
		switch {
		case err != nil:
			wrong = append(wrong, asFault(err).On(one.id))
		case present:
			out[p.id] = v
		default:
			out[p.id] = p.shape.zero()
		}
	}
	return out, wrong
}

// takeEntries takes a whole list at once.
func (r *run) takeEntries(a *answer, values map[string][]string) error {
	list, wrong := []any{}, []*fault.Error{}
	for i, n := range a.sent(values) {
		if i != n {
			return fault.Invalid("entries.gap", "列表里缺了一位，请从 0 开始依次填写").On(a.id)
		}
		if n >= a.max {
			return a.full()
		}
		one, bad := r.readEntry(a, n, values)
		list, wrong = append(list, one), append(wrong, bad...)
		if len(bad) > 0 {
			r.open(a, n)
		}
	}
	if err := fault.Join(wrong...); err != nil {
		return err
	}
	if len(list) < a.min {
		return a.few(r)
	}
	r.s.Answers[a.id] = list
	r.open(a, -1)
	return nil
}

// remove takes an entry away; what was typed for those after it moves up.
func (r *run) remove(a *answer, n int) {
	list := r.entries(a)
	r.s.Answers[a.id] = slices.Delete(slices.Clone(list), n, n+1)
	for i := n; i < a.max; i++ {
		for _, p := range a.parts {
			to, from := a.input(i, p), a.input(i+1, p)
			if typed, ok := r.s.Typed[from]; ok {
				r.s.Typed[to] = typed
			} else if r.s.Typed[to] != nil {
				r.s.Typed[to] = []string{}
			}
		}
	}
	r.open(a, -1)
}

// repeat draws a page of entries: those there are, and the one at hand.
func (w *writer) repeat(a *answer) {
	n, open := w.atHand(a)
	list := w.entries(a)
	g := &Repeat{Name: a.id, Entry: a.entry.in(w.sc), At: n, New: n == len(list), Open: open, Min: a.min, Max: a.max}
	for i, e := range list {
		if open && i == n {
			continue
		}
		g.Entries = append(g.Entries, Entry{N: i, Title: w.say("entries.entry", g.Entry, i+1), Rows: w.entryRows(a, e)})
	}
	whole := w.v.Fields[0]
	w.v.Fields = nil
	g.Why = whole.Why
	if w.v.Lead == "" {
		w.v.Lead = whole.Hint
	}
	for _, p := range a.parts {
		f := w.field(a.part(n, p))
		g.Parts = append(g.Parts, f)
		if open {
			w.v.Fields = append(w.v.Fields, f)
		}
	}
	w.v.Repeat = g
}

func (w *writer) entryRows(a *answer, entry any) []Row {
	m, _ := entry.(map[string]any)
	rows := make([]Row, 0, len(a.parts))
	for _, p := range a.parts {
		rows = append(rows, Row{Label: p.title(w.sc), Value: w.partValue(p, m[p.id]), Plate: p.kind == "plate", Money: p.kind == "money"})
	}
	return rows
}

func (w *writer) partValue(p *answer, v any) string {
	if p.name == typePerson {
		return either(showPerson(v, w.env.Lang), "—")
	}
	for _, o := range p.options {
		if s, ok := v.(string); ok && s == o.value {
			return o.label.in(w.sc)
		}
	}
	return either(show(v, p.kind, w.env.Lang), "—")
}

// entriesRow is a list of entries in a summary: how many, and a line for each.
func (w *writer) entriesRow(a *answer, v any, row *Row) {
	list, _ := v.([]any)
	row.Value = w.say("entries.count", len(list))
	if len(list) == 0 {
		row.Value = w.say("entries.none")
	}
	for _, e := range list {
		var parts []string
		for _, r := range w.entryRows(a, e) {
			parts = append(parts, r.Value)
		}
		row.Lines = append(row.Lines, strings.Join(parts, "　"))
	}
}

// testEntries reads the entries that a test answers with, [{name: …, number: …}], under the names of their inputs.
func (l *loader) testEntries(a *answer, n *yaml.Node, path string, t *rehearsal) {
	t.entries[a.id] = len(n.Content)
	for i, e := range l.items(n, path) {
		m := l.mapping(e, fmt.Sprintf("%s.%d", path, i+1))
		for _, p := range a.parts {
			if v := m.get(p.id); v != nil {
				t.answers[a.input(i, p)] = []string{l.word(v, m.at(p.id))}
			}
		}
		m.done()
	}
}

// entered says what a resident of a test does on a page of entries: one more, or done.
func (t rehearsal) entered(p *Repeat, values map[string][]string) {
	have, all := len(p.Entries), t.entries[p.Name]
	if p.Open && p.New {
		have++
	}
	values[p.Name] = []string{doDone}
	if have < all {
		values[p.Name] = []string{doMore}
	}
}
