package payment

import (
	"context"
	"errors"
	"fmt"
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
	bill, err := d.bill(ctx, from)
	if err != nil {
		return nil, err
	}
	ledger, err := d.c.Store.Ledger(ctx, from, from.AddDate(0, 0, 1))
	if err != nil {
		return nil, err
	}
	c := comparison{d: d, a: a, date: date, from: from, bill: bill, ours: map[string]Posting{}, edges: map[string]map[string]bool{}}
	for _, p := range ledger {
		if p.AtChannel() {
			c.ours[key(!p.In(), p.Ref)] = p
		}
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
		if p.AtChannel() {
			done.Ours += signed(!p.In(), p.Amount)
		}
	}
	_, err = d.c.Store.SaveDay(ctx, done, ReconciledEvent{
		event.Meta{Actor: a.String()}, date, done.Lines, done.Findings, done.Ours, done.Theirs,
	})
	return found, err
}

// errBill marks what the channel's bill itself is to blame for: it did not come, or cannot be read.
var errBill = errors.New("the channel's bill")

// errUnbilled says that a bill is not there yet.
var errUnbilled = fmt.Errorf("%w: %w", errBill, fault.Unavailable("payment.bill", "支付通道还没有出这一天的账单，请等次日上午再看"))

func (d *Desk) bill(ctx context.Context, day time.Time) ([]BillLine, error) {
	list, err := d.c.Channel.Bill(ctx, day)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBill, err)
	}
	return list, nil
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

func (l BillLine) key() string { return key(l.Refund, l.ref()) }

// ref is what the ledger calls the line by.
func (l BillLine) ref() string {
	if l.Refund {
		return l.RefundNo
	}
	return l.Transaction
}

func signed(refund bool, f money.Fen) money.Fen {
	if refund {
		return -f
	}
	return f
}

func (c *comparison) add(ctx context.Context, no, kind, ref string, ours, theirs money.Fen) error {
	return c.d.c.Store.AddFinding(ctx, Finding{Day: c.date, No: no, Kind: kind, Ref: ref, Ours: ours, Theirs: theirs, At: c.d.c.Clock.Now()})
}

// theirs holds each line of the bill against the ledger.
func (c *comparison) theirs(ctx context.Context) error {
	for _, l := range c.bill {
		if p, ok := c.ours[l.key()]; ok {
			if p.Amount != l.Amount {
				if err := c.add(ctx, l.No, WrongAmount, l.ref(), p.Amount, l.Amount); err != nil {
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
		return c.add(ctx, l.No, MissingHere, l.ref(), 0, l.Amount)
	}
	if err != nil {
		return err
	}
	if amount, ok := o.moved(l); ok { // booked on another day
		if amount != l.Amount {
			return c.add(ctx, l.No, WrongAmount, l.ref(), amount, l.Amount)
		}
		return nil
	}
	kind := WrongState
	if l.Amount != o.Amount {
		kind = WrongAmount
	}
	if err := c.add(ctx, l.No, kind, l.ref(), 0, l.Amount); err != nil {
		return err
	}
	n := Notice{No: l.No, Transaction: l.Transaction, Outcome: OutcomePaid, Amount: l.Amount, Currency: Currency, At: l.At}
	if l.Refund {
		n.RefundNo, n.Outcome = l.RefundNo, OutcomeRefunded
	}
	o, err = c.d.Settle(ctx, actor.House, n)
	if err != nil && (fault.Of(err) == nil || silent(err)) {
		return err
	}
	if _, ok := o.moved(l); (err != nil || !ok) && kind == WrongState {
		// It did not settle: this line needs a person, the others do not wait for them.
		return c.add(ctx, l.No, MissingHere, l.ref(), 0, l.Amount)
	}
	return nil
}

// moved says what the order booked for a bill line, on whatever day. What went back by hand is not in any bill.
func (o Order) moved(l BillLine) (money.Fen, bool) {
	for _, p := range Postings(Order{}, o) {
		if p.AtChannel() && p.In() != l.Refund && key(!p.In(), p.Ref) == l.key() {
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
		if inBill[k] || !p.AtChannel() {
			continue
		}
		beside, err := c.beside(ctx, p.At)
		if err != nil {
			return err
		}
		if beside[k] {
			continue
		}
		if err := c.add(ctx, p.No, MissingThere, p.Ref, p.Amount, 0); err != nil {
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
		if c.d.c.Clock.Now().Before(day.Add(billReady)) && day.After(c.from) {
			return nil, errUnbilled // the channel refuses the bill of a day that is not over
		}
		bill, err := c.d.bill(ctx, day)
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
