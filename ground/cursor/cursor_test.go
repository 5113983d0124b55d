package cursor_test

import (
	"math"
	"testing"

	"zhijian/ground/cursor"
	"zhijian/ground/fault"
)

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, c := range []cursor.Cursor{
		{},
		{At: 1, ID: 1},
		{At: 0, ID: 7},
		{At: 1779775680000, ID: 420187654321987},
		{At: math.MaxInt64, ID: math.MaxInt64},
	} {
		got, err := cursor.Parse(c.String())
		if err != nil || got != c {
			t.Errorf("Parse(%q) = %v, %v, want %v", c.String(), got, err, c)
		}
	}
	if got := (cursor.Cursor{}).String(); got != "" {
		t.Errorf("the start's word is %q, want none", got)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"a", "====", "AQ", "AQA", "AQAA", "AAAA", "AgIC", cursor.Cursor{At: 5, ID: 5}.String() + "A", cursor.Cursor{At: 5, ID: 5}.String() + "=",
		cursor.Cursor{At: -5, ID: 5}.String(), cursor.Cursor{At: 5, ID: -5}.String(), "AQICAg", "政务", "AYCAgICAgICAgIABAg",
	} {
		_, err := cursor.Parse(s)
		if f := fault.Of(err); f == nil || f.Kind != fault.KindInvalid || f.Code != "cursor" {
			t.Errorf("Parse(%q) = %v, want invalid cursor", s, err)
		}
	}
}

// There is one word for a place, so that addresses can be compared and cached.
func FuzzParse(f *testing.F) {
	f.Add("")
	f.Add(cursor.Cursor{At: 1779775680000, ID: 420187654321987}.String())
	f.Add("AQICAg")
	f.Add("AYCAgICAgICAgIABAg")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := cursor.Parse(s)
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) {
				t.Fatalf("Parse(%q) = %v, want a fault", s, err)
			}
			return
		}
		if c.String() != s || c.At < 0 || c.ID < 0 {
			t.Fatalf("Parse(%q) = %v, whose word is %q", s, c, c.String())
		}
	})
}
