package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
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
	oddities []string
}

type ack struct {
	worker *worker
	no     string
	what   string
}

func (l *ledger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return fmt.Sprintf("%d tries, %d broken off; acknowledged: %d cases, %d payments, %d results, %d bookings", l.tries, l.breaks,
		len(l.opened), len(l.paid), len(l.done), len(l.booked))
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
}

// mostOwed is how much is made for a resident who has not come to paying it: tries that are broken off would pile up otherwise, and who
// has too much to pay is sent to the counter.
const mostOwed = 3

const city = "hangzhou"

func newWorker(h *house, l *ledger, seed int64, i int) (*worker, error) {
	var mine []sandbox.Person
	for _, p := range sandbox.People(seed, 400)[10:] {
		if p.Region == "330100" && len(p.Vehicles) > 0 && ordinary(p.Vehicles[0].Plate) {
			mine = append(mine, p)
		}
	}
	if i >= len(mine) {
		return nil, fmt.Errorf("only %d residents of the city have a car", len(mine))
	}
	return &worker{h: h, l: l, person: mine[i], walk: walk.New(h.origin, transport()), rnd: rand.New(rand.NewPCG(uint64(seed), uint64(i))), owed: map[string]int{}}, nil
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

// live pays and books until ctx ends.
func (w *worker) live(ctx context.Context) {
	for ctx.Err() == nil {
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
		case n < 8:
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
