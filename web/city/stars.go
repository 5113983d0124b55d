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

// fewest is how many people must have rated before a mean is shown: fewer than ten could be guessed (security.md part 8, k).
const fewest = 10

// rated is the mean of a service's ratings and how many there are: "4.9", 12. While too few have rated it, it is "".
func (e *Entry) rated(r *door.Request, o service.Offer) (mean string, count int, err error) {
	by, err := e.stars.in(r.Context(), o.City)
	if err != nil {
		return "", 0, err
	}
	one := by[o.Definition.ID]
	if one.Count < fewest {
		return "", 0, nil
	}
	return strconv.FormatFloat(float64(one.Sum)/float64(one.Count), 'f', 1, 64), one.Count, nil
}
