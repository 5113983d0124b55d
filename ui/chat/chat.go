// Package chat draws a case as a talk: what a page would show becomes messages with numbered choices, and what a resident writes back
// becomes the same answer that the page's form would send. One question is asked at a time; what needs a page (proving who one is, paying)
// is a link. It is the third renderer beside pages and JSON, pure, and knows no transport: an account's chat on our own pages and a callback
// of another platform use it alike.
package chat

import (
	"slices"
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
	Title   string
	Lines   []string // sentences, and the numbered choices as they are written
	Rows    []service.Row
	Options []Option // the same choices, for buttons that send what one would write
	Links   []Link
}

// Option is a choice that can be tapped: it sends Send.
type Option struct{ Text, Send string }

// Link leads to a page that the talk cannot stand for.
type Link struct {
	Text string
	Kind LinkKind
	Href string // of KindAway and KindPage only
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
)

// Move is what a resident's words mean.
type Move string

// The moves.
const (
	MoveAnswer Move = "answer" // Values answer the step
	MoveTalk   Move = "talk"   // the talk went on within the step: show the step again
	MoveBack   Move = "back"   // go to the page before
	MoveCancel Move = "cancel" // call the case off
	MoveRetry  Move = "retry"  // ask a silent office again
	MoveShow   Move = "show"   // show where it stands
	MoveLost   Move = "lost"   // not understood: Say says what can be written
)

// Heard is the outcome of what a resident wrote.
type Heard struct {
	Move   Move
	Talk   Talk
	Values map[string][]string
	Say    string
}

// Hear reads what a resident wrote while they see a view.
func Hear(v service.View, t Talk, text, lang string) Heard {
	t = t.at(v)
	text = strings.TrimSpace(text)
	switch word := command(text); {
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

// command knows the words that mean the same at every step.
func command(text string) Move {
	switch strings.ToLower(text) {
	case "上一步", "返回", "back":
		return MoveBack
	case "取消", "不办了", "cancel":
		return MoveCancel
	case "再试", "再试一次", "retry":
		return MoveRetry
	case "继续", "现在到哪了", "continue", "status":
		return MoveShow
	}
	return ""
}

func lost(t Talk, lang, key string, args ...any) Heard {
	return Heard{Move: MoveLost, Talk: t, Say: say(lang, key, args...)}
}

// hearForm takes the answer to the question that is open and gives the whole form when it was the last.
func hearForm(v service.View, t Talk, text, lang string) Heard {
	f, ok := open(v, t)
	if !ok {
		return Heard{Move: MoveAnswer, Values: t.Values}
	}
	if text == "" {
		return lost(t, lang, "chat.lost.empty")
	}
	value := text
	switch n, isNumber := number(text); {
	case f.Optional && skipped(text):
		value = ""
	case isNumber && n >= 1 && n <= len(f.Options):
		value = f.Options[n-1].Value
	case f.Type == "choice":
		i := slices.IndexFunc(f.Options, func(o service.Option) bool { return o.Label == text || o.Value == text })
		if i < 0 {
			return lost(t, lang, "chat.lost.number", len(f.Options))
		}
		value = f.Options[i].Value
	}
	if value == "" {
		t = t.with(f.Name)
	} else {
		t = t.with(f.Name, value)
	}
	if _, more := open(v, t); more {
		return Heard{Move: MoveTalk, Talk: t}
	}
	return Heard{Move: MoveAnswer, Talk: t, Values: t.Values}
}

// open is the first question that the talk has no answer to.
func open(v service.View, t Talk) (service.Field, bool) {
	for _, f := range v.Fields {
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
	if all := slices.Contains([]string{"全部", "全选", "all"}, strings.ToLower(text)); all && v.Max != 1 {
		var values []string
		for _, i := range v.Items {
			values = append(values, i.Value)
		}
		return Heard{Move: MoveAnswer, Values: map[string][]string{v.Name: values}}
	}
	var values []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,，、;；\u3000", r) }) {
		n, ok := number(part)
		if !ok || n < 1 || n > len(v.Items) {
			return lost(t, lang, "chat.lost.number", len(v.Items))
		}
		if value := v.Items[n-1].Value; !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	if len(values) == 0 || v.Max == 1 && len(values) > 1 {
		return lost(t, lang, "chat.lost.number", len(v.Items))
	}
	return Heard{Move: MoveAnswer, Values: map[string][]string{v.Name: values}}
}

// hearSlot reads the number of a day, then that of a time.
func hearSlot(v service.View, t Talk, text, lang string) Heard {
	n, ok := number(text)
	if t.Day == "" {
		days := openDays(v)
		if !ok || n < 1 || n > len(days) {
			return lost(t, lang, "chat.lost.number", len(days))
		}
		t.Day = days[n-1].Date
		return Heard{Move: MoveTalk, Talk: t}
	}
	slots := slotsOf(v, t.Day)
	if !ok || n < 1 || n > len(slots) {
		return lost(t, lang, "chat.lost.number", len(slots))
	}
	return Heard{Move: MoveAnswer, Values: map[string][]string{v.Name: {slots[n-1].ID}}}
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

// number reads a whole number of at most three digits, in half or full width.
func number(text string) (n int, ok bool) {
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
