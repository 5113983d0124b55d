package push

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"regexp"
	"unicode/utf8"
)

// Key is an EncodingAESKey. It prints as "[sealed]".
type Key struct{ block cipher.Block }

// String hides the key.
func (Key) String() string { return "[sealed]" }

// GoString hides the key from %#v.
func (Key) GoString() string { return "[sealed]" }

// IsZero reports whether there is no key.
func (k Key) IsZero() bool { return k.block == nil }

var keyText = regexp.MustCompile(`^[A-Za-z0-9]{43}$`)

// ParseKey reads the 43 letters and digits that a console shows; ErrKey otherwise. They are base 64 of 32 bytes, whose last two bits need not
// be zero.
func ParseKey(text string) (Key, error) {
	if !keyText.MatchString(text) {
		return Key{}, ErrKey
	}
	raw, err := base64.StdEncoding.DecodeString(text + "=")
	if err != nil {
		return Key{}, ErrKey
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return Key{}, ErrKey
	}
	return Key{block: sealed{block, [aes.BlockSize]byte(raw)}}, nil
}

// sealed is a block cipher with the first half of its key, which the protocol takes as the vector of every message.
type sealed struct {
	cipher.Block
	iv [aes.BlockSize]byte
}

const (
	lead  = 16 // random bytes before the length
	block = 32 // what the padding fills up to: twice the cipher's own block
)

// Seal gives the text of an envelope around a message for an app. The 16 random bytes before it are new each time: with the same vector for
// every message they are all that hides that two are alike.
func (k Key) Seal(app string, message []byte) string {
	head := make([]byte, lead)
	_, _ = rand.Read(head)
	return k.seal(head, app, message)
}

func (k Key) seal(head []byte, app string, message []byte) string {
	plain := bytes.Clone(head)
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(message)))
	plain = append(append(plain, message...), app...)
	pad := block - len(plain)%block
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(k.block, k.vector()).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain)
}

func (k Key) vector() []byte {
	iv := k.block.(sealed).iv
	return iv[:]
}

// Open gives the message of an envelope's text that was sealed for an app: ErrSeal when it does not open, ErrApp when it was sealed for
// another. Call it after the text's signature was found right: the cipher itself proves nothing.
func (k Key) Open(app, text string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) == 0 || len(raw) > MaxBody || len(raw)%aes.BlockSize != 0 || k.IsZero() {
		return nil, ErrSeal
	}
	cipher.NewCBCDecrypter(k.block, k.vector()).CryptBlocks(raw, raw)
	pad := int(raw[len(raw)-1])
	if pad < 1 || pad > block || pad > len(raw) {
		return nil, ErrSeal
	}
	raw = raw[:len(raw)-pad]
	if len(raw) < lead+4 {
		return nil, ErrSeal
	}
	n := binary.BigEndian.Uint32(raw[lead:])
	rest := raw[lead+4:]
	if uint64(n) > uint64(len(rest)) {
		return nil, ErrSeal
	}
	message, whom := rest[:n], rest[n:]
	if subtle.ConstantTimeCompare(whom, []byte(app)) != 1 {
		return nil, ErrApp
	}
	if !utf8.Valid(message) {
		return nil, ErrSeal
	}
	return message, nil
}
