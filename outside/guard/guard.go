// Package guard is the one way out: every HTTP request of the house leaves through a Client here.
//
// A client has a policy. Without a list of hosts it reaches public addresses on the web's ports
// only, judged by the resolved address at the moment of connecting, so that neither a spelling
// nor a changing DNS answer leads inside. With a list it reaches exactly the hosts that the
// operator configured, wherever they are. It follows no redirect, knows no proxy, unpacks nothing, and
// bounds time, bytes and requests in flight. Whatever goes wrong is one of five words.
package guard

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Policy says where a client may go and how much it may take.
type Policy struct {
	// Name is for error texts, e.g. "office traffic".
	Name string
	// Hosts lists "host:port" as the operator configured them; only these are reached, at
	// whatever address they have. Empty means any public host on port 80 or 443.
	Hosts []string
	// Private lists private networks that may be reached without being in Hosts (an operator's
	// policy for departments on an intranet), on the ports of Ports.
	Private []netip.Prefix
	// Ports are allowed without Hosts; empty means 80 and 443.
	Ports []uint16
	// Connect bounds the connecting; 0 means 2 s.
	Connect time.Duration
	// Timeout bounds the whole exchange; 0 means 5 s.
	Timeout time.Duration
	// MaxBody bounds the answer in bytes; 0 means 64 KB.
	MaxBody int64
	// InFlight bounds requests at the same time; further ones wait within Timeout. 0 means 8.
	InFlight int
}

// Client sends requests under one policy. Safe for concurrent use.
type Client struct {
	policy Policy
	http   *http.Client
	slots  chan struct{}
}

// Request is what to send.
type Request struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte
	// Timeout replaces the policy's when shorter; 0 leaves it.
	Timeout time.Duration
	// MaxBody replaces the policy's; 0 leaves it.
	MaxBody int64
}

// Response is a complete answer of any status but a redirect.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// New checks the policy and makes its client.
func New(p Policy) (*Client, error) {
	if p.Name == "" {
		return nil, errors.New("guard: a policy needs a name")
	}
	p.Hosts = slices.Clone(p.Hosts)
	for i, h := range p.Hosts {
		host, port, err := net.SplitHostPort(h)
		if err != nil || host == "" || port == "" {
			return nil, fmt.Errorf("guard: %s: host %q is not host:port", p.Name, h)
		}
		p.Hosts[i] = strings.ToLower(h)
	}
	p.Connect = orElse(p.Connect, 2*time.Second)
	p.Timeout = orElse(p.Timeout, 5*time.Second)
	p.MaxBody = orElse(p.MaxBody, 64<<10)
	p.InFlight = orElse(p.InFlight, 8)
	if len(p.Ports) == 0 {
		p.Ports = []uint16{80, 443}
	}
	c := &Client{policy: p, slots: make(chan struct{}, p.InFlight)}
	c.http = &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  nil,
			DialContext:            c.dial,
			DisableCompression:     true,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    p.Connect,
			MaxIdleConnsPerHost:    p.InFlight,
			IdleConnTimeout:        30 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
		},
	}
	return c, nil
}

func orElse[T int | int64 | time.Duration](v, otherwise T) T {
	if v <= 0 {
		return otherwise
	}
	return v
}

// dial connects to an operator's host freely and to any other through the address check.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: c.policy.Connect}
	if !slices.Contains(c.policy.Hosts, strings.ToLower(address)) {
		if len(c.policy.Hosts) > 0 {
			return nil, errOutside
		}
		d.Control = c.allowed
	}
	return d.DialContext(ctx, network, address)
}

// allowed runs when the socket exists and the address is final: nothing can change after it.
func (c *Client) allowed(network, address string, raw syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return errOutside
	}
	ip := ap.Addr().Unmap()
	if slices.Contains(c.policy.Ports, ap.Port()) && slices.ContainsFunc(c.policy.Private, func(p netip.Prefix) bool { return p.Contains(ip) }) {
		return nil
	}
	guardian := ssrf.New(ssrf.WithPorts(c.policy.Ports...), ssrf.WithDeniedV4Prefixes(denied()...))
	if err := guardian.Safe(network, netip.AddrPortFrom(ip, ap.Port()).String(), raw); err != nil {
		return errOutside
	}
	return nil
}

// denied adds to the IANA special-purpose list what security.md part 8 names besides:
// multicast, and the 6to4 relay range.
func denied() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("224.0.0.0/4"), netip.MustParsePrefix("192.88.99.0/24")}
}

// Do sends a request and reads its whole answer. The error, if any, is an *Error.
func (c *Client) Do(ctx context.Context, in Request) (Response, error) {
	u, err := c.check(in.URL)
	if err != nil {
		return Response{}, c.failed(Connect, err)
	}
	limit := c.policy.Timeout
	if in.Timeout > 0 && in.Timeout < limit {
		limit = in.Timeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return Response{}, c.failed(Timeout, ErrBusy)
	}
	r, err := built(ctx, in, u)
	if err != nil {
		return Response{}, c.failed(Connect, err)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return Response{}, c.failed(wordOf(err), err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 && answer.StatusCode < 400 {
		return Response{}, c.failed(Status, errRedirect)
	}
	body, err := readAll(answer.Body, orElse(in.MaxBody, c.policy.MaxBody))
	if err != nil {
		word := Reply
		if isTimeout(err) {
			word = Timeout
		}
		return Response{}, c.failed(word, err)
	}
	return Response{Status: answer.StatusCode, Header: answer.Header, Body: body}, nil
}

func built(ctx context.Context, in Request, u *url.URL) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, in.Method, u.String(), bytes.NewReader(in.Body))
	if err != nil {
		return nil, err
	}
	if in.Header != nil {
		r.Header = in.Header.Clone()
	}
	// Under its usual spelling the transport would repeat a lost act by itself; whether to repeat
	// is the caller's to decide.
	if key := r.Header["Idempotency-Key"]; key != nil {
		delete(r.Header, "Idempotency-Key")
		r.Header["idempotency-key"] = key
	}
	return r, nil
}

func readAll(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = errLarge
	}
	return b, err
}

// check refuses addresses that could mean different things to different readers.
func (c *Client) check(s string) (*url.URL, error) {
	for _, r := range s {
		if r <= ' ' || r == '\\' || r >= 0x7f {
			return nil, errAddress
		}
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil || u.Fragment != "" || strings.Contains(s, "#") {
		return nil, errAddress
	}
	if len(c.policy.Hosts) > 0 && !slices.Contains(c.policy.Hosts, HostPort(u)) {
		return nil, errOutside
	}
	return u, nil
}

// HostPort gives a URL's "host:port" in lower case, with the scheme's port when it names none:
// the form of Policy.Hosts.
func HostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return strings.ToLower(net.JoinHostPort(u.Hostname(), port))
}

// Close gives idle connections back.
func (c *Client) Close() { c.http.CloseIdleConnections() }
