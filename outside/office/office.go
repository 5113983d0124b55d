// Package office speaks to the departments' own systems.
//
// It promises that one bad office harms only itself: each has its own time limit, its own bound on
// questions in flight and its own circuit breaker, and while the breaker is open a question is answered
// at once with "no answer" instead of being sent. An act is sent at most once per Call: whether
// to repeat it, under the same key, is the caller's decision. Answers of calls that are declared cacheable are
// kept for a while and say as of when they are.
//
// The protocol is "office JSON": POST {base}/calls/{call} with a JSON object; 200 {"data":{…}},
// 422 {"refused":{"code","reason"}}.
package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/outside/guard"
)

// Config says which offices there are.
type Config struct {
	// Offices by the name that service definitions use.
	Offices map[string]Office
	Clock   clock.Clock  // required
	Log     *slog.Logger // one line per change of a breaker and per question an office does not understand; nil discards
}

// Office is one department's system.
type Office struct {
	// URL is the base address; its host is thereby allowed, wherever it is.
	URL string
	// Timeout bounds one question; 0 means 3 s.
	Timeout time.Duration
	// InFlight bounds questions at the same time; 0 means 32.
	InFlight int
	// HalfOpen is how long an open breaker waits before it lets one question try; 0 means 30 s.
	HalfOpen time.Duration
	// Cache names the calls whose answers may be kept, and how long.
	Cache map[string]time.Duration
	// Stale is how much longer than that a kept answer may be given while the office is down; 0 means not at all.
	Stale time.Duration
}

// Client asks offices. Safe for concurrent use.
type Client struct {
	offices map[string]*desk
	clock   clock.Clock
}

// desk is one office with all that bounds it.
type desk struct {
	Office
	name    string
	http    *guard.Client
	breaker *breaker
	cache   *cache
	log     *slog.Logger
}

const (
	maxAnswer = 1 << 20
	downText  = "对方系统暂时没有回应，不是您的问题"
)

// New checks the configuration.
func New(cfg Config) (*Client, error) {
	if cfg.Clock == nil {
		return nil, errors.New("office: no clock")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	c := &Client{offices: map[string]*desk{}, clock: cfg.Clock}
	for name, o := range cfg.Offices {
		d, err := newDesk(name, o, cfg.Log)
		if err != nil {
			return nil, err
		}
		c.offices[name] = d
	}
	return c, nil
}

func newDesk(name string, o Office, log *slog.Logger) (*desk, error) {
	if o.URL == "" {
		return &desk{Office: o, name: name, log: log}, nil
	}
	u, err := url.Parse(o.URL)
	if err != nil || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("office %s: address %q is not a base URL", name, o.URL)
	}
	o.URL = strings.TrimSuffix(o.URL, "/")
	if o.Timeout <= 0 {
		o.Timeout = 3 * time.Second
	}
	if o.InFlight <= 0 {
		o.InFlight = 32
	}
	if o.HalfOpen <= 0 {
		o.HalfOpen = 30 * time.Second
	}
	h, err := guard.New(guard.Policy{
		Name: "office " + name, Hosts: []string{guard.HostPort(u)}, Timeout: o.Timeout, MaxBody: maxAnswer, InFlight: o.InFlight,
	})
	if err != nil {
		return nil, err
	}
	return &desk{Office: o, name: name, http: h, breaker: &breaker{halfOpen: o.HalfOpen}, cache: newCache(), log: log}, nil
}

// Call asks office for call and gives the answer's data: strings, bools, int64, float64, nil,
// []any and map[string]any. key is the idempotency key of an act, "" for a question.
//
// When the office refuses, the fault is Conflict "office.refused" with the office's own sentence;
// errors.As finds a *Refusal in it. When no usable answer comes, it is Unavailable "office.down", and
// whether an act was done is unknown. Any other error is a mistake in the definition or the configuration.
func (c *Client) Call(ctx context.Context, office, call, key string, with map[string]any) (_ map[string]any, err error) {
	defer fault.Wrap(&err, "office %s: %s", office, call)
	d := c.offices[office]
	if d == nil {
		return nil, errors.New("no such office is configured")
	}
	if d.http == nil {
		return nil, fault.Unavailable("office.absent", "这个部门的系统还没有接通")
	}
	body, err := json.Marshal(with)
	if err != nil {
		return nil, fmt.Errorf("the question does not become JSON: %w", err)
	}
	if with == nil {
		body = []byte("{}")
	}
	now := c.clock.Now()
	keep := d.Cache[call]
	if key != "" {
		keep = 0
	}
	slot := slotOf(call, body)
	if keep > 0 {
		if kept, ok := d.cache.get(slot, now, 0); ok {
			return kept, nil
		}
	}
	raw, err := d.ask(ctx, c.clock, call, key, body)
	if fault.Is(err, fault.KindUnavailable) && keep > 0 {
		if kept, ok := d.cache.get(slot, now, d.Stale); ok {
			return kept, nil
		}
	}
	if err != nil {
		return nil, err
	}
	if keep > 0 {
		return d.cache.put(slot, raw, c.clock.Now(), keep), nil
	}
	return raw, nil
}

// ask sends one question through the breaker and judges what comes back.
func (d *desk) ask(ctx context.Context, c clock.Clock, call, key string, body []byte) (map[string]any, error) {
	if wait, open := d.breaker.enter(c.Now()); open {
		return nil, down(nil).After(wait)
	}
	h := http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}, "User-Agent": {"zhijian"}}
	if key != "" {
		h.Set("Idempotency-Key", key)
	}
	answer, err := d.http.Do(ctx, guard.Request{Method: http.MethodPost, URL: d.URL + "/calls/" + url.PathEscape(call), Header: h, Body: body})
	if err != nil && (ctx.Err() != nil || errors.Is(err, guard.ErrBusy)) {
		// The asker went away, or we never asked: that says nothing about the office.
		d.breaker.leave()
		return nil, down(err)
	}
	data, err := judged(answer, err)
	d.record(c.Now(), !fault.Is(err, fault.KindUnavailable))
	if err != nil && fault.Of(err) == nil {
		d.log.Error("office does not understand us", "office", d.name, "call", call, "status", answer.Status)
	}
	return data, err
}

func (d *desk) record(now time.Time, ok bool) {
	switch d.breaker.record(now, ok) {
	case opened:
		d.log.Warn("office down", "office", d.name)
	case shut:
		d.log.Info("office answers again", "office", d.name)
	}
}

// judged turns an answer into data, a refusal, "no answer", or our own mistake.
func judged(answer guard.Response, err error) (map[string]any, error) {
	if err != nil {
		return nil, down(err)
	}
	switch {
	case answer.Status == http.StatusOK:
		data, err := inside(answer.Body, "data")
		if err != nil {
			return nil, down(err)
		}
		return data, nil
	case answer.Status == http.StatusUnprocessableEntity:
		no, err := inside(answer.Body, "refused")
		if err != nil {
			return nil, down(err)
		}
		return nil, refusal(no)
	case answer.Status == http.StatusTooManyRequests, answer.Status >= 500:
		return nil, down(fmt.Errorf("status %d", answer.Status))
	}
	return nil, fmt.Errorf("the office does not understand us: status %d", answer.Status)
}

func down(cause error) *fault.Error {
	return fault.Unavailable("office.down", downText).Because(cause)
}

// Down says since when an office does not answer. It is down from the moment its breaker opens
// until an answer comes; since is when the failing began. An unknown office is not down.
func (c *Client) Down(office string) (since time.Time, isDown bool) {
	d := c.offices[office]
	if d == nil {
		return time.Time{}, false
	}
	if d.http == nil {
		return time.Time{}, true
	}
	return d.breaker.downSince()
}

// Close gives idle connections back.
func (c *Client) Close() {
	for _, d := range c.offices {
		if d.http != nil {
			d.http.Close()
		}
	}
}
