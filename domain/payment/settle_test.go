package payment_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"zhijian/domain/payment"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/money"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func newSQLite(t testing.TB) *sqldb.DB { t.Helper(); return testkit.Database(t) }

func TestSettle(t *testing.T) {
	t.Parallel()
	const price = 15000
	paid := func(transaction string, amount money.Fen, currency string) payment.Notice {
		return payment.Notice{Transaction: transaction, Outcome: payment.OutcomePaid, Amount: amount, Currency: currency}
	}
	closed := payment.Notice{Outcome: payment.OutcomeClosed}
	tests := map[string]struct {
		notices []payment.Notice
		state   payment.State
		extra   []payment.ExtraState
		events  []string
		held    money.Fen // what the channel account of the ledger holds
	}{
		"paid":              {[]payment.Notice{paid("T1", price, "CNY")}, payment.Paid, nil, []string{"payment.ordered", "payment.paid"}, price},
		"paid, told thrice": {[]payment.Notice{paid("T1", price, "CNY"), paid("T1", price, "CNY"), paid("T1", price, "CNY")}, payment.Paid, nil, []string{"payment.ordered", "payment.paid"}, price},
		"declined":          {[]payment.Notice{{Outcome: payment.OutcomeDeclined}}, payment.Ordered, nil, []string{"payment.ordered"}, 0},
		"not paid":          {[]payment.Notice{{Outcome: payment.OutcomeUnpaid}}, payment.Ordered, nil, []string{"payment.ordered"}, 0},
		"closed":            {[]payment.Notice{closed, closed}, payment.Closed, nil, []string{"payment.ordered", "payment.closed"}, 0},
		"closed, then paid": {[]payment.Notice{closed, paid("T1", price, "CNY")}, payment.Paid, nil, []string{"payment.ordered", "payment.closed", "payment.paid"}, price},
		"paid, then closed": {[]payment.Notice{paid("T1", price, "CNY"), closed}, payment.Paid, nil, []string{"payment.ordered", "payment.paid"}, price},
		"a fen too little":  {[]payment.Notice{paid("T1", price-1, "CNY"), paid("T1", price-1, "CNY")}, payment.Ordered, []payment.ExtraState{payment.Disputed}, []string{"payment.ordered", "payment.mismatch"}, 0},
		"a fen too much":    {[]payment.Notice{paid("T1", price+1, "CNY")}, payment.Ordered, []payment.ExtraState{payment.Disputed}, []string{"payment.ordered", "payment.mismatch"}, 0},
		"nothing":           {[]payment.Notice{paid("T1", 0, "CNY")}, payment.Ordered, []payment.ExtraState{payment.Disputed}, []string{"payment.ordered", "payment.mismatch"}, 0},
		"other money":       {[]payment.Notice{paid("T1", price, "USD")}, payment.Ordered, []payment.ExtraState{payment.Disputed}, []string{"payment.ordered", "payment.mismatch"}, 0},
		"no money named":    {[]payment.Notice{paid("T1", price, "")}, payment.Ordered, []payment.ExtraState{payment.Disputed}, []string{"payment.ordered", "payment.mismatch"}, 0},
		"wrong, then right": {[]payment.Notice{paid("T1", 1, "CNY"), paid("T2", price, "CNY")}, payment.Paid, []payment.ExtraState{payment.Disputed}, []string{"payment.ordered", "payment.mismatch", "payment.paid"}, price},
		"right, then wrong": {[]payment.Notice{paid("T1", price, "CNY"), paid("T1", 1, "CNY")}, payment.Paid, []payment.ExtraState{payment.Disputed}, []string{"payment.ordered", "payment.paid", "payment.mismatch"}, price},
		"paid twice":        {[]payment.Notice{paid("T1", price, "CNY"), paid("T2", price, "CNY"), paid("T2", price, "CNY")}, payment.Paid, []payment.ExtraState{payment.Owed}, []string{"payment.ordered", "payment.paid", "payment.surplus"}, 2 * price},
		"foreign refund":    {[]payment.Notice{paid("T1", price, "CNY"), {RefundNo: "other", Outcome: payment.OutcomeRefunded, Amount: price}}, payment.Paid, nil, []string{"payment.ordered", "payment.paid"}, price},
		"refund of nothing": {[]payment.Notice{{RefundNo: "other", Outcome: payment.OutcomeRefunded, Amount: price}}, payment.Ordered, nil, []string{"payment.ordered"}, 0},
	}
	both(t, func(t *testing.T, h *house) {
		n := 0
		for name, c := range tests {
			n++
			o := h.order(n)
			before := payment.Balance(h.ledger())[payment.BookChannel]
			for _, x := range c.notices {
				x.No = o.No
				if x.Transaction != "" {
					x.Transaction += fmt.Sprint("-", n)
				}
				o = h.settle(x)
			}
			if o.State != c.state {
				t.Errorf("%s: state %s, want %s", name, o.State, c.state)
			}
			var extra []payment.ExtraState
			for _, x := range h.find(o.No).Extra {
				extra = append(extra, x.State)
			}
			if diff := cmp.Diff(c.extra, extra); diff != "" {
				t.Errorf("%s: extra transactions differ:\n%s", name, diff)
			}
			if diff := cmp.Diff(c.events, h.pump.Names(o.No)); diff != "" {
				t.Errorf("%s: events differ:\n%s", name, diff)
			}
			if got := payment.Balance(h.ledger())[payment.BookChannel] - before; got != c.held {
				t.Errorf("%s: the channel holds %d, want %d", name, got, c.held)
			}
		}
	})
}

func TestSettleRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t, newSQLite(t))
	a, b := h.order(1), h.order(2)
	channel := actor.Actor{Kind: actor.Channel}
	h.settle(payment.Notice{No: a.No, Outcome: payment.OutcomePaid, Transaction: "T1", Amount: 15000, Currency: "CNY"})
	tests := map[string]struct {
		n    payment.Notice
		kind fault.Kind
	}{
		"an order nobody made":              {payment.Notice{No: "X", Outcome: payment.OutcomePaid, Transaction: "T9", Amount: 1, Currency: "CNY"}, fault.KindNotFound},
		"a payment without its number":      {payment.Notice{No: b.No, Outcome: payment.OutcomePaid, Amount: 15000, Currency: "CNY"}, fault.KindInvalid},
		"one transaction for two orders":    {payment.Notice{No: b.No, Outcome: payment.OutcomePaid, Transaction: "T1", Amount: 15000, Currency: "CNY"}, fault.KindConflict},
		"one transaction as surplus, again": {payment.Notice{No: b.No, Outcome: payment.OutcomePaid, Transaction: "T1", Amount: 15000, Currency: "CNY"}, fault.KindConflict},
	}
	for name, c := range tests {
		if _, err := h.desk.Settle(t.Context(), channel, c.n); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v, want %s", name, err, c.kind)
		}
	}
	if got := h.find(b.No).State; got != payment.Ordered {
		t.Errorf("state = %s", got)
	}
}

// Any order and any number of repetitions of the same notices ends with the same money, and money is conserved.
func TestSettleInAnyOrder(t *testing.T) {
	t.Parallel()
	h := newHouse(t, newSQLite(t))
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		price := money.Fen(15000)
		var facts []payment.Notice
		for i := range rapid.IntRange(0, 3).Draw(rt, "payments") {
			facts = append(facts, payment.Notice{Transaction: fmt.Sprintf("T%d", i), Outcome: payment.OutcomePaid, Amount: price, Currency: "CNY"})
		}
		if rapid.Bool().Draw(rt, "wrong") {
			facts = append(facts, payment.Notice{Transaction: "T0", Outcome: payment.OutcomePaid, Amount: price - 1, Currency: "CNY"})
		}
		if rapid.Bool().Draw(rt, "closed") {
			facts = append(facts, payment.Notice{Outcome: payment.OutcomeClosed})
		}
		if len(facts) == 0 {
			return
		}
		drawn := rapid.SliceOfN(rapid.IntRange(0, len(facts)-1), 0, 8).Draw(rt, "repeated")
		for i := range facts {
			drawn = append(drawn, i)
		}
		drawn = rapid.Permutation(drawn).Draw(rt, "order")

		end := func(tag string, list []int) (payment.State, map[payment.ExtraState]int, map[string]money.Fen) {
			n++
			o := h.order(n)
			for _, i := range list {
				x := facts[i]
				x.No = o.No
				if x.Transaction != "" {
					x.Transaction += tag + o.No
				}
				o = h.settle(x)
			}
			extra := map[payment.ExtraState]int{}
			for _, x := range o.Extra {
				extra[x.State]++
			}
			return o.State, extra, payment.Balance(payment.Postings(payment.Order{}, o))
		}
		straight := make([]int, len(facts))
		for i := range facts {
			straight[i] = i
		}
		s1, e1, b1 := end("a", straight)
		s2, e2, b2 := end("b", drawn)
		if s1 != s2 || !cmp.Equal(e1, e2) || !cmp.Equal(b1, b2) {
			rt.Fatalf("in order: %s %v %v; as drawn: %s %v %v", s1, e1, b1, s2, e2, b2)
		}
	})
	h.ledger()
}

// Everybody at once: one payment, one refund, the surplus back once.
func TestCrowd(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		o := h.order(1)
		first, second := h.bank.pay(t, o.No), h.bank.pay(t, o.No)
		var wg sync.WaitGroup
		for i := range 24 {
			wg.Go(func() {
				n := first
				if i%2 == 1 {
					n = second
				}
				if _, err := h.desk.Settle(t.Context(), actor.Actor{Kind: actor.Channel}, n); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for range 24 {
			wg.Go(func() {
				if _, err := h.desk.Refund(t.Context(), actor.House, o.No, "refused"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for range 8 {
			wg.Go(func() {
				for _, e := range h.pump.Log() {
					if e.Name == "payment.refunding" || e.Name == "payment.surplus" {
						if err := h.desk.OnRefunding(t.Context(), e); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		got := h.find(o.No)
		if got.State != payment.Refunded || len(got.Extra) != 1 || got.Extra[0].State != payment.Returned {
			t.Errorf("order = %s with extra %+v", got.State, got.Extra)
		}
		if kept := h.bank.kept(o.No); kept != 0 {
			t.Errorf("the channel keeps %d, want 0", kept)
		}
		want := map[string]int{"payment.ordered": 1, "payment.paid": 1, "payment.surplus": 1, "payment.surplus_returned": 1, "payment.refunding": 1, "payment.refunded": 1}
		names := map[string]int{}
		for _, name := range h.pump.Names(o.No) {
			names[name]++
		}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("events differ:\n%s", diff)
		}
		if list := h.ledger(); len(list) != 4 {
			t.Errorf("%d postings, want 4: %+v", len(list), list)
		}
	})
}

// The database itself refuses what the rules never do.
func TestChecksInTheDatabase(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		o := h.order(1)
		for name, statement := range map[string]string{
			"an order about nothing":      `update payment_order set amount = 0`,
			"paid without a transaction":  `update payment_order set state = 'paid'`,
			"a state of no name":          `update payment_order set state = 'odd'`,
			"a posting about nothing":     `insert into payment_posting (kind, ref, order_no, debit, credit, amount, at) values ('paid', 'r', '` + o.No + `', 'channel', 'payee', 0, 1)`,
			"a posting to itself":         `insert into payment_posting (kind, ref, order_no, debit, credit, amount, at) values ('paid', 'r', '` + o.No + `', 'payee', 'payee', 1, 1)`,
			"a posting of no order":       `insert into payment_posting (kind, ref, order_no, debit, credit, amount, at) values ('paid', 'r', 'none', 'channel', 'payee', 1, 1)`,
			"refunded without its moment": `update payment_order set state = 'refunded', trade = 'x'`,
		} {
			err := h.db.Write(t.Context(), func(tx *sqldb.Tx) error { _, err := tx.Exec(statement); return err })
			if err == nil {
				t.Errorf("%s was accepted", name)
			}
		}
	})
}
