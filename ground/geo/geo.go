// Package geo knows places on earth: how far they lie apart, and the datum in which Chinese maps write them.
//
// Inside the house every coordinate is WGS-84, in degrees. GCJ-02 is what map services in China publish; it is met at the edge
// only and turned at once.
package geo

import (
	"math"
	"strconv"
	"strings"
)

// Point is a place in degrees: latitude to the north, longitude to the east. The zero Point lies in the sea off Ghana and stands for unknown.
type Point struct{ Lat, Lon float64 }

// Known reports a place that is on earth and not the zero Point.
func (p Point) Known() bool {
	return p != Point{} && math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180 // also refuses NaN
}

// Parse reads a latitude and a longitude in degrees, "30.274,120.155"; false for what is no place on earth.
func Parse(s string) (p Point, ok bool) {
	lat, lon, _ := strings.Cut(s, ",")
	var err1, err2 error
	p.Lat, err1 = strconv.ParseFloat(strings.TrimSpace(lat), 64)
	p.Lon, err2 = strconv.ParseFloat(strings.TrimSpace(lon), 64)
	return p, err1 == nil && err2 == nil && p.Known()
}

// earth is the mean radius in metres (IUGG).
const earth = 6_371_008.8

// Degree is how many metres a degree of latitude is.
const Degree = earth * math.Pi / 180

// Metres is the great-circle distance on a sphere; the earth's flattening makes it wrong by 0.5 % at most.
func Metres(a, b Point) float64 {
	lat1, lat2 := a.Lat*math.Pi/180, b.Lat*math.Pi/180
	s, t := math.Sin((lat2-lat1)/2), math.Sin((b.Lon-a.Lon)*math.Pi/360)
	return 2 * earth * math.Asin(math.Min(1, math.Sqrt(s*s+math.Cos(lat1)*math.Cos(lat2)*t*t)))
}

// Offset is the place so many metres to the east and north of p, for distances within a city.
func (p Point) Offset(east, north float64) Point {
	return Point{Lat: p.Lat + north/Degree, Lon: p.Lon + east/(Degree*math.Cos(p.Lat*math.Pi/180))}
}

// Rough rounds to a thousandth of a degree, about 100 m: enough to find what is near, too little to tell a home.
func (p Point) Rough() Point {
	return Point{math.Round(p.Lat*1000) / 1000, math.Round(p.Lon*1000) / 1000}
}
