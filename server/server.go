// Package server is the house: configuration and wiring, top to bottom, in one place.
//
// Open makes every part and connects it; Run serves until its context ends and then drains. Nothing
// is registered from elsewhere: what is not in wire.go does not happen. Event handlers are connected
// to names here and nowhere else.
package server

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"zhijian/bus/logbus"
	"zhijian/bus/timer"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
	"zhijian/store/sqldb"
	"zhijian/web/chat"
)

// House is one running platform.
type House struct {
	c        Config
	ring     *seal.Ring
	ids      *uid.Maker
	db       *sqldb.DB
	bus      *logbus.Bus
	timer    *timer.Timer
	metrics  *prometheus.Registry
	facts    facts
	world    outsides
	rooms    rooms
	door     *door.Door
	handler  http.Handler
	listener net.Listener
	admin    net.Listener
	ready    atomic.Bool
	onReady  func()
	heard    map[string][]string // event name → consumers
	routes   []door.Route
	openapi  func() ([]byte, error)
	book     *headBook
	chainKey ed25519.PublicKey
	space    *spaceWatch
	visits   *visits
	showcase *showcase
	searches *searches
	found    *finder
	uses     *uses
	live     *service.Live // the catalogue with what departments made themselves
	shelf    *ownShelf
	night    night
	chat     *chat.Chat // the talk, for posts from other platforms
	linked   []string   // aliases of the accounts that have posts from there
}

// Open checks the configuration, opens the database, and connects everything. The house listens when
// Open returns; it answers once Run is called. Close it when Run is not.
func Open(ctx context.Context, c Config) (_ *House, err error) {
	defer fault.Wrap(&err, "open the house")
	c.Demo = c.Demo || c.World.Imitation
	if err := c.check(); err != nil {
		return nil, err
	}
	h := &House{c: c, ids: &uid.Maker{Clock: c.Clock}, metrics: prometheus.NewRegistry(), heard: map[string][]string{}}
	defer func() {
		if err != nil {
			_ = h.Close()
		}
	}()
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, err
	}
	if h.ring, err = openRing(c.Data); err != nil {
		return nil, err
	}
	if err := h.listen(ctx); err != nil {
		return nil, err
	}
	for _, step := range []struct {
		name string
		open func(context.Context) error
	}{
		{"facts", h.openFacts},
		{"database", h.openDatabase},
		{"heads", h.openBook},
		{"space", h.openSpace},
		{"visits", h.openVisits},
		{"sheets", h.openSheets},
		{"world", h.openWorld},
		{"rooms", h.openRooms},
		{"shelf", h.openShelf},
		{"pins", h.checkPins},
		{"doors", h.openDoors},
		{"cities", h.openCities},
		{"wechat", h.checkLinked},
	} {
		watch := clock.Stopwatch()
		if err := step.open(ctx); err != nil {
			return nil, err
		}
		c.Log.Debug("opened", "step", step.name, "took", watch())
	}
	return h, nil
}

// listen takes the address before anything needs to know the origin.
func (h *House) listen(ctx context.Context) (err error) {
	var lc net.ListenConfig
	if h.listener, err = lc.Listen(ctx, "tcp", h.c.Addr); err != nil {
		return err
	}
	if h.c.Origin == "" {
		h.c.Origin = "http://" + h.listener.Addr().String()
	}
	if h.c.Admin != "" {
		if h.admin, err = lc.Listen(ctx, "tcp", h.c.Admin); err != nil {
			return fmt.Errorf("admin: %w", err)
		}
	}
	return nil
}

func (h *House) openDatabase(ctx context.Context) (err error) {
	c := sqldb.Config{URL: h.c.Database, Clock: h.c.Clock, IDs: h.ids, Log: h.c.Log, Unsafe: h.c.Unsafe, Vital: vital()}
	if c.URL == "" {
		c.Path = filepath.Join(h.c.Data, "zhijian.db")
	}
	if h.db, err = sqldb.Open(ctx, c); err != nil {
		return err
	}
	if h.bus, err = logbus.New(logbus.Config{DB: h.db, Log: h.c.Log}); err != nil {
		return err
	}
	h.timer, err = timer.New(timer.Config{DB: h.db, Clock: h.c.Clock, Log: h.c.Log})
	return err
}

// vital are the tables whose rules are about money and stock: a change that breaks one ends the process (reliability.md part 3).
func vital() []string {
	return []string{"payment_order", "payment_extra", "payment_posting", "booking_slot"}
}

// Connections at once, of everybody and of one address (security.md T66). One address may be a whole
// carrier's residents behind one gateway, so its share is large.
const (
	connections = 20_000
	perClient   = 2_000
)

// OnReady has f called once, when Run answers requests. Call it before Run.
func (h *House) OnReady(f func()) { h.onReady = f }

// Origin is how residents reach the house.
func (h *House) Origin() string { return h.c.Origin }

// AdminURL is where metrics are; empty when they are off.
func (h *House) AdminURL() string {
	if h.admin == nil {
		return ""
	}
	return "http://" + h.admin.Addr().String()
}

// Run serves until ctx ends, then stops taking requests, lets those in flight finish and closes.
func (h *House) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, h.Close()) }()
	site := door.Server(h.handler, h.c.Log)
	admin := &http.Server{Handler: h.adminHandler(context.WithoutCancel(ctx)), ReadHeaderTimeout: 10 * time.Second}

	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	failed := make(chan error, 8)
	var running int
	start := func(name string, run func() error) {
		running++
		go func() {
			err := run()
			if err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, context.Canceled) {
				err = fmt.Errorf("%s: %w", name, err)
			} else {
				err = nil
			}
			failed <- err
		}()
	}
	start("bus", func() error { return h.bus.Run(work) })
	start("timer", func() error { return h.timer.Run(work) })
	start("heads", func() error { return h.book.run(work) })
	start("space", func() error { return h.space.run(work) })
	start("visits", func() error { return h.visits.run(work) })
	start("rest", func() error { return rest(work) })
	start("own services", func() error { return h.shelf.run(work) })
	start("searches", func() error { return h.searches.run(work) })
	start("uses", func() error { return h.uses.run(work) })
	start("site", func() error { return site.Serve(h.door.Guard(h.listener, connections, perClient)) })
	if h.admin != nil {
		start("admin", func() error { return admin.Serve(h.admin) })
	}
	if err := h.rooms.payment.ScheduleReconcile(work); err != nil {
		failed <- fmt.Errorf("schedule the reconciliation: %w", err)
		running++
	}
	if err := h.night.schedule(work, h.c.Clock.Now()); err != nil {
		failed <- fmt.Errorf("schedule the observatory's night: %w", err)
		running++
	}
	h.sweepSheets(work)
	h.ready.Store(true)
	if h.onReady != nil {
		h.onReady()
	}

	select {
	case <-ctx.Done():
	case err = <-failed:
		running--
	}
	h.ready.Store(false)
	h.door.Drain()
	drain, stop := context.WithTimeout(context.WithoutCancel(ctx), DrainFor)
	defer stop()
	err = errors.Join(err, site.Shutdown(drain), admin.Shutdown(drain))
	h.door.Rest()
	stopWork()
	for range running {
		err = errors.Join(err, <-failed)
	}
	// Nothing moves any more: the last line says where the log ends.
	return errors.Join(err, h.book.sign(context.WithoutCancel(ctx)))
}

// Close releases what Open took. Run does it by itself.
func (h *House) Close() error {
	var errs []error
	for _, l := range []net.Listener{h.listener, h.admin} {
		if l != nil {
			if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
				errs = append(errs, err)
			}
		}
	}
	h.world.close()
	errs = append(errs, h.book.close(), h.visits.close())
	if h.db != nil {
		errs = append(errs, h.db.Close())
		h.db = nil
	}
	return errors.Join(errs...)
}

// isReady says whether requests are taken: /readyz and the balancer in front go by it.
func (h *House) isReady(ctx context.Context) error {
	if !h.ready.Load() {
		return errors.New("not serving")
	}
	return h.db.Ping(ctx)
}
