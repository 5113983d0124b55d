// Package strict reads what others wrote, and refuses what two readers could understand differently.
//
// It is the one JSON reader for what comes from outside: answers, notices, and what programs send to our own API
// (security.md rule 2, T21, T33). Everything it accepts has one meaning.
package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"
)

// Depth is how deep objects and lists may be nested.
const Depth = 32

var (
	errDepth     = errors.New("nested too deep")
	errDuplicate = errors.New("a member is named twice")
	errText      = errors.New("text that is no text")
	errNumber    = errors.New("a number out of range")
	errTrailing  = errors.New("something follows the end")
)

// JSON reads one JSON value strictly: UTF-8, no member twice (whatever its case), at most 32 deep, nothing after the end,
// and no text or name that is not good: Clean or Plain. Whole numbers become int64, others float64.
func JSON(b []byte, good func(string) bool) (any, error) {
	if !utf8.Valid(b) {
		return nil, errText
	}
	d := reader{json.NewDecoder(bytes.NewReader(b)), good}
	d.UseNumber()
	v, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errTrailing
	}
	return v, nil
}

type reader struct {
	*json.Decoder
	good func(string) bool
}

func (d reader) value(depth int) (any, error) {
	if depth > Depth {
		return nil, errDepth
	}
	t, err := d.Token()
	if err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return d.object(depth)
		}
		return d.array(depth)
	case json.Number:
		return number(t)
	case string:
		if !d.good(t) {
			return nil, errText
		}
		return t, nil
	}
	return t, nil // bool or nil
}

func (d reader) object(depth int) (any, error) {
	out, seen := map[string]any{}, map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		name, ok := t.(string)
		if !ok {
			return nil, fmt.Errorf("not JSON: member %v", t)
		}
		if !d.good(name) {
			return nil, errText
		}
		folded := strings.ToLower(name)
		if seen[folded] {
			return nil, errDuplicate
		}
		seen[folded] = true
		if out[name], err = d.value(depth + 1); err != nil {
			return nil, err
		}
	}
	return out, d.end()
}

func (d reader) array(depth int) (any, error) {
	out := []any{}
	for d.More() {
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, d.end()
}

func (d reader) end() error {
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("not JSON: %w", err)
	}
	return nil
}

func number(n json.Number) (any, error) {
	if i, err := n.Int64(); err == nil {
		return i, nil
	}
	f, err := n.Float64()
	if err != nil || math.IsInf(f, 0) {
		return nil, errNumber
	}
	return f, nil
}

// Clean reports whether text is UTF-8 without control characters but line breaks and tabs.
func Clean(s string) bool {
	for _, r := range s {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' {
			return false
		}
	}
	return utf8.ValidString(s)
}

// Plain reports whether text is Clean and means what it looks like: no DEL, no C1 controls, and no marks that turn the
// direction of writing.
func Plain(s string) bool {
	for _, r := range s {
		if r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return false
		}
	}
	return Clean(s)
}
