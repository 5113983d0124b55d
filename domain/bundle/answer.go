package bundle

import (
	"context"
	"slices"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// Want is the input in which the last page sends the members that are wanted.
const Want = "want"

// Answer gives the values of a page of the shared questions; the last page also says under Want which members are to begin. A wrong value
// is fault.Invalid per field and what was typed is kept. fault.Conflict "service.step" when the bundle has moved on, fault.Denied
// "service.level" when who the resident is must be proven first, fault.Invalid "bundle.none" when no member is wanted.
func (d *Desk) Answer(ctx context.Context, w cases.Who, no, step string, values map[string][]string) (_ Bundle, err error) {
	defer fault.Wrap(&err, "answer step %s of bundle %s", step, no)
	b, err := d.own(ctx, w.Actor, no)
	if err != nil {
		return Bundle{}, err
	}
	m, err := d.matter(ctx, b, w.Actor, w.Known)
	if err != nil {
		return Bundle{}, err
	}
	var wrong error
	b, err = d.c.Store.Change(ctx, no, func(b *Bundle) ([]event.Body, error) {
		wrong = nil
		if b.State != Draft {
			return nil, fault.Conflict("service.step", "这一步已经过去了，请从现在这一步继续")
		}
		next, err := d.answered(b, m, step, values)
		if fault.Is(err, fault.KindInvalid) {
			wrong = err
			b.Data, b.Updated = next, m.env.Now
			return []event.Body{}, nil
		}
		if err != nil {
			return nil, err
		}
		b.Data, b.Updated, b.Level = next, m.env.Now, w.Actor.Level
		if next.End == "" {
			return []event.Body{}, nil
		}
		return d.start(b, m, w.Actor, values[Want])
	})
	if err != nil {
		return Bundle{}, err
	}
	return b, wrong
}

// answered goes back when the page is behind, then takes the answer. A wrong one comes with the state that shows it again.
func (d *Desk) answered(b *Bundle, m matter, step string, values map[string][]string) (service.State, error) {
	q, s := m.def.Questions(), b.Data
	if step != s.Step && slices.Contains(s.Trail, step) {
		back, _, err := q.Apply(s, service.Change{Step: step, Return: true}, m.env)
		if err != nil {
			return s, err
		}
		s = back
	}
	if step == service.BundleCheck && s.Step == step && len(values[Want]) == 0 {
		return s, fault.Invalid("bundle.none", "请至少选一项").On(Want)
	}
	next, _, err := q.Apply(s, service.Answer{Step: step, Values: values}, m.env)
	return next, err
}

// Change goes back to a page to change its answers, then returns to where the bundle was.
func (d *Desk) Change(ctx context.Context, w cases.Who, no, step string) (_ Bundle, err error) {
	defer fault.Wrap(&err, "change step %s of bundle %s", step, no)
	b, err := d.own(ctx, w.Actor, no)
	if err != nil {
		return Bundle{}, err
	}
	m, err := d.matter(ctx, b, w.Actor, w.Known)
	if err != nil {
		return Bundle{}, err
	}
	return d.c.Store.Change(ctx, no, func(b *Bundle) ([]event.Body, error) {
		if b.State != Draft {
			return nil, fault.Conflict("service.step", "这一步已经过去了，请从现在这一步继续")
		}
		if b.Data.Step == step {
			return nil, nil
		}
		next, _, err := m.def.Questions().Apply(b.Data, service.Change{Step: step, Return: true}, m.env)
		if err != nil {
			return nil, err
		}
		b.Data, b.Updated = next, m.env.Now
		return []event.Body{}, nil
	})
}

// start begins the members that are wanted. What is not wanted is remembered, so that it can be added later.
func (d *Desk) start(b *Bundle, m matter, a actor.Actor, want []string) ([]event.Body, error) {
	n := 0
	for _, one := range m.def.Members {
		if slices.Contains(want, one.ID) {
			n++
		} else {
			b.set(one.ID, Member{Standing: service.MemberSkipped, At: m.env.Now})
		}
	}
	if n == 0 {
		return nil, fault.Invalid("bundle.none", "请至少选一项").On(Want)
	}
	b.Kept = time.Time{}
	bodies, err := d.advance(b, m, a)
	if err != nil {
		return nil, err
	}
	return append([]event.Body{StartedEvent{b.meta(a), b.subject(), n}}, bodies...), nil
}

// advance lets every member begin that may, and gives the bundle the state that follows from where its members stand.
func (d *Desk) advance(b *Bundle, m matter, a actor.Actor) ([]event.Body, error) {
	p, err := m.def.Plan(b.Data, m.env, d.c.Catalogue, b.standings())
	if err != nil {
		return nil, err
	}
	was := b.State
	b.State = standing(p)
	if !was.CanMove(b.State) {
		return nil, fault.Conflict("bundle.ended", "这件事已经结束")
	}
	b.Updated, b.Ended = m.env.Now, time.Time{}
	if b.State != Running {
		b.Ended = m.env.Now
	}
	var bodies []event.Body
	for _, id := range p.Ready() {
		kept := Member{Standing: service.MemberOpening, Round: b.Members[id].Round + 1, At: m.env.Now}
		b.set(id, kept)
		bodies = append(bodies, ReadyEvent{b.meta(a), b.subject(), id, kept.Round})
	}
	if b.State == Done && was != Done {
		bodies = append(bodies, DoneEvent{b.meta(a), b.subject(), m.env.Now.Sub(b.Opened).Milliseconds()})
	}
	return bodies, nil
}

// standing is the state of a bundle that has begun.
func standing(p service.Plan) State {
	switch {
	case p.Moving:
		return Running
	case p.Done:
		return Done
	}
	return Partly
}
