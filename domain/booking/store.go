package booking

import (
	"context"
	"time"

	"zhijian/ground/event"
)

// Store keeps slots and reservations.
type Store interface {
	// Publish sets the capacity of slots; taken places stay taken even when capacity falls. What is so already is not written.
	Publish(ctx context.Context, slots []Slot) error
	// Slots lists a pool's slots that start within [from, to), by start.
	Slots(ctx context.Context, pool string, from, to time.Time) ([]Slot, error)
	// Confirmed counts the confirmed reservations of a pool by slot; slots without any are left out.
	Confirmed(ctx context.Context, pool string) (map[string]int, error)
	// Take takes one place and saves r, together with events; fault.Conflict "booking.taken" when none is free;
	// fault.Conflict "booking.twice" when the resident already has a live reservation that day in this pool;
	// fault.NotFound "booking.slot" when the pool has no such slot. Start and End are the slot's; a slot that
	// began before r.Created is not free. The same (For, Step, Attempt) again returns the reservation that is there.
	Take(ctx context.Context, r Reservation, events ...event.Body) (Reservation, error)
	// Reservation finds by number; fault.NotFound "booking" when absent.
	Reservation(ctx context.Context, no string) (Reservation, error)
	// Change loads under lock, lets rule decide, saves; a move to Released frees the place in the same transaction.
	// Nil events mean "already so" and save nothing. rule may run more than once.
	Change(ctx context.Context, no string, rule func(*Reservation) ([]event.Body, error)) (Reservation, error)
	// Of lists the reservations of a thing, newest first.
	Of(ctx context.Context, f For) ([]Reservation, error)
}
