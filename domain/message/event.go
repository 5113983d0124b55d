package message

import (
	"strconv"

	"zhijian/ground/event"
)

// Key gives the event key of a resident's notes.
func Key(resident int64) string { return "notes/" + strconv.FormatInt(resident, 10) }

// Sent says that an account sent a resident a note.
type Sent struct {
	event.Meta
	Note     int64  `json:"note"`
	Resident int64  `json:"resident"`
	Kind     string `json:"kind"`
}

// EventName implements event.Body.
func (Sent) EventName() string { return "message.sent" }

// Events lists every event of the room.
func Events() []event.Body { return []event.Body{Sent{}} }
