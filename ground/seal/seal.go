// Package seal keeps personal data unreadable at rest.
//
// A value is sealed with an authenticated cipher under a key derived for one purpose;
// its place (table, column, row) is bound in, so that a ciphertext moved to another row
// does not open. Equality search goes through a keyed blind index. Key versions are
// written into each ciphertext: a new version seals, old ones still open.
//
// Two suites: AES-256-GCM with SHA-256 (default), and SM4-GCM with SM3 (GM/T 0002, 0004).
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"log/slog"
	"slices"
	"sync"
	"unique"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
)

// Sealed is a ciphertext. It prints as "[sealed]" wherever it lands. Empty means absent.
type Sealed []byte

// String hides the bytes.
func (Sealed) String() string { return "[sealed]" }

// GoString hides the bytes from %#v.
func (Sealed) GoString() string { return "[sealed]" }

// LogValue hides the bytes from slog.
func (Sealed) LogValue() slog.Value { return slog.StringValue("[sealed]") }

// MarshalJSON hides the bytes from JSON.
func (Sealed) MarshalJSON() ([]byte, error) { return []byte(`"[sealed]"`), nil }

// Suite names the algorithms of a key.
type Suite string

// The suites.
const (
	AES Suite = "aes" // AES-256-GCM, HMAC-SHA-256
	SM  Suite = "sm"  // SM4-GCM, HMAC-SM3
)

// Key is one version of the master key.
type Key struct {
	Version byte   // 1 to 255, unique in a ring
	Suite   Suite  // empty means AES
	Secret  []byte // at least 32 random bytes
}

// Ring seals with its newest key and opens with all. Safe for concurrent use.
type Ring struct {
	keys  []Key
	mu    sync.RWMutex
	aeads map[string]cipher.AEAD
	blind map[string][]byte
}

// ErrOpen is the one answer to a ciphertext that does not open, whatever the reason.
var ErrOpen = errors.New("seal: does not open")

// New checks the keys; the highest version seals.
func New(keys ...Key) (*Ring, error) {
	if len(keys) == 0 {
		return nil, errors.New("seal: no key")
	}
	r := &Ring{keys: slices.Clone(keys), aeads: map[string]cipher.AEAD{}, blind: map[string][]byte{}}
	slices.SortFunc(r.keys, func(a, b Key) int { return int(b.Version) - int(a.Version) })
	for i, k := range r.keys {
		switch {
		case k.Version == 0:
			return nil, errors.New("seal: key version 0")
		case len(k.Secret) < 32:
			return nil, fmt.Errorf("seal: key %d has fewer than 32 bytes", k.Version)
		case k.Suite != "" && k.Suite != AES && k.Suite != SM:
			return nil, fmt.Errorf("seal: key %d has unknown suite %q", k.Version, k.Suite)
		case i > 0 && r.keys[i-1].Version == k.Version:
			return nil, fmt.Errorf("seal: key version %d twice", k.Version)
		}
	}
	return r, nil
}

// Seal encrypts plain for a purpose ("identity.phone") at a place ("resident/42").
// An empty plain gives an empty Sealed.
func (r *Ring) Seal(purpose, place, plain string) (Sealed, error) {
	if plain == "" {
		return nil, nil
	}
	k := r.keys[0]
	a, err := r.aead(k, purpose)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 1+a.NonceSize(), 1+a.NonceSize()+len(plain)+a.Overhead())
	out[0] = k.Version
	_, _ = rand.Read(out[1:])
	return a.Seal(out, out[1:], []byte(plain), []byte(place)), nil
}

// Open reverses Seal with the same purpose and place. An empty s gives "". Any mismatch is ErrOpen.
func (r *Ring) Open(purpose, place string, s Sealed) (string, error) {
	if len(s) == 0 {
		return "", nil
	}
	i := slices.IndexFunc(r.keys, func(k Key) bool { return k.Version == s[0] })
	if i < 0 {
		return "", ErrOpen
	}
	a, err := r.aead(r.keys[i], purpose)
	if err != nil {
		return "", err
	}
	if len(s) < 1+a.NonceSize() {
		return "", ErrOpen
	}
	plain, err := a.Open(nil, s[1:1+a.NonceSize()], s[1+a.NonceSize():], []byte(place))
	if err != nil {
		return "", ErrOpen
	}
	return string(plain), nil
}

// Blind gives the index of value for equality search within a purpose: 32 bytes, always
// under the oldest key so that it stays the same when a newer key is added.
func (r *Ring) Blind(purpose, value string) []byte {
	k := r.keys[len(r.keys)-1]
	m := hmac.New(newHash(k), r.derived(k, "blind", purpose))
	m.Write([]byte(value))
	return m.Sum(nil)
}

func (r *Ring) aead(k Key, purpose string) (cipher.AEAD, error) {
	name := string(rune(k.Version)) + purpose
	r.mu.RLock()
	a := r.aeads[name]
	r.mu.RUnlock()
	if a != nil {
		return a, nil
	}
	secret := r.derived(k, "seal", purpose)
	var block cipher.Block
	var err error
	if k.Suite == SM {
		block, err = sm4.NewCipher(secret[:16])
	} else {
		block, err = aes.NewCipher(secret)
	}
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if a, err = cipher.NewGCM(block); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	r.mu.Lock()
	r.aeads[name] = a
	r.mu.Unlock()
	return a, nil
}

func (r *Ring) derived(k Key, use, purpose string) []byte {
	name := string(rune(k.Version)) + use + "/" + purpose
	r.mu.RLock()
	b := r.blind[name]
	r.mu.RUnlock()
	if b != nil {
		return b
	}
	b, err := hkdf.Key(newHash(k), k.Secret, nil, "zhijian/"+use+"/"+purpose, 32)
	if err != nil { // only for an absurd length
		panic(err)
	}
	r.mu.Lock()
	r.blind[name] = b
	r.mu.Unlock()
	return b
}

func newHash(k Key) func() hash.Hash {
	if k.Suite == SM {
		return sm3.New
	}
	return sha256.New
}

// Text is personal data in memory. It prints as "[sealed]"; only Reveal gives it away,
// so that every place that does can be found by its name. Two Texts are == when their
// values are.
type Text struct {
	// A handle, not a string: in an unexported field of another struct fmt cannot call String
	// and would print what it finds, which is now an address.
	plain unique.Handle[string]
}

// Plain wraps a value that must not be printed by accident.
func Plain(s string) Text {
	if s == "" {
		return Text{}
	}
	return Text{plain: unique.Make(s)}
}

// Reveal gives the value.
func (t Text) Reveal() string {
	if t.IsZero() {
		return ""
	}
	return t.plain.Value()
}

// IsZero reports whether there is no value.
func (t Text) IsZero() bool { return t == Text{} }

// String hides the value.
func (Text) String() string { return "[sealed]" }

// GoString hides the value from %#v.
func (Text) GoString() string { return "[sealed]" }

// LogValue hides the value from slog.
func (Text) LogValue() slog.Value { return slog.StringValue("[sealed]") }

// MarshalJSON hides the value from JSON.
func (Text) MarshalJSON() ([]byte, error) { return []byte(`"[sealed]"`), nil }
