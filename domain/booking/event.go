package booking

import "zhijian/ground/event"

// Subject is what all events of one reservation say. The event's key is No.
type Subject struct {
	No       string `json:"no"`
	For      For    `json:"for"`
	Step     string `json:"step"`
	Attempt  int    `json:"attempt"`
	Resident int64  `json:"resident"`
	Pool     string `json:"pool"`
	Slot     string `json:"slot"`
}

// HeldEvent: a place is taken until it is confirmed or time runs out.
type HeldEvent struct {
	event.Meta
	Subject
	Until int64 `json:"until"` // Unix ms
}

// ConfirmedEvent: the place is definite.
type ConfirmedEvent struct {
	event.Meta
	Subject
}

// ReleasedEvent: the place is free again. Reason is "resident", "expired" or "office".
type ReleasedEvent struct {
	event.Meta
	Subject
	Reason string `json:"reason"`
	Was    State  `json:"was"`
}

// HoldDue ends a hold that nobody confirmed.
type HoldDue struct {
	event.Meta
	No string `json:"no"`
}

// EventName names the event.
func (HeldEvent) EventName() string { return "booking.held" }

// EventName names the event.
func (ConfirmedEvent) EventName() string { return "booking.confirmed" }

// EventName names the event.
func (ReleasedEvent) EventName() string { return "booking.released" }

// EventName names the alarm.
func (HoldDue) EventName() string { return "booking.hold_due" }

// Events lists a zero value of every event and alarm of the room.
func Events() []event.Body {
	return []event.Body{HeldEvent{}, ConfirmedEvent{}, ReleasedEvent{}, HoldDue{}}
}
