package cases

import (
	"context"
	"slices"
	"time"

	"zhijian/domain/payment"
	"zhijian/ground/actor"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
	"zhijian/ground/money"
)

// Waiting is a case that waits for its resident.
type Waiting struct {
	Case   Case
	Amount money.Fen // what is to be paid; 0 for nothing
	Until  time.Time // when an open order runs out, else when the untouched case ends
}

// mostWaiting is how many of the latest cases are looked at: who has more finds them under their cases.
const mostWaiting = 20

// Waiting lists what waits for the actor: unpaid orders and what was begun, the nearest deadline first, at most limit; nobody has
// none. It costs one read, and one more for each case that is to be paid.
func (d *Desk) Waiting(ctx context.Context, a actor.Actor, limit int) (_ []Waiting, err error) {
	defer fault.Wrap(&err, "list what waits for %s", a)
	open, err := d.List(ctx, a, []State{Paying, Draft}, cursor.Cursor{}, mostWaiting)
	if err != nil {
		return nil, err
	}
	list := make([]Waiting, 0, len(open))
	for _, c := range open {
		w := Waiting{Case: c, Until: c.until()}
		if c.State == Paying {
			orders, err := d.c.Payment.Of(ctx, payment.For{Kind: Kind, No: c.No})
			if err != nil {
				return nil, err
			}
			if n := len(orders); n > 0 {
				last := orders[n-1]
				w.Amount = last.Amount
				switch last.State {
				case payment.Ordered:
					w.Until = last.Expires
				case payment.Closed: // it can be ordered anew
				default:
					continue // paid: the case is about to go on by itself
				}
			}
		}
		list = append(list, w)
	}
	slices.SortStableFunc(list, func(a, b Waiting) int { return a.Until.Compare(b.Until) })
	return list[:min(limit, len(list))], nil
}

// until is when a case ends if its resident does not touch it.
func (c Case) until() time.Time {
	if last := c.Updated.Add(keep); last.After(c.Kept) {
		return last
	}
	return c.Kept
}
