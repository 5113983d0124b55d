// Package sandbox is the imitation outside world: the departments' systems, the bank, the SMS
// gateway and the payment channel, as real HTTP servers on loopback ports.
//
// It promises three things. The same seed and day give the same world, so that demo, tests and
// load meet people they know. Every way an office can fail is asked for by a documented magic
// input or switched on from the console page (README.md lists them), never by chance. And its
// state outlives the house: acts are remembered by their key for as long as the process runs, so
// that a house killed and started again can ask what became of them; with a folder they outlive
// this process too, however it ends.
//
// Nothing here is real. Every page says 演示.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/sandbox/pages"
	"zhijian/sandbox/paychannel"
)

// Names of the servers, as World.URLs has them.
const (
	Traffic     = "traffic"
	Population  = "population"
	Bank        = "bank"
	Electricity = "electricity"
	Hall        = "hall"
	Weather     = "weather"
	SMS         = "sms"
	Pay         = "pay"
	Console     = "console"
	// Street is the listener of all offices told as data; each has its own name and address under it.
	Street = "street"
)

// Config says what world to start.
type Config struct {
	// Seed decides who lives there and what they owe.
	Seed int64
	// People is how many residents there are; 0 means 200.
	People int
	// Clock is required.
	Clock clock.Clock
	// Addr is where the servers listen: "127.0.0.1:0" (the default) picks a free port for each;
	// with a port, the servers take that one and those after it, in the order of the constants.
	Addr string
	// Log receives one line per server and per failed notice; nil discards.
	Log *slog.Logger
	// NotifyOrigin limits payment notices to one origin ("http://127.0.0.1:8080"); empty
	// allows every loopback origin. Any other host is refused in either case.
	NotifyOrigin string
	// RetryScale stretches the payment channel's retry schedule; 0 means 1, the real one
	// (15 s, 15 s, 30 s, 3 min …). Tests use 0.001.
	RetryScale float64
	// SlowBy is how long an office takes on a slow day; 0 means 1.5 s.
	SlowBy time.Duration
	// HangFor bounds how long a silent office holds a question before it cuts the connection; 0 holds it until the asker gives up. Tests
	// of what follows from silence need not wait for it.
	HangFor time.Duration
	// Dir keeps the world between runs: its acts, the payment channel's keys, the day it began
	// and, where they are still free, its ports. One world at a time may use it, of one seed
	// and with no fewer people. Empty keeps nothing.
	Dir string
	// Own is a folder with further offices as data, beside those that come with the world: profiles/*.yaml and offices/*.yaml, written as
	// those here are. Empty for none.
	Own string
}

// World is a running sandbox. Safe for concurrent use.
type World struct {
	people  []Person
	servers []*served
	offices []*office
	bureaus []*office // told as data; also among offices
	inbox   *inbox
	folder  *folder
	pay     *paychannel.Channel
	urls    map[string]string
	clock   clock.Clock
	failed  chan error
	closing sync.Once
	closed  error
}

// served is an office that can be switched. One told as data has no listener of its own.
type served struct {
	name     string
	listener net.Listener
	server   *http.Server
	gate     *gate
}

// Start makes the world and serves it until Close. When it returns without an error every
// server accepts connections. ctx bounds the start only.
func Start(ctx context.Context, cfg Config) (_ *World, err error) {
	defer fault.Wrap(&err, "sandbox: start")
	if cfg.Clock == nil {
		return nil, errors.New("no clock")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.People == 0 {
		cfg.People = 200
	}
	if cfg.SlowBy == 0 {
		cfg.SlowBy = 1500 * time.Millisecond
	}
	w := &World{urls: map[string]string{}, clock: cfg.Clock, failed: make(chan error, 16)}
	if w.folder, err = openFolder(cfg); err != nil {
		return nil, err
	}
	w.people = People(cfg.Seed, cfg.People)
	if err = w.listen(ctx, cfg); err == nil {
		err = w.settleIn(ctx, cfg)
	}
	if err != nil {
		w.drop()
		return nil, err
	}
	w.serve(cfg)
	return w, nil
}

// settleIn opens everybody with what they did in earlier runs, all at once: to read it again is
// most of a start.
func (w *World) settleIn(ctx context.Context, cfg Config) error {
	began, err := w.folder.began()
	if err != nil {
		return err
	}
	w.offices = []*office{
		newTraffic(w.people, cfg, began), newElectricity(w.people, cfg, began), newHall(cfg),
		newPopulation(w.people), newBank(w.people), newWeather(cfg),
	}
	var own fs.FS = none{}
	if cfg.Own != "" {
		own = os.DirFS(cfg.Own)
	}
	if w.bureaus, err = newBureaus([]fs.FS{profileFiles, own}, bureau{folk: newFolk(w.people), seed: cfg.Seed, began: began, peer: w.office}); err != nil {
		return err
	}
	trades, err := newTrades(own, w.people, cfg, began)
	if err != nil {
		return err
	}
	w.bureaus = append(w.bureaus, trades...)
	w.offices = append(w.offices, w.bureaus...)
	if err := distinct(w.offices); err != nil {
		return err
	}
	var all sync.WaitGroup
	errs := make([]error, len(w.offices)+2)
	for i, o := range w.offices {
		all.Go(func() { errs[i] = o.recall(cfg.Dir) })
	}
	all.Go(func() { w.inbox, errs[len(w.offices)] = newInbox(cfg.Clock, w.folder.path("sms.journal")) })
	all.Go(func() {
		w.pay, errs[len(w.offices)+1] = paychannel.New(ctx, paychannel.Config{
			Clock: cfg.Clock, Log: cfg.Log, BaseURL: w.urls[Pay], Dir: cfg.Dir, Journal: w.folder.path("pay.journal"),
			NotifyOrigin: cfg.NotifyOrigin, RetryScale: cfg.RetryScale,
		})
	})
	all.Wait()
	for _, o := range w.offices {
		o.clock = cfg.Clock
	}
	return errors.Join(errs...)
}

// none is a folder with nothing in it.
type none struct{}

func (none) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// distinct wants every office to have a name of its own, among the servers too.
func distinct(offices []*office) error {
	seen := map[string]bool{SMS: true, Pay: true, Console: true, Street: true}
	for _, o := range offices {
		if seen[o.name] {
			return fmt.Errorf("there are two offices %q; give one of them another name", o.name)
		}
		seen[o.name] = true
	}
	return nil
}

func (w *World) listen(ctx context.Context, cfg Config) error {
	addr := cfg.Addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("address %s: %w", addr, err)
	}
	first, err := strconv.Atoi(port)
	if err != nil {
		return fmt.Errorf("address %s: %w", addr, err)
	}
	var lc net.ListenConfig
	addrs := map[string]string{}
	for i, name := range []string{Traffic, Population, Bank, Electricity, Hall, Weather, SMS, Pay, Console, Street} {
		at := net.JoinHostPort(host, port)
		if first != 0 {
			at = net.JoinHostPort(host, strconv.Itoa(first+i))
		}
		// Pages of a payment begun before the restart are at the old port.
		var l net.Listener
		kept := w.folder.was.Addrs[name]
		if keptHost, _, err := net.SplitHostPort(kept); first == 0 && err == nil && keptHost == host {
			l, _ = lc.Listen(ctx, "tcp", kept)
		}
		if l == nil {
			if l, err = lc.Listen(ctx, "tcp", at); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		addrs[name] = l.Addr().String()
		w.servers = append(w.servers, &served{name: name, listener: l, gate: newGate(cfg)})
		w.urls[name] = "http://" + l.Addr().String()
	}
	return w.folder.write(addrs)
}

// serve gives every listener its handler. Each server runs in its own goroutine, which Close ends.
func (w *World) serve(cfg Config) {
	gates := w.open(cfg)
	for _, s := range w.servers {
		if s.listener == nil {
			continue
		}
		var h http.Handler
		switch s.name {
		case Street:
			h = street(w.bureaus, gates, w.people, pages.CSS)
		case SMS:
			h = s.gate.guard(w.inbox.handler())
		case Pay:
			h = s.gate.guard(w.pay)
		case Console:
			h = w.console()
		default:
			h = s.gate.guard(w.office(s.name).handler(w.people))
		}
		s.server = &http.Server{
			Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
			ErrorLog: slog.NewLogLogger(cfg.Log.Handler(), slog.LevelDebug),
		}
		cfg.Log.Info("sandbox office open", "office", s.name, "url", "http://"+s.listener.Addr().String())
		go func() {
			if err := s.server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
				select {
				case w.failed <- fmt.Errorf("sandbox: %s: %w", s.name, err):
				default:
				}
			}
		}()
	}
}

// open gives every office told as data its gate and its address.
func (w *World) open(cfg Config) map[string]*gate {
	gates := make(map[string]*gate, len(w.bureaus))
	for _, o := range w.bureaus {
		gates[o.name] = newGate(cfg)
		w.servers = append(w.servers, &served{name: o.name, gate: gates[o.name]})
		w.urls[o.name] = w.urls[Street] + "/" + o.name
	}
	delete(w.urls, Street)
	return gates
}

func (w *World) office(name string) *office {
	for _, o := range w.offices {
		if o.name == name {
			return o
		}
	}
	return nil
}

// drop undoes a start that failed.
func (w *World) drop() {
	for _, s := range w.servers {
		if s.listener != nil {
			_ = s.listener.Close()
		}
	}
	_ = w.shut()
}

// shut closes the files.
func (w *World) shut() error {
	var all []error
	for _, o := range w.offices {
		if o.diary != nil {
			all = append(all, o.diary.file.Close())
		}
	}
	if w.inbox != nil {
		all = append(all, w.inbox.file.Close())
	}
	if w.pay != nil {
		all = append(all, w.pay.Close())
	}
	return errors.Join(append(all, w.folder.close())...)
}

// URLs gives the address of every server by name, without a slash at the end. The map is a copy.
func (w *World) URLs() map[string]string {
	out := make(map[string]string, len(w.urls))
	for k, v := range w.urls {
		out[k] = v
	}
	return out
}

// Residents gives the people of this world; the same as People(seed, n).
func (w *World) Residents() []Person { return w.people }

// Merchant gives what the house needs to speak with the payment channel.
func (w *World) Merchant() paychannel.Merchant { return w.pay.Merchant() }

// Channel gives the payment channel, whose switches and sums tests use directly.
func (w *World) Channel() *paychannel.Channel { return w.pay }

// Failed delivers the error of a server that stopped by itself.
func (w *World) Failed() <-chan error { return w.failed }

// Close ends all servers and the channel's notices. Calls in flight get until ctx ends, but
// those that hang on purpose are cut at once. The second call gives the first one's answer.
func (w *World) Close(ctx context.Context) error {
	w.closing.Do(func() {
		for _, s := range w.servers {
			s.gate.close()
		}
		w.pay.Hush()
		var all []error
		for _, s := range w.servers {
			if s.server == nil {
				continue
			}
			if err := s.server.Shutdown(ctx); err != nil {
				all = append(all, fmt.Errorf("sandbox: close %s: %w", s.name, err), s.server.Close())
			}
		}
		w.closed = errors.Join(append(all, w.shut())...)
	})
	return w.closed
}
