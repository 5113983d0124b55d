package steps

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/web/frame"
)

// track leads to the present step while it is the resident's turn, and shows how the case stands otherwise. A case that
// only asks something leads to its answer.
func (s *Steps) track(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), no, "")
	if err != nil {
		return err
	}
	if moving(shown.View) && s.f.Clock().Now().Sub(shown.Case.Updated) < paidFor {
		// Just begun: the first office usually answers before a waiting page could be read.
		if shown, err = s.settled(r, no, settleFor); err != nil {
			return err
		}
	}
	d := shown.Offer.Definition
	switch {
	case shown.Case.State == cases.Withdrawn || shown.Case.State == cases.Expired:
	case shown.View.Kind == service.ViewProve:
		return s.prove(w, r, shown)
	case shown.View.Kind == service.ViewResult && (shown.Case.State == cases.Answered || (d != nil && asks(d))):
		return r.See(w, stepPath(no, shown.View.Step))
	case shown.View.Kind == service.ViewWait && shown.Case.State == cases.Asking:
		return r.See(w, stepPath(no, shown.View.Step))
	case shown.View.Kind != service.ViewWait && shown.View.Kind != service.ViewResult:
		return r.See(w, stepPath(no, shown.View.Step))
	}
	p, content := s.tracking(w, r, shown)
	return s.f.Render(w, r, http.StatusOK, p, content)
}

// show draws one step: the present one, or one behind it as it was answered. Any other leads to the present one.
func (s *Steps) show(w http.ResponseWriter, r *door.Request) error {
	no, step := r.PathValue("no"), r.PathValue("step")
	shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), no, step)
	if err != nil {
		return err
	}
	switch {
	case r.Lang != shown.Case.Lang && shown.Case.Lang == "en" && returned(r) && shown.Order != nil && shown.Order.Step == step:
		// The channel leads back to the path without a language; the case knows which one its resident reads.
		return r.See(w, "/en"+casePath(no)+"/paid")
	case shown.Case.State == cases.Withdrawn || shown.Case.State == cases.Expired:
		return r.See(w, casePath(no))
	case shown.View.Kind == service.ViewProve:
		return s.prove(w, r, shown)
	case shown.View.Step != step:
		return r.See(w, stepPath(no, shown.View.Step))
	case shown.View.Kind == service.ViewPay && (returned(r) && open(shown.Order) || unheard(shown.Order)):
		return r.See(w, casePath(no)+"/paid")
	}
	p, content := s.Draw(w, r, shown, nil)
	return s.f.Render(w, r, http.StatusOK, p, content)
}

// open reports an order that the channel may still be paid for.
func open(o *payment.Order) bool { return o != nil && o.State == payment.Ordered }

// unheard reports an order whose payment came while the case has not yet heard of it.
func unheard(o *payment.Order) bool { return o != nil && o.State == payment.Paid }

// returned reports whether the browser comes from another site: the payment channel leads back to the step itself.
func returned(r *door.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return true
	case "same-origin", "none":
		return false
	}
	u, err := url.Parse(r.Referer())
	return err == nil && u.Host != "" && u.Host != r.Host
}

// prove leads to where the resident proves who they are, and back to this step.
func (s *Steps) prove(w http.ResponseWriter, r *door.Request, shown cases.Shown) error {
	back := r.Link(stepPath(shown.Case.No, shown.View.Step))
	if !r.SignedIn() {
		return r.See(w, door.With("/login", back))
	}
	return r.See(w, door.With("/me/proof?level="+digit(shown.View.Level), back))
}

func digit(n int) string { return string(rune('0' + min(max(n, 0), 9))) }

// moving reports whether the house itself is about to change what is seen.
func moving(v service.View) bool {
	return v.Kind == service.ViewWait && !v.Down && !v.Stuck && !v.Long || v.Kind == service.ViewPay && v.PayURL == "" && !v.Retry
}

// settled shows the case once nothing is under way, or as it is when that takes too long.
func (s *Steps) settled(r *door.Request, no string, most time.Duration) (shown cases.Shown, err error) {
	_, err = door.Until(r.Context(), most, func(ctx context.Context) (bool, error) {
		shown, err = s.c.Cases.Show(ctx, frame.Who(r), no, "")
		return !moving(shown.View), err
	})
	return shown, err
}
