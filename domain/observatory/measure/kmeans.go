package measure

import (
	"math"
	"slices"
)

// Clusters is a division of values into groups around centres.
type Clusters struct {
	Centres []float64 // means of the members, highest first
	Sizes   []int     // members of each
	Of      []int     // for each input value the place of its centre in Centres
	SSE     float64   // sum of squared distances to the centres
}

// KMeans divides values into k groups with the smallest possible sum of squared distances: the exact optimum in one dimension,
// by dynamic programming over the distinct values, so that equal values always stay together. Among equal optima the one whose
// lower groups are smaller wins. There are fewer than k groups when there are fewer than k distinct values; none of nothing.
func KMeans(values []float64, k int) Clusters {
	line := newLine(values)
	n := len(line.value)
	k = min(k, n)
	if k < 1 {
		return Clusters{Of: make([]int, len(values))}
	}
	return line.divide(values, line.borders(k))
}

// line is the distinct values in rising order with running counts, sums and sums of squares.
type line struct {
	value           []float64
	count, sum, sqr []float64 // of the first i distinct values
}

func newLine(values []float64) line {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	l := line{count: []float64{0}, sum: []float64{0}, sqr: []float64{0}}
	for i, v := range sorted {
		if i == 0 || v != sorted[i-1] {
			l.value = append(l.value, v)
			last := len(l.count) - 1
			l.count, l.sum, l.sqr = append(l.count, l.count[last]), append(l.sum, l.sum[last]), append(l.sqr, l.sqr[last])
		}
		last := len(l.count) - 1
		l.count[last]++
		l.sum[last] += v
		l.sqr[last] += float64(v * v)
	}
	return l
}

// cost is the sum of squared distances of the distinct values from..to-1 to their mean.
func (l line) cost(from, to int) float64 {
	n, s, q := l.count[to]-l.count[from], l.sum[to]-l.sum[from], l.sqr[to]-l.sqr[from]
	return max(0, q-float64(s*s)/n)
}

// borders gives, for the best division into k groups, where each group begins, lowest first.
func (l line) borders(k int) []int {
	n := len(l.value)
	best := make([]float64, n+1)
	begin := make([][]int, k)
	for j := range n + 1 {
		best[j] = math.Inf(1)
		if j > 0 {
			best[j] = l.cost(0, j)
		}
	}
	begin[0] = make([]int, n+1)
	for g := 1; g < k; g++ {
		next, from := make([]float64, n+1), make([]int, n+1)
		for j := range n + 1 {
			next[j] = math.Inf(1)
			for i := g; i < j; i++ {
				if c := best[i] + l.cost(i, j); c < next[j] {
					next[j], from[j] = c, i
				}
			}
		}
		best, begin[g] = next, from
	}
	out, end := make([]int, k), n
	for g := k - 1; g >= 0; g-- {
		out[g] = begin[g][end]
		end = out[g]
	}
	return out
}

func (l line) divide(values []float64, borders []int) Clusters {
	k, n := len(borders), len(l.value)
	c := Clusters{Centres: make([]float64, k), Sizes: make([]int, k), Of: make([]int, len(values))}
	costs := make([]float64, k)
	for g, from := range borders {
		to, at := n, k-1-g
		if g+1 < k {
			to = borders[g+1]
		}
		c.Sizes[at] = int(l.count[to] - l.count[from])
		c.Centres[at] = (l.sum[to] - l.sum[from]) / (l.count[to] - l.count[from])
		costs[g] = l.cost(from, to)
	}
	c.SSE = Sum(costs)
	for i, v := range values {
		place, _ := slices.BinarySearch(l.value, v)
		g := k - 1
		for borders[g] > place {
			g--
		}
		c.Of[i] = k - 1 - g
	}
	return c
}

// Elbow gives the smallest sums of squared distances for 1 to most groups, and the number of groups where the curve bends most:
// farthest below the straight line between its ends, the smaller number when two are equal.
func Elbow(values []float64, most int) (sse []float64, at int) {
	for k := 1; k <= most; k++ {
		c := KMeans(values, k)
		if len(c.Centres) < k {
			break
		}
		sse = append(sse, c.SSE)
	}
	if len(sse) < 3 {
		return sse, len(sse)
	}
	best, last := 0.0, len(sse)-1
	at = 1
	for i, s := range sse {
		line := sse[0] + float64((sse[last]-sse[0])*float64(i))/float64(last)
		if d := line - s; d > best {
			best, at = d, i+1
		}
	}
	return sse, at
}

// Silhouette is the mean of (b-a)/max(a,b) over all values: a the mean distance to the own group, b to the nearest other group.
// It lies between -1 and 1; a value alone in its group counts 0; with fewer than two groups it is 0.
func Silhouette(values []float64, of []int) float64 {
	groups := 0
	for _, g := range of {
		groups = max(groups, g+1)
	}
	if groups < 2 {
		return 0
	}
	size := make([]float64, groups)
	for _, g := range of {
		size[g]++
	}
	scores := make([]float64, len(values))
	far := make([]float64, groups)
	sorted := byValue(values)
	for i, v := range values {
		clear(far)
		for _, j := range sorted { // in rising order, so that the sums do not depend on the rows'
			far[of[j]] += math.Abs(v - values[j])
		}
		if size[of[i]] < 2 {
			continue
		}
		a, b := far[of[i]]/(size[of[i]]-1), math.Inf(1)
		for g := range groups {
			if g != of[i] && size[g] > 0 {
				b = min(b, far[g]/size[g])
			}
		}
		if m := max(a, b); m > 0 && !math.IsInf(m, 1) {
			scores[i] = (b - a) / m
		}
	}
	return Mean(scores)
}

func byValue(values []float64) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case values[a] < values[b]:
			return -1
		case values[a] > values[b]:
			return 1
		}
		return 0
	})
	return order
}
