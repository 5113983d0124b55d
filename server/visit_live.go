package server

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"zhijian/domain/observatory"
	"zhijian/store"
	"zhijian/store/visitlog"
)

// visitBook gives the observatory the visits of a house by months.
type visitBook func(ctx context.Context, span visitlog.Span) (VisitMonths, error)

var _ observatory.Visits = visitBook(nil)

// Services implements observatory.Visits: pages of the services of the city entry that were loaded.
func (b visitBook) Services(ctx context.Context, month string) ([]observatory.Visited, error) {
	all, err := b.of(ctx, month)
	var list []observatory.Visited
	for _, m := range all.Entries {
		if m.Service != "" {
			list = append(list, observatory.Visited{Region: m.Region, Service: m.Service, Visits: int64(m.Views), People: int64(m.People)})
		}
	}
	return list, err
}

// Accounts implements observatory.Visits. Accounts that others posted visits of are left to their own registry.
func (b visitBook) Accounts(ctx context.Context, month string) ([]observatory.Month, error) {
	all, err := b.of(ctx, month)
	var list []observatory.Month
	for _, m := range all.Accounts {
		if !m.Posted {
			list = append(list, observatory.Month{
				Account: m.Account, Month: month, Active: int64(m.People), Clicks: int64(m.Reads + m.Clicks), Visits: int64(m.Services),
			})
		}
	}
	return list, err
}

func (b visitBook) of(ctx context.Context, month string) (VisitMonths, error) {
	at, err := parseMonth(month)
	if err != nil {
		return VisitMonths{}, err
	}
	return b(ctx, visitlog.Span{First: visitlog.Month(at), Last: visitlog.Month(at)})
}

// openVisitBook opens the visits of a house that is not running. A house that never counted any has no book.
func (h *House) openVisitBook(ctx context.Context) (book observatory.Visits, end func() error, err error) {
	end = func() error { return nil }
	if _, err := os.Stat(filepath.Join(h.c.Data, visitsName)); errors.Is(err, fs.ErrNotExist) {
		return nil, end, nil
	}
	_, folded, err := visitFolders(h.c.Data)
	if err != nil {
		return nil, end, err
	}
	f, err := visitlog.OpenFold(ctx, visitlog.FoldOptions{Folder: folded})
	if err != nil {
		return nil, end, err
	}
	return visitBook(func(ctx context.Context, span visitlog.Span) (VisitMonths, error) {
		return visitMonths(ctx, f, store.Numbers{DB: h.db}, span)
	}), f.Close, nil
}
