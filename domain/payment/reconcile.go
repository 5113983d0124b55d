package payment

import (
	"context"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/money"
)

// The kinds of finding.
const (
	MissingHere  = "missing_here"  // in the bill, but this house never ordered it
	MissingThere = "missing_there" // in our ledger, but not in the bill
	WrongAmount  = "amount"        // in both, with different amounts
	WrongState   = "state"         // in the bill, but our order did not know; it is settled at once
)

const dateForm = "2006-01-02"

// billReady is when the channel's bill of a day is there: the next day at 10:15 (WeChat Pay makes it from 9:00 and promises 10:00).
const billReady = 34*time.Hour + 15*time.Minute

// Reconcile compares a day (Asia/Shanghai) with the channel's bill, both ways, and records differences. Money the bill
// knows for an order of ours is settled. Running it again changes nothing but adds what is newly found. The house and the operator may.
func (d *Desk) Reconcile(ctx context.Context, a actor.Actor, day time.Time) (_ []Finding, err error) {
	from := midnight(day)
	date := from.Format(dateForm)
	defer fault.Wrap(&err, "reconcile %s", date)
	if !housekeeping(a) {
		return nil, denied()
	}
	bill, err := d.c.Channel.Bill(ctx, from)
	if err != nil {
		return nil, err
	}
	ledger, err := d.c.Store.Ledger(ctx, from, from.AddDate(0, 0, 1))
	if err != nil {
		return nil, err
	}
	c := comparison{d: d, a: a, date: date, from: from, bill: bill, ours: map[string]Posting{}, edges: map[string]map[string]bool{}}
	for _, p := range ledger {
		c.ours[key(!p.In(), p.Ref)] = p
	}
	if err := c.theirs(ctx); err != nil {
		return nil, err
	}
	if err := c.mine(ctx, ledger); err != nil {
		return nil, err
	}
	found, err := d.c.Store.Findings(ctx, date)
	if err != nil || d.c.Clock.Now().Before(from.AddDate(0, 0, 1)) {
		return found, err // a day that is not over can be looked at, not closed
	}
	done := Day{Date: date, Done: true, Lines: len(bill), Findings: len(found), At: d.c.Clock.Now()}
	for _, l := range bill {
		done.Theirs += signed(l.Refund, l.Amount)
	}
	for _, p := range ledger {
		done.Ours += signed(!p.In(), p.Amount)
	}
	_, err = d.c.Store.SaveDay(ctx, done, ReconciledEvent{
		event.Meta{Actor: a.String()}, date, done.Lines, done.Findings, done.Ours, done.Theirs,
	})
	return found, err
}

// Findings lists what the reconciliation of a day found. The house, the operator and staff may.
func (d *Desk) Findings(ctx context.Context, a actor.Actor, day time.Time) ([]Finding, error) {
	if !housekeeping(a) && a.Kind != actor.Staff {
		return nil, denied()
	}
	return d.c.Store.Findings(ctx, midnight(day).Format(dateForm))
}

// comparison is one run over one day.
type comparison struct {
	d     *Desk
	a     actor.Actor
	date  string
	from  time.Time
	bill  []BillLine
	ours  map[string]Posting
	edges map[string]map[string]bool // bills of the days beside this one, by date, when looked at
}

func key(refund bool, ref string) string {
	if refund {
		return "out/" + ref
	}
	return "in/" + ref
}

func (l BillLine) key() string {
	if l.Refund {
		return key(true, l.RefundNo)
	}
	return key(false, l.Transaction)
}

func signed(refund bool, f money.Fen) money.Fen {
	if refund {
		return -f
	}
	return f
}

func (c *comparison) add(ctx context.Context, no, kind string, ours, theirs money.Fen) error {
	return c.d.c.Store.AddFinding(ctx, Finding{c.date, no, kind, ours, theirs, c.d.c.Clock.Now()})
}

// theirs holds each line of the bill against the ledger.
func (c *comparison) theirs(ctx context.Context) error {
	for _, l := range c.bill {
		if p, ok := c.ours[l.key()]; ok {
			if p.Amount != l.Amount {
				if err := c.add(ctx, l.No, WrongAmount, p.Amount, l.Amount); err != nil {
					return err
				}
			}
			continue
		}
		if err := c.unknown(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// unknown deals with a line that our ledger of the day does not have.
func (c *comparison) unknown(ctx context.Context, l BillLine) error {
	o, err := c.d.c.Store.Order(ctx, l.No)
	if fault.Is(err, fault.KindNotFound) {
		return c.add(ctx, l.No, MissingHere, 0, l.Amount)
	}
	if err != nil {
		return err
	}
	if amount, ok := o.moved(l); ok { // booked on another day
		if amount != l.Amount {
			return c.add(ctx, l.No, WrongAmount, amount, l.Amount)
		}
		return nil
	}
	kind := WrongState
	if l.Amount != o.Amount {
		kind = WrongAmount
	}
	if err := c.add(ctx, l.No, kind, 0, l.Amount); err != nil {
		return err
	}
	n := Notice{No: l.No, Transaction: l.Transaction, Outcome: OutcomePaid, Amount: l.Amount, Currency: Currency, At: l.At}
	if l.Refund {
		n.RefundNo, n.Outcome = l.RefundNo, OutcomeRefunded
	}
	_, err = c.d.Settle(ctx, actor.House, n)
	return err
}

// moved says what the order booked for a bill line, on whatever day.
func (o Order) moved(l BillLine) (money.Fen, bool) {
	for _, p := range Postings(Order{}, o) {
		if p.In() != l.Refund && key(!p.In(), p.Ref) == l.key() {
			return p.Amount, true
		}
	}
	return 0, false
}

// mine holds each posting against the bill. Near midnight the channel may have put it on the next day.
func (c *comparison) mine(ctx context.Context, ledger []Posting) error {
	inBill := keys(c.bill)
	for _, p := range ledger {
		k := key(!p.In(), p.Ref)
		if inBill[k] {
			continue
		}
		beside, err := c.beside(ctx, p.At)
		if err != nil {
			return err
		}
		if beside[k] {
			continue
		}
		if err := c.add(ctx, p.No, MissingThere, p.Amount, 0); err != nil {
			return err
		}
	}
	return nil
}

func (c *comparison) beside(ctx context.Context, at time.Time) (map[string]bool, error) {
	var day time.Time
	switch into := at.Sub(c.from); {
	case into < time.Hour:
		day = c.from.AddDate(0, 0, -1)
	case into >= 23*time.Hour:
		day = c.from.AddDate(0, 0, 1)
	default:
		return nil, nil
	}
	date := day.Format(dateForm)
	if _, ok := c.edges[date]; !ok {
		bill, err := c.d.c.Channel.Bill(ctx, day)
		if err != nil {
			return nil, err
		}
		c.edges[date] = keys(bill)
	}
	return c.edges[date], nil
}

func keys(bill []BillLine) map[string]bool {
	set := make(map[string]bool, len(bill))
	for _, l := range bill {
		set[l.key()] = true
	}
	return set
}

func midnight(t time.Time) time.Time {
	t = t.In(clock.Shanghai)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, clock.Shanghai)
}

// ScheduleReconcile sets the alarm for today's reconciliation unless it is set; each run sets the next. server calls it at start.
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

func (d *Desk) onReconcileDue(ctx context.Context, due ReconcileDue) error {
	day, err := time.ParseInLocation(dateForm, due.Day, clock.Shanghai)
	if err != nil {
		return err
	}
	if err := d.sweep(ctx); err != nil {
		return err
	}
	_, err = d.Reconcile(ctx, actor.House, day)
	if silent(err) && due.Try < 48 {
		now := d.c.Clock.Now()
		_, err = d.c.Store.SaveDay(ctx, Day{Date: due.Day, Try: due.Try + 1, At: now}, event.Later{
			Body: ReconcileDue{event.Meta{Actor: actor.House.String()}, due.Day, due.Try + 1}, At: now.Add(time.Hour),
		})
		return err
	}
	if err != nil {
		return err
	}
	return d.schedule(ctx, day.AddDate(0, 0, 1))
}

// sweep asks once more about orders and refunds that outlived all their alarms.
func (d *Desk) sweep(ctx context.Context) error {
	old := d.c.Clock.Now().Add(-24 * time.Hour)
	list, err := d.c.Store.List(ctx, Filter{States: []State{Ordered, Refunding}, Limit: 1000})
	if err != nil {
		return err
	}
	for _, o := range list {
		switch {
		case o.Created.After(old):
		case o.State == Ordered:
			_, err = d.cancel(ctx, actor.House, o.No, "expired")
		default:
			err = d.sendRefund(ctx, o.No, o.RefundNo)
		}
		if err != nil && !silent(err) {
			return err
		}
	}
	return nil
}
