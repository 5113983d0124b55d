package city

import (
	"net/http"
	"net/url"
	"strings"

	"zhijian/domain/cases"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

// startPage says what a service is before it is begun (ux-rules R2.1).
type startPage struct {
	nav     component.Nav
	flash   component.Flash
	title   string
	about   string
	tag     component.Tag
	rows    component.SummaryList
	needs   component.Section
	ready   []component.Item
	may     component.Button // to find out beforehand whether one may have it
	basis   component.Details
	chinese component.Note
	away    component.Note
	form    component.Form
	button  component.Button
	other   component.Anchor
}

// service is the start page of a service, or says that the city does not offer it.
func (e *Entry) service(w http.ResponseWriter, r *door.Request) error {
	c, err := e.at(w, r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	o, ok := e.c.Shelf.Offer(c.Code, id)
	if !ok {
		return e.notHere(w, r, c, id)
	}
	r.Visited(door.Visit{Kind: door.VisitView, Region: c.Code, Service: id, Account: o.Account})
	d := o.Definition
	at := servicePath(c, id)
	v := startPage{
		nav:   component.Nav{Title: e.group[d.Group].Name.In(r.Lang), Back: path(c) + "/services?group=" + d.Group},
		flash: e.f.Flash(w, r), title: d.Name.In(r.Lang), about: d.About.In(r.Lang), tag: e.howTag(r, d),
		form:   component.Form{Action: at + "/start"},
		button: component.Button{Text: e.f.T(r, "start.go"), Busy: e.f.T(r, "start.busy")},
		other:  component.Anchor{Text: e.f.T(r, "start.other", frame.Name(r, c)), Href: "/?service=" + id},
	}
	if d.How == "query" {
		v.button = component.Button{Text: e.f.T(r, "start.query"), Busy: e.f.T(r, "start.busy")}
	}
	if r.Lang == "en" && d.Name.En == "" {
		v.chinese = component.Note{Text: e.f.T(r, "start.chinese")}
	}
	v.away = e.away(r, o)
	if !r.Caching {
		v.form.Key = uid.No() // two presses open one case
	}
	if err := e.facts(r, o, &v); err != nil {
		return err
	}
	if err := e.star(r, c, id, &v); err != nil {
		return err
	}
	p := e.page(r, c, v.title)
	p.Description = v.about
	return e.f.Render(w, r, http.StatusOK, p, servicePage(v))
}

// away says honestly that a system behind the service does not answer, before anybody fills anything in.
func (e *Entry) away(r *door.Request, o service.Offer) component.Note {
	if e.c.Office == nil {
		return component.Note{}
	}
	for _, word := range o.Definition.Offices {
		bound := o.Offices[word]
		if code, until, shut := e.c.Office.Shut(bound.System); shut && code != "office.busy" { // who is busy may be free in a moment
			return component.Note{
				Tone: component.Warn, Title: e.f.T(r, "start.shut", bound.Name.In(r.Lang)), Text: e.f.T(r, "start.shut.text", say.Moment(r.Lang, until, e.f.Clock().Now())),
			}
		}
		since, down := e.c.Office.Down(bound.System)
		switch {
		case bound.System == "" || !down:
			continue
		case since.IsZero():
			return component.Note{Tone: component.Warn, Text: e.f.T(r, "start.absent", bound.Name.In(r.Lang))}
		}
		return component.Note{
			Tone: component.Warn, Title: e.f.T(r, "start.away", bound.Name.In(r.Lang), say.Moment(r.Lang, since, e.f.Clock().Now())), Text: e.f.T(r, "start.away.text"),
		}
	}
	return component.Note{}
}

// facts fills who, what it costs, how long, what is needed, by what law. A service that needs no preparing says least.
func (e *Entry) facts(r *door.Request, o service.Offer, v *startPage) error {
	d := o.Definition
	row := func(key, value string) {
		if value != "" {
			v.rows.Rows = append(v.rows.Rows, component.Row{Key: e.f.T(r, key), Value: value})
		}
	}
	row("start.who", d.Who.In(r.Lang))
	row("start.fee", d.Fee.In(r.Lang))
	row("start.time", d.Promise.Text.In(r.Lang))
	row("start.legal", d.Promise.Legal.In(r.Lang))
	if d.Level > 0 {
		row("start.level", e.f.T(r, "level."+string(rune('0'+d.Level))))
	}
	row("start.by", o.Department)
	rated, ok, err := e.rated(r, o)
	if err != nil {
		return err
	}
	if ok {
		row("start.rated", e.f.T(r, "start.rated.by", mean(rated), say.Count(r.Lang, int64(rated.Count))))
	}
	if ok && rated.Good >= 0 {
		row("start.good", e.f.T(r, "start.good.by", rated.Good))
	}
	if ok && rated.InTime >= 0 {
		row("start.followed", e.f.T(r, "start.followed.by", rated.InTime))
	}
	for _, n := range d.Needs {
		v.ready = append(v.ready, e.need(r, n))
	}
	v.needs = component.Section{Title: e.f.T(r, "start.needs"), Small: true}
	if c, ok := e.city(o.City); ok {
		if len(d.Needs) > 0 {
			v.needs.More = component.Anchor{Text: e.f.T(r, "list.more"), Href: servicePath(c, d.ID) + "/list"}
		}
		if d.Prechecks {
			v.may = component.Button{Text: e.f.T(r, "precheck.title"), Href: precheckPath(c, d.ID), Tone: component.Line, Block: true, Icon: "circle-help"}
		}
	}
	var law []string
	for _, b := range d.Basis {
		if b.Article == "" {
			law = append(law, e.f.T(r, "law.whole", b.Law))
		} else {
			law = append(law, e.f.T(r, "law.article", b.Law, b.Article))
		}
	}
	if d.NoBasis {
		law = append(law, e.f.T(r, "law.none"))
	}
	if len(law) > 0 {
		v.basis = component.Details{Summary: e.f.T(r, "start.basis"), Text: strings.Join(law, e.f.T(r, "law.and"))}
	}
	return nil
}

// star is the button that keeps the service at hand: one read for a resident, none for a visitor.
func (e *Entry) star(r *door.Request, c region.Region, id string, v *startPage) error {
	on := false
	if r.SignedIn() {
		list, err := e.c.Favourites.Favourites(r.Context(), r.Actor)
		if err != nil {
			return err
		}
		for _, f := range list {
			on = on || f.Service == id && (f.City == c.Code || f.City == c.Slug)
		}
	}
	text, value := e.f.T(r, "start.keep"), "1"
	if on {
		text, value = e.f.T(r, "start.kept"), "0"
	}
	v.nav.Act = component.PostButton{
		Action: servicePath(c, id) + "/favourite", Hidden: []component.Hidden{{Name: "on", Value: value}},
		Button: component.Button{Text: text, Tone: component.Quiet, Icon: "star", Small: true, Spoken: v.title},
	}
	return nil
}

// notHerePage says that a city does not offer a service, and what to do instead.
type notHerePage struct {
	nav           component.Nav
	title, text   string
	call, others  component.Button
	cities        component.Chips
	citiesHeading string
}

// notHere is an honest page about a service that exists but not in this city. A service nobody knows is not found.
func (e *Entry) notHere(w http.ResponseWriter, r *door.Request, c region.Region, id string) error {
	k, ok := e.kind[id]
	if !ok {
		return fault.NotFound("service", "没有找到这项服务，可能已经改名或撤下")
	}
	r.Visited(door.Visit{Kind: door.VisitView, Region: c.Code, Service: id}) // what is looked for and not offered
	name := k.Name.In(r.Lang)
	v := notHerePage{
		nav:    component.Nav{Title: e.group[k.Group].Name.In(r.Lang), Back: path(c) + "/services?group=" + k.Group},
		title:  name,
		text:   e.f.T(r, "absent.text", frame.Name(r, c), name),
		call:   component.Button{Text: e.f.T(r, "absent.call"), Href: "tel:12345", Icon: "phone", Block: true},
		others: component.Button{Text: e.f.T(r, "absent.all", frame.Name(r, c)), Href: path(c) + "/services", Tone: component.Line, Block: true},
	}
	for _, code := range e.c.Shelf.Cities() {
		other, known := e.c.Regions.Find(code)
		if _, ok := e.c.Shelf.Offer(code, id); ok && known && len(v.cities.Items) < 12 {
			v.cities.Items = append(v.cities.Items, component.Anchor{Text: frame.Name(r, other), Href: servicePath(other, id)})
		}
	}
	v.citiesHeading = e.f.T(r, "absent.cities")
	p := e.page(r, c, name)
	return e.f.Render(w, r, http.StatusOK, p, absentPage(v))
}

// start opens a case and leads to it. Inputs of the form that are answers of the service are taken over, so that a link
// "pay this one" on a result brings what is known already. Who must sign in first comes back to the start page.
func (e *Entry) start(w http.ResponseWriter, r *door.Request) error {
	c, err := e.at(w, r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	offer, ok := e.c.Shelf.Offer(c.Code, id)
	if !ok {
		if e.kind[id].ID == "" {
			return fault.NotFound("service", "没有找到这项服务，可能已经改名或撤下")
		}
		return r.See(w, servicePath(c, id))
	}
	o := cases.Opening{City: c.Code, Service: id, Channel: cases.ByPage, Key: r.Value("_key"), Answers: r.Values(), ClientIP: r.ClientIP(), Known: frame.Who(r).Known}
	if !r.SignedIn() {
		o.Visitor = r.Visit(w)
	}
	r.Visited(door.Visit{Kind: door.VisitClick, Region: c.Code, Service: id, Account: offer.Account})
	began := e.f.Clock().Now()
	one, err := e.c.Cases.Open(r.Context(), r.Actor, o)
	if fault.Is(err, fault.KindDenied) && !r.SignedIn() {
		return r.See(w, door.With("/login", r.Link(servicePath(c, id))))
	}
	if err != nil {
		return err
	}
	if !one.Opened.Before(began) { // a second press finds the case of the first
		r.Visited(door.Visit{Kind: door.VisitService, Region: c.Code, Service: id, Account: offer.Account})
	}
	return r.See(w, "/cases/"+url.PathEscape(one.No))
}

// favour keeps a service at hand, or lets it go, and comes back.
func (e *Entry) favour(w http.ResponseWriter, r *door.Request) error {
	c, err := e.at(w, r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	on := r.Value("on") != "0"
	if err := e.c.Favourites.Favour(r.Context(), r.Actor, c.Code, id, on); err != nil {
		return err
	}
	if on {
		r.Flash(w, "start.saved")
	} else {
		r.Flash(w, "start.dropped")
	}
	return r.See(w, servicePath(c, id))
}
