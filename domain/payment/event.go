package payment

import (
	"zhijian/ground/event"
	"zhijian/ground/money"
)

// Subject is what all events of one order say. The event's key is No.
type Subject struct {
	No       string    `json:"no"`
	For      For       `json:"for"`
	Step     string    `json:"step"`
	Attempt  int       `json:"attempt"`
	Resident int64     `json:"resident,omitempty"`
	Amount   money.Fen `json:"amount"`
}

// OrderedEvent: the resident was asked for money.
type OrderedEvent struct {
	event.Meta
	Subject
}

// PaidEvent: the channel has the money. Late is set when the order was closed before.
type PaidEvent struct {
	event.Meta
	Subject
	Transaction string `json:"transaction"`
	At          int64  `json:"at"` // Unix ms, the channel's time
	Late        bool   `json:"late,omitempty"`
}

// ClosedEvent: the order can't be paid any more. Reason is "expired", "cancelled", "channel" or "refused".
type ClosedEvent struct {
	event.Meta
	Subject
	Reason string `json:"reason"`
}

// RefundingEvent: the whole price is to go back; OnRefunding asks the channel.
type RefundingEvent struct {
	event.Meta
	Subject
	RefundNo string `json:"refund_no"`
	Reason   string `json:"reason"`
}

// RefundedEvent: the whole price is back.
type RefundedEvent struct {
	event.Meta
	Subject
	RefundNo string `json:"refund_no"`
	Reason   string `json:"reason"`
	At       int64  `json:"at"` // Unix ms, the channel's time
}

// SurplusEvent: a second transaction came for an order that has its money; it goes back by itself.
type SurplusEvent struct {
	event.Meta
	Subject
	Transaction string    `json:"transaction"`
	RefundNo    string    `json:"refund_no"`
	Surplus     money.Fen `json:"surplus"`
}

// SurplusReturnedEvent: a surplus is back.
type SurplusReturnedEvent struct {
	event.Meta
	Subject
	RefundNo string    `json:"refund_no"`
	Surplus  money.Fen `json:"surplus"`
}

// MismatchEvent: the channel reports an amount or currency that nobody asked for. It pays nothing; a person must look.
type MismatchEvent struct {
	event.Meta
	Subject
	Transaction string    `json:"transaction"`
	Theirs      money.Fen `json:"theirs"`
	Currency    string    `json:"currency"`
}

// UnresolvedEvent: an order or a refund is still open after all questions, or the channel refuses it. What is "payment" or
// "refund", RefundNo which refund. A person must look.
type UnresolvedEvent struct {
	event.Meta
	Subject
	What     string `json:"what"`
	RefundNo string `json:"refund_no,omitempty"`
}

// RefundRetriedEvent: a person has the money sent back under a new number; Before is the one that was given up.
type RefundRetriedEvent struct {
	event.Meta
	Subject
	RefundNo string `json:"refund_no"`
	Before   string `json:"before,omitempty"`
}

// SettledByHandEvent: a person settled by other means than the channel what it would not return. Part is 0 for the order's own
// money, n for its nth extra transaction; RefundNo is empty for disputed money that was never asked back.
type SettledByHandEvent struct {
	event.Meta
	Subject
	Part     int       `json:"part"`
	RefundNo string    `json:"refund_no,omitempty"`
	Settled  money.Fen `json:"settled"`
	Reason   string    `json:"reason"`
}

// FindingAcceptedEvent: a person looked into a difference and says why it may stay. The event's key is that of ReconciledEvent.
type FindingAcceptedEvent struct {
	event.Meta
	Day    string `json:"day"`
	No     string `json:"no"`
	Kind   string `json:"kind"`
	Ref    string `json:"ref,omitempty"`
	Reason string `json:"reason"`
}

// ReconciledEvent: a day was compared with the channel's bill. The event's key is "payment/" and the day.
type ReconciledEvent struct {
	event.Meta
	Day      string    `json:"day"`
	Lines    int       `json:"lines"`
	Findings int       `json:"findings"`
	Ours     money.Fen `json:"ours"`   // net movement in our ledger
	Theirs   money.Fen `json:"theirs"` // net movement in the bill
}

// UnreconciledEvent: the channel's bill of a day did not come, or could not be read, Tries times. The nights go on looking for
// it; a person must ask the channel. The event's key is that of ReconciledEvent.
type UnreconciledEvent struct {
	event.Meta
	Day   string `json:"day"`
	Tries int    `json:"tries"`
}

// QueryDue asks the channel how a silent order stands; Try counts the questions from 1.
type QueryDue struct {
	event.Meta
	No  string `json:"no"`
	Try int    `json:"try"`
}

// ExpiryDue closes an order whose time is up; Try counts on from QueryDue.
type ExpiryDue struct {
	event.Meta
	No  string `json:"no"`
	Try int    `json:"try"`
}

// RefundDue asks how a refund stands and repeats it when the channel never heard of it.
type RefundDue struct {
	event.Meta
	No       string `json:"no"`
	RefundNo string `json:"refund_no"`
	Try      int    `json:"try"`
}

// ReconcileDue compares a day with the channel's bill and sets the alarm for the next.
type ReconcileDue struct {
	event.Meta
	Day string `json:"day"` // YYYY-MM-DD in Asia/Shanghai
	Try int    `json:"try"`
}

// EventName names the event.
func (OrderedEvent) EventName() string { return "payment.ordered" }

// EventName names the event.
func (PaidEvent) EventName() string { return "payment.paid" }

// EventName names the event.
func (ClosedEvent) EventName() string { return "payment.closed" }

// EventName names the event.
func (RefundingEvent) EventName() string { return "payment.refunding" }

// EventName names the event.
func (RefundedEvent) EventName() string { return "payment.refunded" }

// EventName names the event.
func (SurplusEvent) EventName() string { return "payment.surplus" }

// EventName names the event.
func (SurplusReturnedEvent) EventName() string { return "payment.surplus_returned" }

// EventName names the event.
func (MismatchEvent) EventName() string { return "payment.mismatch" }

// EventName names the event.
func (UnresolvedEvent) EventName() string { return "payment.unresolved" }

// EventName names the event.
func (RefundRetriedEvent) EventName() string { return "payment.refund_retried" }

// EventName names the event.
func (SettledByHandEvent) EventName() string { return "payment.settled_by_hand" }

// EventName names the event.
func (FindingAcceptedEvent) EventName() string { return "payment.finding_accepted" }

// EventName names the event.
func (ReconciledEvent) EventName() string { return "payment.reconciled" }

// EventName names the event.
func (UnreconciledEvent) EventName() string { return "payment.unreconciled" }

// EventName names the alarm.
func (QueryDue) EventName() string { return "payment.query_due" }

// EventName names the alarm.
func (ExpiryDue) EventName() string { return "payment.expiry_due" }

// EventName names the alarm.
func (RefundDue) EventName() string { return "payment.refund_due" }

// EventName names the alarm.
func (ReconcileDue) EventName() string { return "payment.reconcile_due" }

// Events lists a zero value of every event and alarm of the room.
func Events() []event.Body {
	return []event.Body{
		OrderedEvent{},
		PaidEvent{},
		ClosedEvent{},
		RefundingEvent{},
		RefundedEvent{},
		SurplusEvent{},
		SurplusReturnedEvent{},
		MismatchEvent{},
		UnresolvedEvent{},
		RefundRetriedEvent{},
		SettledByHandEvent{},
		FindingAcceptedEvent{},
		ReconciledEvent{},
		UnreconciledEvent{},
		QueryDue{},
		ExpiryDue{},
		RefundDue{},
		ReconcileDue{},
	}
}
