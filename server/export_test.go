package server

import (
	"context"
	"errors"
	"log/slog"

	"zhijian/domain/draft"
	"zhijian/domain/observatory"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/event"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/store/visitlog"
)

// Missing lets a test see what the check at start refuses.
var Missing = missing

// Daybook lets a test count events without a house around it.
type Daybook struct{ d daybook }

// NewDaybook counts into a database.
func NewDaybook(db *sqldb.DB) Daybook { return Daybook{newDaybook(store.Facts{DB: db})} }

// On counts up to an event.
func (d Daybook) On(ctx context.Context, e event.Event) error { return d.d.on(ctx, e) }

// Verify counts the log again.
func (d Daybook) Verify(ctx context.Context) (FactsReport, error) { return d.d.verify(ctx) }

// AddVisits adds what a visit log counted to tables, as gather does.
func AddVisits(ctx context.Context, v observatory.Visits, month string, f *observatory.Facts) error {
	return gatherer{visits: v}.addVisits(ctx, month, f)
}

// ReadVisitMonths reads the visits of a house that is not running, as gather does.
func ReadVisitMonths(ctx context.Context, c Config, span visitlog.Span) (out VisitMonths, err error) {
	h := &House{c: c, ids: &uid.Maker{Clock: c.Clock}}
	if err := h.openDatabase(ctx); err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, h.db.Close()) }()
	book, end, err := h.openVisitBook(ctx)
	if err != nil || book == nil {
		return out, err
	}
	defer func() { err = errors.Join(err, end()) }()
	return book.(visitBook)(ctx, span)
}

// VisitNumbers lets a test see under which numbers one node of a house counts.
type VisitNumbers struct{ n *visitNumbers }

// NewVisitNumbers is a node that has just started.
func NewVisitNumbers(db *sqldb.DB) VisitNumbers {
	f, err := carried[false]()
	if err != nil {
		panic(err)
	}
	return VisitNumbers{newVisitNumbers(store.Numbers{DB: db}, f)}
}

// Visit gives a visit as it is counted.
func (n VisitNumbers) Visit(ctx context.Context, v door.Visit) (visitlog.Visit, error) {
	return n.n.visit(ctx, v)
}

// Retired lists the editions of nights that go.
var Retired = retired

// OwnShelf lets a test look at what one process of several shows.
type OwnShelf struct{ s *ownShelf }

// NewOwnShelf shows nothing yet.
func NewOwnShelf(desk *draft.Desk, live *service.Live, log *slog.Logger, changed func()) OwnShelf {
	s := newOwnShelf(desk, live, log)
	s.changed = changed
	return OwnShelf{s}
}

// Refresh is what every process does every two seconds.
func (o OwnShelf) Refresh(ctx context.Context) error { return o.s.refresh(ctx) }

// CountUses counts the use of services anew, as the house does when it begins and every ten minutes.
func (h *House) CountUses(ctx context.Context) error { return h.uses.count(ctx) }
