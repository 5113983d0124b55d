// Package clock is the only place that asks the machine for the time.
//
// Everything else takes a Clock, so that tests own time and a stored time never
// goes back when the machine's clock does (security.md T44).
package clock

import (
	"sync"
	"time"
)

// Clock tells the time in UTC, to the millisecond.
type Clock interface{ Now() time.Time }

// Shanghai is the zone that doors show times in (GB/T 7408 local time, UTC+8, no summer time since 1991).
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// System is the machine's clock, held so that it never runs backwards.
type System struct {
	mu   sync.Mutex
	last time.Time
}

// Now gives the later of the machine's time and the last time given.
func (s *System) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := time.Now().UTC().Truncate(time.Millisecond); t.After(s.last) {
		s.last = t
	}
	return s.last
}

// Fixed is a clock that tests move by hand. Safe for concurrent use.
type Fixed struct {
	mu sync.Mutex
	at time.Time
}

// At makes a clock that stands at t.
func At(t time.Time) *Fixed { return &Fixed{at: t.UTC().Truncate(time.Millisecond)} }

// Now gives the time the clock stands at.
func (f *Fixed) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at
}

// Advance moves the clock by d.
func (f *Fixed) Advance(d time.Duration) {
	f.mu.Lock()
	f.at = f.at.Add(d)
	f.mu.Unlock()
}

// Millis is t as the store keeps it: Unix milliseconds, 0 for the zero time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// FromMillis is the reverse of Millis; 0 is the zero time.
func FromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Stopwatch measures durations for metrics and start-up figures. It does not
// belong in rules: those compare times that a Clock gave.
func Stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}
