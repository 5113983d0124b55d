package booking

// State is where a reservation stands.
type State string

// The states of a reservation.
const (
	Held      State = "held"
	Confirmed State = "confirmed"
	Released  State = "released" // given back, or run out
)

// moves lists every move that exists; what is not here is fault.Conflict.
var moves = map[State]map[State]string{
	Held:      {Confirmed: "booking.confirmed", Released: "booking.released"},
	Confirmed: {Released: "booking.released"},
}

// CanMove reports whether the table has the move.
func (s State) CanMove(to State) bool {
	_, ok := moves[s][to]
	return ok
}

// Move gives the name of the event of a move; empty when the table does not have it.
func (s State) Move(to State) string { return moves[s][to] }

// Live reports whether a reservation in this state takes a place.
func (s State) Live() bool { return s == Held || s == Confirmed }

// States lists all states of a reservation.
func States() []State { return []State{Held, Confirmed, Released} }
