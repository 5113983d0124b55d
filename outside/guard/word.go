package guard

import (
	"context"
	"errors"
	"net"
	"os"
)

// Word is why a request failed, as far as anybody outside may know.
type Word string

// The five words (security.md T53). Which port was closed or which address was refused is not told apart.
const (
	DNS     Word = "dns"     // the name has no address
	Connect Word = "connect" // no connection, or none allowed
	Timeout Word = "timeout" // no complete answer in time
	Status  Word = "status"  // an answer that is not followed: a redirect
	Reply   Word = "reply"   // an answer that is broken, cut off or too large
)

// Error is a failed request. Its text has the policy's name and the word; the cause is for errors.Is.
type Error struct {
	Policy string
	Word   Word
	cause  error
}

// Error gives policy and word, never the address.
func (e *Error) Error() string { return e.Policy + ": " + string(e.Word) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// WordOf gives the word of a failed request; "" for any other error.
func WordOf(err error) Word {
	var e *Error
	if errors.As(err, &e) {
		return e.Word
	}
	return ""
}

// ErrBusy is the cause of a Timeout that happened before the request was sent: too many were in flight.
var ErrBusy = errors.New("guard: too many requests in flight")

var (
	errOutside  = errors.New("guard: address not allowed")
	errAddress  = errors.New("guard: address not understood")
	errRedirect = errors.New("guard: redirect")
	errLarge    = errors.New("guard: answer too large")
)

func (c *Client) failed(w Word, cause error) error {
	return &Error{Policy: c.policy.Name, Word: w, cause: cause}
}

func wordOf(err error) Word {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case isTimeout(err):
		return Timeout
	case errors.As(err, &dns):
		return DNS
	case errors.Is(err, errOutside), errors.As(err, &op) && op.Op == "dial":
		return Connect
	}
	return Reply
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || (errors.As(err, &n) && n.Timeout())
}
