package payment

import (
	"context"
	"time"

	"zhijian/ground/event"
	"zhijian/ground/money"
)

// Filter selects orders. Zero fields do not filter.
type Filter struct {
	For      *For
	Resident int64
	States   []State
	From, To time.Time // of PaidAt, half open
	Limit    int       // 0 means 100
}

// Store keeps orders, the ledger and the outcome of reconciliations.
type Store interface {
	// Add saves a new order with its events. When (For, Step, Attempt) exists already it saves
	// nothing and returns the order that is there.
	Add(ctx context.Context, o Order, events ...event.Body) (Order, error)
	// Order finds by number; fault.NotFound "payment.order" when absent.
	Order(ctx context.Context, no string) (Order, error)
	// Change loads the order under lock, lets rule decide, and saves row, extras, the Postings of the
	// change and the events together. Nil events mean "already so" and save nothing; an empty list
	// saves without an event. rule may run more than once.
	Change(ctx context.Context, no string, rule func(*Order) ([]event.Body, error)) (Order, error)
	// List finds orders, oldest first.
	List(ctx context.Context, f Filter) ([]Order, error)
	// Ledger lists the postings of money that moved within [from, to), oldest first.
	Ledger(ctx context.Context, from, to time.Time) ([]Posting, error)
	// SaveDay saves d with its events when it goes further than what is kept of the day: a higher Try, or
	// Done for the first time with its figures. It reports whether it did. The events' key is Day.Key.
	SaveDay(ctx context.Context, d Day, events ...event.Body) (bool, error)
	// AddFinding records one line of a reconciliation that did not match; the same line twice is kept once.
	AddFinding(ctx context.Context, f Finding) error
	// Findings lists what reconciliation of a day (YYYY-MM-DD, Asia/Shanghai) found.
	Findings(ctx context.Context, day string) ([]Finding, error)
}

// Books keeps what a person goes through: the days and what is open in them.
type Books interface {
	// Days lists what is kept of the days from the first to before the second date, oldest first.
	Days(ctx context.Context, from, before string) ([]Day, error)
	// Troubled lists orders of which something needs a person: a refund or a surplus that was asked about slow times or more, an
	// order that ran out before silent and is still open, disputed money. Oldest first.
	Troubled(ctx context.Context, slow int, silent time.Time, limit int) ([]Order, error)
	// Unexplained lists findings that nobody has accepted and that did not settle themselves, oldest day first.
	Unexplained(ctx context.Context, limit int) ([]Finding, error)
	// Accept saves with its events that an open finding was looked into; false when there is no such open one. The events' key is
	// that of the day.
	Accept(ctx context.Context, f Finding, events ...event.Body) (bool, error)
}

// Finding is a difference between our ledger and the channel's bill.
type Finding struct {
	Day    string // YYYY-MM-DD in Asia/Shanghai
	No     string // order number
	Kind   string // "missing_here", "missing_there", "amount", "state"
	Ref    string // the channel's transaction for money in, our refund number for money out
	Ours   money.Fen
	Theirs money.Fen
	At     time.Time
	// Accepted is when somebody looked into it; zero while it is open.
	Accepted time.Time
}

// Day is how the reconciliation of a day (Asia/Shanghai) stands.
type Day struct {
	Date     string // YYYY-MM-DD
	Try      int    // alarms set so far
	Done     bool
	Lines    int
	Findings int
	Ours     money.Fen
	Theirs   money.Fen
	At       time.Time
}

// Key is the key of the day's events.
func (d Day) Key() string { return "payment/" + d.Date }
