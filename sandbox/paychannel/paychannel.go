// Package paychannel imitates WeChat Pay's API v3 for one merchant, over real HTTP.
//
// It promises the shapes, signatures, errors and repeats of the real channel: every request must
// be signed by the merchant and every answer is signed by the channel; notices are sealed, signed,
// and repeated under one id until the merchant takes them. Numbers make everything idempotent. Money moves
// only when a person (or a test in a person's place) pays at the cashier, and the bill lists
// exactly what moved. Notices go to loopback addresses and nowhere else.
package paychannel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/sandbox/journal"
	"zhijian/sandbox/pages"
)

// Config says how the channel runs.
type Config struct {
	Clock clock.Clock  // required
	Log   *slog.Logger // nil discards
	// BaseURL is where this channel is reached, for the addresses it hands out. Required.
	BaseURL string
	// Dir keeps the keys between runs; empty makes them anew.
	Dir string
	// Journal is the file that keeps orders, refunds and waiting notices between runs; one
	// channel at a time may use it. Empty keeps nothing.
	Journal string
	// NotifyOrigin limits notices to one loopback origin; empty allows every loopback origin.
	NotifyOrigin string
	// RetryScale stretches the retry schedule; 0 means 1.
	RetryScale float64
}

// Channel is the running payment channel. Safe for concurrent use.
type Channel struct {
	cfg  Config
	keys *keys
	file *journal.File
	mux  http.Handler
	post *courier

	mu        sync.Mutex
	nonces    map[string]time.Time // seen in the last ten minutes
	orders    map[string]*order    // by out_trade_no
	prepays   map[string]*order
	refunds   map[string]*refund // by out_refund_no
	flaky     map[string]bool    // refunds that failed once on purpose
	sequence  int64
	switches  Switches
	downloads map[string][]byte // bill files by token
	listed    []*order          // in the order they came
	twins     map[string]*order // second transactions, by out_trade_no
}

// Switches make the channel misbehave in the ways a real one does.
type Switches struct {
	Duplicates int  `json:"duplicates"` // how many times more each notice is sent
	Reorder    bool `json:"reorder"`    // a notice waits until the next one has gone out
	DropFirst  bool `json:"drop_first"` // the first sending of each notice is lost
	Signtest   bool `json:"signtest"`   // a probe with a false signature goes before each notice
	// Refunds is how refunds asked for from now on end: "" well, "abnormal" or "closed".
	Refunds string `json:"refunds"`
	// Creating has every bill said to be still in the making.
	Creating bool `json:"statement_creating"`
}

// New makes a channel with its keys; without a Dir the RSA keys are made in the background.
// The channel outlives ctx, from which it takes only values; Close ends it.
func New(ctx context.Context, cfg Config) (_ *Channel, err error) {
	defer fault.Wrap(&err, "payment channel")
	if cfg.Clock == nil || cfg.BaseURL == "" {
		return nil, errors.New("clock and base URL are required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.RetryScale == 0 {
		cfg.RetryScale = 1
	}
	if cfg.NotifyOrigin != "" {
		u, err := url.Parse(cfg.NotifyOrigin)
		if err != nil || !loopback(u.Hostname()) {
			return nil, fmt.Errorf("notify origin %q is not on loopback", cfg.NotifyOrigin)
		}
	}
	k, err := loadKeys(cfg.Dir, cfg.Clock.Now())
	if err != nil {
		return nil, err
	}
	c := &Channel{
		cfg: cfg, keys: k, nonces: map[string]time.Time{}, orders: map[string]*order{}, prepays: map[string]*order{},
		refunds: map[string]*refund{}, flaky: map[string]bool{}, downloads: map[string][]byte{}, twins: map[string]*order{},
	}
	c.post = newCourier(context.WithoutCancel(ctx), c)
	c.mux = c.routes()
	waiting, err := c.recall()
	if err != nil {
		return nil, errors.Join(err, c.file.Close())
	}
	c.post.resume(waiting)
	return c, nil
}

func (c *Channel) routes() http.Handler {
	mux := http.NewServeMux()
	signed := func(pattern string, h apiHandler) { mux.HandleFunc(pattern, c.authenticated(h)) }
	signed("POST /v3/pay/transactions/{kind}", c.prepay)
	signed("GET /v3/pay/transactions/id/{id}", c.queryByID)
	signed("GET /v3/pay/transactions/out-trade-no/{no}", c.query)
	signed("POST /v3/pay/transactions/out-trade-no/{no}/close", c.close)
	signed("POST /v3/refund/domestic/refunds", c.refund)
	signed("GET /v3/refund/domestic/refunds/{no}", c.queryRefund)
	signed("GET /v3/certificates", c.certificates)
	signed("GET /v3/bill/tradebill", c.tradeBill)
	signed("GET /v3/bill/fundflowbill", c.fundBill)
	mux.HandleFunc("GET /v3/billdownload/file", c.authenticatedFile)
	mux.HandleFunc("GET /cashier", c.cashier)
	mux.HandleFunc("POST /cashier", c.cashierPost)
	mux.HandleFunc("GET /sandbox.css", pages.CSS)
	mux.HandleFunc("GET /{$}", c.page)
	mux.HandleFunc("POST /sandbox/pay", c.programPay)
	mux.HandleFunc("POST /sandbox/jsapi", c.programJSAPI)
	mux.HandleFunc("POST /sandbox/switch", c.programSwitch)
	mux.HandleFunc("GET /sandbox/orders", c.programOrders)
	mux.HandleFunc("GET /sandbox/sums", c.programSums)
	return http.NewCrossOriginProtection().Handler(mux)
}

// ServeHTTP answers the API, the cashier and the pages.
func (c *Channel) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.mux.ServeHTTP(w, r) }

// Merchant gives the merchant's credentials. It waits for the keys to be made.
func (c *Channel) Merchant() Merchant { return c.keys.merchantSide() }

// Rotate makes a new platform key that signs from now on; the old one stays in the list of
// certificates and signs for clients that name it.
func (c *Channel) Rotate() error {
	return c.keys.rotate(c.cfg.Clock.Now())
}

// Switch replaces the switches.
func (c *Channel) Switch(s Switches) {
	c.mu.Lock()
	c.switches = s
	c.mu.Unlock()
}

// Hush stops the notices; those under way are cut. What was not taken waits in the journal.
func (c *Channel) Hush() { c.post.close() }

// Close stops the notices and closes the journal.
func (c *Channel) Close() error {
	c.post.close()
	return c.file.Close()
}

// next gives the next number of the day; c.mu is held.
func (c *Channel) next() int64 {
	c.sequence++
	return c.sequence
}
