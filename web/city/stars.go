package city

import (
	"context"
	"strconv"
	"sync"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/clock"
)

// starsFor is how long the ratings of a city are shown before they are read again.
const starsFor = time.Minute

// stars keeps how the services of a city are rated, so that no page reads it for itself.
type stars struct {
	cases Cases
	clock clock.Clock

	mu sync.Mutex
	of map[string]cityStars
}

type cityStars struct {
	by    map[string]cases.Stars
	until time.Time
}

func newStars(c Cases, k clock.Clock) *stars {
	return &stars{cases: c, clock: k, of: map[string]cityStars{}}
}

// in gives the ratings of a city's services by their ids.
func (s *stars) in(ctx context.Context, city string) (map[string]cases.Stars, error) {
	now := s.clock.Now()
	s.mu.Lock()
	one, ok := s.of[city]
	s.mu.Unlock()
	if ok && now.Before(one.until) {
		return one.by, nil
	}
	by, err := s.cases.Ratings(ctx, city)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.of[city] = cityStars{by, now.Add(starsFor)}
	return by, nil
}

// rated is how a service is rated, as anybody may know; ok is false while too few have.
func (e *Entry) rated(r *door.Request, o service.Offer) (f cases.Figures, ok bool, err error) {
	by, err := e.stars.in(r.Context(), o.City)
	if err != nil {
		return cases.Figures{}, false, err
	}
	f, ok = by[o.Definition.ID].Public()
	return f, ok, nil
}

func mean(f cases.Figures) string { return strconv.FormatFloat(f.Mean, 'f', 1, 64) }
