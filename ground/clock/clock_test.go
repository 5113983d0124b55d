package clock_test

import (
	"sync"
	"testing"
	"time"

	"zhijian/ground/clock"
)

func TestSystemNeverGoesBack(t *testing.T) {
	t.Parallel()
	var s clock.System
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			last := s.Now()
			for range 10000 {
				now := s.Now()
				if now.Before(last) || now.Location() != time.UTC || now.Nanosecond()%int(time.Millisecond) != 0 {
					t.Errorf("%v follows %v", now, last)
					return
				}
				last = now
			}
		})
	}
	wg.Wait()
	if d := time.Since(s.Now()); d < -time.Second || d > time.Minute {
		t.Errorf("the clock is %v off the machine's", d)
	}
}

func TestFixed(t *testing.T) {
	t.Parallel()
	c := clock.At(time.Date(2026, 5, 26, 14, 8, 0, 123456789, clock.Shanghai))
	if got, want := c.Now(), time.Date(2026, 5, 26, 6, 8, 0, 123000000, time.UTC); got != want {
		t.Errorf("Now() = %v, want %v", got, want)
	}
	c.Advance(-time.Hour)
	if got, want := c.Now(), time.Date(2026, 5, 26, 5, 8, 0, 123000000, time.UTC); got != want {
		t.Errorf("after going back: %v, want %v", got, want)
	}
}

func TestMillis(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		at   time.Time
		ms   int64
	}{
		{"the zero time", time.Time{}, 0},
		{"2015", time.Date(2015, 4, 22, 0, 0, 0, 0, time.UTC), 1429660800000},
		{"before 1970", time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC), -1000},
		{"a millisecond", time.UnixMilli(1).UTC(), 1},
	} {
		if got := clock.Millis(c.at); got != c.ms {
			t.Errorf("%s: Millis() = %d, want %d", c.name, got, c.ms)
		}
		if got := clock.FromMillis(c.ms); !got.Equal(c.at) || got.Location() != time.UTC {
			t.Errorf("%s: FromMillis(%d) = %v, want %v", c.name, c.ms, got, c.at)
		}
	}
}

func TestStopwatch(t *testing.T) {
	t.Parallel()
	elapsed := clock.Stopwatch()
	a := elapsed()
	if b := elapsed(); a < 0 || b < a {
		t.Errorf("the stopwatch went from %v to %v", a, b)
	}
}
