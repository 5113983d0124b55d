package message

import (
	"context"
	"time"

	"zhijian/ground/cursor"
	"zhijian/ground/event"
)

// Store keeps notes.
type Store interface {
	// Add saves a note with its event unless the resident has one with the same key; it reports whether it was new.
	Add(ctx context.Context, n Note, events ...event.Body) (bool, error)
	// List gives a resident's notes, newest first; account 0 means all.
	List(ctx context.Context, resident, account int64, after cursor.Cursor, limit int) ([]Note, error)
	// Unread counts a resident's unread notes.
	Unread(ctx context.Context, resident int64) (int, error)
	// Read marks one note (or all, id 0) of a resident as read; what is read already stays so.
	Read(ctx context.Context, resident, id int64, at time.Time) error
}
