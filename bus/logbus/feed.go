package logbus

import (
	"sync"
	"time"

	"zhijian/ground/event"
)

const (
	window = 4096    // events of a feed that are handed out and not finished
	span   = 1 << 16 // events between the oldest unfinished one and the newest handed out
	// sparse is how far a feed may move over events it does not want before its place is
	// saved for that alone.
	sparse = 1024
)

// feed is one consumer's way through one shard.
type feed struct {
	shard    *shard
	consumer *consumer

	mu      sync.Mutex
	next    int64   // the last event looked at
	saved   int64   // the place in bus_cursor
	handled bool    // something was handled since
	pending []*task // handed out, in order of position; finished ones leave from the front
	open    int     // of them unfinished
	lanes   map[string]*lane
	stalled bool           // pump stopped for want of room
	known   map[int64]bool // positions that were in bus_hold when the shard was taken
	spill   []*task        // to go to bus_hold behind their key
}

// task is one event on its way to one consumer.
type task struct {
	event *event.Event
	lane  *lane
	done  bool
}

// lane is the queue of one key of a feed.
type lane struct {
	feed  *feed
	key   string
	queue []*task
	busy  bool  // queued for a worker or with one
	held  int   // rows in bus_hold
	going int   // tasks on their way there
	first int64 // lowest held position; events before it go ahead of it
	drain bool  // the held rows are to be looked at
	moves int   // how often rows were added to them
	timer *time.Timer
}

func (l *lane) isBlocked() bool { return l.held > 0 || l.going > 0 }

// pump hands out what the feed has not seen yet, as far as there is room.
func (f *feed) pump() error {
	for {
		f.mu.Lock()
		next, room := f.next, f.open < window && len(f.pending) < span
		f.stalled = !room
		f.mu.Unlock()
		if !room {
			return nil // finish wakes the shard
		}
		list, err := f.shard.after(next)
		if err != nil || len(list) == 0 {
			return err
		}
		f.mu.Lock()
		for i := range list {
			f.offer(&list[i])
		}
		f.mu.Unlock()
	}
}

// offer takes the next event of the shard. The feed's lock is held.
func (f *feed) offer(e *event.Event) {
	f.next = e.Position
	if f.consumer.names != nil && !f.consumer.names[e.Name] {
		return
	}
	if f.known[e.Position] {
		delete(f.known, e.Position)
		return
	}
	l := f.lane(e.Key)
	t := &task{event: e, lane: l}
	f.pending = append(f.pending, t)
	f.open++
	if l.isBlocked() && e.Position > l.first {
		l.going++
		f.spill = append(f.spill, t)
		return
	}
	l.queue = append(l.queue, t)
	l.start()
}

func (f *feed) lane(key string) *lane {
	l := f.lanes[key]
	if l == nil {
		l = &lane{feed: f, key: key}
		f.lanes[key] = l
	}
	return l
}

// start queues the lane for a worker. The feed's lock is held.
func (l *lane) start() {
	if !l.busy {
		l.busy = true
		l.feed.consumer.push(l)
	}
}

func (l *lane) release() {
	l.feed.mu.Lock()
	l.busy = false
	l.feed.mu.Unlock()
}

// nudge has the lane's held rows looked at.
func (l *lane) nudge() {
	l.feed.mu.Lock()
	defer l.feed.mu.Unlock()
	if l.isBlocked() {
		l.drain = true
		l.start()
	}
}

// finish marks tasks as handled or safely held.
func (f *feed) finish(tasks ...*task) {
	f.mu.Lock()
	for _, t := range tasks {
		t.done = true
		f.open--
	}
	f.handled = true
	f.trim()
	wake := f.stalled && f.open <= window/2 && len(f.pending) < span
	f.stalled = f.stalled && !wake
	f.mu.Unlock()
	if wake {
		f.shard.signal()
	}
	f.shard.bus.changed()
}

// trim drops finished tasks from the front.
func (f *feed) trim() {
	n := 0
	for n < len(f.pending) && f.pending[n].done {
		f.pending[n] = nil
		n++
	}
	f.pending = f.pending[n:]
	if len(f.pending) == 0 {
		f.pending = nil
	}
}

// place gives the position up to which everything is handled or held.
func (f *feed) place() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.placeLocked()
}

func (f *feed) placeLocked() int64 {
	if len(f.pending) > 0 {
		return f.pending[0].event.Position - 1
	}
	return f.next
}

// unsaved gives the place when it is worth saving.
func (f *feed) unsaved(all bool) (place int64, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	place = f.placeLocked()
	if place == f.saved || (!all && !f.handled && place-f.saved < sparse) {
		return 0, false
	}
	f.handled = false
	return place, true
}
