package editions

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"zhijian/ground/fault"
	"zhijian/store/secret"
)

const (
	signatureFile = "manifest.sig"
	keyFile       = "signing.key"
	keyWord       = "ed25519"
)

// Key is the public half of a key that signs editions (Ed25519, RFC 8032).
type Key []byte

// String gives the key in hexadecimal digits, 64 of them.
func (k Key) String() string { return hex.EncodeToString(k) }

// Fingerprint names the key in a sentence: the first 16 digits of its SHA-256 sum, in fours.
func (k Key) Fingerprint() string {
	h := sha256.Sum256(k)
	s := hex.EncodeToString(h[:8])
	return s[:4] + " " + s[4:8] + " " + s[8:12] + " " + s[12:]
}

// ParseKey reads what String gives, or the line that is kept with a signature; fault.Invalid when it is no key.
func ParseKey(text string) (Key, error) {
	fields := strings.Fields(text)
	if len(fields) > 1 && fields[0] == keyWord {
		fields = fields[1:]
	}
	if len(fields) > 0 {
		if k, err := hex.DecodeString(fields[0]); err == nil && len(k) == ed25519.PublicKeySize {
			return k, nil
		}
	}
	return nil, fault.Invalid("edition.key", "公钥是 64 位十六进制数字，请核对")
}

// Key gives the key that this shelf signs with; nil when it has signed nothing yet.
func (s *Shelf) Key() (_ Key, err error) {
	private, err := s.readKey()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return Key(private.Public().(ed25519.PublicKey)), nil
}

// signer reads the key that signs, making it once.
func (s *Shelf) signer() (ed25519.PrivateKey, error) {
	key, err := s.readKey()
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	seed := make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(seed)
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return nil, err
	}
	if err := secret.Keep(filepath.Join(s.dir, keyFile), keyWord+" "+hex.EncodeToString(seed)+"\n"); err != nil {
		return nil, err
	}
	return s.readKey()
}

func (s *Shelf) readKey() (_ ed25519.PrivateKey, err error) {
	defer fault.Wrap(&err, "key that signs editions")
	text, err := secret.Read(filepath.Join(s.dir, keyFile))
	if err != nil {
		return nil, err
	}
	word, seedText, _ := strings.Cut(strings.TrimSpace(text), " ")
	seed, err := hex.DecodeString(seedText)
	if err != nil || word != keyWord || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s: want %s and 64 hexadecimal digits", keyFile, keyWord)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// signature is the line of manifest.sig: the key, then the signature over the bytes of the manifest.
func signature(key ed25519.PrivateKey, manifest []byte) []byte {
	return fmt.Appendf(nil, "%s %s %s\n", keyWord, Key(key.Public().(ed25519.PublicKey)), hex.EncodeToString(ed25519.Sign(key, manifest)))
}

// Signer says whose key signed an edition's manifest as it stands, and with it the sums of all its files. trusted is the key it must
// be; nil is the shelf's own. fault.Conflict when there is no signature, when the manifest is not the one that was signed, and when
// another key signed it; the key is given in the last case.
func (s *Shelf) Signer(name string, trusted Key) (_ Key, err error) {
	if _, err := s.Manifest(name); err != nil {
		return nil, err
	}
	if trusted == nil {
		if trusted, err = s.Key(); err != nil {
			return nil, err
		}
	}
	line, err := os.ReadFile(s.path(name, signatureFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Conflict("edition.unsigned", "版次 %s 没有签名，重新运行 compute 就会签上", name)
	}
	if err != nil {
		return nil, err
	}
	manifest, err := os.ReadFile(s.path(name, manifestFile))
	if err != nil {
		return nil, err
	}
	by, ok := signedBy(string(line), manifest)
	if !ok {
		return nil, fault.Conflict("edition.forged", "版次 %s 的清单不是签名时的那一份", name)
	}
	if !ed25519.PublicKey(by).Equal(ed25519.PublicKey(trusted)) {
		return by, fault.Conflict("edition.foreign", "版次 %s 由另一把密钥 %s 签名；信得过就用 --key 指明", name, by.Fingerprint())
	}
	return by, nil
}

// signedBy reads a signature and compares it; false when it is none, or not over these bytes.
func signedBy(line string, manifest []byte) (Key, bool) {
	fields := strings.Fields(line)
	if len(fields) != 3 || fields[0] != keyWord {
		return nil, false
	}
	key, err := ParseKey(fields[1])
	if err != nil {
		return nil, false
	}
	sig, err := hex.DecodeString(fields[2])
	return key, err == nil && ed25519.Verify(ed25519.PublicKey(key), manifest, sig)
}
