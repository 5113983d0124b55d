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

// Talks keeps conversations. It seals memos and lines. What is past its time is as good as gone, and goes when somebody speaks.
// Saying something is no event: a talk is like a draft, and what comes of it is told by the case.
type Talks interface {
	// Talk finds a person's talk with an account that is still kept at now; the zero Talk when there is none.
	Talk(ctx context.Context, owner string, account int64, now time.Time) (Talk, error)
	// Of finds all talks of a person that are still kept at now.
	Of(ctx context.Context, owner string, now time.Time) ([]Talk, error)
	// Lines gives what is kept of a talk, oldest first, at most MaxLines.
	Lines(ctx context.Context, t Talk) ([]Line, error)
	// Say saves the talk with its new lines, and the mark when it has a key, if its last line still is seen (0: there is no talk yet) and drops
	// lines beyond MaxLines; fault.Conflict "talk.heard" when there is such a mark, "talk.moved" when something was said since. until is how
	// long the talk is kept.
	Say(ctx context.Context, t Talk, seen int, lines []Line, until time.Time, mark Mark) (Talk, error)
	// Heard gives the number of the line of a mark that is kept at now; 0 for none.
	Heard(ctx context.Context, key []byte, now time.Time) (int, error)
	// Adopt gives a visitor's talk to an owner, after what the owner's own talk with the account has.
	Adopt(ctx context.Context, t Talk, owner string, now, until time.Time) error
}
