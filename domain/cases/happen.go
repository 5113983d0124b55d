package cases

import (
	"context"

	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// Happen tells a case that the outside event it waits for came: name is the id of the wait step, data what its definition declares. The
// house, the operator and staff of the case's department may. Telling it again changes nothing. fault.NotFound "cases.event" when the
// service waits for nothing of this name, fault.Conflict "cases.early" when the case has not come so far (tell it again later),
// "cases.ended" when it ended without it, fault.Invalid "service.happened" when data has another shape.
func (d *Desk) Happen(ctx context.Context, a actor.Actor, no, name string, data map[string]any) (_ Case, err error) {
	defer fault.Wrap(&err, "%s happened to case %s", name, no)
	c, m, err := d.staffMatter(ctx, a, no)
	if err != nil {
		return Case{}, err
	}
	return d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		known, happened, now := m.def.Awaits(c.Data, name)
		switch {
		case !known:
			return nil, fault.NotFound("cases.event", "这项服务没有要等的这件事")
		case happened:
			return nil, nil
		case c.State.Ended():
			return nil, ended()
		case !now:
			return nil, fault.Conflict("cases.early", "这个办件还没有办到这一步，请稍后再报")
		}
		o := service.Outcome{Kind: service.OutcomeAnswered, Step: name, Data: data, At: m.env.Now}
		return d.apply(c, m, a, o, func(c *Case) event.Body {
			return HeardEvent{c.meta(a), c.subject(), "", string(o.Kind), name, 0}
		})
	})
}
