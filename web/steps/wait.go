package steps

import (
	"net/http"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/ui/say"
)

// wait is a page while somebody else is at work.
type wait struct {
	nav     component.Nav
	flash   component.Flash
	step    component.StepMarker
	title   string
	notes   []component.Note
	loading component.Loading
	down    component.FailureCard // an office that does not answer
	retry   component.Form
	// text stands under the title where somebody must look and there is nothing to do.
	text  string
	links []component.Button
	hint  string
}

// waiting draws who is asked, how long it usually takes, and that one may leave; or that an office is silent, and whose
// fault it is not.
func (s *Steps) waiting(w http.ResponseWriter, r *door.Request, shown cases.Shown) (layout.Page, templ.Component) {
	v, no := shown.View, shown.Case.No
	if v.Kind == service.ViewPay { // the order is being made
		v.Title, v.Lead, v.Usual = s.f.T(r, "steps.ordering"), s.f.T(r, "steps.ordering.lead"), ""
		v.Notes = nil
	}
	p := s.f.Page(r, v.Title)
	p.City = shown.Offer.Definition.Name.In(r.Lang)
	p.Plain = true
	q := wait{
		nav: s.nav(r, shown), flash: s.f.Flash(w, r), title: v.Title,
		step:  component.StepMarker{At: v.Index, Of: v.Of, Name: v.StepName},
		links: []component.Button{{Text: s.f.T(r, "steps.wait.leave"), Href: s.homePath(shown.Case.City), Tone: component.Line, Block: true}},
	}
	for _, n := range v.Notes {
		q.notes = append(q.notes, component.Note{Tone: tone(n.Tone), Text: n.Text})
	}
	now := s.f.Clock().Now()
	switch {
	case v.Stuck:
		q.text = v.Lead
		q.links = append(q.links, component.Button{Text: s.f.T(r, "steps.call"), Href: "tel:12345", Tone: component.Quiet, Icon: "phone", Block: true})
		q.hint = s.f.T(r, "steps.wait.number", say.Number(no))
	case v.Down && v.Retry:
		q.down = component.FailureCard{Title: v.Title, Heading: true, Text: s.silence(r, shown), Retry: component.Button{Text: s.f.T(r, "steps.retry"), Busy: s.f.T(r, "steps.retrying")}}
		if r.SignedIn() && !shown.Case.Data.Due.IsZero() {
			q.down.Notify = component.Button{Text: s.f.T(r, "steps.notify"), Href: casePath(no)}
			q.hint = s.f.T(r, "steps.notify.hint")
			p.Refresh = again * 6
		}
		q.retry = component.Form{Action: casePath(no) + "/retry"}
	default:
		p.Refresh = again
		q.loading = component.Loading{Title: s.usual(r, v), Text: s.leaving(r, shown, v), Wait: stepPath(no, v.Step), Lines: v.Amount == 0}
		if v.Down && v.Hush != "" {
			q.hint = joined(v.Lead, s.next(r, shown))
		} else if v.Down && !v.DownFrom.IsZero() {
			q.hint = s.f.T(r, "steps.down.since", v.Office, say.Moment(r.Lang, v.DownFrom, now))
		} else if !v.Since.IsZero() && now.Sub(v.Since) > again*6 {
			q.hint = s.f.T(r, "steps.wait.since", say.Moment(r.Lang, v.Since, now))
		}
	}
	return p, waitPage(q)
}

// silence says since when an office does not answer, that it is not the resident's fault, and when it is asked again.
func (s *Steps) silence(r *door.Request, shown cases.Shown) string {
	v, now := shown.View, s.f.Clock().Now()
	text := v.Lead
	if v.Hush == "" && !v.DownFrom.IsZero() && v.Office != "" {
		text = joined(text, s.f.T(r, "steps.down.from", say.Moment(r.Lang, v.DownFrom, now)))
	}
	return joined(text, s.next(r, shown))
}

// next says when the house asks again, or from when it makes sense to; "" when neither is known.
func (s *Steps) next(r *door.Request, shown cases.Shown) string {
	v, now := shown.View, s.f.Clock().Now()
	switch {
	case !v.Again.After(now):
		return ""
	case !shown.Case.Data.Due.IsZero():
		return s.f.T(r, "steps.down.again", say.Moment(r.Lang, v.Again, now))
	}
	return s.f.T(r, "steps.down.after", say.Moment(r.Lang, v.Again, now))
}

// usual is the first line of a waiting page.
func (s *Steps) usual(r *door.Request, v service.View) string {
	if v.Usual == "" {
		return s.f.T(r, "steps.wait.moment")
	}
	first, size := utf8.DecodeRuneInString(v.Usual)
	return string(unicode.ToUpper(first)) + v.Usual[size:]
}

// leaving says whether the resident may go: a visitor gets no message.
func (s *Steps) leaving(r *door.Request, shown cases.Shown, v service.View) string {
	if shown.Case.Resident == 0 {
		return s.f.T(r, "steps.wait.stay")
	}
	return v.Lead
}

// checking is the page after the channel, while it is not known whether the payment came.
func (s *Steps) checking(r *door.Request, shown cases.Shown) (layout.Page, templ.Component) {
	no := shown.Case.No
	title := s.f.T(r, "steps.checking")
	p := s.f.Page(r, title)
	p.City, p.Plain, p.Refresh = shown.Offer.Definition.Name.In(r.Lang), true, again
	q := wait{
		nav: s.nav(r, shown), title: title,
		loading: component.Loading{Title: s.f.T(r, "steps.checking.usual"), Text: s.f.T(r, "steps.checking.lead"), Wait: casePath(no) + "/paid"},
	}
	q.nav.Back = s.homePath(shown.Case.City)
	if open(shown.Order) {
		q.hint = s.f.T(r, "steps.checking.unpaid")
		q.links = []component.Button{{Text: s.f.T(r, "steps.checking.back"), Href: stepPath(no, shown.View.Step), Tone: component.Quiet, Block: true}}
	}
	return p, waitPage(q)
}
