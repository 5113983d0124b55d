package follower

import (
	"strconv"

	"zhijian/ground/event"
)

// Key gives the event key of a follower.
func Key(id int64) string { return "follower/" + strconv.FormatInt(id, 10) }

// Offered says that a talk was given a link to bind by.
type Offered struct {
	event.Meta
	Follower int64 `json:"follower"`
}

// Claimed says that a resident agreed on the link's page.
type Claimed struct {
	event.Meta
	Follower int64 `json:"follower"`
	Resident int64 `json:"resident"`
}

// Missed says that a wrong number was written.
type Missed struct {
	event.Meta
	Follower int64 `json:"follower"`
	Tries    int   `json:"tries"`
}

// Bound says that an openid now speaks in a resident's name.
type Bound struct {
	event.Meta
	Follower int64 `json:"follower"`
	Resident int64 `json:"resident"`
}

// Ended says that an openid speaks in nobody's name any more. By is "resident", "left" (it stopped following) or "again" (bound anew).
type Ended struct {
	event.Meta
	Follower int64  `json:"follower"`
	Resident int64  `json:"resident"`
	By       string `json:"by"`
}

// EventName implements event.Body.
func (Offered) EventName() string { return "follower.offered" }

// EventName implements event.Body.
func (Claimed) EventName() string { return "follower.claimed" }

// EventName implements event.Body.
func (Missed) EventName() string { return "follower.missed" }

// EventName implements event.Body.
func (Bound) EventName() string { return "follower.bound" }

// EventName implements event.Body.
func (Ended) EventName() string { return "follower.ended" }

// Events lists every event of the room.
func Events() []event.Body { return []event.Body{Offered{}, Claimed{}, Missed{}, Bound{}, Ended{}} }
