package chat

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhijian/domain/message"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/geo"
	render "zhijian/ui/chat"
)

const (
	mostPost   = 2048             // bytes of a reply
	saving     = time.Second / 2  // for keeping it, before Post.By
	mostUntold = 3                // messages that are told later than they were said
	crashed    = 30 * time.Second // after which nobody is at work any more on a line without an answer
)

// Post takes what was sent to an account on another platform, in the name of the request's resident or visitor, and gives the one reply.
// However often a post is delivered, the talk moves on once; later deliveries get the same reply. Where the reply is not ready by Post.By,
// the next post gets it, whatever it says.
func (x *Chat) Post(r *door.Request, p render.Post) (render.Reply, error) {
	for try := 0; ; try++ {
		n, err := x.c.Messages.Heard(r.Context(), p.Key)
		if err != nil {
			return render.Reply{}, err
		}
		if n > 0 {
			return x.again(r, p, n)
		}
		t, err := x.turn(r, p.Alias, &p)
		if err != nil {
			return render.Reply{}, err
		}
		t.key = p.Key
		reply, err := t.reply()
		if f := fault.Of(err); f != nil && (f.Code == "talk.moved" || f.Code == "talk.heard") && try < 3 {
			continue // another delivery, or a page, was quicker
		}
		return reply, err
	}
}

// Later is the reply where none is ready in time.
func (x *Chat) Later(r *door.Request) string { return x.f.T(r, "talk.later") }

// Refused is the reply to a post that a desk refused.
func (x *Chat) Refused(r *door.Request, f *fault.Error) string { return x.f.Sentence(r, f) }

// reply does what the post means. Its line is kept before anything comes of it.
func (t *turn) reply() (render.Reply, error) {
	if t.busy() {
		return t.x.after(t, t.talk.Last) // the answer to the line before, in place of one to this
	}
	if t.post.What == render.Bound {
		if err := t.claim(); err != nil {
			return render.Reply{}, err
		}
	}
	untold, rest := t.untold(), t.memo.Rest
	behind, left := len(untold) > 0 || t.memo.Owed, t.left()
	t.memo.Rest, t.memo.Owed = "", false
	if text := t.words(); text != "" {
		if err := t.hear(text); err != nil {
			return render.Reply{}, err
		}
	}
	t.r.Visited(door.Visit{Kind: door.VisitView, Channel: door.ByChat, Region: t.a.Region, Account: t.a.Alias})
	if err := t.move(func() error {
		if left && t.post.What == render.Said && render.Command(t.post.Text) == "" {
			t.resume("talk.resume")
			return nil
		}
		return t.heed(behind, rest)
	}); err != nil {
		return render.Reply{}, err
	}
	// A line is never left without an answer, and who waits for somebody is told to ask again: nothing can be sent to them unasked.
	if len(untold)+len(t.said) == 0 || t.running() && moving(t.shown.View) {
		t.word("talk.later", nil)
		t.memo.Owed = true
	}
	said := append(untold, t.said...)
	reply, more, err := t.write(said)
	if err != nil {
		return render.Reply{}, err
	}
	t.memo.Rest = more
	if t.x.f.Clock().Now().Before(t.post.By) {
		t.memo.Told = t.talk.Last + len(t.said)
	}
	if err := t.keep(); err != nil && !fault.Is(err, fault.KindConflict) {
		return render.Reply{}, err
	}
	return reply, nil
}

// words are what of the post stands in the talk as its writer's own words; empty for nothing.
func (t *turn) words() string {
	switch t.post.What {
	case render.Said, render.Misread:
		return strings.TrimSpace(t.post.Text)
	case render.Placed:
		return t.T("talk.place", shorten(t.post.Text, 100))
	case render.Tapped:
		if o, ok := t.x.c.Shelf.Offer(t.city.Code, t.post.Service); ok {
			return o.Definition.Name.In(t.r.Lang)
		}
	}
	return ""
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// heed does what the post says. behind: its writer had not been told all, so that what they wrote answers nothing that is open now.
func (t *turn) heed(behind bool, rest string) error {
	p := t.post
	switch p.What {
	case render.Hello:
		t.hello()
		return nil
	case render.Unheard:
		t.word("talk.unheard", nil)
		return nil
	case render.Misread:
		t.word("talk.misread", nil)
		return nil
	case render.Bound:
		return t.bound()
	case render.Tapped:
		return t.begin(p.Service)
	}
	switch {
	case rest != "" && render.More(p.Text):
		t.tell(render.Message{Lines: []string{rest}})
		return nil
	case behind && t.running() && render.Command(p.Text) != render.MoveShow:
		return nil // the case is shown below, if it has moved on since
	case p.What == render.Said:
		return t.understand(p.Text)
	case !t.running():
		t.word("talk.placeless", nil)
		return nil
	}
	at := geo.WGS84(p.At)
	return t.act(render.HearPlace(t.shown.View, t.memo.Talk, degrees(at), p.Text, t.r.Lang), p.Text)
}

func degrees(p geo.Point) string {
	return strconv.FormatFloat(p.Lat, 'f', 6, 64) + "," + strconv.FormatFloat(p.Lon, 'f', 6, 64)
}

// hello greets and lists what the account offers, with numbers.
func (t *turn) hello() {
	m := render.Message{Lines: []string{t.T("talk.welcome", t.name())}}
	for _, o := range t.offers() {
		m.Options = append(m.Options, render.Option{Text: o.Definition.Name.In(t.r.Lang), Service: o.Definition.ID})
	}
	t.tell(m)
}

// bound says whose the talk is now, and begins what was wanted before.
func (t *turn) bound() error {
	want := t.memo.Want
	t.memo.Want = ""
	t.word("talk.bound", []any{t.mask()})
	switch {
	case t.running():
		t.memo.Said = "" // what is open is shown again
	case want != "":
		return t.begin(want)
	}
	return nil
}

// claim makes the case that the talk was about before it was bound the resident's.
func (t *turn) claim() error {
	no := t.talk.Case
	if no == "" || !t.r.SignedIn() {
		return nil
	}
	if err := t.x.c.Cases.Claim(t.r.Context(), t.who(), no); err != nil && !fault.Is(err, fault.KindNotFound) {
		return err
	}
	return t.look()
}

// untold are the account's last messages that were said elsewhere since, or too late for the reply they belong to.
func (t *turn) untold() []message.Line {
	if t.post.What == render.Bound || t.talk.Last == t.memo.Told {
		return nil
	}
	var out []message.Line
	for _, l := range t.past {
		switch {
		case l.N <= t.memo.Told:
		case l.Mine:
			out = nil // what came before their own words they have seen
		default:
			out = append(out, l)
		}
	}
	return out[max(0, len(out)-mostUntold):]
}

// busy reports that a line has no answer yet and somebody is at work on it.
func (t *turn) busy() bool {
	if len(t.past) == 0 {
		return false
	}
	last := t.past[len(t.past)-1]
	return last.Mine && t.x.f.Clock().Now().Sub(last.At) < crashed
}

// again gives the reply to a post that was taken as line n.
func (x *Chat) again(r *door.Request, p render.Post, n int) (render.Reply, error) {
	t, err := x.turn(r, p.Alias, &p)
	if err != nil {
		return render.Reply{}, err
	}
	return x.after(t, n)
}

// after gives what the account said from line n on, before its writer spoke again, as soon as it is there; Later when it is not in time.
func (x *Chat) after(t *turn, n int) (render.Reply, error) {
	var said []message.Line
	_, err := door.Until(t.r.Context(), t.post.By.Sub(x.f.Clock().Now()), func(context.Context) (bool, error) {
		if said = between(t.past, n); len(said) > 0 {
			return true, nil
		}
		return false, t.read()
	})
	if err != nil || len(said) == 0 {
		return render.Reply{Text: x.Later(t.r)}, err
	}
	if err := t.look(); err != nil {
		return render.Reply{}, err
	}
	reply, _, err := t.write(said)
	return reply, err
}

// between gives the account's lines from n on up to the next of its writer's.
func between(lines []message.Line, n int) []message.Line {
	var out []message.Line
	for _, l := range lines {
		switch {
		case l.N < n || l.N == n && l.Mine:
		case l.Mine:
			return out
		default:
			out = append(out, l)
		}
	}
	return out
}

// write makes the reply of what the account said.
func (t *turn) write(lines []message.Line) (render.Reply, string, error) {
	var list []render.Message
	for _, l := range lines {
		var m render.Message
		if l.Mine || json.Unmarshal([]byte(l.Text.Reveal()), &m) != nil {
			continue
		}
		list = append(list, t.numbered(m))
	}
	return render.Write(list, t.way(), mostPost, t.r.Lang)
}

// numbered gives services that would be buttons on a page numbers to write, after those that stand there for something else. While a case
// asks, numbers are its answers, and such a service is a link.
func (t *turn) numbered(m render.Message) render.Message {
	m.Lines, m.Links = slices.Clone(m.Lines), slices.Clone(m.Links)
	taken := 0
	for _, l := range m.Lines {
		if number, _, ok := strings.Cut(l, ". "); ok {
			if n, ok := render.Number(number); ok {
				taken = max(taken, n)
			}
		}
	}
	picks := make([]string, taken)
	for _, o := range m.Options {
		switch {
		case o.Service == "":
		case t.running():
			m.Links = append(m.Links, render.Link{Text: o.Text, Kind: render.LinkPage, Href: "/city/" + t.city.Slug + "/services/" + o.Service})
		default:
			picks = append(picks, o.Service)
			m.Lines = append(m.Lines, strconv.Itoa(len(picks))+". "+o.Text)
		}
	}
	if len(picks) > taken {
		t.memo.Picks = picks
	}
	return m
}

// way gives the addresses of links as they are of use there. No address signs anybody in; a stranger's own pages are reached by signing in
// and binding the talk first, and one reply has one such way.
func (t *turn) way() func(render.Link) (render.Link, error) {
	bound := false
	return func(k render.Link) (render.Link, error) {
		v, to := t.shown.View, k.Href
		switch {
		case k.Kind == render.LinkPay && v.Kind == service.ViewPay:
			to = "/cases/" + t.shown.Case.No + "/steps/" + v.Step
		case k.Kind == render.LinkProve && v.Kind == service.ViewProve:
			to = door.With("/me/proof?level="+strconv.Itoa(v.Level), t.r.Link(path(t.a)))
		case k.Kind == render.LinkAway:
			return k, nil
		}
		k.Href = ""
		own := k.Kind == render.LinkBind || strings.HasPrefix(to, "/cases/") || strings.HasPrefix(to, "/me/")
		if own && !t.r.SignedIn() {
			if bound {
				return k, nil
			}
			bind, err := t.post.Bind(t.r.Context())
			if err != nil {
				return k, err
			}
			if to, bound = bind, true; k.Kind != render.LinkBind {
				k.Text = t.T("talk.signed", k.Text)
			}
		}
		if to != "" {
			k.Href = t.x.c.Origin + t.r.Link(to)
		}
		return k, nil
	}
}

// mask is the resident's name as somebody who looks on may see it; of who has none here their telephone.
func (t *turn) mask() string {
	who := t.r.Resident
	if !who.Name.IsZero() {
		return format.Mask(format.FieldName, format.Staff, who.Name.Reveal())
	}
	return format.Mask(format.FieldPhone, format.Own, who.Phone.Reveal())
}
