// Package bus carries recorded events from the room where they happened to the rooms that
// follow.
//
// Promises of every engine, checked by bus/bustest:
//
//   - At least once. An event that was committed reaches every consumer that asked for its
//     name, also through a crash of the process. It may come twice; receivers are idempotent.
//   - In order per key, per consumer. While an event of a key fails, the later events of that
//     key wait behind it, for that consumer.
//   - Different keys run side by side, a bounded number per consumer. A failing or slow key
//     never holds up other keys, and one consumer never holds up another.
//   - A failing event is tried again after growing pauses and then parked, where the console
//     shows it until somebody retries or skips it. Retries and parkings survive a restart.
//
// Handlers are plain functions of domain rooms; only the server wires names to them.
package bus

import (
	"context"

	"zhijian/ground/event"
)

// Handler is told of one event. An error, or a panic, has the event come again. ctx ends when
// the handler has taken too long or the house has waited long enough to stop.
type Handler func(ctx context.Context, e event.Event) error

// Bus is an engine.
type Bus interface {
	// Handle has h told of the named events on behalf of consumer; no names means all.
	// A consumer's name is kept in the database: renaming it makes a new consumer. A
	// consumer that is new in a database where others have been before starts with the
	// events recorded from then on. Handle is called before Run, once per consumer.
	Handle(consumer string, names []string, h Handler)
	// Run delivers until ctx ends, then waits for handlers under way. It gives an error
	// only when it could not start or could not stop in order.
	Run(ctx context.Context) error
	// Wake says that events may have been committed. It does not block; engines also look
	// by themselves.
	Wake()
}
