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
	"zhijian/ground/scrub"
	"zhijian/ground/uid"
)

// Appeal is one appeal against one decision, to a second person of the department that decided.
type Appeal struct {
	No      string         `json:"no"`
	At      time.Time      `json:"at"`
	Against time.Time      `json:"against"` // when the decision was made
	Reasons string         `json:"reasons"`
	Files   []service.File `json:"files,omitempty"`
	Due     time.Time      `json:"due"`
	Late    bool           `json:"late,omitempty"`
	Outcome Outcome        `json:"outcome,omitempty"`
	Reason  string         `json:"reason,omitempty"` // what the resident is told
	Decided time.Time      `json:"decided,omitzero"`
	By      string         `json:"by,omitempty"`
}

// Outcome is what an appeal comes to.
type Outcome string

// The outcomes.
const (
	Upheld  Outcome = "upheld"  // the decision stands
	Changed Outcome = "changed" // the matter is decided otherwise
	Back    Outcome = "back"    // the matter is decided anew, by somebody else
)

// Outcomes lists them in the order a form shows them.
func Outcomes() []Outcome { return []Outcome{Upheld, Changed, Back} }

// AppealPage is the step that files of an appeal are uploaded for, and the name of the answer; no definition can have it.
const AppealPage = "appeal-files"

// Bounds of what a resident writes, in characters, and of the files she adds.
const minReasons, maxReasons, maxAppealFiles = 5, 1000, 5

// Objection is what a resident can do about the end of a case; the zero value is nothing.
type Objection struct {
	Terms service.Appeal
	Ended time.Time
	Until time.Time // the last moment to appeal
	Open  bool      // an appeal can be made now
	Made  *Appeal   // the appeal against this decision, nil for none
	Files []File    // uploaded for an appeal that was not made yet
}

// objection tells what can be done about the end of a case.
func (d *Desk) objection(ctx context.Context, c Case, m matter) (*Objection, error) {
	if c.State != Refused {
		return nil, nil
	}
	terms, ok := m.def.Appeal(c.Data, m.env)
	if !ok {
		return nil, nil
	}
	o := Objection{Terms: terms, Ended: c.Ended, Until: terms.Until(c.Ended)}
	if i := slices.IndexFunc(c.Remedies.Appeals, func(a Appeal) bool { return a.Against.Equal(c.Ended) }); i >= 0 {
		made := c.Remedies.Appeals[i]
		o.Made = &made
		return &o, nil
	}
	o.Open = c.Resident != 0 && m.env.Now.Before(o.Until)
	if !o.Open {
		return &o, nil
	}
	files, err := d.appealFiles(ctx, c)
	o.Files = files
	return &o, err
}

// appealFiles are those uploaded for an appeal that was not made yet.
func (d *Desk) appealFiles(ctx context.Context, c Case) ([]File, error) {
	all, err := d.c.Files.Of(ctx, c.No)
	return slices.DeleteFunc(all, func(f File) bool {
		return f.Answer != AppealPage || c.holds(f.ID) || !d.c.Clock.Now().Before(f.Created.Add(answerable))
	}), err
}

// holds reports whether an answer or an appeal names a file.
func (c Case) holds(id string) bool {
	return c.Data.Holds(id) || slices.ContainsFunc(c.Remedies.Appeals, func(a Appeal) bool {
		return slices.ContainsFunc(a.Files, func(f service.File) bool { return f.ID == id })
	})
}

// appealField is what an appeal takes of files, when one can be made.
func (d *Desk) appealField(ctx context.Context, c Case, m matter) (service.Field, error) {
	o, err := d.objection(ctx, c, m)
	if err != nil {
		return service.Field{}, err
	}
	if o == nil || !o.Open {
		return service.Field{}, noAppeal(o)
	}
	return service.Field{Name: AppealPage, Accept: []scrub.Kind{scrub.JPEG, scrub.PNG, scrub.WebP, scrub.PDF}, Max: maxAppealFiles, MaxSize: 5 << 20}, nil
}

func noAppeal(o *Objection) error {
	switch {
	case o == nil:
		return fault.Conflict("appeal.none", "这个办件没有可以申诉的决定")
	case o.Made != nil:
		return fault.Conflict("appeal.once", "对这个决定已经申诉过了，一个决定只能申诉一次")
	}
	return fault.Conflict("appeal.late", "申诉的期限已经过了。还可以看看行政复议、行政诉讼的期限过没过")
}

// Appeal makes the resident's appeal against how her case ended, once for each decision, in the time that the definition gives. reasons is
// 5 to 1,000 characters; the files are those uploaded for AppealPage. fault.Conflict "appeal.none", "appeal.once", "appeal.late".
func (d *Desk) Appeal(ctx context.Context, w Who, no, reasons string) (_ Case, err error) {
	defer fault.Wrap(&err, "appeal in case %s", no)
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
	reasons = strings.TrimSpace(reasons)
	if n := utf8.RuneCountInString(reasons); n < minReasons || n > maxReasons {
		return Case{}, fault.Invalid("appeal.reasons", "请写明哪里不同意、为什么，5 到 1000 个字").On("reasons")
	}
	files, err := d.appealFiles(ctx, c)
	if err != nil {
		return Case{}, err
	}
	id := uid.No()
	return d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		if !w.owns(*c) {
			return nil, absent()
		}
		o, err := d.objection(ctx, *c, m)
		if err != nil {
			return nil, err
		}
		if o == nil || !o.Open {
			return nil, noAppeal(o)
		}
		now := m.env.Now
		a := Appeal{No: id, At: now, Against: c.Ended, Reasons: reasons, Due: o.Terms.Due(now)}
		for _, f := range files[:min(len(files), maxAppealFiles)] {
			a.Files = append(a.Files, f.File)
		}
		kept := c.Remedies.Appeals
		c.Remedies.Appeals = append(kept[:len(kept):len(kept)], a)
		c.Updated = now
		c.note(now, "appealed", "you")
		return []event.Body{AppealedEvent{c.meta(w.Actor), c.subject(), a.No}, a.alarm(*c)}, nil
	})
}

// alarm has the house look whether the appeal was decided in time.
func (a Appeal) alarm(c Case) event.Body {
	return event.Later{Body: TaskDue{c.meta(actor.House), c.No, a.No, a.Due.UnixMilli()}, At: a.Due}
}

// AppealBrief is what a second person decides an appeal on.
type AppealBrief struct {
	Case        Case // without what was written but for the appeal
	Offer       service.Offer
	Appeal      Appeal
	Changes     bool            // deciding otherwise is possible here
	Fields      []service.Field // what is filled in to decide otherwise
	Rows        []service.Row   // what the decision was made on
	Corrections []Correction
	Refusal     string // the sentence of the refusal
}

// openAppeal finds an open appeal for a member of staff who may decide it: of the department, and not the one who decided.
func (d *Desk) openAppeal(ctx context.Context, a actor.Actor, no string) (Case, matter, Appeal, error) {
	t, err := d.task(ctx, a, TaskAppeal, no)
	if err != nil {
		return Case{}, matter{}, Appeal{}, err
	}
	c, m, err := d.staffMatter(ctx, a, t.Case)
	if err != nil {
		return Case{}, matter{}, Appeal{}, err
	}
	i := slices.IndexFunc(c.Remedies.Appeals, func(x Appeal) bool { return x.No == no })
	switch {
	case i < 0:
		return Case{}, matter{}, Appeal{}, noTask()
	case c.decidedBy(a.String()):
		return Case{}, matter{}, Appeal{}, fault.Denied("appeal.own", "原来的决定是您作的，申诉要由另一位工作人员办")
	}
	return c, m, c.Remedies.Appeals[i], nil
}

// AppealBrief shows staff what an appeal is decided on, and records the look, which the resident sees. fault.Denied "appeal.own" to
// whoever made the decision.
func (d *Desk) AppealBrief(ctx context.Context, a actor.Actor, no string) (_ AppealBrief, err error) {
	defer fault.Wrap(&err, "appeal %s by %s", no, a)
	c, m, made, err := d.openAppeal(ctx, a, no)
	if err != nil {
		return AppealBrief{}, err
	}
	b := AppealBrief{Offer: m.offer, Appeal: made, Corrections: c.Remedies.Corrections, Refusal: c.Data.Reason}
	env := m.env
	env.Lang = a.Lang
	if terms, ok := m.def.Appeal(c.Data, env); ok {
		b.Changes, b.Fields, b.Rows = terms.Changes, terms.Fields, terms.Rows
	}
	b.Case = c.cover()
	return b, d.looked(ctx, a, c.No, "")
}

// AppealVerdict is how a second person decides an appeal. Values answers what the step asks of staff and counts with Changed only.
type AppealVerdict struct {
	Outcome Outcome
	Reason  string
	Values  map[string][]string
}

// DecideAppeal decides an appeal. Staff of the case's department and the operator may, but for whoever decided the case: fault.Denied
// "appeal.own". A second verdict is fault.Conflict "appeal.decided". Reason is what the resident is told.
func (d *Desk) DecideAppeal(ctx context.Context, a actor.Actor, no string, v AppealVerdict) (_ Case, err error) {
	defer fault.Wrap(&err, "decide appeal %s by %s", no, a)
	c, m, _, err := d.openAppeal(ctx, a, no)
	if err != nil {
		return Case{}, err
	}
	v.Reason = strings.TrimSpace(v.Reason)
	var noReason, noOutcome *fault.Error
	if n := utf8.RuneCountInString(v.Reason); n < minReasons || n > maxReasons {
		noReason = fault.Invalid("appeal.reason", "请写明理由，5 到 1000 个字，申诉人会看到").On("reason")
	}
	if !slices.Contains(Outcomes(), v.Outcome) {
		noOutcome = fault.Invalid("appeal.outcome", "请选申诉结果").On("outcome")
	}
	if err := fault.Join(noOutcome, noReason); err != nil {
		return Case{}, err
	}
	return d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		i := slices.IndexFunc(c.Remedies.Appeals, func(x Appeal) bool { return x.No == no })
		switch {
		case i < 0:
			return nil, noTask()
		case c.Remedies.Appeals[i].Outcome != "":
			return nil, fault.Conflict("appeal.decided", "这件申诉已经有结果了")
		case c.decidedBy(a.String()):
			return nil, fault.Denied("appeal.own", "原来的决定是您作的，申诉要由另一位工作人员办")
		}
		return d.appealed(c, m, a, i, v)
	})
}

// appealed is the rule: keep the verdict, and let the engine open the case again unless the decision stands.
func (d *Desk) appealed(c *Case, m matter, a actor.Actor, i int, v AppealVerdict) ([]event.Body, error) {
	now := m.env.Now
	c.Remedies.Appeals = slices.Clone(c.Remedies.Appeals)
	x := &c.Remedies.Appeals[i]
	x.Outcome, x.Reason, x.Decided, x.By = v.Outcome, v.Reason, now, a.String()
	c.note(now, "appeal_"+string(v.Outcome), "house")
	decided := func(c *Case) event.Body {
		return AppealDecidedEvent{c.meta(a), c.subject(), x.No, v.Outcome, now.After(x.Due)}
	}
	if v.Outcome == Upheld {
		c.Updated = now
		return []event.Body{decided(c)}, nil
	}
	// Whoever decides an appeal has decided the case from then on: a further appeal goes to somebody else again.
	c.Rulings = append(c.Rulings[:len(c.Rulings):len(c.Rulings)], Ruling{At: now, By: a.String(), What: Decision(v.Outcome), Reason: v.Reason})
	return d.apply(c, m, a, service.Reopen{What: string(v.Outcome), Reason: v.Reason, Values: v.Values}, decided)
}

// overturned reports whether an actor made a decision that an appeal sent back: somebody else decides anew.
func (c Case) overturned(actor string) bool {
	n := len(c.Remedies.Appeals)
	return n > 0 && c.Remedies.Appeals[n-1].Outcome == Back && !c.State.Ended() && slices.ContainsFunc(c.Rulings, func(r Ruling) bool {
		return r.By == actor && !r.At.After(c.Remedies.Appeals[n-1].Against)
	})
}
