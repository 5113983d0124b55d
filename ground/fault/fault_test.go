package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"zhijian/ground/fault"
)

func TestKinds(t *testing.T) {
	t.Parallel()
	for kind, make := range map[fault.Kind]func(string, string, ...any) *fault.Error{
		fault.KindInvalid: fault.Invalid, fault.KindNotFound: fault.NotFound, fault.KindDenied: fault.Denied,
		fault.KindConflict: fault.Conflict, fault.KindTooMany: fault.TooMany, fault.KindUnavailable: fault.Unavailable,
	} {
		e := make("x.y", "还剩 %d 次", 3)
		var wrapped error = fmt.Errorf("around: %w", e)
		if e.Kind != kind || e.Public != "还剩 3 次" || len(e.Args) != 1 || fault.KindOf(wrapped) != kind || !fault.Is(wrapped, kind) || fault.Of(wrapped) != e {
			t.Errorf("%s: %+v", kind, e)
		}
		if e := make("x", "100% 完成"); e.Public != "100% 完成" {
			t.Errorf("%s: a sentence without arguments came as %q", kind, e.Public)
		}
	}
	if fault.KindOf(nil) != "" || fault.KindOf(io.EOF) != fault.KindInternal || fault.Is(nil, fault.KindInternal) || fault.Of(io.EOF) != nil {
		t.Error("an error that is no fault is internal, and no error is nothing")
	}
}

func TestCopiesLeaveTheOriginal(t *testing.T) {
	t.Parallel()
	e := fault.Unavailable("a", "稍后再试")
	c := e.On("plate").Because(io.EOF).After(time.Minute)
	if e.Field != "" || e.RetryAfter != 0 || errors.Is(e, io.EOF) {
		t.Errorf("the original became %+v", e)
	}
	if c.Field != "plate" || c.RetryAfter != time.Minute || !errors.Is(c, io.EOF) || c.Error() != "unavailable a: EOF" || e.Error() != "unavailable a" {
		t.Errorf("the copy is %+v, %v", c, c)
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	if err := fault.Join(); err != nil {
		t.Errorf("Join() = %v", err)
	}
	if err := fault.Join(nil, nil); err != nil {
		t.Errorf("Join(nil, nil) = %v", err)
	}
	a, b, c := fault.Invalid("a", "甲").On("f1"), fault.Invalid("b", "乙").On("f2"), fault.Invalid("c", "丙").On("f3")
	ab := fault.Of(fault.Join(nil, a, nil, b))
	abc := fault.Of(fault.Join(ab, c))
	abd := fault.Of(fault.Join(ab, fault.Invalid("d", "丁")))
	codes := func(e *fault.Error) (s string) {
		for _, x := range e.All() {
			s += x.Code
		}
		return s
	}
	if codes(ab) != "ab" || codes(abc) != "abc" || codes(abd) != "abd" || len(a.More) != 0 {
		t.Errorf("joined: %s, %s, %s, want ab, abc, abd; the first itself holds %d more", codes(ab), codes(abc), codes(abd), len(a.More))
	}
	if got := codes(fault.Of(fault.Join(c, ab))); got != "cab" {
		t.Errorf("a joined fault joined: %s, want cab", got)
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	do := func(cause error) (err error) {
		defer fault.Wrap(&err, "settle payment %d", 7)
		return cause
	}
	if err := do(nil); err != nil {
		t.Errorf("no error was wrapped: %v", err)
	}
	if err := do(io.EOF); !errors.Is(err, io.EOF) || err.Error() != "settle payment 7: EOF" {
		t.Errorf("wrapped: %v", err)
	}
}
