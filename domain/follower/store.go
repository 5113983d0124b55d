package follower

import (
	"context"
	"time"

	"zhijian/ground/event"
	"zhijian/ground/seal"
)

// Store keeps followers. Links' numbers are sealed. Followers who are bound to nobody and whose link is long over go when another is added.
type Store interface {
	// Keys gives the index of an openid of an account, and what stands for it as a visitor.
	Keys(account int64, openid seal.Text) (index []byte, visitor string)
	// Follower finds by index; the zero Follower when absent.
	Follower(ctx context.Context, index []byte) (Follower, error)
	// Linked finds by the hash of a link's secret; the zero Follower when absent.
	Linked(ctx context.Context, hash []byte) (Follower, error)
	// Seen notes the hash of a message under that of its signature unless there is one that is kept at now, and gives the one kept.
	Seen(ctx context.Context, signature, message []byte, now, until time.Time) ([]byte, error)
	// Of lists those bound to a resident, the newest first, at most 100.
	Of(ctx context.Context, resident int64) ([]Follower, error)
	// Add saves a new one with its events; one with the same index is kept instead, and nothing is added. It gives the one kept. Others
	// whose link ended before spent may be forgotten.
	Add(ctx context.Context, f Follower, spent time.Time, events ...event.Body) (Follower, error)
	// Change loads under lock, lets rule decide and saves it with its events; no events mean that nothing is to be saved.
	// fault.NotFound "follower" when absent.
	Change(ctx context.Context, id int64, rule func(*Follower) ([]event.Body, error)) (Follower, error)
}
