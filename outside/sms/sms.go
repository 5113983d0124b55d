// Package sms sends short messages through an SMS gateway.
//
// A message is sent at most once per Send; whether it arrives is not known. Neither phone nor
// text reaches an error or a log.
package sms

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/outside/guard"
)

// Config says where the gateway is.
type Config struct {
	URL      string        // base address, as the operator configured it
	Timeout  time.Duration // 0 means 5 s
	InFlight int           // messages being handed over at the same time; 0 means 16
}

// Gateway hands messages over. Safe for concurrent use.
type Gateway struct {
	base string
	http *guard.Client
}

// New checks the configuration.
func New(cfg Config) (*Gateway, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("sms: address %q is not a base URL", cfg.URL)
	}
	if cfg.InFlight <= 0 {
		cfg.InFlight = 16
	}
	h, err := guard.New(guard.Policy{Name: "sms", Hosts: []string{guard.HostPort(u)}, Timeout: cfg.Timeout, InFlight: cfg.InFlight})
	if err != nil {
		return nil, err
	}
	return &Gateway{base: strings.TrimSuffix(cfg.URL, "/"), http: h}, nil
}

// Send hands one message over. fault.Unavailable "sms.down" when the gateway does not take it;
// fault.Invalid "phone.sms" when it says that the number cannot get messages.
func (g *Gateway) Send(ctx context.Context, phone seal.Text, text string) (err error) {
	defer fault.Wrap(&err, "sms")
	if phone.IsZero() || text == "" {
		return errors.New("a message needs a phone and a text")
	}
	body, err := json.Marshal(map[string]string{"phone": phone.Reveal(), "text": text})
	if err != nil {
		return err
	}
	answer, err := g.http.Do(ctx, guard.Request{
		Method: http.MethodPost, URL: g.base + "/send", Body: body, Header: http.Header{"Content-Type": {"application/json"}},
	})
	switch {
	case err != nil:
		return down(err)
	case answer.Status == http.StatusOK:
		return nil
	case answer.Status == http.StatusUnprocessableEntity:
		return fault.Invalid("phone.sms", "这个手机号收不到短信，请核对号码后再试").On("phone")
	}
	return down(fmt.Errorf("status %d", answer.Status))
}

func down(cause error) error {
	return fault.Unavailable("sms.down", "短信暂时发不出去，请过几分钟再试").Because(cause)
}

// Close gives idle connections back.
func (g *Gateway) Close() { g.http.Close() }
