package steps

import (
	"net/http"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

// movePage is where an appointment gets another time.
type movePage struct {
	nav    component.Nav
	title  string
	lead   string
	errors component.ErrorSummary
	form   component.Form
	body   book
	bar    component.ActionBar
}

// askMove shows the times that are left; the appointment has its own until another one is taken.
func (s *Steps) askMove(w http.ResponseWriter, r *door.Request) error {
	return s.drawMove(w, r, http.StatusOK, nil)
}

func (s *Steps) drawMove(w http.ResponseWriter, r *door.Request, status int, wrong *fault.Error) error {
	no := r.PathValue("no")
	shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), no, "")
	if err != nil {
		return err
	}
	now := s.f.Clock().Now()
	if !shown.Movable(now) {
		return r.See(w, casePath(no))
	}
	days, err := s.c.Visits.Choices(r.Context(), frame.Who(r), no)
	if err != nil {
		return err
	}
	q := movePage{
		nav: component.Nav{Title: shown.Offer.Definition.Name.In(r.Lang), Back: casePath(no)}, title: s.f.T(r, "steps.move.title"),
		lead: s.f.T(r, "steps.move.lead", say.Date(r.Lang, shown.Reservation.Start, now)+" "+say.Hours(r.Lang, shown.Reservation.Start, shown.Reservation.End)),
		form: component.Form{Action: casePath(no) + "/move"},
		bar:  component.ActionBar{Button: component.Button{Text: s.f.T(r, "steps.move.do"), Busy: s.f.T(r, "steps.move.busy")}},
	}
	if wrong != nil {
		q.errors = component.ErrorSummary{Problems: s.f.Problems(r, wrong)}
	}
	s.times(r, &q, service.View{Kind: service.ViewBook, Name: "slot", Days: days}, shown, wrong)
	p := s.f.Page(r, q.title)
	p.City, p.Plain = shown.Offer.Definition.Name.In(r.Lang), true
	return s.f.Render(w, r, status, p, moveView(q))
}

// times fills in the days and the times of one of them.
func (s *Steps) times(r *door.Request, q *movePage, v service.View, shown cases.Shown, wrong error) {
	day, chosen := dayOf(v, r.Query("date"))
	at := casePath(shown.Case.No) + "/move"
	if chosen {
		q.form.Action = at + "?date=" + day.Date
	}
	for _, d := range v.Days {
		q.body.days.Items = append(q.body.days.Items, s.day(r, d, at, d.Date == day.Date, s.f.Clock().Now()))
	}
	q.body.groups = s.halves(r, v.Name, day, nil, s.fieldError(r, wrong, v.Name, ""))
	for _, g := range q.body.groups {
		for i := range g.Items {
			if g.Items[i].On {
				g.Items[i].Note = s.f.T(r, "steps.move.yours")
			}
		}
	}
}

// move takes another time. One that was just taken comes back as 409 with what is left.
func (s *Steps) move(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	_, err := s.c.Visits.Move(r.Context(), frame.Who(r), no, r.Value("slot"))
	switch f := fault.Of(err); {
	case f != nil && f.Kind == fault.KindInvalid:
		return s.drawMove(w, r, http.StatusUnprocessableEntity, f)
	case f != nil && (f.Kind == fault.KindConflict || f.Code == "booking.slot"):
		return s.drawMove(w, r, http.StatusConflict, f.On("slot"))
	case err != nil:
		return err
	}
	r.Flash(w, "steps.flash.moved")
	return r.See(w, casePath(no))
}
