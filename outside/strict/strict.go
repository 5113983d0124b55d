// Package strict reads what others wrote, and refuses what two readers could understand differently.
//
// It is the one JSON decoder for answers and notices from outside (security.md rule 2): everything
// it accepts has one meaning.
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

// JSON reads one JSON value strictly: UTF-8, no member twice (whatever its case), no control
// characters in text, at most 32 deep, nothing after the end. Whole numbers become int64, others float64.
func JSON(b []byte) (any, error) {
	if !utf8.Valid(b) {
		return nil, errText
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	v, err := value(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errTrailing
	}
	return v, nil
}

func value(d *json.Decoder, depth int) (any, error) {
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
			return object(d, depth)
		}
		return array(d, depth)
	case json.Number:
		return number(t)
	case string:
		return t, clean(t)
	}
	return t, nil // bool or nil
}

func object(d *json.Decoder, depth int) (any, error) {
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
		if err := clean(name); err != nil {
			return nil, err
		}
		folded := strings.ToLower(name)
		if seen[folded] {
			return nil, errDuplicate
		}
		seen[folded] = true
		if out[name], err = value(d, depth+1); err != nil {
			return nil, err
		}
	}
	return out, end(d)
}

func array(d *json.Decoder, depth int) (any, error) {
	out := []any{}
	for d.More() {
		v, err := value(d, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, end(d)
}

func end(d *json.Decoder) error {
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

func clean(s string) error {
	for _, r := range s {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' {
			return errText
		}
	}
	return nil
}

// Into reads b strictly and then into v, a pointer to a struct, whose unknown members are ignored.
func Into(b []byte, v any) error {
	if _, err := JSON(b); err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("not the expected JSON: %w", err)
	}
	return nil
}
