package money_test

import (
	"math"
	"testing"

	"zhijian/ground/fault"
	"zhijian/ground/money"
)

func TestString(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fen        money.Fen
		text, yuan string
	}{
		{0, "0.00", "¥0.00"},
		{1, "0.01", "¥0.01"},
		{10, "0.10", "¥0.10"},
		{15000, "150.00", "¥150.00"},
		{-15005, "-150.05", "-¥150.05"},
		{money.Max, "100000000.00", "¥100000000.00"},
		{math.MaxInt64, "92233720368547758.07", "¥92233720368547758.07"},
		{math.MinInt64, "-92233720368547758.08", "-¥92233720368547758.08"},
	} {
		if got := c.fen.String(); got != c.text {
			t.Errorf("Fen(%d).String() = %s, want %s", int64(c.fen), got, c.text)
		}
		if got := c.fen.Yuan(); got != c.yuan {
			t.Errorf("Fen(%d).Yuan() = %s, want %s", int64(c.fen), got, c.yuan)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]money.Fen{
		"150": 15000, "150.5": 15050, "150.05": 15005, "0": 0, "0.01": 1, "¥1,500.00": 150000, "￥1，500": 150000,
		"150 元": 15000, " 150.00 ": 15000, "150.": 15000, "１５０．５": 15050, "100000000": money.Max, "1,234,567.89": 123456789,
	} {
		if got, err := money.Parse(in); err != nil || got != want {
			t.Errorf("Parse(%q) = %d, %v, want %d", in, got, err, want)
		}
	}
	for in, code := range map[string]string{
		"": "money", ".": "money", ".5": "money", "-1": "money", "+1": "money", "1.005": "money", "1.2.3": "money", "abc": "money",
		"1e5": "money", "0x10": "money", "1,5": "money", "1,50": "money", "12345,678": "money", ",150": "money", "1,,000": "money",
		"1 5": "money", "NaN": "money", "1_000": "money", "100000000.01": "money.large", "999999999": "money.large", "12345678901234567890": "money",
		"١٢": "money",
	} {
		_, err := money.Parse(in)
		if f := fault.Of(err); f == nil || f.Kind != fault.KindInvalid || f.Code != code || f.Public == "" {
			t.Errorf("Parse(%q) = %v, want invalid %s with a sentence", in, err, code)
		}
	}
}

func TestSum(t *testing.T) {
	t.Parallel()
	if got, err := money.Sum(1, 2, -4); err != nil || got != -1 {
		t.Errorf("Sum(1, 2, -4) = %d, %v, want -1", got, err)
	}
	for _, pair := range [][2]money.Fen{{math.MaxInt64, 1}, {math.MinInt64, -1}, {math.MaxInt64, math.MaxInt64}} {
		if got, err := money.Add(pair[0], pair[1]); err == nil {
			t.Errorf("Add(%d, %d) = %d, want an error", pair[0], pair[1], got)
		}
		if got, err := money.Sum(pair[0], pair[1], -5); err == nil {
			t.Errorf("Sum(%v, -5) = %d, want an error", pair, got)
		}
	}
	if got, err := money.Add(math.MaxInt64, math.MinInt64); err != nil || got != -1 {
		t.Errorf("Add(max, min) = %d, %v, want -1", got, err)
	}
}

// What Parse accepts prints as an amount that it reads back the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"150", "150.5", "¥1,500.00", "￥１２．３", "1,5", "", ".", "-1", "100000000.01", "元", "¥元", "1,,2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := money.Parse(s)
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) {
				t.Fatalf("Parse(%q) = %v, want a fault", s, err)
			}
			return
		}
		if a < 0 || a > money.Max {
			t.Fatalf("Parse(%q) = %d, out of bounds", s, a)
		}
		for _, text := range []string{a.String(), a.Yuan()} {
			if b, err := money.Parse(text); err != nil || b != a {
				t.Fatalf("Parse(%q) = %d, and Parse(%q) = %d, %v", s, a, text, b, err)
			}
		}
	})
}
