package message

import (
	"context"
	"errors"

	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/clock"
	"zhijian/ground/cursor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// Config is what the desk needs. Every field is required.
type Config struct {
	Store Store
	Talks Talks
	Purse budget.Purse
	Clock clock.Clock
	IDs   *uid.Maker
}

// Desk is the room's counter.
type Desk struct{ c Config }

// New checks the configuration.
func New(c Config) (*Desk, error) {
	if c.Store == nil || c.Talks == nil || c.Purse == nil || c.Clock == nil || c.IDs == nil {
		return nil, errors.New("message: Store, Talks, Purse, Clock or IDs is missing")
	}
	return &Desk{c: c}, nil
}

// Notify sends a note; the same key again does nothing. Only the house may, in an account's name; others get
// fault.Denied "message.notify". ID and At are set here. A note that no page could show is fault.Invalid "note.…".
func (d *Desk) Notify(ctx context.Context, a actor.Actor, n Note) (err error) {
	defer fault.Wrap(&err, "notify resident %d", n.Resident)
	if a.Kind != actor.System {
		return fault.Denied("message.notify", "这里不能发消息")
	}
	if err := n.check(); err != nil {
		return err
	}
	n.ID, n.At = d.c.IDs.ID(), d.c.Clock.Now()
	_, err = d.c.Store.Add(ctx, n, Sent{
		Meta: event.Meta{Actor: a.String(), Account: n.Account}, Note: n.ID, Resident: n.Resident, Kind: n.Kind,
	})
	return err
}

// maxPage bounds one page of a list (security.md T68).
const maxPage = 100

// List gives the actor's notes, newest first, at most 100 at a time; fault.Denied "session" to who is no resident.
func (d *Desk) List(ctx context.Context, a actor.Actor, account int64, after cursor.Cursor, limit int) (list []Note, err error) {
	defer fault.Wrap(&err, "list notes of %s", a)
	if a.Kind != actor.Resident || a.ID == 0 {
		return nil, signedOut()
	}
	if limit <= 0 || limit > maxPage {
		limit = maxPage
	}
	return d.c.Store.List(ctx, a.ID, account, after, limit)
}

// Unread counts the actor's unread notes; 0 for who is no resident.
func (d *Desk) Unread(ctx context.Context, a actor.Actor) (n int, err error) {
	defer fault.Wrap(&err, "count notes of %s", a)
	if a.Kind != actor.Resident || a.ID == 0 {
		return 0, nil
	}
	return d.c.Store.Unread(ctx, a.ID)
}

// Read marks one of the actor's notes as read; 0 marks all. A note that is not theirs is left alone without a word.
func (d *Desk) Read(ctx context.Context, a actor.Actor, id int64) (err error) {
	defer fault.Wrap(&err, "read note %d of %s", id, a)
	if a.Kind != actor.Resident || a.ID == 0 {
		return signedOut()
	}
	return d.c.Store.Read(ctx, a.ID, id, d.c.Clock.Now())
}

func signedOut() error { return fault.Denied("session", "请先登录") }
