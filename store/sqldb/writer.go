package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/event"
)

const (
	groupSize   = 1024                 // changes in one transaction at most
	groupTime   = 2 * time.Millisecond // gathering at most
	idleTime    = 500 * time.Millisecond
	queueLength = 4096
)

// writer is the one goroutine that changes a SQLite file.
type writer struct {
	db    *DB
	pool  *sql.DB // of one connection
	conn  *sql.Conn
	queue chan *job
	quit  chan struct{} // closed: finish what is queued and stop
	gone  chan struct{} // closed: the goroutine has stopped

	// Below: only the writer's goroutine.
	stmts map[string]*prepared
	heads heads // with the group in the making
	clean heads // as committed
	group []*job
	begun bool // a transaction is open
	dirty bool // it holds a change that succeeded
	// wary says that a change of this group failed after it had written: the rest of the group is made with savepoints.
	wary  bool
	lost  error
	tried int // WAL frames when a checkpoint was last tried

	last [event.Shards]atomic.Int64 // committed positions, for readers
}

// prepared is a statement of the writer's connection.
type prepared struct {
	*sql.Stmt
	reads bool
	inUse *Tx // rows of it may be open in this change
}

// job is one caller's change.
type job struct {
	ctx   context.Context
	fn    func(tx *Tx) error
	state atomic.Int32 // queued, taken or withdrawn
	done  chan error
	err   error
	tx    Tx
}

const (
	queued = iota
	taken
	withdrawn
)

var jobs = sync.Pool{New: func() any { return &job{done: make(chan error, 1)} }}

func (w *writer) write(ctx context.Context, fn func(tx *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if w.db.closed.Load() {
		return ErrClosed
	}
	j := jobs.Get().(*job)
	j.ctx, j.fn, j.err, j.tx = ctx, fn, nil, Tx{}
	j.state.Store(queued)
	select {
	case w.queue <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.gone:
		return ErrClosed
	}
	select {
	case err := <-j.done:
		jobs.Put(j)
		return err
	case <-ctx.Done():
		if j.state.CompareAndSwap(queued, withdrawn) {
			return ctx.Err()
		}
	case <-w.gone:
		if j.state.CompareAndSwap(queued, withdrawn) {
			return ErrClosed
		}
	}
	err := <-j.done // begun, so it is finished
	jobs.Put(j)
	return err
}

func (w *writer) positions() (last [event.Shards]int64) {
	for i := range last {
		last[i] = w.last[i].Load()
	}
	return last
}

// run is the writer's goroutine. A change that ends its goroutine (runtime.Goexit, as
// testing's FailNow does) takes this one along; the group fails and a new goroutine goes on.
func (w *writer) run() {
	clean := false
	defer func() {
		if !clean {
			for _, j := range w.group {
				j.tx.closeRows()
			}
			w.abort(errors.New("sqldb: a change of this group ended the writer's goroutine"))
			w.commit()
			go w.run()
		}
	}()
	idle := time.NewTimer(idleTime)
	defer idle.Stop()
	for {
		select {
		case j := <-w.queue:
			w.work(j)
			idle.Reset(idleTime)
		case <-idle.C:
			if !w.checkpointIdle() {
				idle.Reset(idleTime)
			}
		case <-w.quit:
			for {
				select {
				case j := <-w.queue:
					w.work(j)
					continue
				default:
				}
				break
			}
			clean = true
			close(w.gone)
			return
		}
	}
}

// work makes one group: all that is queued when it begins, and what comes while it is being
// made, for up to groupTime. It never waits for more.
func (w *writer) work(j *job) {
	elapsed := clock.Stopwatch()
	waiting := len(w.queue)
	w.take(j)
gather:
	for n := 1; n < groupSize && (n <= waiting || elapsed() < groupTime); n++ {
		select {
		case j := <-w.queue:
			w.take(j)
		default:
			break gather
		}
	}
	w.commit()
	w.checkpointDue()
}

// take runs one change inside the group.
func (w *writer) take(j *job) {
	if !j.state.CompareAndSwap(queued, taken) {
		return
	}
	w.group = append(w.group, j)
	w.perform(j)
}

func (w *writer) perform(j *job) {
	if w.lost != nil {
		j.err = w.lost
		return
	}
	tx := &j.tx
	tx.db, tx.w, tx.ctx = w.db, w, w.db.ctx
	err := call(j.fn, tx)
	if err == nil {
		err = tx.record()
	}
	tx.closeRows()
	if err == nil && tx.failed != nil {
		err = fmt.Errorf("the change went on after a failed statement: %w", tx.failed)
	}
	switch {
	case tx.failed != nil && endsTransaction(tx.failed):
		w.abort(tx.failed)
	case err != nil:
		j.err = err
		if e := w.undo(j); e != nil {
			w.abort(e)
		}
	case tx.saved:
		if _, e := w.run1("release change"); e != nil {
			w.abort(e)
		}
	}
	if err == nil && tx.wrote {
		w.dirty = true
	}
}

// call runs fn and turns a panic into an error.
func call(fn func(tx *Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("change panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(tx)
}

// undo takes back one change of the group.
func (w *writer) undo(j *job) error {
	tx := &j.tx
	if tx.before != nil {
		w.heads = *tx.before
	}
	switch {
	case !tx.wrote:
		return nil
	case tx.saved:
		if _, err := w.run1("rollback to change"); err != nil {
			return err
		}
		_, err := w.run1("release change")
		return err
	}
	w.begun = false
	if _, err := w.run1("rollback"); err != nil || !w.dirty {
		return err // it was the first to write: the transaction held nothing else
	}
	w.again(j)
	return nil
}

// again makes the group anew without a change that failed after it had written. A savepoint for each change would spare that,
// but costs every change of every group some 8 %, and such failures are rare: rules refuse before they write. What is left of
// the group is made with savepoints, so that no group is made more than twice.
func (w *writer) again(failed *job) {
	w.heads = w.clean
	w.dirty, w.wary = false, true
	for _, j := range w.group {
		if j == failed {
			continue
		}
		j.err, j.tx = nil, Tx{}
		w.perform(j)
	}
}

// abort gives the whole group up and answers its callers.
func (w *writer) abort(err error) {
	w.heads = w.clean
	if w.begun {
		w.begun = false
		_, _ = w.run1("rollback") // SQLite may have done it already
	}
	if isBroken(err) {
		w.lost = fmt.Errorf("storage is not trusted any more: %w", err)
		w.db.distrust(err)
	}
	err = mapped(err)
	for _, j := range w.group {
		j.err = err
	}
	w.dirty = false
}

// commit saves the group and answers its callers. Also those whose change failed or did
// nothing wait for it: what they were told may rest on a change of the same group.
func (w *writer) commit() {
	if w.begun {
		touched := w.touched()
		w.db.concerns.doubt(touched)
		err := w.finish()
		w.db.concerns.settled(touched)
		if err != nil {
			w.abort(err)
		} else {
			for i := range w.heads {
				w.last[i].Store(w.heads[i].position)
			}
			w.clean = w.heads
		}
	}
	told := false
	for _, j := range w.group {
		told = told || (j.err == nil && j.tx.told)
	}
	if told {
		w.db.committed()
	}
	for i, j := range w.group {
		w.group[i] = nil
		j.fn = nil
		j.done <- j.err
	}
	if len(w.group) > 1 {
		// Let the callers that were just answered queue their next change: without this the
		// groups alternate between a few changes and many.
		runtime.Gosched()
	}
	w.group = w.group[:0]
	w.dirty, w.wary = false, false
}

// touched gives the slots of all that the group's changes concern.
func (w *writer) touched() (all []*atomic.Uint64) {
	for _, j := range w.group {
		if j.err == nil {
			all = append(all, j.tx.touched...)
		}
	}
	return all
}

func (w *writer) finish() error {
	if !w.dirty {
		w.begun = false
		_, err := w.run1("rollback") // nothing was written, nothing to make durable
		return err
	}
	for i := range w.heads {
		if w.heads[i].position == w.clean[i].position {
			continue
		}
		h := &w.heads[i]
		if _, err := w.run1(updateHead, h.position, h.id, h.at, h.hash, i); err != nil {
			return err
		}
	}
	if _, err := w.run1("commit"); err != nil {
		return err
	}
	w.begun = false
	return nil
}

// begin makes sure that a transaction is open and, in a group where one failed, that a change about to write behind others
// has a savepoint.
func (w *writer) begin(tx *Tx, writes bool) error {
	if w.lost != nil {
		return w.lost
	}
	if !w.begun {
		if _, err := w.run1("begin immediate"); err != nil {
			return err
		}
		w.begun = true
	}
	if writes && !tx.wrote {
		if w.dirty && w.wary {
			if _, err := w.run1("savepoint change"); err != nil {
				return err
			}
			tx.saved = true
		}
		tx.wrote = true
	}
	return nil
}

func (w *writer) exec(tx *Tx, query string, args []any) (sql.Result, error) {
	s, err := w.prepare(query)
	if err != nil {
		return nil, err
	}
	if err := w.begin(tx, !s.reads); err != nil {
		return nil, err
	}
	if s.inUse == tx {
		return w.conn.ExecContext(w.db.ctx, query, args...)
	}
	return s.ExecContext(w.db.ctx, args...)
}

// query runs a statement that gives rows. Rows that outlive the call (not brief) keep their
// statement, so a nested use of the same text gets one of its own.
func (w *writer) query(tx *Tx, query string, args []any, brief bool) (*sql.Rows, error) {
	s, err := w.prepare(query)
	if err != nil {
		return nil, err
	}
	if err := w.begin(tx, !s.reads); err != nil {
		return nil, err
	}
	if s.inUse == tx {
		return w.conn.QueryContext(w.db.ctx, query, args...)
	}
	if !brief {
		s.inUse = tx
		tx.used = append(tx.used, s)
	}
	return s.QueryContext(w.db.ctx, args...)
}

// run1 runs a statement of the writer's own.
func (w *writer) run1(query string, args ...any) (sql.Result, error) {
	s, err := w.prepare(query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(w.db.ctx, args...)
}

func (w *writer) prepare(query string) (*prepared, error) {
	if s := w.stmts[query]; s != nil {
		return s, nil
	}
	if len(w.stmts) >= maxStatements {
		for text, s := range w.stmts { // any one: the cache is far larger than the set of fixed texts
			if s.inUse == nil {
				_ = s.Close()
				delete(w.stmts, text)
				break
			}
		}
	}
	st, err := w.conn.PrepareContext(w.db.ctx, query)
	if err != nil {
		return nil, err
	}
	s := &prepared{Stmt: st, reads: isSelect(query)}
	w.stmts[query] = s
	return s, nil
}
