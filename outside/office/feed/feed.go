// Package feed fetches what a publisher offers whole and many ask about: one file, read once a while for everybody.
//
// Whoever asks while it is being fetched waits for the same fetch, within their own deadline. A fetch that fails leaves nothing behind; an
// old content is never given for a new one.
package feed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/seal"
	"zhijian/outside/guard"
	"zhijian/outside/office"
)

// Config says where a feed is and how it is read.
type Config[T any] struct {
	Name string // for error texts
	URL  string // its host is thereby allowed, wherever it is
	// Fresh is how long a content is good; 0 means 15 s.
	Fresh   time.Duration
	Timeout time.Duration
	// MaxBody bounds it in bytes; 0 means 10 MB.
	MaxBody int64
	Headers map[string]seal.Text
	Clock   clock.Clock // required
	// Read takes the bytes apart. fetch gets further documents of the same host.
	Read func(ctx context.Context, body []byte, fetch func(ctx context.Context, address string) ([]byte, error)) (T, error)
}

// Feed is one feed. Safe for concurrent use.
type Feed[T any] struct {
	c    Config[T]
	http *guard.Client
	turn chan struct{} // holds one while somebody reads or fetches
	kept T
	at   time.Time
}

// New checks the configuration.
func New[T any](c Config[T]) (*Feed[T], error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Hostname() == "" || u.Fragment != "" {
		return nil, fmt.Errorf("%s: %q is no address of a feed", c.Name, c.URL)
	}
	if c.Clock == nil || c.Read == nil {
		return nil, errors.New("feed: Clock and Read are required")
	}
	if c.Fresh <= 0 {
		c.Fresh = 15 * time.Second
	}
	if c.MaxBody <= 0 {
		c.MaxBody = 10 << 20
	}
	h, err := guard.New(guard.Policy{Name: c.Name, Hosts: []string{guard.HostPort(u)}, Timeout: c.Timeout, MaxBody: c.MaxBody, InFlight: 2})
	if err != nil {
		return nil, err
	}
	return &Feed[T]{c: c, http: h, turn: make(chan struct{}, 1)}, nil
}

// Get gives the content, fetched anew when it is no longer fresh. No usable content is office.Silent. What it gives is shared: it is not
// to be changed.
func (f *Feed[T]) Get(ctx context.Context) (T, error) {
	var none T
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
	case <-ctx.Done():
		return none, office.Silent(ctx.Err())
	}
	now := f.c.Clock.Now()
	if age := now.Sub(f.at); !f.at.IsZero() && age >= 0 && age < f.c.Fresh {
		return f.kept, nil
	}
	body, err := f.fetch(ctx, f.c.URL)
	if err != nil {
		return none, office.Silent(err)
	}
	content, err := f.c.Read(ctx, body, f.fetch)
	if err != nil {
		return none, office.Silent(err)
	}
	f.kept, f.at = content, now
	return content, nil
}

func (f *Feed[T]) fetch(ctx context.Context, address string) ([]byte, error) {
	h := http.Header{"User-Agent": {"zhijian"}}
	for name, value := range f.c.Headers {
		h.Set(name, value.Reveal())
	}
	answer, err := f.http.Do(ctx, guard.Request{Method: http.MethodGet, URL: address, Header: h})
	if err != nil {
		return nil, err
	}
	if answer.Status != http.StatusOK {
		return nil, fmt.Errorf("status %d", answer.Status)
	}
	return answer.Body, nil
}

// Close gives idle connections back.
func (f *Feed[T]) Close() { f.http.Close() }
