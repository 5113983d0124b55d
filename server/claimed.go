package server

import (
	"context"
	"fmt"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/identity"
	"zhijian/domain/message"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
)

// warnings tell a resident what somebody else did with what is theirs: their citizen number (security.md T13) or their
// vehicle (T48). They never say who it was.
type warnings struct{ message *message.Desk }

func (w warnings) names() []string {
	return []string{identity.ClaimedTwice{}.EventName(), cases.LookedUpEvent{}.EventName()}
}

func (w warnings) on(ctx context.Context, e event.Event) error {
	switch e.Name {
	case identity.ClaimedTwice{}.EventName():
		var c identity.ClaimedTwice
		if err := e.Decode(&c); err != nil {
			return err
		}
		return w.warn(ctx, e, c.Resident, "note.claimed", "/me/sessions")
	default:
		var l cases.LookedUpEvent
		if err := e.Decode(&l); err != nil {
			return err
		}
		return w.warn(ctx, e, l.Owner, "note.looked", "/me/privacy")
	}
}

// warn sends one note a day and kind, however often it is tried: a letter box cannot be flooded by a stranger.
func (w warnings) warn(ctx context.Context, e event.Event, resident int64, title, link string) error {
	return w.message.Notify(ctx, actor.House, message.Note{
		Key:      fmt.Sprintf("%s/%s", e.Name, e.At.In(clock.Shanghai).Format(time.DateOnly)),
		Resident: resident, Account: e.Meta.Account, Kind: "system", Title: title, Link: link,
		Rows: []message.Row{{Label: "note.time", Value: e.At.Format(time.RFC3339)}, {Label: title + ".help", Value: "12345"}},
	})
}
