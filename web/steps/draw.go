package steps

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/ui/say"
)

// ask is a page with a question: form, choose, book, check, pay.
type ask struct {
	nav      component.Nav
	flash    component.Flash
	step     component.StepMarker
	errors   component.ErrorSummary
	form     component.Form
	question component.Question
	near     *nearBox         // above the form, with the question; nil for none
	before   []component.Note // what sent the resident back here
	body     templ.Component
	notes    []component.Note
	small    string // what is declared by going on, and that it costs nothing
	instead  component.Anchor
	away     component.Button // to an office's own site
	why      component.Details
	asOf     string
	bar      component.ActionBar
	after    templ.Component    // after the form: what is a matter of its own; nil for nothing
	links    []component.Anchor // after the form: what else can be done
}

// Draw gives the page of what a resident must see now. wrong is what the form before it got wrong, nil for nothing. It
// reads nothing but its arguments and the request's language, so that any view can be looked at.
func (s *Steps) Draw(w http.ResponseWriter, r *door.Request, shown cases.Shown, wrong error) (layout.Page, templ.Component) {
	v := shown.View
	switch {
	case v.Kind == service.ViewWait && v.Long:
		return s.tracking(w, r, shown)
	case v.Kind == service.ViewWait || moving(v):
		return s.waiting(w, r, shown)
	case v.Kind == service.ViewResult:
		return s.result(w, r, shown)
	}
	name := shown.Offer.Definition.Name.In(r.Lang)
	p := s.f.Page(r, v.Title)
	p.City = name // the title says the question, then the service
	p.Plain = true
	a := s.frameOf(w, r, shown, wrong)
	switch v.Kind {
	case service.ViewForm:
		s.formBody(r, &a, shown.Case.No, v, wrong)
	case service.ViewChoose:
		s.chooseBody(r, &a, shown, wrong)
	case service.ViewBook:
		s.bookBody(r, &a, shown, wrong)
	case service.ViewCheck:
		s.checkBody(r, &a, shown)
	case service.ViewPay:
		a.body = s.payBody(r, shown)
		a.links = append([]component.Anchor{{Text: s.f.T(r, "steps.paid.already"), Href: casePath(shown.Case.No) + "/paid"}}, a.links...)
	}
	return p, askPage(a)
}

// frameOf fills what all question pages have.
func (s *Steps) frameOf(w http.ResponseWriter, r *door.Request, shown cases.Shown, wrong error) ask {
	v, no := shown.View, shown.Case.No
	a := ask{
		nav: s.nav(r, shown), flash: s.f.Flash(w, r),
		step:     component.StepMarker{At: v.Index, Of: v.Of, Name: v.StepName},
		errors:   component.ErrorSummary{Problems: s.f.Problems(r, wrong)},
		form:     component.Form{Action: stepPath(no, v.Step)},
		question: component.Question{Title: v.Title, Lead: v.Lead},
		bar:      component.ActionBar{Button: component.Button{Text: v.Button}},
	}
	if asksFiles(v) {
		a.form.Action, a.form.Files = a.form.Action+"/files", true
	}
	if v.Kind == service.ViewForm {
		a.form.Draft, a.form.Hidden = casePath(no)+"/draft", []component.Hidden{{Name: "_step", Value: v.Step}}
	}
	for _, n := range v.Notes {
		one := component.Note{Tone: tone(n.Tone), Text: n.Text}
		switch {
		case one.Tone == component.Warn && len(a.before) == 0 && len(a.notes) == 0:
			a.before = append(a.before, one)
		case one.Tone == component.Plain && (v.Kind == service.ViewCheck || v.Kind == service.ViewPay):
			a.small = joined(a.small, one.Text)
		default:
			a.notes = append(a.notes, one)
		}
	}
	if v.Instead != nil {
		a.instead = component.Anchor{Text: v.Instead.Label, Href: s.linkPath(shown.Case.City, *v.Instead)}
		if own(v.Instead.Href) {
			a.instead.Href = door.With(v.Instead.Href, r.Link(stepPath(no, v.Step)))
		}
		if v.Instead.Away { // where the matter is done: the main thing on this page
			a.away, a.instead = component.Button{Text: v.Instead.Label, Href: v.Instead.Href, Tone: component.Line, Block: true}, component.Anchor{}
		}
	}
	if !v.AsOf.IsZero() {
		a.asOf = s.f.T(r, "steps.asof", say.Moment(r.Lang, v.AsOf, s.f.Clock().Now()))
	}
	if shown.Withdrawable() {
		a.links = append(a.links, component.Anchor{Text: s.f.T(r, "steps.giveup"), Href: casePath(no) + "/withdraw"})
	}
	return a
}

// nav is the bar of a flow page: back to the page before, which is the service's own for the first.
func (s *Steps) nav(r *door.Request, shown cases.Shown) component.Nav {
	back := s.servicePath(shown.Case.City, shown.Case.Service)
	if shown.View.Back != "" {
		back = stepPath(shown.Case.No, shown.View.Back)
	}
	return s.forWhom(r, shown, component.Nav{Title: shown.Offer.Definition.Name.In(r.Lang), Back: back})
}

// forWhom says in the bar of a page that the matter is somebody else's: it stands there on every page and stays when one scrolls.
func (s *Steps) forWhom(r *door.Request, shown cases.Shown, nav component.Nav) component.Nav {
	if shown.View.For != "" {
		nav.Sub = words(s.f.T(r, "steps.acting", shown.View.For))
	}
	return nav
}

// own reports a page of what the resident has for themself: from there one comes back to the step.
func own(href string) bool { return strings.HasPrefix(href, "/me/") }

func (s *Steps) linkPath(city string, k service.Link) string {
	if k.Service != "" {
		return s.servicePath(city, k.Service)
	}
	return k.Href
}

func tone(t string) component.Tone {
	switch t {
	case "warn":
		return component.Warn
	case "ok":
		return component.OK
	case "danger":
		return component.Danger
	}
	return component.Plain
}

// joined puts two sentences after each other.
func joined(a, b string) string {
	switch {
	case a == "" || b == "":
		return a + b
	case a[len(a)-1] < 0x80: // English needs a space
		return a + " " + b
	}
	return a + b
}

// fieldError is the sentence beside an input: the fault's in the reader's language.
func (s *Steps) fieldError(r *door.Request, wrong error, name, otherwise string) string {
	if fault.Of(wrong) == nil {
		return otherwise
	}
	if text := s.f.Field(r, wrong, name); text != "" {
		return text
	}
	return otherwise
}

// rows are lines of a summary as the component takes them.
func rows(no string, list []service.Row) []component.Row {
	var out []component.Row
	for _, row := range list {
		c := component.Row{Key: row.Label, Value: row.Value, Strong: row.Money, Href: row.Href}
		if row.Edit != "" {
			c.Change = stepPath(no, row.Edit)
		}
		lines := row.Lines
		if c.Value == "" && len(lines) > 0 {
			c.Value, lines = lines[0], lines[1:]
		}
		switch {
		case len(row.Files) > 0:
			c.Body = fileLines(filesOf(no, row.Files))
		case row.Plate:
			c.Body = plateLines(component.Plate{Text: c.Value, EV: electric(c.Value)}, lines)
		case len(lines) == 1:
			c.Note = lines[0]
		case len(lines) > 1:
			c.Body = textLines(c.Value, lines)
		}
		out = append(out, c)
	}
	return out
}

// electric reports a plate of a new-energy car: eight characters without the dot.
func electric(plate string) bool {
	n := 0
	for _, c := range plate {
		if c != '·' && c != '・' && c != ' ' {
			n++
		}
	}
	return n == 8
}

func orElse(a, b string) string {
	if strings.TrimSpace(a) == "" {
		return b
	}
	return a
}
