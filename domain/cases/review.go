package cases

import (
	"context"
	"strings"

	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// Review decides a case that waits for a member of staff. The reason is kept sealed with the case; the resident is told it when the verdict
// is not to accept. Staff of the case's department and the operator may. fault.Conflict "service.step" when the case waits for no decision,
// fault.Invalid with an entry per field ("verdict", "reason", or an answer that the step asks of staff). To refuse what Config.SecondFrom or
// more was paid for takes two, as in Decide.
func (d *Desk) Review(ctx context.Context, a actor.Actor, no string, in service.Review) (_ Case, err error) {
	defer fault.Wrap(&err, "review case %s by %s", no, a)
	c, m, err := d.staffMatter(ctx, a, no)
	if err != nil {
		return Case{}, err
	}
	return d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		if c.State.Ended() {
			return nil, ended()
		}
		if c.overturned(a.String()) {
			return nil, fault.Conflict("appeal.again", "您的决定被申诉退回了，要由另一位工作人员重新审核")
		}
		r := Ruling{What: Decision(in.Verdict), Reason: strings.TrimSpace(in.Reason)}
		return d.ruled(c, m, a, "reviewed", r, in, func(c *Case) event.Body {
			return ReviewedEvent{c.meta(a), c.subject(), in.Step, in.Verdict, len(c.Rulings)}
		})
	})
}

// brief is what staff decide on, nil when the case waits for no decision.
func (d *Desk) brief(ctx context.Context, a actor.Actor, c Case) (*service.Brief, error) {
	if c.State != Reviewing && c.State != Stuck {
		return nil, nil
	}
	m, err := d.matter(ctx, c, a.Lang, nil)
	if err != nil {
		return nil, err
	}
	s, ok := m.def.Brief(c.Data, m.env)
	if !ok {
		return nil, nil
	}
	return &s, nil
}
