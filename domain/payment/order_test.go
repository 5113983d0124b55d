package payment_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/payment"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/money"
)

func TestNew(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]payment.Config{
		"nothing":   {},
		"no origin": {Clock: nil},
	} {
		if _, err := payment.New(c); err == nil {
			t.Errorf("%s: New gave no error", name)
		}
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	want := map[payment.State][]payment.State{
		payment.Ordered:   {payment.Paid, payment.Closed},
		payment.Closed:    {payment.Paid},
		payment.Paid:      {payment.Refunding},
		payment.Refunding: {payment.Refunded},
		payment.Refunded:  nil,
	}
	for _, from := range payment.States() {
		for _, to := range payment.States() {
			if got := from.CanMove(to); got != slices.Contains(want[from], to) {
				t.Errorf("%s.CanMove(%s) = %v", from, to, got)
			}
			if from.CanMove(to) != (from.Move(to) == "payment."+string(to)) {
				t.Errorf("%s.Move(%s) = %q", from, to, from.Move(to))
			}
		}
	}
	for _, x := range []payment.ExtraState{payment.Disputed, payment.Owed, payment.Returned} {
		if got, want := x.CanMove(payment.Returned), x != payment.Returned; got != want {
			t.Errorf("%s.CanMove(returned) = %v, want %v", x, got, want)
		}
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, b := range payment.Events() {
		name := b.EventName()
		if seen[name] || !strings.HasPrefix(name, "payment.") {
			t.Errorf("event name %q is used twice or is not the room's", name)
		}
		seen[name] = true
	}
	for _, from := range payment.States() {
		for _, to := range payment.States() {
			if name := from.Move(to); name != "" && !seen[name] {
				t.Errorf("move %s to %s gives %s, which Events does not list", from, to, name)
			}
		}
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		o := h.order(1)
		if o.State != payment.Ordered || o.URL != "https://pay.example/"+o.No+"?back=https://city.example/cases/X/steps/pay" {
			t.Errorf("Order = %s %q", o.State, o.URL)
		}
		if !o.Expires.Equal(h.clock.Now().Add(15 * time.Minute)) {
			t.Errorf("Expires = %s", o.Expires)
		}
		again := h.order(1)
		if diff := cmp.Diff(o, again); diff != "" {
			t.Errorf("the same order again differs (-first +second):\n%s", diff)
		}
		if n := h.bank.count("order"); n != 1 {
			t.Errorf("the channel was told %d times, want once", n)
		}
		if diff := cmp.Diff(o, h.find(o.No)); diff != "" {
			t.Errorf("kept order differs:\n%s", diff)
		}
		other := ask(1)
		other.Amount++
		if _, err := h.desk.Order(t.Context(), resident, other); !fault.Is(err, fault.KindConflict) {
			t.Errorf("another amount under the same key: %v, want a conflict", err)
		}
		next := ask(1)
		next.Attempt = 2
		second, err := h.desk.Order(t.Context(), actor.House, next)
		if err != nil || second.No == o.No {
			t.Errorf("a new attempt = %s, %v", second.No, err)
		}
		list, err := h.desk.Of(t.Context(), o.For)
		if err != nil || len(list) != 2 || list[0].No != o.No {
			t.Errorf("Of = %d orders, %v", len(list), err)
		}
		if diff := cmp.Diff([]string{"payment.ordered"}, h.pump.Names(o.No)); diff != "" {
			t.Errorf("events differ:\n%s", diff)
		}
	})
}

func TestOrderWhenTheChannelIsSilent(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		h.bank.silent = true
		o, err := h.desk.Order(t.Context(), resident, ask(1))
		if !fault.Is(err, fault.KindUnavailable) {
			t.Fatalf("Order = %v, want unavailable", err)
		}
		if kept := h.find(o.No); kept.State != payment.Ordered || kept.URL != "" {
			t.Errorf("kept = %s %q", kept.State, kept.URL)
		}
		h.bank.silent, h.bank.deaf = false, 1
		if _, err := h.desk.Order(t.Context(), resident, ask(1)); !fault.Is(err, fault.KindUnavailable) {
			t.Fatalf("lost answer: %v, want unavailable", err)
		}
		if again := h.order(1); again.No != o.No || again.URL == "" {
			t.Errorf("Order again = %s %q, want %s with a page", again.No, again.URL, o.No)
		}
	})
}

func TestOrderRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t, newSQLite(t))
	tests := map[string]struct {
		a    actor.Actor
		edit func(*payment.Ask)
		kind fault.Kind
	}{
		"nothing to pay":        {resident, func(k *payment.Ask) { k.Amount = 0 }, fault.KindInvalid},
		"negative":              {resident, func(k *payment.Ask) { k.Amount = -15000 }, fault.KindInvalid},
		"absurd":                {resident, func(k *payment.Ask) { k.Amount = money.Max + 1 }, fault.KindInvalid},
		"overflow":              {resident, func(k *payment.Ask) { k.Amount = 9223372036854775807 }, fault.KindInvalid},
		"no thing":              {resident, func(k *payment.Ask) { k.For.No = "" }, fault.KindInvalid},
		"no attempt":            {resident, func(k *payment.Ask) { k.Attempt = 0 }, fault.KindInvalid},
		"no words":              {resident, func(k *payment.Ask) { k.About = "" }, fault.KindInvalid},
		"too many words":        {resident, func(k *payment.Ask) { k.About = strings.Repeat("罚", 43) }, fault.KindInvalid},
		"return elsewhere":      {resident, func(k *payment.Ask) { k.ReturnTo = "https://evil.example/" }, fault.KindInvalid},
		"return by two slashes": {resident, func(k *payment.Ask) { k.ReturnTo = "//evil.example/" }, fault.KindInvalid},
		"return by backslash":   {resident, func(k *payment.Ask) { k.ReturnTo = "/\\evil.example/" }, fault.KindInvalid},
		"another resident":      {actor.Actor{Kind: actor.Resident, ID: 43}, func(*payment.Ask) {}, fault.KindDenied},
		"visitor":               {actor.Actor{}, func(*payment.Ask) {}, fault.KindDenied},
		"staff":                 {actor.Actor{Kind: actor.Staff, ID: 1, Department: 1}, func(*payment.Ask) {}, fault.KindDenied},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			k := ask(1)
			c.edit(&k)
			if _, err := h.desk.Order(t.Context(), c.a, k); !fault.Is(err, c.kind) {
				t.Errorf("Order = %v, want %s", err, c.kind)
			}
		})
	}
	if n := h.bank.count(""); n != 0 {
		t.Errorf("the channel heard of %d of them", n)
	}
}

// Whoever is not the owner learns nothing, not even that the order exists.
func TestForeignOrders(t *testing.T) {
	t.Parallel()
	h := newHouse(t, newSQLite(t))
	o := h.order(1)
	ctx := t.Context()
	calls := map[string]func(a actor.Actor, no string) error{
		"Find":   func(a actor.Actor, no string) error { _, err := h.desk.Find(ctx, a, no); return err },
		"Check":  func(a actor.Actor, no string) error { _, err := h.desk.Check(ctx, a, no); return err },
		"Cancel": func(a actor.Actor, no string) error { _, err := h.desk.Cancel(ctx, a, no); return err },
	}
	for name, call := range calls {
		for who, a := range map[string]actor.Actor{
			"other":   {Kind: actor.Resident, ID: 43, Level: 4},
			"visitor": {},
			"channel": {Kind: actor.Channel},
		} {
			foreign, absent := fault.Of(call(a, o.No)), fault.Of(call(a, "00000000000000000"))
			if foreign == nil || absent == nil || foreign.Kind != fault.KindNotFound || foreign.Code != absent.Code || foreign.Public != absent.Public {
				t.Errorf("%s by %s: foreign %v, absent %v: want the same not found", name, who, foreign, absent)
			}
		}
	}
	for who, a := range map[string]actor.Actor{"owner": resident, "house": actor.House, "staff": {Kind: actor.Staff, ID: 1}, "operator": {Kind: actor.Operator, ID: 1}} {
		if _, err := h.desk.Find(ctx, a, o.No); err != nil {
			t.Errorf("Find by %s: %v", who, err)
		}
	}
	for who, a := range map[string]actor.Actor{"owner": resident, "visitor": {}, "staff": {Kind: actor.Staff, ID: 1}} {
		if _, err := h.desk.Settle(ctx, a, payment.Notice{No: o.No, Outcome: payment.OutcomePaid, Amount: o.Amount, Currency: "CNY", Transaction: "x"}); !fault.Is(err, fault.KindDenied) {
			t.Errorf("Settle by %s: %v, want denied", who, err)
		}
		if _, err := h.desk.Refund(ctx, a, o.No, "x"); !fault.Is(err, fault.KindDenied) {
			t.Errorf("Refund by %s: %v, want denied", who, err)
		}
		if _, err := h.desk.Reconcile(ctx, a, h.clock.Now()); !fault.Is(err, fault.KindDenied) {
			t.Errorf("Reconcile by %s: %v, want denied", who, err)
		}
	}
	if got := h.find(o.No).State; got != payment.Ordered {
		t.Errorf("state = %s", got)
	}
}

// An order that the channel will not take ends at once, and the next attempt is a new one.
func TestOrderTheChannelRefuses(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		for i, refusal := range []error{
			fault.Denied("payment.channel", "没有受理"), fault.Conflict("payment.number", "号码用过"), fault.Conflict("payment.account", "账户异常"),
		} {
			h.bank.rejects = refusal
			o, err := h.desk.Order(t.Context(), actor.House, ask(i))
			if err != nil || o.State != payment.Closed || o.Reason != "refused" {
				t.Fatalf("%v: Order = %s %s, %v; want closed", refusal, o.State, o.Reason, err)
			}
			if again, err := h.desk.Order(t.Context(), actor.House, ask(i)); err != nil || again.State != payment.Closed {
				t.Errorf("%v: Order again = %s, %v", refusal, again.State, err)
			}
			h.bank.rejects = nil
			next := ask(i)
			next.Attempt = 2
			if o, err := h.desk.Order(t.Context(), actor.House, next); err != nil || o.URL == "" {
				t.Errorf("%v: the next attempt = %+v, %v", refusal, o, err)
			}
			// A channel that refuses even to close says nothing else.
			h.bank.rejects = refusal
			last := ask(i)
			last.Attempt = 3
			h.bank.deaf = 1
			o, _ = h.desk.Order(t.Context(), actor.House, last)
			h.bank.stuck = map[string]error{o.No: fault.Denied("payment.channel", "没有受理")}
			if o, err := h.desk.Order(t.Context(), actor.House, last); err != nil || o.State != payment.Closed {
				t.Errorf("%v: refused to close too: %s, %v", refusal, o.State, err)
			}
			h.bank.stuck, h.bank.rejects = nil, nil
		}
		h.pump.Elapse(time.Hour)
	})
}

// The channel's page opens for five minutes and the order lives for fifteen: an old page is asked for anew, the order stays.
func TestPage(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		o := h.order(1)
		page := func(want int) payment.Order {
			t.Helper()
			got, err := h.desk.Page(t.Context(), resident, o.No, "127.0.0.9")
			if err != nil || got.No != o.No || got.URL != o.URL {
				t.Fatalf("Page = %+v, %v", got, err)
			}
			if n := h.bank.count("order"); n != want {
				t.Errorf("%s after ordering the channel was asked %d times, want %d", h.clock.Now().Sub(o.Created), n, want)
			}
			return got
		}
		h.clock.Advance(3 * time.Minute)
		page(1)
		h.clock.Advance(3 * time.Minute)
		page(2)
		page(2)
		h.clock.Advance(5 * time.Minute)
		page(3)
		h.clock.Advance(4 * time.Minute)
		if got := page(3); got.State != payment.Ordered {
			t.Errorf("at its end the order is %s", got.State)
		}
		if _, err := h.desk.Page(t.Context(), actor.Actor{Kind: actor.Resident, ID: 43, Level: 4}, o.No, ""); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("Page for another resident = %v", err)
		}

		paid := h.order(2)
		h.bank.pay(t, paid.No)
		h.clock.Advance(6 * time.Minute)
		h.bank.rejects = fault.Conflict("payment.paid", "已经支付")
		if got, err := h.desk.Page(t.Context(), resident, paid.No, ""); err != nil || got.State != payment.Paid {
			t.Errorf("Page of an order that was paid without a word = %s, %v", got.State, err)
		}
	})
}
