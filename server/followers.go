package server

import (
	"context"
	"time"

	"zhijian/domain/follower"
	"zhijian/domain/message"
	"zhijian/ground/actor"
	"zhijian/ground/event"
)

// followers tells residents that a talk of another platform was bound to them, or is no more without their doing: if it was not them, they
// see it and can end it.
type followers struct{ message *message.Desk }

func (f followers) names() []string {
	return []string{follower.Bound{}.EventName(), follower.Ended{}.EventName()}
}

func (f followers) on(ctx context.Context, e event.Event) error {
	var said struct {
		Resident int64  `json:"resident"`
		By       string `json:"by"`
	}
	if err := e.Decode(&said); err != nil {
		return err
	}
	title := "note.follower.bound"
	if e.Name == (follower.Ended{}).EventName() {
		title = "note.follower.ended"
	}
	if said.By == "resident" {
		return nil // who did it knows
	}
	return f.message.Notify(ctx, actor.House, message.Note{
		Key: e.Name + "/" + e.Key + "/" + e.At.Format(time.RFC3339Nano), Resident: said.Resident, Account: e.Meta.Account, Kind: "system", Title: title, Link: "/me/sessions",
		Rows: []message.Row{{Label: "note.time", Value: e.At.Format(time.RFC3339)}},
	})
}
