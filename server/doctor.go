package server

import (
	"context"
	"fmt"

	"zhijian/ground/fault"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/eventlog"
	"zhijian/store/sqldb"
)

// Checkup is what a recount of a whole house found. Its JSON is what `zhijian doctor --json` prints.
type Checkup struct {
	Events   int64            `json:"events"`
	Chain    string           `json:"chain"`  // "whole", or the first bad place and why
	Signed   int              `json:"signed"` // lines of the book of heads
	Key      string           `json:"key"`    // public key that signs it, hexadecimal; empty before the first start
	Cases    map[string]int64 `json:"cases"`  // by state
	Orders   map[string]int64 `json:"orders"` // by state
	Captured int64            `json:"captured"`
	Returned int64            `json:"returned"`
	Paid     []PaidOrder      `json:"paid"`
	Visits   VisitCheck       `json:"visits"`
	Machine  Machine          `json:"machine"`
	Wrong    []string         `json:"wrong"` // what contradicts itself; empty when all is well
}

// PaidOrder is one order that money came for.
type PaidOrder struct {
	No       string `json:"no"`
	For      string `json:"for"`
	Amount   int64  `json:"amount"`
	Returned bool   `json:"returned"`
}

// Well reports whether nothing is wrong.
func (c Checkup) Well() bool { return c.Chain == "whole" && len(c.Wrong) == 0 }

// Examine recounts a house that is not running: the event chain against the heads that were signed, cases and orders by state, sums of
// money against the ledger, places taken against reservations, visits against their log.
func Examine(ctx context.Context, c Config, ids *uid.Maker) (out Checkup, err error) {
	defer fault.Wrap(&err, "doctor")
	h := &House{c: c, ids: ids}
	out.Machine = machine(c)
	if err := h.openDatabase(ctx); err != nil {
		return out, err
	}
	defer func() { _ = h.db.Close() }()
	book, key, err := remembered(c.Data)
	if err != nil {
		return out, err
	}
	out.Signed, out.Key = book.Lines, key
	if book.Bad != nil {
		out.Wrong = append(out.Wrong, bookName+": "+book.Bad.Error())
	}
	report, err := eventlog.Verify(ctx, h.db, book.Heads...)
	if err != nil {
		return out, err
	}
	out.Events, out.Chain = report.Events, "whole"
	if report.Bad != nil {
		out.Chain = "broken: " + report.Bad.Error()
	}
	if err := tally(ctx, h.db, &out); err != nil {
		return out, err
	}
	findings, err := store.Recount(ctx, h.db)
	out.Wrong = append(out.Wrong, findings...)
	if err != nil {
		return out, err
	}
	if out.Visits, err = CheckVisits(ctx, c.Data); out.Visits.Wrong != "" {
		out.Wrong = append(out.Wrong, "visits: "+out.Visits.Wrong)
	}
	return out, err
}

func tally(ctx context.Context, db *sqldb.DB, out *Checkup) error {
	var err error
	if out.Cases, err = store.CountBy(ctx, db, store.ByCaseState); err != nil {
		return err
	}
	if out.Orders, err = store.CountBy(ctx, db, store.ByOrderState); err != nil {
		return err
	}
	paid, err := store.PaidOrders(ctx, db)
	if err != nil {
		return err
	}
	for _, p := range paid {
		out.Paid = append(out.Paid, PaidOrder{No: p.No, For: p.For, Amount: int64(p.Amount), Returned: p.Returned})
		out.Captured += int64(p.Amount)
		if p.Returned {
			out.Returned += int64(p.Amount)
		}
	}
	if out.Captured < out.Returned {
		out.Wrong = append(out.Wrong, fmt.Sprintf("returned %d fen of %d captured", out.Returned, out.Captured))
	}
	return nil
}
