package booking

// State is where a reservation stands.
type State string

// The states of a reservation.
const (
	Waiting   State = "waiting" // in the slot's waitlist; takes no place
	Held      State = "held"
	Confirmed State = "confirmed"
	Arrived   State = "arrived" // checked in, has a number
	Called    State = "called"
	Served    State = "served"
	Missed    State = "missed"   // never came, or was called and not there
	Released  State = "released" // given back, or run out
)

// moves lists every move that exists; what is not here is fault.Conflict.
var moves = map[State]map[State]string{
	Waiting:   {Held: "booking.offered", Released: "booking.released"},
	Held:      {Confirmed: "booking.confirmed", Released: "booking.released"},
	Confirmed: {Arrived: "booking.arrived", Missed: "booking.missed", Released: "booking.released"},
	Arrived:   {Called: "booking.called", Released: "booking.released"},
	Called:    {Served: "booking.served", Missed: "booking.missed"},
}

// CanMove reports whether the table has the move.
func (s State) CanMove(to State) bool {
	_, ok := moves[s][to]
	return ok
}

// Move gives the name of the event of a move; empty when the table does not have it.
func (s State) Move(to State) string { return moves[s][to] }

// Live reports whether something may still come of a reservation.
func (s State) Live() bool { return len(moves[s]) > 0 }

// Takes reports whether a reservation in this state takes a place, or took one for good.
func (s State) Takes() bool { return s != Waiting && s != Released }

// States lists all states of a reservation.
func States() []State {
	return []State{Waiting, Held, Confirmed, Arrived, Called, Served, Missed, Released}
}
