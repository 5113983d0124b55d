package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"zhijian/sandbox"
	"zhijian/testkit/walk"
)

// ledger is what the workers were told, kept outside the house.
type ledger struct {
	mu       sync.Mutex
	opened   []ack // cases whose page was shown
	paid     []ack // the cashier said paid
	done     []ack // the result page was shown
	booked   []ack
	tries    int
	breaks   int
	ends     map[string]int // how cases ended, by the heading of their last page
	oddities []string
}

type ack struct {
	worker  *worker
	service string
	no      string
	what    string
}

func (l *ledger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return fmt.Sprintf("%d tries, %d broken off; acknowledged: %d cases, %d payments, %d results, %d bookings", l.tries, l.breaks,
		len(l.opened), len(l.paid), len(l.done), len(l.booked))
}

// endings tells how the cases ended, a line each, so that a run whose residents only read refusals is seen.
func (l *ledger) endings() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	for _, what := range slices.Sorted(maps.Keys(l.ends)) {
		fmt.Fprintf(&b, "  %6d %s\n", l.ends[what], what)
	}
	return b.String()
}

func (l *ledger) ended(a ack) {
	l.add(&l.done, a)
	l.mu.Lock()
	l.ends[a.service+" "+a.what]++
	l.mu.Unlock()
}

func (l *ledger) add(list *[]ack, a ack) {
	l.mu.Lock()
	*list = append(*list, a)
	l.mu.Unlock()
}

// worker is one resident who keeps coming back.
type worker struct {
	h      *house
	l      *ledger
	person sandbox.Person
	walk   *walk.Walker
	rnd    *rand.Rand
	signed bool
	owed   map[string]int // by service, what was made for the resident and is not known to be paid
	booked bool           // has a window, and the hall gives one a day
	tired  bool           // the house will not let the resident do more today
}

// mostOwed is how much is made for a resident who has not come to paying it: tries that are broken off would pile up otherwise, and who
// has too much to pay is sent to the counter.
const mostOwed = 3

const city = "hangzhou"

// population is how many people the world has; about one in nine can do every errand in the city.
const population = 6000

// residents are the people of the world who can do every errand.
func residents(seed int64) []sandbox.Person {
	var list []sandbox.Person
	for _, p := range sandbox.People(seed, population)[10:] {
		if p.Region == "330100" && len(p.Vehicles) > 0 && ordinary(p.Vehicles[0].Plate) {
			list = append(list, p)
		}
	}
	return list
}

func newWorker(h *house, l *ledger, seed int64, i int, p sandbox.Person) *worker {
	return &worker{h: h, l: l, person: p, walk: walk.New(h.origin, transport()), rnd: rand.New(rand.NewPCG(uint64(seed), uint64(i))), owed: map[string]int{}}
}

// relay lets one resident after the other live until ctx ends: a plate may be looked up so often a day, and a hall be booked once, so
// that nobody has errands for a run of an hour. It returns an error when the world has no more residents.
func relay(ctx context.Context, h *house, l *ledger, seed int64, next func() (int, sandbox.Person, bool)) error {
	for ctx.Err() == nil {
		i, p, ok := next()
		if !ok {
			return errors.New("every resident of the city has done what one may do in a day: make the world larger")
		}
		newWorker(h, l, seed, i, p).live(ctx)
	}
	return nil
}

func ordinary(plate string) bool {
	for _, end := range []string{"00", "13", "44", "45", "46"} {
		if strings.HasSuffix(plate, end) {
			return false
		}
	}
	return true
}

var errHouseDown = errors.New("the house is down")

// live pays and books until ctx ends or the house says that it is enough for today.
func (w *worker) live(ctx context.Context) {
	for ctx.Err() == nil && !w.tired {
		if !w.h.up.Load() {
			pause(ctx, 20*time.Millisecond)
			continue
		}
		w.l.mu.Lock()
		w.l.tries++
		w.l.mu.Unlock()
		var err error
		switch n := w.rnd.IntN(10); {
		case !w.signed:
			err = w.signIn(ctx)
		case n < 5:
			err = w.payFine(ctx)
		case n < 8 || w.booked:
			err = w.payBill(ctx)
		default:
			err = w.book(ctx)
		}
		if err != nil && ctx.Err() == nil {
			w.l.mu.Lock()
			w.l.breaks++
			if !broken(err) && len(w.l.oddities) < 40 {
				w.l.oddities = append(w.l.oddities, short(err.Error()))
			}
			w.l.mu.Unlock()
			wait := 50 * time.Millisecond
			if !w.signed {
				wait = 2100 * time.Millisecond // a phone gets a code every two seconds at most
			}
			pause(ctx, wait)
		}
	}
}

// broken reports whether err is what a dying house looks like from outside.
func broken(err error) bool {
	for _, s := range []string{"connection refused", "EOF", "connection reset", "broken pipe", "server closed", "timeout awaiting", "503"} {
		if strings.Contains(err.Error(), s) {
			return true
		}
	}
	return errors.Is(err, errHouseDown)
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// signIn signs in and proves everything up to L4; the house asks for what is still missing, one proof a page.
func (w *worker) signIn(ctx context.Context) error {
	if err := w.walk.SignIn(ctx, w.h.urls["sms"], w.person.Phone); err != nil {
		return err
	}
	known := map[string]string{
		"name": w.person.Name, "citizen_number": w.person.CitizenNumber, "card_number": w.person.BankCard, "phone": w.person.Phone,
		"plate": w.person.Vehicles[0].Plate, "consent": "yes",
	}
	if err := w.walk.Get(ctx, "/me/proof?level=4"); err != nil {
		return err
	}
	for range 4 {
		if !w.walk.Page.Has("consent") {
			w.signed = true
			return nil
		}
		set := map[string]string{}
		for name, value := range known {
			if w.walk.Page.Has(name) {
				set[name] = value
			}
		}
		if err := w.walk.Submit(ctx, set); err != nil {
			return err
		}
		if w.walk.Page.Status >= 400 {
			return fmt.Errorf("%s: %d %s", w.walk.Page.URL.Path, w.walk.Page.Status, w.walk.Page.Text)
		}
	}
	return fmt.Errorf("still asked for proofs at %s", w.walk.Page.URL.Path)
}
