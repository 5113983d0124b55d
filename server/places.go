package server

import (
	"bytes"
	"context"
	"log/slog"

	"zhijian/domain/cases"
	"zhijian/store/eventlog"
	"zhijian/store/sqldb"
)

// places find where the end of a case stands in the event chain (security.md T41).
type places struct {
	db  *sqldb.DB
	log *slog.Logger
}

// Ended implements cases.Log.
func (p places) Ended(ctx context.Context, no string) (cases.Place, error) {
	var done cases.DoneEvent
	e, ok, err := eventlog.Last(ctx, p.db, no, done.EventName())
	if err != nil || !ok {
		return cases.Place{}, err
	}
	if !bytes.Equal(e.Sum(), e.Hash) {
		p.log.Error("an event is not what was recorded: run zhijian doctor", "shard", e.Shard, "position", e.Position)
		return cases.Place{}, nil
	}
	if err := e.Decode(&done); err != nil {
		return cases.Place{}, err
	}
	return cases.Place{Position: e.Position, Hash: e.Hash, Order: done.Order, Amount: done.Amount}, nil
}
