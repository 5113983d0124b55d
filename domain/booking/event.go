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

// ReleasedEvent: the place is free again, or is waited for no more. Reason is a code: "resident", "expired", "office" (the department called it
// off), "other" (another place was taken instead), "over" (the time came without a place).
type ReleasedEvent struct {
	event.Meta
	Subject
	Reason string `json:"reason"`
	Was    State  `json:"was"`
}

// MovedEvent: the reservation has another slot of its pool; From is free again.
type MovedEvent struct {
	event.Meta
	Subject
	From string `json:"from"`
}

// WaitingEvent: somebody waits for a place of a full slot.
type WaitingEvent struct {
	event.Meta
	Subject
}

// OfferedEvent: who waited has a place until it is confirmed or time runs out.
type OfferedEvent struct {
	event.Meta
	Subject
	Until int64 `json:"until"` // Unix ms
}

// ArrivedEvent: somebody is there and has a number in the queue.
type ArrivedEvent struct {
	event.Meta
	Subject
}

// CalledEvent: it is somebody's turn at a window.
type CalledEvent struct {
	event.Meta
	Subject
	Window string `json:"window"`
}

// ServedEvent: it was somebody's turn, and they came.
type ServedEvent struct {
	event.Meta
	Subject
}

// MissedEvent: the time is over. Reason is "absent" (never arrived, which counts as a no-show) or "passed" (called and not there).
type MissedEvent struct {
	event.Meta
	Subject
	Reason string `json:"reason"`
}

// ResourceEvent: a resource was opened, or its plan or rules changed. The event's key is the pool.
type ResourceEvent struct {
	event.Meta
	Pool string `json:"pool"`
}

// HoldDue ends a hold that nobody confirmed.
type HoldDue struct {
	event.Meta
	No string `json:"no"`
}

// WaitDue has the house look at who waits: at the moment when both sides share a slot's places, and when the slot begins.
type WaitDue struct {
	event.Meta
	No string `json:"no"`
}

// MissDue has the house look whether somebody came.
type MissDue struct {
	event.Meta
	No string `json:"no"`
}

// EventName names the event.
func (HeldEvent) EventName() string { return "booking.held" }

// EventName names the event.
func (ConfirmedEvent) EventName() string { return "booking.confirmed" }

// EventName names the event.
func (ReleasedEvent) EventName() string { return "booking.released" }

// EventName names the event.
func (MovedEvent) EventName() string { return "booking.moved" }

// EventName names the event.
func (WaitingEvent) EventName() string { return "booking.waiting" }

// EventName names the event.
func (OfferedEvent) EventName() string { return "booking.offered" }

// EventName names the event.
func (ArrivedEvent) EventName() string { return "booking.arrived" }

// EventName names the event.
func (CalledEvent) EventName() string { return "booking.called" }

// EventName names the event.
func (ServedEvent) EventName() string { return "booking.served" }

// EventName names the event.
func (MissedEvent) EventName() string { return "booking.missed" }

// EventName names the event.
func (ResourceEvent) EventName() string { return "booking.resource_changed" }

// EventName names the alarm.
func (HoldDue) EventName() string { return "booking.hold_due" }

// EventName names the alarm.
func (WaitDue) EventName() string { return "booking.wait_due" }

// EventName names the alarm.
func (MissDue) EventName() string { return "booking.miss_due" }

// Events lists a zero value of every event and alarm of the room.
func Events() []event.Body {
	return []event.Body{
		HeldEvent{},
		ConfirmedEvent{},
		ReleasedEvent{},
		MovedEvent{},
		WaitingEvent{},
		OfferedEvent{},
		ArrivedEvent{},
		CalledEvent{},
		ServedEvent{},
		MissedEvent{},
		ResourceEvent{},
		HoldDue{},
		WaitDue{},
		MissDue{},
	}
}
