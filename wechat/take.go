package wechat

import (
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"zhijian/domain/follower"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/geo"
	"zhijian/ground/push"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
	"zhijian/ui/chat"
)

// The platform waits five seconds from its first byte to our last.
const (
	ready   = 3500 * time.Millisecond // when a reply should be made
	waiting = 4 * time.Second         // when the platform is answered, whether or not it is
	longest = 30 * time.Second        // what no work for a message takes
)

// take answers one message.
func (x *Wechat) take(w http.ResponseWriter, r *door.Request) error {
	by := x.c.Clock.Now().Add(ready)
	m, err := x.open(r)
	if err != nil {
		return err
	}
	a, err := x.c.Accounts.ByAlias(r.Context(), r.PathValue("alias"))
	if err != nil {
		return err
	}
	if err := x.c.Followers.Fresh(r.Context(), actor.House, a.ID, r.Query("signature"), m.Key()); err != nil {
		return err
	}
	f, err := x.c.Followers.Meet(r.Context(), actor.House, a.ID, seal.Plain(m.From))
	if fault.Is(err, fault.KindTooMany) {
		return x.answer(w, m, chat.Reply{Text: x.c.Talk.Refused(r, fault.Of(err))})
	}
	if err != nil {
		return err
	}
	post, silent := read(m.Message)
	if m.Event == push.Unsubscribe {
		err = x.c.Followers.Leave(r.Context(), actor.House, f, m.At)
	}
	if silent || err != nil {
		if err == nil {
			err = nothing(w)
		}
		return err
	}
	if f, err = x.bind(r, f, &post); err != nil {
		return err
	}
	post.Alias, post.Key, post.By = a.Alias, f.Visitor+"\x00"+m.Key(), by
	return x.talk(w, r, m, f, post)
}

// talk hands a post on and answers with its reply, or with a word that there is none yet.
func (x *Wechat) talk(w http.ResponseWriter, r *door.Request, m opened, f follower.Follower, post chat.Post) error {
	who, err := x.speaker(r, f, post.What == chat.Bound)
	if err != nil {
		return err
	}
	post.Bind = x.offer(f)
	as := r.For(who)
	var reply chat.Reply
	made := make(chan chat.Reply, 1) // which nobody reads when the work ends late
	done, err := as.Aside(waiting, longest, func(r *door.Request) error {
		reply, err := x.c.Talk.Post(r, post)
		made <- reply
		return err
	})
	switch refused := fault.Of(err); {
	case !done && err == nil:
		reply = chat.Reply{Text: x.c.Talk.Later(as)}
	case err == nil:
		reply = <-made
	case refused != nil && (refused.Kind == fault.KindInvalid || refused.Kind == fault.KindTooMany || refused.Kind == fault.KindDenied):
		reply = chat.Reply{Text: x.c.Talk.Refused(as, refused)}
	default:
		return err // the platform delivers it again
	}
	return x.answer(w, m, reply)
}

// read says what a message means to a talk. silent: it is answered with nothing.
func read(m push.Message) (p chat.Post, silent bool) {
	p.What = chat.Said
	switch m.Kind {
	case push.Text:
		p.Text = m.Content
	case push.Voice:
		p.Text = strings.TrimRight(m.Recognition, "。.！!？? ") // what a recogniser adds to every sentence
	case push.Location:
		p.What, p.Text, p.At = chat.Placed, m.Label, geo.Point{Lat: m.Lat, Lon: m.Lon}
		return p, false
	case push.Happened:
		return happened(m)
	}
	if strings.TrimSpace(p.Text) == "" {
		p.What = chat.Unheard
	}
	return p, false
}

// byService begins the key of a menu, or the scene of a code, that begins a service: "service:traffic-fine-payment".
const byService = "service:"

// happened says what an event means. What the platform shows no answer to, and what the talk has no use for, is silent.
func happened(m push.Message) (p chat.Post, silent bool) {
	key := m.EventKey
	switch m.Event {
	case push.Subscribe:
		p.What, key = chat.Hello, strings.TrimPrefix(key, "qrscene_")
	case push.Scan:
		p.What = chat.Hello
	case push.Click:
		p.What, p.Text = chat.Said, key
	default:
		return p, true
	}
	if id, ok := strings.CutPrefix(key, byService); ok {
		p.What, p.Service = chat.Tapped, id
	}
	return p, p.What == chat.Said && strings.TrimSpace(p.Text) == ""
}

// bind takes the number that a resident was shown, if that is what was written. A second delivery of it finds the follower bound just now.
func (x *Wechat) bind(r *door.Request, f follower.Follower, p *chat.Post) (follower.Follower, error) {
	code := strings.ReplaceAll(strings.TrimSpace(p.Text), " ", "")
	now := x.c.Clock.Now()
	if p.What != chat.Said || !follower.IsCode(code) {
		return f, nil
	}
	if f.Holds(now) && now.Sub(f.Bound) < time.Minute {
		p.What = chat.Bound
		return f, nil
	}
	if !f.Awaits(now) {
		return f, nil
	}
	f, err := x.c.Followers.Bind(r.Context(), actor.House, f, code)
	switch {
	case err != nil:
		return f, err
	case f.Holds(now):
		p.What = chat.Bound
	default:
		p.What = chat.Misread
	}
	return f, nil
}

// speaker is in whose name a follower speaks. Once it was bound, what it said as a stranger is the resident's.
func (x *Wechat) speaker(r *door.Request, f follower.Follower, justBound bool) (s door.Speaker, err error) {
	s = door.Speaker{Visitor: f.Visitor, Client: device(f.Visitor)}
	if !f.Holds(x.c.Clock.Now()) {
		return s, nil
	}
	s.Resident, err = x.c.Residents.Resident(r.Context(), actor.House, f.Resident)
	if err == nil && !justBound {
		s.Visitor = ""
	}
	return s, err
}

// device stands for the address of a follower's device, which the platform does not tell: budgets that are charged to addresses are then each
// follower's own, and not all the platform's together. It is of the range that is routed nowhere (RFC 4193).
func device(visitor string) netip.Addr {
	sum := sha256.Sum256([]byte("zhijian device\x00" + visitor))
	sum[0] = 0xfd
	return netip.AddrFrom16([16]byte(sum[:16]))
}

// offer makes the address of the page where a follower is bound.
func (x *Wechat) offer(f follower.Follower) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		secret, err := x.c.Followers.Offer(ctx, actor.House, f)
		return "/me/wechat/" + secret, err
	}
}

// answer writes a reply the way its message came; one without words is silence.
func (x *Wechat) answer(w http.ResponseWriter, m opened, reply chat.Reply) error {
	if reply.Text == "" && reply.URL == "" {
		return nothing(w)
	}
	now := x.c.Clock.Now()
	body := push.Reply(m.Message, push.Article{Title: reply.Title, Text: reply.Text, URL: reply.URL}, now)
	if !m.key.IsZero() {
		body = push.Wrap(m.key, m.link.AppID, m.link.Token, body, uid.Secret(8), now)
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, err := w.Write(body)
	return err
}

// nothing tells the platform that the message arrived and has no answer.
func nothing(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(w, "success")
	return err
}
