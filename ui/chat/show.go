package chat

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/clock"
	uisay "zhijian/ui/say"
	"zhijian/ui/wording"
)

func say(lang, key string, args ...any) string { return wording.T(lang, key, args...) }

// Show draws what a resident must see now. now dates the days of a calendar.
func Show(v service.View, t Talk, lang string, now time.Time) Message {
	t = t.at(v).free(v)
	m := Message{Title: v.Title}
	if v.Lead != "" {
		m.Lines = append(m.Lines, v.Lead)
	}
	for _, n := range v.Notes {
		m.Lines = append(m.Lines, n.Text)
	}
	switch v.Kind {
	case service.ViewForm:
		m.form(v, t, lang)
	case service.ViewChoose:
		m.items(v, lang)
	case service.ViewBook:
		m.calendar(v, t, lang, now)
	case service.ViewCheck:
		m.Rows = v.Rows
		if v.Amount > 0 {
			m.Rows = append(m.Rows[:len(m.Rows):len(m.Rows)], service.Row{Label: say(lang, "chat.amount"), Value: uisay.Money(lang, v.Amount), Money: true})
		}
		m.line(v.Declare)
		m.option(1, v.Button, "")
		m.Links = append(m.Links, Link{Text: say(lang, "chat.change"), Kind: LinkStep})
	case service.ViewProve:
		m.Links = append(m.Links, Link{Text: say(lang, "chat.prove"), Kind: LinkProve})
	case service.ViewPay:
		m.Rows = []service.Row{{Label: say(lang, "chat.amount"), Value: uisay.Money(lang, v.Amount), Money: true}, {Label: say(lang, "chat.payee"), Value: v.Payee}}
		m.Links = append(m.Links, Link{Text: v.Button, Kind: LinkPay})
	case service.ViewWait:
		m.Rows = v.Rows
		m.line(v.Usual)
		if v.Retry {
			m.line(say(lang, "chat.retry"))
			m.Options = append(m.Options, Option{Text: say(lang, "chat.retry.do"), Send: say(lang, "chat.retry.do")})
		}
		if v.Long {
			m.Links = append(m.Links, Link{Text: say(lang, "chat.progress"), Kind: LinkStep})
		}
	case service.ViewResult:
		m.Rows = v.Rows
		m.list(v.Map, lang)
		m.Lines = append(m.Lines, v.Next...)
		if v.Receipt {
			m.Links = append(m.Links, Link{Text: say(lang, "chat.receipt"), Kind: LinkReceipt})
		}
		m.Links = append(m.Links, Link{Text: say(lang, "chat.result"), Kind: LinkStep})
	}
	m.instead(v.Instead)
	if v.For != "" {
		m.Lines = append([]string{say(lang, "chat.for", v.For)}, m.Lines...)
	}
	return m
}

// locked says what registers answer, with the way to have it corrected.
func (m *Message) locked(v service.View, t Talk) {
	for _, f := range v.Fields {
		if f.Locked && len(t.Values) == 0 {
			m.Rows = append(m.Rows, service.Row{Label: f.Label, Value: f.Value, Lines: []string{f.Wrong}})
		}
	}
}

// entries lists those there are of several.
func (m *Message) entries(v service.View) {
	m.line(v.Title)
	for _, e := range v.Repeat.Entries {
		parts := []string{e.Title}
		for _, r := range e.Rows {
			parts = append(parts, r.Value)
		}
		m.line(strings.Join(parts, "　"))
	}
}

// instead is another way out: an office's own site, another page, or another service.
func (m *Message) instead(k *service.Link) {
	switch {
	case k == nil:
	case k.Service != "":
		m.Options = append(m.Options, Option{Text: k.Label, Service: k.Service})
	case k.Away:
		m.Links = append(m.Links, Link{Text: k.Label, Kind: LinkAway, Href: k.Href})
	case k.Href != "":
		m.Links = append(m.Links, Link{Text: k.Label, Kind: LinkPage, Href: k.Href})
	}
}

// Key names what Show would say, apart from what changes while one looks (how many are free, how far an office is): what was said under
// the same key need not be said again.
func Key(v service.View, t Talk, lang string) string {
	t = t.at(v).free(v)
	question, had := "", 0
	if v.Repeat != nil {
		had = len(v.Repeat.Entries)
	}
	if f, ok := open(v, t, lang); ok && v.Kind == service.ViewForm {
		question = f.Name
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%s|%s|%s|%s|%d|%s|%d|%t%t%t%t|%s|%s|%s|%d|%s|%t",
		lang, v.Kind, v.Step, question, t.Day, v.Title, v.Amount, v.Missed, v.Level, v.Down, v.Retry, v.Stuck, v.PayURL != "", v.End, v.Lead, v.Button, had, v.For, v.Barred))
	return hex.EncodeToString(sum[:8])
}

func (m *Message) line(text string) {
	if text != "" {
		m.Lines = append(m.Lines, text)
	}
}

// option adds a numbered choice; value is what its number stands for.
func (m *Message) option(n int, text, value string) {
	m.Lines = append(m.Lines, strconv.Itoa(n)+". "+text)
	m.Options = append(m.Options, Option{Text: text, Send: strconv.Itoa(n)})
	m.Offered = append(m.Offered, value)
}

// form asks the question that is open; the page's title stands above the first.
func (m *Message) form(v service.View, t Talk, lang string) {
	m.locked(v, t)
	f, ok := open(v, t, lang)
	if !ok {
		m.option(1, v.Button, "")
		return
	}
	if len(v.Fields) > 1 || v.Repeat != nil {
		m.Title = f.Label
	}
	if v.Repeat != nil && len(t.Values) == 0 {
		m.entries(v)
	}
	if len(t.Values) > 0 { // what stood above the first question was read there
		m.Lines = nil
	}
	if f.Error != "" {
		m.line(f.Error)
	}
	m.line(f.Hint)
	for i, o := range f.Options {
		text := strings.TrimSpace(strings.TrimSpace(o.Label+" "+o.Tag) + "\n" + o.Hint)
		m.option(i+1, text, o.Value)
	}
	switch {
	case len(f.Options) > 0 && closed(f):
		m.line(say(lang, "chat.pick"))
	case len(f.Options) > 0:
		m.line(say(lang, "chat.pick.or"))
	case f.Value != "" && f.Error == "":
		m.line(say(lang, "chat.prefilled", f.Value))
		m.Options = append(m.Options, Option{Text: f.Value, Send: f.Value})
	}
	if f.Optional {
		m.line(say(lang, "chat.optional"))
		m.Options = append(m.Options, Option{Text: say(lang, "chat.skip"), Send: say(lang, "chat.skip")})
	}
}

func (m *Message) items(v service.View, lang string) {
	for i, item := range v.Items {
		text := item.Title
		if item.Amount > 0 {
			text += " " + uisay.Money(lang, item.Amount)
		}
		if item.Far > 0 {
			text += " · " + uisay.Metres(lang, item.Far)
		}
		for _, r := range item.Rows {
			text += "\n" + r.Label + " " + r.Value
		}
		m.option(i+1, text, item.Value)
	}
	switch {
	case v.From != "":
		m.line(say(lang, "chat.near.sorted", v.From))
	case len(v.Places) > 0:
		m.line(say(lang, "chat.near", v.Places[0].Name.In(lang)))
		m.Options = append(m.Options, Option{Text: say(lang, "chat.near.do"), Send: say(lang, "chat.near.do")})
	}
	if v.Max == 1 {
		m.line(say(lang, "chat.pick"))
		return
	}
	m.line(say(lang, "chat.pick.many"))
	if len(v.Items) > 1 {
		m.Options = append(m.Options, Option{Text: say(lang, "chat.all"), Send: say(lang, "chat.all")})
	}
}

// Districts asks in which district a resident is, so that what can be chosen is sorted by it. No position is asked for: what is said in a talk is
// kept with it.
func Districts(v service.View, lang string) Message {
	m := Message{Lines: []string{say(lang, "chat.near.where")}}
	for _, p := range v.Places {
		name := p.Name.In(lang)
		m.Options = append(m.Options, Option{Text: name, Send: name})
	}
	return m
}

// calendar lists days, or the times of the day that was picked.
func (m *Message) calendar(v service.View, t Talk, lang string, now time.Time) {
	if v.Down {
		m.line(say(lang, "chat.retry"))
		return
	}
	if v.Missed != "" {
		m.line(say(lang, "chat.gone"))
	}
	if t.Day != "" {
		for i, s := range slotsOf(v, t.Day) {
			m.option(i+1, say(lang, "chat.slot", uisay.Hours(lang, s.Start, s.End), s.Left), s.ID)
		}
		m.line(say(lang, "chat.pick.time"))
		return
	}
	days := openDays(v)
	if len(days) == 0 {
		m.line(say(lang, "chat.full"))
		return
	}
	for i, d := range days {
		day, err := time.ParseInLocation(time.DateOnly, d.Date, clock.Shanghai)
		if err != nil {
			continue
		}
		m.option(i+1, say(lang, "chat.day", uisay.Date(lang, day, now), d.Left), d.Date)
	}
	m.line(say(lang, "chat.pick"))
}

// list writes what a map shows; a chat has no room for the drawing.
func (m *Message) list(of *service.Map, lang string) {
	if of == nil {
		return
	}
	for _, e := range of.List() {
		parts := []string{strconv.Itoa(e.No) + ". " + e.Title}
		if e.Metres >= 0 {
			parts = append(parts, uisay.Metres(lang, e.Metres))
		}
		if e.Text != "" {
			parts = append(parts, e.Text)
		}
		m.line(strings.Join(append([]string{strings.Join(parts, " · ")}, e.Lines...), "\n"))
	}
	if of.More > 0 {
		m.line(say(lang, "map.more", of.More))
	}
}
