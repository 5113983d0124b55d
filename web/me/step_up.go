package me

import (
	"net/http"
	"time"

	"zhijian/domain/identity"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ui/component"
)

// stepUpPage proves presence: first a button that sends a code, then the code and what was proven before.
type stepUpPage struct {
	nav    component.Nav
	errors component.ErrorSummary
	form   component.Form
	title  string
	lead   string
	code   component.OTP // empty before one is sent
	second component.Input
	bar    component.ActionBar
	resend component.PostButton
}

func (m *Me) askStepUp(w http.ResponseWriter, r *door.Request) error {
	return m.drawStepUp(w, r, http.StatusOK, nil)
}

// stepUp sends a code; with a code it proves presence and goes on to where the resident was sent from.
func (m *Me) stepUp(w http.ResponseWriter, r *door.Request) error {
	if _, ok := r.Values()["code"]; !ok {
		err := m.c.Entrance.SendStepUp(r.Context(), r.Actor, caller(w, r))
		f := fault.Of(err)
		switch {
		case err == nil:
			return m.drawStepUpCode(w, r, http.StatusOK, pause, nil)
		case f != nil && f.Code == "budget.code.browser.minute":
			return m.drawStepUpCode(w, r, http.StatusOK, max(f.RetryAfter, time.Second), nil)
		case fault.Is(err, fault.KindTooMany), fault.Is(err, fault.KindUnavailable):
			return m.drawStepUp(w, r, statusOf(f.Kind), err)
		}
		return err
	}
	token, err := m.c.Entrance.StepUp(r.Context(), r.Actor, identity.StepUpProof{Code: r.Value("code"), Second: r.Value(string(identity.SecondOf(r.Resident)))}, caller(w, r))
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindTooMany) {
		return m.drawStepUpCode(w, r, statusOf(fault.Of(err).Kind), 0, err)
	}
	if err != nil {
		return err
	}
	r.SignIn(w, token)
	return r.See(w, r.Next("/me"))
}

func (m *Me) stepUpPage(r *door.Request, wrong error, main string) stepUpPage {
	return stepUpPage{
		nav: component.Nav{Title: m.f.T(r, "me.step_up"), Back: "/me"}, errors: m.summary(r, wrong, main),
		form: component.Form{Action: "/me/step-up", Hidden: next(r)}, title: m.f.T(r, "me.step_up.title"),
	}
}

func (m *Me) drawStepUp(w http.ResponseWriter, r *door.Request, status int, wrong error) error {
	p := m.f.Page(r, m.f.T(r, "me.step_up"))
	p.Plain, p.Failed = true, wrong != nil
	q := m.stepUpPage(r, wrong, "send")
	q.lead = m.f.T(r, "me.step_up.lead", format.Mask(format.FieldPhone, format.Own, r.Resident.Phone.Reveal()))
	q.bar = component.ActionBar{Button: component.Button{Text: m.f.T(r, "me.login.send"), Busy: m.f.T(r, "me.login.sending")}}
	return m.f.Render(w, r, status, p, stepUpView(q))
}

func (m *Me) drawStepUpCode(w http.ResponseWriter, r *door.Request, status int, wait time.Duration, wrong error) error {
	p := m.f.Page(r, m.f.T(r, "me.step_up"))
	p.Plain, p.Failed = true, wrong != nil
	q := m.stepUpPage(r, wrong, "code")
	q.code = component.OTP{Name: "code", SentTo: format.Mask(format.FieldPhone, format.Own, r.Resident.Phone.Reveal()), Wait: wait, Error: m.beside(r, wrong, "code")}
	switch name := string(identity.SecondOf(r.Resident)); identity.Second(name) {
	case identity.SecondCard:
		q.second = component.Input{Name: name, Label: m.f.T(r, "me.card"), Hint: m.f.T(r, "me.step_up.card"), Kind: component.KindCard, Error: m.beside(r, wrong, name), Max: 40}
	case identity.SecondNumber:
		q.second = component.Input{Name: name, Label: m.f.T(r, "me.citizen"), Hint: m.f.T(r, "me.citizen.hint"), Kind: component.KindID, Error: m.beside(r, wrong, name), Max: 30}
	}
	q.bar = component.ActionBar{Button: component.Button{Text: m.f.T(r, "me.proof.go"), Busy: m.f.T(r, "me.proof.going")}}
	q.resend = component.PostButton{Action: "/me/step-up", Hidden: next(r), Button: component.Button{Text: m.f.T(r, "me.code.resend"), Tone: component.Quiet}}
	return m.f.Render(w, r, status, p, stepUpView(q))
}
