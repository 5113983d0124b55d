package office

import (
	"sync"
	"time"
)

// breaker watches one office's answers. It opens after five failures in a row, or when half of
// at least twenty questions in a minute failed. Open, it lets nobody through for halfOpen; then one
// question tries, and its outcome closes or opens it again.
type breaker struct {
	halfOpen time.Duration

	mu      sync.Mutex
	open    bool
	trying  bool      // one question is out to see whether the office is back
	until   time.Time // no try before this
	since   time.Time // when the failing began; zero while the last answer was good
	inARow  int
	seconds [window]second
}

// second counts one second's outcomes; at tells which second, so that old ones need no cleaning.
type second struct {
	at      int64
	ok, bad int
}

const (
	window    = 60
	rowLimit  = 5
	leastSeen = 20
)

// change is what an outcome did to the breaker.
type change int

const (
	same change = iota
	opened
	shut
)

// enter asks to send a question. When the breaker is open it says so and how long to wait.
func (b *breaker) enter(now time.Time) (wait time.Duration, isOpen bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.open {
		return 0, false
	}
	if b.trying || now.Before(b.until) {
		return max(b.until.Sub(now), time.Second), true
	}
	b.trying = true
	return 0, false
}

// leave takes back an enter whose outcome says nothing.
func (b *breaker) leave() {
	b.mu.Lock()
	b.trying = false
	b.mu.Unlock()
}

// record takes the outcome of a question that entered.
func (b *breaker) record(now time.Time, ok bool) change {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
	if ok {
		was := b.open
		b.inARow, b.since, b.open = 0, time.Time{}, false
		if was {
			b.seconds = [window]second{}
			return shut
		}
		b.count(now, true)
		return same
	}
	b.inARow++
	if b.since.IsZero() {
		b.since = now
	}
	b.count(now, false)
	switch {
	case b.open:
		b.until = now.Add(b.halfOpen)
	case b.inARow >= rowLimit || b.halfFailed(now):
		b.open, b.until = true, now.Add(b.halfOpen)
		return opened
	}
	return same
}

func (b *breaker) count(now time.Time, ok bool) {
	at := now.Unix()
	s := &b.seconds[at%window]
	if s.at != at {
		*s = second{at: at}
	}
	if ok {
		s.ok++
	} else {
		s.bad++
	}
}

func (b *breaker) halfFailed(now time.Time) bool {
	var ok, bad int
	for _, s := range b.seconds {
		if now.Unix()-s.at < window {
			ok, bad = ok+s.ok, bad+s.bad
		}
	}
	return ok+bad >= leastSeen && bad >= ok
}

func (b *breaker) downSince() (time.Time, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.since, b.open
}

// state says whether the breaker is open, and since when the office fails; zero while its last answer was good.
func (b *breaker) state() (open bool, since time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.open, b.since
}
