package staff

import (
	"context"
	"time"

	"zhijian/ground/event"
)

// Roll knows whether the house has people at all, and takes notes about them.
type Roll interface {
	// Nobody reports whether no member was ever enrolled.
	Nobody(ctx context.Context) (bool, error)
	// Note records events about a member, or about nobody for 0, and changes nothing.
	Note(ctx context.Context, member int64, events ...event.Body) error
}

// Store keeps members and their sessions.
type Store interface {
	// Put saves a member by user name, a new one or in place of the one there, with the events. It keeps the id and the
	// day of the one there, and ends all their sessions. It returns the one kept.
	Put(ctx context.Context, m Member, events ...event.Body) (Member, error)
	// ByUser finds by user name; fault.NotFound "staff" when absent.
	ByUser(ctx context.Context, user string) (Member, error)
	// Member finds by id; fault.NotFound "staff" when absent.
	Member(ctx context.Context, id int64) (Member, error)
	// Change loads a member under lock, lets rule decide and saves it with its events; no events mean that nothing
	// is to be saved.
	Change(ctx context.Context, id int64, rule func(*Member) ([]event.Body, error)) (Member, error)
	// AddSession saves a session under the hash of its token, and drops some that have expired.
	AddSession(ctx context.Context, tokenHash []byte, s Session) error
	// Session finds by token hash; fault.NotFound "session" when absent or expired at now.
	Session(ctx context.Context, tokenHash []byte, now time.Time) (Session, error)
	// Touch keeps when a session was last used.
	Touch(ctx context.Context, id int64, seen time.Time) error
	// EndSession ends a session; ending it twice does nothing.
	EndSession(ctx context.Context, id int64) error
}
