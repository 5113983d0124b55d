package steps

import (
	"net/http"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/web/frame"
)

// answer takes what a step's form says and goes on. What must be mended comes back as 422 with everything typed still
// there; a time that somebody else was quicker to take is 409 with the nearest others.
func (s *Steps) answer(w http.ResponseWriter, r *door.Request) error {
	no, step := r.PathValue("no"), r.PathValue("step")
	before, err := s.c.Cases.Show(r.Context(), frame.Who(r), no, step)
	if err != nil {
		return err
	}
	if before.Case.State.Ended() {
		return r.See(w, casePath(no))
	}
	switch {
	case before.View.Kind == service.ViewProve:
		return s.prove(w, r, before)
	case before.View.Step != step, before.View.Kind == service.ViewWait:
		return r.See(w, stepPath(no, before.View.Step)) // moved on meanwhile, in another tab or by a second press
	case before.View.Kind == service.ViewPay:
		return s.pay(w, r, before)
	}
	return s.take(w, r, before, r.Values())
}

// take gives a step's values to the case and goes on.
func (s *Steps) take(w http.ResponseWriter, r *door.Request, before cases.Shown, values map[string][]string) error {
	no, step := before.Case.No, before.View.Step
	shown, err := s.c.Cases.Answer(r.Context(), frame.Who(r), no, step, values)
	switch {
	case fault.Is(err, fault.KindInvalid) && shown.Case.No != "":
		return s.mend(w, r, shown, err)
	case fault.Is(err, fault.KindConflict) || fault.Is(err, fault.KindDenied) && fault.Of(err).Code == "service.level":
		return r.See(w, casePath(no))
	case err != nil:
		return err
	}
	if moving(shown.View) {
		if shown, err = s.settled(r, no, settleFor); err != nil {
			return err
		}
	}
	if before.View.Kind == service.ViewBook && shown.View.Kind == service.ViewBook && shown.View.Step == step {
		p, content := s.Draw(w, r, shown, nil)
		return s.f.Render(w, r, http.StatusConflict, p, content)
	}
	return s.onward(w, r, before, shown)
}

// mend draws a step again with what is wrong.
func (s *Steps) mend(w http.ResponseWriter, r *door.Request, shown cases.Shown, wrong error) error {
	p, content := s.Draw(w, r, shown, wrong)
	p.Failed = true
	return s.f.Render(w, r, http.StatusUnprocessableEntity, p, content)
}

// onward leads to what must be seen next. Who was told the amount on the check page goes straight to the cashier.
func (s *Steps) onward(w http.ResponseWriter, r *door.Request, before, shown cases.Shown) error {
	v := shown.View
	switch {
	case shown.Case.State == cases.Withdrawn || shown.Case.State == cases.Expired:
		return r.See(w, casePath(shown.Case.No))
	case v.Kind == service.ViewProve:
		return s.prove(w, r, shown)
	case v.Kind == service.ViewPay && v.PayURL != "" && before.View.Kind == service.ViewCheck && before.View.Amount == v.Amount:
		return leave(w, v.PayURL)
	}
	return r.See(w, stepPath(shown.Case.No, v.Step))
}

// draft keeps what is typed so far; script/draft.js posts it. The form says which step it belongs to.
func (s *Steps) draft(w http.ResponseWriter, r *door.Request) error {
	values := r.Values()
	step := r.Value("_step")
	if step != "" {
		if err := s.c.Cases.SaveDraft(r.Context(), frame.Who(r), r.PathValue("no"), step, values); err != nil && !fault.Is(err, fault.KindConflict) {
			return err
		}
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// change goes back to a step, whose answers are then asked again; afterwards the case returns to where it was.
func (s *Steps) change(w http.ResponseWriter, r *door.Request) error {
	shown, err := s.c.Cases.Change(r.Context(), frame.Who(r), r.PathValue("no"), r.Value("step"))
	if err != nil {
		return err
	}
	return s.onward(w, r, cases.Shown{}, shown)
}

// retry asks a silent office again.
func (s *Steps) retry(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	shown, err := s.c.Cases.Retry(r.Context(), frame.Who(r), no)
	if err != nil {
		return err
	}
	if moving(shown.View) {
		if shown, err = s.settled(r, no, settleFor); err != nil {
			return err
		}
	}
	return s.onward(w, r, cases.Shown{}, shown)
}
