package payment

import (
	"context"
	"time"

	"zhijian/ground/money"
)

// Channel is the outside world that moves the money: WeChat Pay v3, or the sandbox that
// speaks the same. Every method is idempotent by its number. fault.Unavailable means the
// outcome is unknown and must be asked for, never assumed.
type Channel interface {
	// Order announces an order and returns the page to pay on. The same order again gives the same page or a fresh one.
	Order(ctx context.Context, o ChannelOrder) (url string, err error)
	// Query asks how an order stands. fault.NotFound when the channel never heard of it.
	Query(ctx context.Context, no string) (Notice, error)
	// Close makes an unpaid order unpayable. fault.Conflict "payment.paid" when it is paid already.
	Close(ctx context.Context, no string) error
	// Refund returns money to where it came from.
	Refund(ctx context.Context, r ChannelRefund) (Notice, error)
	// QueryRefund asks how a refund stands. fault.NotFound when the channel never heard of it.
	QueryRefund(ctx context.Context, refundNo string) (Notice, error)
	// Bill lists all that moved on a day (Asia/Shanghai). A day without movement is an empty list.
	Bill(ctx context.Context, day time.Time) ([]BillLine, error)
}

// ChannelOrder is what the channel needs to know of an order.
type ChannelOrder struct {
	No       string
	About    string
	Amount   money.Fen
	Expires  time.Time
	ReturnTo string // absolute URL
	ClientIP string
}

// ChannelRefund is what the channel needs to know of a refund.
type ChannelRefund struct {
	No       string // the order's number
	RefundNo string
	Amount   money.Fen // to return
	Total    money.Fen // what was paid
	Reason   string    // at most 80 bytes, no personal data
	// Transaction names which of the order's transactions goes back; it matters when there were two.
	Transaction string
}

// Outcome is how an order or refund stands at the channel.
type Outcome string

// The outcomes.
const (
	OutcomePaid      Outcome = "paid"
	OutcomeUnpaid    Outcome = "unpaid"
	OutcomeClosed    Outcome = "closed"
	OutcomeDeclined  Outcome = "declined" // the bank said no; the resident may try again
	OutcomeRefunded  Outcome = "refunded"
	OutcomeRefunding Outcome = "refunding"
	OutcomeAbnormal  Outcome = "abnormal" // a refund that needs a person
)

// Notice is a verified statement of the channel, whether it was pushed or asked for.
type Notice struct {
	ID          string // the channel's notice id; empty for an answer to a query
	No          string // our order number
	RefundNo    string // our refund number, for refunds
	Transaction string // the channel's number
	Outcome     Outcome
	Amount      money.Fen // paid, or returned for refunds
	Currency    string    // "CNY"
	At          time.Time // when the money moved
}

// BillLine is one movement in the channel's bill.
type BillLine struct {
	At          time.Time
	No          string
	Transaction string
	RefundNo    string // empty for a payment
	Amount      money.Fen
	Refund      bool
}
