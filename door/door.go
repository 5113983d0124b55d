// Package door is what every HTTP door of the house shares: routes as data, sessions, forged-request guards,
// limits, the mapping of faults to answers, a cache of rendered public pages, and the server's time-outs.
//
// A door gives Mount its routes; each says who may use it (Access has no zero value), what it takes and how much.
// Before a handler runs, the host is known, the client is within its rate, the body is within its bounds and parsed,
// the session is looked up (one read), the form's token is checked and the access granted. A handler returns an error
// or has answered; one mapper turns the error's fault kind into a status and a page. Nothing is logged with a query
// string or with what was typed. All of it may be used from any goroutine.
package door

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
	"github.com/prometheus/client_golang/prometheus"

	"zhijian/domain/identity"
	"zhijian/domain/staff"
	"zhijian/ground/clock"
)

// Residents finds the session and resident of a token; identity.Desk does. fault.Denied means there is none.
type Residents interface {
	Who(ctx context.Context, token string) (identity.Session, identity.Resident, error)
}

// Members finds the session and person of a staff token; staff.Desk does. fault.Denied means there is none.
type Members interface {
	Who(ctx context.Context, token string) (staff.Session, staff.Member, error)
}

// Config is what the doors share. Origin, Residents, Clock and Secret are required.
type Config struct {
	// Origin is the site's public origin, "https://city.example". Links that leave the house are built from it, never
	// from a request. Plain http is allowed for loopback addresses alone.
	Origin string
	// Hosts are further Host values that are answered, with port where it is not the scheme's own.
	Hosts []string
	// Proxies are the addresses whose X-Forwarded-For is believed. Empty believes nobody.
	Proxies []netip.Prefix
	// PayOrigin is the payment channel's origin, which forms may lead to; empty for none.
	PayOrigin string
	// ImageOrigin is the one other origin that pictures may come from, of a server of map tiles; empty for none.
	ImageOrigin string
	// StyleHash allows one inline style sheet, "'sha256-…'"; empty for none.
	StyleHash string
	// StyleCookie is the value of the cookie "css" in a browser that holds the present style sheet.
	StyleCookie string
	// Residents and Members look up who is signed in. Members may be nil when no route is for staff.
	Residents Residents
	Members   Members
	Clock     clock.Clock
	// Secret keys the form tokens: at least 32 random bytes, the same on every node.
	Secret []byte
	// Log takes the access log (Info) and internal faults (Error); nil for none.
	Log *slog.Logger
	// Metrics takes counters and timings by route; nil for none.
	Metrics prometheus.Registerer
	// Rates bounds requests by client and class; a missing class has the default of DefaultRates.
	Rates map[Class]Rate
	// Visits is told of visits to pages; nil for nobody.
	Visits Visits
	// Ready says why the house cannot serve yet; nil function is always ready.
	Ready func(context.Context) error
}

// Door is the frame all doors of one house stand in.
type Door struct {
	c        Config
	origin   *url.URL
	secure   bool
	hosts    map[string]bool
	headers  []header
	crossing *http.CrossOriginProtection
	rates    map[Class]*buckets
	cache    *Cache
	meter    *meter
	gzip     func(http.Handler) http.HandlerFunc
	names    cookieNames
	prefix   string
	serial   atomic.Uint64

	uploading chan struct{} // holds one for each form with files that is being read
	draining  atomic.Bool
	streaming chan struct{} // holds one for each open stream
	asides    chan struct{} // holds one for each work beside requests
	working   sync.WaitGroup
}

// New checks the configuration.
func New(c Config) (*Door, error) {
	origin, err := checkOrigin(c.Origin)
	if err != nil {
		return nil, err
	}
	switch {
	case c.Residents == nil:
		return nil, errors.New("door: Residents is missing")
	case c.Clock == nil:
		return nil, errors.New("door: Clock is missing")
	case len(c.Secret) < 32:
		return nil, errors.New("door: Secret needs at least 32 bytes")
	}
	for _, origin := range []string{c.PayOrigin, c.ImageOrigin} {
		if u, err := url.Parse(origin); origin != "" && (err != nil || u.Host == "" || u.Path != "" || strings.ContainsAny(origin, " *;,'\"")) {
			return nil, fmt.Errorf("door: %q is no origin", origin)
		}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	d := &Door{c: c, origin: origin, secure: origin.Scheme == "https", uploading: make(chan struct{}, uploadsAtOnce), streaming: make(chan struct{}, streamsAtOnce), asides: make(chan struct{}, asidesAtOnce), crossing: http.NewCrossOriginProtection()}
	d.hosts = hostsOf(origin, c.Hosts)
	d.headers = headersFor(c, d.secure)
	d.names = namesFor(d.secure)
	d.cache = newCache(c.Clock)
	if d.rates, err = bucketsFor(c.Rates, c.Clock); err != nil {
		return nil, err
	}
	if d.meter, err = newMeter(c.Metrics, c.Log); err != nil {
		return nil, fmt.Errorf("door: %w", err)
	}
	// The jitter hides a few bytes of length, and form tokens are masked anew in each page: a page that is compressed
	// with what an attacker typed tells nothing of them (BREACH).
	if d.gzip, err = gzhttp.NewWrapper(gzhttp.MinSize(1400), gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.RandomJitter(32, 0, false)); err != nil {
		return nil, fmt.Errorf("door: %w", err)
	}
	var b [4]byte
	_, _ = rand.Read(b[:])
	d.prefix = hex.EncodeToString(b[:])
	return d, nil
}

// Cache is the store of rendered public pages.
func (d *Door) Cache() *Cache { return d.cache }

// Origin is the site's public origin, without a slash at the end.
func (d *Door) Origin() string { return d.origin.Scheme + "://" + d.origin.Host }

// Drain makes the house say that it is not ready and closes connections as they become idle; it goes on answering.
func (d *Door) Drain() { d.draining.Store(true) }

func checkOrigin(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || (u.Path != "" && u.Path != "/") {
		return nil, fmt.Errorf("door: Origin %q is no origin such as https://city.example", s)
	}
	u.Path, u.Host = "", strings.ToLower(u.Host)
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && loopback(u.Hostname()):
	default:
		return nil, fmt.Errorf("door: Origin %q: plain http is for loopback addresses alone", s)
	}
	return u, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func hostsOf(origin *url.URL, more []string) map[string]bool {
	all := map[string]bool{origin.Host: true}
	if loopback(origin.Hostname()) {
		for _, name := range []string{"127.0.0.1", "localhost", "[::1]"} {
			if p := origin.Port(); p != "" {
				name += ":" + p
			}
			all[name] = true
		}
	}
	for _, h := range more {
		all[strings.ToLower(h)] = true
	}
	return all
}

// Default time for a handler, and the sizes of security.md part 8.
const (
	handlerTime = 15 * time.Second
	formBody    = 64 << 10
	formFields  = 200
	urlBytes    = 8 << 10
)
