package cases

import (
	"slices"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/ground/workday"
)

// Remedies is what a resident did about what she had sent (更正, 撤回), what was decided (申诉), a mistake in the result (结果更正) and
// how it was done (差评). It is sealed with the case.
type Remedies struct {
	Corrections []Correction `json:"corrections,omitempty"` // oldest first
	Recalls     []Recall     `json:"recalls,omitempty"`     // oldest first; the last may still be asked for
	Appeals     []Appeal     `json:"appeals,omitempty"`     // oldest first; at most one for each decision
	Amendments  []Amendment  `json:"amendments,omitempty"`  // oldest first; at most one is open
	Followup    *Followup    `json:"followup,omitempty"`    // of a bad rating
}

// Correction is what a resident put right at one moment, old and new.
type Correction struct {
	At   time.Time           `json:"at"`
	Rows []service.Corrected `json:"rows"`
}

// Task is a piece of work that somebody of the department must do besides deciding cases: an appeal, a mistake in a result or a follow-up. It names nobody.
type Task struct {
	No         string // public number of its own
	Case       string
	Kind       TaskKind
	Department int64
	City       string
	Service    string
	Open       bool // somebody must act
	Opened     time.Time
	Due        time.Time
	Late       bool // it ran out once, and the operator sees it too
}

// TaskKind is what a task is.
type TaskKind string

// The kinds of task.
const (
	TaskAppeal   TaskKind = "appeal"
	TaskAmend    TaskKind = "amend"
	TaskFollowup TaskKind = "followup"
)

// Tasks lists what the case asks of staff besides its steps, done and undone.
func (c Case) Tasks() []Task {
	var out []Task
	base := Task{Case: c.No, Department: c.Department, City: c.City, Service: c.Service}
	for _, a := range c.Remedies.Appeals {
		t := base
		t.No, t.Kind, t.Open, t.Opened, t.Due, t.Late = a.No, TaskAppeal, a.Outcome == "", a.At, a.Due, a.Late
		out = append(out, t)
	}
	for _, a := range c.Remedies.Amendments {
		t := base
		t.No, t.Kind, t.Open, t.Opened, t.Due, t.Late = a.No, TaskAmend, a.Outcome == "", a.At, a.Due, a.Late
		out = append(out, t)
	}
	if f := c.Remedies.Followup; f != nil {
		t := base
		t.No, t.Kind, t.Open, t.Opened, t.Due, t.Late = f.No, TaskFollowup, f.open(), f.Opened, f.next(), f.Late || f.Level > 1
		out = append(out, t)
	}
	return out
}

// TaskFilter selects tasks that are to be done, those that run out first before the others. Zero fields do not filter.
type TaskFilter struct {
	Kind       TaskKind
	Department int64
	Overdue    time.Time // Due before this
	Limit      int       // 0 means 50, at most 200
}

// decidedBy reports whether an actor decided the case, proposed how, or put its result right or would not.
func (c Case) decidedBy(actor string) bool {
	return slices.ContainsFunc(c.Rulings, func(r Ruling) bool { return r.By == actor }) ||
		slices.ContainsFunc(c.Remedies.Amendments, func(a Amendment) bool { return a.By == actor })
}

// workdays is the end of the n-th working day after a moment, Shanghai time.
func workdays(from time.Time, n int) time.Time {
	y, m, d := workday.Add(from.In(clock.Shanghai), n).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, clock.Shanghai)
}

// told is what the resident may take along: all of it but who decided.
func (r Remedies) told() Remedies {
	r.Appeals = slices.Clone(r.Appeals)
	for i := range r.Appeals {
		r.Appeals[i].By = ""
	}
	r.Amendments = slices.Clone(r.Amendments)
	for i := range r.Amendments {
		r.Amendments[i].By = ""
	}
	return r
}
