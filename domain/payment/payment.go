// Package payment owes, takes, returns and reconciles money. It knows nothing of fines.
//
// An order belongs to something else by its For reference and moves only along the table in
// state.go. Ordering is idempotent by (For, Step, Attempt): the same call twice gives the same
// order. A notice may come any number of times in any order; only the first that fits moves
// the order, the others are "already so". The amount is fixed when ordered and a notice
// about another amount never pays it. For each order captured − refunded is 0 or the price:
// a second transaction for a paid order is a surplus and goes back by itself.
//
// What the channel did not answer is asked for, never assumed: as long as an order or a refund
// is open the desk has a durable alarm to ask again. Every fen that moved is a posting in the
// ledger, and each day the ledger is compared with the channel's bill, both ways.
package payment

import (
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/money"
)

// For says what an order pays for: the kind of thing and its public number.
type For struct {
	Kind string `json:"kind"` // "cases"
	No   string `json:"no"`
}

// Order is money that a resident was asked for.
type Order struct {
	ID int64
	// No is the number the channel knows (out_trade_no): 17 Crockford characters.
	No       string
	For      For
	Step     string // which payment of the thing, e.g. the step id
	Attempt  int    // counts from 1; a new attempt is a new order
	Resident int64
	Account  int64  // official account of the payee, 0 for none
	Region   string // GB/T 2260 code
	Sector   string // sector id, empty for none
	Service  string
	Amount   money.Fen
	Payee    string // shown to the resident
	About    string // what the payment is for, without personal data; at most 127 bytes
	State    State
	// URL is the channel's page to pay on; empty until the channel gave it.
	URL         string
	URLAt       time.Time // when the channel gave it
	ReturnTo    string    // path on this site that it leads back to
	Transaction string    // the channel's own number; empty until paid
	RefundNo    string    // number of the refund; empty for none
	Reason      string    // why it is refunded or closed, a code
	// Asked counts the alarms set so far to ask the channel about the payment, then about the refund.
	Asked int
	// Extra are transactions beyond the one that paid, oldest first.
	Extra      []Extra
	Created    time.Time
	Expires    time.Time // after this the order is closed if unpaid
	PaidAt     time.Time
	RefundedAt time.Time
	// Hand says that the money went back by other means than the channel.
	Hand bool
	Rev  int64
}

// Extra is money the channel reports for an order beyond what was asked: a second transaction,
// or one with another amount or currency.
type Extra struct {
	Transaction string
	Amount      money.Fen
	Currency    string
	State       ExtraState
	RefundNo    string // empty while disputed
	Asked       int    // alarms set so far to ask about the refund
	At          time.Time
	RefundedAt  time.Time
	Hand        bool // settled by other means than the channel
}

// Ask is what a caller wants paid.
type Ask struct {
	For      For
	Step     string
	Attempt  int
	Resident int64
	Account  int64
	Region   string
	Sector   string
	Service  string
	Amount   money.Fen // at least 1 fen
	Payee    string
	About    string
	ReturnTo string // path on this site that the channel sends the resident back to
	ClientIP string // the payer's address, which H5 orders must name; empty becomes 127.0.0.1
}

// Validate reports an ask that no caller of this house may make.
func (k Ask) Validate() error {
	switch {
	case k.For.Kind == "" || k.For.No == "" || k.Step == "" || k.Attempt < 1:
		return fault.Invalid("payment.for", "缺少缴费事项，请从办事页面重新进入")
	case k.Amount < 1 || k.Amount > money.Max:
		return fault.Invalid("payment.amount", "金额不在可以缴纳的范围内，请返回核对金额")
	case k.About == "" || len(k.About) > 127:
		return fault.Invalid("payment.about", "请写明缴费说明，最多 40 个字")
	case k.ReturnTo != "" && (k.ReturnTo[0] != '/' || len(k.ReturnTo) > 1 && (k.ReturnTo[1] == '/' || k.ReturnTo[1] == '\\')):
		return fault.Invalid("payment.return", "返回地址只能是本站的页面")
	}
	return nil
}

func (o Order) meta(a actor.Actor) event.Meta {
	return event.Meta{Actor: a.String(), Account: o.Account, Region: o.Region, Sector: o.Sector, Service: o.Service}
}

func (o Order) subject() Subject {
	return Subject{No: o.No, For: o.For, Step: o.Step, Attempt: o.Attempt, Resident: o.Resident, Amount: o.Amount}
}
