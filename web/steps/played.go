package steps

import (
	"slices"

	"github.com/a-h/templ"

	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ui/component"
	"zhijian/ui/layout"
)

// Played is how the page of a case that is only tried out differs from that of a running one.
type Played struct {
	Action string             // where every answer goes
	Hidden []component.Hidden // what goes with it
	Note   string             // that nothing of it is real
	On     string             // the button that lets happen what is waited for
}

// Play draws a case that is tried out: questions are answered at p.Action, and what a resident would wait for happens at the press of a
// button. Nothing on the page leads into a real case.
func (k *Sketch) Play(r *door.Request, offer service.Offer, v service.View, p Played, wrong error) (layout.Page, templ.Component) {
	v.Instead, v.Back, v.Places = nil, "", nil
	v.Rows = slices.Clone(v.Rows)
	for i := range v.Rows {
		v.Rows[i].Edit, v.Rows[i].Files = "", nil
	}
	v.Fields = slices.Clone(v.Fields)
	for i := range v.Fields {
		v.Fields[i].Files = nil
	}
	shown := sketched(offer, v, r.Lang, k.s.f.Clock().Now())
	page := k.s.f.Page(r, v.Title)
	page.City, page.Plain = offer.Definition.Name.In(r.Lang), true
	a := k.s.frameOf(nowhere{}, r, shown, wrong)
	a.nav.Back, a.links = p.Action, nil
	a.form = component.Form{Action: p.Action, Hidden: append(slices.Clone(p.Hidden), component.Hidden{Name: "_step", Value: v.Step})}
	a.notes = append([]component.Note{{Tone: component.Warn, Text: p.Note}}, a.notes...)
	switch v.Kind {
	case service.ViewForm:
		v.Fields = slices.DeleteFunc(v.Fields, func(f service.Field) bool { return len(f.Accept) > 0 }) // made up, whatever is chosen
		k.s.formBody(r, &a, shown.Case.No, v, wrong)
		if len(v.Fields) == 0 {
			a.question = component.Question{Title: v.Title, Lead: v.Lead}
		}
	case service.ViewChoose:
		k.s.chooseBody(r, &a, shown, wrong)
	case service.ViewBook:
		k.s.bookBody(r, &a, shown, wrong)
	case service.ViewCheck:
		k.s.checkBody(r, &a, shown)
	default:
		return page, k.over(&a, v, p)
	}
	return page, askPage(a)
}

// over draws what is not answered: a wait, a payment, the end.
func (k *Sketch) over(a *ask, v service.View, p Played) templ.Component {
	rows := component.SummaryList{}
	if v.Amount > 0 {
		rows.Rows = append(rows.Rows, component.Row{Key: v.Payee, Value: "¥" + v.Amount.String()})
	}
	for _, row := range v.Rows {
		rows.Rows = append(rows.Rows, component.Row{Key: row.Label, Value: row.Value})
	}
	a.body = component.Group(rows)
	for _, text := range v.Next {
		a.notes = append(a.notes, component.Note{Text: text})
	}
	a.form.Hidden = append(a.form.Hidden, component.Hidden{Name: "_do", Value: "on"})
	a.bar.Button.Text = p.On
	return askPage(*a)
}
