package draw

import "slices"

// State is how far a draw is.
type State string

// The states.
const (
	Announced State = "announced" // entries are taken between the announced hours
	Frozen    State = "frozen"    // no entry comes or goes any more; the list is being made
	Listed    State = "listed"    // list and hashes are published
	Seeded    State = "seeded"    // both seeds are known, and with them the results
	Drawn     State = "drawn"     // results are published
	Cancelled State = "cancelled" // does not take place, for a published reason
)

// States lists all states in the order a normal life passes them.
func States() []State { return []State{Announced, Frozen, Listed, Seeded, Drawn, Cancelled} }

// moves lists every move that exists. None leads back, and none out of Seeded but to the results: a draw is never drawn again.
var moves = map[State][]State{
	Announced: {Frozen, Cancelled},
	Frozen:    {Listed, Cancelled},
	Listed:    {Seeded, Cancelled},
	Seeded:    {Drawn},
}

// CanMove reports whether the table has the move.
func (s State) CanMove(to State) bool { return slices.Contains(moves[s], to) }
