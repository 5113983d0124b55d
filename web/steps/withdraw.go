package steps

import (
	"net/http"

	"zhijian/domain/cases"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/web/frame"
)

// confirm is the page before something that cannot be taken back.
type confirm struct {
	nav   component.Nav
	title string
	text  []string
	form  component.Form
	do    component.Button
	not   component.Button
}

// askWithdraw says what calling the case off means. Once it is with the office it says why it is too late.
func (s *Steps) askWithdraw(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), no, "")
	if err != nil {
		return err
	}
	if shown.Case.State == cases.Withdrawn {
		return r.See(w, casePath(no))
	}
	title := s.f.T(r, "steps.withdraw.title")
	p := s.f.Page(r, title)
	p.City, p.Plain = shown.Offer.Definition.Name.In(r.Lang), true
	q := confirm{
		nav: component.Nav{Title: shown.Offer.Definition.Name.In(r.Lang), Back: casePath(no)}, title: title,
		form: component.Form{Action: casePath(no) + "/withdraw"},
		do:   component.Button{Text: s.f.T(r, "steps.withdraw.do"), Tone: component.Danger, Block: true, Busy: s.f.T(r, "steps.withdraw.busy")},
		not:  component.Button{Text: s.f.T(r, "steps.withdraw.not"), Href: casePath(no), Block: true},
	}
	if mayWithdraw(shown.Case) {
		q.text = append(q.text, s.f.T(r, "steps.withdraw.text"))
		if open(shown.Order) {
			q.text = append(q.text, s.f.T(r, "steps.withdraw.money"))
		}
		if shown.Reservation != nil && shown.Reservation.State.Live() {
			q.text = append(q.text, s.f.T(r, "steps.withdraw.place"))
		}
	} else {
		q.title, q.text = s.f.T(r, "steps.withdraw.late"), []string{s.f.T(r, "steps.withdraw.late.text")}
		q.form, q.do = component.Form{}, component.Button{}
		q.not.Text = s.f.T(r, "steps.progress")
	}
	return s.f.Render(w, r, http.StatusOK, p, confirmPage(q))
}

// withdraw calls the case off.
func (s *Steps) withdraw(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	_, err := s.c.Cases.Withdraw(r.Context(), frame.Who(r), no)
	if f := fault.Of(err); f != nil && f.Code == "cases.filed" {
		return r.See(w, casePath(no)+"/withdraw") // which says why it is too late
	}
	if err != nil {
		return err
	}
	r.Flash(w, "steps.flash.withdrawn")
	return r.See(w, casePath(no))
}
