package server

import (
	"context"
	"errors"
	"fmt"

	"zhijian/domain/service"
	"zhijian/store"
)

// checkPins refuses to start without a definition that running cases stand on.
func (h *House) checkPins(ctx context.Context) error {
	list, err := store.Cases{DB: h.db, Ring: h.ring}.Standings(ctx)
	if err != nil {
		return err
	}
	return missing(list, h.live)
}

// missing names the definitions that are not there: residents could neither see nor finish the cases that stand on them.
func missing(list []store.Standing, c *service.Live) error {
	var errs []error
	for _, s := range list {
		if _, ok := c.Pinned(s.City, s.Service, s.Version); !ok {
			errs = append(errs, fmt.Errorf("%d running cases in %s stand on version %d of %s, which catalog/services does not have: "+
				"put it back as %s@%d.yaml", s.Cases, s.City, s.Version, s.Service, s.Service, s.Version))
		}
	}
	return errors.Join(errs...)
}
