package city

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"sync"
	"time"

	"zhijian/ground/clock"
)

// weather is the present weather of a city, as its line shows it.
type weather struct {
	text, air    string // in Chinese, as the bureau says it
	degrees, aqi int
}

// lines gives the weather line; nothing when it is not known.
func (w weather) lines(lang string, say func(key string, args ...any) string) []string {
	if w.text == "" {
		return nil
	}
	if lang == "en" {
		return []string{say("sky.now", w.degrees), say("sky.air", w.aqi)}
	}
	return []string{say("sky.now", w.text, w.degrees), say("sky.air", w.air)}
}

const (
	skyFresh  = time.Minute            // how long a line is shown before the bureau is asked again
	skyStale  = 30 * time.Minute       // how long a line is shown while the bureau does not answer
	skyWait   = 250 * time.Millisecond // how long a page waits for the bureau
	skyCities = 400                    // all cities of the country
)

// sky remembers the weather of cities. One request at a time asks for a city, and no page waits longer than skyWait:
// without an answer it shows what was known, or no line.
type sky struct {
	office Office
	clock  clock.Clock

	mu sync.Mutex
	of map[string]*seen
}

type seen struct {
	weather weather
	at      time.Time // when the bureau answered
	tried   time.Time
	asking  bool
}

func newSky(o Office, c clock.Clock) *sky {
	return &sky{office: o, clock: c, of: map[string]*seen{}}
}

// over gives the weather over a city; the zero weather when it is not known.
func (s *sky) over(ctx context.Context, city string) weather {
	if s.office == nil {
		return weather{}
	}
	now := s.clock.Now()
	s.mu.Lock()
	one := s.of[city]
	if one == nil {
		if len(s.of) >= skyCities {
			clear(s.of)
		}
		one = &seen{}
		s.of[city] = one
	}
	if one.asking || now.Sub(one.tried) < skyFresh {
		w := one.known(now)
		s.mu.Unlock()
		return w
	}
	one.asking, one.tried = true, now
	s.mu.Unlock()

	ctx, stop := context.WithTimeout(ctx, skyWait)
	defer stop()
	answer, err := s.office.Call(ctx, "weather", "forecast", "", map[string]any{"region": city})
	s.mu.Lock()
	defer s.mu.Unlock()
	one.asking = false
	if w, ok := readWeather(answer); err == nil && ok {
		one.weather, one.at = w, now
	}
	return one.known(now)
}

func (s *seen) known(now time.Time) weather {
	if now.Sub(s.at) > skyStale {
		return weather{}
	}
	return s.weather
}

// readWeather takes the line out of a forecast: now{text, temp, aqi, aqi_text}.
func readWeather(answer map[string]any) (weather, bool) {
	now, ok := answer["now"].(map[string]any)
	if !ok {
		return weather{}, false
	}
	text, _ := now["text"].(string)
	air, _ := now["aqi_text"].(string)
	temp, ok1 := whole(now["temp"])
	aqi, ok2 := whole(now["aqi"])
	return weather{text: text, air: air, degrees: temp, aqi: aqi}, text != "" && ok1 && ok2
}

func whole(v any) (int, bool) {
	switch n := v.(type) {
	case int64:
		return int(n), true
	case int:
		return n, true
	case float64:
		return int(math.Round(n)), math.Abs(n) < 1e6
	case fmt.Stringer: // json.Number
		i, err := strconv.Atoi(n.String())
		return i, err == nil
	}
	return 0, false
}
