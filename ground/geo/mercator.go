package geo

import "math"

// mercatorEdge is the latitude at which the square of the web mercator projection ends (EPSG:3857).
const mercatorEdge = 85.05112877980659

// Tile gives where a point lies among the tiles of a zoom in web mercator: whole numbers are corners of tiles, x from west, y from north.
func Tile(p Point, zoom int) (x, y float64) {
	n := math.Exp2(float64(zoom))
	lat := min(max(p.Lat, -mercatorEdge), mercatorEdge) * math.Pi / 180
	return (p.Lon + 180) / 360 * n, (1 - math.Asinh(math.Tan(lat))/math.Pi) / 2 * n
}

// TileCorner reverses Tile.
func TileCorner(x, y float64, zoom int) Point {
	n := math.Exp2(float64(zoom))
	return Point{Lat: math.Atan(math.Sinh(math.Pi*(1-2*y/n))) * 180 / math.Pi, Lon: x/n*360 - 180}
}

// TileZoom is the zoom whose tiles, of side px, come nearest to a scale at a latitude, from 1 to 18.
func TileZoom(lat, pxPerMetre, side float64) int {
	around := 2 * math.Pi * 6378137 * math.Cos(lat*math.Pi/180)
	return min(max(int(math.Round(math.Log2(around*pxPerMetre/side))), 1), 18)
}
