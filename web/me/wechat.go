package me

import (
	"context"
	"net/http"
	"strconv"

	"zhijian/domain/follower"
	"zhijian/domain/identity"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/format"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

// Followers binds a resident to who writes from another platform; follower.Desk does.
type Followers interface {
	Linked(ctx context.Context, a actor.Actor, secret string) (follower.Follower, error)
	Claim(ctx context.Context, a actor.Actor, secret string) (follower.Follower, error)
	Of(ctx context.Context, a actor.Actor) ([]follower.Follower, error)
	End(ctx context.Context, a actor.Actor, id int64) error
}

// wechatRoutes are the pages of binding. The link of a talk leads to the first; it signs nobody in.
func (m *Me) wechatRoutes() []door.Route {
	own := door.ResidentAt(1)
	return []door.Route{
		{Method: http.MethodGet, Path: "/me/wechat/{link}", About: "what binding a WeChat talk allows, then the number to write there", Access: own, Handler: m.askBind},
		{Method: http.MethodPost, Path: "/me/wechat/{link}", About: "agree to bind a WeChat talk", Access: own, Limit: door.Limit{Class: door.Signing}, Handler: m.bind},
		{Method: http.MethodPost, Path: "/me/wechat/end", About: "unbind a WeChat talk, or all of them", Access: own, Handler: m.unbind},
	}
}

// bindPage says what is allowed, or shows the number.
type bindPage struct {
	nav   component.Nav
	title string
	lead  string
	can   component.Section
	cans  []component.Item
	whose component.SummaryList
	warn  component.Note
	form  component.Form
	do    component.Button
	not   component.Button

	digits, number string // what to write in the talk; without it the page asks
}

func (m *Me) askBind(w http.ResponseWriter, r *door.Request) error {
	f, err := m.c.Followers.Linked(r.Context(), r.Actor, r.PathValue("link"))
	if err != nil {
		return err
	}
	a, err := m.c.Accounts.Account(r.Context(), f.Account)
	if err != nil {
		return err
	}
	account, title := frame.AccountName(a, r.Lang), m.f.T(r, "me.wechat")
	p := m.f.Page(r, title)
	p.Path, p.Plain = "", true // the address is a secret: it stands in no link of the page
	q := bindPage{nav: component.Nav{Title: title, Back: "/me"}, title: m.f.T(r, "me.wechat.title")}
	if f.Link.Claimant != 0 {
		q.title, q.lead = m.f.T(r, "me.wechat.code"), m.f.T(r, "me.wechat.code.text", account)
		q.digits, q.number = m.f.T(r, "me.wechat.digits"), f.Link.Code.Reveal()
		q.warn = component.Note{Tone: component.Warn, Text: m.f.T(r, "me.wechat.code.warn")}
		return m.f.Render(w, r, http.StatusOK, p, bindView(q))
	}
	q.lead = m.f.T(r, "me.wechat.lead", account)
	q.can = component.Section{Title: m.f.T(r, "me.wechat.can")}
	for _, k := range []struct{ key, icon string }{{"do", "check"}, {"see", "check"}, {"not", "x"}, {"end", "info"}} {
		q.cans = append(q.cans, component.Item{Title: m.f.T(r, "me.wechat.can."+k.key), Icon: k.icon})
	}
	name := format.Mask(format.FieldName, format.Staff, r.Resident.Name.Reveal())
	phone := format.Mask(format.FieldPhone, format.Own, r.Resident.Phone.Reveal())
	q.whose = component.SummaryList{Rows: []component.Row{{Key: m.f.T(r, "me.wechat.account"), Value: account}, {Key: m.f.T(r, "me.wechat.whose"), Value: orElse(name, phone), Strong: true}}}
	q.warn = component.Note{Tone: component.Warn, Text: m.f.T(r, "me.wechat.warn")}
	q.form = component.Form{Action: "/me/wechat/" + r.PathValue("link")}
	q.do = component.Button{Text: m.f.T(r, "me.wechat.do"), Block: true}
	q.not = component.Button{Text: m.f.T(r, "me.wechat.no"), Href: "/me", Tone: component.Line, Block: true}
	return m.f.Render(w, r, http.StatusOK, p, bindView(q))
}

// bind wants somebody who is there: a session that was just signed in, or stepped up. One that was stolen long after cannot give the thief's
// talk a resident's name.
func (m *Me) bind(w http.ResponseWriter, r *door.Request) error {
	now := m.f.Clock().Now()
	if now.Sub(r.Session.Created) >= identity.FreshFor && !r.Session.Fresh(now, identity.FreshFor) {
		return identity.NeedStepUp()
	}
	if _, err := m.c.Followers.Claim(r.Context(), r.Actor, r.PathValue("link")); err != nil {
		return err
	}
	return r.See(w, "/me/wechat/"+r.PathValue("link"))
}

// allTalks stands in a form for every talk of the resident.
const allTalks = "all"

func (m *Me) unbind(w http.ResponseWriter, r *door.Request) error {
	if r.Value("follower") == allTalks {
		return m.unbindAll(w, r)
	}
	id, err := strconv.ParseInt(r.Value("follower"), 10, 64)
	if err != nil || id <= 0 {
		return r.See(w, "/me/sessions")
	}
	if err := m.c.Followers.End(r.Context(), r.Actor, id); err != nil {
		return err
	}
	r.Flash(w, "me.flash.unbound")
	return r.See(w, "/me/sessions")
}

func (m *Me) unbindAll(w http.ResponseWriter, r *door.Request) error {
	list, err := m.c.Followers.Of(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	for _, f := range list {
		if err := m.c.Followers.End(r.Context(), r.Actor, f.ID); err != nil {
			return err
		}
	}
	r.Flash(w, "me.flash.unbound")
	return r.See(w, "/me/sessions")
}

// talks lists the WeChat talks that speak in the resident's name, beside the devices.
func (m *Me) talks(r *door.Request) ([]component.Item, error) {
	list, err := m.c.Followers.Of(r.Context(), r.Actor)
	if err != nil {
		return nil, err
	}
	var out []component.Item
	for _, f := range list {
		a, err := m.c.Accounts.Account(r.Context(), f.Account)
		if err != nil {
			return nil, err
		}
		title := m.f.T(r, "me.wechat.with", frame.AccountName(a, r.Lang))
		out = append(out, component.Item{
			Title: title, Icon: "message-circle", Lines: []string{m.f.T(r, "me.wechat.since", say.Day(r.Lang, f.Bound, m.f.Clock().Now()))},
			Side: component.PostButton{
				Action: "/me/wechat/end", Hidden: []component.Hidden{{Name: "follower", Value: strconv.FormatInt(f.ID, 10)}},
				Button: component.Button{Text: m.f.T(r, "me.wechat.unbind"), Tone: component.Line, Small: true, Spoken: title},
			},
		})
	}
	return out, nil
}

// boundTalk is a binding as its resident may take it along.
type boundTalk struct {
	Account int64  `json:"account"`
	Since   string `json:"since"`
}
