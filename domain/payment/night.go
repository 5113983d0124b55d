package payment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
)

const (
	// billTries bounds the hourly questions for one bill; after them the nights to come look for it.
	billTries = 48
	// billKept is how far back nights catch up: the channel gives bills of the last three months.
	billKept = 90
)

// ScheduleReconcile sets the alarm for today's reconciliation unless it is set; each night sets the next. server calls it at start.
func (d *Desk) ScheduleReconcile(ctx context.Context) error {
	return d.schedule(ctx, midnight(d.c.Clock.Now()))
}

func (d *Desk) schedule(ctx context.Context, day time.Time) error {
	date := day.Format(dateForm)
	_, err := d.c.Store.SaveDay(ctx, Day{Date: date, Try: 1, At: d.c.Clock.Now()}, event.Later{
		Body: ReconcileDue{event.Meta{Actor: actor.House.String()}, date, 1}, At: day.Add(billReady),
	})
	return err
}

// onReconcileDue is one night. The next one is set before anything can go wrong, and nothing that goes wrong with one
// order or one bill keeps the others from being looked at: what was left is caught up by the nights to come.
func (d *Desk) onReconcileDue(ctx context.Context, due ReconcileDue) error {
	day, err := time.ParseInLocation(dateForm, due.Day, clock.Shanghai)
	if err != nil {
		return err
	}
	if err := d.schedule(ctx, day.AddDate(0, 0, 1)); err != nil {
		return err
	}
	if due.Try == 1 {
		if err := d.sweep(ctx); err != nil {
			return err
		}
		if err := d.catchUp(ctx, day); err != nil {
			return err
		}
	}
	_, err = d.Reconcile(ctx, actor.House, day)
	if !errors.Is(err, errBill) {
		return err
	}
	return d.billLater(ctx, due)
}

// billLater asks for a bill again in an hour. After the last time a person is told once.
func (d *Desk) billLater(ctx context.Context, due ReconcileDue) error {
	meta, now := event.Meta{Actor: actor.House.String()}, d.c.Clock.Now()
	next := Day{Date: due.Day, Try: due.Try + 1, At: now}
	var say event.Body = event.Later{Body: ReconcileDue{meta, due.Day, next.Try}, At: now.Add(time.Hour)}
	if next.Try > billTries {
		say = UnreconciledEvent{meta, due.Day, due.Try}
	}
	_, err := d.c.Store.SaveDay(ctx, next, say)
	return err
}

// catchUp compares the days before day that no night has finished.
func (d *Desk) catchUp(ctx context.Context, day time.Time) error {
	days, err := d.c.Books.Days(ctx, day.AddDate(0, 0, -billKept).Format(dateForm), day.Format(dateForm))
	if err != nil || len(days) == 0 {
		return err
	}
	done := map[string]bool{}
	for _, one := range days {
		done[one.Date] = one.Done
	}
	first, err := time.ParseInLocation(dateForm, days[0].Date, clock.Shanghai)
	if err != nil {
		return err
	}
	for at := first; at.Before(day); at = at.AddDate(0, 0, 1) {
		if done[at.Format(dateForm)] {
			continue
		}
		if _, err := d.Reconcile(ctx, actor.House, at); err != nil && !errors.Is(err, errBill) {
			return err
		}
	}
	return nil
}

// sweep asks once more about orders and refunds that outlived all their alarms. One that the channel refuses is for a person.
func (d *Desk) sweep(ctx context.Context) error {
	old := d.c.Clock.Now().Add(-24 * time.Hour)
	list, err := d.c.Store.List(ctx, Filter{States: []State{Ordered, Refunding}, Limit: 1000})
	if err != nil {
		return err
	}
	for _, o := range list {
		if o.Created.After(old) {
			continue
		}
		var wrong error
		if o.State == Ordered {
			_, wrong = d.cancel(ctx, actor.House, o.No, "expired")
		} else {
			wrong = d.sendRefund(ctx, o.No, o.RefundNo)
		}
		if wrong == nil || silent(wrong) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.unresolved(ctx, o.No); err != nil {
			return errors.Join(fmt.Errorf("after %w", wrong), err)
		}
	}
	return nil
}

// unresolved says once that an open order needs a person.
func (d *Desk) unresolved(ctx context.Context, no string) error {
	now := d.c.Clock.Now()
	_, err := d.c.Store.Change(ctx, no, func(o *Order) ([]event.Body, error) {
		last := len(questions(o.Expires.Sub(o.Created)))
		if o.State != Ordered || o.Asked > last {
			return d.noteTrouble(o, Notice{RefundNo: o.RefundNo, Outcome: OutcomeAbnormal}, actor.House, now), nil
		}
		o.Asked = last + 1 // its alarms are over; the nights go on
		return []event.Body{UnresolvedEvent{Meta: o.meta(actor.House), Subject: o.subject(), What: "payment"}}, nil
	})
	return err
}
