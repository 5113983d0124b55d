// Package mapped is the driver of back ends that speak JSON over HTTP in words of their own.
//
// How a call becomes a request and how the answer is read is data: expressions of CEL, checked when the office is configured, with
// bounded cost when they run. An integrator connects a real system without Go. An expression that fails on an answer means that
// the answer has another shape, which counts as no answer; nothing of it is guessed. Addresses are built of escaped parts
// below the base address, so that no value of a resident leads anywhere else.
package mapped

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"zhijian/ground/seal"
	"zhijian/outside/guard"
)

// Config describes one back end.
type Config struct {
	Name    string // for error texts
	URL     string // base address; its host is thereby allowed, wherever it is
	Timeout time.Duration
	// InFlight bounds connections; 0 means 16.
	InFlight int
	// Headers go with every request; they may hold secrets.
	Headers map[string]seal.Text
	Calls   map[string]Call
}

// Call says how one call of definitions is asked. Expressions see `with`, what the definition hands over; those about the answer see
// `status` and `body` besides, the body as JSON, null when it is empty.
type Call struct {
	Method string `yaml:"method"` // GET, POST, PUT, PATCH or DELETE; empty means GET, or POST when there is a body
	// Path follows the base address; {expression} gives one escaped part of it.
	Path string `yaml:"path"`
	// Query has an expression for each parameter; null leaves it out.
	Query map[string]string `yaml:"query"`
	// Body is an expression for what is sent as JSON; Form for the fields of a form, in its place.
	Body string            `yaml:"body"`
	Form map[string]string `yaml:"form"`
	// Key is the header that carries the idempotency key of an act; empty means Idempotency-Key.
	Key string `yaml:"key"`
	// Down, Unknown and Refused are conditions, looked at in this order; the first that holds says what the answer is. Without them a status of
	// 429 or from 500 is no answer, and any other but 2xx means that our question is wrong.
	Down    string   `yaml:"down"`
	Unknown string   `yaml:"unknown"` // the answer is known: false
	Refused *Refused `yaml:"refused"`
	// Gives has an expression for each member of the answer.
	Gives map[string]string `yaml:"gives"`
}

// Refused reads a "no".
type Refused struct {
	When   string `yaml:"when"`
	Code   string `yaml:"code"`   // expression; empty for none
	Reason string `yaml:"reason"` // expression for the sentence that the resident reads; empty for ours
}

// Driver speaks to one back end. Safe for concurrent use.
type Driver struct {
	base    string
	http    *guard.Client
	headers map[string]seal.Text
	calls   map[string]*call
}

// call is a Call with its expressions checked.
type call struct {
	method  string
	path    []part
	query   map[string]*expr
	body    *expr
	form    map[string]*expr
	key     string
	down    *expr
	unknown *expr
	refused *expr
	code    *expr
	reason  *expr
	gives   map[string]*expr
}

// part is one piece of a path: a text, or an expression whose value is escaped.
type part struct {
	text string
	expr *expr
}

const maxAnswer = 1 << 20

// New checks the configuration; the error names every expression that is wrong.
func New(c Config) (*Driver, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("office %s: address %q is not a base URL", c.Name, c.URL)
	}
	if c.InFlight <= 0 {
		c.InFlight = 16
	}
	h, err := guard.New(guard.Policy{Name: "office " + c.Name, Hosts: []string{guard.HostPort(u)}, Timeout: c.Timeout, MaxBody: maxAnswer, InFlight: c.InFlight})
	if err != nil {
		return nil, err
	}
	d := &Driver{base: strings.TrimSuffix(c.URL, "/"), http: h, headers: c.Headers, calls: map[string]*call{}}
	r, err := newReader()
	if err != nil {
		return nil, err
	}
	if len(c.Calls) == 0 {
		r.say("calls", errors.New("there is none"))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Calls)) {
		d.calls[name] = r.call("calls."+name, c.Calls[name])
	}
	if err := errors.Join(r.wrong...); err != nil {
		return nil, fmt.Errorf("office %s: %w", c.Name, err)
	}
	return d, nil
}

func (r *reader) call(at string, c Call) *call {
	out := &call{method: c.Method, key: c.Key, path: r.path(at+".path", c.Path), query: r.all(at+".query", c.Query, asked), form: r.all(at+".form", c.Form, asked)}
	out.body = r.expr(at+".body", c.Body, asked)
	out.down, out.unknown = r.expr(at+".down", c.Down, answered), r.expr(at+".unknown", c.Unknown, answered)
	if c.Refused != nil {
		out.refused = r.expr(at+".refused.when", c.Refused.When, answered)
		out.code, out.reason = r.expr(at+".refused.code", c.Refused.Code, answered), r.expr(at+".refused.reason", c.Refused.Reason, answered)
		if out.refused == nil {
			r.say(at+".refused.when", errors.New("say when the answer is a refusal"))
		}
	}
	out.gives = r.all(at+".gives", c.Gives, answered)
	if len(c.Form) > 0 && c.Body != "" {
		r.say(at, errors.New("a request has a body or a form, not both"))
	}
	if out.key == "" {
		out.key = "Idempotency-Key"
	}
	sends := c.Body != "" || len(c.Form) > 0
	switch {
	case out.method == "" && sends:
		out.method = http.MethodPost
	case out.method == "":
		out.method = http.MethodGet
	case !slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, out.method):
		r.say(at+".method", fmt.Errorf("%q is none of GET, POST, PUT, PATCH, DELETE", out.method))
	case out.method == http.MethodGet && sends:
		r.say(at+".method", errors.New("a GET sends no body"))
	}
	return out
}

// path takes a template apart: "/lots/{with.plate}".
func (r *reader) path(at, s string) (list []part) {
	if !strings.HasPrefix(s, "/") || strings.ContainsAny(s, "?#\\") {
		r.say(at, fmt.Errorf("%q does not begin with /, or holds ? or #; parameters go under query", s))
	}
	for s != "" {
		text, rest, ok := strings.Cut(s, "{")
		list = append(list, part{text: text})
		if !ok {
			return list
		}
		src, after, closed := strings.Cut(rest, "}")
		if !closed {
			r.say(at, errors.New("a { without its }"))
		}
		list, s = append(list, part{expr: r.expr(at, src, asked)}), after
	}
	return list
}

// Close implements office.Driver.
func (d *Driver) Close() { d.http.Close() }
