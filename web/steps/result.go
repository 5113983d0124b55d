package steps

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"zhijian/domain/cases"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/ui/say"
)

// result is the end of a case.
type result struct {
	nav     component.Nav
	flash   component.Flash
	done    component.DonePanel // only for a matter done as wished
	title   string
	lead    string
	rows    component.SummaryList
	chart   templ.Component // what lies where; nil for none
	notes   []component.Note
	was     component.SummaryList // what it said before it was put right
	files   []component.Button    // receipt, calendar
	ways    component.Section     // against an administrative act, outside the house
	outside component.NextList
	next    component.Section
	list    component.NextList
	main    component.Button
	rating  rateCard
	after   followed // what became of a bad rating
	asOf    string
	links   []component.Item
	history component.Details
	points  component.Timeline
}

// rateCard asks for a judgement; without a title it is left out.
type rateCard struct {
	title  string
	form   component.Form
	rating component.Rating
	note   string
	button component.Button
}

// asks reports whether a service only tells something: its result is an answer, no matter that was done.
func asks(d *service.Definition) bool { return d.How == "query" }

// result says what is now true: what was done, paid or refused, and what happens next.
func (s *Steps) result(w http.ResponseWriter, r *door.Request, shown cases.Shown) (layout.Page, templ.Component) {
	v, c, d := shown.View, shown.Case, shown.Offer.Definition
	p := s.f.Page(r, v.Title)
	p.City, p.Plain = d.Name.In(r.Lang), true
	q := result{
		nav:   s.forWhom(r, shown, component.Nav{Title: d.Name.In(r.Lang), Back: s.homePath(c.City)}),
		flash: s.f.Flash(w, r), title: v.Title, lead: v.Lead, rows: component.SummaryList{Rows: rows(c.No, v.Rows)},
	}
	if v.Good && !asks(d) {
		q.done, q.lead = s.panel(r, shown, &q.rows), ""
		q.done.Text = v.Lead
	}
	if note, was := s.amended(r, shown); note.Text != "" {
		q.notes, q.was = append(q.notes, note), was
	}
	for _, n := range v.Notes {
		q.notes = append(q.notes, component.Note{Tone: tone(n.Tone), Text: n.Text})
	}
	if v.Map != nil {
		q.chart = component.CityMap{ID: "map", Map: *v.Map, Now: s.f.Clock().Now(), Tiles: s.f.Tiles()}
	}
	q.files = s.files(r, shown)
	if len(v.Next) > 0 {
		q.next, q.list = component.Section{Title: s.f.T(r, "steps.next")}, component.NextList{Items: v.Next}
	}
	if v.Instead != nil {
		q.main = component.Button{Text: v.Instead.Label, Href: s.linkPath(c.City, *v.Instead), Block: true}
	}
	if !v.AsOf.IsZero() {
		q.asOf = s.f.T(r, "steps.asof", say.Moment(r.Lang, v.AsOf, s.f.Clock().Now()))
	}
	q.rating, q.after = s.rateCard(r, shown), s.followed(r, shown)
	if o := shown.Objection; o != nil && o.Terms.Act {
		q.ways, q.outside = component.Section{Title: s.f.T(r, "steps.appeal.ways"), Small: true}, component.NextList{Items: s.outside(r)}
	}
	if asks(d) {
		q.links = append(q.links, component.Item{Title: s.f.T(r, "steps.query.again"), Href: s.servicePath(c.City, c.Service), Icon: "refresh-cw"})
		q.history = component.Details{Summary: s.f.T(r, "steps.history")}
		q.points = s.timeline(r, shown)
	} else {
		q.links = append(q.links, component.Item{Title: s.f.T(r, "steps.progress"), Href: casePath(c.No), Icon: "history", Lines: []string{s.f.T(r, "steps.no", say.Number(c.No))}})
		if !v.Good {
			q.links = append(q.links, component.Item{Title: s.f.T(r, "steps.anew"), Href: s.servicePath(c.City, c.Service), Icon: "rotate-ccw"})
		}
		q.links = slices.Concat(s.remedies(r, shown), q.links, s.appointment(r, shown), s.cancelling(r, shown))
	}
	return p, resultPage(q)
}

// panel is the tick with the number one will be asked for: of the appointment, of the payment, else of the case. A
// number that stands there is not repeated below.
func (s *Steps) panel(r *door.Request, shown cases.Shown, list *component.SummaryList) component.DonePanel {
	done := component.DonePanel{Title: shown.View.Title, Label: s.f.T(r, "steps.case.number"), Number: say.Number(shown.Case.No)}
	if len(list.Rows) > 0 && shown.Reservation != nil && list.Rows[0].Body == nil && utf8.RuneCountInString(list.Rows[0].Value) <= 12 {
		done.Label, done.Number = list.Rows[0].Key, list.Rows[0].Value
		list.Rows = list.Rows[1:]
		return done
	}
	if o := shown.Order; o != nil && o.State == payment.Paid {
		done.Label, done.Number = s.f.T(r, "steps.payment.number"), say.Number(o.No)
		bare := strings.ReplaceAll(o.No, " ", "")
		list.Rows = slices.DeleteFunc(list.Rows, func(row component.Row) bool {
			same := strings.ReplaceAll(row.Value, " ", "") == bare
			if same {
				done.Label = row.Key // as the definition calls it
			}
			return same
		})
		return done
	}
	return done
}

// files are what can be taken along.
func (s *Steps) files(r *door.Request, shown cases.Shown) []component.Button {
	var list []component.Button
	at := casePath(shown.Case.No)
	if shown.View.Receipt {
		list = append(list, component.Button{Text: s.f.T(r, "steps.receipt.get"), Href: at + "/receipt.pdf", Tone: component.Line, Block: true, Icon: "download"},
			component.Button{Text: s.f.T(r, "steps.receipt.see"), Href: at + "/receipt", Tone: component.Quiet, Block: true})
	}
	if shown.Reservation != nil && shown.View.Good {
		list = append(list, component.Button{Text: s.f.T(r, "steps.calendar"), Href: at + "/calendar.ics", Tone: component.Line, Block: true, Icon: "calendar-days"})
	}
	return list
}

// editable is how long a judgement may be changed (cases.Rate).
const editable = 24 * time.Hour

func rateable(shown cases.Shown, now time.Time) bool {
	c := shown.Case
	if shown.Offer.Definition == nil || !shown.Offer.Definition.Rate {
		return false
	}
	switch c.State {
	case cases.Done, cases.Answered, cases.Refused:
		return c.Rating == nil || now.Sub(c.Rating.At) < editable
	}
	return false
}

func (s *Steps) rateCard(r *door.Request, shown cases.Shown) rateCard {
	if !rateable(shown, s.f.Clock().Now()) || shown.Case.Rating != nil {
		return rateCard{}
	}
	return rateCard{
		title: s.f.T(r, "steps.rate.title"), form: component.Form{Action: casePath(shown.Case.No) + "/rate"}, rating: component.Rating{Name: "level"},
		note: s.f.T(r, "steps.rate.note"), button: component.Button{Text: s.f.T(r, "steps.rate.send"), Tone: component.Line, Block: true},
	}
}
