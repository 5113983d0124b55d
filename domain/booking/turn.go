package booking

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Turn is how a queue stands for one who is in it.
type Turn struct {
	Ticket string
	State  State
	Window string // where to, once called
	Ahead  int    // who is called before, while Arrived
	Now    string // the number called last; "" for none yet
}

// lookEvery is how often a queue is read, however many watch it.
const lookEvery = 1500 * time.Millisecond

// turns remembers each queue for a moment: a hall full of people with the page open costs one read.
type turns struct {
	mu     sync.Mutex
	queues map[string]*queue
}

type queue struct {
	mu   sync.Mutex
	at   time.Time
	list []Reservation // arrived and called, by start and number
}

func newTurns() *turns { return &turns{queues: map[string]*queue{}} }

func (t *turns) of(key string) *queue {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.queues[key]
	if q == nil {
		if len(t.queues) > 1000 {
			clear(t.queues)
		}
		q = &queue{}
		t.queues[key] = q
	}
	return q
}

// Turn says how the queue stands for a reservation. It may be as old as 1.5 s; State is that of r. The caller has checked who asks.
func (d *Desk) Turn(ctx context.Context, r Reservation) (Turn, error) {
	out := Turn{Ticket: r.Ticket(), State: r.State, Window: r.Window}
	if r.State != Arrived && r.State != Called {
		return out, nil
	}
	list, err := d.queue(ctx, r.Pool, r.Date())
	if err != nil {
		return Turn{}, err
	}
	var last time.Time
	for _, o := range list {
		switch {
		case o.State == Called && o.Called.After(last):
			last, out.Now = o.Called, o.Ticket()
		case o.State == Arrived && o.before(r):
			out.Ahead++
		}
	}
	return out, nil
}

// before reports who is called first.
func (r Reservation) before(o Reservation) bool {
	if !r.Start.Equal(o.Start) {
		return r.Start.Before(o.Start)
	}
	return r.Number < o.Number
}

func (d *Desk) queue(ctx context.Context, pool, date string) ([]Reservation, error) {
	q, now := d.turns.of(pool+" "+date), d.c.Clock.Now()
	q.mu.Lock()
	defer q.mu.Unlock()
	if now.Sub(q.at) < lookEvery && !now.Before(q.at) {
		return q.list, nil
	}
	list, err := d.c.Store.Day(ctx, pool, date, Arrived, Called)
	if err != nil {
		return nil, err
	}
	q.at, q.list = now, slices.Clip(list)
	return q.list, nil
}
