package office

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"zhijian/outside/guard"
)

// plain speaks office JSON.
type plain struct {
	base string
	http *guard.Client
}

const maxAnswer = 1 << 20

func newPlain(name string, o Office) (*plain, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("office %s: address %q is not a base URL", name, o.URL)
	}
	h, err := guard.New(guard.Policy{
		Name: "office " + name, Hosts: []string{guard.HostPort(u)}, Timeout: o.Timeout, MaxBody: maxAnswer, InFlight: o.InFlight,
	})
	if err != nil {
		return nil, err
	}
	return &plain{strings.TrimSuffix(o.URL, "/"), h}, nil
}

// Ask implements Driver.
func (p *plain) Ask(ctx context.Context, q Question) (map[string]any, error) {
	body, err := json.Marshal(q.With)
	if err != nil {
		return nil, fmt.Errorf("the question does not become JSON: %w", err)
	}
	h := http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}, "User-Agent": {"zhijian"}}
	if q.Key != "" {
		h.Set("Idempotency-Key", q.Key)
	}
	answer, err := p.http.Do(ctx, guard.Request{Method: http.MethodPost, URL: p.base + "/calls/" + url.PathEscape(q.Call), Header: h, Body: body})
	return judged(answer, err)
}

// Close implements Driver.
func (p *plain) Close() { p.http.Close() }

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
	return nil, &Misunderstood{answer.Status}
}

// Misunderstood is the error of an office that answers with a status which says that our question is wrong.
type Misunderstood struct{ Status int }

// Error tells the status.
func (m *Misunderstood) Error() string {
	return fmt.Sprintf("the office does not understand us: status %d", m.Status)
}
