package server

import (
	"context"
	"fmt"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/domain/message"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// visitNotes turns what happens to an appointment into a message: a place that came free, one's turn, what became of it.
type visitNotes struct{ notes }

// visitTitles names the sentence for each event that a resident hears of.
var visitTitles = map[string]string{
	booking.OfferedEvent{}.EventName(): "note.offered",
	booking.CalledEvent{}.EventName():  "note.called",
	booking.ServedEvent{}.EventName():  "note.served",
	booking.MissedEvent{}.EventName():  "note.missed",
}

func (n visitNotes) names() []string {
	var list []string
	for name := range visitTitles {
		list = append(list, name)
	}
	return list
}

func (n visitNotes) on(ctx context.Context, e event.Event) error {
	var b struct {
		booking.Subject
		Window string `json:"window"`
		Until  int64  `json:"until"`
	}
	if err := e.Decode(&b); err != nil {
		return err
	}
	if b.For.Kind != cases.Kind || b.Resident == 0 || e.Meta.Account == 0 {
		return nil // who walked in sees the board
	}
	shown, err := n.cases.Show(ctx, cases.Who{Actor: actor.House}, b.For.No, "")
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("note on %s of %s: %w", e.Name, b.For.No, err)
	}
	note := message.Note{
		Key: fmt.Sprintf("%s/%s", e.Name, b.No), Resident: b.Resident, Account: e.Meta.Account, Kind: "case",
		Title: visitTitles[e.Name], Link: "/cases/" + b.For.No, Text: seal.Plain(shown.Case.Summary.Reveal()),
		Rows: []message.Row{{Label: "note.service", Value: shown.Offer.Definition.Name.In(shown.Case.Lang)}},
	}
	switch e.Name {
	case booking.OfferedEvent{}.EventName():
		note.Rows = append(note.Rows, message.Row{Label: "note.until", Value: time.UnixMilli(b.Until).UTC().Format(time.RFC3339)})
	case booking.CalledEvent{}.EventName():
		note.Link += "/visit"
		note.Rows = append(note.Rows, message.Row{Label: "note.window", Value: b.Window})
	case booking.ServedEvent{}.EventName():
		if shown.Offer.Definition.Rate && shown.Case.Rating == nil {
			note.Link += "/rate"
		}
	}
	return n.message.Notify(ctx, actor.House, note)
}
