package service

import (
	"encoding/json"
	"math"
	"reflect"
	"time"

	"zhijian/ground/money"
)

// shape is the declared form of a value: what an office gives, an answer holds, a step knows.
// kind is one of the scalar kinds below, "list", "object" or "any".
type shape struct {
	kind   string
	elem   *shape   // of a list
	fields []member // of an object, in the order declared
	name   string   // of an object's type in expressions
}

type member struct {
	name  string
	shape *shape
}

// scalarKinds are the kinds a definition may write under "gives". All but int, money, bool and degree are text.
func scalarKinds() []string {
	return []string{
		"text", "int", "money", "bool", "time", "day", "plate", "phone", "person_name", "citizen_number", "bank_card", "degree",
	}
}

func scalar(kind string) *shape { return &shape{kind: kind} }

func object(name string, fields ...member) *shape {
	return &shape{kind: "object", name: name, fields: fields}
}

func (s *shape) field(name string) *shape {
	for _, f := range s.fields {
		if f.name == name {
			return f.shape
		}
	}
	return nil
}

func (s *shape) names() []string {
	out := make([]string, len(s.fields))
	for i, f := range s.fields {
		out[i] = f.name
	}
	return out
}

// zero is the value of a shape before anything is known.
func (s *shape) zero() any {
	switch s.kind {
	case "int", "money", "degree":
		return int64(0)
	case "bool":
		return false
	case "list":
		return []any{}
	case "object":
		out := make(map[string]any, len(s.fields))
		for _, f := range s.fields {
			out[f.name] = f.shape.zero()
		}
		return out
	case "any":
		return map[string]any{}
	}
	return ""
}

// An office's answer is bounded: more than this is no answer.
const (
	maxItems = 300    // members of one list
	maxNodes = 20_000 // values altogether
	maxBytes = 4_000  // of one text
	maxDepth = 16
)

// conform brings a normalised value to the shape: members not declared are dropped, missing ones
// are zero. ok is false when a value is of another kind or out of bounds.
func (s *shape) conform(v any) (out any, ok bool) {
	left := maxNodes
	return s.fit(v, &left)
}

func (s *shape) fit(v any, left *int) (any, bool) {
	if *left--; *left < 0 {
		return nil, false
	}
	if v == nil {
		return s.zero(), true
	}
	switch s.kind {
	case "any":
		return v, true
	case "int", "money":
		n, ok := v.(int64)
		return n, ok && (s.kind == "int" || n >= 0 && n <= int64(money.Max))
	case "degree":
		return degree(v)
	case "bool":
		b, ok := v.(bool)
		return b, ok
	case "list":
		return s.fitList(v, left)
	case "object":
		return s.fitObject(v, left)
	}
	t, ok := v.(string)
	if !ok || len(t) > maxBytes {
		return nil, false
	}
	switch {
	case t == "":
	case s.kind == "time":
		_, err := time.Parse(time.RFC3339, t)
		ok = err == nil
	case s.kind == "day":
		_, err := time.Parse(time.DateOnly, t)
		ok = err == nil
	}
	return t, ok
}

func (s *shape) fitList(v any, left *int) (any, bool) {
	in, ok := v.([]any)
	if !ok || len(in) > maxItems {
		return nil, false
	}
	out := make([]any, len(in))
	for i, e := range in {
		if out[i], ok = s.elem.fit(e, left); !ok {
			return nil, false
		}
	}
	return out, true
}

func (s *shape) fitObject(v any, left *int) (any, bool) {
	in, ok := v.(map[string]any)
	if !ok {
		return nil, false
	}
	out := make(map[string]any, len(s.fields))
	for _, f := range s.fields {
		if out[f.name], ok = f.shape.fit(in[f.name], left); !ok {
			return nil, false
		}
	}
	return out, true
}

// normal brings what callers hand in to the values a State holds: string, bool, int64, float64,
// []any, map[string]any. Anything else, and what lies too deep, becomes nil.
func normal(v any) any { return normalAt(v, 0) }

func normalAt(v any, depth int) any {
	if depth > maxDepth {
		return nil
	}
	switch v := v.(type) {
	case nil, string, bool, int64:
		return v
	case int:
		return int64(v)
	case money.Fen:
		return int64(v)
	case float64:
		return wholeOr(v)
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, err := v.Float64()
		if err != nil {
			return nil
		}
		return wholeOr(f)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.Format(time.RFC3339)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = normalAt(e, depth+1)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = normalAt(e, depth+1)
		}
		return out
	}
	return normalOther(reflect.ValueOf(v), depth)
}

// wholeOr gives whole numbers as int64, because JSON does not tell 3 from 3.0.
func wholeOr(f float64) any {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return f
}

// normalOther takes the rest of what a Go caller may hold: typed slices and maps, other integers, named texts.
func normalOther(v reflect.Value, depth int) any {
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(v.Uint())
	case reflect.Uint64:
		if n := v.Uint(); n <= math.MaxInt64 {
			return int64(n)
		}
	case reflect.Float32:
		return wholeOr(v.Float())
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Slice, reflect.Array:
		out := make([]any, v.Len())
		for i := range out {
			out[i] = normalAt(v.Index(i).Interface(), depth+1)
		}
		return out
	case reflect.Map:
		if v.Type().Key().Kind() != reflect.String {
			return nil
		}
		out := make(map[string]any, v.Len())
		for _, k := range v.MapKeys() {
			out[k.String()] = normalAt(v.MapIndex(k).Interface(), depth+1)
		}
		return out
	}
	return nil
}

// as reads members of loose objects without fuss.
func textOf(m any, key string) string {
	o, _ := m.(map[string]any)
	s, _ := o[key].(string)
	return s
}

func intOf(m any, key string) int64 {
	o, _ := m.(map[string]any)
	n, _ := o[key].(int64)
	return n
}

func boolOf(m any, key string) bool {
	o, _ := m.(map[string]any)
	b, _ := o[key].(bool)
	return b
}

func timeOf(m any, key string) time.Time {
	t, err := time.Parse(time.RFC3339, textOf(m, key))
	if err != nil {
		return time.Time{}
	}
	return t
}
