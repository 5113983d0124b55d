// Package bundle runs a resident's matter of life (一件事): several services, asked once and done side by side.
//
// A bundle pins one version of its definition (service.Bundle). First it asks what its services have in common, then it opens a case of
// each service that may begin, and it hears how these end. Every case stays a case of its own: the bundle owns their numbers and nothing
// else of them. Whatever order the ends come in, the bundle is at all times in a state with a name; a member that is refused blocks what
// needs it and nothing else.
//
// One transaction changes one bundle. A member is set to begin in the bundle's own transaction; its case is opened from that event under a
// key of bundle, member and round, so that an event that comes twice, or a crash in between, opens nothing twice. To anybody but its
// resident a bundle does not exist.
package bundle

import (
	"maps"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/cursor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// Bundle is one resident's matter of life.
type Bundle struct {
	ID       int64
	No       string // public number, 17 Crockford characters
	Resident int64
	City     string // GB/T 2260 code
	Bundle   string // id of the definition
	Version  int    // of the definition, pinned
	Lang     string
	Channel  string // how it was begun, as cases.Channel; its cases are opened so
	Level    int    // how well the resident was proven when they last did something here
	State    State
	Data     service.State // of the questions; sealed at rest
	Members  map[string]Member
	Opened   time.Time
	Updated  time.Time
	Kept     time.Time // an untouched draft ends then; zero once it runs
	Ended    time.Time // zero while something may still come
	Rev      int64
}

// Member is what is kept of one member.
type Member struct {
	Standing service.Standing `json:"standing"`       // one that service.Standing.Kept
	Case     string           `json:"case,omitempty"` // number of the latest case
	Round    int              `json:"round,omitempty"`
	Why      string           `json:"why,omitempty"` // of failed: "refused", "withdrawn", "expired", "limit", "gone"
	At       time.Time        `json:"at,omitzero"`   // since when it stands so
}

// set keeps a member in a map of its own, because rules may run more than once.
func (b *Bundle) set(id string, m Member) {
	b.Members = maps.Clone(b.Members)
	if b.Members == nil {
		b.Members = map[string]Member{}
	}
	b.Members[id] = m
}

// standings is what a plan is made from.
func (b Bundle) standings() map[string]service.Standing {
	out := make(map[string]service.Standing, len(b.Members))
	for id, m := range b.Members {
		out[id] = m.Standing
	}
	return out
}

// of finds the member that a case is of, with the case it had last; "" for none.
func (b Bundle) of(no string) string {
	for id, m := range b.Members {
		if m.Case == no {
			return id
		}
	}
	return ""
}

// Cursor is the place after b in a list.
func (b Bundle) Cursor() cursor.Cursor { return cursor.Cursor{At: clock.Millis(b.Updated), ID: b.ID} }

func (b Bundle) meta(a actor.Actor) event.Meta {
	return event.Meta{Actor: a.String(), Region: b.City}
}

func (b Bundle) subject() Subject { return Subject{b.No, b.Resident, b.Bundle, b.Version, b.State} }

func absent() error {
	return fault.NotFound("bundle", "没有找到这件事，请核对编号，或登录办理时的手机号再看")
}

// Absent is the fault for a bundle that does not exist, for the store.
func Absent() *fault.Error { return fault.Of(absent()) }
