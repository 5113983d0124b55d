package cases

import "slices"

// State is where a case stands, for lists, staff and statistics. Where exactly it is in its
// definition is Data's business.
type State string

// The states of a case.
const (
	Draft     State = "draft"     // the resident has not finished answering; kept 30 days
	Asking    State = "asking"    // an office is being asked
	Paying    State = "paying"    // the resident may pay
	Filing    State = "filing"    // with the office
	Reviewing State = "reviewing" // a member of staff decides
	Supplying State = "supplying" // the resident was asked for more
	Recalling State = "recalling" // the resident takes it back, and the office is asked to let go
	Refunding State = "refunding" // money on its way back
	Stuck     State = "stuck"     // a person must look
	Done      State = "done"      // finished as wished
	Answered  State = "answered"  // finished with an answer: nothing to do, forecast shown
	Refused   State = "refused"   // the office said no
	Withdrawn State = "withdrawn" // the resident called it off
	Expired   State = "expired"   // nobody went on in time
)

// States lists all states in the order a normal life passes them.
func States() []State {
	return []State{Draft, Asking, Paying, Filing, Reviewing, Supplying, Recalling, Refunding, Stuck, Done, Answered, Refused, Withdrawn, Expired}
}

// Ended reports whether nothing more can happen but a rating.
func (s State) Ended() bool {
	switch s {
	case Done, Answered, Refused, Withdrawn, Expired:
		return true
	}
	return false
}

// moves lists every move that exists. The engine decides among the running states and their natural
// ends (service.Definition.Stand); withdrawing what was not filed and expiring are moves of this room. An appointment that was
// made can still be called off, so Done may become Withdrawn.
var moves = map[State][]State{
	Draft:     {Draft, Asking, Paying, Filing, Reviewing, Refunding, Stuck, Done, Answered, Refused, Withdrawn, Expired},
	Asking:    {Draft, Asking, Paying, Filing, Reviewing, Refunding, Stuck, Done, Answered, Refused, Withdrawn, Expired},
	Paying:    {Draft, Asking, Paying, Filing, Reviewing, Refunding, Stuck, Done, Answered, Refused, Withdrawn, Expired},
	Filing:    {Draft, Asking, Paying, Filing, Reviewing, Supplying, Recalling, Refunding, Stuck, Done, Answered, Refused},
	Reviewing: {Draft, Asking, Paying, Filing, Reviewing, Supplying, Recalling, Refunding, Stuck, Done, Answered, Refused, Withdrawn},
	Supplying: {Draft, Asking, Paying, Filing, Reviewing, Supplying, Refunding, Stuck, Done, Answered, Refused, Withdrawn, Expired},
	// The office lets go, or the case goes on by what came meanwhile.
	Recalling: {Draft, Asking, Paying, Filing, Reviewing, Supplying, Recalling, Refunding, Stuck, Done, Answered, Refused, Withdrawn},
	Refunding: {Draft, Refunding, Stuck, Refused, Withdrawn},
	Stuck:     {Draft, Asking, Paying, Filing, Reviewing, Supplying, Recalling, Refunding, Stuck, Done, Answered, Refused, Withdrawn},
	// An appeal opens a refused case again.
	Refused: {Draft, Asking, Paying, Filing, Reviewing, Stuck, Done, Answered, Refused},
	Done:    {Done, Withdrawn}, Answered: {Answered}, Withdrawn: {Withdrawn}, Expired: {Expired},
}

// CanMove reports whether the table has the move. A state may stay as it is.
func (s State) CanMove(to State) bool { return slices.Contains(moves[s], to) }
