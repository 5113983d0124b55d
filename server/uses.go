package server

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"zhijian/domain/observatory/live"
	"zhijian/ground/clock"
	"zhijian/store"
)

// usesEvery is how often it is counted anew how much the services of each city are used. Every node reads the same facts.
const usesEvery = 10 * time.Minute

// uses keeps the use of services in memory. Those who ask never wait: they read what was counted last.
type uses struct {
	store store.Facts
	clock clock.Clock
	log   *slog.Logger
	// changed drops what is kept drawn of cities; nil until there are doors.
	changed func(cities []string)
	now     atomic.Pointer[live.Uses]
}

// Level implements city.Uses.
func (u *uses) Level(city string, services ...string) int {
	return u.now.Load().Level(city, services...)
}

// count counts anew, and tells which cities have another order.
func (u *uses) count(ctx context.Context) error {
	list, err := u.store.Used(ctx, live.Day(u.clock.Now().AddDate(0, 0, -live.UseDays)))
	if err != nil {
		return err
	}
	made := live.NewUses(list)
	if cities := made.Changed(u.now.Swap(made)); len(cities) > 0 && u.changed != nil {
		u.changed(cities)
	}
	return nil
}

// run counts at once, and then from time to time until ctx ends. While the database does not answer the order stays as it is.
func (u *uses) run(ctx context.Context) error {
	tick := time.NewTicker(usesEvery)
	defer tick.Stop()
	for {
		if err := u.count(ctx); err != nil && ctx.Err() == nil {
			u.log.Error("count how much services are used", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}
