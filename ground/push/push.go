// Package push is the wire between an official account's platform and the account's back end, as WeChat fixed it: the signature over an
// address's parameters, the sealed envelope (AES-256-CBC with the app's id inside), messages and events as XML, and the one reply that the
// answer to a message can carry.
//
// It is pure: bytes in, values out. Both ends speak it, so nothing in it knows which one it serves. What cannot be believed gives one of the
// errors below, which hold nothing of what was sent. Everything is bounded before it is read: a body of MaxBody bytes, XML of few elements and
// little depth, no document types and no entities but the five of XML itself.
package push

import (
	"crypto/sha1" // the platforms' protocol has no other
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
)

// MaxBody is the most bytes of a message in its envelope. The longest there are (text of 2,048 bytes, sealed, beside itself in the clear) have
// 8 KB; the platform's own events have less.
const MaxBody = 64 << 10

// What is wrong with a message.
var (
	ErrSignature = errors.New("push: the signature does not fit")
	ErrXML       = errors.New("push: no XML of a message")
	ErrKey       = errors.New("push: an encoding key has 43 letters and digits")
	ErrSeal      = errors.New("push: the envelope does not open")
	ErrApp       = errors.New("push: sealed for another app")
)

// Sign gives the signature over a token and the parts that go with it: of an address its timestamp and nonce, of an envelope its text as well.
// The parts are put in order of their bytes before they are joined.
func Sign(token string, parts ...string) string {
	all := append([]string{token}, parts...)
	slices.Sort(all)
	sum := sha1.Sum([]byte(strings.Join(all, "")))
	return hex.EncodeToString(sum[:])
}

// Signed reports whether a signature is the one that Sign gives. How long it takes tells nothing of how much was right.
func Signed(signature, token string, parts ...string) bool {
	return subtle.ConstantTimeCompare([]byte(Sign(token, parts...)), []byte(signature)) == 1
}
