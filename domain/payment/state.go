package payment

// State is where an order stands.
type State string

// The states of an order.
const (
	Ordered   State = "ordered"   // the resident may pay
	Paid      State = "paid"      // the channel has the money for us
	Refunding State = "refunding" // asked back, the channel has not confirmed
	Refunded  State = "refunded"  // returned in full
	Closed    State = "closed"    // nobody paid in time, or it was called off
)

// moves lists every move that exists; what is not here is fault.Conflict.
var moves = map[State]map[State]string{
	Ordered:   {Paid: "payment.paid", Closed: "payment.closed"},
	Closed:    {Paid: "payment.paid"}, // paid in the instant of closing: money came, so it is paid
	Paid:      {Refunding: "payment.refunding"},
	Refunding: {Refunded: "payment.refunded"},
}

// CanMove reports whether the table has the move.
func (s State) CanMove(to State) bool {
	_, ok := moves[s][to]
	return ok
}

// States lists all states of an order in the order a normal life passes them.
func States() []State { return []State{Ordered, Paid, Refunding, Refunded, Closed} }

// Move gives the name of the event of a move; empty when the table does not have it.
func (s State) Move(to State) string { return moves[s][to] }

// ExtraState is where money beyond the price stands.
type ExtraState string

// The states of an extra transaction.
const (
	Disputed ExtraState = "disputed" // amount or currency is not what was asked: a person must look, nothing is booked
	Owed     ExtraState = "owed"     // surplus: it goes back
	Returned ExtraState = "returned" // the channel confirmed that it is back, or a person settled it by other means
)

var extraMoves = map[ExtraState]map[ExtraState]string{
	Disputed: {Owed: "payment.surplus", Returned: "payment.settled_by_hand"}, // both by a person
	Owed:     {Returned: "payment.surplus_returned"},
}

// CanMove reports whether the table has the move.
func (s ExtraState) CanMove(to ExtraState) bool {
	_, ok := extraMoves[s][to]
	return ok
}
