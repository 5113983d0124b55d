package component

import (
	"errors"
	"math"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"zhijian/ground/geo"
)

// TileServer is a server of pictures that the operator named; they are drawn under the grid of maps. The zero value is none: then nothing is
// asked of anybody.
type TileServer struct {
	// Template is the address of a tile with {z}, {x} and {y}: https, or a path of this site.
	Template string
	// Credit names whose map it is, with its approval number where one is needed. It stands below each map.
	Credit string
	// GCJ02 says that the tiles lie by the coordinates of Chinese map services.
	GCJ02 bool
}

// Check refuses what must not be asked for pictures. plain lets http on loopback pass, for a house that is itself reached so.
func (t TileServer) Check(plain bool) error {
	if t == (TileServer{}) {
		return nil
	}
	for _, hole := range []string{"{z}", "{x}", "{y}"} {
		if strings.Count(t.Template, hole) != 1 {
			return errors.New("tiles: the address needs {z}, {x} and {y}, each once")
		}
	}
	u, err := url.Parse(t.at(0, 0, 0))
	switch {
	case strings.TrimSpace(t.Credit) == "":
		return errors.New("tiles: say whose map it is")
	case err != nil || u.User != nil || u.Fragment != "" || strings.ContainsAny(t.Template, " '\"<>;,\\"):
		return errors.New("tiles: this is no address of pictures")
	case t.moves():
		return errors.New("tiles: the host must be one and the same")
	case u.Scheme == "" && u.Host == "" && strings.HasPrefix(u.Path, "/"), u.Scheme == "https" && u.Host != "":
		return nil
	case plain && u.Scheme == "http":
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil && ip.IsLoopback() {
			return nil
		}
	}
	return errors.New("tiles: the address must be https, or a path of this site")
}

// moves reports a template whose host is another for another tile.
func (t TileServer) moves() bool {
	_, rest, there := strings.Cut(t.Template, "://")
	host, _, _ := strings.Cut(rest, "/")
	return there && strings.Contains(host, "{")
}

// Origin is where browsers fetch tiles, for the content policy; empty for this site or none.
func (t TileServer) Origin() string {
	u, err := url.Parse(t.at(0, 0, 0))
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func (t TileServer) at(z, x, y int) string {
	return strings.NewReplacer("{z}", strconv.Itoa(z), "{x}", strconv.Itoa(x), "{y}", strconv.Itoa(y)).Replace(t.Template)
}

// tile is one picture where it lies on the sheet.
type tile struct {
	x, y, width, height float64
	href                string
}

// tileSide is the width of a tile in its own px; mostTiles bounds what one map fetches.
const (
	tileSide  = 256
	mostTiles = 16
)

// tiles are those that the sheet shows. The house's own points are WGS-84; only here, where others' pictures are laid, are they shifted.
func (s sheet) tiles(t TileServer) []tile {
	if t.Template == "" {
		return nil
	}
	in, out := func(p geo.Point) geo.Point { return p }, func(p geo.Point) geo.Point { return p }
	if t.GCJ02 {
		in, out = geo.GCJ02, geo.WGS84
	}
	for zoom := geo.TileZoom(s.middle.Lat, s.perMetre, tileSide); ; zoom-- {
		west, north := geo.Tile(in(s.at(0, 0)), zoom)
		east, south := geo.Tile(in(s.at(s.width, s.height)), zoom)
		x0, y0, x1, y1 := math.Floor(west), math.Floor(north), math.Ceil(east), math.Ceil(south)
		if (x1-x0)*(y1-y0) > mostTiles && zoom > 1 {
			continue
		}
		var list []tile
		most := int(math.Exp2(float64(zoom)))
		for y := int(y0); y < int(y1); y++ {
			for x := int(x0); x < int(x1); x++ {
				if x < 0 || y < 0 || x >= most || y >= most {
					continue
				}
				left, top := s.xy(out(geo.TileCorner(float64(x), float64(y), zoom)))
				right, bottom := s.xy(out(geo.TileCorner(float64(x+1), float64(y+1), zoom)))
				list = append(list, tile{left, top, right - left, bottom - top, t.at(zoom, x, y)})
			}
		}
		return list
	}
}

// at reverses xy.
func (s sheet) at(x, y float64) geo.Point {
	return geo.Point{
		Lat: s.middle.Lat + (s.height/2-y)/s.perMetre/geo.Degree,
		Lon: s.middle.Lon + (x-s.width/2)/s.perMetre/(geo.Degree*math.Cos(s.middle.Lat*math.Pi/180)),
	}
}
