package service

import (
	"slices"
	"strings"
	"unicode/utf8"

	"zhijian/ground/fault"
)

// Bounds of what one form may send (security.md part 8).
const (
	maxTyped  = 4_000 // bytes of one value kept
	maxValues = maxItems
)

// take takes what a resident sent for the present step.
func (r *run) take(in Answer) error {
	st := r.step()
	if st == nil || in.Step != r.s.Step || r.s.End != "" {
		return errStep()
	}
	if st.kind == kindPay && in.Step == st.id && r.s.Phase == phasePaying {
		return nil // pressed again while the payment is open
	}
	if st.kind == kindPay && r.s.Phase == phaseClosed {
		return r.reorder(st)
	}
	if !st.seen() || r.s.Waiting || r.s.Phase != "" {
		return errStep()
	}
	if r.needed(st) > r.env.Me.Level {
		return fault.Denied("service.level", "这一步要先证明您是谁")
	}
	var err error
	switch st.kind {
	case kindForm, kindSupply, kindHandoff:
		stay, err := r.takeForm(st, in.Values)
		if stay || err != nil {
			return err
		}
	case kindChoose:
		err = r.takeChoice(st, in.Values)
	case kindBook:
		stay, err := r.takeSlot(st, in.Values)
		if stay || err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	r.s.Note, r.s.Reason = "", ""
	if st.kind == kindSupply {
		r.s.More = ""
	}
	r.left(st.id)
	return r.forward(st.pos + 1)
}

// needed is the level a page asks for: its own, or that of the payment it leads straight into.
func (r *run) needed(st *step) int {
	level := st.level
	if p := r.payAfter(st); p != nil {
		level = max(level, p.level)
	}
	return level
}

// payAfter gives the pay step that a check page leads straight into, nil for none.
func (r *run) payAfter(st *step) *step {
	if st.kind != kindCheck {
		return nil
	}
	for _, next := range r.d.steps[st.pos+1:] {
		if ok, err := r.applies(next); err != nil {
			return nil
		} else if !ok {
			continue
		}
		if next.kind == kindPay {
			return next
		}
		return nil
	}
	return nil
}

// fields lists the answers a form asks now.
func (r *run) fields(st *step) ([]*answer, error) {
	out := make([]*answer, 0, len(st.fields))
	for _, f := range st.fields {
		if f.cond != nil {
			ok, err := f.cond.truth(r.scene())
			if err != nil {
				return nil, r.fail(st, err)
			}
			if !ok {
				continue
			}
		}
		out = append(out, f.answer)
	}
	return out, nil
}

// keep remembers what was typed for an answer, within bounds. A position is remembered roughly, and so is all that is kept of it.
func (r *run) keep(id string, values []string) {
	out := make([]string, 0, min(len(values), maxValues))
	for _, v := range values[:min(len(values), maxValues)] {
		out = append(out, shorten(strings.ToValidUTF8(v, ""), maxTyped))
	}
	if a := r.d.answerOf(id); a != nil && a.name == "location" {
		for i := range out {
			out[i] = roughly(out[i])
		}
	}
	r.s.Typed[id] = out
}

// takeForm takes a page of questions. stay is true while the page goes on: with one more entry.
func (r *run) takeForm(st *step, values map[string][]string) (stay bool, err error) {
	fields, err := r.fields(st)
	if err != nil {
		return false, err
	}
	if g := entriesIn(fields); g != nil {
		return r.takeRepeat(g, values)
	}
	var wrong []*fault.Error
	read := map[string]any{}
	for _, a := range fields {
		if v, ok := r.locked(a); ok {
			read[a.id] = v // whatever a form sends for it
			continue
		}
		typed := values[a.id]
		r.keep(a.id, typed)
		v, present, err := r.read(a, typed)
		switch {
		case err != nil:
			wrong = append(wrong, asFault(err).On(a.id))
		case present:
			read[a.id] = v
		}
	}
	if err := fault.Join(wrong...); err != nil {
		return false, err
	}
	for _, a := range fields {
		delete(r.s.Answers, a.id)
	}
	for id, v := range read {
		r.s.Answers[id] = v
	}
	return false, nil
}

func asFault(err error) *fault.Error {
	if f := fault.Of(err); f != nil {
		return f
	}
	return fault.Invalid("answer.unread", "没有读懂，请换一种写法").Because(err)
}

// read reads one value. present is false for an optional answer left empty.
func (r *run) read(a *answer, typed []string) (v any, present bool, err error) {
	if a.name == typeFile {
		return r.readFiles(a, typed)
	}
	s := ""
	if len(typed) > 0 {
		s = typed[0]
	}
	if strings.TrimFunc(s, blank) == "" {
		if a.optional {
			return nil, false, nil
		}
		return nil, false, r.missing(a)
	}
	if len(typed) > 1 {
		return nil, false, fault.Invalid("answer.many", "这里只能填一个")
	}
	if len(s) > maxTyped {
		return nil, false, fault.Invalid("answer.long", "写得太长了，请缩短一些")
	}
	switch a.name {
	case typeWhom:
		v, err = r.readWhom(strings.TrimSpace(s))
		return v, err == nil, err
	case typePerson:
		v, err = r.readPerson(strings.TrimSpace(s))
		return v, err == nil, err
	}
	if v, ok, err := r.offered(a, strings.TrimSpace(s)); ok || err != nil {
		return v, ok, err
	}
	if a.name == typeLocation {
		v, err = r.readLocation(strings.TrimSpace(s))
		return v, err == nil, err
	}
	v, err = a.read(s, r.env.Now)
	if err == nil {
		err = bounded(a, v)
	}
	return v, err == nil, err
}

func blank(c rune) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\u3000' }

func (r *run) missing(a *answer) error {
	if opts, err := r.optionsFrom(a); len(a.options) > 0 || a.name == typeLocation || a.name == typePerson || a.name == typeWhom || err == nil && len(opts) > 0 {
		return fault.Invalid("answer.choose", "请选一项")
	}
	f := fault.Invalid("answer.missing", "请填写%s", r.inChinese(a.title))
	f.Args = []any{a.title(r.scene())}
	return f
}

// inChinese renders a wording for a fault's public sentence, which is Chinese whatever the page is.
func (r *run) inChinese(wording func(*scene) string) string {
	zh := r.env
	zh.Lang = ""
	return wording(&scene{d: r.d, s: &r.s, env: &zh})
}

// title is the answer's short name.
func (a *answer) title(sc *scene) string {
	if !a.label.empty() {
		return a.label.in(sc)
	}
	return a.ask.in(sc)
}

// offered takes a value from the options of a choice or of a list. A list's options are an offer:
// other values go on to the reader; of a choice they are all there is.
func (r *run) offered(a *answer, s string) (any, bool, error) {
	if a.other != nil && s == a.other.value {
		if opts, err := r.optionsFrom(a); err == nil && len(opts) > 0 {
			return s, true, nil
		}
	}
	if a.name != "choice" {
		return nil, false, nil
	}
	for _, o := range a.options {
		if o.value == s {
			return s, true, nil
		}
	}
	opts, err := r.optionsFrom(a)
	if err != nil {
		return nil, false, err
	}
	if slices.ContainsFunc(opts, func(o Option) bool { return o.Value == s }) {
		return s, true, nil
	}
	return nil, false, fault.Invalid("answer.option", "请从列出的选项里选一个")
}

// optionsFrom computes the options that a list offers.
func (r *run) optionsFrom(a *answer) ([]Option, error) {
	if a.from == nil {
		return nil, nil
	}
	sc := r.scene()
	v, err := a.from.eval(sc)
	if err != nil {
		return nil, err
	}
	list, _ := v.([]any)
	out := make([]Option, 0, len(list))
	for _, item := range list {
		o := Option{Plate: a.kind == "plate"}
		if a.option.value == nil {
			o.Value, _ = item.(string)
			o.Label = show(o.Value, a.kind, r.env.Lang)
		} else {
			isc := sc.with(item)
			val, err := a.option.value.eval(isc)
			if err != nil {
				return nil, err
			}
			o.Value, _ = val.(string)
			o.Label, o.Hint, o.Tag = a.option.label.in(isc), a.option.hint.in(isc), a.option.tag.in(isc)
			if a.option.label.empty() {
				o.Label = show(o.Value, a.kind, r.env.Lang)
			}
		}
		if o.Value != "" {
			out = append(out, o)
		}
	}
	return out, nil
}

func bounded(a *answer, v any) error {
	switch v := v.(type) {
	case string:
		limit := a.max
		if limit == 0 {
			limit = a.maxLength
		}
		switch n := utf8.RuneCountInString(v); {
		case (a.name == "text" || a.name == "place") && n > limit:
			return fault.Invalid("text.long", "最多 %d 个字，现在 %d 个，请缩短一些", limit, n)
		case a.name == "text" && n < a.min:
			return fault.Invalid("text.short", "至少写 %d 个字，现在 %d 个", a.min, n)
		case a.name == "digits" && n > limit:
			return fault.Invalid("digits.long", "最多 %d 位数字，现在 %d 位，请核对", limit, n)
		case a.name == "digits" && n < a.min:
			return fault.Invalid("digits.short", "至少 %d 位数字，现在 %d 位，请核对", a.min, n)
		}
	case int64:
		switch {
		case a.name == "number" && v < int64(a.min):
			return fault.Invalid("number.small", "不能小于 %d", a.min)
		case a.name == "number" && a.max > 0 && v > int64(a.max):
			return fault.Invalid("number.large", "不能大于 %d", a.max)
		}
	}
	return nil
}

// items computes the list a choose step offers.
func (r *run) items(st *step) ([]any, error) {
	v, err := st.from.eval(r.scene())
	if err != nil {
		return nil, r.fail(st, err)
	}
	list, _ := v.([]any)
	out := make([]any, 0, len(list))
	for _, item := range list {
		// What came without its key cannot be told from another, and nothing could be filed about it.
		if key, err := r.keyOf(st, item); err != nil {
			return nil, err
		} else if key != "" {
			out = append(out, item)
		}
	}
	return out, nil
}

func (r *run) keyOf(st *step, item any) (string, error) {
	v, err := st.key.eval(r.scene().with(item))
	if err != nil {
		return "", r.fail(st, err)
	}
	s, _ := v.(string)
	return s, nil
}

func (r *run) takeChoice(st *step, values map[string][]string) error {
	id := st.answer.id
	r.keep(id, values[id])
	chosen, err := r.pick(st, r.s.Typed[id])
	if err != nil {
		if f := fault.Of(err); f != nil {
			return f.On(id)
		}
		return err
	}
	r.s.Answers[id] = chosen
	return nil
}

// pick finds the chosen items by key in what the office gave; nothing of an item comes from the form.
func (r *run) pick(st *step, keys []string) (any, error) {
	items, err := r.items(st)
	if err != nil {
		return nil, err
	}
	chosen, found := []any{}, 0
	for _, item := range items {
		key, err := r.keyOf(st, item)
		if err != nil {
			return nil, err
		}
		if slices.Contains(keys, key) {
			chosen = append(chosen, item)
			found++
		}
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(keys)))
	switch {
	case found != len(distinct):
		return nil, fault.Invalid("choose.gone", "选中的有变化，请重新选")
	case found < st.rule.min && st.rule.min == 1:
		return nil, fault.Invalid("choose.none", "请至少选一项")
	case found < st.rule.min:
		return nil, fault.Invalid("choose.few", "请至少选 %d 项", st.rule.min)
	case st.rule.max > 0 && found > st.rule.max:
		return nil, fault.Invalid("choose.many", "最多选 %d 项，请去掉几项", st.rule.max)
	}
	if !same(chosen, st.rule.same) {
		f := fault.Invalid("choose.same", "%s", either(r.inChinese(st.rule.say.in), "选中的不能一起办，请分开选"))
		f.Args = []any{st.rule.say.in(r.scene())}
		return nil, f
	}
	if st.answer.name == "item" {
		if len(chosen) == 0 {
			return nil, fault.Invalid("choose.none", "请选一项")
		}
		return chosen[0], nil
	}
	return chosen, nil
}

// same reports whether all items agree in the given members.
func same(items []any, members []string) bool {
	for _, m := range members {
		for _, item := range items {
			a, _ := items[0].(map[string]any)
			b, _ := item.(map[string]any)
			if digest(a[m]) != digest(b[m]) {
				return false
			}
		}
	}
	return true
}

// draft keeps what was typed for the present step or one behind.
func (r *run) draft(in Draft) error {
	i, ok := r.d.index[in.Step]
	if !ok || r.s.End != "" || in.Step != r.s.Step && !slices.Contains(r.s.Trail, in.Step) {
		return errStep()
	}
	st := r.d.steps[i]
	ids := []string{}
	for _, f := range st.fields {
		if f.answer.name == typeEntries {
			r.keepEntries(f.answer, in.Values)
			continue
		}
		ids = append(ids, f.answer.id)
	}
	if st.answer != nil && in.Step == r.s.Step {
		ids = append(ids, st.answer.id)
	}
	for _, id := range ids {
		if v, ok := in.Values[id]; ok {
			r.keep(id, v)
		}
	}
	return nil
}
