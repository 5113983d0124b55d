package geo_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"zhijian/ground/geo"
)

func TestMetres(t *testing.T) {
	beijing, shanghai := geo.Point{Lat: 39.9042, Lon: 116.4074}, geo.Point{Lat: 31.2304, Lon: 121.4737}
	if d := geo.Metres(beijing, shanghai); math.Abs(d-1_067_300) > 1_500 {
		t.Errorf("Beijing to Shanghai is %.0f m", d)
	}
	if d := geo.Metres(beijing, beijing); d != 0 {
		t.Errorf("a place is %v m from itself", d)
	}
	q := beijing.Offset(3000, 4000)
	if d := geo.Metres(beijing, q); math.Abs(d-5000) > 5 {
		t.Errorf("3 km east and 4 km north is %.1f m away", d)
	}
}

// TestGCJ02 holds the transformation against pairs that its published implementations agree on.
func TestGCJ02(t *testing.T) {
	for _, c := range []struct{ wgs, gcj geo.Point }{
		{geo.Point{Lat: 39.907375, Lon: 116.391349}, geo.Point{Lat: 39.908778, Lon: 116.397592}}, // Tiananmen
		{geo.Point{Lat: 31.1774276, Lon: 121.5272106}, geo.Point{Lat: 31.17530398364597, Lon: 121.531541859215}},
		{geo.Point{Lat: 22.543847, Lon: 113.912316}, geo.Point{Lat: 22.540796131694766, Lon: 113.9171764808363}},
	} {
		if d := geo.Metres(geo.GCJ02(c.wgs), c.gcj); d > 1 {
			t.Errorf("%v becomes %v, %.2f m from %v", c.wgs, geo.GCJ02(c.wgs), d, c.gcj)
		}
		if d := geo.Metres(geo.WGS84(c.gcj), c.wgs); d > 1 {
			t.Errorf("%v comes back as %v, %.2f m from %v", c.gcj, geo.WGS84(c.gcj), d, c.wgs)
		}
	}
}

func TestThereAndBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		p := geo.Point{Lat: 3 + r.Float64()*50, Lon: 74 + r.Float64()*60}
		if d := geo.Metres(geo.WGS84(geo.GCJ02(p)), p); d > 0.02 {
			t.Fatalf("%v comes back %.3f m away", p, d)
		}
	}
	for _, abroad := range []geo.Point{{Lat: 48.85, Lon: 2.35}, {Lat: -33.9, Lon: 151.2}} {
		if geo.GCJ02(abroad) != abroad || geo.WGS84(abroad) != abroad {
			t.Errorf("%v lies outside and was moved", abroad)
		}
	}
}

func TestRoughAndKnown(t *testing.T) {
	p := geo.Point{Lat: 30.274156, Lon: 120.155149}
	if got := p.Rough(); got != (geo.Point{Lat: 30.274, Lon: 120.155}) {
		t.Errorf("rough is %v", got)
	}
	if d := geo.Metres(p, p.Rough()); d > 80 {
		t.Errorf("rounding moved %.0f m", d)
	}
	for p, want := range map[geo.Point]bool{p: true, {}: false, {Lat: 91, Lon: 10}: false, {Lat: 10, Lon: -181}: false, {Lat: math.NaN(), Lon: 1}: false} {
		if p.Known() != want {
			t.Errorf("%v known: %v", p, p.Known())
		}
	}
}
