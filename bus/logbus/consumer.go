package logbus

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"zhijian/bus"
	"zhijian/ground/event"
)

// turns is how many events of one key a worker handles before other keys get a chance.
const turns = 16

// consumer is one registered handler with its bounded workers.
type consumer struct {
	bus    *Bus
	name   string
	names  map[string]bool // nil for all
	handle bus.Handler

	mu     sync.Mutex
	ready  []*lane
	active int
}

// push queues a lane and starts a worker when there are fewer than allowed.
func (c *consumer) push(l *lane) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ready = append(c.ready, l)
	if c.active < c.bus.cfg.Workers && c.bus.enter() {
		c.active++
		go c.run()
	}
}

// run is one worker: it ends when no lane is ready or the bus stops.
func (c *consumer) run() {
	defer c.bus.work.Done()
	var l *lane
	defer func() {
		c.mu.Lock()
		c.active--
		c.mu.Unlock()
		if l != nil { // the handler ended this goroutine (runtime.Goexit)
			l.release()
			l.feed.shard.giveUp(errors.New("a handler ended its goroutine"))
		}
	}()
	for l = c.pop(); l != nil; l = c.pop() {
		c.serve(l)
	}
}

func (c *consumer) pop() *lane {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.ready) == 0 || c.bus.stopping.Load() {
		return nil
	}
	l := c.ready[0]
	c.ready[0] = nil
	c.ready = c.ready[1:]
	return l
}

// serve handles some events of a lane: first those that are queued, then, when asked, those
// that are held.
func (c *consumer) serve(l *lane) {
	f := l.feed
	for range turns {
		f.mu.Lock()
		if c.bus.stopping.Load() || f.shard.isOver() {
			l.busy = false
			f.mu.Unlock()
			return
		}
		if len(l.queue) == 0 {
			drain := l.drain
			l.drain = false
			if !drain {
				l.busy = false
				if !l.isBlocked() {
					delete(f.lanes, l.key)
				}
			}
			f.mu.Unlock()
			if !drain {
				return
			}
			c.drain(l)
			continue
		}
		t := l.queue[0]
		l.queue[0] = nil
		l.queue = l.queue[1:]
		f.mu.Unlock()
		if err := c.call(t.event); err != nil {
			c.hold(l, t, err)
			continue
		}
		f.finish(t)
	}
	c.push(l)
}

// call tells the handler of one event.
func (c *consumer) call(e *event.Event) (err error) {
	ctx, cancel := context.WithTimeout(c.bus.handling, c.bus.cfg.Timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("handler panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return c.handle(ctx, *e)
}
