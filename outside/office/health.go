package office

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"zhijian/ground/budget"
)

// Health is how an office has done since this process began.
type Health struct {
	Name string
	Kind string // its language; empty for an office that is not connected
	// Calls were sent; of them Failures had no usable answer, and Refusals a "no". TurnedAway were not sent, because too many were out.
	Calls, Failures, Refusals, TurnedAway int64
	// P50 and P95 are of the last calls, at most 512.
	P50, P95    time.Duration
	LastSuccess time.Time
	LastFailure time.Time
	// Open says that the breaker lets nobody through; Since is when the failing began, zero while the last answer was good.
	Open  bool
	Since time.Time
	Out   int // questions that are out now
	Most  int // that may be
	// Quotas are what is left to send, in this minute and this day; none without a bound.
	Quotas []Quota
}

// Quota is one bound on what is sent.
type Quota struct {
	Window      time.Duration
	Limit, Left int
}

// Health lists how the offices do, by name.
func (c *Client) Health(ctx context.Context) (list []Health, err error) {
	c.mu.RLock()
	offices := maps.Clone(c.offices)
	c.mu.RUnlock()
	for _, name := range slices.Sorted(maps.Keys(offices)) {
		d := offices[name]
		h := d.record.health()
		h.Name, h.Kind, h.Out, h.Most = name, d.Kind, len(d.places), d.InFlight
		h.Open, h.Since = d.breaker.state()
		if d.Driver == nil {
			h.Kind = ""
		}
		for _, b := range d.quotas() {
			q, err := d.left(ctx, b)
			if err != nil {
				return nil, err
			}
			h.Quotas = append(h.Quotas, q)
		}
		list = append(list, h)
	}
	return list, nil
}

func (d *desk) left(ctx context.Context, b budget.Budget) (Quota, error) {
	left, err := d.purse.Left(ctx, b, d.name)
	return Quota{b.Window, b.Limit, left}, err
}

// lastCalls is how many durations are remembered.
const lastCalls = 512

// record counts what came of an office's questions.
type record struct {
	mu    sync.Mutex
	h     Health
	took  [lastCalls]time.Duration
	calls int // written into took
}

func newRecord() *record { return &record{} }

func (r *record) add(now time.Time, took time.Duration, good, refused bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.took[r.calls%lastCalls] = took
	r.calls++
	r.h.Calls++
	switch {
	case !good:
		r.h.Failures++
		r.h.LastFailure = now
	default:
		r.h.LastSuccess = now
		if refused {
			r.h.Refusals++
		}
	}
}

func (r *record) turnedAway() {
	r.mu.Lock()
	r.h.TurnedAway++
	r.mu.Unlock()
}

func (r *record) health() Health {
	r.mu.Lock()
	h := r.h
	took := slices.Clone(r.took[:min(r.calls, lastCalls)])
	r.mu.Unlock()
	if len(took) > 0 {
		slices.Sort(took)
		h.P50, h.P95 = took[(len(took)-1)/2], took[(len(took)-1)*95/100]
	}
	return h
}
