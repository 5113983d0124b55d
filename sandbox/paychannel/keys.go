package paychannel

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Merchant is what a merchant of the real channel would have in its safe.
type Merchant struct {
	MchID               string `json:"mchid"`
	AppID               string `json:"appid"`
	Serial              string `json:"serial"`      // of the merchant's certificate, upper-case hex
	PrivateKey          string `json:"private_key"` // PKCS #8 in PEM
	APIv3Key            string `json:"apiv3_key"`   // 32 characters
	PlatformSerial      string `json:"platform_serial"`
	PlatformCertificate string `json:"platform_certificate"` // X.509 in PEM
}

// String hides the keys.
func (m Merchant) String() string { return "merchant " + m.MchID + " [sealed]" }

// LogValue hides the keys from slog.
func (m Merchant) LogValue() slog.Value { return slog.StringValue(m.String()) }

const (
	mchID = "1900000109"
	appID = "wx8888888888888888"
)

// pair is an RSA key with its certificate.
type pair struct {
	key         *rsa.PrivateKey
	certificate *x509.Certificate
	serial      string
}

// keys holds the merchant's pair, the platform's pairs (newest last) and the APIv3 key.
type keys struct {
	made     sync.WaitGroup // the first pairs, made in the background
	apiv3    string
	merchant *pair

	mu       sync.RWMutex
	platform []*pair
}

// loadKeys reads the keys of dir or makes new ones, and keeps them there when dir is not empty.
func loadKeys(dir string, now time.Time) (*keys, error) {
	k := &keys{}
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	secret, err := kept(dir, "apiv3.key", func() ([]byte, error) { return []byte(rand.Text() + rand.Text())[:32], nil })
	if err != nil {
		return nil, err
	}
	k.apiv3 = string(secret)
	if dir != "" {
		// With files to read this takes a millisecond and errors can still be told.
		if k.merchant, err = keptPair(dir, "merchant", mchID, now); err != nil {
			return nil, err
		}
		p, err := keptPair(dir, "platform", "Tenpay.com sandbox", now)
		if err != nil {
			return nil, err
		}
		k.platform = []*pair{p}
		return k, nil
	}
	k.made.Add(1)
	go k.make(now)
	return k, nil
}

// make creates both pairs; it takes a few hundred milliseconds of a core.
func (k *keys) make(now time.Time) {
	defer k.made.Done()
	merchant, err := newPair(mchID, now)
	if err != nil {
		panic(err) // crypto/rand and a 2048-bit key do not fail
	}
	platform, err := newPair("Tenpay.com sandbox", now)
	if err != nil {
		panic(err)
	}
	k.merchant, k.platform = merchant, []*pair{platform}
}

func newPair(name string, now time.Time) (*pair, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	number := make([]byte, 20)
	_, _ = rand.Read(number)
	number[0] = number[0]&0x3f | 0x40 // positive and always 40 hex digits
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(number), Subject: pkix.Name{CommonName: name, Organization: []string{"sandbox"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(5, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return pairOf(key, der)
}

func pairOf(key *rsa.PrivateKey, der []byte) (*pair, error) {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &pair{key: key, certificate: cert, serial: strings.ToUpper(hex.EncodeToString(cert.SerialNumber.Bytes()))}, nil
}

func (p *pair) privatePEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func (p *pair) certificatePEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.certificate.Raw})
}

// kept reads a file of dir, or makes its content and keeps it.
func kept(dir, name string, fresh func() ([]byte, error)) ([]byte, error) {
	if dir == "" {
		return fresh()
	}
	path := filepath.Join(dir, name)
	b, err := os.ReadFile(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return b, err
	}
	if b, err = fresh(); err != nil {
		return nil, err
	}
	return b, os.WriteFile(path, b, 0o600)
}

// keptPair keeps key and certificate in one PEM file, so that they never part.
func keptPair(dir, name, subject string, now time.Time) (*pair, error) {
	b, err := kept(dir, name+".pem", func() ([]byte, error) {
		p, err := newPair(subject, now)
		if err != nil {
			return nil, err
		}
		key, err := p.privatePEM()
		return append(key, p.certificatePEM()...), err
	})
	if err != nil {
		return nil, err
	}
	first, rest := pem.Decode(b)
	second, _ := pem.Decode(rest)
	if first == nil || second == nil {
		return nil, fmt.Errorf("%s.pem: not a key and a certificate", name)
	}
	key, err := x509.ParsePKCS8PrivateKey(first.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s.pem: %w", name, err)
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s.pem: not an RSA key", name)
	}
	return pairOf(private, second.Bytes)
}

func (k *keys) merchantSide() Merchant {
	k.made.Wait()
	private, err := k.merchant.privatePEM()
	if err != nil {
		panic(err) // a key that newPair made always marshals
	}
	p := k.signer("")
	return Merchant{
		MchID: mchID, AppID: appID, Serial: k.merchant.serial, PrivateKey: string(private), APIv3Key: k.apiv3,
		PlatformSerial: p.serial, PlatformCertificate: string(p.certificatePEM()),
	}
}

// signer gives the platform pair with this serial, or the newest when there is none.
func (k *keys) signer(serial string) *pair {
	k.made.Wait()
	k.mu.RLock()
	defer k.mu.RUnlock()
	for _, p := range k.platform {
		if strings.EqualFold(p.serial, serial) {
			return p
		}
	}
	return k.platform[len(k.platform)-1]
}

func (k *keys) certificates() []*pair {
	k.made.Wait()
	k.mu.RLock()
	defer k.mu.RUnlock()
	return append([]*pair(nil), k.platform...)
}

func (k *keys) rotate(now time.Time) error {
	k.made.Wait()
	p, err := newPair("Tenpay.com sandbox", now)
	if err != nil {
		return err
	}
	k.mu.Lock()
	k.platform = append(k.platform, p)
	k.mu.Unlock()
	return nil
}
