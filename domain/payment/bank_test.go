package payment_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/domain/payment"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/money"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
	"zhijian/testkit/pump"
)

// bank is the outside world: it holds real money and fails when told to.
type bank struct {
	clock clock.Clock

	mu      sync.Mutex
	orders  map[string]*account
	n       int
	silent  bool             // nobody answers and nothing is done
	deaf    int              // so many calls are done, but their answer is lost
	refuses error            // what Refund says instead
	dead    map[string]bool  // refunds that the channel closed
	rejects error            // what Order says instead
	stuck   map[string]error // what Close and Refund say of an order
	garbled map[string]bool  // days whose bill cannot be read
	pending int              // so many answers about a refund say "processing"
	calls   []string
}

type account struct {
	amount  money.Fen
	closed  bool
	paid    []payment.Notice
	refunds map[string]payment.Notice
}

func newBank(c clock.Clock) *bank { return &bank{clock: c, orders: map[string]*account{}} }

func away() error {
	return fault.Unavailable("channel.down", "支付通道没有回应，请稍后再试")
}

// begin notes a call; done is what to return when the answer is lost on the way.
func (b *bank) begin(call string) (err, lost error) {
	b.calls = append(b.calls, call)
	if b.silent {
		return away(), nil
	}
	if b.deaf > 0 {
		b.deaf--
		return nil, away()
	}
	return nil, nil
}

func (b *bank) Order(_ context.Context, o payment.ChannelOrder) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	err, lost := b.begin("order " + o.No)
	if err != nil {
		return "", err
	}
	if b.rejects != nil {
		return "", b.rejects
	}
	if b.orders[o.No] == nil {
		b.orders[o.No] = &account{amount: o.Amount, refunds: map[string]payment.Notice{}}
	}
	return "https://pay.example/" + o.No + "?back=" + o.ReturnTo, lost
}

func (b *bank) Query(_ context.Context, no string) (payment.Notice, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err, lost := b.begin("query " + no); err != nil || lost != nil {
		return payment.Notice{}, errors.Join(err, lost)
	}
	a := b.orders[no]
	switch {
	case a == nil:
		return payment.Notice{}, fault.NotFound("channel.order", "没有这笔订单")
	case len(a.paid) > 0:
		return a.paid[0], nil
	case a.closed:
		return payment.Notice{No: no, Outcome: payment.OutcomeClosed}, nil
	}
	return payment.Notice{No: no, Outcome: payment.OutcomeUnpaid}, nil
}

func (b *bank) Close(_ context.Context, no string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	err, lost := b.begin("close " + no)
	if err != nil {
		return err
	}
	if err := b.stuck[no]; err != nil {
		return err
	}
	a := b.orders[no]
	switch {
	case a == nil:
		return fault.NotFound("channel.order", "没有这笔订单")
	case len(a.paid) > 0:
		return fault.Conflict("payment.paid", "已经支付")
	}
	a.closed = true
	return lost
}

func (b *bank) Refund(_ context.Context, r payment.ChannelRefund) (payment.Notice, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	err, lost := b.begin("refund " + r.RefundNo)
	if err != nil {
		return payment.Notice{}, err
	}
	if b.refuses != nil {
		return payment.Notice{}, b.refuses
	}
	if err := b.stuck[r.No]; err != nil {
		return payment.Notice{}, err
	}
	if b.dead[r.RefundNo] {
		return payment.Notice{No: r.No, RefundNo: r.RefundNo, Outcome: payment.OutcomeAbnormal, Amount: r.Amount, Currency: "CNY"}, nil
	}
	a := b.orders[r.No]
	n, ok := a.refunds[r.RefundNo]
	if !ok {
		n = payment.Notice{No: r.No, RefundNo: r.RefundNo, Outcome: payment.OutcomeRefunded, Amount: r.Amount, Currency: "CNY", At: b.clock.Now()}
		a.refunds[r.RefundNo] = n
	}
	if b.pending > 0 {
		b.pending--
		n.Outcome = payment.OutcomeRefunding
	}
	return n, lost
}

func (b *bank) QueryRefund(_ context.Context, refundNo string) (payment.Notice, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err, lost := b.begin("query-refund " + refundNo); err != nil || lost != nil {
		return payment.Notice{}, errors.Join(err, lost)
	}
	if b.dead[refundNo] {
		return payment.Notice{RefundNo: refundNo, Outcome: payment.OutcomeAbnormal, Currency: "CNY"}, nil
	}
	for _, a := range b.orders {
		if n, ok := a.refunds[refundNo]; ok {
			if b.pending > 0 {
				b.pending--
				n.Outcome = payment.OutcomeRefunding
			}
			return n, nil
		}
	}
	return payment.Notice{}, fault.NotFound("channel.refund", "没有这笔退款")
}

func (b *bank) Bill(_ context.Context, day time.Time) ([]payment.BillLine, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err, lost := b.begin("bill " + day.Format(time.DateOnly)); err != nil || lost != nil {
		return nil, errors.Join(err, lost)
	}
	if b.garbled[day.Format(time.DateOnly)] {
		return nil, errors.New("not a bill")
	}
	on := func(at time.Time) bool {
		return at.In(clock.Shanghai).Format(time.DateOnly) == day.Format(time.DateOnly)
	}
	var list []payment.BillLine
	for no, a := range b.orders {
		for _, n := range a.paid {
			if on(n.At) {
				list = append(list, payment.BillLine{At: n.At, No: no, Transaction: n.Transaction, Amount: n.Amount})
			}
		}
		for _, n := range a.refunds {
			if on(n.At) {
				list = append(list, payment.BillLine{At: n.At, No: no, RefundNo: n.RefundNo, Amount: n.Amount, Refund: true})
			}
		}
	}
	return list, nil
}

// pay takes the resident's money and gives the notice about it. Paying twice is a second transaction.
func (b *bank) pay(t testing.TB, no string) payment.Notice {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.orders[no]
	if a == nil {
		t.Fatalf("pay %s: the channel never heard of it", no)
	}
	b.n++
	n := payment.Notice{
		ID: fmt.Sprintf("EV-%d", b.n), No: no, Transaction: fmt.Sprintf("4200%024d", b.n),
		Outcome: payment.OutcomePaid, Amount: a.amount, Currency: "CNY", At: b.clock.Now(),
	}
	a.paid = append(a.paid, n)
	return n
}

// kept is what the channel holds for an order: paid less returned.
func (b *bank) kept(no string) (sum money.Fen) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range b.orders[no].paid {
		sum += n.Amount
	}
	for _, n := range b.orders[no].refunds {
		sum -= n.Amount
	}
	return sum
}

func (b *bank) count(prefix string) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.calls {
		if strings.HasPrefix(c, prefix) {
			n++
		}
	}
	return n
}

// house is one payment room with all around it.
type house struct {
	t     testing.TB
	db    *sqldb.DB
	clock *clock.Fixed
	bank  *bank
	store store.Payments
	desk  *payment.Desk
	pump  *pump.Pump
}

func newHouse(t testing.TB, db *sqldb.DB) *house {
	t.Helper()
	h := &house{t: t, db: db, clock: testkit.Clock()}
	h.bank, h.store = newBank(h.clock), store.Payments{DB: db}
	desk, err := payment.New(payment.Config{
		Store: h.store, Books: h.store, Channel: h.bank, Clock: h.clock, IDs: &uid.Maker{Clock: h.clock}, Origin: "https://city.example",
	})
	if err != nil {
		t.Fatal(err)
	}
	h.desk = desk
	var handlers []pump.Handler
	for _, x := range desk.Handlers() {
		handlers = append(handlers, pump.Handler(x))
	}
	h.pump = pump.New(t, db, h.clock, handlers...)
	return h
}

func both(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) { fn(t, newHouse(t, db)) })
}

var resident = actor.Actor{Kind: actor.Resident, ID: 42, Level: 4}

func ask(n int) payment.Ask {
	return payment.Ask{
		For: payment.For{Kind: "cases", No: fmt.Sprintf("CASE%d", n)}, Step: "pay", Attempt: 1, Resident: 42, Account: 7,
		Region: "330100", Sector: "traffic", Service: "traffic-fine-payment", Amount: 15000, Payee: "杭州市财政局", About: "交通违法罚款",
		ReturnTo: "/cases/X/steps/pay",
	}
}

func (h *house) order(n int) payment.Order {
	h.t.Helper()
	o, err := h.desk.Order(h.t.Context(), resident, ask(n))
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

func (h *house) settle(n payment.Notice) payment.Order {
	h.t.Helper()
	o, err := h.desk.Settle(h.t.Context(), actor.Actor{Kind: actor.Channel}, n)
	if err != nil {
		h.t.Fatalf("Settle(%+v) = %v", n, err)
	}
	return o
}

func (h *house) find(no string) payment.Order {
	h.t.Helper()
	o, err := h.store.Order(h.t.Context(), no)
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

// ledger gives all postings and checks that they balance.
func (h *house) ledger() []payment.Posting {
	h.t.Helper()
	list, err := h.store.Ledger(h.t.Context(), time.Unix(0, 0), h.clock.Now().Add(time.Hour))
	if err != nil {
		h.t.Fatal(err)
	}
	var sum money.Fen
	for _, v := range payment.Balance(list) {
		sum += v
	}
	if sum != 0 {
		h.t.Fatalf("the ledger sums to %d, want 0", sum)
	}
	return list
}
