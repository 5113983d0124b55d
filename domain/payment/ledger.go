package payment

import (
	"time"

	"zhijian/ground/money"
)

// The accounts of the ledger.
const (
	BookChannel = "channel" // what the channel holds for us
	BookPayee   = "payee"   // what we hold for departments
	BookSurplus = "surplus" // what we owe back to residents
	BookHand    = "hand"    // what went back by other means, while the channel keeps its part
)

// The kinds of posting.
const (
	PostPaid            = "paid"
	PostRefunded        = "refunded"
	PostSurplus         = "surplus"
	PostSurplusReturned = "surplus_returned"
)

// Posting is one movement of money: Amount from the Credit account to the Debit account. One
// amount serves both sides, so that a posting cannot fail to sum to zero.
type Posting struct {
	No     string // order number
	Kind   string
	Ref    string // the channel's transaction for money in, our refund number for money out; unique per kind
	Debit  string
	Credit string
	Amount money.Fen // positive
	At     time.Time // when the money moved at the channel
}

// In reports whether the posting is a payment (true) or money going back.
func (p Posting) In() bool { return p.Kind == PostPaid || p.Kind == PostSurplus }

// Postings gives what a change of an order means to the ledger. It is pure: the store saves
// exactly this in the transaction of the change.
func Postings(before, after Order) []Posting {
	var list []Posting
	if before.PaidAt.IsZero() && !after.PaidAt.IsZero() {
		list = append(list, Posting{after.No, PostPaid, after.Transaction, BookChannel, BookPayee, after.Amount, after.PaidAt})
	}
	if before.RefundedAt.IsZero() && !after.RefundedAt.IsZero() {
		list = append(list, Posting{after.No, PostRefunded, after.RefundNo, BookPayee, from(after.Hand), after.Amount, after.RefundedAt})
	}
	for i, x := range after.Extra {
		if x.Hand && x.RefundNo == "" {
			continue // disputed to its end: what it was is in the words of who settled it
		}
		was := Disputed
		if i < len(before.Extra) {
			was = before.Extra[i].State
		}
		if was == Disputed && x.State != Disputed {
			list = append(list, Posting{after.No, PostSurplus, x.Transaction, BookChannel, BookSurplus, x.Amount, x.At})
		}
		if was != Returned && x.State == Returned {
			list = append(list, Posting{after.No, PostSurplusReturned, x.RefundNo, BookSurplus, from(x.Hand), x.Amount, x.RefundedAt})
		}
	}
	return list
}

// from is the account that a return came from.
func from(hand bool) string {
	if hand {
		return BookHand
	}
	return BookChannel
}

// AtChannel reports whether the money moved at the channel, so that its bill must show it.
func (p Posting) AtChannel() bool { return p.Debit == BookChannel || p.Credit == BookChannel }

// Balance sums postings by account: debits less credits. The values of a whole ledger sum to zero.
func Balance(list []Posting) map[string]money.Fen {
	sums := map[string]money.Fen{}
	for _, p := range list {
		sums[p.Debit] += p.Amount
		sums[p.Credit] -= p.Amount
	}
	return sums
}
