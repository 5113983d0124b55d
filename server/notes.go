package server

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/identity"
	"zhijian/domain/message"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/money"
	"zhijian/ground/seal"
)

// notes turns what happened to a case into a message of the account that answers for it. It is the one
// translation between two rooms that may not know each other.
type notes struct {
	cases    *cases.Desk
	message  *message.Desk
	identity *identity.Desk
	talks    talks
}

// titles names the sentence for each event that a resident hears of.
var titles = map[string]string{
	cases.DoneEvent{}.EventName():      "note.done",
	cases.RefusedEvent{}.EventName():   "note.refused",
	cases.RefundedEvent{}.EventName():  "note.refunded",
	cases.StuckEvent{}.EventName():     "note.stuck",
	cases.MoreEvent{}.EventName():      "note.more",
	cases.ExpiredEvent{}.EventName():   "note.expired",
	cases.ReadEvent{}.EventName():      "note.read",
	cases.WithdrawnEvent{}.EventName(): "note.cancelled",

	cases.RecallKeptEvent{}.EventName(): "note.kept",

	cases.AppealDecidedEvent{}.EventName():  "note.appeal",
	cases.AmendDecidedEvent{}.EventName():   "note.amend",
	cases.ContactedEvent{}.EventName():      "note.contacted",
	cases.RatingAnsweredEvent{}.EventName(): "note.rating",
	cases.OverdueEvent{}.EventName():        "note.overdue",
}

func (n notes) names() []string {
	var list []string
	for name := range titles {
		list = append(list, name)
	}
	return list
}

func (n notes) on(ctx context.Context, e event.Event) error {
	var s struct {
		cases.Subject
		Order  string    `json:"order"`  // these two of a return
		Amount money.Fen `json:"amount"` // 0 in events of earlier versions
	}
	if err := e.Decode(&s); err != nil {
		return err
	}
	if s.Resident == 0 || e.Meta.Account == 0 {
		return nil // a visitor has no letter box
	}
	if e.Name == (cases.DoneEvent{}).EventName() && s.State == cases.Answered {
		return nil // an answer was read on the page; a message would only repeat it
	}
	shown, err := n.cases.Show(ctx, cases.Who{Actor: actor.House}, s.No, "")
	if err != nil {
		return fmt.Errorf("note on %s of %s: %w", e.Name, s.No, err)
	}
	title := titles[e.Name]
	if e.Name == (cases.WithdrawnEvent{}).EventName() {
		switch {
		case shown.Case.Recalled():
			title = "note.withdrawn"
		case !shown.Case.Cancelled():
			return nil // calling off a draft needs no letter; an appointment that was made does
		}
	}
	note := message.Note{
		Key: fmt.Sprintf("%s/%s", e.Name, s.No), Resident: s.Resident, Account: e.Meta.Account, Kind: "case",
		Title: title, Link: "/cases/" + s.No, Text: seal.Plain(shown.Case.Summary.Reveal()),
		Rows: []message.Row{{Label: "note.service", Value: shown.Offer.Definition.Name.In(shown.Case.Lang)}},
	}
	talk, err := n.talks.path(ctx, cases.Who{Actor: actor.Actor{Kind: actor.Resident, ID: s.Resident}}, shown.Case)
	if err != nil {
		return err
	}
	if talk != "" && !remedy(e.Name) { // a talk has no page for these
		note.Link = talk
	}
	if again(e.Name, shown.Case) {
		note.Key += fmt.Sprintf("/%d", e.ID)
	}
	if e.Name == (cases.ReadEvent{}).EventName() {
		// One message a case, member of staff and day: who opens a page twice has looked once.
		note.Key = fmt.Sprintf("%s/%s/%s/%s", e.Name, s.No, e.Meta.Actor, e.At.In(clock.Shanghai).Format(time.DateOnly))
	}
	refunded := e.Name == (cases.RefundedEvent{}).EventName()
	if refunded {
		// Money may come back more than once: of an order that was paid twice, or of two orders.
		note.Key += "/" + s.Order
	}
	if refunded && s.Amount > 0 {
		note.Rows = append(note.Rows, message.Row{Label: "note.amount", Value: s.Amount.String()})
	} else if o := shown.Order; o != nil {
		note.Rows = append(note.Rows, message.Row{Label: "note.amount", Value: o.Amount.String()})
	}
	if r := shown.Reservation; r != nil {
		note.Rows = append(note.Rows, message.Row{Label: "note.time", Value: r.Start.Format("2006-01-02T15:04:05Z07:00")})
	}
	if err := n.message.Notify(ctx, actor.House, note); err != nil {
		return err
	}
	return n.principal(ctx, e, s.Subject, note)
}

// again reports news that may come more than once in a case: one may be asked for more twice, and an appeal gives a case a second end.
func again(name string, c cases.Case) bool {
	switch name {
	case cases.DoneEvent{}.EventName(), cases.RefusedEvent{}.EventName():
		return len(c.Remedies.Appeals) > 0
	case cases.MoreEvent{}.EventName(), cases.RecallKeptEvent{}.EventName():
		return true
	}
	return remedy(name)
}

// remedy reports news of an appeal, of a mistake in a result or of a bad rating.
func remedy(name string) bool {
	return name == (cases.AppealDecidedEvent{}).EventName() || name == (cases.AmendDecidedEvent{}).EventName() || rating(name)
}

// rating reports news that only whoever rated may hear of.
func rating(name string) bool {
	switch name {
	case cases.ContactedEvent{}.EventName(), cases.RatingAnsweredEvent{}.EventName(), cases.OverdueEvent{}.EventName():
		return true
	}
	return false
}

// principal tells whoever a case is done for under a mandate what its resident is told. The case is not theirs to open, and a summary is
// of what the other did: the note says the service and leads to their mandates.
func (n notes) principal(ctx context.Context, e event.Event, s cases.Subject, note message.Note) error {
	id, ok := strings.CutPrefix(s.Right, "mandate/")
	mandate, err := strconv.ParseInt(id, 10, 64)
	if !ok || err != nil || e.Name == (cases.ReadEvent{}).EventName() || rating(e.Name) {
		return nil
	}
	who, err := n.identity.Asked(ctx, actor.House, mandate)
	if err != nil || who == 0 {
		return err
	}
	note.Resident, note.Link, note.Text = who, "/me/mandates", seal.Text{}
	note.Rows = append([]message.Row{{Label: "note.for", Value: note.Rows[0].Value}}, note.Rows[1:]...)
	return n.message.Notify(ctx, actor.House, note)
}
