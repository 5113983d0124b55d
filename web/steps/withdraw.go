package steps

import (
	"net/http"

	"zhijian/domain/cases"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
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
	if shown.Case.State == cases.Withdrawn || shown.Case.State == cases.Recalling {
		return r.See(w, casePath(no))
	}
	q := s.confirmation(r, shown)
	p := s.f.Page(r, q.title)
	p.City, p.Plain = shown.Offer.Definition.Name.In(r.Lang), true
	return s.f.Render(w, r, http.StatusOK, p, confirmPage(q))
}

// confirmation says what goes: of an appointment the time, of anything else what was typed, the payment and the place.
func (s *Steps) confirmation(r *door.Request, shown cases.Shown) confirm {
	no, now, place := shown.Case.No, s.f.Clock().Now(), shown.Reservation
	words := "steps.withdraw"
	switch {
	case shown.Case.State == cases.Done && place != nil:
		words = "steps.cancel"
	case shown.Recallable:
		words = "steps.recall"
	}
	q := confirm{
		nav: s.forWhom(r, shown, component.Nav{Title: shown.Offer.Definition.Name.In(r.Lang), Back: casePath(no)}), title: s.f.T(r, words+".title"),
		not: component.Button{Text: s.f.T(r, words+".not"), Href: casePath(no), Block: true},
	}
	switch {
	case shown.Cancellable(now):
		q.text = []string{say.Date(r.Lang, place.Start, now) + " " + say.Hours(r.Lang, place.Start, place.End), s.f.T(r, "steps.cancel.text")}
	case shown.Recallable:
		q.text = s.recallText(r, shown)
	case shown.Withdrawable():
		q.text = []string{s.f.T(r, "steps.withdraw.text")}
		if open(shown.Order) {
			q.text = append(q.text, s.f.T(r, "steps.withdraw.money"))
		}
		if place != nil && place.State.Live() {
			q.text = append(q.text, s.f.T(r, "steps.withdraw.place"))
		}
	default:
		q.title, q.text = s.f.T(r, words+".late"), []string{s.f.T(r, words+".late.text")}
		q.not.Text = s.f.T(r, "steps.progress")
		return q
	}
	q.form = component.Form{Action: casePath(no) + "/withdraw"}
	q.do = component.Button{Text: s.f.T(r, words+".do"), Tone: component.Danger, Block: true, Busy: s.f.T(r, words+".busy")}
	if !shown.Recallable {
		return q
	}
	if name := shown.Offer.Definition.RecallName(r.Lang); name != "" {
		q.title, q.do.Text = s.f.T(r, "steps.recall.named", name), name
	}
	return q
}

// recallText says what is asked of the department, and what comes back when it agrees.
func (s *Steps) recallText(r *door.Request, shown cases.Shown) []string {
	text := []string{s.f.T(r, "steps.recall.text")}
	if shown.View.Amount > 0 {
		text = append(text, s.f.T(r, "steps.recall.money", say.Money(r.Lang, shown.View.Amount)))
	}
	if place := shown.Reservation; place != nil && place.State.Live() {
		text = append(text, s.f.T(r, "steps.withdraw.place"))
	}
	return text
}

// withdraw calls the case off; what was filed, by asking the department.
func (s *Steps) withdraw(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	c, err := s.c.Cases.Withdraw(r.Context(), frame.Who(r), no)
	if f := fault.Of(err); f != nil && (f.Code == "cases.filed" || f.Code == "cases.ended" || f.Code == "service.recall") {
		return r.See(w, casePath(no)+"/withdraw") // which says why it is too late
	}
	if err != nil {
		return err
	}
	switch {
	case c.Cancelled():
		r.Flash(w, "steps.flash.cancelled")
	case c.State == cases.Withdrawn:
		r.Flash(w, "steps.flash.withdrawn")
	default:
		r.Flash(w, "steps.flash.recalling")
	}
	return r.See(w, casePath(no))
}
