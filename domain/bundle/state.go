package bundle

import "slices"

// State is where a bundle stands.
type State string

// The states of a bundle.
const (
	Draft   State = "draft"   // the shared questions are being answered; kept 30 days
	Running State = "running" // some member is under way or waits for one that is
	Partly  State = "partly"  // nothing moves, and something was not done: the resident may try it again or leave it
	Done    State = "done"    // everything that was wanted is done
	Closed  State = "closed"  // the resident put it away; cases that had begun go on by themselves
	Expired State = "expired" // nobody went on in time
)

// States lists all states in the order a normal life passes them.
func States() []State { return []State{Draft, Running, Partly, Done, Closed, Expired} }

// moves lists every move that exists. Done may run again: an appointment can be called off afterwards, and more can be added.
var moves = map[State][]State{
	Draft:   {Draft, Running, Partly, Done, Closed, Expired},
	Running: {Running, Partly, Done, Closed},
	Partly:  {Partly, Running, Done, Closed},
	Done:    {Done, Running, Partly, Closed},
	Closed:  {Closed},
	Expired: {Expired},
}

// CanMove reports whether the table has the move. A state may stay as it is.
func (s State) CanMove(to State) bool { return slices.Contains(moves[s], to) }

// Over reports whether nothing more is begun or heard.
func (s State) Over() bool { return s == Closed || s == Expired }
