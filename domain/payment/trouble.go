package payment

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/money"
)

// What can need a person about an order.
const (
	OpenPayment  = "payment"  // the channel never said how it stands
	OpenRefund   = "refund"   // the price does not go back by itself
	OpenSurplus  = "surplus"  // a second transaction does not go back by itself
	OpenDisputed = "disputed" // money of another amount or currency than was asked
)

// Trouble is one thing that needs a person.
type Trouble struct {
	Order    Order
	Part     int // 0 for the order's own money, n for its nth extra transaction
	What     string
	Amount   money.Fen
	Currency string
	Since    time.Time
}

// troubles lists what of an order needs a person.
func (o Order) troubles(now time.Time) []Trouble {
	var list []Trouble
	switch {
	case o.State == Refunding && o.Asked >= slowTry:
		list = append(list, Trouble{o, 0, OpenRefund, o.Amount, Currency, o.PaidAt})
	case o.State == Ordered && o.Expires.Before(lapsed(now)):
		list = append(list, Trouble{o, 0, OpenPayment, o.Amount, Currency, o.Created})
	}
	for i, x := range o.Extra {
		switch {
		case x.State == Disputed:
			list = append(list, Trouble{o, i + 1, OpenDisputed, x.Amount, x.Currency, x.At})
		case x.State == Owed && x.Asked >= slowTry:
			list = append(list, Trouble{o, i + 1, OpenSurplus, x.Amount, x.Currency, x.At})
		}
	}
	return list
}

// lapsed is the end before which an order that is still open has outlived all questions.
func lapsed(now time.Time) time.Time { return now.Add(-24 * time.Hour) }

// Troubles lists what needs a person, oldest order first. The house and the operator may.
func (d *Desk) Troubles(ctx context.Context, a actor.Actor, limit int) ([]Trouble, error) {
	if !housekeeping(a) {
		return nil, denied()
	}
	now := d.c.Clock.Now()
	orders, err := d.c.Books.Troubled(ctx, slowTry, lapsed(now), limit)
	if err != nil {
		return nil, err
	}
	var list []Trouble
	for _, o := range orders {
		list = append(list, o.troubles(now)...)
	}
	return list, nil
}

// Trouble gives one of them; fault.NotFound when there is none any more. The house and the operator may.
func (d *Desk) Trouble(ctx context.Context, a actor.Actor, no string, part int) (Trouble, error) {
	if !housekeeping(a) {
		return Trouble{}, denied()
	}
	o, err := d.c.Store.Order(ctx, no)
	if err != nil {
		return Trouble{}, err
	}
	for _, one := range o.troubles(d.c.Clock.Now()) {
		if one.Part == part {
			return one, nil
		}
	}
	return Trouble{}, absent()
}

// Unexplained lists the differences that nobody has accepted. The house and the operator may.
func (d *Desk) Unexplained(ctx context.Context, a actor.Actor, limit int) ([]Finding, error) {
	if !housekeeping(a) {
		return nil, denied()
	}
	return d.c.Books.Unexplained(ctx, limit)
}

// Finding gives an open difference by its key; fault.NotFound when there is none. The house and the operator may.
func (d *Desk) Finding(ctx context.Context, a actor.Actor, f Finding) (Finding, error) {
	if !housekeeping(a) {
		return Finding{}, denied()
	}
	list, err := d.c.Store.Findings(ctx, f.Day)
	for _, one := range list {
		if one.No == f.No && one.Kind == f.Kind && one.Ref == f.Ref && one.Accepted.IsZero() && one.Kind != WrongState {
			return one, nil
		}
	}
	if err == nil {
		err = noFinding()
	}
	return Finding{}, err
}

func noFinding() error {
	return fault.NotFound("payment.finding", "没有这条待核对的差异，可能已经处理了")
}

// Unreconciled lists the days that are over and whose bill has come due, but that no night has compared. The house and the operator may.
func (d *Desk) Unreconciled(ctx context.Context, a actor.Actor) ([]Day, error) {
	if !housekeeping(a) {
		return nil, denied()
	}
	now := d.c.Clock.Now()
	list, err := d.c.Books.Days(ctx, midnight(now).AddDate(0, 0, -billKept).Format(dateForm), midnight(now).Format(dateForm))
	return slices.DeleteFunc(list, func(day Day) bool {
		at, err := time.ParseInLocation(dateForm, day.Date, clock.Shanghai)
		return day.Done || err != nil || now.Before(at.Add(billReady+time.Hour))
	}), err
}

// AcceptFinding says why a difference may stay as it is; reason goes into the log and must not be empty. fault.NotFound when there is
// no such open one. The house and the operator may.
func (d *Desk) AcceptFinding(ctx context.Context, a actor.Actor, f Finding, reason string) (err error) {
	defer fault.Wrap(&err, "accept finding %s of %s", f.Kind, f.Day)
	if !housekeeping(a) {
		return denied()
	}
	if reason, err = reasoned(reason); err != nil {
		return err
	}
	f.Accepted = d.c.Clock.Now()
	found, err := d.c.Books.Accept(ctx, f, FindingAcceptedEvent{event.Meta{Actor: a.String()}, f.Day, f.No, f.Kind, f.Ref, reason})
	if err == nil && !found {
		return noFinding()
	}
	return err
}

func reasoned(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n < 2 || n > 500 {
		return "", fault.Invalid("payment.reason", "请写明核实情况，2 到 500 个字").On("reason")
	}
	return reason, nil
}

// settledAlready is what a person hears who comes after another, or after the channel.
func settledAlready() error {
	return fault.Conflict("payment.settled", "这笔钱已经处理过，请刷新页面看最新情况")
}
