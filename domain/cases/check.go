package cases

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/money"
	"zhijian/ground/uid"
)

// Checked is what whoever holds a receipt may learn from the house: nothing that is not printed on it, and nobody's name.
type Checked struct {
	No     string // of the payment
	Amount money.Fen
	Payee  string
	PaidAt time.Time
	Place  Place
}

// CheckDigits is how many hexadecimal digits of a receipt's hash prove it.
const CheckDigits = 16

// Check tells anybody whether a receipt is true. no is the number of the payment or of the case, hash the first CheckDigits
// or more digits of the receipt's hash, both as people type them. fault.NotFound "receipt" when they do not belong together, whatever
// the reason.
func (d *Desk) Check(ctx context.Context, no, hash string) (_ Checked, err error) {
	defer fault.Wrap(&err, "check a receipt")
	r, err := d.receiptOf(ctx, no)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return Checked{}, err
	}
	given := digits(hash)
	want := hex.EncodeToString(r.Place.Hash)
	if len(want) != 64 {
		want = strings.Repeat("-", 64) // the comparison is made all the same
	}
	n := min(max(len(given), CheckDigits), len(want))
	if subtle.ConstantTimeCompare([]byte(given), []byte(want[:n])) != 1 {
		return Checked{}, fault.NotFound("receipt", "没有找到这张票据")
	}
	o := r.Order
	return Checked{No: o.No, Amount: o.Amount, Payee: o.Payee, PaidAt: o.PaidAt, Place: r.Place}, nil
}

// digits reads hexadecimal digits as people type them: any case, with spaces or hyphens.
func digits(s string) string {
	return strings.NewReplacer(" ", "", "-", "").Replace(strings.ToLower(strings.TrimSpace(s)))
}

// receiptOf finds a receipt by the number of its payment or case, for the house.
func (d *Desk) receiptOf(ctx context.Context, no string) (Receipt, error) {
	no, err := uid.ParseNo(no)
	if err != nil {
		return Receipt{}, absent()
	}
	o, err := d.c.Payment.Find(ctx, actor.House, no)
	switch {
	case err == nil && o.For.Kind == Kind:
		no = o.For.No
	case err != nil && !fault.Is(err, fault.KindNotFound):
		return Receipt{}, err
	}
	c, err := d.c.Store.Case(ctx, no)
	if err != nil {
		return Receipt{}, err
	}
	order, err := d.receiptOrder(ctx, c)
	if err != nil {
		return Receipt{}, err
	}
	r := Receipt{Case: c, Order: order}
	r.Place, err = d.proof(ctx, r)
	return r, err
}

// receiptOrder finds the payment that a finished case still holds; fault.NotFound "receipt" when there is none.
func (d *Desk) receiptOrder(ctx context.Context, c Case) (payment.Order, error) {
	none := fault.NotFound("receipt", "这个办件没有回执")
	if c.State != Done {
		return payment.Order{}, none
	}
	orders, err := d.c.Payment.Of(ctx, payment.For{Kind: Kind, No: c.No})
	if err != nil {
		return payment.Order{}, err
	}
	i := slices.IndexFunc(orders, func(p payment.Order) bool {
		return p.State == payment.Paid && fact(c.Data, p.Step)["no"] == p.No
	})
	if i < 0 {
		return payment.Order{}, none
	}
	return orders[i], nil
}

// proof finds what the chain says of a receipt; the zero Place when the chain says something else than the receipt does.
func (d *Desk) proof(ctx context.Context, r Receipt) (Place, error) {
	if d.c.Log == nil {
		return Place{}, nil
	}
	p, err := d.c.Log.Ended(ctx, r.Case.No)
	if err != nil || p.Order != r.Order.No || p.Amount != r.Order.Amount {
		return Place{}, err
	}
	return p, nil
}

// paidFor finds the payment that a case still holds; the order is empty for none.
func paidFor(s service.State) (order string, amount money.Fen) {
	for _, id := range slices.Sorted(maps.Keys(s.Facts)) {
		if f := fact(s, id); f["paid"] == true && f["refunded"] != true {
			order, _ = f["no"].(string)
			amount = fen(f["amount"])
		}
	}
	return order, amount
}
