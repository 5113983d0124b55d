package cases

import (
	"zhijian/domain/service"
	"zhijian/ground/event"
	"zhijian/ground/money"
)

// Subject is what all events of one case say. The event's key is No. State is the state after the event.
type Subject struct {
	No       string `json:"no"`
	Resident int64  `json:"resident,omitempty"`
	Version  int    `json:"version"`
	State    State  `json:"state"`
	// Right is by what it is somebody else's matter, "child/7" or "mandate/9"; empty for the resident's own.
	Right string `json:"right,omitempty"`
}

// OpenedEvent: a case was opened. Channel is how, Level how well its resident was proven then.
type OpenedEvent struct {
	event.Meta
	Subject
	Channel Channel `json:"channel"`
	Level   int     `json:"level,omitempty"`
}

// ClaimedEvent: a visitor's case became a resident's.
type ClaimedEvent struct {
	event.Meta
	Subject
}

// AnsweredEvent: the resident answered a step.
type AnsweredEvent struct {
	event.Meta
	Subject
	Step string `json:"step"`
}

// ChangedEvent: the resident went back to a step.
type ChangedEvent struct {
	event.Meta
	Subject
	Step string `json:"step"`
}

// RetriedEvent: the resident asked a silent office again.
type RetriedEvent struct {
	event.Meta
	Subject
	Step string `json:"step"`
}

// AskedEvent: something is to be done outside; the consumer "cases.effects" does it. Of is the order's or reservation's
// number where the effect names one. Try counts repetitions because the payment channel had no answer, from 0.
type AskedEvent struct {
	event.Meta
	Subject
	Effect  string `json:"effect"`
	Step    string `json:"step"`
	Attempt int    `json:"attempt"`
	Of      string `json:"of,omitempty"`
	Try     int    `json:"try,omitempty"`
}

// HeardEvent: an outcome came back. Outcome is its kind: "answered", "refused", "down", "limited", "held", "taken", …
type HeardEvent struct {
	event.Meta
	Subject
	Effect  string `json:"effect"`
	Outcome string `json:"outcome"`
	Step    string `json:"step"`
	Attempt int    `json:"attempt"`
}

// PayingEvent: the resident can pay now.
type PayingEvent struct {
	event.Meta
	Subject
	Step string `json:"step"`
}

// PaidEvent: the payment the case waited for came.
type PaidEvent struct {
	event.Meta
	Subject
	Step  string `json:"step"`
	Order string `json:"order"`
}

// FiledEvent: the case is on its way to the office.
type FiledEvent struct {
	event.Meta
	Subject
	Step string `json:"step"`
}

// DoneEvent: the case ended as wished (state "done") or with an answer (state "answered"). End is the result's id, Took the
// time from opening, Due the promised end. Order and Amount name what was paid and not given back, so that the chain vouches for the receipt.
type DoneEvent struct {
	event.Meta
	Subject
	End    string    `json:"end"`
	Took   int64     `json:"took"`          // ms
	Due    int64     `json:"due,omitempty"` // Unix ms: the promised end; 0 when none was promised
	Order  string    `json:"order,omitempty"`
	Amount money.Fen `json:"amount,omitempty"`
}

// RefusedEvent: the office said no, or never confirmed; what was paid is back.
type RefusedEvent struct {
	event.Meta
	Subject
	Refunded bool  `json:"refunded"`
	Took     int64 `json:"took"`          // ms
	Due      int64 `json:"due,omitempty"` // Unix ms: the promised end; 0 when none was promised
}

// RefundingEvent: what was paid goes back.
type RefundingEvent struct {
	event.Meta
	Subject
}

// RefundedEvent: what was paid is back. Order names the order, or the refund when it was paid twice; Amount is what came back.
type RefundedEvent struct {
	event.Meta
	Subject
	Order  string    `json:"order"`
	Amount money.Fen `json:"amount,omitempty"`
}

// RecallingEvent: the resident takes back what was filed, and its offices are asked to let go. Nth counts from 1.
type RecallingEvent struct {
	event.Meta
	Subject
	Step string `json:"step"`
	Nth  int    `json:"nth"`
}

// RecallKeptEvent: an office did not let go of what the resident wanted back, and the case goes on. Its reason is sealed with the case.
type RecallKeptEvent struct {
	event.Meta
	Subject
	Step string `json:"step"`
	Nth  int    `json:"nth"`
}

// WithdrawnEvent: the resident called the case off, and where it had been filed its offices let go of it.
type WithdrawnEvent struct {
	event.Meta
	Subject
}

// ExpiredEvent: nobody went on in time.
type ExpiredEvent struct {
	event.Meta
	Subject
}

// StuckEvent: a person of the department must look.
type StuckEvent struct {
	event.Meta
	Subject
	Step string `json:"step"`
}

// RatedEvent: the resident judged the service. Was is the judgement it replaces, 0 for none.
type RatedEvent struct {
	event.Meta
	Subject
	Stars   int      `json:"stars"`
	Was     int      `json:"was,omitempty"`
	Reasons []string `json:"reasons,omitempty"`
}

// MoreEvent: the resident was asked for more. Step is the page that asks; what is wanted is on it.
type MoreEvent struct {
	event.Meta
	Subject
	Step string `json:"step"`
}

// ReviewedEvent: a member of staff decided at a review step. Ruling is as in DecidedEvent.
type ReviewedEvent struct {
	event.Meta
	Subject
	Step    string          `json:"step"`
	Verdict service.Verdict `json:"verdict"`
	Ruling  int             `json:"ruling"`
}

// DecidedEvent: staff moved a stuck case. Ruling is the place of the decision among the case's rulings, from 1: the reason is sealed there,
// because events are kept for ever and hold no free text.
type DecidedEvent struct {
	event.Meta
	Subject
	What   Decision `json:"what"`
	Ruling int      `json:"ruling"`
}

// ProposedEvent: a member of staff wants a decision that takes two. Ruling is as in DecidedEvent.
type ProposedEvent struct {
	event.Meta
	Subject
	What   Decision `json:"what"`
	Ruling int      `json:"ruling"`
}

// ReadEvent: staff looked at a case. The resident sees it. Purpose is one of Purposes. File is the id of the file that was opened, empty
// for a look at the case itself.
type ReadEvent struct {
	event.Meta
	Subject
	Purpose string `json:"purpose"`
	File    string `json:"file,omitempty"`
}

// UploadedEvent: the resident uploaded a file for an answer. Nothing of what it shows or is called is in the event.
type UploadedEvent struct {
	event.Meta
	Subject
	File   string `json:"file"`
	Answer string `json:"answer"`
	Kind   string `json:"kind"`
	Size   int64  `json:"size"` // bytes kept
}

// DiscardedEvent: a file is gone. Why is "owner" (its resident deleted it), "unused" (no answer named it) or "over" (its case ended long ago).
type DiscardedEvent struct {
	event.Meta
	Subject
	File string `json:"file"`
	Why  string `json:"why"`
}

// Why files go.
const (
	discardedByOwner = "owner"
	discardedUnused  = "unused"
	discardedOver    = "over"
)

// FileDue has the house look whether a file goes.
type FileDue struct {
	event.Meta
	No   string `json:"no"`
	File string `json:"file"`
	At   int64  `json:"at"` // Unix ms: the Kept it was set for
}

// LookedUpEvent: an office told about a vehicle, as to somebody who is not its owner. Owner is the resident it belongs to, who is
// told that somebody looked, and never who. The event carries no plate.
type LookedUpEvent struct {
	event.Meta
	Subject
	Owner int64 `json:"owner"`
}

// DraftDue ends a case that nobody touched for 30 days.
type DraftDue struct {
	event.Meta
	No string `json:"no"`
	At int64  `json:"at"` // Unix ms: the Kept it was set for
}

// CorrectedEvent: the resident put something right while it was decided. Nth counts from 1; what was put right is sealed with the case.
type CorrectedEvent struct {
	event.Meta
	Subject
	Step string `json:"step"`
	Nth  int    `json:"nth"`
}

// AppealedEvent: the resident appealed against how the case ended. Appeal is its number.
type AppealedEvent struct {
	event.Meta
	Subject
	Appeal string `json:"appeal"`
}

// AppealDecidedEvent: a second person decided an appeal. The reason is sealed with the case.
type AppealDecidedEvent struct {
	event.Meta
	Subject
	Appeal  string  `json:"appeal"`
	Outcome Outcome `json:"outcome"`
	Late    bool    `json:"late,omitempty"`
}

// AmendAskedEvent: the resident pointed out a mistake in the result. Amendment is its number; what she says is sealed with the case.
type AmendAskedEvent struct {
	event.Meta
	Subject
	Amendment string `json:"amendment"`
}

// AmendDecidedEvent: a mistake in the result was put right, or the result stands. Reason and values are sealed with the case.
type AmendDecidedEvent struct {
	event.Meta
	Subject
	Amendment string       `json:"amendment"`
	Outcome   AmendOutcome `json:"outcome"`
	Late      bool         `json:"late,omitempty"`
}

// ReopenedEvent: a refused case is open again, by an appeal.
type ReopenedEvent struct {
	event.Meta
	Subject
}

// ContactedEvent: staff got in touch about a bad rating.
type ContactedEvent struct {
	event.Meta
	Subject
	Late bool `json:"late,omitempty"`
}

// RatingAnsweredEvent: a bad rating was answered, by the department (level 1) or the operator (2).
type RatingAnsweredEvent struct {
	event.Meta
	Subject
	Level int  `json:"level"`
	Late  bool `json:"late,omitempty"`
}

// SettledEvent: the resident said whether the answer to a bad rating settles it.
type SettledEvent struct {
	event.Meta
	Subject
	Settled bool `json:"settled"`
}

// OverdueEvent: an appeal, a mistake pointed out or a follow-up ran out; the operator sees it.
type OverdueEvent struct {
	event.Meta
	Subject
	Kind TaskKind `json:"kind"`
}

// TaskDue has the house look whether an appeal, a mistake pointed out or a follow-up was done in time.
type TaskDue struct {
	event.Meta
	No   string `json:"no"`
	Task string `json:"task"`
	At   int64  `json:"at"` // Unix ms: the time it was set for
}

// EventName names the event.
func (OpenedEvent) EventName() string { return "cases.opened" }

// EventName names the event.
func (ClaimedEvent) EventName() string { return "cases.claimed" }

// EventName names the event.
func (AnsweredEvent) EventName() string { return "cases.answered" }

// EventName names the event.
func (ChangedEvent) EventName() string { return "cases.changed" }

// EventName names the event.
func (RetriedEvent) EventName() string { return "cases.retried" }

// EventName names the event.
func (AskedEvent) EventName() string { return "cases.asked" }

// EventName names the event.
func (HeardEvent) EventName() string { return "cases.heard" }

// EventName names the event.
func (PayingEvent) EventName() string { return "cases.paying" }

// EventName names the event.
func (PaidEvent) EventName() string { return "cases.paid" }

// EventName names the event.
func (FiledEvent) EventName() string { return "cases.filed" }

// EventName names the event.
func (DoneEvent) EventName() string { return "cases.done" }

// EventName names the event.
func (RefusedEvent) EventName() string { return "cases.refused" }

// EventName names the event.
func (RefundingEvent) EventName() string { return "cases.refunding" }

// EventName names the event.
func (RefundedEvent) EventName() string { return "cases.refunded" }

// EventName names the event.
func (RecallingEvent) EventName() string { return "cases.recalling" }

// EventName names the event.
func (RecallKeptEvent) EventName() string { return "cases.recall_kept" }

// EventName names the event.
func (WithdrawnEvent) EventName() string { return "cases.withdrawn" }

// EventName names the event.
func (ExpiredEvent) EventName() string { return "cases.expired" }

// EventName names the event.
func (StuckEvent) EventName() string { return "cases.stuck" }

// EventName names the event.
func (RatedEvent) EventName() string { return "cases.rated" }

// EventName names the event.
func (MoreEvent) EventName() string { return "cases.more" }

// EventName names the event.
func (ReviewedEvent) EventName() string { return "cases.reviewed" }

// EventName names the event.
func (DecidedEvent) EventName() string { return "cases.decided" }

// EventName names the event.
func (ProposedEvent) EventName() string { return "cases.proposed" }

// EventName names the event.
func (ReadEvent) EventName() string { return "cases.read" }

// EventName names the event.
func (LookedUpEvent) EventName() string { return "cases.looked_up" }

// EventName names the event.
func (UploadedEvent) EventName() string { return "cases.uploaded" }

// EventName names the event.
func (DiscardedEvent) EventName() string { return "cases.discarded" }

// EventName names the alarm.
func (FileDue) EventName() string { return "cases.file_due" }

// EventName names the alarm.
func (DraftDue) EventName() string { return "cases.draft_due" }

// EventName names the event.
func (CorrectedEvent) EventName() string { return "cases.corrected" }

// EventName names the event.
func (AppealedEvent) EventName() string { return "cases.appealed" }

// EventName names the event.
func (AppealDecidedEvent) EventName() string { return "cases.appeal_decided" }

// EventName names the event.
func (AmendAskedEvent) EventName() string { return "cases.amend_asked" }

// EventName names the event.
func (AmendDecidedEvent) EventName() string { return "cases.amend_decided" }

// EventName names the event.
func (ReopenedEvent) EventName() string { return "cases.reopened" }

// EventName names the event.
func (ContactedEvent) EventName() string { return "cases.contacted" }

// EventName names the event.
func (RatingAnsweredEvent) EventName() string { return "cases.rating_answered" }

// EventName names the event.
func (SettledEvent) EventName() string { return "cases.settled" }

// EventName names the event.
func (OverdueEvent) EventName() string { return "cases.overdue" }

// EventName names the alarm.
func (TaskDue) EventName() string { return "cases.task_due" }

// Events lists a zero value of every event and alarm of the room.
func Events() []event.Body {
	return []event.Body{
		OpenedEvent{},
		ClaimedEvent{},
		AnsweredEvent{},
		ChangedEvent{},
		RetriedEvent{},
		AskedEvent{},
		HeardEvent{},
		PayingEvent{},
		PaidEvent{},
		FiledEvent{},
		DoneEvent{},
		RefusedEvent{},
		RefundingEvent{},
		RefundedEvent{},
		RecallingEvent{},
		RecallKeptEvent{},
		WithdrawnEvent{},
		ExpiredEvent{},
		StuckEvent{},
		RatedEvent{},
		MoreEvent{},
		ReviewedEvent{},
		DecidedEvent{},
		ProposedEvent{},
		ReadEvent{},
		LookedUpEvent{},
		UploadedEvent{},
		DiscardedEvent{},
		CorrectedEvent{},
		AppealedEvent{},
		AppealDecidedEvent{},
		AmendAskedEvent{},
		AmendDecidedEvent{},
		ReopenedEvent{},
		ContactedEvent{},
		RatingAnsweredEvent{},
		SettledEvent{},
		OverdueEvent{},
		DraftDue{},
		FileDue{},
		TaskDue{},
	}
}
