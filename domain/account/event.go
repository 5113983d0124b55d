package account

import "zhijian/ground/event"

// Registered says that an account was opened or changed. The event's key and Meta hold its id.
type Registered struct {
	event.Meta
	Alias    string `json:"alias"`
	Verified bool   `json:"verified"`
}

// EventName implements event.Body.
func (Registered) EventName() string { return "account.registered" }

// Events lists every event of the room.
func Events() []event.Body { return []event.Body{Registered{}} }
