// Package event is what the house remembers: facts that happened, in order, never edited.
//
// A change saves its events in the same transaction as its row. Events carry ids and
// never personal data. Every event belongs to one key (the aggregate's id); the bus
// delivers the events of one key in order, at least once.
package event

import (
	"encoding/json"
	"fmt"
	"time"
)

// Meta is the part of an event that every reader understands. Embed it in a body; it is
// kept in columns, not in the body's JSON.
type Meta struct {
	Actor   string `json:"-"` // actor.Actor.String() of who caused it
	Account int64  `json:"-"` // official account concerned, 0 for none
	Region  string `json:"-"` // GB/T 2260 code, empty for none
	Sector  string `json:"-"` // sector id, empty for none
	Service string `json:"-"` // service id, empty for none
}

// Envelope returns the meta of a body that embeds it.
func (m Meta) Envelope() Meta { return m }

// Body is what a room declares: a struct with Meta embedded, a name and JSON fields.
type Body interface {
	// EventName is "room.verb" in the past tense: "payment.paid". A change of meaning is a new name.
	EventName() string
	Envelope() Meta
}

// Later is a body that is not recorded now: when At has come, Body is appended as an event
// of the same key. It is how a room sets an alarm in the same transaction as its change.
// There is no cancelling; the receiver's state table makes a late alarm a no-op.
type Later struct {
	Body
	At time.Time
}

// Event is one recorded fact.
type Event struct {
	Shard    int    // events of one key are in one shard
	Position int64  // counts from 1 in its shard without gaps
	ID       int64  // unique over all shards; receivers may deduplicate by it
	Name     string // "payment.paid"
	Key      string // id of the aggregate
	At       time.Time
	Meta     Meta
	Data     []byte // the body as JSON
	Prev     []byte // hash of the event before it in its shard; empty for the first
	Hash     []byte // hash over Prev and all fields above
}

// Decode reads the body into v, a pointer to the struct that the name stands for.
func (e Event) Decode(v any) error {
	if err := json.Unmarshal(e.Data, v); err != nil {
		return fmt.Errorf("event %d %s: %w", e.ID, e.Name, err)
	}
	return nil
}
