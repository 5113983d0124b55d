package cases

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// Followup is what a department owes whoever rated it badly (差评整改): to get in touch, to put it right, and to say what it did.
//
// 国办发〔2019〕51号, wants each bad rating looked into, put right and answered, and the rater shielded; it names no days. The days are
// those of local rules (GB/T 39734 leaves 5 to 15 to them) and are settings: Config.ContactDays and Config.AnswerDays. Staff are not told who
// rated: a follow-up has a number of its own, they write through the house, and to whoever decided the case it does not exist.
type Followup struct {
	No        string    `json:"no"`
	Opened    time.Time `json:"opened"`
	ContactBy time.Time `json:"contact_by"`
	Due       time.Time `json:"due"`
	Level     int       `json:"level"` // 1: the department; 2: the operator, because it was late or did not settle the matter
	Late      bool      `json:"late,omitempty"`
	Alarm     time.Time `json:"alarm,omitzero"` // the last time that ran out
	Contacted time.Time `json:"contacted,omitzero"`
	Note      string    `json:"note,omitempty"` // what staff wrote when they got in touch
	Answered  time.Time `json:"answered,omitzero"`
	Answer    string    `json:"answer,omitempty"`
	InTime    bool      `json:"in_time,omitempty"` // the first answer came in time
	Settled   string    `json:"settled,omitempty"` // what the resident says: "yes", "no"; empty until then
	Dropped   bool      `json:"dropped,omitempty"` // the rating was made better within its day
}

// open reports a follow-up that waits for staff.
func (f Followup) open() bool { return !f.Dropped && f.Answered.IsZero() }

// next is when something must have been done: get in touch, then answer.
func (f Followup) next() time.Time {
	if f.Contacted.IsZero() && f.Level < 2 {
		return f.ContactBy
	}
	return f.Due
}

// Bad reports one of the two lowest of the five grades (不满意, 非常不满意).
func (r Rating) Bad() bool { return r.Stars <= 2 }

// follow opens a follow-up for a bad rating, and drops it when the rating is made better while nobody has answered.
func (d *Desk) follow(c *Case, no string, now time.Time) event.Body {
	f := c.Remedies.Followup
	switch {
	case c.Rating.Bad() && f == nil:
		f = &Followup{No: no, Opened: now, ContactBy: workdays(now, d.c.ContactDays), Due: workdays(now, d.c.AnswerDays), Level: 1}
		c.Remedies.Followup = f
		return f.alarm(*c)
	case f == nil || !f.Answered.IsZero():
		return nil
	}
	if dropped := !c.Rating.Bad(); f.Dropped != dropped {
		kept := *f
		kept.Dropped = dropped
		c.Remedies.Followup = &kept
	}
	return nil
}

func (f Followup) alarm(c Case) event.Body {
	at := f.next()
	return event.Later{Body: TaskDue{c.meta(actor.House), c.No, f.No, at.UnixMilli()}, At: at}
}

// Followed is a follow-up as staff see it: how it was rated and why, and nobody's name or case.
type Followed struct {
	Followup
	City    string
	Service string
	Version int
	Stars   int
	Reasons []string
	Text    string
}

// TaskFinder is what staff want to see of their tasks.
type TaskFinder struct {
	Kind    TaskKind
	Overdue bool
}

// Tasks gives staff what is to be done, the most urgent first: those of their department, all for the operator. Appeals and ratings of a case that
// they decided themselves are left out.
func (d *Desk) Tasks(ctx context.Context, a actor.Actor, f TaskFinder) (_ []Task, err error) {
	defer fault.Wrap(&err, "tasks of %s", a)
	department, err := scope(a)
	if err != nil {
		return nil, err
	}
	filter := TaskFilter{Kind: f.Kind, Department: department}
	if f.Overdue {
		filter.Overdue = d.c.Clock.Now()
	}
	list, err := d.c.Store.Tasks(ctx, filter)
	if err != nil {
		return nil, err
	}
	out := make([]Task, 0, len(list))
	for _, t := range list {
		c, err := d.c.Store.Case(ctx, t.Case)
		if err != nil {
			return nil, err
		}
		if t.Kind == TaskAmend || !c.decidedBy(a.String()) {
			out = append(out, t)
		}
	}
	return out, nil
}

func noTask() error { return fault.NotFound("task", "没有找到这件事，可能已经办了") }

// task finds a task within the actor's scope; one outside it does not exist.
func (d *Desk) task(ctx context.Context, a actor.Actor, kind TaskKind, no string) (Task, error) {
	department, err := scope(a)
	if err != nil {
		return Task{}, err
	}
	t, err := d.c.Store.Task(ctx, no)
	if err != nil {
		return Task{}, err
	}
	if t.Kind != kind || department != 0 && t.Department != department {
		return Task{}, noTask()
	}
	return t, nil
}

// followup finds a follow-up for a member of staff who may work on it.
func (d *Desk) followup(ctx context.Context, a actor.Actor, no string) (Case, error) {
	t, err := d.task(ctx, a, TaskFollowup, no)
	if err != nil {
		return Case{}, err
	}
	c, err := d.c.Store.Case(ctx, t.Case)
	if err != nil {
		return Case{}, err
	}
	if f := c.Remedies.Followup; f == nil || f.No != no || c.decidedBy(a.String()) {
		return Case{}, noTask()
	}
	return c, nil
}

// Followup shows staff a bad rating that they must answer. fault.NotFound to another department, and to whoever decided the case.
func (d *Desk) Followup(ctx context.Context, a actor.Actor, no string) (_ Followed, err error) {
	defer fault.Wrap(&err, "follow-up %s by %s", no, a)
	c, err := d.followup(ctx, a, no)
	if err != nil {
		return Followed{}, err
	}
	return c.followed(), nil
}

func (c Case) followed() Followed {
	f := Followed{Followup: *c.Remedies.Followup, City: c.City, Service: c.Service, Version: c.Version}
	if r := c.Rating; r != nil {
		f.Stars, f.Reasons, f.Text = r.Stars, r.Reasons, r.Text
	}
	return f
}

// words reads what staff write to whoever rated.
func words(text string) (string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < minReasons || n > maxReasons {
		return "", fault.Invalid("followup.text", "请写 5 到 1000 个字，评价人会看到").On("text")
	}
	return text, nil
}

// Contact records that staff got in touch, with what they wrote, which the resident reads. Once.
func (d *Desk) Contact(ctx context.Context, a actor.Actor, no, text string) (err error) {
	defer fault.Wrap(&err, "contact about follow-up %s by %s", no, a)
	return d.onFollowup(ctx, a, no, text, func(c *Case, f *Followup, text string, now time.Time) ([]event.Body, error) {
		if !f.Contacted.IsZero() {
			return nil, fault.Conflict("followup.contacted", "已经联系过了，请写办理结果")
		}
		f.Contacted, f.Note = now, text
		c.note(now, "contacted", "house")
		return []event.Body{ContactedEvent{c.meta(a), c.subject(), now.After(f.ContactBy)}, f.alarm(*c)}, nil
	})
}

// AnswerRating tells the resident what was done about a bad rating. She can say whether that settles it; the operator's answer is the last.
func (d *Desk) AnswerRating(ctx context.Context, a actor.Actor, no, text string) (err error) {
	defer fault.Wrap(&err, "answer follow-up %s by %s", no, a)
	return d.onFollowup(ctx, a, no, text, func(c *Case, f *Followup, text string, now time.Time) ([]event.Body, error) {
		late := now.After(f.Due)
		if f.Settled == "" {
			f.InTime = !late
		}
		f.Answered, f.Answer = now, text
		c.note(now, "rating_answered", "house")
		return []event.Body{RatingAnsweredEvent{c.meta(a), c.subject(), f.Level, late}}, nil
	})
}

// onFollowup changes an open follow-up by what staff wrote.
func (d *Desk) onFollowup(ctx context.Context, a actor.Actor, no, text string, rule func(*Case, *Followup, string, time.Time) ([]event.Body, error)) error {
	c, err := d.followup(ctx, a, no)
	if err != nil {
		return err
	}
	if text, err = words(text); err != nil {
		return err
	}
	now := d.c.Clock.Now()
	_, err = d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		if c.Remedies.Followup == nil || c.decidedBy(a.String()) {
			return nil, noTask()
		}
		f := *c.Remedies.Followup
		switch {
		case !f.open():
			return nil, fault.Conflict("followup.answered", "这条评价已经答复了")
		case f.Level > 1 && a.Kind != actor.Operator:
			return nil, fault.Conflict("followup.second", "这条评价已经转到上一级办，请等结果")
		}
		bodies, err := rule(c, &f, text, now)
		c.Remedies.Followup = &f
		return bodies, err
	})
	return err
}

// Settle takes, once, whether the answer to a bad rating settles the matter. When it does not, the operator answers in the same time.
func (d *Desk) Settle(ctx context.Context, w Who, no string, settled bool) (err error) {
	defer fault.Wrap(&err, "settle the rating of case %s", no)
	c, err := d.own(ctx, w, no)
	if err != nil {
		return err
	}
	if err := d.mandated(ctx, w, c); err != nil {
		return err
	}
	now := d.c.Clock.Now()
	_, err = d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		f := c.Remedies.Followup
		switch {
		case !w.owns(*c):
			return nil, absent()
		case f == nil || f.Answered.IsZero() && f.Settled == "":
			return nil, fault.Conflict("followup.early", "部门还没有答复")
		case f.Settled != "":
			return nil, fault.Conflict("followup.settled", "您已经说过了，每条评价只问一次")
		}
		kept := *f
		kept.Settled = "yes"
		code := "settled"
		bodies := []event.Body{SettledEvent{c.meta(w.Actor), c.subject(), settled}}
		if !settled {
			kept.Settled, code = "no", "unsettled"
			if kept.Level < 2 {
				kept.Level, kept.Answered, kept.Due = 2, time.Time{}, workdays(now, d.c.AnswerDays)
				bodies = append(bodies, kept.alarm(*c))
			}
		}
		c.Remedies.Followup = &kept
		c.note(now, code, "you")
		return bodies, nil
	})
	return err
}

// onTaskDue marks an appeal, a mistake pointed out or a follow-up that ran out: the operator sees it from then on.
func (d *Desk) onTaskDue(ctx context.Context, e event.Event) (err error) {
	var due TaskDue
	if err := e.Decode(&due); err != nil {
		return err
	}
	defer fault.Wrap(&err, "task %s of case %s is due", due.Task, due.No)
	_, err = d.c.Store.Change(ctx, due.No, func(c *Case) ([]event.Body, error) {
		now := d.c.Clock.Now()
		if i := slices.IndexFunc(c.Remedies.Appeals, func(a Appeal) bool { return a.No == due.Task }); i >= 0 {
			a := c.Remedies.Appeals[i]
			if a.Outcome != "" || a.Late || now.Before(a.Due) {
				return nil, nil
			}
			a.Late = true
			c.Remedies.Appeals = slices.Clone(c.Remedies.Appeals)
			c.Remedies.Appeals[i] = a
			c.note(now, "appeal_late", "house")
			return []event.Body{OverdueEvent{c.meta(actor.House), c.subject(), TaskAppeal}}, nil
		}
		if i := c.Remedies.amendment(due.Task); i >= 0 {
			return c.amendDue(i, now), nil
		}
		f, at := c.Remedies.Followup, clock.FromMillis(due.At)
		if f == nil || f.No != due.Task || !f.open() || now.Before(at) || !at.After(f.Alarm) {
			return nil, nil
		}
		missed := at.Equal(f.ContactBy) && f.Contacted.IsZero()
		if !missed && !at.Equal(f.Due) {
			return nil, nil
		}
		kept := *f
		kept.Late, kept.Alarm = true, at
		c.Remedies.Followup = &kept
		c.note(now, "followup_late", "house")
		bodies := []event.Body{OverdueEvent{c.meta(actor.House), c.subject(), TaskFollowup}}
		if at.Before(kept.Due) { // nobody got in touch; there is still time to answer
			bodies = append(bodies, event.Later{Body: TaskDue{c.meta(actor.House), c.No, f.No, clock.Millis(kept.Due)}, At: kept.Due})
		}
		return bodies, nil
	})
	return err
}
