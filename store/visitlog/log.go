package visitlog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"zhijian/ground/clock"
)

// Options say how a log is kept. Zero values take the default that the comment names.
type Options struct {
	Folder       Disk // of this node alone
	Node         uint32
	Clock        clock.Clock
	SegmentBytes int64         // a new segment is begun behind this size; 64 MiB
	Room         int64         // zeros kept behind the last frame, to be written over; 1 MiB
	Queue        int           // visits that may wait for the disk; 1,048,576, which is 32 MB
	Wait         time.Duration // how long a call waits for a place in the queue; 2 s
	Idle         time.Duration // the log is sealed after so long without a visit; 500 ms
	// Broken is told once, on the log's goroutine, that the storage is not trusted any more. The process should stop. It must
	// not call Close, which waits for that goroutine.
	Broken func(error)
}

// Log appends visits. One process at a time may have it open.
type Log struct {
	opt  Options
	lock io.Closer
	wake chan struct{} // holds one: there may be work
	quit chan struct{} // closed: finish what is queued and stop
	gone chan struct{} // closed: the goroutine has stopped
	once sync.Once
	shut error // what closing said

	mu      sync.Mutex
	queue   []*call
	waiting int           // visits in queue
	space   chan struct{} // closed when the queue gets shorter
	closed  bool
	lost    error
	durable Position
	marks   map[Delivery]markRecord

	w writer // of the goroutine alone
}

// call is one caller's visits.
type call struct {
	visits []Visit
	mark   *markRecord  // nil for none
	state  atomic.Int32 // queued, taken or withdrawn
	done   chan error
}

const (
	queued = iota
	taken
	withdrawn
)

var calls = sync.Pool{New: func() any { return &call{done: make(chan error, 1)} }}

// Open opens the log in o.Folder, makes it when the folder is empty, and cuts a tail that was not acknowledged. It reads the
// heads of all segments and the whole of the last one; damage there is a *Damage. Walk reads them all. The log owns one
// goroutine until Close.
func Open(ctx context.Context, o Options) (*Log, error) {
	if o.Folder == nil || o.Node == 0 || o.Clock == nil {
		return nil, errors.New("visitlog: a log needs a folder, a node from 1 and a clock")
	}
	if o.SegmentBytes <= 0 {
		o.SegmentBytes = 64 << 20
	}
	if o.Room <= 0 {
		o.Room = 1 << 20
	}
	if o.Queue <= 0 {
		o.Queue = 1 << 20
	}
	if o.Wait <= 0 {
		o.Wait = 2 * time.Second
	}
	if o.Idle <= 0 {
		o.Idle = 500 * time.Millisecond
	}
	held, err := o.Folder.Lock()
	if err != nil {
		return nil, err
	}
	l := &Log{
		opt: o, lock: held, wake: make(chan struct{}, 1), quit: make(chan struct{}), gone: make(chan struct{}),
		space: make(chan struct{}),
	}
	err = l.recover(ctx)
	if err == nil {
		err = l.recoverMarks()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open visit log of node %d: %w", o.Node, err), l.w.close(), held.Close())
	}
	l.durable = l.w.at
	go l.run()
	return l, nil
}

// Append returns nil after all visits are on disk; at most MaxCall of them. The slice must not change until then.
//
// Otherwise none of them is kept: fault.Unavailable when the queue stays full, when the disk is, or when the log was lost;
// the context's error when it ended while the call was still queued. A call whose write has begun is waited for, so that its
// outcome is known. Only after a lost log or a crash may visits that were not acknowledged be found on disk.
func (l *Log) Append(ctx context.Context, visits []Visit) error {
	if len(visits) == 0 {
		return nil
	}
	return l.append(ctx, visits, nil)
}

func (l *Log) append(ctx context.Context, visits []Visit, mark *markRecord) error {
	if len(visits) > MaxCall {
		return fmt.Errorf("visitlog: %d visits in one call, at most %d", len(visits), MaxCall)
	}
	for i := range visits {
		if err := visits[i].Check(); err != nil {
			return err
		}
	}
	c := calls.Get().(*call)
	c.visits, c.mark = visits, mark
	c.state.Store(queued)
	if err := l.enqueue(ctx, c); err != nil {
		return err
	}
	select {
	case err := <-c.done:
		return c.free(err)
	case <-ctx.Done():
		if c.state.CompareAndSwap(queued, withdrawn) {
			return ctx.Err()
		}
	}
	return c.free(<-c.done)
}

func (c *call) free(err error) error {
	c.visits, c.mark = nil, nil
	calls.Put(c)
	return err
}

// enqueue waits for a place in the queue.
func (l *Log) enqueue(ctx context.Context, c *call) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var late <-chan time.Time
	for {
		l.mu.Lock()
		switch {
		case l.lost != nil:
			l.mu.Unlock()
			return l.lost
		case l.closed:
			l.mu.Unlock()
			return ErrClosed
		case l.waiting == 0 || l.waiting+len(c.visits) <= l.opt.Queue:
			l.queue = append(l.queue, c)
			l.waiting += len(c.visits)
			l.mu.Unlock()
			l.call()
			return nil
		}
		space := l.space
		l.mu.Unlock()
		if late == nil {
			t := time.NewTimer(l.opt.Wait)
			defer t.Stop()
			late = t.C
		}
		select {
		case <-space:
		case <-late:
			return busy(fmt.Errorf("visit queue full for %v", l.opt.Wait))
		case <-ctx.Done():
			return busy(ctx.Err())
		}
	}
}

// call wakes the goroutine.
func (l *Log) call() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// take gives what is queued, up to a frame, and makes room for others.
func (l *Log) take(group []*call) []*call {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, visits := 0, 0
	for _, c := range l.queue {
		if visits+len(c.visits) > MaxCall {
			break
		}
		n++
		l.waiting -= len(c.visits)
		if c.state.CompareAndSwap(queued, taken) {
			visits += len(c.visits)
			group = append(group, c)
		}
	}
	if n > 0 {
		rest := copy(l.queue, l.queue[n:])
		clear(l.queue[rest:])
		l.queue = l.queue[:rest]
		close(l.space)
		l.space = make(chan struct{})
	}
	return group
}

// Durable gives how far the log is on disk.
func (l *Log) Durable() Position {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.durable
}

// Waiting gives how many visits are queued for the disk.
func (l *Log) Waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waiting
}

// Err gives why the log was lost, nil while it is trusted.
func (l *Log) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}

// Close saves what is queued, seals the log and lets go of the folder. Later calls give ErrClosed.
func (l *Log) Close() error {
	l.once.Do(func() {
		l.mu.Lock()
		l.closed = true
		l.mu.Unlock()
		close(l.quit)
		<-l.gone
		l.shut = errors.Join(l.w.close(), l.lock.Close())
	})
	return l.shut
}
