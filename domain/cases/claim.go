package cases

import (
	"context"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// Claim gives a visitor's case to the resident who signed in with the same cookie. A case that is theirs already is no error;
// fault.NotFound to anybody else.
func (d *Desk) Claim(ctx context.Context, w Who, no string) (err error) {
	defer fault.Wrap(&err, "claim case %s", no)
	if w.Actor.Kind != actor.Resident || w.Actor.ID == 0 {
		return fault.Denied("session", "请先登录")
	}
	c, err := d.own(ctx, w, no)
	if err != nil || c.Resident == w.Actor.ID {
		return err
	}
	now := d.c.Clock.Now()
	_, err = d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		if !w.owns(*c) {
			return nil, absent()
		}
		if c.Resident == w.Actor.ID {
			return nil, nil
		}
		c.Resident, c.Visitor, c.Updated = w.Actor.ID, nil, now
		c.note(now, "claimed", "you")
		return []event.Body{ClaimedEvent{c.meta(w.Actor), c.subject()}}, nil
	})
	return err
}
