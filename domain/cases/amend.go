package cases

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
)

// Amendment is one mistake in a finished result that its resident pointed out (结果更正), and what came of it. A clerical mistake is put
// right by whoever made it: unlike an appeal it need not go to a second person.
type Amendment struct {
	No      string              `json:"no"`
	At      time.Time           `json:"at"`
	Said    string              `json:"said"` // what is wrong, as the resident says
	Due     time.Time           `json:"due"`
	Late    bool                `json:"late,omitempty"`
	Outcome AmendOutcome        `json:"outcome,omitempty"`
	Reason  string              `json:"reason,omitempty"` // what the resident is told
	Decided time.Time           `json:"decided,omitzero"`
	By      string              `json:"by,omitempty"`
	Rows    []service.Corrected `json:"rows,omitempty"` // what was put right, old and new
}

// AmendOutcome is what came of a mistake that was pointed out.
type AmendOutcome string

// The outcomes.
const (
	Amended       AmendOutcome = "amended"
	AmendDeclined AmendOutcome = "declined" // the result stands
)

// AmendOutcomes lists them in the order a form shows them.
func AmendOutcomes() []AmendOutcome { return []AmendOutcome{Amended, AmendDeclined} }

// maxAmendments bounds how often a resident may point out a mistake in one case.
const maxAmendments = 3

// Bounds of what is written about a mistake, in characters, by resident and staff.
const minSaid, maxSaid = 2, 500

// Amending is what a resident can do about a mistake in a finished result.
type Amending struct {
	Terms service.Amendable
	Until time.Time // the last moment to point one out
	Left  int       // how often she still may
	Open  bool      // she can now
}

// waits gives the amendment that staff have not answered, -1 for none.
func (r Remedies) waits() int {
	return slices.IndexFunc(r.Amendments, func(a Amendment) bool { return a.Outcome == "" })
}

// LastAmended is when a result was last put right; the zero time when it never was.
func (r Remedies) LastAmended() (at time.Time) {
	for _, a := range r.Amendments {
		if a.Outcome == Amended {
			at = a.Decided
		}
	}
	return at
}

// amending tells what can be done about a mistake in the result of a case, nil for nothing.
func amending(c Case, m matter) *Amending {
	if c.State != Done {
		return nil
	}
	terms, ok := m.def.Amendable(c.Data, m.env)
	if !ok {
		return nil
	}
	a := &Amending{Terms: terms, Until: terms.Until(c.Ended), Left: max(0, maxAmendments-len(c.Remedies.Amendments))}
	a.Open = c.Resident != 0 && a.Left > 0 && c.Remedies.waits() < 0 && m.env.Now.Before(a.Until)
	return a
}

func noAmending(c Case, a *Amending) error {
	switch {
	case a == nil:
		return fault.Conflict("amend.none", "这个办件没有可以更正的结果")
	case c.Remedies.waits() >= 0:
		return fault.Conflict("amend.open", "上一次申请更正还没有答复，请等答复")
	case a.Left == 0:
		return fault.Conflict("amend.many", "这个办件已经申请更正 %d 次了，请打办理部门的电话", maxAmendments)
	}
	return fault.Conflict("amend.late", "申请更正的期限已经过了，请打办理部门的电话")
}

// AskAmend takes what the resident says is wrong in the result of her finished case, 2 to 500 characters, in the time that the definition
// gives: three times a case, one at a time. fault.Conflict "amend.none", "amend.open", "amend.many", "amend.late".
func (d *Desk) AskAmend(ctx context.Context, w Who, no, said string) (_ Case, err error) {
	defer fault.Wrap(&err, "ask to amend case %s", no)
	c, err := d.own(ctx, w, no)
	if err != nil {
		return Case{}, err
	}
	if err := d.mandated(ctx, w, c); err != nil {
		return Case{}, err
	}
	m, err := d.matter(ctx, c, w.Actor.Lang, w.Known)
	if err != nil {
		return Case{}, err
	}
	said = strings.TrimSpace(said)
	if n := utf8.RuneCountInString(said); n < minSaid || n > maxSaid {
		return Case{}, fault.Invalid("amend.said", "请写明哪里写错了、应该是什么，2 到 500 个字").On("said")
	}
	id := uid.No()
	return d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		if !w.owns(*c) {
			return nil, absent()
		}
		may := amending(*c, m)
		if may == nil || !may.Open {
			return nil, noAmending(*c, may)
		}
		now := m.env.Now
		a := Amendment{No: id, At: now, Said: said, Due: may.Terms.Due(now)}
		kept := c.Remedies.Amendments
		c.Remedies.Amendments = append(kept[:len(kept):len(kept)], a)
		c.Updated = now
		c.note(now, "amend_asked", "you")
		alarm := event.Later{Body: TaskDue{c.meta(actor.House), c.No, a.No, a.Due.UnixMilli()}, At: a.Due}
		return []event.Body{AmendAskedEvent{c.meta(w.Actor), c.subject(), a.No}, alarm}, nil
	})
}

// AmendBrief is what staff decide on when a mistake was pointed out: the result, what is said to be wrong, and how it is put right.
type AmendBrief struct {
	Case      Case // without what was written but for the amendment
	Offer     service.Offer
	Amendment Amendment
	Terms     service.Amendable // the zero value when the result cannot be put right any more
}

// openAmendment finds a mistake that was pointed out, for staff of the case's department and the operator, whoever decided the case.
func (d *Desk) openAmendment(ctx context.Context, a actor.Actor, no string) (Case, matter, Amendment, error) {
	t, err := d.task(ctx, a, TaskAmend, no)
	if err != nil {
		return Case{}, matter{}, Amendment{}, err
	}
	c, m, err := d.staffMatter(ctx, a, t.Case)
	if err != nil {
		return Case{}, matter{}, Amendment{}, err
	}
	i := c.Remedies.amendment(no)
	if i < 0 {
		return Case{}, matter{}, Amendment{}, noTask()
	}
	return c, m, c.Remedies.Amendments[i], nil
}

func (r Remedies) amendment(no string) int {
	return slices.IndexFunc(r.Amendments, func(a Amendment) bool { return a.No == no })
}

// AmendBrief shows staff a mistake that was pointed out, and records the look, which the resident sees.
func (d *Desk) AmendBrief(ctx context.Context, a actor.Actor, no string) (_ AmendBrief, err error) {
	defer fault.Wrap(&err, "amendment %s by %s", no, a)
	c, m, made, err := d.openAmendment(ctx, a, no)
	if err != nil {
		return AmendBrief{}, err
	}
	b := AmendBrief{Offer: m.offer, Amendment: made}
	m.env.Lang = a.Lang
	if may := amending(c, m); may != nil {
		b.Terms = may.Terms
	}
	b.Case = c.cover()
	return b, d.looked(ctx, a, c.No, "")
}

// AmendVerdict is how staff answer. Values is what they fill in and counts with Amended only, and only where staff made the result.
type AmendVerdict struct {
	Outcome AmendOutcome
	Reason  string
	Values  map[string][]string
}

// DecideAmend answers a mistake that was pointed out. With Amended the result is put right: by what staff fill in, or, where an office made it, by
// what that office says when it is asked anew. What would change more than the result is fault.Conflict "service.amend.more", what
// changes nothing "service.amend.same"; a silent office is fault.Unavailable; a second verdict is fault.Conflict "amend.decided".
func (d *Desk) DecideAmend(ctx context.Context, a actor.Actor, no string, v AmendVerdict) (_ Case, err error) {
	defer fault.Wrap(&err, "decide amendment %s by %s", no, a)
	c, m, made, err := d.openAmendment(ctx, a, no)
	if err != nil {
		return Case{}, err
	}
	v.Reason = strings.TrimSpace(v.Reason)
	var noReason, noOutcome *fault.Error
	if n := utf8.RuneCountInString(v.Reason); n < minSaid || n > maxSaid {
		noReason = fault.Invalid("amend.reason", "请写明改了什么或为什么不改，2 到 500 个字，申请人会看到").On("reason")
	}
	if !slices.Contains(AmendOutcomes(), v.Outcome) {
		noOutcome = fault.Invalid("amend.outcome", "请选更正或不更正").On("outcome")
	}
	if err := fault.Join(noOutcome, noReason); err != nil {
		return Case{}, err
	}
	in := service.Amend{Values: v.Values}
	if may := amending(c, m); v.Outcome == Amended && made.Outcome == "" && may != nil && may.Terms.Office != "" {
		if in.Data, err = d.askAnew(ctx, m, may.Terms); err != nil {
			return Case{}, err
		}
	}
	return d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		i := c.Remedies.amendment(no)
		switch {
		case i < 0:
			return nil, noTask()
		case c.Remedies.Amendments[i].Outcome != "":
			return nil, fault.Conflict("amend.decided", "这件更正已经有结果了")
		case v.Outcome == Amended && c.State != Done:
			return nil, noAmending(*c, nil)
		}
		return d.amended(c, m, a, i, v, in)
	})
}

// askAnew has the office that made a result say what stands with it now.
func (d *Desk) askAnew(ctx context.Context, m matter, terms service.Amendable) (map[string]any, error) {
	o, err := d.call(ctx, m, terms.Ask, service.Outcome{})
	switch {
	case err != nil:
		return nil, err
	case o.Kind == service.OutcomeAnswered:
		return o.Data, nil
	case o.Kind == service.OutcomeRefused:
		return nil, fault.Conflict("amend.unsaid", "“%s”没有给出结果：%s", terms.Office, o.Reason)
	}
	return nil, fault.Unavailable("amend.down", "“%s”的系统暂时没有回应，没有更正，请过一会儿再试", terms.Office)
}

// amended is the rule: keep the answer, and let the engine put the result right unless it stands.
func (d *Desk) amended(c *Case, m matter, a actor.Actor, i int, v AmendVerdict, in service.Amend) ([]event.Body, error) {
	now, was := m.env.Now, c.Data
	c.Remedies.Amendments = slices.Clone(c.Remedies.Amendments)
	x := &c.Remedies.Amendments[i]
	x.Outcome, x.Reason, x.Decided, x.By = v.Outcome, v.Reason, now, a.String()
	decided := func(c *Case) event.Body {
		return AmendDecidedEvent{c.meta(a), c.subject(), x.No, v.Outcome, now.After(x.Due)}
	}
	if v.Outcome == AmendDeclined {
		c.Updated = now
		c.note(now, "amend_declined", "house")
		return []event.Body{decided(c)}, nil
	}
	c.note(now, "amended", "house")
	bodies, err := d.apply(c, m, a, in, decided)
	if err != nil {
		return nil, err
	}
	x.Rows = m.def.Amended(was, c.Data, m.env)
	if line := summary(m, c.Data); line != "" { // it may say what the result says
		c.Summary = seal.Plain(line)
	}
	return bodies, nil
}

// amendDue marks a mistake that was not answered in time: the operator sees it, and the resident is told.
func (c *Case) amendDue(i int, now time.Time) []event.Body {
	a := c.Remedies.Amendments[i]
	if a.Outcome != "" || a.Late || now.Before(a.Due) {
		return nil
	}
	a.Late = true
	c.Remedies.Amendments = slices.Clone(c.Remedies.Amendments)
	c.Remedies.Amendments[i] = a
	c.note(now, "amend_late", "house")
	return []event.Body{OverdueEvent{c.meta(actor.House), c.subject(), TaskAmend}}
}
