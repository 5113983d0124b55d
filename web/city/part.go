package city

import (
	"sync"
	"time"

	"zhijian/ground/clock"
)

// partKey is what the common part of a city's home depends on.
type partKey struct {
	city, lang string
	elder      bool
	first      bool // nothing of the resident's stands above it
}

type part struct {
	html     string
	accounts int
	until    time.Time
}

const (
	partFor  = time.Minute
	partMost = 256
)

// parts keeps what is the same on every resident's home of a city, rendered: the groups, the services, the accounts.
// With it a resident's own home costs two reads and little drawing.
type parts struct {
	clock clock.Clock
	mu    sync.RWMutex
	of    map[partKey]part
	epoch int64
}

func newParts(c clock.Clock) *parts { return &parts{clock: c, of: map[partKey]part{}} }

// get gives the part, drawing it when it is absent or old. A part that was drawn while forget was called is not kept.
func (p *parts) get(key partKey, draw func() (part, error)) (part, error) {
	now := p.clock.Now()
	p.mu.RLock()
	one, ok := p.of[key]
	epoch := p.epoch
	p.mu.RUnlock()
	if ok && now.Before(one.until) {
		return one, nil
	}
	one, err := draw()
	if err != nil {
		return part{}, err
	}
	one.until = now.Add(partFor)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.epoch == epoch {
		if len(p.of) >= partMost {
			clear(p.of)
		}
		p.of[key] = one
	}
	return one, nil
}

func (p *parts) forget(city string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.epoch++
	for key := range p.of {
		if city == "" || key.city == city {
			delete(p.of, key)
		}
	}
}
