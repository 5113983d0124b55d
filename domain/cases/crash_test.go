package cases_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/testkit"
)

// crasher makes the process "die" right after its n-th write: the write is on disk and nobody hears of it.
type crasher struct {
	mu   sync.Mutex
	left int // writes until the crash; 0 for none
	hit  bool
}

var errCrash = errors.New("the process died here")

func (c *crasher) arm(n int) {
	c.mu.Lock()
	c.left, c.hit = n, false
	c.mu.Unlock()
}

// wrote counts a write and dies when it is the one.
func (c *crasher) wrote(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || c.left == 0 {
		return err
	}
	if c.left--; c.left == 0 {
		c.hit = true
		return errCrash
	}
	return nil
}

func (c *crasher) died() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hit
}

type crashCases struct {
	cases.Store
	*crasher
}

func (s crashCases) Add(ctx context.Context, c cases.Case, events ...event.Body) (cases.Case, error) {
	kept, err := s.Store.Add(ctx, c, events...)
	return kept, s.wrote(err)
}

func (s crashCases) Change(ctx context.Context, no string, rule func(*cases.Case) ([]event.Body, error)) (cases.Case, error) {
	kept, err := s.Store.Change(ctx, no, rule)
	return kept, s.wrote(err)
}

type crashPayments struct {
	payment.Store
	*crasher
}

func (s crashPayments) Add(ctx context.Context, o payment.Order, events ...event.Body) (payment.Order, error) {
	kept, err := s.Store.Add(ctx, o, events...)
	return kept, s.wrote(err)
}

func (s crashPayments) Change(ctx context.Context, no string, rule func(*payment.Order) ([]event.Body, error)) (payment.Order, error) {
	kept, err := s.Store.Change(ctx, no, rule)
	return kept, s.wrote(err)
}

type crashBookings struct {
	booking.Store
	*crasher
}

func (s crashBookings) Take(ctx context.Context, r booking.Reservation, events ...event.Body) (booking.Reservation, error) {
	kept, err := s.Store.Take(ctx, r, events...)
	return kept, s.wrote(err)
}

func (s crashBookings) Change(ctx context.Context, no string, rule func(*booking.Reservation) ([]event.Body, error)) (booking.Reservation, error) {
	kept, err := s.Store.Change(ctx, no, rule)
	return kept, s.wrote(err)
}

// stubborn walks a case to its end as a resident would whose page sometimes fails: they look again and go on
// from what they see. It pays once whenever there is something to pay.
func (h *house) stubborn(w cases.Who, id string, first func(v service.View) map[string][]string) cases.Shown {
	h.t.Helper()
	ctx := h.t.Context()
	var c cases.Case
	for {
		var err error
		if c, err = h.desk.Open(ctx, w.Actor, cases.Opening{City: hangzhou, Service: id, Key: fmt.Sprint("key", h.clock.Now()), ClientIP: "127.0.0.9"}); err == nil {
			break
		}
		if !errors.Is(err, errCrash) {
			h.t.Fatal(err)
		}
	}
	paid := map[string]bool{}
	for range 60 {
		h.pump.Drain()
		s := h.show(w, c.No)
		if s.Case.State.Ended() {
			h.pump.Elapse(2 * time.Minute)
			return h.show(w, c.No)
		}
		var err error
		switch s.View.Kind {
		case service.ViewForm:
			_, err = h.desk.Answer(ctx, w, c.No, s.View.Step, first(s.View))
		case service.ViewChoose:
			_, err = h.desk.Answer(ctx, w, c.No, s.View.Step, map[string][]string{s.View.Name: {s.View.Items[0].Value}})
		case service.ViewBook:
			slot := s.View.Days[len(s.View.Days)-1].Slots[0].ID
			_, err = h.desk.Answer(ctx, w, c.No, s.View.Step, map[string][]string{s.View.Name: {slot}})
		case service.ViewCheck:
			_, err = h.desk.Answer(ctx, w, c.No, s.View.Step, nil)
		case service.ViewPay:
			if s.Order != nil && s.View.PayURL != "" && !paid[s.Order.No] {
				h.pays(s.Order.No)
				paid[s.Order.No] = true
				n := <-h.notices
				for {
					if _, err := h.payment.Settle(ctx, channelActor, n); err == nil {
						break
					} else if !errors.Is(err, errCrash) {
						h.t.Fatal(err)
					}
				}
				continue
			}
			h.pump.Elapse(5 * time.Second)
		default:
			h.pump.Elapse(5 * time.Second)
		}
		if err != nil && !errors.Is(err, errCrash) && !fault.Is(err, fault.KindConflict) {
			h.t.Fatal(err)
		}
	}
	h.t.Fatalf("case %s does not end: %s", c.No, h.show(w, c.No).Case.State)
	return cases.Shown{}
}

// Whatever write the process dies after, the case ends the same, and nothing is done twice.
func TestCrashAfterEveryCommit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		service string
		person  int
		plate   string
		ends    cases.State
	}{
		"fine":                {"traffic-fine-payment", 0, "", cases.Done},
		"fine, refused":       {"traffic-fine-payment", 1, "浙A12344", cases.Refused},
		"fine, answer lost":   {"traffic-fine-payment", 3, "浙A12346", cases.Done},
		"appointment":         {"hall-appointment", 5, "", cases.Done},
		"everything is twice": {"traffic-fine-payment", 0, "", cases.Done},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, testkit.Database(t))
			h.pump.Twice = name == "everything is twice"
			w := h.who(c.person)
			plate := c.plate
			if plate == "" && c.service == "traffic-fine-payment" {
				plate = h.world.Residents()[c.person].Vehicles[0].Plate
			}
			for n := 1; ; n++ {
				if c.service == "traffic-fine-payment" {
					_, err := h.office.Client.Call(t.Context(), "traffic", "violations.issue", fmt.Sprint("issue", n), map[string]any{"plate": plate, "count": 1})
					if err != nil {
						t.Fatal(err)
					}
				}
				kept := h.sums()
				h.crash.arm(n)
				s := h.stubborn(w, c.service, func(v service.View) map[string][]string { return map[string][]string{"plate": {plate}} })
				if s.Case.State != c.ends {
					t.Fatalf("crash after write %d: ended %s, want %s", n, s.Case.State, c.ends)
				}
				h.checkMoney(n, s, kept)
				died := h.crash.died()
				h.crash.arm(0)
				if !died {
					if n < 8 {
						t.Fatalf("only %d writes: the test does not see them", n)
					}
					break
				}
				if s.Reservation != nil { // one place a day and person
					if _, err := h.desk.Withdraw(t.Context(), w, s.Case.No); err != nil {
						t.Fatal(err)
					}
				}
				h.clock.Advance(25 * time.Hour)
				h.pump.Drain()
			}
			h.pump.Replay()
			before := len(h.pump.Log())
			h.pump.Drain()
			if after := len(h.pump.Log()); after != before {
				t.Errorf("delivering all again made %d new events", after-before)
			}
		})
	}
}

// checkMoney compares what the channel keeps with what the case says.
func (h *house) checkMoney(n int, s cases.Shown, before int64) {
	h.t.Helper()
	kept := h.sums() - before
	want := int64(0)
	if s.Order != nil && s.Order.State == payment.Paid {
		want = int64(s.Order.Amount)
	}
	if kept != want {
		h.t.Fatalf("crash after write %d: the channel keeps %d fen, the order says %d", n, kept, want)
	}
	names := h.pump.Names(s.Case.No)
	for _, name := range []string{"cases.paid", "cases.done", "cases.refused", "cases.refunded"} {
		if k := count(names, name); k > 1 {
			h.t.Fatalf("crash after write %d: %s came %d times", n, name, k)
		}
	}
	orders, err := h.payment.Of(h.t.Context(), payment.For{Kind: cases.Kind, No: s.Case.No})
	if err != nil {
		h.t.Fatal(err)
	}
	if slices.ContainsFunc(orders, func(o payment.Order) bool { return len(o.Extra) > 0 }) {
		h.t.Fatalf("crash after write %d: the case paid twice", n)
	}
}
