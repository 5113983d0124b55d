// Package actor says on whose behalf something is done. It is a parameter of every desk
// method, never hidden in a context.
package actor

import "strconv"

// Kind is the sort of actor.
type Kind string

// The kinds. The zero Actor is a Visitor.
const (
	Visitor  Kind = ""         // nobody is signed in
	Resident Kind = "resident" // a signed-in resident
	Staff    Kind = "staff"    // a person of a department
	Operator Kind = "operator" // a person who runs the platform
	System   Kind = "system"   // the house itself: a bus handler, a timer, a start-up step
	Channel  Kind = "channel"  // the payment channel, proven by its signature
)

// Actor is who acts. Copy it freely; it holds no personal data.
type Actor struct {
	Kind Kind
	// ID is the resident's or staff member's row id; 0 for Visitor, System and Channel.
	ID int64
	// Level is how well a resident is proven, 0 to 4 (L0–L4).
	Level int
	// Department is the staff member's department id; 0 otherwise.
	Department int64
	// Session is the id of the session row the request came with; 0 for none.
	Session int64
	// Lang is the language the actor reads: "" or "zh" for Chinese, "en" for English.
	Lang string
}

// House is the actor of everything the platform does by itself.
var House = Actor{Kind: System}

// String names the actor for the event log: "resident:42", "system".
func (a Actor) String() string {
	switch {
	case a.Kind == Visitor:
		return "visitor"
	case a.ID == 0:
		return string(a.Kind)
	}
	return string(a.Kind) + ":" + strconv.FormatInt(a.ID, 10)
}

// IsResident reports whether a is the resident with this id.
func (a Actor) IsResident(id int64) bool {
	return a.Kind == Resident && id != 0 && a.ID == id
}
