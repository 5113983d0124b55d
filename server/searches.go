package server

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"zhijian/domain/observatory/live"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/store"
)

// searchesEvery is how long searches are added up before one event says how many they were: an event a search would let anybody grow the
// log. A process that is killed loses what it has not said.
const searchesEvery = time.Minute

// searches counts what is searched in cities' entries, and never what was typed.
type searches struct {
	store store.Facts
	log   *slog.Logger

	mu   sync.Mutex
	open map[string]live.Searched // by city
}

func newSearches(s store.Facts, log *slog.Logger) *searches {
	return &searches{store: s, log: log, open: map[string]live.Searched{}}
}

// Searched counts one search in a city; found says that the city offers something of what was meant.
func (s *searches) Searched(city string, found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.open[city]
	one.Searches++
	if !found {
		one.Unmet++
	}
	s.open[city] = one
}

// run says every minute what was counted, and a last time when ctx ends.
func (s *searches) run(ctx context.Context) error {
	tick := time.NewTicker(searchesEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.sayOrLog(ctx)
		case <-ctx.Done():
			s.sayOrLog(context.WithoutCancel(ctx))
			return nil
		}
	}
}

// sayOrLog never ends the house: what is lost is how often somebody searched.
func (s *searches) sayOrLog(ctx context.Context) {
	if err := s.say(ctx); err != nil {
		s.log.Error("count searches", "error", err)
	}
}

// say records what was counted since the last time. What cannot be recorded is kept for the next time.
func (s *searches) say(ctx context.Context) error {
	s.mu.Lock()
	open := s.open
	s.open = map[string]live.Searched{}
	s.mu.Unlock()
	var errs []error
	cities := make([]string, 0, len(open))
	for city := range open {
		cities = append(cities, city)
	}
	slices.Sort(cities)
	for _, city := range cities {
		one := open[city]
		one.Meta = event.Meta{Actor: actor.House.String(), Region: city}
		if err := s.store.Search(ctx, one); err != nil {
			errs = append(errs, err)
			s.mu.Lock()
			kept := s.open[city]
			kept.Searches, kept.Unmet = kept.Searches+one.Searches, kept.Unmet+one.Unmet
			s.open[city] = kept
			s.mu.Unlock()
		}
	}
	return errors.Join(errs...)
}
