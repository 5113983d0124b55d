package draw

import "zhijian/ground/event"

// Subject is what every event of the room names: the draw's public number.
type Subject struct {
	No string `json:"no"`
}

// AnnouncedEvent fixes the terms.
type AnnouncedEvent struct {
	event.Meta
	Subject
	Terms string `json:"terms"` // hash
}

// EnteredEvent says that somebody has an entry.
type EnteredEvent struct {
	event.Meta
	Subject
	Number int    `json:"number"`
	Blind  string `json:"blind"`
}

// WithdrawnEvent says that an entry was given back before the list was made.
type WithdrawnEvent struct {
	event.Meta
	Subject
	Number int `json:"number"`
}

// CloseDue is the alarm that entries end.
type CloseDue struct {
	event.Meta
	Subject
}

// FrozenEvent says that entries are over.
type FrozenEvent struct {
	event.Meta
	Subject
}

// ListedEvent is both commitments: the list, and the house's seed.
type ListedEvent struct {
	event.Meta
	Subject
	Terms     string `json:"terms"`
	List      string `json:"list"`
	House     string `json:"house"` // SHA-256 of the seed
	Entries   int    `json:"entries"`
	Withdrawn int    `json:"withdrawn"`
}

// TypedEvent says that one member of staff typed the public seed. What they typed is not told before a second has.
type TypedEvent struct {
	event.Meta
	Subject
}

// DifferedEvent says that two members typed different seeds, and that neither counts.
type DifferedEvent struct {
	event.Meta
	Subject
}

// SeededEvent is both seeds. From here on the results are fixed.
type SeededEvent struct {
	event.Meta
	Subject
	Public string `json:"public"`
	House  string `json:"house"`
	Final  string `json:"final"`
}

// DrawnEvent says that the results are published.
type DrawnEvent struct {
	event.Meta
	Subject
	Results string `json:"results"` // hash
	Winners int    `json:"winners"`
}

// CancelledEvent says that the draw does not take place. Its reason stays with the draw.
type CancelledEvent struct {
	event.Meta
	Subject
}

// EventName implements event.Body.
func (AnnouncedEvent) EventName() string { return "draw.announced" }

// EventName implements event.Body.
func (EnteredEvent) EventName() string { return "draw.entered" }

// EventName implements event.Body.
func (WithdrawnEvent) EventName() string { return "draw.withdrawn" }

// EventName implements event.Body.
func (CloseDue) EventName() string { return "draw.close_due" }

// EventName implements event.Body.
func (FrozenEvent) EventName() string { return "draw.frozen" }

// EventName implements event.Body.
func (ListedEvent) EventName() string { return "draw.listed" }

// EventName implements event.Body.
func (TypedEvent) EventName() string { return "draw.typed" }

// EventName implements event.Body.
func (DifferedEvent) EventName() string { return "draw.differed" }

// EventName implements event.Body.
func (SeededEvent) EventName() string { return "draw.seeded" }

// EventName implements event.Body.
func (DrawnEvent) EventName() string { return "draw.drawn" }

// EventName implements event.Body.
func (CancelledEvent) EventName() string { return "draw.cancelled" }

// Events lists every event of the room.
func Events() []event.Body {
	return []event.Body{
		AnnouncedEvent{}, EnteredEvent{}, WithdrawnEvent{}, CloseDue{}, FrozenEvent{}, ListedEvent{}, TypedEvent{}, DifferedEvent{}, SeededEvent{}, DrawnEvent{}, CancelledEvent{},
	}
}
