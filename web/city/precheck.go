package city

import (
	"net/http"

	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/web/frame"
	"zhijian/web/steps"
)

// precheckPage says whether one may have a service, by what was just answered.
type precheckPage struct {
	nav     component.Nav
	title   string
	note    component.Note
	reasons []component.Note
	ways    []component.Item
	button  component.Button
	again   component.Button
	promise string
}

func precheckPath(c region.Region, id string) string { return servicePath(c, id) + "/check" }

// asking finds the service of a path and its check; fault.NotFound for a service that has none.
func (e *Entry) asking(w http.ResponseWriter, r *door.Request) (region.Region, service.Offer, *service.Precheck, error) {
	c, err := e.at(w, r)
	if err != nil {
		return c, service.Offer{}, nil, err
	}
	o, ok := e.c.Shelf.Offer(c.Code, r.PathValue("id"))
	if !ok || !o.Definition.Prechecks {
		return c, o, nil, fault.NotFound("service", "没有找到这项服务，可能已经改名或撤下")
	}
	return c, o, o.Definition.Precheck(), nil
}

func (e *Entry) precheckEnv(r *door.Request, o service.Offer) service.Env {
	return service.Env{Now: e.f.Clock().Now(), Lang: r.Lang, Offer: o}
}

// precheck asks what decides whether one may have a service.
func (e *Entry) precheck(w http.ResponseWriter, r *door.Request) error {
	c, o, p, err := e.asking(w, r)
	if err != nil {
		return err
	}
	return e.precheckAsk(w, r, http.StatusOK, c, o, p, nil, nil)
}

func (e *Entry) precheckAsk(w http.ResponseWriter, r *door.Request, status int, c region.Region, o service.Offer, p *service.Precheck, values map[string][]string, wrong error) error {
	at := precheckPath(c, o.Definition.ID)
	v := p.View(values, e.precheckEnv(r, o))
	v.Lead, v.Of = e.f.T(r, "precheck.lead"), 0
	page, content := e.sketch.Ask(w, r, o, v, steps.Asked{
		Title: o.Definition.Name.In(r.Lang), Action: at, Back: servicePath(c, o.Definition.ID), Button: e.f.T(r, "precheck.go"),
	}, wrong)
	return e.f.Render(w, r, status, page, content)
}

// judge answers at once and keeps nothing.
func (e *Entry) judge(w http.ResponseWriter, r *door.Request) error {
	c, o, p, err := e.asking(w, r)
	if err != nil {
		return err
	}
	reasons, err := p.Judge(r.Values(), e.precheckEnv(r, o))
	if fault.Is(err, fault.KindInvalid) {
		return e.precheckAsk(w, r, http.StatusUnprocessableEntity, c, o, p, r.Values(), err)
	}
	if err != nil {
		return err
	}
	at := servicePath(c, o.Definition.ID)
	v := precheckPage{
		nav: component.Nav{Title: o.Definition.Name.In(r.Lang), Back: precheckPath(c, o.Definition.ID)}, title: e.f.T(r, "precheck.yes"), promise: e.f.T(r, "precheck.promise"),
		note: component.Note{Tone: component.OK, Text: e.f.T(r, "precheck.yes.text")}, button: component.Button{Text: e.f.T(r, "precheck.on"), Href: at, Block: true},
		again: component.Button{Text: e.f.T(r, "precheck.again"), Href: precheckPath(c, o.Definition.ID), Tone: component.Line, Block: true},
	}
	if len(reasons) > 0 {
		v.title, v.note, v.button = e.f.T(r, "precheck.no"), component.Note{}, component.Button{Text: e.f.T(r, "precheck.look"), Href: at, Tone: component.Line, Block: true}
	}
	for _, one := range reasons {
		law := e.f.T(r, "law.whole", one.Basis.Law)
		if one.Basis.Article != "" {
			law = e.f.T(r, "law.article", one.Basis.Law, one.Basis.Article)
		}
		text := one.Instead.In(r.Lang)
		if text != "" {
			text += " "
		}
		v.reasons = append(v.reasons, component.Note{Tone: component.Warn, Title: one.Say.In(r.Lang), Text: text + e.f.T(r, "precheck.law", law)})
		if there, ok := e.c.Shelf.Offer(c.Code, one.Service); ok {
			v.ways = append(v.ways, component.Item{Title: there.Definition.Name.In(r.Lang), Href: servicePath(c, one.Service)})
		}
	}
	page := e.page(r, c, v.title)
	page.City, page.Plain = frame.Name(r, c), true
	return e.f.Render(w, r, http.StatusOK, page, precheckView(v))
}
