// Package sheet is the driver of tables that clerks upload: it answers from the house's own database, as an office would.
//
// It knows questions only: a table does nothing. A call that no table knows is a mistake of the definition.
package sheet

import (
	"context"
	"fmt"

	"zhijian/ground/fault"
	"zhijian/outside/office"
)

// Desk answers for sheets; domain/sheet implements it.
type Desk interface {
	Ask(ctx context.Context, slug, call string, with map[string]any) (data map[string]any, ok bool, err error)
}

// Family makes the offices "sheet:<slug>".
func Family(d Desk) func(slug string) office.Office {
	return func(slug string) office.Office {
		return office.Office{Driver: driver{d, slug}, Kind: "sheet"}
	}
}

type driver struct {
	desk Desk
	slug string
}

// Ask implements office.Driver.
func (s driver) Ask(ctx context.Context, q office.Question) (map[string]any, error) {
	data, ok, err := s.desk.Ask(ctx, s.slug, q.Call, q.With)
	switch {
	case fault.Is(err, fault.KindUnavailable):
		return nil, err
	case err != nil:
		return nil, office.Silent(err)
	case !ok:
		return nil, fmt.Errorf("no sheet knows the call %q, or this one is not of that sort", q.Call)
	}
	return data, nil
}

// Close implements office.Driver.
func (driver) Close() {}
