package steps

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/ui/say"
)

// tracked is how a case stands, with its course.
type tracked struct {
	nav     component.Nav
	flash   component.Flash
	head    component.CaseHead
	note    component.Note
	kept    component.Note // the department did not let go of it
	act     component.Button
	course  component.Section
	points  component.Timeline
	money   component.Section
	rows    component.SummaryList
	links   []component.Item
	loading component.Loading
	// far is what an office says of how far it is.
	far component.SummaryList
	// right is what the resident put right, after what became of a bad rating.
	fixed component.Section
	right component.SummaryList
	after followed
}

// tracking draws the page of a case that waits for somebody else, or has ended.
func (s *Steps) tracking(w http.ResponseWriter, r *door.Request, shown cases.Shown) (layout.Page, templ.Component) {
	c, v, d := shown.Case, shown.View, shown.Offer.Definition
	p := s.f.Page(r, s.f.T(r, "steps.track"))
	p.City, p.Plain = d.Name.In(r.Lang), true
	q := tracked{
		nav:    s.forWhom(r, shown, component.Nav{Title: s.f.T(r, "steps.track"), Back: s.listPath(r, c.City), ActHref: "tel:12345", ActIcon: "headphones", ActLabel: s.f.T(r, "steps.call")}),
		flash:  s.f.Flash(w, r),
		head:   component.CaseHead{Tag: StateTag(c.State, s.f.T(r, "steps.state."+string(c.State))), Title: d.Name.In(r.Lang), Number: say.Number(c.No), Unit: shown.Offer.Department, Ring: s.ring(shown)},
		course: component.Section{Title: s.f.T(r, "steps.course")}, points: s.timeline(r, shown),
	}
	switch {
	case v.Kind == service.ViewWait:
		q.note = component.Note{Title: v.Title, Text: v.Lead}
		if v.Stuck || v.Down {
			q.note.Tone = component.Warn
		}
		for _, n := range v.Notes {
			if n.Tone == "warn" {
				q.kept = component.Note{Tone: component.Warn, Text: n.Text}
			}
		}
		q.far = component.SummaryList{Rows: rows(c.No, v.Rows)}
		if !v.Long {
			q.act = component.Button{Text: s.f.T(r, "steps.see"), Href: stepPath(c.No, v.Step), Tone: component.Line, Block: true}
		}
		if moving(v) {
			p.Refresh = again
			q.loading = component.Loading{Title: s.usual(r, v), Text: s.leaving(r, shown, v), Wait: casePath(c.No)}
		}
	case c.Recalled():
		q.head.Tag.Text = s.f.T(r, "steps.state.takenback")
		q.note = component.Note{Title: v.Title, Text: v.Lead}
		q.act = component.Button{Text: s.f.T(r, "steps.anew"), Href: s.servicePath(c.City, c.Service), Tone: component.Line, Block: true}
	case c.State == cases.Withdrawn:
		q.note = component.Note{Text: s.f.T(r, "steps.withdrawn")}
		if c.Cancelled() {
			q.note.Text = s.f.T(r, "steps.cancelled")
		}
		q.act = component.Button{Text: s.f.T(r, "steps.anew"), Href: s.servicePath(c.City, c.Service), Tone: component.Line, Block: true}
	case c.State == cases.Expired:
		q.note = component.Note{Text: s.f.T(r, "steps.expired")}
		q.act = component.Button{Text: s.f.T(r, "steps.anew"), Href: s.servicePath(c.City, c.Service), Tone: component.Line, Block: true}
	default:
		q.note = component.Note{Tone: component.OK, Text: v.Title}
		if !v.Good {
			q.note = component.Note{Title: v.Title, Text: v.Lead}
		}
		q.act = component.Button{Text: s.f.T(r, "steps.see.result"), Href: stepPath(c.No, v.Step), Tone: component.Line, Block: true}
	}
	s.moneyAndTime(r, shown, &q)
	if q.right = s.corrected(r, shown); len(q.right.Rows) > 0 {
		q.fixed = component.Section{Title: s.f.T(r, "steps.corrected")}
	}
	q.after = s.followed(r, shown)
	q.links = s.ways(r, shown)
	return p, trackPage(q)
}

// listPath leads back to the resident's cases, for a visitor to the city.
func (s *Steps) listPath(r *door.Request, city string) string {
	if r.SignedIn() {
		return "/me/cases"
	}
	return s.homePath(city)
}

// StateTag is a state of a case as a tag; text is its word ("steps.state.…").
func StateTag(state cases.State, text string) component.Tag {
	t := component.Tag{Text: text, Tone: component.Info}
	switch state {
	case cases.Done:
		t.Tone = component.OK
	case cases.Draft, cases.Paying:
		t.Tone = component.Warn
	case cases.Withdrawn, cases.Expired, cases.Answered, cases.Refused:
		t.Tone = component.Plain
	}
	return t
}

// ring shows the days of a promise that is counted in days and still runs.
func (s *Steps) ring(shown cases.Shown) *component.Ring {
	c, day := shown.Case, 24*time.Hour
	promised := shown.Offer.Definition.Promise.Done
	if c.State.Ended() || c.Due.IsZero() || promised < day {
		return nil
	}
	left := c.Due.Sub(s.f.Clock().Now())
	days := int(left / day)
	if left < 0 {
		days--
	}
	return &component.Ring{Of: int(promised / day), Left: days}
}

// timeline is the course of a case in plain words; the last line of a running one is where it stands.
func (s *Steps) timeline(r *door.Request, shown cases.Shown) component.Timeline {
	var t component.Timeline
	now := s.f.Clock().Now()
	for i, e := range shown.Case.Log {
		args := make([]any, len(e.Args))
		for k, a := range e.Args {
			args[k] = a
		}
		point := component.Point{Title: s.f.T(r, "steps.log."+e.Code, args...), At: component.Moment{Text: say.Moment(r.Lang, e.At, now), ISO: say.ISO(e.At)}}
		switch e.Who {
		case "you":
			point.Sub = s.f.T(r, "steps.you")
		case "house", "":
		default:
			point.Sub = e.Who
		}
		if right := s.putRight(r, shown, e); right != "" {
			point.Sub = right
		}
		for _, a := range shown.Case.Remedies.Recalls {
			if e.Code == "kept" && a.Answered.Equal(e.At) && a.Reason != "" {
				point.Sub = a.Reason
			}
		}
		if i == len(shown.Case.Log)-1 && !shown.Case.State.Ended() {
			point.State = "now"
		}
		t.Items = append(t.Items, point)
	}
	return t
}

// moneyAndTime is what was paid and booked.
func (s *Steps) moneyAndTime(r *door.Request, shown cases.Shown, q *tracked) {
	now := s.f.Clock().Now()
	add := func(key, value string, strong bool) {
		q.rows.Rows = append(q.rows.Rows, component.Row{Key: s.f.T(r, key), Value: value, Strong: strong})
	}
	if b := shown.Reservation; b != nil {
		add("steps.time", say.Date(r.Lang, b.Start, now)+" "+say.Hours(r.Lang, b.Start, b.End), true)
		if b.State == booking.Released || shown.Case.Cancelled() {
			add("steps.booking", s.f.T(r, "steps.booking.released"), false)
		}
	}
	if o := shown.Order; o != nil {
		add("steps.payment", s.f.T(r, "steps.order."+string(o.State), say.Money(r.Lang, o.Amount)), true)
		add("steps.payee", o.Payee, false)
		add("steps.payment.number", say.Number(o.No), false)
		if !o.PaidAt.IsZero() {
			add("steps.paidat", say.Moment(r.Lang, o.PaidAt, now), false)
		}
		if !o.RefundedAt.IsZero() {
			add("steps.refundedat", say.Moment(r.Lang, o.RefundedAt, now), false)
		}
	}
	if t := shown.Offer.Definition.Promise.Text.In(r.Lang); t != "" && !shown.Case.State.Ended() {
		add("steps.promise", t, false)
	}
	if len(q.rows.Rows) > 0 {
		q.money = component.Section{Title: s.f.T(r, "steps.facts")}
	}
}

// ways is what else can be done with a case.
func (s *Steps) ways(r *door.Request, shown cases.Shown) []component.Item {
	c, at := shown.Case, casePath(shown.Case.No)
	list := []component.Item{{Title: s.f.T(r, "steps.submitted"), Href: at + "/submitted", Icon: "file-text"}}
	if shown.View.Receipt {
		list = append(list, component.Item{Title: s.f.T(r, "steps.receipt.see"), Href: at + "/receipt", Icon: "receipt-text"})
	}
	if shown.Reservation != nil && appointed(shown) {
		title := "steps.calendar"
		if c.State == cases.Withdrawn {
			title = "steps.calendar.remove"
		}
		list = append(list, component.Item{Title: s.f.T(r, title), Href: at + "/calendar.ics", Icon: "calendar-days"})
	}
	if rateable(shown, s.f.Clock().Now()) {
		list = append(list, component.Item{Title: s.f.T(r, "steps.rate"), Href: at + "/rate", Icon: "thumbs-up"})
	}
	if shown.Withdrawable() || shown.Recallable {
		title := s.f.T(r, "steps.withdraw")
		if shown.Recallable {
			title = cmp.Or(shown.Offer.Definition.RecallName(r.Lang), title)
		}
		list = append(list, component.Item{Title: title, Href: at + "/withdraw", Icon: "undo-2"})
	}
	return slices.Concat(s.remedies(r, shown), list, s.appointment(r, shown), s.cancelling(r, shown))
}

// cancelling is the way to call a made appointment off; nothing for any other case.
func (s *Steps) cancelling(r *door.Request, shown cases.Shown) []component.Item {
	if !shown.Cancellable(s.f.Clock().Now()) {
		return nil
	}
	return []component.Item{{Title: s.f.T(r, "steps.cancel"), Href: casePath(shown.Case.No) + "/withdraw", Icon: "undo-2"}}
}
