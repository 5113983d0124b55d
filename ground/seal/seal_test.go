package seal_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"

	"zhijian/ground/seal"
)

func key(version byte, suite seal.Suite) seal.Key {
	return seal.Key{Version: version, Suite: suite, Secret: bytes.Repeat([]byte{version}, 32)}
}

func ring(t *testing.T, keys ...seal.Key) *seal.Ring {
	t.Helper()
	r, err := seal.New(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// GB/T 32905 and GB/T 32907: the library must be the standard's algorithms.
func TestStandardVectors(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"abc":                      "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
		strings.Repeat("abcd", 16): "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
	} {
		sum := sm3.Sum([]byte(in))
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("SM3(%s) = %s, want %s", in, got, want)
		}
	}
	k, err := hex.DecodeString("0123456789abcdeffedcba9876543210")
	if err != nil {
		t.Fatal(err)
	}
	block, err := sm4.NewCipher(k)
	if err != nil {
		t.Fatal(err)
	}
	out := bytes.Clone(k)
	block.Encrypt(out, out)
	if got, want := hex.EncodeToString(out), "681edf34d206965e86b3e94f536e4246"; got != want {
		t.Errorf("SM4 = %s, want %s", got, want)
	}
	for range 1_000_000 - 1 {
		block.Encrypt(out, out)
	}
	if got, want := hex.EncodeToString(out), "595298c7c6fd271f0402f804c33d3f66"; got != want {
		t.Errorf("SM4 a million times = %s, want %s", got, want)
	}
}

func TestNewChecksKeys(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]seal.Key{
		"none":          {},
		"version 0":     {key(0, seal.AES)},
		"short":         {{Version: 1, Secret: make([]byte, 31)}},
		"unknown suite": {key(1, "rot13")},
		"version twice": {key(1, seal.AES), key(2, seal.AES), key(1, seal.SM)},
	} {
		if _, err := seal.New(keys...); err == nil {
			t.Errorf("%s: New() accepted it", name)
		}
	}
}

func TestSealAndOpen(t *testing.T) {
	t.Parallel()
	for _, suite := range []seal.Suite{"", seal.AES, seal.SM} {
		r := ring(t, key(1, suite))
		const plain = "王小明 330106199001011234"
		s, err := r.Seal("identity.name", "resident/42", plain)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(s, []byte("王")) || s[0] != 1 {
			t.Errorf("%s: sealed as %x", suite, []byte(s))
		}
		if again, _ := r.Seal("identity.name", "resident/42", plain); bytes.Equal(again, s) {
			t.Errorf("%s: sealing twice gives the same bytes", suite)
		}
		got, err := r.Open("identity.name", "resident/42", s)
		if err != nil || got != plain {
			t.Errorf("%s: Open() = %s, %v", suite, got, err)
		}
		for name, open := range map[string]func() (string, error){
			"another purpose": func() (string, error) { return r.Open("identity.phone", "resident/42", s) },
			"another place":   func() (string, error) { return r.Open("identity.name", "resident/43", s) },
			"another key":     func() (string, error) { return ring(t, key(2, suite)).Open("identity.name", "resident/42", s) },
			"another secret": func() (string, error) {
				k := seal.Key{Version: 1, Suite: suite, Secret: bytes.Repeat([]byte{9}, 32)}
				return ring(t, k).Open("identity.name", "resident/42", s)
			},
			"cut short": func() (string, error) { return r.Open("identity.name", "resident/42", s[:len(s)-1]) },
			"one byte":  func() (string, error) { return r.Open("identity.name", "resident/42", s[:1]) },
		} {
			if got, err := open(); !errors.Is(err, seal.ErrOpen) || got != "" {
				t.Errorf("%s: %s: Open() = %q, %v, want ErrOpen", suite, name, got, err)
			}
		}
		for i := range s {
			bad := bytes.Clone(s)
			bad[i] ^= 0x40
			if got, err := r.Open("identity.name", "resident/42", bad); !errors.Is(err, seal.ErrOpen) || got != "" {
				t.Errorf("%s: byte %d flipped: Open() = %q, %v, want ErrOpen", suite, i, got, err)
			}
		}
	}
}

func TestNothingIsAbsent(t *testing.T) {
	t.Parallel()
	r := ring(t, key(1, seal.AES))
	s, err := r.Seal("p", "x", "")
	if err != nil || len(s) != 0 {
		t.Errorf("Seal of nothing = %x, %v", []byte(s), err)
	}
	if got, err := r.Open("p", "x", nil); err != nil || got != "" {
		t.Errorf("Open of nothing = %q, %v", got, err)
	}
}

// A newer key seals, old ones still open, and the blind index stays the same.
func TestRotation(t *testing.T) {
	t.Parallel()
	old := ring(t, key(1, seal.AES))
	sealed, err := old.Seal("p", "x", "13800000000")
	if err != nil {
		t.Fatal(err)
	}
	both := ring(t, key(1, seal.AES), key(200, seal.SM))
	if got, err := both.Open("p", "x", sealed); err != nil || got != "13800000000" {
		t.Errorf("the old value: %s, %v", got, err)
	}
	fresh, err := both.Seal("p", "x", "13800000000")
	if err != nil || fresh[0] != 200 {
		t.Errorf("the new value is sealed with key %d, %v, want 200", fresh[0], err)
	}
	if got, err := both.Open("p", "x", fresh); err != nil || got != "13800000000" {
		t.Errorf("the new value: %s, %v", got, err)
	}
	if !bytes.Equal(old.Blind("p", "13800000000"), both.Blind("p", "13800000000")) {
		t.Error("the blind index changed with a new key")
	}
}

func TestBlind(t *testing.T) {
	t.Parallel()
	r, other := ring(t, key(1, seal.AES)), ring(t, key(2, seal.AES))
	a := r.Blind("phone", "13800000000")
	if len(a) != 32 || !bytes.Equal(a, r.Blind("phone", "13800000000")) {
		t.Errorf("Blind() = %x", a)
	}
	for name, b := range map[string][]byte{
		"another value": r.Blind("phone", "13800000001"), "another purpose": r.Blind("card", "13800000000"),
		"another key": other.Blind("phone", "13800000000"), "another suite": ring(t, key(1, seal.SM)).Blind("phone", "13800000000"),
	} {
		if bytes.Equal(a, b) {
			t.Errorf("%s has the same index", name)
		}
	}
}

func TestRingInParallel(t *testing.T) {
	t.Parallel()
	r := ring(t, key(1, seal.AES), key(2, seal.SM))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 100 {
				p, v := fmt.Sprint("p", n%10), fmt.Sprint(i, n)
				s, err := r.Seal(p, "x", v)
				if got, err2 := r.Open(p, "x", s); err != nil || err2 != nil || got != v {
					t.Errorf("%s: %s, %v, %v", v, got, err, err2)
				}
				r.Blind(p, v)
			}
		})
	}
	wg.Wait()
}

// Personal data is not printed by accident, wherever it lies.
func TestNothingPrints(t *testing.T) {
	t.Parallel()
	const secret = "13812345678"
	r := ring(t, key(1, seal.AES))
	sealed, err := r.Seal("p", "x", secret)
	if err != nil {
		t.Fatal(err)
	}
	type person struct {
		Phone  seal.Text
		hidden seal.Text
		Stored seal.Sealed
	}
	p := person{Phone: seal.Plain(secret), hidden: seal.Plain(secret), Stored: sealed}
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	logger.Info("x", "text", p.Phone, "sealed", p.Stored, "person", p, "pointer", &p)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "text", p.Phone, "sealed", p.Stored, "person", p)
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	printed := log.String() + string(data) + fmt.Sprint(p, &p, p.Phone, p.hidden, p.Stored, []seal.Text{p.Phone}, map[string]seal.Text{"a": p.Phone})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		printed += fmt.Sprintf(verb+verb+verb, p, p.Phone, p.Stored)
	}
	printed += fmt.Errorf("about %v: %w", p.hidden, errors.New("x")).Error()
	for _, leak := range []string{secret, hex.EncodeToString([]byte(secret))} {
		if strings.Contains(printed, leak) {
			t.Errorf("%s was printed: %s", leak, printed)
		}
	}
	if !strings.Contains(log.String(), "[sealed]") {
		t.Errorf("the log does not show that something was sealed: %s", log.String())
	}
	if p.Phone.Reveal() != secret || p.Phone.IsZero() || !seal.Plain("").IsZero() || (seal.Text{}).Reveal() != "" {
		t.Error("Reveal() and IsZero() disagree with what was put in")
	}
	if p.Phone != p.hidden || p.Phone == seal.Plain("139") {
		t.Error("Texts do not compare by value")
	}
}

func FuzzOpen(f *testing.F) {
	r, err := seal.New(key(1, seal.AES), key(2, seal.SM))
	if err != nil {
		f.Fatal(err)
	}
	good, err := r.Seal("p", "x", "plain")
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(good))
	f.Add([]byte{1})
	f.Add([]byte{9, 1, 2, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := r.Open("p", "x", b)
		if len(b) > 0 && err == nil && got != "plain" {
			t.Fatalf("Open(%x) = %q", b, got)
		}
	})
}
