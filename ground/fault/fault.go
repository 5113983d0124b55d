// Package fault names the ways a request can go wrong.
//
// An error of this house has one of seven kinds. A door turns the kind into a
// status, a page or an error code; nothing else looks inside. A fault carries a
// stable code, a Chinese sentence fit for residents, and privately the cause.
// The sentence never contains personal data; the cause never reaches a page.
package fault

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Kind is the class of a fault.
type Kind string

// The kinds. An error that is no fault at all counts as Internal.
const (
	KindInvalid     Kind = "invalid"     // the caller sent something that cannot be used
	KindNotFound    Kind = "not_found"   // no such thing, or not this caller's
	KindDenied      Kind = "denied"      // the caller may not do this
	KindConflict    Kind = "conflict"    // the thing is not in a state that allows this
	KindTooMany     Kind = "too_many"    // a budget is used up
	KindUnavailable Kind = "unavailable" // something outside does not answer
	KindInternal    Kind = "internal"    // our own mistake
)

// Error is a fault. Its text is for logs; Public is for people.
type Error struct {
	Kind Kind
	// Code names the sentence, e.g. "plate.short"; ui's wording holds other languages under it.
	Code string
	// Public is the sentence in plain Chinese, already formatted.
	Public string
	// Args are the values inside the sentence, for other languages. Never personal data.
	Args []any
	// Field is the form input or JSON member at fault; empty when it is the request as a whole.
	Field string
	// More holds further faults of the same request, so that all are shown at once.
	More []*Error
	// RetryAfter says when trying again makes sense; zero means not stated.
	RetryAfter time.Duration

	cause error
}

// Error gives kind, code and cause for a log line.
func (e *Error) Error() string {
	s := string(e.Kind) + " " + e.Code
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap gives the cause, or nil.
func (e *Error) Unwrap() error { return e.cause }

// On returns a copy of e that names the input at fault.
func (e *Error) On(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// Because returns a copy of e with a private cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// After returns a copy of e that says when to try again.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

// All gives e and everything in More as one flat list.
func (e *Error) All() []*Error { return append([]*Error{e}, e.More...) }

// Invalid is for input that cannot be used; the sentence says what is wrong and how to mend it.
func Invalid(code, sentence string, args ...any) *Error {
	return made(KindInvalid, code, sentence, args)
}

// NotFound is for a thing that is absent or not the caller's; the two look alike on purpose.
func NotFound(code, sentence string, args ...any) *Error {
	return made(KindNotFound, code, sentence, args)
}

// Denied is for an act the caller has no right to.
func Denied(code, sentence string, args ...any) *Error {
	return made(KindDenied, code, sentence, args)
}

// Conflict is for a move that the thing's state does not allow.
func Conflict(code, sentence string, args ...any) *Error {
	return made(KindConflict, code, sentence, args)
}

// TooMany is for a used-up budget; give the waiting time with After.
func TooMany(code, sentence string, args ...any) *Error {
	return made(KindTooMany, code, sentence, args)
}

// Unavailable is for an outside system that does not answer.
func Unavailable(code, sentence string, args ...any) *Error {
	return made(KindUnavailable, code, sentence, args)
}

func made(k Kind, code, sentence string, args []any) *Error {
	if len(args) > 0 {
		sentence = fmt.Sprintf(sentence, args...)
	}
	return &Error{Kind: k, Code: code, Public: sentence, Args: args}
}

// Join folds several invalid inputs into one fault so that a page can show all of
// them. It returns nil for none, and nils among them are skipped.
func Join(list ...*Error) error {
	var first *Error
	for _, e := range list {
		switch {
		case e == nil:
		case first == nil:
			c := *e
			c.More = slices.Clone(e.More) // what is appended must not land in the caller's list
			first = &c
		default:
			first.More = append(first.More, e.All()...)
		}
	}
	if first == nil {
		return nil
	}
	return first
}

// Of finds the fault in err's chain, or nil when there is none.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// KindOf gives err's kind: "" for nil, KindInternal for an error that is no fault.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	if e := Of(err); e != nil {
		return e.Kind
	}
	return KindInternal
}

// Is reports whether err is a fault of kind k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// Wrap adds what was being done, and to which id, to a non-nil *errp. It is meant
// for defer, once per layer; the text has no personal data.
func Wrap(errp *error, format string, args ...any) {
	if *errp != nil {
		*errp = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *errp)
	}
}
