package cases

import (
	"context"

	"zhijian/domain/service"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// maxCorrections bounds what one case keeps of them.
const maxCorrections = 20

// Correct puts right what the resident had sent, while staff have not decided. values are by input name; what is not named stands. Staff
// see old and new. fault.Conflict "service.correct" when nothing can be put right now, "service.fee", "service.otherway" and "service.told" when
// the correction would change what was paid, which way the case went, or what an office was told. What stands already changes nothing.
func (d *Desk) Correct(ctx context.Context, w Who, no string, values map[string][]string) (_ Case, err error) {
	defer fault.Wrap(&err, "correct case %s", no)
	c, err := d.own(ctx, w, no)
	if err != nil {
		return Case{}, err
	}
	m, err := d.matter(ctx, c, w.Actor.Lang, w.Known)
	if err != nil {
		return Case{}, err
	}
	return d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		_, pending := c.Proposal()
		switch {
		case !w.owns(*c):
			return nil, absent()
		case c.State.Ended():
			return nil, ended()
		case pending:
			return nil, fault.Conflict("correct.second", "正等第二位工作人员确认，现在不能更正")
		case len(c.Remedies.Corrections) >= maxCorrections:
			return nil, fault.Conflict("correct.many", "更正次数太多了，请打办理部门的电话")
		}
		was := c.Data
		bodies, err := d.apply(c, m, w.Actor, service.Correct{Values: values}, func(c *Case) event.Body {
			return CorrectedEvent{c.meta(w.Actor), c.subject(), c.Data.Step, len(c.Remedies.Corrections) + 1}
		})
		if err != nil || bodies == nil {
			return nil, err
		}
		kept := c.Remedies.Corrections
		c.Remedies.Corrections = append(kept[:len(kept):len(kept)], Correction{At: m.env.Now, Rows: m.def.Corrections(was, c.Data, m.env)})
		c.note(m.env.Now, "corrected", "you")
		return bodies, nil
	})
}
