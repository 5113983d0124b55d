package wechatpay

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"zhijian/ground/fault"
	"zhijian/outside/strict"
)

// platform is the set of the channel's certificates that we believe.
type platform struct {
	fetching sync.Mutex // one download at a time

	mu    sync.RWMutex
	known map[string]*x509.Certificate // by serial, upper-case hex
	last  time.Time                    // of the last download, good or not
	away  bool                         // the last download failed: nobody knows what the channel signs with now
}

// refetch is the least time between two downloads: whoever sends notices with invented serials
// must not make us hammer the channel.
const refetch = time.Minute

func newPlatform(pinned []string) (*platform, error) {
	p := &platform{known: map[string]*x509.Certificate{}}
	for _, text := range pinned {
		cert, err := certificate([]byte(text))
		if err != nil {
			return nil, err
		}
		p.known[serialOf(cert)] = cert
	}
	return p, nil
}

func certificate(text []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("platform certificate is not PEM")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("platform certificate: %w", err)
	}
	if k, ok := cert.PublicKey.(*rsa.PublicKey); !ok || k.N.BitLen() < 2048 {
		return nil, errors.New("platform certificate has no RSA key of 2048 bits or more")
	}
	return cert, nil
}

func serialOf(cert *x509.Certificate) string {
	return strings.ToUpper(hex.EncodeToString(cert.SerialNumber.Bytes()))
}

func (p *platform) size() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return len(p.known)
}

// newest gives the serial of the certificate that is good the longest; "" for none.
func (p *platform) newest() string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	var best string
	for serial, cert := range p.known {
		if best == "" || cert.NotAfter.After(p.known[best].NotAfter) {
			best = serial
		}
	}
	return best
}

// key gives the public key of a known certificate within its time.
func (p *platform) key(serial string, now time.Time) *rsa.PublicKey {
	p.mu.RLock()
	defer p.mu.RUnlock()
	cert := p.known[serial]
	if cert == nil || now.Before(cert.NotBefore) || now.After(cert.NotAfter) {
		return nil
	}
	k, _ := cert.PublicKey.(*rsa.PublicKey)
	return k
}

// due reports whether a download may start now, and counts it as started.
func (p *platform) due(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.last.IsZero() && now.Sub(p.last) < refetch {
		return false
	}
	p.last = now
	return true
}

// failed reports whether the last download failed, after noting how one ended.
func (p *platform) failed(ended *error) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ended != nil {
		p.away = *ended != nil
	}
	return p.away
}

var errAway = errors.New("the certificates could not be fetched a moment ago")

// platformKey finds the key of a serial, downloading the certificates when it is new, at most
// once a minute. errSerial when there is none; fault.Unavailable when the download failed.
func (c *Client) platformKey(ctx context.Context, serial string) (*rsa.PublicKey, error) {
	now := c.cfg.Clock.Now()
	if k := c.platform.key(serial, now); k != nil {
		return k, nil
	}
	if err := c.fetchCertificates(ctx); err != nil {
		return nil, err
	}
	if k := c.platform.key(serial, now); k != nil {
		return k, nil
	}
	return nil, errSerial
}

type certificateList struct {
	Data []struct {
		Serial  string `json:"serial_no"`
		Content sealed `json:"encrypt_certificate"`
	} `json:"data"`
}

// fetchCertificates downloads the platform's certificates unless that was done within the last
// minute; then what it came to stands. They replace nothing: certificates leave when their time is over.
func (c *Client) fetchCertificates(ctx context.Context) (err error) {
	c.platform.fetching.Lock()
	defer c.platform.fetching.Unlock()
	if !c.platform.due(c.cfg.Clock.Now()) {
		if c.platform.failed(nil) {
			return unknown(errAway)
		}
		return nil
	}
	defer fault.Wrap(&err, "platform certificates")
	defer func() { c.platform.failed(&err) }()
	const path = "/v3/certificates"
	answer, err := c.send(ctx, http.MethodGet, path, nil, 0)
	if err != nil {
		return unknown(err)
	}
	if answer.Status != http.StatusOK {
		return unknown(refusedBy(answer))
	}
	var list certificateList
	if err := strict.Into(answer.Body, &list); err != nil {
		return unknown(err)
	}
	fresh, err := c.unsealed(list)
	if err != nil {
		return unknown(err)
	}
	if err := c.signedByOne(answer.Header, answer.Body, fresh); err != nil {
		return unknown(err)
	}
	c.learn(fresh)
	return nil
}

// unsealed opens the certificates of a list. Only the channel and we know the APIv3 key: what
// opens under it came from the channel.
func (c *Client) unsealed(list certificateList) (map[string]*x509.Certificate, error) {
	fresh := map[string]*x509.Certificate{}
	for _, e := range list.Data {
		plain, err := c.open(e.Content)
		if err != nil || e.Content.AssociatedData != "certificate" {
			return nil, errSealed
		}
		cert, err := certificate(plain)
		if err != nil {
			return nil, err
		}
		if serialOf(cert) != e.Serial {
			return nil, errSerial
		}
		fresh[e.Serial] = cert
	}
	return fresh, nil
}

// learn believes fresh certificates and forgets those whose time is over.
func (c *Client) learn(fresh map[string]*x509.Certificate) {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	for serial, cert := range fresh {
		if c.platform.known[serial] == nil {
			c.cfg.Log.Info("platform certificate learned", "serial", serial, "until", cert.NotAfter)
		}
		c.platform.known[serial] = cert
	}
	for serial, cert := range c.platform.known {
		if c.cfg.Clock.Now().After(cert.NotAfter) {
			delete(c.platform.known, serial)
		}
	}
}

// signedByOne checks that the list itself is signed by a certificate known before or, for the first
// download, by one of those in it.
func (c *Client) signedByOne(h http.Header, body []byte, fresh map[string]*x509.Certificate) error {
	s, err := stampOf(h)
	if err != nil {
		return err
	}
	key := c.platform.key(s.serial, c.cfg.Clock.Now())
	if cert := fresh[s.serial]; key == nil && cert != nil {
		key, _ = cert.PublicKey.(*rsa.PublicKey)
	}
	if key == nil {
		return errSerial
	}
	return fits(key, s, body)
}
