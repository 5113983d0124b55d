package cases

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"zhijian/domain/identity"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/seal"
)

// keep is how long an untouched case waits for its resident.
const keep = 30 * 24 * time.Hour

// matter is what the engine needs to look at one case at one moment.
type matter struct {
	offer service.Offer
	def   *service.Definition
	env   service.Env
}

// matter gathers the pinned offer and what the house knows of the case's resident.
// known is the resident when the asker brought them along; nil reads them.
func (d *Desk) matter(ctx context.Context, c Case, lang string, known *identity.Resident) (matter, error) {
	offer, ok := d.c.Catalogue.Pinned(c.City, c.Service, c.Version)
	if !ok {
		return matter{}, fmt.Errorf("case %s: service %s version %d is not in the catalogue", c.No, c.Service, c.Version)
	}
	me, err := d.me(ctx, c.Resident, known)
	if err != nil {
		return matter{}, err
	}
	if err := d.people(ctx, c.Resident, offer.Definition, &me); err != nil {
		return matter{}, err
	}
	files, err := d.filesOf(ctx, c, offer.Definition)
	if err != nil {
		return matter{}, err
	}
	return matter{offer: offer, def: offer.Definition, env: service.Env{
		Now: d.c.Clock.Now(), Lang: lang, Me: me, Offer: offer, CaseNo: c.No, Files: files,
	}}, nil
}

func (d *Desk) me(ctx context.Context, resident int64, known *identity.Resident) (service.Me, error) {
	if resident == 0 {
		return service.Me{}, nil
	}
	if known == nil || known.ID != resident {
		r, err := d.c.Identity.Resident(ctx, actor.House, resident)
		if err != nil {
			return service.Me{}, err
		}
		known = &r
	}
	r := known
	me := service.Me{
		Level: r.Level, Name: r.Name.Reveal(), CitizenNumber: r.CitizenNumber.Reveal(), Phone: r.Phone.Reveal(),
	}
	for _, v := range r.Garage() {
		if v.Proven {
			me.Plates = append(me.Plates, v.Plate.Reveal())
		} else {
			me.Saved = append(me.Saved, v.Plate.Reveal())
		}
	}
	return me, nil
}

// officeName is how residents know an office.
func (m matter) officeName(word string) string {
	if o, ok := m.offer.Offices[word]; ok {
		return o.Name.Zh
	}
	return "house"
}

// change lets rule decide on the case as it was read, outside the store's lock, and saves its decision
// when nothing happened to the case in between; otherwise rule decides again under the lock. So the
// engine's work does not hold up other writers.
func (d *Desk) change(ctx context.Context, seen Case, rule func(*Case) ([]event.Body, error)) (Case, error) {
	next := seen
	bodies, err := rule(&next)
	if err != nil || bodies == nil {
		return seen, err
	}
	return d.c.Store.Change(ctx, seen.No, func(c *Case) ([]event.Body, error) {
		if c.Rev == seen.Rev {
			*c = next
			return bodies, nil
		}
		again := *c
		bodies, err := rule(&again)
		if err == nil && bodies != nil {
			*c = again
		}
		return bodies, err
	})
}

// same reports whether an input changed nothing.
func same(a, b service.State) bool {
	x, err1 := a.Encode()
	y, err2 := b.Encode()
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}

// apply lets the engine take an input. It gives nil when nothing changed, else first followed by
// the events of the move.
func (d *Desk) apply(c *Case, m matter, a actor.Actor, in service.Input, first func(*Case) event.Body) ([]event.Body, error) {
	next, effects, err := m.def.Apply(c.Data, in, m.env)
	if err != nil {
		return nil, err
	}
	if len(effects) == 0 && same(c.Data, next) {
		return nil, nil
	}
	bodies, err := d.carry(c, m, a, next, effects)
	if err != nil {
		return nil, err
	}
	return append([]event.Body{first(c)}, bodies...), nil
}

// carry makes next the case's state, keeps its timeline, and gives the events of the move.
func (d *Desk) carry(c *Case, m matter, a actor.Actor, next service.State, effects []service.Effect) ([]event.Body, error) {
	was := *c
	c.Data, c.Updated = next, m.env.Now
	if next.End != was.Data.End || next.Step != was.Data.Step || was.State == "" {
		if line := summary(m, next); line != "" {
			c.Summary = seal.Plain(line)
		}
	}
	reopened := was.State == Refused && next.End != was.Data.End
	if reopened {
		c.Ended, c.Due = time.Time{}, time.Time{}
		c.note(m.env.Now, "reopened", "house")
	}
	if !was.State.Ended() || reopened {
		c.State = State(m.def.Stand(next))
		if was.State != "" && !was.State.CanMove(c.State) {
			return nil, fmt.Errorf("case %s: no move from %s to %s", c.No, was.State, c.State)
		}
	}
	var bodies []event.Body
	if reopened {
		bodies = append(bodies, ReopenedEvent{c.meta(a), c.subject()})
	}
	bodies = append(bodies, d.stations(c, was, m, a)...)
	for _, f := range effects {
		bodies = append(bodies, d.ask(c, m, a, f))
	}
	if alarm := c.watch(m.env.Now); alarm != nil {
		bodies = append(bodies, alarm)
	}
	return bodies, nil
}

// ask gives the event that an effect follows from; a delayed one is an alarm.
func (d *Desk) ask(c *Case, m matter, a actor.Actor, f service.Effect) event.Body {
	e := AskedEvent{Meta: c.meta(a), Subject: c.subject(), Effect: string(f.Kind), Step: f.Step, Attempt: f.Attempt, Of: f.No}
	if f.After > 0 {
		return event.Later{Body: e, At: m.env.Now.Add(f.After)}
	}
	if f.Kind == service.EffectAsk {
		c.note(m.env.Now, "asked", m.officeName(f.Office))
	}
	return e
}

// watch sets the alarm that ends a case nobody goes on with, while it is the resident's turn.
func (c *Case) watch(now time.Time) event.Body {
	switch c.State {
	case Draft, Asking, Paying, Supplying:
		if !c.Kept.IsZero() {
			return nil
		}
		c.Kept = now.Add(keep)
		return event.Later{Body: DraftDue{c.meta(actor.House), c.No, c.Kept.UnixMilli()}, At: c.Kept}
	}
	c.Kept = time.Time{}
	return nil
}
