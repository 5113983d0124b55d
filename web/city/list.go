package city

import (
	"net/http"

	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/web/frame"
)

// need is one thing to have ready: how it is wanted, where one gets it, and that the house fetches it.
func (e *Entry) need(r *door.Request, n service.Need) component.Item {
	it := component.Item{Title: n.Text.In(r.Lang)}
	if n.Form != "" {
		it.Lines = append(it.Lines, e.f.T(r, "need."+n.Form))
	}
	if where := n.Where.In(r.Lang); where != "" {
		it.Lines = append(it.Lines, where)
	}
	if n.Fetched {
		it.Tags = append(it.Tags, component.Tag{Text: e.f.T(r, "need.fetched"), Tone: component.OK})
	}
	return it
}

// listPage is a list to print and tick.
type listPage struct {
	nav   component.Nav
	title string
	lead  string
	list  component.Choices
	print string
}

// list is what to have ready for a service, to print or to tick; nothing of it is kept.
func (e *Entry) list(w http.ResponseWriter, r *door.Request) error {
	c, err := e.at(w, r)
	if err != nil {
		return err
	}
	o, ok := e.c.Shelf.Offer(c.Code, r.PathValue("id"))
	if !ok || len(o.Definition.Needs) == 0 {
		return fault.NotFound("service", "没有找到这项服务，可能已经改名或撤下")
	}
	d := o.Definition
	v := listPage{
		nav: component.Nav{Title: d.Name.In(r.Lang), Back: servicePath(c, d.ID)}, title: e.f.T(r, "list.title", d.Name.In(r.Lang)), lead: e.f.T(r, "list.lead"), print: e.f.T(r, "list.print"),
		list: component.Choices{Name: "have", Label: e.f.T(r, "start.needs"), Multi: true},
	}
	for _, n := range d.ToHave() {
		it := e.need(r, n)
		choice := component.Choice{Value: "1", Title: it.Title}
		for i, line := range it.Lines {
			if i > 0 {
				choice.Sub += "　"
			}
			choice.Sub += line
		}
		if len(it.Tags) > 0 {
			choice.Tag, choice.On = it.Tags[0], true
		}
		v.list.Options = append(v.list.Options, choice)
	}
	p := e.page(r, c, v.title)
	p.City = frame.Name(r, c)
	return e.f.Render(w, r, http.StatusOK, p, listView(v))
}
