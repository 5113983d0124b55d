package office

import (
	"context"

	"zhijian/ground/fault"
)

// Driver speaks to one system in its own language. Implementations are safe for concurrent use and send a question at most once.
type Driver interface {
	// Ask gives the answer's data in the types of Client.Call, within the deadline of ctx. A "no" of the office is Refused, no usable
	// answer is Silent; any other error is a mistake of ours, such as a call that the system does not know.
	Ask(ctx context.Context, q Question) (map[string]any, error)
	// Close gives idle connections back.
	Close()
}

// Question is what is asked, or the act that is to be done.
type Question struct {
	Call string
	Key  string // idempotency key of an act; empty for a question
	With map[string]any
}

// Refused is the fault of an office's "no": its code, at most 40 bytes, and its sentence, which goes to a page and is
// cut to one line of at most 120 characters; empty ones get a sentence of ours.
func Refused(code, reason string) error {
	return refusal(map[string]any{"code": code, "reason": reason})
}

// Silent is the fault of no usable answer, with its cause.
func Silent(cause error) error { return down(cause) }

func down(cause error) *fault.Error {
	return fault.Unavailable("office.down", downText).Because(cause)
}
