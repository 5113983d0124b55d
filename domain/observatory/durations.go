package observatory

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// bounds are the upper ends of the buckets that durations are counted in, in seconds: 1, 2 and 5 times the powers of ten. Each
// bucket holds what took longer than the bound before it and no longer than its own; the last one also what took longer still.
var bounds = [25]int64{
	1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
	1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000, 100_000_000,
}

// Bounds gives the upper ends of the buckets of Durations, in seconds, rising.
func Bounds() []int64 { return slices.Clone(bounds[:]) }

// Durations counts how long things took, in fixed buckets: two tables add up exactly, and quantiles are exact to the bucket. The
// zero value has counted nothing.
type Durations [len(bounds)]int64

// Bucket gives the bound, in seconds, of the bucket that a duration falls into; below 0 counts as 0.
func Bucket(d time.Duration) int64 {
	for _, b := range bounds {
		if d <= time.Duration(b)*time.Second {
			return b
		}
	}
	return bounds[len(bounds)-1]
}

// Count adds n things that fell into the bucket with a bound; false when no bucket has it.
func (d *Durations) Count(bound, n int64) bool {
	i, ok := slices.BinarySearch(bounds[:], bound)
	if ok {
		d[i] += n
	}
	return ok
}

// Merge adds another count.
func (d *Durations) Merge(o *Durations) {
	for i, n := range o {
		d[i] += n
	}
}

// N is how many things were counted.
func (d *Durations) N() (n int64) {
	for _, k := range d {
		n += k
	}
	return n
}

// Quantile says between which bounds, in seconds, the duration lies that percent of 100 things did not exceed: longer than over,
// no longer than within. Nothing counted gives false. The place is the smallest that at least so many things reach.
func (d *Durations) Quantile(percent int64) (over, within int64, ok bool) {
	all, running := d.N(), int64(0)
	for i, n := range d {
		if running += n; n > 0 && 100*running >= percent*all {
			if i > 0 {
				over = bounds[i-1]
			}
			return over, bounds[i], true
		}
	}
	return 0, 0, false
}

// String gives "10:12 50:3": twelve things took no more than ten seconds and more than the bound before, and so on; "" for none.
func (d Durations) String() string {
	var parts []string
	for i, n := range d {
		if n != 0 {
			parts = append(parts, fmt.Sprintf("%d:%d", bounds[i], n))
		}
	}
	return strings.Join(parts, " ")
}

// ParseDurations reads what String wrote, its parts in any order; false when a part has another form, a bound that no bucket
// has, or a number that is not above 0.
func ParseDurations(s string) (d Durations, ok bool) {
	for part := range strings.FieldsSeq(s) {
		bound, n, found := strings.Cut(part, ":")
		b, err1 := strconv.ParseInt(bound, 10, 64)
		k, err2 := strconv.ParseInt(n, 10, 64)
		if !found || err1 != nil || err2 != nil || k < 1 || k > 1<<50 || !d.Count(b, k) {
			return Durations{}, false
		}
	}
	return d, true
}
