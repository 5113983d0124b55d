package server

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/store/visitlog"
)

const (
	visitsName = "visits" // folder of the data folder, of this node alone
	// visitQueue visits of pages wait to be appended; what does not fit is dropped, for no page waits for the disk.
	visitQueue = 1 << 13
	// gatherFor is how long visits of pages are gathered before they share a write. They are not acknowledged to anybody, so this
	// is what a kill may lose of them.
	gatherFor = 200 * time.Millisecond
	foldEvery = time.Second
	// visitsKept is how long it stays in the log who visited what: more than the 180 days that logs are kept (security.md) and no longer.
	visitsKept = 200 * 24 * time.Hour
	thinEvery  = 24 * time.Hour
	// The fold of a running house works in small batches, so that pages keep their memory.
	foldBatch  = 1 << 20
	foldMemory = 64 << 20
	// lastFold bounds what is counted on stopping; the rest is counted after the next start.
	lastFold = 10 * time.Second
	sayEvery = time.Minute
)

// visits is the counting path of a running house: what pages and the door for machines bring goes into the log of this node and from
// there, every second, into the fold.
//
// Statistics never stop a house: a damaged log is told of and leaves pages uncounted, a damaged fold leaves them in the log until it is
// made anew; a full disk drops what it cannot hold. Only a failed write or sync ends the process, like one of the database, because
// nobody knows what the disk then holds.
type visits struct {
	c       Config
	log     *visitlog.Log  // nil when it is damaged
	fold    *visitlog.Fold // nil when it or the log is damaged
	why     error          // of the damage
	numbers *visitNumbers
	queue   chan door.Visit
	posts   *postings

	dropped, refused prometheus.Counter
	said             quiet
	exit             func(error)
}

// openVisits opens log and fold of this node. Damage is no error of the house: pages are then not counted.
func (h *House) openVisits(ctx context.Context) error {
	v := &visits{c: h.c, queue: make(chan door.Visit, visitQueue), said: quiet{clock: h.c.Clock}}
	v.exit = func(err error) {
		h.c.Log.Error("the visit log can no longer be trusted; stopping", "error", err)
		os.Exit(sqldb.ExitStorage)
	}
	h.visits = v
	v.numbers = newVisitNumbers(store.Numbers{DB: h.db}, h.facts)
	keys, err := readVisitKeys(h.c.VisitKeys)
	if err != nil {
		return err
	}
	v.posts = &postings{visits: v, keys: keys, busy: make(chan struct{}, postingsAtOnce), under: map[visitlog.Delivery]bool{}}
	err = v.open(ctx)
	if _, damaged := errors.AsType[*visitlog.Damage](err); damaged {
		h.c.Log.Error("visits are not counted: log or fold is damaged", "error", err)
		v.why, err = err, nil
	}
	return errors.Join(err, v.measure(h.metrics))
}

// open leaves as nil what could not be opened.
func (v *visits) open(ctx context.Context) error {
	logs, folded, err := visitFolders(v.c.Data)
	if err != nil {
		return err
	}
	l, err := visitlog.Open(ctx, visitlog.Options{Folder: logs, Node: v.c.node(), Clock: v.c.Clock, Broken: func(err error) { v.exit(err) }})
	if err != nil {
		return err
	}
	v.log = l
	f, err := visitlog.OpenFold(ctx, visitlog.FoldOptions{
		Folder: folded, Logs: []visitlog.Source{{Folder: logs, Log: l}}, Batch: foldBatch, Memory: foldMemory,
	})
	if err != nil {
		return err
	}
	v.fold = f
	return nil
}

// visitFolders are where log and fold of a data folder are, made when they are not there.
func visitFolders(data string) (logs, folded visitlog.Disk, err error) {
	at := filepath.Join(data, visitsName)
	if _, err = visitlog.Folder(at); err != nil {
		return nil, nil, err
	}
	if logs, err = visitlog.Folder(filepath.Join(at, "log")); err != nil {
		return nil, nil, err
	}
	folded, err = visitlog.Folder(filepath.Join(at, "fold"))
	return logs, folded, err
}

// node is the number of this node, 1 unless it is told another.
func (c Config) node() uint32 {
	if c.Node == 0 {
		return 1
	}
	return c.Node
}

// measure shows the counting path to whoever watches the metrics.
func (v *visits) measure(metrics prometheus.Registerer) error {
	v.dropped = prometheus.NewCounter(prometheus.CounterOpts{Name: "zhijian_visits_dropped_total", Help: "Visits to pages that could not be kept."})
	v.refused = prometheus.NewCounter(prometheus.CounterOpts{Name: "zhijian_visits_refused_total", Help: "Lines that were posted and are no visits."})
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	all := []prometheus.Collector{v.dropped, v.refused, gauge("zhijian_visits_counting", "0 while visits are not counted because log or fold is damaged.", func() float64 {
		if v.fold == nil {
			return 0
		}
		return 1
	})}
	if v.log != nil {
		all = append(all, gauge("zhijian_visits_appended", "Visits in the log of this node.", func() float64 { return float64(v.log.Durable().Visits) }))
	}
	if v.fold != nil {
		all = append(all, gauge("zhijian_visits_folded", "Visits of them that are counted.", func() float64 { return float64(v.fold.Folded()) }))
	}
	var errs []error
	for _, c := range all {
		errs = append(errs, metrics.Register(c))
	}
	return errors.Join(errs...)
}

// Count implements door.Visits.
func (v *visits) Count(one door.Visit) {
	select {
	case v.queue <- one:
	default:
		v.drop(1, errQueueFull)
	}
}

var errQueueFull = errors.New("more visits at once than can be kept")

// drop counts visits that are lost, and says so at most once a minute.
func (v *visits) drop(n int, why error) {
	v.dropped.Add(float64(n))
	v.tell(v.c.Log.Warn, "visits were dropped", why)
}

func (v *visits) tell(say func(string, ...any), what string, why error) {
	if v.said.may() {
		say(what, "error", why)
	}
}

// close lets go of what open took. What run closed stays closed.
func (v *visits) close() error {
	if v == nil {
		return nil
	}
	var errs []error
	if v.log != nil {
		errs = append(errs, v.log.Close())
	}
	if v.fold != nil {
		errs = append(errs, v.fold.Close())
	}
	return errors.Join(errs...)
}

// quiet lets something be said once a minute.
type quiet struct {
	clock clock.Clock
	next  atomic.Int64 // Unix milliseconds
}

func (q *quiet) may() bool {
	now, next := clock.Millis(q.clock.Now()), q.next.Load()
	return now >= next && q.next.CompareAndSwap(next, now+sayEvery.Milliseconds())
}
