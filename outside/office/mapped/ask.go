package mapped

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"zhijian/ground/strict"
	"zhijian/outside/guard"
	"zhijian/outside/office"
)

// Ask implements office.Driver.
func (d *Driver) Ask(ctx context.Context, q office.Question) (map[string]any, error) {
	c := d.calls[q.Call]
	if c == nil {
		return nil, fmt.Errorf("the office's configuration has no call %q", q.Call)
	}
	names := map[string]any{"with": q.With}
	request, err := d.request(ctx, c, q.Key, names)
	if err != nil {
		return nil, err
	}
	answer, err := d.http.Do(ctx, request)
	if err != nil {
		return nil, office.Silent(err)
	}
	return c.judge(ctx, answer, names)
}

func (d *Driver) request(ctx context.Context, c *call, key string, names map[string]any) (guard.Request, error) {
	r := guard.Request{Method: c.method, Header: http.Header{"Accept": {"application/json"}, "User-Agent": {"zhijian"}}}
	for name, value := range d.headers {
		r.Header.Set(name, value.Reveal())
	}
	if key != "" {
		r.Header.Set(c.key, key)
	}
	address, err := c.address(ctx, d.base, names)
	if err != nil {
		return r, err
	}
	r.URL = address
	switch {
	case c.body != nil:
		v, err := c.body.value(ctx, names)
		if err != nil {
			return r, fmt.Errorf("body: %w", err)
		}
		if r.Body, err = json.Marshal(v); err != nil {
			return r, fmt.Errorf("body: %w", err)
		}
		r.Header.Set("Content-Type", "application/json")
	case len(c.form) > 0:
		form, err := values(ctx, c.form, names)
		if err != nil {
			return r, fmt.Errorf("form: %w", err)
		}
		r.Body = []byte(form.Encode())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r, nil
}

var errPart = errors.New("a part of the path is empty or leads elsewhere")

// address writes the path and the parameters.
func (c *call) address(ctx context.Context, base string, names map[string]any) (string, error) {
	var b strings.Builder
	b.WriteString(base)
	for _, p := range c.path {
		if p.expr == nil {
			b.WriteString(p.text)
			continue
		}
		v, err := p.expr.value(ctx, names)
		if err != nil {
			return "", fmt.Errorf("path: %w", err)
		}
		s := fmt.Sprint(v)
		if v == nil || s == "" || s == "." || s == ".." {
			return "", errPart
		}
		b.WriteString(url.PathEscape(s))
	}
	query, err := values(ctx, c.query, names)
	if err != nil {
		return "", fmt.Errorf("query: %w", err)
	}
	if len(query) > 0 {
		b.WriteString("?" + query.Encode())
	}
	return b.String(), nil
}

func values(ctx context.Context, list map[string]*expr, names map[string]any) (url.Values, error) {
	out := url.Values{}
	for name, e := range list {
		v, err := e.value(ctx, names)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if v != nil {
			out.Set(name, fmt.Sprint(v))
		}
	}
	return out, nil
}

// judge says what an answer is.
func (c *call) judge(ctx context.Context, answer guard.Response, names map[string]any) (map[string]any, error) {
	var body any
	var broken error
	if len(strings.TrimSpace(string(answer.Body))) > 0 {
		body, broken = strict.JSON(answer.Body, strict.Clean)
	}
	names = map[string]any{"with": names["with"], "status": int64(answer.Status), "body": body}
	good := answer.Status >= 200 && answer.Status < 300
	switch {
	case broken != nil && good:
		return nil, office.Silent(broken)
	case c.down.holds(ctx, names):
		return nil, office.Silent(fmt.Errorf("status %d", answer.Status))
	case c.unknown.holds(ctx, names):
		return map[string]any{"known": false}, nil
	case c.refused.holds(ctx, names):
		return nil, office.Refused(c.code.text(ctx, names), c.reason.text(ctx, names))
	case answer.Status == http.StatusTooManyRequests || answer.Status >= 500:
		return nil, office.Silent(fmt.Errorf("status %d", answer.Status))
	case !good:
		return nil, &office.Misunderstood{Status: answer.Status}
	}
	out := map[string]any{}
	for name, e := range c.gives {
		v, err := e.value(ctx, names)
		if err != nil {
			return nil, office.Silent(fmt.Errorf("%s: the answer has another shape", name)) // CEL's own words may quote the answer
		}
		out[name] = v
	}
	return out, nil
}
