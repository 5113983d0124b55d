package steps

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ui/component"
	"zhijian/ui/layout"
)

// Asked is a page of questions that belong to no case: those of a bundle, those that tell whether one may have a service.
type Asked struct {
	Title  string // over the page: what the questions are about
	Action string // where the answers go
	Back   string // the page before
	// Change is where an answer is changed, by step; nil where nothing is listed.
	Change func(step string) string
	Button string          // empty is the view's
	After  templ.Component // in the form, behind the question; nil for nothing
	Links  []component.Anchor
}

// Ask draws a form or the page that checks its answers. It stands on the same inputs and the same wordings as a step of a case.
func (k *Sketch) Ask(w http.ResponseWriter, r *door.Request, offer service.Offer, v service.View, q Asked, wrong error) (layout.Page, templ.Component) {
	v.Instead = nil
	shown := sketched(offer, v, r.Lang, k.s.f.Clock().Now())
	page := k.s.f.Page(r, v.Title)
	page.City, page.Plain, page.Failed = q.Title, true, wrong != nil
	a := k.s.frameOf(w, r, shown, wrong)
	a.nav, a.links = component.Nav{Title: q.Title, Back: q.Back}, q.Links
	a.form = component.Form{Action: q.Action}
	if q.Button != "" {
		a.bar.Button.Text = q.Button
	}
	switch v.Kind {
	case service.ViewCheck:
		list := component.SummaryList{Rows: rows(shown.Case.No, v.Rows)}
		for i, row := range v.Rows {
			if list.Rows[i].Change = ""; row.Edit != "" && q.Change != nil {
				list.Rows[i].Change = q.Change(row.Edit)
			}
		}
		list.Rows = slices.DeleteFunc(list.Rows, func(r component.Row) bool { return r.Value == "" && r.Body == nil })
		a.body = list
	default:
		k.s.formBody(r, &a, shown.Case.No, v, wrong)
	}
	if q.After != nil {
		a.body = component.Group(a.body, q.After)
	}
	return page, askPage(a)
}
