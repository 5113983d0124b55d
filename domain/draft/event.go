package draft

import "zhijian/ground/event"

// Subject is what every event of the room names. Reasons stay with the draft: an event holds nothing that somebody typed.
type Subject struct {
	Service string `json:"service"`
	Version int    `json:"version"` // the one concerned, 0 for none
}

// Created says that a department began a service of its own.
type Created struct {
	event.Meta
	Subject
}

// Written says that the text was changed.
type Written struct {
	event.Meta
	Subject
}

// SubmittedEvent says that a text waits for a second person.
type SubmittedEvent struct {
	event.Meta
	Subject
}

// ApprovedEvent says that a second person took the text as it is.
type ApprovedEvent struct {
	event.Meta
	Subject
}

// ReturnedEvent says that a second person did not.
type ReturnedEvent struct {
	event.Meta
	Subject
}

// BackAskedEvent says that somebody asked for an earlier version, which a second person must agree to.
type BackAskedEvent struct {
	event.Meta
	Subject
	Reason string `json:"reason"`
}

// PublishedEvent says that residents are offered a version from now on. Back is the version whose text it is again, 0 for a new one.
type PublishedEvent struct {
	event.Meta
	Subject
	Back int `json:"back,omitempty"`
}

// WithdrawnEvent says that residents are offered no version any more.
type WithdrawnEvent struct {
	event.Meta
	Subject
}

// TriedEvent says that somebody made a link to try the text out.
type TriedEvent struct {
	event.Meta
	Subject
}

// EventName implements event.Body.
func (Created) EventName() string { return "draft.created" }

// EventName implements event.Body.
func (Written) EventName() string { return "draft.written" }

// EventName implements event.Body.
func (SubmittedEvent) EventName() string { return "draft.submitted" }

// EventName implements event.Body.
func (ApprovedEvent) EventName() string { return "draft.approved" }

// EventName implements event.Body.
func (ReturnedEvent) EventName() string { return "draft.returned" }

// EventName implements event.Body.
func (BackAskedEvent) EventName() string { return "draft.back_asked" }

// EventName implements event.Body.
func (PublishedEvent) EventName() string { return "draft.published" }

// EventName implements event.Body.
func (WithdrawnEvent) EventName() string { return "draft.withdrawn" }

// EventName implements event.Body.
func (TriedEvent) EventName() string { return "draft.tried" }

// Events lists every event of the room.
func Events() []event.Body {
	return []event.Body{
		Created{}, Written{}, SubmittedEvent{}, ApprovedEvent{}, ReturnedEvent{}, BackAskedEvent{}, PublishedEvent{}, WithdrawnEvent{}, TriedEvent{},
	}
}
