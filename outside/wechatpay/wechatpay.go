// Package wechatpay is the client of WeChat Pay's API v3 for one merchant. It implements
// payment.Channel and opens the channel's notices.
//
// It promises that nothing is believed unsigned: every answer and every notice is checked
// against a platform certificate that is pinned or was delivered sealed under the merchant's
// APIv3 key; bills, which the channel does not sign, are checked against the hash in a signed answer. An outcome that is not known is
// fault.Unavailable and never a guess. Every call is idempotent by its number, so repeating is always safe. Keys
// never reach an error or a log.
package wechatpay

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"zhijian/domain/payment"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/outside/guard"
)

// Config is the merchant's contract with the channel.
type Config struct {
	// BaseURL is "https://api.mch.weixin.qq.com" or the sandbox's. Its host is thereby allowed.
	BaseURL string
	MchID   string
	AppID   string
	// Serial is that of the merchant's certificate.
	Serial string
	// PrivateKey is the merchant's RSA key, PKCS #8 in PEM.
	PrivateKey seal.Text
	// APIv3Key has 32 bytes.
	APIv3Key seal.Text
	// Pinned are platform certificates in PEM; may be empty, then they are fetched at first need.
	Pinned []string
	// NotifyURL is where the channel sends notices, without a query.
	NotifyURL string
	// SiteName and SiteURL describe the site that H5 orders come from.
	SiteName, SiteURL string
	Clock             clock.Clock   // required
	Log               *slog.Logger  // nil discards
	Timeout           time.Duration // of one call; 0 means 5 s
	InFlight          int           // calls at the same time; 0 means 64
}

// Client speaks with the channel. Safe for concurrent use.
type Client struct {
	cfg      Config
	base     *url.URL
	key      *rsa.PrivateKey
	http     *guard.Client
	platform *platform
	probes   atomic.Int64
	refused  atomic.Int64
}

// New checks the configuration; it does not call the channel.
func New(cfg Config) (_ *Client, err error) {
	defer fault.Wrap(&err, "wechatpay")
	for name, v := range map[string]string{"MchID": cfg.MchID, "AppID": cfg.AppID, "Serial": cfg.Serial, "SiteName": cfg.SiteName} {
		if v == "" {
			return nil, fmt.Errorf("%s is empty", name)
		}
	}
	if cfg.Clock == nil {
		return nil, errors.New("no clock")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.InFlight <= 0 {
		cfg.InFlight = 64
	}
	cfg.BaseURL = strings.TrimSuffix(cfg.BaseURL, "/")
	c := &Client{cfg: cfg}
	if c.base, err = url.Parse(cfg.BaseURL); err != nil || c.base.Hostname() == "" || c.base.Path != "" {
		return nil, fmt.Errorf("base URL %q is not scheme and host", cfg.BaseURL)
	}
	if n, err := url.Parse(cfg.NotifyURL); err != nil || n.Hostname() == "" || n.RawQuery != "" {
		return nil, fmt.Errorf("notify URL %q has a query or no host", cfg.NotifyURL)
	}
	if c.key, err = privateKey(cfg.PrivateKey.Reveal()); err != nil {
		return nil, err
	}
	if len(cfg.APIv3Key.Reveal()) != 32 {
		return nil, errors.New("the APIv3 key has not 32 bytes")
	}
	if c.platform, err = newPlatform(cfg.Pinned); err != nil {
		return nil, err
	}
	c.http, err = guard.New(guard.Policy{
		Name: "wechatpay", Hosts: []string{guard.HostPort(c.base)}, Timeout: cfg.Timeout, InFlight: cfg.InFlight, MaxBody: 256 << 10,
	})
	return c, err
}

// privateKey reads PKCS #8. Its errors do not quote the key.
func privateKey(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("the private key is not PEM")
	}
	k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the private key is not PKCS #8")
	}
	key, ok := k.(*rsa.PrivateKey)
	if !ok || key.N.BitLen() < 2048 {
		return nil, errors.New("the private key is not RSA of 2048 bits or more")
	}
	return key, nil
}

// Counts says how many notices were refused since the start: probes by the channel itself, and all others.
func (c *Client) Counts() (probes, refused int64) { return c.probes.Load(), c.refused.Load() }

// Ready fetches the platform certificates when none is pinned, so that the first notice need not wait.
func (c *Client) Ready(ctx context.Context) error {
	if c.platform.size() > 0 {
		return nil
	}
	return c.fetchCertificates(ctx)
}

// Release gives idle connections back; Close is about orders.
func (c *Client) Release() { c.http.Close() }

var _ payment.Channel = (*Client)(nil)
