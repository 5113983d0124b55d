// Package measure holds the statistics of the observatory: pure functions of numbers, without names, places or files.
//
// Every result is the same bytes whatever the order of the input and whatever the processor: sums are taken over sorted values
// with compensation, products are converted before they are added so that no compiler may fuse them, and every rule for ties is
// stated where it is used. Nothing here allocates more than the input's size, except KMeans and Silhouette (n times k, n times n time).
package measure

import (
	"cmp"
	"math"
	"slices"
)

// Sum adds values, compensated (Neumaier) and over the sorted values, so that their order does not show in the last digit.
func Sum(values []float64) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return sumSorted(sorted)
}

func sumSorted(sorted []float64) float64 {
	var sum, lost float64
	for _, v := range sorted {
		t := sum + v
		if math.Abs(sum) >= math.Abs(v) {
			lost += (sum - t) + v
		} else {
			lost += (v - t) + sum
		}
		sum = t
	}
	return sum + lost
}

// Mean is the arithmetic mean; 0 of nothing.
func Mean(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	return Sum(values) / float64(len(values))
}

// Median is the middle value, or the mean of the two middle ones; 0 of nothing.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// Percent is 100 part/whole; 0 when whole is 0.
func Percent(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(100*part) / float64(whole)
}

// Ratio is part/whole; 0 when whole is 0.
func Ratio(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Growth is the growth from before to now in percent; false when before is 0.
func Growth(now, before int64) (float64, bool) {
	if before == 0 {
		return 0, false
	}
	return float64(100*(now-before)) / float64(before), true
}

// Group is the mean of one group of values.
type Group[K cmp.Ordered] struct {
	Key  K
	N    int
	Mean float64
}

// GroupMeans gives the mean of the values of each key, by key. Both slices have the same length.
func GroupMeans[K cmp.Ordered](keys []K, values []float64) []Group[K] {
	members := map[K][]float64{}
	for i, k := range keys {
		members[k] = append(members[k], values[i])
	}
	out := make([]Group[K], 0, len(members))
	for k, list := range members {
		out = append(out, Group[K]{k, len(list), Mean(list)})
	}
	slices.SortFunc(out, func(a, b Group[K]) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// Round keeps ten significant digits: what is left of the differences between processors' logarithms lies below them.
func Round(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	if t := math.Trunc(x); t == x && math.Abs(x) < 1<<53 {
		return x
	}
	digits := 9 - int(math.Floor(math.Log10(math.Abs(x))))
	if digits < 0 {
		digits = 0
	}
	if digits > 22 {
		return x
	}
	scale := math.Pow10(digits) // exact up to 1e22
	return math.RoundToEven(float64(x*scale)) / scale
}
