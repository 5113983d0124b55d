package server

import (
	"context"
	"time"

	"zhijian/domain/identity"
	"zhijian/domain/message"
	"zhijian/ground/actor"
	"zhijian/ground/event"
)

// mandates tells both sides of a mandate what the other did. A note says no name: the page it leads to does, to who is signed in there.
type mandates struct {
	identity *identity.Desk
	message  *message.Desk
}

func (g mandates) names() []string {
	return []string{identity.MandateAskedEvent{}.EventName(), identity.MandateAnswered{}.EventName()}
}

func (g mandates) on(ctx context.Context, e event.Event) error {
	if e.Name == (identity.MandateAskedEvent{}).EventName() {
		var asked identity.MandateAskedEvent
		if err := e.Decode(&asked); err != nil {
			return err
		}
		principal, err := g.identity.Asked(ctx, actor.House, asked.Mandate)
		if err != nil || principal == 0 {
			return err // who is not here yet finds it after proving their name
		}
		return g.tell(ctx, e, principal, "note.mandate.asked")
	}
	var a identity.MandateAnswered
	if err := e.Decode(&a); err != nil {
		return err
	}
	title := "note.mandate." + string(a.State)
	for _, side := range []int64{a.Agent, a.Principal} {
		if side == 0 || (actor.Actor{Kind: actor.Resident, ID: side}).String() == e.Meta.Actor {
			continue // who did it knows
		}
		if err := g.tell(ctx, e, side, title); err != nil {
			return err
		}
	}
	return nil
}

func (g mandates) tell(ctx context.Context, e event.Event, resident int64, title string) error {
	return g.message.Notify(ctx, actor.House, message.Note{
		Key: e.Name + "/" + e.Key + "/" + title, Resident: resident, Kind: "system", Title: title, Link: "/me/mandates",
		Rows: []message.Row{{Label: "note.time", Value: e.At.Format(time.RFC3339)}},
	})
}
