package chat

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"zhijian/domain/message"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
	"zhijian/ground/money"
	render "zhijian/ui/chat"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

// page is the talk as it is drawn.
type page struct {
	nav  component.Nav
	main component.Chat
	log  []templ.Component
	wait component.Loading // somebody else is at work; drawn, and not said
}

// show draws the talk. What there is to say since the last time is said first, and kept.
func (x *Chat) show(w http.ResponseWriter, r *door.Request) error {
	t, err := x.open(w, r)
	if err != nil {
		return err
	}
	r.Visited(door.Visit{Kind: door.VisitView, Channel: door.ByChat, Region: t.a.Region, Account: t.a.Alias})
	t.greet()
	if len(t.said) > 0 {
		if err := t.keep(); fault.Is(err, fault.KindConflict) { // another window has just said the same
			if err := t.read(); err != nil {
				return err
			}
		} else if err != nil {
			return err
		}
	}
	return t.draw(w, http.StatusOK, "", "")
}

// greet says what is new of the case, or asks whether to go on with one that was left for long.
func (t *turn) greet() {
	switch {
	case t.running() && t.memo.Asked:
	case t.left():
		t.resume("talk.resume")
	default:
		t.present(false, "")
	}
}

// left reports a case that waits for its resident and was not talked about for long: it is asked whether to go on with it.
func (t *turn) left() bool {
	return t.running() && !t.memo.Asked && !moving(t.shown.View) && ours(t.shown.View) && t.x.f.Clock().Now().Sub(t.talk.At) > idle
}

// ours reports whether it is the resident's turn.
func ours(v service.View) bool { return v.Kind != service.ViewWait && v.Kind != service.ViewResult }

// draw writes the page; text is what stands in the input, wrong what is wrong with it.
func (t *turn) draw(w http.ResponseWriter, status int, text, wrong string) error {
	r, x := t.r, t.x
	name := t.name()
	p := x.f.Page(r, name)
	p.Plain, p.Failed = true, wrong != ""
	if p.Path != "" {
		p.Path = path(t.a)
	}
	w.Header().Set("Permissions-Policy", "camera=(), microphone=(self), payment=(), usb=(), geolocation=(self)") // for writing by voice
	q := page{nav: component.Nav{Title: name, Back: "/a/" + t.a.Alias, ActHref: "/a/" + t.a.Alias, ActIcon: "user", ActLabel: t.T("talk.about")}}
	if t.a.Verified {
		q.nav.Sub = component.Verified{Text: t.T("talk.kind." + string(t.a.Kind)), Center: true}
	}
	notes, err := t.notes()
	if err != nil {
		return err
	}
	q.log = t.log(notes)
	if t.running() && moving(t.shown.View) {
		p.Refresh = again
		q.wait = component.Loading{Title: t.shown.View.Title, Text: t.T("talk.wait"), Wait: path(t.a)}
	}
	q.main = component.Chat{Title: t.T("talk.title", name), Bar: t.bar(text, wrong)}
	return x.f.Render(w, r, status, p, talkPage(q))
}

func (t *turn) name() string { return frame.AccountName(t.a, t.r.Lang) }

// notes are the account's notes to the resident, newest first. Seeing them reads them.
func (t *turn) notes() ([]message.Note, error) {
	if !t.r.SignedIn() {
		return nil, nil
	}
	list, err := t.x.c.Messages.List(t.r.Context(), t.r.Actor, t.a.ID, cursor.Cursor{}, mostNotes)
	if err != nil {
		return nil, err
	}
	for _, n := range list {
		if n.Read.IsZero() && t.r.Method == http.MethodGet {
			if err := t.x.c.Messages.Read(t.r.Context(), t.r.Actor, n.ID); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// entry is a line or a note, in the order of time.
type entry struct {
	at   time.Time
	note *message.Note
	line *message.Line
}

const pause = 10 * time.Minute // after which the time is said again

// log draws the stream.
func (t *turn) log(notes []message.Note) []templ.Component {
	var all []entry
	for i := range t.past {
		all = append(all, entry{at: t.past[i].At, line: &t.past[i]})
	}
	for i := range notes {
		all = append(all, entry{at: notes[i].At, note: &notes[i]})
	}
	slices.SortStableFunc(all, func(a, b entry) int { return a.at.Compare(b.at) })
	var out []templ.Component
	var last time.Time
	for _, e := range all {
		if e.at.Sub(last) > pause {
			out = append(out, component.ChatTime{Text: say.Moment(t.r.Lang, e.at, t.x.f.Clock().Now())})
		}
		last = e.at
		switch {
		case e.note != nil:
			out = append(out, t.note(*e.note))
		default:
			out = append(out, t.line(*e.line, e.line.N == t.talk.Last))
		}
	}
	if len(t.past) == 0 {
		out = append(out, t.welcome())
	}
	if id := t.r.Query("want"); id != "" {
		out = append(out, t.wanted(id))
	}
	return out
}

// line draws one thing said. Only the newest can be answered by a tap.
func (t *turn) line(l message.Line, newest bool) templ.Component {
	if l.Mine {
		return component.MessageCard{Mine: true, Now: newest, Avatar: component.Avatar{Char: t.sign(), Tone: "me", Round: true}, Text: l.Text.Reveal()}
	}
	var m render.Message
	if json.Unmarshal([]byte(l.Text.Reveal()), &m) != nil {
		m = render.Message{Lines: []string{t.T("talk.unread")}}
	}
	return t.card(m, newest)
}

// card draws a message of the account.
func (t *turn) card(m render.Message, newest bool) component.MessageCard {
	b := component.MessageBody{Title: m.Title, Lines: m.Lines}
	for _, row := range m.Rows {
		b.Rows = append(b.Rows, component.Row{Key: row.Label, Value: strings.TrimSpace(row.Value + " " + strings.Join(row.Lines, " ")), Strong: row.Money, Href: row.Href})
	}
	for _, k := range m.Links {
		if k.Href != "" {
			b.Links = append(b.Links, component.Anchor{Text: k.Text, Href: k.Href})
		}
	}
	if newest {
		t.alive(m, &b)
	}
	return component.MessageCard{Avatar: frame.Avatar(t.a), By: t.T("talk.auto"), Body: b, Now: newest}
}

// alive makes the newest message one that can be tapped: numbered lines become buttons, and the ways to prove and to pay are shown.
func (t *turn) alive(m render.Message, b *component.MessageBody) {
	b.Quick = component.QuickReplies{Action: path(t.a), Hidden: t.hidden()}
	b.Lines = slices.Clone(m.Lines)
	for _, o := range m.Options {
		q := component.QuickReply{Text: o.Text, Name: "line", Value: o.Send}
		if o.Service != "" {
			q.Name, q.Value = "service", o.Service
		}
		if i := slices.IndexFunc(b.Lines, func(l string) bool { return l == o.Text || l == o.Send+". "+o.Text }); i >= 0 {
			q.Text = b.Lines[i]
			b.Lines = slices.Delete(b.Lines, i, i+1)
		}
		b.Quick.Items = append(b.Quick.Items, q)
	}
	v, no := t.shown.View, t.shown.Case.No
	for _, k := range m.Links {
		switch {
		case k.Kind == render.LinkProve && v.Kind == service.ViewProve:
			b.Links = append(b.Links, component.Anchor{Text: k.Text, Href: t.proof(no, v.Level)})
		case k.Kind == render.LinkPay && v.Kind == service.ViewPay:
			b.Act = component.PostButton{Action: "/cases/" + no + "/steps/" + v.Step, Button: component.Button{Text: k.Text, Block: true}}
		}
	}
}

// proof is where the resident proves who they are and comes back here. A visitor's case becomes theirs on the way: signing in takes the
// case that is named in the path it leads to.
func (t *turn) proof(no string, level int) string {
	if !t.r.SignedIn() {
		return door.With("/login", t.r.Link(path(t.a)+"?from=/cases/"+no))
	}
	return door.With("/me/proof?level="+strconv.Itoa(level), t.r.Link(path(t.a)))
}

// hidden is what every form of the talk carries: the last line its writer sees.
func (t *turn) hidden() []component.Hidden {
	h := []component.Hidden{{Name: "seen", Value: strconv.Itoa(t.talk.Last)}}
	if t.typing() {
		h = append(h, component.Hidden{Name: "mode", Value: "text"})
	}
	return h
}

// note draws a note of the account.
func (t *turn) note(n message.Note) component.TemplateCard {
	c := component.TemplateCard{Avatar: frame.Avatar(t.a), Title: t.known(n.Title, "talk.note"), Href: n.Link}
	if n.Link == path(t.a) {
		c.Href = "" // one is here already
	}
	if text := n.Text.Reveal(); text != "" {
		c.Rows = append(c.Rows, component.Row{Key: t.T("talk.note.about"), Value: text})
	}
	for _, row := range n.Rows {
		value := row.Value
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			value = say.Moment(t.r.Lang, at, t.x.f.Clock().Now())
		} else if f, err := money.Parse(value); err == nil && row.Label == "note.amount" {
			value = say.Money(t.r.Lang, f)
		}
		c.Rows = append(c.Rows, component.Row{Key: t.known(row.Label, "talk.note.about"), Value: value})
	}
	return c
}

// known is the sentence of a key that another room chose; one the book does not hold gives a general one.
func (t *turn) known(key, otherwise string) string {
	if t.x.f.Has(key) {
		return t.T(key)
	}
	return t.T(otherwise)
}

// sign is the character of the resident's own avatar.
func (t *turn) sign() string {
	if name := []rune(t.r.Resident.Name.Reveal()); len(name) > 0 {
		return string(name[:1])
	}
	return t.T("talk.me")
}

// welcome stands in a talk that has not begun.
func (t *turn) welcome() templ.Component {
	m := render.Message{Lines: []string{t.T("talk.welcome", t.name())}}
	for _, o := range t.offers() {
		m.Options = append(m.Options, render.Option{Text: o.Definition.Name.In(t.r.Lang), Service: o.Definition.ID})
	}
	return t.card(m, true)
}

// wanted asks who has come back from signing in whether to begin what they wanted before.
func (t *turn) wanted(id string) templ.Component {
	o, ok := t.x.c.Shelf.Offer(t.city.Code, id)
	if !ok || !t.r.SignedIn() || t.running() {
		return component.Group()
	}
	name := o.Definition.Name.In(t.r.Lang)
	card := t.card(render.Message{Lines: []string{t.T("talk.wanted", name)}, Options: []render.Option{{Text: t.T("talk.start", name), Service: id}}}, true)
	card.Now = false // the address of the page leads to the newest line
	return card
}

// typing reports whether the bar is for writing: it is while a question is open, or when asked for.
func (t *turn) typing() bool {
	switch t.r.Query("mode") {
	case "text":
		return true
	case "menu":
		return false
	}
	return t.r.Value("mode") == "text" || t.running()
}

// bar is the input, or the menu of what the account offers.
func (t *turn) bar(text, wrong string) templ.Component {
	groups := t.menu()
	if t.typing() || wrong != "" || len(groups) == 0 {
		in := component.ChatInput{
			Action: path(t.a), Hidden: t.hidden(), Name: "line", Value: text, Max: message.MaxWords, Hint: t.T("talk.hint"), Error: wrong, Lang: "zh-CN",
		}
		if t.r.Lang == "en" {
			in.Lang = "en"
		}
		if len(groups) > 0 {
			in.Menu = path(t.a) + "?mode=menu"
		}
		return in
	}
	return component.AccountMenu{Keyboard: path(t.a) + "?mode=text", Groups: groups, Action: path(t.a), Hidden: t.hidden()}
}

// The most that a menu holds.
const (
	mostGroups = 3
	mostItems  = 5
)

// menu is made of what the account offers, by the groups of the city's entry; what does not fit stands in the city's list.
func (t *turn) menu() []component.MenuGroup {
	var ids []string
	items := map[string][]component.MenuItem{}
	for _, o := range t.offers() {
		id := o.Definition.Group
		if !slices.Contains(ids, id) {
			if len(ids) == mostGroups {
				id = ids[mostGroups-1]
			} else {
				ids = append(ids, id)
			}
		}
		if len(items[id]) < mostItems {
			items[id] = append(items[id], component.MenuItem{Text: o.Definition.Name.In(t.r.Lang), Name: "service", Value: o.Definition.ID})
		}
	}
	var out []component.MenuGroup
	for _, id := range ids {
		out = append(out, component.MenuGroup{Text: t.x.group[id].Name.In(t.r.Lang), Items: items[id]})
	}
	return out
}
