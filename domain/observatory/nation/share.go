package nation

import (
	"cmp"
	"slices"
)

// share divides total into whole numbers in proportion to weights: floors first, then one more for the largest remainders, the
// earlier first among equals.
func share(total int64, weights []float64) []int64 {
	all := 0.0
	for _, w := range weights {
		all += w
	}
	parts := make([]int64, len(weights))
	if all <= 0 || total <= 0 {
		return parts
	}
	rest := make([]float64, len(weights))
	order := make([]int, len(weights))
	given := int64(0)
	for i, w := range weights {
		exact := float64(float64(total)*w) / all
		parts[i] = int64(exact)
		rest[i] = exact - float64(parts[i])
		order[i] = i
		given += parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for i := 0; given < total; i++ {
		parts[order[i%len(order)]]++
		given++
	}
	return parts
}

// shareFrom is share with at least one for each part; total must be at least the number of parts.
func shareFrom(total int64, weights []float64) []int64 {
	parts := share(total-int64(len(weights)), weights)
	for i := range parts {
		parts[i]++
	}
	return parts
}

// shareAlive is share, but whoever got nothing takes one from the largest part: shares stay closer to the weights than with shareFrom.
func shareAlive(total int64, weights []float64) []int64 {
	parts := share(total, weights)
	for i := range parts {
		if parts[i] > 0 {
			continue
		}
		largest := 0
		for k, n := range parts {
			if n > parts[largest] {
				largest = k
			}
		}
		parts[largest]--
		parts[i]++
	}
	return parts
}
