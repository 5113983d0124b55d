// Package office speaks to the departments' own systems.
//
// A Driver knows one system's language; the Client keeps every system in its own bounds, whatever its language. It promises
// that one bad office harms only itself: each has its own time limit, its own bound on questions in flight, beyond which a question
// waits a moment and is then sent away, its own quota and its own circuit breaker; while the breaker is open a question is answered at once with "no answer"
// instead of being sent. An act is sent at most once per Call: whether to repeat it, under the same key, is the caller's
// decision. Answers of calls that are declared cacheable are kept for a while and say as of when they are.
//
// The language of an Office without a Driver is "office JSON": POST {base}/calls/{call} with a JSON object; 200 {"data":{…}},
// 422 {"refused":{"code","reason"}}.
package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"zhijian/ground/budget"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
)

// Config says which offices there are.
type Config struct {
	// Offices by the name that service definitions use.
	Offices map[string]Office
	// Families make offices whose names begin with the key and a colon, when they are first asked: "sheet" makes "sheet:parking".
	Families map[string]func(rest string) Office
	Clock    clock.Clock // required
	// Purse counts quotas; required when an office has one.
	Purse budget.Purse
	Log   *slog.Logger // one line per change of a breaker and per question an office does not understand; nil discards
}

// Office is one department's system.
type Office struct {
	// URL is the base address of an office that speaks office JSON; its host is thereby allowed, wherever it is.
	URL string
	// Driver speaks to the office in its own language, in place of URL.
	Driver Driver
	// Kind is the language's name for the console; empty means that of URL.
	Kind string
	// Timeout bounds one question; 0 means 3 s.
	Timeout time.Duration
	// InFlight bounds questions at the same time; 0 means 16. Further ones wait a quarter of a second for a place,
	// unless nobody has come back for that long.
	InFlight int
	// HalfOpen is how long an open breaker waits before it lets one question try; 0 means 30 s.
	HalfOpen time.Duration
	// PerMinute and PerDay bound the questions and acts that are sent; 0 means no bound.
	PerMinute, PerDay int
	// Cache names the calls whose answers may be kept, and how long.
	Cache map[string]time.Duration
	// Stale is how much longer than that a kept answer may be given while the office is down; 0 means not at all.
	Stale time.Duration
}

// Client asks offices. Safe for concurrent use.
type Client struct {
	cfg     Config
	mu      sync.RWMutex
	offices map[string]*desk
}

// patience is how long a question waits for a place in an office that is busy: long enough for a crowd at a quick office. At a slow one,
// where nobody came back for that long, nobody waits: whoever waits holds what others need.
const patience = 250 * time.Millisecond

// mostMade bounds the offices of families; their names come from definitions.
const mostMade = 10_000

// codeAbsent is the code of an office that is not connected, or has nothing to answer from.
const codeAbsent = "office.absent"

const downText = "对方系统暂时没有回应，不是您的问题"

// New checks the configuration.
func New(cfg Config) (*Client, error) {
	if cfg.Clock == nil {
		return nil, errors.New("office: no clock")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	c := &Client{cfg: cfg, offices: map[string]*desk{}}
	for name, o := range cfg.Offices {
		d, err := c.open(name, o)
		if err != nil {
			c.Close()
			return nil, err
		}
		c.offices[name] = d
	}
	return c, nil
}

func (c *Client) open(name string, o Office) (*desk, error) {
	if o.Timeout <= 0 {
		o.Timeout = 3 * time.Second
	}
	if o.InFlight <= 0 {
		o.InFlight = 16
	}
	if o.HalfOpen <= 0 {
		o.HalfOpen = 30 * time.Second
	}
	if (o.PerMinute > 0 || o.PerDay > 0) && c.cfg.Purse == nil {
		return nil, fmt.Errorf("office %s: a quota needs a purse", name)
	}
	if o.Driver == nil && o.URL != "" {
		d, err := newPlain(name, o)
		if err != nil {
			return nil, err
		}
		o.Driver, o.Kind = d, "office JSON"
	}
	return &desk{
		Office: o, name: name, clock: c.cfg.Clock, purse: c.cfg.Purse, log: c.cfg.Log, breaker: &breaker{halfOpen: o.HalfOpen}, cache: newCache(),
		places: make(chan struct{}, o.InFlight), waiting: make(chan struct{}, 3*o.InFlight), elapsed: clock.Stopwatch(), record: newRecord(),
	}, nil
}

// desk finds an office, or makes one of a family.
func (c *Client) desk(name string) *desk {
	c.mu.RLock()
	d := c.offices[name]
	c.mu.RUnlock()
	family, rest, ok := strings.Cut(name, ":")
	if d != nil || !ok || c.cfg.Families[family] == nil {
		return d
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.offices[name] == nil && len(c.offices) < mostMade {
		if made, err := c.open(name, c.cfg.Families[family](rest)); err == nil {
			c.offices[name] = made
		}
	}
	return c.offices[name]
}

// Call asks office for call and gives the answer's data: strings, bools, int64, float64, nil,
// []any and map[string]any. key is the idempotency key of an act, "" for a question.
//
// When the office refuses, the fault is Conflict "office.refused" with the office's own sentence;
// errors.As finds a *Refusal in it. When no usable answer comes, it is Unavailable "office.down", and
// whether an act was done is unknown; "office.quota" and "office.busy" say that it was not sent. Any other error is a mistake in the
// definition or the configuration.
func (c *Client) Call(ctx context.Context, office, call, key string, with map[string]any) (_ map[string]any, err error) {
	defer fault.Wrap(&err, "office %s: %s", office, call)
	d := c.desk(office)
	if d == nil {
		return nil, errors.New("no such office is configured")
	}
	if d.Driver == nil {
		return nil, fault.Unavailable(codeAbsent, "这个部门的系统还没有接通")
	}
	if with == nil {
		with = map[string]any{}
	}
	body, err := json.Marshal(with)
	if err != nil {
		return nil, fmt.Errorf("the question does not become JSON: %w", err)
	}
	now := d.clock.Now()
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
	data, err := d.ask(ctx, Question{Call: call, Key: key, With: with})
	if fault.Is(err, fault.KindUnavailable) && keep > 0 {
		if kept, ok := d.cache.get(slot, now, d.Stale); ok {
			return kept, nil
		}
	}
	if err != nil {
		return nil, err
	}
	if keep > 0 {
		return d.cache.put(slot, data, d.clock.Now(), keep), nil
	}
	return data, nil
}

// Down says since when an office does not answer. It is down from the moment its breaker opens
// until an answer comes; since is when the failing began. An unknown office is not down.
func (c *Client) Down(office string) (since time.Time, isDown bool) {
	d := c.desk(office)
	if d == nil {
		return time.Time{}, false
	}
	if d.Driver == nil {
		return time.Time{}, true
	}
	return d.breaker.downSince()
}

// Shut says until when an office is not asked although it may well answer, with the code of the fault: "office.busy", "office.quota" or
// "office.quota_day". ok is false when it is asked. Each process knows of its own questions.
func (c *Client) Shut(office string) (code string, until time.Time, ok bool) {
	d := c.desk(office)
	if d == nil {
		return "", time.Time{}, false
	}
	s := d.shut.Load()
	if s == nil || !d.clock.Now().Before(s.Until) {
		return "", time.Time{}, false
	}
	return s.Code, s.Until, true
}

// Close gives idle connections back.
func (c *Client) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range c.offices {
		if d.Driver != nil {
			d.Driver.Close()
		}
	}
}
