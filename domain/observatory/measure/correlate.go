package measure

import "math"

// Correlation is a coefficient with its 95 percent interval.
type Correlation struct {
	R         float64
	Low, High float64 // by Fisher's transformation; -1 and 1 when N is below 4
	N         int
}

const z95 = 1.959963984540054 // 97.5 percent point of the normal distribution

// Pearson is the linear correlation of pairs. R is 0 when either side does not vary.
func Pearson(x, y []float64) Correlation {
	r := pearson(x, y)
	return interval(r, len(x), 1)
}

// Spearman is the correlation of ranks, equals sharing mean ranks. Its interval has the wider error of Bonett and Wright (2000).
func Spearman(x, y []float64) Correlation {
	r := pearson(midRanks(x), midRanks(y))
	return interval(r, len(x), 1+float64(float64(r*r)/2))
}

func pearson(x, y []float64) float64 {
	mx, my := Mean(x), Mean(y)
	xy, xx, yy := make([]float64, len(x)), make([]float64, len(x)), make([]float64, len(x))
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		xy[i], xx[i], yy[i] = float64(dx*dy), float64(dx*dx), float64(dy*dy)
	}
	below := math.Sqrt(float64(Sum(xx) * Sum(yy)))
	if below == 0 {
		return 0
	}
	return max(-1, min(1, Sum(xy)/below))
}

func interval(r float64, n int, widen float64) Correlation {
	c := Correlation{R: r, Low: -1, High: 1, N: n}
	if n < 4 {
		return c
	}
	if math.Abs(r) == 1 {
		c.Low, c.High = r, r
		return c
	}
	z, half := math.Atanh(r), float64(z95*math.Sqrt(widen/float64(n-3)))
	c.Low, c.High = math.Tanh(z-half), math.Tanh(z+half)
	return c
}
