package geo_test

import (
	"math"
	"testing"

	"zhijian/ground/geo"
)

// TestTile: points whose tiles were worked out by the other form of the projection, ln tan(π/4 + φ/2).
func TestTile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		p    geo.Point
		zoom int
		x, y int
	}{
		{"the middle of the world", geo.Point{}, 1, 1, 1},
		{"the north-west corner", geo.Point{Lat: 85.05112877980659, Lon: -180}, 10, 0, 0},
		{"Berlin, Fernsehturm", geo.Point{Lat: 52.52082, Lon: 13.40942}, 16, 35209, 21492},
		{"Hangzhou, Wulin square", geo.Point{Lat: 30.2741, Lon: 120.1551}, 12, 3415, 1686},
	} {
		x, y := geo.Tile(c.p, c.zoom)
		if int(x) != c.x || int(y) != c.y {
			t.Errorf("%s: tile %.3f %.3f, want %d %d", c.name, x, y, c.x, c.y)
		}
		if back := geo.TileCorner(x, y, c.zoom); math.Abs(back.Lat-c.p.Lat)+math.Abs(back.Lon-c.p.Lon) > 1e-9 {
			t.Errorf("%s: there and back: %v", c.name, back)
		}
	}
	// EPSG:3857 has Paris (48.8566, 2.3522) at 261,846 m east and 6,250,564 m north of the middle of a square of 2 × 20,037,508.34 m.
	x, y := geo.Tile(geo.Point{Lat: 48.8566, Lon: 2.3522}, 0)
	if east, north := (2*x-1)*20037508.34, (1-2*y)*20037508.34; math.Abs(east-261846) > 5 || math.Abs(north-6250564) > 5 {
		t.Errorf("Paris lies at %.0f %.0f", east, north)
	}
	// 156543.03 m of the equator are one pixel of 256 at zoom 0.
	if z := geo.TileZoom(0, 1/156543.03392804097*1024, 256); z != 10 {
		t.Errorf("zoom %d, want 10", z)
	}
}
