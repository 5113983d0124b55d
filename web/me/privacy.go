package me

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

// privacyPage is what a resident agreed to, may take along, and who looked.
type privacyPage struct {
	nav      component.Nav
	flash    component.Flash
	title    string
	lead     string
	consents component.Section
	agreed   []component.Item
	none     string
	export   component.Button
	about    string
	lookers  component.Section
	looks    []component.Item
	nobody   string
}

func (m *Me) privacy(w http.ResponseWriter, r *door.Request) error {
	list, err := m.c.Keeper.Consents(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	now, title := m.f.Clock().Now(), m.f.T(r, "me.privacy")
	p := m.f.Page(r, title)
	p.Tab, p.Plain = "me", true
	q := privacyPage{
		nav: component.Nav{Title: title, Back: "/me"}, flash: m.f.Flash(w, r), title: title, lead: m.f.T(r, "me.privacy.lead"),
		consents: component.Section{Title: m.f.T(r, "me.consents")}, none: m.f.T(r, "me.consents.none"),
		export: component.Button{Text: m.f.T(r, "me.export"), Href: "/me/export", Tone: component.Line, Block: true, Icon: "download"},
		about:  m.f.T(r, "me.export.about"), nobody: m.f.T(r, "me.looks.none"),
	}
	for _, c := range list {
		it := component.Item{Title: m.f.T(r, "me.consent."+c.Purpose), Lines: []string{m.f.T(r, "me.consent.given", say.Moment(r.Lang, c.Given, now))}}
		if c.Ended.IsZero() {
			it.Side = component.Button{Text: m.f.T(r, "me.consent.withdraw"), Href: "/me/privacy/withdraw?purpose=" + c.Purpose, Tone: component.Line, Small: true, Spoken: it.Title}
		} else {
			it.Lines = append(it.Lines, m.f.T(r, "me.consent.ended", say.Moment(r.Lang, c.Ended, now)))
		}
		q.agreed = append(q.agreed, it)
	}
	if m.c.Looks != nil {
		looks, err := m.c.Looks.Looks(r.Context(), r.Actor)
		if err != nil {
			return err
		}
		q.lookers = component.Section{Title: m.f.T(r, "me.looks")}
		for _, l := range looks {
			it := component.Item{Title: l.Who, Lines: []string{m.purpose(r, l.Purpose), say.Moment(r.Lang, l.At, now)}}
			if l.Case != "" {
				it.Href = "/cases/" + l.Case
			}
			q.looks = append(q.looks, it)
		}
	}
	return m.f.Render(w, r, http.StatusOK, p, privacyView(q))
}

// purpose is why staff looked: the words of a code that the console writes, else what the person wrote.
func (m *Me) purpose(r *door.Request, p string) string {
	if text := m.f.T(r, "me.purpose."+p); !strings.HasPrefix(text, "⟨") {
		return text
	}
	return p
}

// confirmPage is asked before what cannot be taken back.
type confirmPage struct {
	nav   component.Nav
	title string
	text  string
	form  component.Form
	do    component.Button
	not   component.Button
}

func (m *Me) askWithdraw(w http.ResponseWriter, r *door.Request) error {
	purpose := r.Query("purpose")
	what := m.f.T(r, "me.consent."+purpose)
	switch purpose {
	case "real_name", "bank_card", "vehicle", "people":
	default:
		return r.See(w, "/me/privacy")
	}
	title := m.f.T(r, "me.withdraw.title")
	p := m.f.Page(r, title)
	p.Plain = true
	q := confirmPage{
		nav: component.Nav{Title: m.f.T(r, "me.privacy"), Back: "/me/privacy"}, title: m.f.T(r, "me.withdraw.what", what), text: m.f.T(r, "me.withdraw.text."+purpose),
		form: component.Form{Action: "/me/privacy/withdraw", Hidden: []component.Hidden{{Name: "purpose", Value: purpose}}},
		do:   component.Button{Text: m.f.T(r, "me.withdraw.do"), Tone: component.Danger, Block: true},
		not:  component.Button{Text: m.f.T(r, "me.withdraw.not"), Href: "/me/privacy", Block: true},
	}
	return m.f.Render(w, r, http.StatusOK, p, confirmView(q))
}

func (m *Me) withdraw(w http.ResponseWriter, r *door.Request) error {
	token, err := m.c.Keeper.Withdraw(r.Context(), r.Actor, r.Value("purpose"))
	if f := fault.Of(err); f != nil && f.Code == "consent.none" {
		return r.See(w, "/me/privacy") // withdrawn already, by a second press
	}
	if err != nil {
		return err
	}
	if token != "" {
		r.SignIn(w, token)
	}
	r.Flash(w, "me.flash.withdrawn")
	return r.See(w, "/me/privacy")
}

// export gives all that the house keeps of the resident as one JSON document. The cases are written as they are read.
func (m *Me) export(w http.ResponseWriter, r *door.Request) error {
	var own bytes.Buffer
	if err := m.c.Keeper.Export(r.Context(), r.Actor, &own); err != nil {
		return err
	}
	told, err := m.c.Messages.Told(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	talks, err := json.Marshal(told)
	if err != nil {
		return err
	}
	bound := []boundTalk{}
	list, err := m.c.Followers.Of(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	for _, f := range list {
		bound = append(bound, boundTalk{f.Account, f.Bound.In(clock.Shanghai).Format(time.RFC3339)})
	}
	wechat, err := json.Marshal(bound)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="zhijian.json"`)
	_, _ = io.WriteString(w, `{"identity":`) // a browser that hangs up is no fault of ours
	_, _ = w.Write(bytes.TrimSpace(own.Bytes()))
	_, _ = io.WriteString(w, `,"talks":`)
	_, _ = w.Write(talks)
	_, _ = io.WriteString(w, `,"wechat":`)
	_, _ = w.Write(wechat)
	_, _ = io.WriteString(w, `,"cases":`)
	if err := m.c.Cases.Export(r.Context(), r.Actor, w); err != nil {
		return err // logged by the door; the document ends early and is no JSON, so nobody takes it for whole
	}
	_, _ = io.WriteString(w, `,"bundles":`)
	if err := m.c.Bundles.Export(r.Context(), r.Actor, w); err != nil {
		return err
	}
	_, _ = io.WriteString(w, "}\n")
	return nil
}
