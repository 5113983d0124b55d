package door

import (
	"context"
	"slices"
	"sync"
	"time"

	"zhijian/ground/clock"
)

// Cached says how a public page is kept for visitors. Pages of signed-in people are never kept.
type Cached struct {
	// For is how long a page is good; 0 is a minute. After it, one request draws the page anew while others still
	// get the old one.
	For time.Duration
	// Query names the inputs the page depends on; an address with any other is drawn each time.
	Query []string
	// Personal says that a visitor who has used a city before gets a page of their own.
	Personal bool
}

const (
	cachedFor   = time.Minute
	cacheBytes  = 48 << 20
	cacheKeyLen = 256
)

type pageKey struct {
	uri     string
	variant uint8 // elder, theme, style held
}

// Cache keeps rendered public pages. A page goes when its time is up, when one of its tags is forgotten, or when room
// is needed. A page that was being drawn while one of its tags was forgotten is served once and not kept.
type Cache struct {
	clock clock.Clock

	mu      sync.RWMutex
	pages   map[pageKey]*page
	bytes   int64
	epoch   int64            // counts Forgets
	forgot  map[string]int64 // tag → epoch in which it was last forgotten
	drawing map[pageKey]chan struct{}
}

func newCache(c clock.Clock) *Cache {
	return &Cache{clock: c, pages: map[pageKey]*page{}, forgot: map[string]int64{}, drawing: map[pageKey]chan struct{}{}}
}

// Forget drops every page that depends on one of the tags; without tags it drops all.
func (c *Cache) Forget(tags ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	if len(tags) == 0 {
		c.forgot[""] = c.epoch
	}
	for _, t := range tags {
		c.forgot[t] = c.epoch
	}
	for key, p := range c.pages {
		if len(tags) == 0 || slices.ContainsFunc(p.tags, func(t string) bool { return slices.Contains(tags, t) }) {
			c.drop(key, p)
		}
	}
}

// Len says how many pages are kept.
func (c *Cache) Len() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.pages)
}

func (c *Cache) drop(key pageKey, p *page) {
	delete(c.pages, key)
	c.bytes -= p.size()
}

// find gives a kept page to serve, or nil when this request is to draw it. An old page goes out to all but the one
// request that draws the new one.
func (c *Cache) find(key pageKey) *page {
	c.mu.RLock()
	p := c.pages[key]
	c.mu.RUnlock()
	if p == nil {
		return nil
	}
	if clock.Millis(c.clock.Now()) >= p.until && p.refreshing.CompareAndSwap(false, true) {
		return nil
	}
	return p
}

// stale gives the kept page however old it is.
func (c *Cache) stale(key pageKey) *page {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.pages[key]
}

// begin waits until nobody else draws the page; found is a page somebody else drew meanwhile. Otherwise the caller
// draws, and calls end.
func (c *Cache) begin(ctx context.Context, key pageKey) (found *page, epoch int64, err error) {
	for {
		c.mu.Lock()
		busy := c.drawing[key]
		if busy == nil {
			// Somebody may have drawn it since this request looked.
			if p := c.pages[key]; p != nil && clock.Millis(c.clock.Now()) < p.until {
				c.mu.Unlock()
				return p, 0, nil
			}
			c.drawing[key] = make(chan struct{})
			epoch = c.epoch
			c.mu.Unlock()
			return nil, epoch, nil
		}
		c.mu.Unlock()
		select {
		case <-busy:
			if p := c.find(key); p != nil {
				return p, 0, nil
			}
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		}
	}
}

// end keeps p, unless it is nil or was overtaken by a Forget, and lets the others go on.
func (c *Cache) end(key pageKey, epoch int64, p *page) {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.drawing[key])
	delete(c.drawing, key)
	old := c.pages[key]
	if p == nil {
		if old != nil {
			old.refreshing.Store(false)
		}
		return
	}
	if c.forgot[""] > epoch || slices.ContainsFunc(p.tags, func(t string) bool { return c.forgot[t] > epoch }) {
		return
	}
	if old != nil {
		c.drop(key, old)
	}
	c.room(p.size())
	c.pages[key] = p
	c.bytes += p.size()
}

// room makes place for n bytes: pages past their time go first, then any.
func (c *Cache) room(n int64) {
	if c.bytes+n <= cacheBytes {
		return
	}
	now := clock.Millis(c.clock.Now())
	for key, p := range c.pages {
		if now >= p.until {
			c.drop(key, p)
		}
	}
	for key, p := range c.pages {
		if c.bytes+n <= cacheBytes {
			return
		}
		c.drop(key, p)
	}
}
