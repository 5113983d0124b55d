package geo

import "math"

// The ellipsoid of Krasovsky, which the published transformation is built on.
const (
	axis = 6_378_245.0
	ecc2 = 0.00669342162296594323
)

// GCJ02 gives a WGS-84 place in the datum of Chinese map services. Outside the rectangle that the transformation covers a place is left as it is.
func GCJ02(p Point) Point {
	if !covered(p) {
		return p
	}
	d := shift(p)
	return Point{p.Lat + d.Lat, p.Lon + d.Lon}
}

// WGS84 turns a GCJ-02 place back. The transformation has no closed inverse: the shift, which changes slowly, is looked up again at each
// better guess until a step is smaller than a centimetre.
func WGS84(p Point) Point {
	if !covered(p) {
		return p
	}
	guess := p
	for range 10 {
		d := shift(guess)
		next := Point{p.Lat - d.Lat, p.Lon - d.Lon}
		done := math.Abs(next.Lat-guess.Lat)+math.Abs(next.Lon-guess.Lon) < 1e-7
		if guess = next; done {
			break
		}
	}
	return guess
}

func covered(p Point) bool {
	return p.Lon > 72.004 && p.Lon < 137.8347 && p.Lat > 0.8293 && p.Lat < 55.8271
}

// shift is how far GCJ-02 lies from WGS-84 at a place, in degrees.
func shift(p Point) Point {
	x, y := p.Lon-105, p.Lat-35
	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) + waves(x, 20, 6, 20, 2) + waves(y, 20, 1, 40, 1.0/3) + waves(y, 160, 1.0/12, 320, 1.0/30)
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) + waves(x, 20, 6, 20, 2) + waves(x, 20, 1, 40, 1.0/3) + waves(x, 150, 1.0/12, 300, 1.0/30)
	sin, cos := math.Sincos(p.Lat * math.Pi / 180)
	w := 1 - ecc2*sin*sin
	return Point{
		Lat: north * 180 * w * math.Sqrt(w) / (axis * (1 - ecc2) * math.Pi),
		Lon: east * 180 * math.Sqrt(w) / (axis * cos * math.Pi),
	}
}

// waves is two thirds of two sines along v: amplitudes a and b in metres, frequencies f and g in half turns per degree.
func waves(v, a, f, b, g float64) float64 {
	return (a*math.Sin(f*v*math.Pi) + b*math.Sin(g*v*math.Pi)) * 2 / 3
}
