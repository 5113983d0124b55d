// Package chat draws a case as a talk: what a page would show becomes messages with numbered choices, and what a resident writes back
// becomes the same answer that the page's form would send. One question is asked at a time; what needs a page (proving who one is, paying)
// is a link. It is the third renderer beside pages and JSON, pure, and knows no transport: an account's chat on our own pages and a callback
// of another platform use it alike.
package chat

import (
	"slices"
	"strconv"
	"strings"

	"zhijian/domain/service"
)

// Talk is how far a resident has come with the present step: what they answered of a form with several questions, and the day they picked of
// a calendar. The zero Talk is at the step's beginning. It holds personal data and is kept sealed.
type Talk struct {
	// Step is the step that the rest is about; of another step it counts for nothing.
	Step   string              `json:"step,omitempty"`
	Values map[string][]string `json:"values,omitempty"`
	Day    string              `json:"day,omitempty"` // YYYY-MM-DD
	// Offered is what the numbers stood for when they were last shown, in order: what is free changes while one looks. Empty takes the
	// numbers as the view has them now.
	Offered []string `json:"offered,omitempty"`
}

// String hides the talk.
func (Talk) String() string { return "[sealed]" }

// at gives the talk if it is about a view's step, else a new one.
func (t Talk) at(v service.View) Talk {
	if t.Step != v.Step {
		return Talk{Step: v.Step}
	}
	return t
}

// Without gives a copy that lacks some answers, for what a form found wrong.
func (t Talk) Without(names ...string) Talk {
	out := Talk{Step: t.Step, Values: map[string][]string{}}
	for k, v := range t.Values {
		if !slices.Contains(names, k) {
			out.Values[k] = v
		}
	}
	return out
}

// with gives a copy that has one more answer.
func (t Talk) with(name string, values ...string) Talk {
	out := Talk{Step: t.Step, Day: t.Day, Values: map[string][]string{}}
	for k, v := range t.Values {
		out.Values[k] = v
	}
	out.Values[name] = values
	return out
}

// Message is one bubble of the house.
type Message struct {
	Title   string        `json:"title,omitempty"`
	Lines   []string      `json:"lines,omitempty"` // sentences, and the numbered choices as they are written
	Rows    []service.Row `json:"rows,omitempty"`
	Options []Option      `json:"options,omitempty"` // the same choices, for buttons that send what one would write
	Links   []Link        `json:"links,omitempty"`
	// Offered is what the numbers stand for, for Talk.Offered.
	Offered []string `json:"-"`
}

// String hides the message: it may hold what a resident answered.
func (Message) String() string { return "[sealed]" }

// Option is a choice that can be tapped: it sends Send, or begins a service.
type Option struct {
	Text    string `json:"text"`
	Send    string `json:"send,omitempty"`
	Service string `json:"service,omitempty"`
}

// Link leads to a page that the talk cannot stand for.
type Link struct {
	Text string   `json:"text"`
	Kind LinkKind `json:"kind"`
	Href string   `json:"href,omitempty"` // of LinkAway and LinkPage; the transport fills in the others
}

// LinkKind says where a link leads.
type LinkKind string

// The kinds of link; the transport knows their addresses.
const (
	LinkStep    LinkKind = "step"    // the page of the present step
	LinkProve   LinkKind = "prove"   // proving who one is
	LinkPay     LinkKind = "pay"     // paying
	LinkReceipt LinkKind = "receipt" // the receipt
	LinkAway    LinkKind = "away"    // an office's own site
	LinkPage    LinkKind = "page"    // another page of this house
	LinkBind    LinkKind = "bind"    // signing in from another platform
)

// Move is what a resident's words mean.
type Move string

// The moves.
const (
	MoveAnswer Move = "answer" // Values answer the step
	MoveTalk   Move = "talk"   // the talk went on within the step: say Say, if anything, and show the step again
	MoveBack   Move = "back"   // go to the page before
	MoveCancel Move = "cancel" // call the case off
	MoveRetry  Move = "retry"  // ask a silent office again
	MoveShow   Move = "show"   // show where it stands
	MoveNear   Move = "near"   // sort by how far it is from Where; without one, ask where
	MoveLost   Move = "lost"   // not understood: Say says what can be written
)

// Heard is the outcome of what a resident wrote.
type Heard struct {
	Move   Move
	Talk   Talk
	Values map[string][]string
	Where  string
	Say    string
}

// Hear reads what a resident wrote while they see a view.
func Hear(v service.View, t Talk, text, lang string) Heard {
	t = t.at(v).free(v)
	text = strings.TrimSpace(text)
	switch word := Command(text); {
	case word == MoveBack && (t.Day != "" || len(t.Values) > 0):
		return Heard{Move: MoveTalk, Talk: Talk{Step: v.Step}}
	case word != "":
		return Heard{Move: word, Talk: t}
	}
	switch v.Kind {
	case service.ViewForm:
		return hearForm(v, t, text, lang)
	case service.ViewChoose:
		return hearChoice(v, t, text, lang)
	case service.ViewBook:
		return hearSlot(v, t, text, lang)
	case service.ViewCheck:
		if slices.Contains([]string{"1", "１", "确认", "是", "ok", "yes", "confirm"}, strings.ToLower(text)) {
			return Heard{Move: MoveAnswer, Values: map[string][]string{}}
		}
		return lost(t, lang, "chat.lost.check")
	case service.ViewWait:
		return Heard{Move: MoveShow, Talk: t}
	}
	return Heard{Move: MoveShow, Talk: t}
}

// Command knows the words that mean the same at every step; it is empty for any other.
func Command(text string) Move {
	switch strings.ToLower(strings.Trim(text, " 。.！!“”\"")) {
	case "上一步", "返回", "back":
		return MoveBack
	case "取消", "不办了", "撤回", "撤诉", "退出摇号", "cancel", "withdraw":
		return MoveCancel
	case "再试", "再试一次", "retry":
		return MoveRetry
	case "继续", "现在到哪了", "进度", "查进度", "continue", "status", "progress":
		return MoveShow
	}
	return ""
}

func lost(t Talk, lang, key string, args ...any) Heard {
	return Heard{Move: MoveLost, Talk: t, Say: say(lang, key, args...)}
}

// hearForm takes the answer to the question that is open and gives the whole form when it was the last.
func hearForm(v service.View, t Talk, text, lang string) Heard {
	f, ok := open(v, t, lang)
	if !ok {
		return Heard{Move: MoveAnswer, Values: t.Values}
	}
	if text == "" {
		return lost(t, lang, "chat.lost.empty")
	}
	value := text
	switch n, isNumber := Number(text); {
	case f.Optional && skipped(text):
		value = ""
	case isNumber && len(f.Options) > 0 && n >= 1 && n <= len(numbered(t, f.Options, optionValue)):
		value = numbered(t, f.Options, optionValue)[n-1]
	case closed(f):
		i := slices.IndexFunc(f.Options, func(o service.Option) bool { return o.Label == text || o.Value == text })
		if i < 0 {
			return lost(t, lang, "chat.lost.number", len(f.Options))
		}
		value = f.Options[i].Value
	}
	return t.answered(v, f, value, lang)
}

// answered takes the answer to a question, empty for one that is left out, and gives the whole form when it was the last.
func (t Talk) answered(v service.View, f service.Field, value, lang string) Heard {
	if value == "" {
		t = t.with(f.Name)
	} else {
		t = t.with(f.Name, value)
	}
	if _, more := open(v, t, lang); more {
		return Heard{Move: MoveTalk, Talk: t}
	}
	return Heard{Move: MoveAnswer, Talk: t, Values: t.Values}
}

// HearPlace reads a place that was sent in place of words: at is "30.274,120.155", name what it is called. A question for a position takes the
// one, any other that words can answer the other.
func HearPlace(v service.View, t Talk, at, name, lang string) Heard {
	t = t.at(v).free(v)
	f, ok := open(v, t, lang)
	switch {
	case v.Kind != service.ViewForm || !ok || closed(f) && f.Type != "location":
		return lost(t, lang, "chat.lost.place")
	case f.Type == "location":
		return t.answered(v, f, at, lang)
	}
	return hearForm(v, t, name, lang)
}

// closed reports a question that takes nothing but one of its options.
func closed(f service.Field) bool {
	return slices.Contains([]string{"choice", "location", "person", "whom"}, f.Type)
}

// optionValue is what an option stands for.
func optionValue(o service.Option) string { return o.Value }

// numbered gives what the numbers stand for: as they were shown, or as the view has them.
func numbered[T any](t Talk, list []T, value func(T) string) []string {
	if len(t.Offered) > 0 {
		return t.Offered
	}
	return values(list, value)
}

func values[T any](list []T, value func(T) string) []string {
	var out []string
	for _, one := range list {
		out = append(out, value(one))
	}
	return out
}

// Questions are what a form asks in a talk, in order: what a register answers is not asked, and after an entry of several it is asked
// whether there is one more.
func Questions(v service.View, lang string) []service.Field {
	out := slices.DeleteFunc(slices.Clone(v.Fields), func(f service.Field) bool { return f.Locked })
	p := v.Repeat
	if p == nil {
		return out
	}
	all := len(p.Entries)
	if p.Open {
		all++
	}
	more := service.Field{Name: p.Name, Type: "choice", Label: say(lang, "chat.more", p.Entry)}
	option := func(value, key string, args ...any) {
		more.Options = append(more.Options, service.Option{Value: value, Label: say(lang, key, args...)})
	}
	if all < p.Max {
		option("more", "chat.more.yes", p.Entry)
	}
	if all >= p.Min {
		option("done", "chat.more.no")
	}
	for _, e := range p.Entries {
		if !p.Open { // what was just said is kept first
			option("edit."+strconv.Itoa(e.N), "chat.more.edit", e.Title)
			option("remove."+strconv.Itoa(e.N), "chat.more.remove", e.Title)
		}
	}
	return append(out, more)
}

// open is the first question that the talk has no answer to.
func open(v service.View, t Talk, lang string) (service.Field, bool) {
	for _, f := range Questions(v, lang) {
		if _, answered := t.Values[f.Name]; !answered {
			return f, true
		}
	}
	return service.Field{}, false
}

func skipped(text string) bool {
	return slices.Contains([]string{"跳过", "没有", "无", "skip", "none"}, strings.ToLower(text))
}

// hearChoice reads one number or several.
func hearChoice(v service.View, t Talk, text, lang string) Heard {
	here := values(v.Items, itemValue)
	offered := numbered(t, v.Items, itemValue)
	if all := slices.Contains([]string{"全部", "全选", "all"}, strings.ToLower(text)); all && v.Max != 1 {
		return Heard{Move: MoveAnswer, Values: map[string][]string{v.Name: here}}
	}
	if len(v.Places) > 0 {
		if slices.Contains([]string{"离我最近", "最近", "附近", "按远近排", "nearest"}, strings.ToLower(text)) {
			return Heard{Move: MoveNear, Talk: t}
		}
		if p, ok := v.District(text); ok {
			return Heard{Move: MoveNear, Talk: t, Where: p.Code}
		}
	}
	var picked []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,，、;；\u3000", r) }) {
		n, ok := Number(part)
		if !ok || n < 1 || n > len(offered) {
			return lost(t, lang, "chat.lost.number", len(offered))
		}
		value := offered[n-1]
		if !slices.Contains(here, value) {
			return gone(Talk{Step: v.Step}, lang)
		}
		if !slices.Contains(picked, value) {
			picked = append(picked, value)
		}
	}
	if len(picked) == 0 || v.Max == 1 && len(picked) > 1 {
		return lost(t, lang, "chat.lost.number", len(offered))
	}
	return Heard{Move: MoveAnswer, Values: map[string][]string{v.Name: picked}}
}

func itemValue(i service.Item) string { return i.Value }

// gone says that what a number stood for is no more, and shows what there is.
func gone(t Talk, lang string) Heard {
	return Heard{Move: MoveTalk, Talk: t, Say: say(lang, "chat.gone")}
}

// hearSlot reads the number of a day, then that of a time.
func hearSlot(v service.View, t Talk, text, lang string) Heard {
	n, ok := Number(text)
	if t.Day == "" {
		days := numbered(t, openDays(v), dayDate)
		if !ok || n < 1 || n > len(days) {
			return lost(t, lang, "chat.lost.number", len(days))
		}
		if len(slotsOf(v, days[n-1])) == 0 {
			return gone(Talk{Step: v.Step}, lang)
		}
		return Heard{Move: MoveTalk, Talk: Talk{Step: v.Step, Day: days[n-1]}}
	}
	free := slotsOf(v, t.Day)
	slots := numbered(t, free, slotID)
	if !ok || n < 1 || n > len(slots) {
		return lost(t, lang, "chat.lost.number", len(slots))
	}
	if !slices.Contains(values(free, slotID), slots[n-1]) {
		return gone(Talk{Step: v.Step, Day: t.Day}.free(v), lang)
	}
	return Heard{Move: MoveAnswer, Values: map[string][]string{v.Name: {slots[n-1]}}}
}

func dayDate(d service.Day) string { return d.Date }

func slotID(s service.SlotView) string { return s.ID }

// free gives the talk without a day on which nothing is free.
func (t Talk) free(v service.View) Talk {
	if v.Kind == service.ViewBook && t.Day != "" && len(slotsOf(v, t.Day)) == 0 {
		t.Day = ""
	}
	return t
}

// mostDays is how many days one message lists.
const mostDays = 14

func openDays(v service.View) []service.Day {
	var out []service.Day
	for _, d := range v.Days {
		if d.Left > 0 && len(out) < mostDays {
			out = append(out, d)
		}
	}
	return out
}

func slotsOf(v service.View, day string) []service.SlotView {
	var out []service.SlotView
	for _, d := range v.Days {
		if d.Date != day {
			continue
		}
		for _, s := range d.Slots {
			if s.Left > 0 {
				out = append(out, s)
			}
		}
	}
	return out
}

// Number reads a whole number of at most three digits, in half or full width.
func Number(text string) (n int, ok bool) {
	r := []rune(text)
	if len(r) == 0 || len(r) > 3 {
		return 0, false
	}
	for _, c := range r {
		if c >= '０' && c <= '９' {
			c += '0' - '０'
		}
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}
