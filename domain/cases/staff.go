package cases

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/cursor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// scope gives the department whose cases an actor may see: 0 for all.
func scope(a actor.Actor) (department int64, err error) {
	switch {
	case a.Kind == actor.Operator, a.Kind == actor.System:
		return 0, nil
	case a.Kind == actor.Staff && a.Department != 0:
		return a.Department, nil
	}
	return 0, fault.Denied("cases.staff", "只有办理部门的工作人员可以查看")
}

// Queue gives staff the cases of their department in the given states (all departments for the operator), newest
// change first. Data is left empty, and the summary names no person.
func (d *Desk) Queue(ctx context.Context, a actor.Actor, states []State, after cursor.Cursor, limit int) ([]Case, error) {
	department, err := scope(a)
	if err != nil {
		return nil, err
	}
	return d.c.Store.List(ctx, Filter{Department: department, States: states, After: after, Limit: limit})
}

// forStaff finds a case within the actor's scope; one outside it does not exist.
func (d *Desk) forStaff(ctx context.Context, a actor.Actor, no string) (Case, error) {
	department, err := scope(a)
	if err != nil {
		return Case{}, err
	}
	c, err := d.c.Store.Case(ctx, no)
	if err != nil {
		return Case{}, err
	}
	if department != 0 && c.Department != department {
		return Case{}, absent()
	}
	return c, nil
}

// staffMatter is forStaff with what the engine needs to move the case.
func (d *Desk) staffMatter(ctx context.Context, a actor.Actor, no string) (Case, matter, error) {
	c, err := d.forStaff(ctx, a, no)
	if err != nil {
		return Case{}, matter{}, err
	}
	m, err := d.matter(ctx, c, c.Lang, nil)
	return c, m, err
}

// Purposes lists the codes of why staff may look at a case, the usual one first. They are codes because the event that records the look is
// kept for ever and may hold nothing about a person.
func Purposes() []string { return []string{"handling", "answering", "checking", "supervision"} }

// Within reports whether a case is within the actor's scope without looking into it: fault.NotFound "case" when it is not.
func (d *Desk) Within(ctx context.Context, a actor.Actor, no string) (err error) {
	defer fault.Wrap(&err, "find case %s for %s", no, a)
	_, err = d.forStaff(ctx, a, no)
	return err
}

// Read shows staff how a case of their department stands: timeline, order and where it waits, without what the resident
// wrote, but for what a review step lets them decide on (Shown.Brief). purpose is why they look, one of Purposes; it is recorded and the resident sees it (PIPL 6).
func (d *Desk) Read(ctx context.Context, a actor.Actor, no, purpose string) (_ Shown, err error) {
	defer fault.Wrap(&err, "read case %s by %s", no, a)
	if !slices.Contains(Purposes(), purpose) {
		return Shown{}, fault.Invalid("cases.purpose", "请选查看这个办件的原因").On("purpose")
	}
	c, err := d.forStaff(ctx, a, no)
	if err != nil {
		return Shown{}, err
	}
	offer, _ := d.c.Catalogue.Pinned(c.City, c.Service, c.Version)
	c, err = d.c.Store.Change(ctx, no, func(c *Case) ([]event.Body, error) {
		return []event.Body{ReadEvent{Meta: c.meta(a), Subject: c.subject(), Purpose: purpose}}, nil
	})
	if err != nil {
		return Shown{}, err
	}
	s := Shown{Case: c, Offer: offer}
	if c.For() != "" {
		m, err := d.matter(ctx, c, a.Lang, nil)
		if err != nil {
			return Shown{}, err
		}
		s.Between = between(c, m)
	}
	if s.Brief, err = d.brief(ctx, a, c); err != nil {
		return Shown{}, err
	}
	s.Case = s.Case.unrated()
	s.Case.Client = seal.Text{}
	s.Case.Data = service.State{Step: c.Data.Step, Phase: c.Data.Phase, Down: c.Data.Down, Stuck: c.Data.Stuck, Since: c.Data.Since, End: c.Data.End}
	orders, err := d.c.Payment.Of(ctx, payment.For{Kind: Kind, No: no})
	if n := len(orders); n > 0 {
		s.Order = &orders[n-1]
	}
	return s, err
}

// looked records that a member of staff saw what a case is about, or a file of it, to handle it. The resident sees that they did.
func (d *Desk) looked(ctx context.Context, a actor.Actor, no, file string) error {
	_, err := d.c.Store.Change(ctx, no, func(c *Case) ([]event.Body, error) {
		return []event.Body{ReadEvent{c.meta(a), c.subject(), Purposes()[0], file}}, nil
	})
	return err
}

// cover is a case without anything that was written in it.
func (c Case) cover() Case {
	return Case{No: c.No, City: c.City, Service: c.Service, Version: c.Version, State: c.State, Opened: c.Opened, Ended: c.Ended}
}

// unrated is a case as staff may see it: nothing tells that, or how, its resident rated it (国办发〔2019〕51号: raters are shielded), and
// of remedies only what was put right and taken back.
func (c Case) unrated() Case {
	c.Rating, c.Remedies = nil, Remedies{Corrections: c.Remedies.Corrections, Recalls: c.Remedies.Recalls}
	c.Log = slices.DeleteFunc(slices.Clone(c.Log), func(e Entry) bool {
		return slices.Contains([]string{"rated", "followup_late", "contacted", "rating_answered", "settled", "unsettled"}, e.Code)
	})
	return c
}

// Decision is what a member of staff does with a stuck case.
type Decision string

// The decisions.
const (
	DecideRetry  Decision = "retry"  // file with the office again
	DecideDone   Decision = "done"   // the office confirmed by other means that it is done
	DecideRefund Decision = "refund" // have the office call it off, then return the money and end
	// DecideUnsettled returns the money and ends without asking the office again: whoever decides confirms that it is not settled there.
	DecideUnsettled Decision = "unsettled"
)

// Decisions lists them in the order a form shows them.
func Decisions() []Decision {
	return []Decision{DecideRetry, DecideDone, DecideRefund, DecideUnsettled}
}

// Decide moves a stuck case. reason is kept sealed with the case and must not be empty. Staff of the case's department and the
// operator may; fault.Conflict "cases.moving" when the case is not stuck. To give back Config.SecondFrom or more takes two: the first
// decision is a proposal and the case stays stuck until another member of staff decides the same.
func (d *Desk) Decide(ctx context.Context, a actor.Actor, no string, what Decision, reason string) (_ Case, err error) {
	defer fault.Wrap(&err, "decide %s on case %s by %s", what, no, a)
	reason = strings.TrimSpace(reason)
	var noReason, noDecision *fault.Error
	if n := utf8.RuneCountInString(reason); n < 2 || n > 500 {
		noReason = fault.Invalid("cases.reason", "请写明这样处理的理由，2 到 500 个字").On("reason")
	}
	if !slices.Contains(Decisions(), what) {
		noDecision = fault.Invalid("cases.decision", "请选一种处理方式").On("what")
	}
	if err := fault.Join(noDecision, noReason); err != nil {
		return Case{}, err
	}
	c, m, err := d.staffMatter(ctx, a, no)
	if err != nil {
		return Case{}, err
	}
	return d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		if c.State != Stuck {
			return nil, fault.Conflict("cases.moving", "这个办件正在正常办理，现在不需要处理")
		}
		was, in := *c, service.Ruling{Step: c.Data.Step, What: string(what)}
		bodies, err := d.ruled(c, m, a, "decided", Ruling{What: what, Reason: reason}, in, func(c *Case) event.Body {
			return DecidedEvent{c.meta(a), c.subject(), what, len(c.Rulings)}
		})
		if err != nil || bodies == nil {
			return nil, err
		}
		return append(bodies, c.recallAnswered(was, a, reason, m.env.Now)...), nil
	})
}

// ruled records what a member of staff decided and moves the case by it, or, when it takes two, records that it was proposed.
func (d *Desk) ruled(c *Case, m matter, a actor.Actor, code string, r Ruling, in service.Input, first func(*Case) event.Body) (_ []event.Body, err error) {
	r.At, r.By = m.env.Now, a.String()
	if r.Proposed, err = d.alone(*c, r); err != nil {
		return nil, err
	}
	c.Rulings = append(c.Rulings[:len(c.Rulings):len(c.Rulings)], r)
	if !r.Proposed {
		c.note(m.env.Now, code, "house", string(r.What))
		return d.apply(c, m, a, in, first)
	}
	if _, _, err := m.def.Apply(c.Data, in, m.env); err != nil {
		return nil, err // what cannot be decided cannot be proposed
	}
	c.Updated = m.env.Now
	c.note(m.env.Now, "proposed", "house", string(r.What))
	return []event.Body{ProposedEvent{c.meta(a), c.subject(), r.What, len(c.Rulings)}}, nil
}

// alone reports a decision that must wait for a second member of staff: it gives much money back, and nobody else proposed the same.
// fault.Conflict "cases.second" when the same person agrees with themself.
func (d *Desk) alone(c Case, r Ruling) (bool, error) {
	_, amount := paidFor(c.Data)
	if !slices.Contains([]Decision{DecideRefund, DecideUnsettled, Decision(service.VerdictRefuse)}, r.What) || amount < d.c.SecondFrom {
		return false, nil
	}
	p, ok := c.Proposal()
	switch {
	case !ok || p.What != r.What:
		return true, nil
	case p.By == r.By:
		return false, fault.Conflict("cases.second", "这笔退款数额大，已经记下您的意见，请另一位工作人员确认")
	}
	return false, nil
}
