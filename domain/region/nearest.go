package region

import "math"

// place is a point of which the city is known.
type place struct {
	lon, lat float64
	city     int32 // -1 when it lies in no city
}

// place collects what Nearest looks at: the governments of the counties, the middles of cities without counties, and
// those of Hong Kong, Macau and Taiwan, so that nobody there is told a city across the border.
func (t *Tree) place() {
	covered := map[int32]bool{}
	for _, r := range t.all {
		if r.Level != County || r.Lon == 0 {
			continue
		}
		p := place{r.Lon, r.Lat, -1}
		if city, ok := t.City(r.Code); ok {
			p.city = t.at[city.Code]
			covered[p.city] = true
		}
		t.places = append(t.places, p)
	}
	for i, r := range t.all {
		at := int32(i)
		switch {
		case r.IsCity() && !covered[at]:
			t.places = append(t.places, place{r.Lon, r.Lat, at})
		case r.Level == Province && len(t.children[i]) == 0:
			t.places = append(t.places, place{r.Lon, r.Lat, -1})
		}
	}
}

// reach is how far, in kilometres, a point may lie from the nearest place and still be in its city: the
// emptiest counties of the west have nothing else within that distance.
const reach = 350

// Nearest gives the city of the county whose government is nearest to a point; near a border that may be the
// neighbour's. It gives the zero Region when the coordinates are no place on earth, when nothing is within 350 km, and
// where there is no city to choose: Hong Kong, Macau, Taiwan, counties run by their province.
func (t *Tree) Nearest(lon, lat float64) Region {
	if !(math.Abs(lon) <= 180 && math.Abs(lat) <= 90) { // also catches NaN
		return Region{}
	}
	// A flat sheet at the point's own latitude is right to a few per cent at these distances.
	const degree = 111.2
	narrow := math.Cos(lat * math.Pi / 180)
	best, city := reach/degree*(reach/degree), int32(-1)
	for _, p := range t.places {
		dx, dy := (p.lon-lon)*narrow, p.lat-lat
		if d := dx*dx + dy*dy; d < best {
			best, city = d, p.city
		}
	}
	if city < 0 {
		return Region{}
	}
	return t.all[city]
}
