package me

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"zhijian/domain/identity"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

// mandates lists who asks to act for the resident, who does, and for whom the resident acts, each with what can be done about it.
func (m *Me) mandates(w http.ResponseWriter, r *door.Request) error {
	mine, given, err := m.c.People.Mandates(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	title := m.f.T(r, "me.mandates")
	p := m.f.Page(r, title)
	p.Tab, p.Plain = "me", true
	q := keptPage{
		nav: component.Nav{Title: title, Back: r.Next("/me")}, flash: m.f.Flash(w, r), title: title, lead: m.f.T(r, "me.mandates.lead"),
		acts: []component.Button{
			{Text: m.f.T(r, "me.mandates.ask"), Href: door.With("/me/mandates/ask", r.Next("")), Block: true},
			{Text: m.f.T(r, "me.mandates.children"), Href: door.With("/me/people", r.Next("")), Tone: component.Quiet, Block: true},
		},
		note: m.f.T(r, "me.mandates.note"),
	}
	now := m.f.Clock().Now()
	asked, acting, past := keptList{head: m.head(r, "asked")}, keptList{head: m.head(r, "given")}, keptList{head: m.head(r, "past")}
	for _, x := range given {
		// Who decides whom to trust must see who it is: the asker gave their name for that.
		it := m.mandateItem(r, x, x.Other.Reveal())
		switch {
		case x.Open(now):
			it.Lines = append(it.Lines, m.f.T(r, "me.mandates.what"))
			asked.items = append(asked.items, it, m.answers(r, x))
		case x.Holds(now):
			it.Side = m.button(r, "end", x.ID, component.Line)
			acting.items = append(acting.items, it)
		case x.State != identity.MandateAsked:
			past.items = append(past.items, it)
		}
	}
	own, waiting := keptList{head: m.head(r, "mine")}, keptList{head: m.head(r, "waiting")}
	for _, x := range mine {
		it := m.mandateItem(r, x, format.Mask(format.FieldName, format.Staff, x.Other.Reveal()))
		switch {
		case x.Open(now):
			it.Side = m.button(r, "end", x.ID, component.Quiet)
			waiting.items = append(waiting.items, it)
		case x.Holds(now):
			it.Side = m.button(r, "end", x.ID, component.Line)
			own.items = append(own.items, it)
		}
	}
	for _, l := range []keptList{asked, acting, own, waiting, past} {
		if len(l.items) > 0 {
			q.lists = append(q.lists, l)
		}
	}
	return m.f.Render(w, r, http.StatusOK, p, keptView(q))
}

func (m *Me) head(r *door.Request, what string) component.Section {
	return component.Section{Title: m.f.T(r, "me.mandates."+what)}
}

// answers is the row of the two answers under what is asked.
func (m *Me) answers(r *door.Request, x identity.MandateLine) component.Item {
	return component.Item{Title: m.f.T(r, "me.mandates.decide"), Side: pair(m.button(r, "accept", x.ID, component.Plain), m.button(r, "refuse", x.ID, component.Line))}
}

func (m *Me) button(r *door.Request, what string, id int64, t component.Tone) component.PostButton {
	return component.PostButton{
		Action: "/me/mandates/" + what, Hidden: append(next(r), component.Hidden{Name: "mandate", Value: strconv.FormatInt(id, 10)}),
		Button: component.Button{Text: m.f.T(r, "me.mandates."+what), Tone: t, Small: true},
	}
}

func (m *Me) mandateItem(r *door.Request, x identity.MandateLine, name string) component.Item {
	now := m.f.Clock().Now()
	until := m.f.T(r, "me.mandates.until", say.Day(r.Lang, x.Until, now))
	switch x.State {
	case identity.MandateEnded:
		until = m.f.T(r, "me.mandates.ended", say.Day(r.Lang, x.Ended, now))
	case identity.MandateRefused:
		until = m.f.T(r, "me.mandates.refused")
	}
	if name == "" {
		name = m.f.T(r, "me.mandates.nobody")
	}
	return component.Item{Title: name, Icon: "user-check", Lines: []string{m.scope(r, x.Services), until}}
}

// scope names what a mandate is about.
func (m *Me) scope(r *door.Request, services []string) string {
	if len(services) == 0 {
		return m.f.T(r, "me.mandates.all")
	}
	names := map[string]string{}
	for _, o := range m.mandated(r) {
		names[o.Definition.ID] = name(r, o)
	}
	var out []string
	for _, id := range services {
		out = append(out, orElse(names[id], id))
	}
	return strings.Join(out, m.f.T(r, "me.mandates.and"))
}

// mandated lists the services of the resident's city that one may have done under a mandate.
func (m *Me) mandated(r *door.Request) []service.Offer {
	city, ok := m.f.City(r)
	if !ok {
		return nil
	}
	return slices.DeleteFunc(m.c.Shelf.Offers(city.Code), func(o service.Offer) bool { return !slices.Contains(o.Definition.For, service.ForMandate) })
}

// days are how long a mandate may be asked for; the shortest is chosen beforehand.
func days() []int { return []int{30, 90, 365} }

func (m *Me) askMandate(w http.ResponseWriter, r *door.Request) error {
	return m.drawMandate(w, r, http.StatusOK, nil)
}

func (m *Me) drawMandate(w http.ResponseWriter, r *door.Request, status int, wrong error) error {
	title := m.f.T(r, "me.mandates.ask")
	p := m.f.Page(r, title)
	p.Plain, p.Failed = true, wrong != nil
	q := m.namedPage(r, wrong, title, "/me/mandates/ask", door.With("/me/mandates", r.Next("")))
	q.lead = m.f.T(r, "me.mandates.ask.lead")
	what := component.Choices{Name: "services", Label: m.f.T(r, "me.mandates.services"), Hint: m.f.T(r, "me.mandates.services.hint"), Multi: true, Optional: true, Error: m.beside(r, wrong, "services")}
	for _, o := range m.mandated(r) {
		what.Options = append(what.Options, component.Choice{Value: o.Definition.ID, Title: name(r, o), On: slices.Contains(r.Values()["services"], o.Definition.ID)})
	}
	long := component.Choices{Name: "days", Label: m.f.T(r, "me.mandates.days"), Error: m.beside(r, wrong, "days")}
	for i, n := range days() {
		value := strconv.Itoa(n)
		long.Options = append(long.Options, component.Choice{Value: value, Title: m.f.T(r, "me.mandates.days.n", n), On: r.Value("days") == value || r.Value("days") == "" && i == 0})
	}
	if len(what.Options) > 0 {
		q.rest = append(q.rest, what)
	}
	q.rest = append(q.rest, long)
	q.use, q.purpose = component.Inset{Title: m.f.T(r, "me.proof.use")}, m.f.T(r, "me.mandates.use")
	q.bar = component.ActionBar{Button: component.Button{Text: m.f.T(r, "me.mandates.send")}}
	return m.f.Render(w, r, status, p, namedView(q))
}

func (m *Me) wishMandate(w http.ResponseWriter, r *door.Request) error {
	n, err := strconv.Atoi(r.Value("days"))
	if err != nil {
		n = 0 // which the desk says how to mend
	}
	_, err = m.c.People.AskMandate(r.Context(), r.Actor, identity.MandateWish{
		Name: r.Value("name"), CitizenNumber: r.Value("citizen_number"), Services: r.Values()["services"], Days: n,
	})
	if f := fault.Of(err); f != nil && mendable(f.Kind) {
		return m.drawMandate(w, r, statusOf(f.Kind), err)
	}
	if err != nil {
		return err
	}
	r.Flash(w, "me.flash.asked")
	return r.See(w, door.With("/me/mandates", r.Next("")))
}

// answerMandate does one thing to one mandate; one that is gone meanwhile is no error on a list that shows what there is.
func (m *Me) answerMandate(do func(context.Context, actor.Actor, int64) error) door.Handler {
	return func(w http.ResponseWriter, r *door.Request) error {
		id, err := strconv.ParseInt(r.Value("mandate"), 10, 64)
		if err == nil {
			err = do(r.Context(), r.Actor, id)
			switch {
			case fault.Is(err, fault.KindNotFound):
				r.Flash(w, "me.flash.mandate.gone")
			case err != nil:
				return err
			default:
				r.Flash(w, "me.flash.saved")
			}
		}
		return r.See(w, door.With("/me/mandates", r.Next("")))
	}
}

func (m *Me) accept(ctx context.Context, a actor.Actor, id int64) error {
	return m.c.People.AcceptMandate(ctx, a, id)
}

func (m *Me) refuse(ctx context.Context, a actor.Actor, id int64) error {
	return m.c.People.RefuseMandate(ctx, a, id)
}

func (m *Me) endMandate(ctx context.Context, a actor.Actor, id int64) error {
	return m.c.People.EndMandate(ctx, a, id)
}
