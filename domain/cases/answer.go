package cases

import (
	"context"
	"slices"

	"zhijian/domain/service"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// Answer gives the values of a step. A wrong value is fault.Invalid per field; what was typed is kept, and the Shown
// that comes with the error says at each field what is wrong. An answer to an earlier page of the trail changes it.
// fault.Conflict "service.step" when the case has moved on; fault.Denied "service.level" when who the resident is must be proven first.
func (d *Desk) Answer(ctx context.Context, w Who, no, step string, values map[string][]string) (_ Shown, err error) {
	defer fault.Wrap(&err, "answer step %s of case %s", step, no)
	c, err := d.own(ctx, w, no)
	if err != nil {
		return Shown{}, err
	}
	if c.State.Ended() {
		return Shown{}, ended()
	}
	m, err := d.matter(ctx, c, w.Actor.Lang, w.Known)
	if err != nil {
		return Shown{}, err
	}
	var wrong error
	c, err = d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		wrong = nil
		if !w.owns(*c) {
			return nil, absent()
		}
		if c.State.Ended() {
			return nil, ended()
		}
		bodies, err := d.answered(c, m, w, step, values)
		if fault.Is(err, fault.KindInvalid) {
			wrong = err
			return []event.Body{}, nil
		}
		return bodies, err
	})
	if err != nil {
		return Shown{}, err
	}
	s, err := d.shown(ctx, c, m, w)
	if err != nil {
		return Shown{}, err
	}
	if wrong != nil {
		mark(&s.View, fault.Of(wrong))
	}
	return s, wrong
}

// answered is the rule: go back when the page is behind, then take the answer.
func (d *Desk) answered(c *Case, m matter, w Who, step string, values map[string][]string) ([]event.Body, error) {
	data := c.Data
	if step != data.Step && slices.Contains(data.Trail, step) {
		back, effects, err := m.def.Apply(data, service.Change{Step: step, Return: true}, m.env)
		if err != nil {
			return nil, err
		}
		if len(effects) > 0 || back.Step != step {
			return nil, fault.Conflict("service.step", "这一步现在不能直接改，请先返回那一步")
		}
		data = back
	}
	next, effects, err := m.def.Apply(data, service.Answer{Step: step, Values: values}, m.env)
	if fault.Is(err, fault.KindInvalid) {
		c.Data, c.Updated = next, m.env.Now
		c.State = State(m.def.Stand(next))
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	if len(effects) == 0 && same(c.Data, next) {
		return nil, nil
	}
	if w.ClientIP != "" {
		c.Client = seal.Plain(w.ClientIP)
	}
	bodies, err := d.carry(c, m, w.Actor, next, effects)
	if err != nil {
		return nil, err
	}
	return append([]event.Body{AnsweredEvent{c.meta(w.Actor), c.subject(), step}}, bodies...), nil
}

// mark puts each sentence at its field.
func mark(v *service.View, f *fault.Error) {
	if f == nil {
		return
	}
	for _, e := range f.All() {
		for i := range v.Fields {
			if v.Fields[i].Name == e.Field {
				v.Fields[i].Error = e.Public
			}
		}
	}
}

func ended() error {
	return fault.Conflict("cases.ended", "这个办件已经结束，不能再改。需要的话请重新办理")
}

// SaveDraft keeps what was typed without judging it.
func (d *Desk) SaveDraft(ctx context.Context, w Who, no, step string, values map[string][]string) (err error) {
	defer fault.Wrap(&err, "save draft of step %s of case %s", step, no)
	return d.input(ctx, w, no, service.Draft{Step: step, Values: values}, nil)
}

// Change goes back to a step to change its answers, then returns to where the case was.
func (d *Desk) Change(ctx context.Context, w Who, no, step string) (_ Shown, err error) {
	defer fault.Wrap(&err, "change step %s of case %s", step, no)
	err = d.input(ctx, w, no, service.Change{Step: step, Return: true}, func(c *Case) event.Body {
		return ChangedEvent{c.meta(w.Actor), c.subject(), step}
	})
	if err != nil {
		return Shown{}, err
	}
	return d.Show(ctx, w, no, "")
}

// Retry asks a silent office again, goes on after a proof of identity, or pays anew after an order ran out. Where there is nothing
// to try again it changes nothing.
func (d *Desk) Retry(ctx context.Context, w Who, no string) (_ Shown, err error) {
	defer fault.Wrap(&err, "retry case %s", no)
	if err := d.retry(ctx, w, no); err != nil {
		return Shown{}, err
	}
	return d.Show(ctx, w, no, "")
}

func (d *Desk) retry(ctx context.Context, w Who, no string) error {
	return d.input(ctx, w, no, service.Retry{}, func(c *Case) event.Body {
		return RetriedEvent{c.meta(w.Actor), c.subject(), c.Data.Step}
	})
}

// input lets the engine take an input of the resident. Without a first event the change is kept silently.
func (d *Desk) input(ctx context.Context, w Who, no string, in service.Input, first func(*Case) event.Body) error {
	c, err := d.own(ctx, w, no)
	if err != nil {
		return err
	}
	m, err := d.matter(ctx, c, w.Actor.Lang, w.Known)
	if err != nil {
		return err
	}
	_, err = d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		switch {
		case !w.owns(*c):
			return nil, absent()
		case c.State.Ended():
			return nil, ended()
		}
		if _, ok := in.(service.Retry); ok {
			in = service.Retry{Step: c.Data.Step}
		}
		if first != nil {
			return d.apply(c, m, w.Actor, in, first)
		}
		next, _, err := m.def.Apply(c.Data, in, m.env)
		if err != nil || same(c.Data, next) {
			return nil, err
		}
		c.Data, c.Updated = next, m.env.Now
		return []event.Body{}, nil
	})
	return err
}
