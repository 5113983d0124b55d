package bundle

import "zhijian/ground/event"

// Subject is what all events of one bundle say. The event's key is No. State is the state after the event.
type Subject struct {
	No       string `json:"no"`
	Resident int64  `json:"resident"`
	Bundle   string `json:"bundle"`
	Version  int    `json:"version"`
	State    State  `json:"state"`
}

// OpenedEvent: a resident began a matter of life.
type OpenedEvent struct {
	event.Meta
	Subject
	Channel string `json:"channel"`
	Level   int    `json:"level,omitempty"`
}

// StartedEvent: the shared questions are answered and the members chosen. Members counts those that are wanted.
type StartedEvent struct {
	event.Meta
	Subject
	Members int `json:"members"`
}

// ReadyEvent: a member begins; the consumer "bundle.members" opens its case. Round counts how often it has begun.
type ReadyEvent struct {
	event.Meta
	Subject
	Member string `json:"member"`
	Round  int    `json:"round"`
}

// BegunEvent: the case of a member was opened.
type BegunEvent struct {
	event.Meta
	Subject
	Member string `json:"member"`
	Case   string `json:"case"`
}

// HeardEvent: the case of a member ended, or could not be opened. Standing is what the member became, Why the reason when it failed.
type HeardEvent struct {
	event.Meta
	Subject
	Member   string `json:"member"`
	Standing string `json:"standing"`
	Why      string `json:"why,omitempty"`
}

// ChosenEvent: the resident wants a member, or does not, or tries it again.
type ChosenEvent struct {
	event.Meta
	Subject
	Member string `json:"member"`
	Choice Choice `json:"choice"`
}

// DoneEvent: everything that was wanted is done.
type DoneEvent struct {
	event.Meta
	Subject
	Took int64 `json:"took"` // ms since it was begun
}

// ClosedEvent: the resident put it away.
type ClosedEvent struct {
	event.Meta
	Subject
}

// ExpiredEvent: nobody answered the questions in time.
type ExpiredEvent struct {
	event.Meta
	Subject
}

// DraftDue ends a bundle whose questions nobody answered for 30 days.
type DraftDue struct {
	event.Meta
	No string `json:"no"`
	At int64  `json:"at"` // Unix ms: the Kept it was set for
}

// EventName names the event.
func (OpenedEvent) EventName() string { return "bundle.opened" }

// EventName names the event.
func (StartedEvent) EventName() string { return "bundle.started" }

// EventName names the event.
func (ReadyEvent) EventName() string { return "bundle.ready" }

// EventName names the event.
func (BegunEvent) EventName() string { return "bundle.begun" }

// EventName names the event.
func (HeardEvent) EventName() string { return "bundle.heard" }

// EventName names the event.
func (ChosenEvent) EventName() string { return "bundle.chosen" }

// EventName names the event.
func (DoneEvent) EventName() string { return "bundle.done" }

// EventName names the event.
func (ClosedEvent) EventName() string { return "bundle.closed" }

// EventName names the event.
func (ExpiredEvent) EventName() string { return "bundle.expired" }

// EventName names the alarm.
func (DraftDue) EventName() string { return "bundle.draft_due" }

// Events lists a zero value of every event and alarm of the room.
func Events() []event.Body {
	return []event.Body{
		OpenedEvent{}, StartedEvent{}, ReadyEvent{}, BegunEvent{}, HeardEvent{}, ChosenEvent{}, DoneEvent{}, ClosedEvent{}, ExpiredEvent{}, DraftDue{},
	}
}
