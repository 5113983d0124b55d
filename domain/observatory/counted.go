package observatory

import "strconv"

// Counted is a whole number that may not have been counted. The zero value is "not counted", which is not 0: what nobody counted
// never shows as nothing.
type Counted struct {
	n     int64
	known bool
}

// Known makes a figure of a number that was counted.
func Known(n int64) Counted { return Counted{n, true} }

// N gives the number; false when it was not counted.
func (f Counted) N() (int64, bool) { return f.n, f.known }

// Plus adds two figures: what one of them did not count is what the other says.
func (f Counted) Plus(o Counted) Counted { return Counted{f.n + o.n, f.known || o.known} }

// Cell gives the number, or None.
func (f Counted) Cell() Cell {
	if !f.known {
		return None
	}
	return Int(f.n)
}

// String gives the number as tables hold it, "" when it was not counted.
func (f Counted) String() string {
	if !f.known {
		return ""
	}
	return strconv.FormatInt(f.n, 10)
}

// ParseCounted reads what String wrote; false for what is no whole number.
func ParseCounted(s string) (Counted, bool) {
	if s == "" {
		return Counted{}, true
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return Known(n), err == nil
}
