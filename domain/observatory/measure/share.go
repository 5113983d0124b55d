package measure

import (
	"math"
	"slices"
)

// Gini is the concentration of values of 0 or more: 0 when all are equal, near 1 when one has everything; 0 of nothing.
func Gini(values []float64) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	n, total := float64(len(sorted)), sumSorted(sorted)
	if n == 0 || total == 0 {
		return 0
	}
	weighted := make([]float64, len(sorted))
	for i, v := range sorted {
		weighted[i] = float64((2*float64(i+1) - n - 1) * v)
	}
	return Sum(weighted) / float64(n*total)
}

// Lorenz gives the curve from (0,0) to (1,1): the share of everything that the smallest share of values has.
func Lorenz(values []float64) []Point {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	total, n := sumSorted(sorted), float64(len(sorted))
	out := []Point{{}}
	running := 0.0
	for i, v := range sorted {
		running += v
		p := Point{X: float64(i+1) / n}
		if total > 0 {
			p.Y = running / total
		}
		out = append(out, p)
	}
	return out
}

// Cumulative gives for the values from large to small what part of the total, in percent, the first 1, 2, 3 … have together.
func Cumulative(values []int64) []float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	total := int64(0)
	for _, v := range sorted {
		total += v
	}
	out, running := make([]float64, len(sorted)), int64(0)
	for i, v := range sorted {
		running += v
		out[i] = Percent(running, total)
	}
	return out
}

// TopShare is what part of the total, in percent, the largest top values have.
func TopShare(values []int64, top int) float64 {
	shares := Cumulative(values)
	if len(shares) == 0 || top < 1 {
		return 0
	}
	return shares[min(top, len(shares))-1]
}

// Zipf is a fitted power law: value = constant / rank^exponent.
type Zipf struct {
	Exponent float64
	R2       float64 // how much of the variance of the logarithms the line explains
	N        int     // values above 0, which alone have a logarithm
}

// FitZipf fits by least squares on the logarithms of rank and value. With fewer than three values above 0 all is 0.
func FitZipf(values []int64) Zipf {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	var x, y []float64
	for i, v := range sorted {
		if v > 0 {
			x, y = append(x, math.Log(float64(i+1))), append(y, math.Log(float64(v)))
		}
	}
	if len(x) < 3 {
		return Zipf{N: len(x)}
	}
	mx, my := Mean(x), Mean(y)
	xy, xx := make([]float64, len(x)), make([]float64, len(x))
	for i := range x {
		xy[i], xx[i] = float64((x[i]-mx)*(y[i]-my)), float64((x[i]-mx)*(x[i]-mx))
	}
	r := pearson(x, y)
	return Zipf{Exponent: -Sum(xy) / Sum(xx), R2: float64(r * r), N: len(x)}
}

// ZipfShare is what part, in percent, the first top of n kinds have under value = 1/rank^exponent.
func ZipfShare(n, top int, exponent float64) float64 {
	part, whole := 0.0, 0.0
	for k := 1; k <= n; k++ {
		v := math.Pow(float64(k), -exponent)
		whole += v
		if k <= top {
			part += v
		}
	}
	if whole == 0 {
		return 0
	}
	return 100 * part / whole
}

// ExponentFor gives the exponent under which the first top of n kinds have share percent, by bisection between 0 and 10; false
// when no exponent there gives it.
func ExponentFor(n, top int, share float64) (float64, bool) {
	low, high := 0.0, 10.0
	if n < 1 || top < 1 || ZipfShare(n, top, low) > share || ZipfShare(n, top, high) < share {
		return 0, false
	}
	for range 60 {
		mid := (low + high) / 2
		if ZipfShare(n, top, mid) < share {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2, true
}
