package nation

import "math"

// A product is rounded before it is added: a processor that fuses the two would give other bytes. The functions here use nothing
// that the library does in assembly.

// dot adds a times b to sum, each step rounded.
func dot(sum, a, b float64) float64 { return float64(sum) + float64(a*b) }

// exp is e to the power x, to about 1e-15.
func exp(x float64) float64 {
	if x > 700 {
		x = 700
	}
	if x < -700 {
		return 0
	}
	k := math.Floor(float64(x*(1/math.Ln2)) + 0.5)
	r := x - float64(k*math.Ln2)
	sum := 1.0
	for i := 14; i >= 1; i-- {
		sum = 1 + float64(r*sum)/float64(i)
	}
	return math.Ldexp(sum, int(k))
}

// ln is the natural logarithm of x > 0, to about 1e-15.
func ln(x float64) float64 {
	f, k := math.Frexp(x)
	z := (f - 1) / (f + 1)
	z2 := float64(z * z)
	sum := 0.0
	for i := 59; i >= 1; i -= 2 {
		sum = 1/float64(i) + float64(z2*sum)
	}
	return float64(2*float64(z*sum)) + float64(float64(k)*math.Ln2)
}

// power is x to the power y, for x > 0.
func power(x, y float64) float64 { return exp(float64(y * ln(x))) }

// between gives the value at x on the straight line from (x0, y0) to (x1, y1).
func between(x, x0, y0, x1, y1 float64) float64 {
	return float64(y0) + float64((y1-y0)*(x-x0))/(x1-x0)
}

// nearest is x as the nearest whole number, halves up.
func nearest(x float64) int64 { return int64(math.Floor(float64(x) + 0.5)) }
