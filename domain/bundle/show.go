package bundle

import (
	"context"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
)

// Shown is a bundle with what its resident must see now.
type Shown struct {
	Bundle Bundle
	Def    *service.Bundle
	Offer  service.Offer // the shared questions, as they are drawn
	View   service.View  // of the shared questions while they are asked
	Plan   service.Plan
	Saving service.Saving // by what was answered so far
	// Cases are those of the members, by number.
	Cases map[string]cases.Case
	// Services are the members' services as the city offers them, by service id.
	Services map[string]service.Offer
}

// Show gives a bundle to its owner. step is the page asked for; empty means the present one. fault.NotFound to anybody else.
func (d *Desk) Show(ctx context.Context, w cases.Who, no, step string) (_ Shown, err error) {
	defer fault.Wrap(&err, "show bundle %s", no)
	b, err := d.own(ctx, w.Actor, no)
	if err != nil {
		return Shown{}, err
	}
	m, err := d.matter(ctx, b, w.Actor, w.Known)
	if err != nil {
		return Shown{}, err
	}
	q := m.def.Questions()
	s := Shown{Bundle: b, Def: m.def, Offer: m.env.Offer, Cases: map[string]cases.Case{}, Services: map[string]service.Offer{}}
	s.View = q.View(b.Data, m.env)
	if step != "" && step != b.Data.Step && b.State == Draft {
		if v, ok := q.ViewAt(b.Data, step, m.env); ok {
			s.View = v
		}
	}
	if s.Plan, err = m.def.Plan(b.Data, m.env, d.c.Catalogue, b.standings()); err != nil {
		return Shown{}, err
	}
	s.Saving = m.def.Saves(b.City, d.c.Catalogue, func(one service.Member) bool {
		step, ok := s.Plan.Step(one.ID)
		return ok && step.Standing != service.MemberSkipped
	})
	for _, one := range s.Plan.Steps {
		if o, ok := d.c.Catalogue.Offer(b.City, one.Service); ok {
			s.Services[one.Service] = o
		}
		no := b.Members[one.ID].Case
		if no == "" {
			continue
		}
		if s.Cases[no], err = d.c.Cases.Standing(ctx, w, no); err != nil {
			return Shown{}, err
		}
	}
	return s, nil
}

// List gives the actor's own bundles, newest change first, at most 50; nobody has none.
func (d *Desk) List(ctx context.Context, a actor.Actor) ([]Bundle, error) {
	if a.Kind != actor.Resident || a.ID == 0 {
		return nil, nil
	}
	return d.c.Store.Of(ctx, a.ID, cursor.Cursor{}, 50)
}

// Definition finds the definition that a bundle stands on; false when it is not there any more.
func (d *Desk) Definition(b Bundle) (*service.Bundle, bool) {
	return d.c.Catalogue.Bundle(b.Bundle, b.Version)
}
