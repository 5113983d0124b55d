package steps

import (
	"context"
	"net/http"

	"zhijian/domain/cases"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

// pay leads to the channel's page. An order that ran out is made anew first, and so is a page that opens no more.
func (s *Steps) pay(w http.ResponseWriter, r *door.Request, shown cases.Shown) (err error) {
	no := shown.Case.No
	if shown.View.Retry {
		if shown, err = s.c.Cases.Retry(r.Context(), frame.Who(r), no); err != nil {
			return err
		}
	}
	if moving(shown.View) {
		if shown, err = s.settled(r, no, settleFor); err != nil {
			return err
		}
	}
	if shown.View.Kind != service.ViewPay || !open(shown.Order) {
		return s.onward(w, r, cases.Shown{}, shown)
	}
	o, err := s.c.Payments.Page(r.Context(), r.Actor, shown.Order.No, r.ClientIP())
	if err != nil {
		return err
	}
	if open(&o) && o.URL != "" {
		return leave(w, o.URL)
	}
	if shown, err = s.afterPaying(r, no); err != nil {
		return err
	}
	return s.onward(w, r, cases.Shown{}, shown)
}

// leave goes to the payment channel, whose origin the content policy lists.
func leave(w http.ResponseWriter, url string) error {
	w.Header().Set("Location", url)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// paid is where the resident comes back from the channel. What the address says is not believed: the channel is asked,
// and the case given a moment to move on. Without an answer the page says not to pay again, and asks by itself.
func (s *Steps) paid(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), no, "")
	if err != nil {
		return err
	}
	switch o := shown.Order; {
	case shown.View.Kind == service.ViewPay && open(o):
		checked, err := s.c.Payments.Check(r.Context(), r.Actor, o.No)
		if err != nil {
			return err
		}
		if checked.State != payment.Ordered {
			if shown, err = s.afterPaying(r, no); err != nil {
				return err
			}
		}
	case shown.View.Kind == service.ViewPay && unheard(o):
		shown, err = s.afterPaying(r, no)
	case moving(shown.View):
		shown, err = s.settled(r, no, paidFor)
	}
	if err != nil {
		return err
	}
	if shown.View.Kind == service.ViewPay && (open(shown.Order) || unheard(shown.Order)) {
		p, content := s.checking(r, shown)
		return s.f.Render(w, r, http.StatusOK, p, content)
	}
	talk, err := s.talk(r, shown.Case)
	if err != nil {
		return err
	}
	if talk != "" {
		return r.See(w, talk)
	}
	return s.onward(w, r, cases.Shown{}, shown)
}

// talk is the path of the talk about the case; "" when it is not talked about.
func (s *Steps) talk(r *door.Request, c cases.Case) (string, error) {
	if s.c.Talk == nil {
		return "", nil
	}
	return s.c.Talk(r.Context(), frame.Who(r), c)
}

// afterPaying waits until the case has heard of its payment and nothing is under way.
func (s *Steps) afterPaying(r *door.Request, no string) (shown cases.Shown, err error) {
	_, err = door.Until(r.Context(), paidFor, func(ctx context.Context) (bool, error) {
		shown, err = s.c.Cases.Show(ctx, frame.Who(r), no, "")
		heard := shown.View.Kind != service.ViewPay || shown.View.Retry
		return heard && !moving(shown.View), err
	})
	return shown, err
}

// payBody is the money of a pay page: who gets it, until when, how much.
func (s *Steps) payBody(r *door.Request, shown cases.Shown) component.SummaryList {
	list := component.SummaryList{TotalLabel: s.f.T(r, "steps.due"), Total: int64(shown.View.Amount)}
	add := func(key, value string) {
		if value != "" {
			list.Rows = append(list.Rows, component.Row{Key: s.f.T(r, key), Value: value})
		}
	}
	add("steps.for", shown.Offer.Definition.Name.In(r.Lang))
	add("steps.payee", shown.View.Payee)
	if o := shown.Order; open(o) && !o.Expires.IsZero() {
		add("steps.until", say.ByTime(r.Lang, o.Expires, s.f.Clock().Now()))
	}
	return list
}
