package me

import (
	"context"
	"net/http"
	"strconv"

	"zhijian/domain/identity"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ui/component"
)

// People keeps whom a resident saved and whom they may act for; identity.Desk does.
type People interface {
	People(ctx context.Context, a actor.Actor) ([]identity.Person, error)
	SavePerson(ctx context.Context, a actor.Actor, p identity.NewPerson) (identity.Person, error)
	DropPerson(ctx context.Context, a actor.Actor, person int64) error
	Mandates(ctx context.Context, a actor.Actor) (mine, given []identity.MandateLine, err error)
	AskMandate(ctx context.Context, a actor.Actor, w identity.MandateWish) (identity.Mandate, error)
	AcceptMandate(ctx context.Context, a actor.Actor, id int64) error
	RefuseMandate(ctx context.Context, a actor.Actor, id int64) error
	EndMandate(ctx context.Context, a actor.Actor, id int64) error
}

// peopleRoutes are the pages of people and mandates. To save somebody or to ask needs a name; to give somebody power over one's own matters
// needs presence proven anew, to take it back does not.
func (m *Me) peopleRoutes() []door.Route {
	route := func(method, path, about string, level int, h door.Handler) door.Route {
		return door.Route{Method: method, Path: path, About: about, Access: door.ResidentAt(level), Handler: h}
	}
	get, post := http.MethodGet, http.MethodPost
	return []door.Route{
		route(get, "/me/people", "people saved for forms", 2, m.people),
		route(get, "/me/people/add", "save somebody", 2, m.askPerson),
		route(post, "/me/people/add", "save somebody", 2, m.addPerson),
		route(post, "/me/people/drop", "forget somebody", 2, m.dropPerson),
		route(get, "/me/mandates", "who acts for whom", 2, m.mandates),
		route(get, "/me/mandates/ask", "ask to act for somebody", 2, m.askMandate),
		route(post, "/me/mandates/ask", "ask to act for somebody", 2, m.wishMandate),
		fresh(route(post, "/me/mandates/accept", "let somebody act for oneself", 2, m.answerMandate(m.accept))),
		route(post, "/me/mandates/refuse", "refuse a mandate", 2, m.answerMandate(m.refuse)),
		route(post, "/me/mandates/end", "take a mandate back", 2, m.answerMandate(m.endMandate)),
	}
}

// keptPage is a list with what can be done about it: people, or mandates of one sort after another.
type keptPage struct {
	nav   component.Nav
	flash component.Flash
	title string
	lead  string
	lists []keptList
	acts  []component.Button
	note  string
}

type keptList struct {
	head  component.Section
	items []component.Item
}

func (m *Me) people(w http.ResponseWriter, r *door.Request) error {
	list, err := m.c.People.People(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	title := m.f.T(r, "me.people")
	p := m.f.Page(r, title)
	p.Tab, p.Plain = "me", true
	q := keptPage{
		nav: component.Nav{Title: title, Back: r.Next("/me")}, flash: m.f.Flash(w, r), title: title, lead: m.f.T(r, "me.people.lead"), note: m.f.T(r, "me.people.note"),
		acts: []component.Button{{Text: m.f.T(r, "me.people.add"), Href: door.With("/me/people/add", r.Next("")), Block: true}},
	}
	now := m.f.Clock().Now()
	one := keptList{}
	for _, x := range list {
		it := component.Item{
			Title: format.Mask(format.FieldName, format.Staff, x.Name.Reveal()), Icon: "user",
			Lines: []string{m.f.T(r, "me.relation."+string(x.Relation)) + "　" + format.Mask(format.FieldCitizenNumber, format.Own, x.CitizenNumber.Reveal())},
			Side: component.PostButton{
				Action: "/me/people/drop", Hidden: append(next(r), component.Hidden{Name: "person", Value: strconv.FormatInt(x.ID, 10)}),
				Button: component.Button{Text: m.f.T(r, "me.people.drop"), Tone: component.Line, Small: true, Spoken: m.f.T(r, "me.relation."+string(x.Relation))},
			},
		}
		switch {
		case x.MayActFor(now):
			it.Lines = append(it.Lines, m.f.T(r, "me.people.acting"))
		case x.Relation == identity.Child && x.Confirmed.IsZero():
			it.Lines = append(it.Lines, m.f.T(r, "me.people.unconfirmed"))
		}
		one.items = append(one.items, it)
	}
	if len(list) == 0 {
		q.lead = m.f.T(r, "me.people.none")
	} else {
		q.lists = []keptList{one}
	}
	if to := r.Next(""); to != "" {
		q.acts = append(q.acts, component.Button{Text: m.f.T(r, "me.people.back"), Href: to, Tone: component.Line, Block: true})
	}
	q.acts = append(q.acts, component.Button{Text: m.f.T(r, "me.people.adults"), Href: door.With("/me/mandates", r.Next("")), Tone: component.Quiet, Block: true})
	return m.f.Render(w, r, http.StatusOK, p, keptView(q))
}

// namedPage asks for a person: name and number, and one thing more.
type namedPage struct {
	nav     component.Nav
	errors  component.ErrorSummary
	form    component.Form
	title   string
	lead    string
	first   component.Choices // relation
	inputs  []component.Input
	rest    []component.Choices
	use     component.Inset
	purpose string
	consent component.Checkbox
	bar     component.ActionBar
}

func (m *Me) askPerson(w http.ResponseWriter, r *door.Request) error {
	return m.drawPerson(w, r, http.StatusOK, nil)
}

func (m *Me) drawPerson(w http.ResponseWriter, r *door.Request, status int, wrong error) error {
	title := m.f.T(r, "me.people.add")
	p := m.f.Page(r, title)
	p.Plain, p.Failed = true, wrong != nil
	q := m.namedPage(r, wrong, title, "/me/people/add", door.With("/me/people", r.Next("")))
	q.first = component.Choices{Name: "relation", Label: m.f.T(r, "me.relation"), Error: m.beside(r, wrong, "relation")}
	for _, rel := range identity.Relations() {
		q.first.Options = append(q.first.Options, component.Choice{Value: string(rel), Title: m.f.T(r, "me.relation."+string(rel)), On: r.Value("relation") == string(rel)})
	}
	q.use, q.purpose = component.Inset{Title: m.f.T(r, "me.proof.use")}, m.f.T(r, "me.people.use")
	q.consent = component.Checkbox{Name: "consent", Value: agreed, Text: m.f.T(r, "me.people.consent"), On: r.Value("consent") == agreed, Error: m.beside(r, wrong, "consent")}
	q.bar = component.ActionBar{Button: component.Button{Text: m.f.T(r, "me.people.save")}}
	return m.f.Render(w, r, status, p, namedView(q))
}

func (m *Me) namedPage(r *door.Request, wrong error, title, action, back string) namedPage {
	return namedPage{
		nav: component.Nav{Title: title, Back: back}, errors: m.summary(r, wrong, "name"), title: title,
		form: component.Form{Action: action, Hidden: next(r)}, inputs: nameInputs(m, r, wrong),
	}
}

func (m *Me) addPerson(w http.ResponseWriter, r *door.Request) error {
	_, err := m.c.People.SavePerson(r.Context(), r.Actor, identity.NewPerson{
		Name: r.Value("name"), CitizenNumber: r.Value("citizen_number"), Relation: identity.Relation(r.Value("relation")), Consent: consented(r),
	})
	if f := fault.Of(err); f != nil && mendable(f.Kind) {
		return m.drawPerson(w, r, statusOf(f.Kind), err)
	}
	if err != nil {
		return err
	}
	r.Flash(w, "me.flash.person")
	return r.See(w, door.With("/me/people", r.Next("")))
}

// mendable reports what a form shows again with what is wrong.
func mendable(k fault.Kind) bool {
	return k == fault.KindInvalid || k == fault.KindTooMany || k == fault.KindConflict || k == fault.KindUnavailable
}

func (m *Me) dropPerson(w http.ResponseWriter, r *door.Request) error {
	id, err := strconv.ParseInt(r.Value("person"), 10, 64)
	if err == nil {
		if err := m.c.People.DropPerson(r.Context(), r.Actor, id); err != nil {
			return err
		}
		r.Flash(w, "me.flash.dropped")
	}
	return r.See(w, door.With("/me/people", r.Next("")))
}
