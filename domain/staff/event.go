package staff

import (
	"strconv"

	"zhijian/ground/event"
)

// Key gives the event key of a member.
func Key(id int64) string { return "staff/" + strconv.FormatInt(id, 10) }

// Enrolled says that a member was made, or given other duties, a new password or a new second factor. The
// event's key holds their id.
type Enrolled struct {
	event.Meta
	Department int64 `json:"department"`
	Operator   bool  `json:"operator"`
}

// SignedIn says that a member passed both factors.
type SignedIn struct {
	event.Meta
	Member  int64 `json:"member"`
	Session int64 `json:"session"`
}

// Refused says that somebody tried to sign in as a member and did not pass; Member is 0 for a user that does not exist. From
// where is not kept: it would name people.
type Refused struct {
	event.Meta
	Member int64 `json:"member"`
}

// EventName implements event.Body.
func (Refused) EventName() string { return "staff.refused" }

// EventName implements event.Body.
func (Enrolled) EventName() string { return "staff.enrolled" }

// EventName implements event.Body.
func (SignedIn) EventName() string { return "staff.signed_in" }

// Events lists every event of the room.
func Events() []event.Body { return []event.Body{Enrolled{}, SignedIn{}, Refused{}} }
