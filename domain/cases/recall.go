package cases

import (
	"slices"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// maxRecalls bounds how often a resident may have the offices asked to let go of one case.
const maxRecalls = 10

// Recall is how a resident took back what was filed (撤回), and what its offices said to that.
type Recall struct {
	At       time.Time     `json:"at"`
	Answered time.Time     `json:"answered,omitzero"`
	Outcome  RecallOutcome `json:"outcome,omitempty"` // empty while the offices are asked
	Reason   string        `json:"reason,omitempty"`  // the office's sentence, or that of who decided
}

// RecallOutcome is what came of taking a case back.
type RecallOutcome string

// The outcomes.
const (
	RecallLetGo RecallOutcome = "letgo" // the case is withdrawn
	RecallKept  RecallOutcome = "kept"  // the case goes on
)

// The lines of a case whose resident wants it back: that its office is asked, and did not let go or did.
const (
	recalling = "recalling"
	kept      = "kept"
	letGo     = "letgo"
)

// recall asks the offices to let go of what was filed. The case ends when they have.
func (d *Desk) recall(c *Case, m matter, a actor.Actor) ([]event.Body, error) {
	if len(c.Remedies.Recalls) >= maxRecalls {
		return nil, fault.Conflict("recall.many", "部门已经多次没有同意撤回。请打办理部门的电话，或打 12345")
	}
	bodies, err := d.apply(c, m, a, service.Recall{}, func(c *Case) event.Body {
		return RecallingEvent{c.meta(a), c.subject(), c.Data.Step, len(c.Remedies.Recalls) + 1}
	})
	if err != nil || bodies == nil {
		return nil, err
	}
	old := c.Remedies.Recalls
	c.Remedies.Recalls = append(old[:len(old):len(old)], Recall{At: m.env.Now})
	c.note(m.env.Now, recalling, "you")
	return bodies, nil
}

// recallAnswered records what came of taking a case back when a move has decided it, and gives the event of one that goes on.
func (c *Case) recallAnswered(was Case, a actor.Actor, reason string, now time.Time) []event.Body {
	n := len(c.Remedies.Recalls)
	if was.Data.Recall == nil || c.Data.Recall != nil || n == 0 {
		return nil
	}
	c.Remedies.Recalls = slices.Clone(c.Remedies.Recalls)
	r := &c.Remedies.Recalls[n-1]
	r.Answered, r.Outcome = now, RecallLetGo
	if c.State == Withdrawn {
		return nil
	}
	r.Outcome, r.Reason = RecallKept, reason
	// In front of what the move itself led to: it moved because the office kept the case.
	at := min(len(was.Log), len(c.Log))
	c.Log = slices.Insert(slices.Clone(c.Log), at, Entry{At: now, Code: kept, Who: "house"})
	return []event.Body{RecallKeptEvent{c.meta(a), c.subject(), c.Data.Step, n}}
}

// waited is the state that a case had before its resident wanted it back: what it goes on as is news only when it differs from that.
func (c Case) waited() State {
	switch r := c.Data.Recall; {
	case c.State != Recalling || r == nil:
		return c.State
	case r.Stuck:
		return Stuck
	case r.Phase == "reviewing":
		return Reviewing
	}
	return Filing
}

// Recalled reports a case that its resident took back after it had been filed.
func (c Case) Recalled() bool { return c.State == Withdrawn && c.Data.End == service.EndWithdrawn }
