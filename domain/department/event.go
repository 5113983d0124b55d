package department

import "zhijian/ground/event"

// Registered says that a department was opened or changed. The event's key holds its id.
type Registered struct {
	event.Meta
	Slug string `json:"slug"`
}

// EventName implements event.Body.
func (Registered) EventName() string { return "department.registered" }

// Events lists every event of the room.
func Events() []event.Body { return []event.Body{Registered{}} }
