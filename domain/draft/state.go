package draft

import "slices"

// State is where a draft's text stands. Whether residents are offered a version is Draft.Live.
type State string

// The states of a text.
const (
	Writing   State = "draft"     // being written
	Submitted State = "submitted" // waits for a second person
	Approved  State = "approved"  // may be published as it is
	Published State = "published" // is what residents are offered
	Withdrawn State = "withdrawn" // no longer offered
)

// States lists all states in the order a normal life passes them.
func States() []State { return []State{Writing, Submitted, Approved, Published, Withdrawn} }

// moves lists every move that exists. A text that is rolled back to is published at once: it was approved when it was new.
var moves = map[State][]State{
	Writing:   {Writing, Submitted, Withdrawn, Published},
	Submitted: {Submitted, Writing, Approved, Withdrawn, Published},
	Approved:  {Approved, Writing, Published, Withdrawn},
	Published: {Published, Writing, Withdrawn},
	Withdrawn: {Withdrawn, Writing, Published},
}

// CanMove reports whether the table has the move. A state may stay as it is.
func (s State) CanMove(to State) bool { return slices.Contains(moves[s], to) }
