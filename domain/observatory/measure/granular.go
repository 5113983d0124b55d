package measure

import (
	"math"
	"strconv"
	"strings"
)

// Printed is a percentage as it was printed: 50.1 is {501, 1}.
type Printed struct {
	Digits   int64 // the number without its point
	Decimals int
}

// ParsePrinted reads "50.1"; false when it is no decimal number of at most 15 digits.
func ParsePrinted(s string) (Printed, bool) {
	whole, part, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole+part, 10, 64)
	if err != nil || len(whole)+len(part) > 15 || whole == "" || n < 0 {
		return Printed{}, false
	}
	return Printed{n, len(part)}, true
}

// Possible finds a whole number k of n that is printed so, the smallest one; false when no k is: the percentage then cannot have
// this base. Both ways to round a half are allowed, since the printer's is not known.
func (p Printed) Possible(n int64) (k int64, ok bool) {
	if n <= 0 || n > 1<<31 {
		return 0, false
	}
	unit := int64(math.Pow10(p.Decimals))
	// k/n*100*unit must lie within half a unit of Digits: 200*unit*k within n*(2*Digits ± 1).
	low, high := float64(2*p.Digits-1)*float64(n), float64(2*p.Digits+1)*float64(n)
	k = max(0, int64(math.Ceil(low/float64(200*unit))))
	return k, float64(200*unit)*float64(k) <= high && k <= n
}

// Bases lists the smallest bases up to most that could give the percentage, at most limit of them.
func (p Printed) Bases(most int64, limit int) []int64 {
	var out []int64
	for n := int64(1); n <= most && len(out) < limit; n++ {
		if _, ok := p.Possible(n); ok {
			out = append(out, n)
		}
	}
	return out
}
