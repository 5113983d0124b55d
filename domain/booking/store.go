package booking

import (
	"context"
	"time"

	"zhijian/ground/event"
)

// Store keeps slots, reservations, queues and resources.
type Store interface {
	Stock
	Lines
	Resources
}

// Stock keeps slots and reservations.
type Stock interface {
	// Publish sets times and shares of slots; taken places stay taken even when capacity falls. What is so already is not written.
	Publish(ctx context.Context, slots []Slot) error
	// Slots lists a pool's slots that start within [from, to), by start.
	Slots(ctx context.Context, pool string, from, to time.Time) ([]Slot, error)
	// Confirmed counts the reservations of a pool by slot that are confirmed or were used; slots without any are left out.
	Confirmed(ctx context.Context, pool string) (map[string]int, error)
	// Take takes one place and saves r, together with events; fault.Conflict "booking.taken" when none is free on r's side;
	// fault.Conflict "booking.twice" when the resident already has a reservation that day in this pool;
	// fault.NotFound "booking.slot" when the pool has no such slot. Start and End are the slot's; a slot that
	// began before r.Created is not free, for a walk-in one that ended. The same (For, Step, Attempt) again returns the reservation that is
	// there. One that is Arrived gets the next number of the day's queue.
	Take(ctx context.Context, r Reservation, events ...event.Body) (Reservation, error)
	// Reservation finds by number; fault.NotFound "booking" when absent.
	Reservation(ctx context.Context, no string) (Reservation, error)
	// Change loads under lock, lets rule decide, saves, and moves the stock in the same transaction: a place is taken when one is Held that
	// waited, taken in the new slot and given back in the old one when Slot is another, given back by a move to Released. A move to
	// Arrived gives the next number of the day's queue. fault.Conflict as by Take. Nil events mean "already so" and save nothing. rule
	// may run more than once.
	Change(ctx context.Context, no string, rule func(*Reservation) ([]event.Body, error)) (Reservation, error)
	// Of lists the reservations of a thing, newest first.
	Of(ctx context.Context, f For) ([]Reservation, error)
}

// Lines keeps who waits, and what a day is like.
type Lines interface {
	// Join puts r at the end of its slot's waitlist and saves it with the events that it then has; fault.Conflict "booking.free" when there is
	// a place to book, "booking.twice" when the resident waits for this slot already, "booking.over" when it has begun.
	Join(ctx context.Context, r Reservation, events func(Reservation) []event.Body) (Reservation, error)
	// First gives the number of who has waited longest for a slot; "" for nobody.
	First(ctx context.Context, pool, slot string) (string, error)
	// Ahead counts who waits for the slot of r longer than r.
	Ahead(ctx context.Context, r Reservation) (int, error)
	// Day lists the reservations of a day in a pool in the given states, by start and then by number.
	Day(ctx context.Context, pool, date string, states ...State) ([]Reservation, error)
	// Absences gives when a resident did not come to a pool, latest first, from since on.
	Absences(ctx context.Context, resident int64, pool string, since time.Time) ([]time.Time, error)
}

// Resources keeps what the house has slots of.
type Resources interface {
	// Resource finds by pool; false when the pool's slots come from an office.
	Resource(ctx context.Context, pool string) (Resource, bool, error)
	// ListResources lists by name: those of a department, 0 for all, in a region, "" for all.
	ListResources(ctx context.Context, department int64, region string) ([]Resource, error)
	// ChangeResource loads under lock, a new one when there is none, lets rule decide and saves. Nil events save nothing.
	ChangeResource(ctx context.Context, pool string, rule func(*Resource) ([]event.Body, error)) (Resource, error)
}
