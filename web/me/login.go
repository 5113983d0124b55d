package me

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/identity"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ui/component"
)

// loginPage is signing in: first the phone, then the code.
type loginPage struct {
	nav    component.Nav
	flash  component.Flash
	errors component.ErrorSummary
	form   component.Form
	title  string
	lead   string
	phone  component.Input
	code   component.OTP // instead of phone
	note   string
	bar    component.ActionBar
	resend component.PostButton
	other  component.Anchor
}

// pause is how long no second code is sent to a phone (identity.Limits.CodePause).
const pause = time.Minute

func (m *Me) askPhone(w http.ResponseWriter, r *door.Request) error {
	if r.SignedIn() {
		return r.See(w, r.Next("/me"))
	}
	return m.drawPhone(w, r, http.StatusOK, "", nil)
}

// login takes the phone and sends a code; with a code it signs in.
func (m *Me) login(w http.ResponseWriter, r *door.Request) error {
	phone := r.Value("phone")
	if _, ok := r.Values()["code"]; ok {
		return m.signIn(w, r, phone)
	}
	err := m.c.Entrance.SendCode(r.Context(), r.Actor, phone, caller(w, r))
	f := fault.Of(err)
	switch {
	case err == nil:
		return m.drawCode(w, r, http.StatusOK, phone, pause, nil)
	case f != nil && f.Code == "budget.code.browser.minute":
		// A second press, or back and on again: the code that was sent is still good.
		return m.drawCode(w, r, http.StatusOK, phone, max(f.RetryAfter, time.Second), nil)
	case fault.Is(err, fault.KindInvalid), fault.Is(err, fault.KindTooMany), fault.Is(err, fault.KindUnavailable):
		return m.drawPhone(w, r, statusOf(f.Kind), phone, err)
	}
	return err
}

// caller is this browser: a code that it asked for is good in it alone.
func caller(w http.ResponseWriter, r *door.Request) identity.Caller {
	return identity.Caller{Client: r.ClientBlock(), Browser: r.Visit(w), Mark: r.Mark(), Device: device(r.UserAgent())}
}

func statusOf(k fault.Kind) int {
	switch k {
	case fault.KindTooMany:
		return http.StatusTooManyRequests
	case fault.KindUnavailable:
		return http.StatusServiceUnavailable
	case fault.KindConflict:
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

func (m *Me) signIn(w http.ResponseWriter, r *door.Request, phone string) error {
	token, who, err := m.c.Entrance.SignIn(r.Context(), r.Actor, phone, r.Value("code"), caller(w, r))
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindTooMany) {
		if m.f.Field(r, err, "phone") != "" {
			return m.drawPhone(w, r, http.StatusUnprocessableEntity, phone, err)
		}
		return m.drawCode(w, r, statusOf(fault.Of(err).Kind), phone, 0, err)
	}
	if err != nil {
		return err
	}
	self := actor.Actor{Kind: actor.Resident, ID: who.ID, Level: who.Level, Lang: r.Lang}
	if err := m.keepCity(r, self, who.Wish); err != nil {
		return err
	}
	next := r.Next(orElse(m.f.Home(r), "/me"))
	if no := caseIn(next); no != "" {
		err := m.c.Cases.Claim(r.Context(), cases.Who{Actor: self, Visitor: r.Visitor, ClientIP: r.ClientIP()}, no)
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return err
		}
	}
	r.SignIn(w, token)
	r.KeepMark(w)
	if who.Wish.Lang == "en" {
		r.Lang = who.Wish.Lang
	}
	return r.See(w, next)
}

var caseNo = regexp.MustCompile(`/cases/([0-9A-Za-z]{8,32})(?:[/?&]|$)`)

// caseIn finds the case that a path leads to, at once or by way of a proof; "" for none.
func caseIn(path string) string {
	for range 3 {
		if found := caseNo.FindStringSubmatch(path); found != nil {
			return found[1]
		}
		plain, err := url.QueryUnescape(path)
		if err != nil || plain == path {
			return ""
		}
		path = plain
	}
	return ""
}

func (m *Me) drawPhone(w http.ResponseWriter, r *door.Request, status int, phone string, wrong error) error {
	title := m.f.T(r, "me.login")
	p := m.f.Page(r, title)
	p.Path, p.Plain, p.Failed = "/login", true, wrong != nil
	if next := r.Next(""); next != "" {
		p.Path = "" // the other language would lose where to go
	}
	q := loginPage{
		nav: component.Nav{Title: title, Back: orElse(m.f.Home(r), "/")}, flash: m.f.Flash(w, r), errors: m.summary(r, wrong, "phone"),
		form: component.Form{Action: "/login", Hidden: next(r)}, title: m.f.T(r, "me.login.title"), lead: m.f.T(r, "me.login.lead"),
		phone: component.Input{Name: "phone", Label: m.f.T(r, "me.phone"), Hint: m.f.T(r, "me.phone.hint"), Kind: component.KindTel, Value: phone, Error: m.beside(r, wrong, "phone"), Max: 24},
		note:  m.f.T(r, "me.login.note"), bar: component.ActionBar{Button: component.Button{Text: m.f.T(r, "me.login.send"), Busy: m.f.T(r, "me.login.sending")}},
	}
	return m.f.Render(w, r, status, p, login(q))
}

func (m *Me) drawCode(w http.ResponseWriter, r *door.Request, status int, phone string, wait time.Duration, wrong error) error {
	title := m.f.T(r, "me.code.title")
	p := m.f.Page(r, title)
	p.Plain, p.Failed = true, wrong != nil
	hidden := append(next(r), component.Hidden{Name: "phone", Value: phone})
	normal, _ := format.Phone(phone)
	q := loginPage{
		nav: component.Nav{Title: m.f.T(r, "me.login"), Back: "/login"}, errors: m.summary(r, wrong, "code"),
		form: component.Form{Action: "/login", Hidden: hidden}, title: title,
		code: component.OTP{Name: "code", SentTo: format.Mask(format.FieldPhone, format.Own, normal), Wait: wait, Error: m.beside(r, wrong, "code")},
		bar:  component.ActionBar{Button: component.Button{Text: m.f.T(r, "me.login.go"), Busy: m.f.T(r, "me.login.going")}},
		resend: component.PostButton{
			Action: "/login", Hidden: hidden, Button: component.Button{Text: m.f.T(r, "me.code.resend"), Tone: component.Quiet},
		},
		other: component.Anchor{Text: m.f.T(r, "me.code.other"), Href: door.With("/login", r.Next(""))},
	}
	if back := r.Next(""); back != "" {
		q.nav.Back = door.With("/login", back)
	}
	return m.f.Render(w, r, status, p, login(q))
}

// next carries on where to go afterwards.
func next(r *door.Request) []component.Hidden {
	if to := r.Next(""); to != "" {
		return []component.Hidden{{Name: "next", Value: to}}
	}
	return nil
}

// summary is the error summary; a fault that is about no input stands at the page's main one.
func (m *Me) summary(r *door.Request, wrong error, main string) component.ErrorSummary {
	f := fault.Of(wrong)
	if f == nil {
		return component.ErrorSummary{}
	}
	if f.Kind == fault.KindInvalid {
		return component.ErrorSummary{Problems: m.f.Problems(r, wrong)}
	}
	return component.ErrorSummary{Problems: []component.Problem{{ID: main, Text: m.f.Sentence(r, f)}}}
}

// beside is the sentence next to an input.
func (m *Me) beside(r *door.Request, wrong error, input string) string {
	return m.f.Field(r, wrong, input)
}

// logout ends the session and takes the cookies away.
func (m *Me) logout(w http.ResponseWriter, r *door.Request) error {
	if r.SignedIn() {
		if err := m.keepCity(r, r.Actor, r.Resident.Wish); err != nil {
			return err
		}
		if err := m.c.Entrance.SignOut(r.Context(), r.Actor); err != nil {
			return err
		}
	}
	home := orElse(m.f.Home(r), "/")
	r.SignOut(w)
	return r.See(w, home)
}

// device is what a browser calls itself, in two words: "Chrome · Android".
func device(agent string) string {
	first := func(list [][2]string) string {
		for _, one := range list {
			if strings.Contains(agent, one[0]) {
				return one[1]
			}
		}
		return ""
	}
	browser := first([][2]string{
		{"MicroMessenger", "WeChat"},
		{"Edg", "Edge"},
		{"HuaweiBrowser", "Huawei Browser"},
		{"MiuiBrowser", "Mi Browser"},
		{"UCBrowser", "UC"},
		{"MQQBrowser", "QQ Browser"},
		{"SamsungBrowser", "Samsung Internet"},
		{"Firefox", "Firefox"},
		{"Chrome", "Chrome"},
		{"Safari", "Safari"},
	})
	system := first([][2]string{
		{"HarmonyOS", "HarmonyOS"}, {"OpenHarmony", "HarmonyOS"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "Mac"}, {"Linux", "Linux"},
	})
	switch {
	case browser != "" && system != "":
		return browser + " · " + system
	case browser+system != "":
		return browser + system
	}
	word, _, _ := strings.Cut(agent, "/")
	return word
}

func orElse(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
