package service

import (
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/decls"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"zhijian/ground/fault"
	"zhijian/ground/geo"
)

// Place is a part of a city that a resident can name when they do not give their position.
type Place struct {
	Code string // GB/T 2260
	Name Text
	At   geo.Point
}

// A degree is kept in millionths, as a whole number: it compares exactly, and a stored state is the one that was stored.
const millionths = 1e6

// degree reads what an office gave as a coordinate; ok is false for what is no number of degrees.
func degree(v any) (int64, bool) {
	var d float64
	switch v := v.(type) {
	case int64:
		d = float64(v)
	case float64:
		d = v
	default:
		return 0, false
	}
	return int64(math.Round(d * millionths)), math.Abs(d) <= 180
}

// pointOf gives the place that an object's members lat and lon say; the zero Point when they do not.
func pointOf(m any) geo.Point {
	p := geo.Point{Lat: float64(intOf(m, "lat")) / millionths, Lon: float64(intOf(m, "lon")) / millionths}
	if !p.Known() {
		return geo.Point{}
	}
	return p
}

// located reports whether objects of a shape lie somewhere.
func (s *shape) located() bool {
	if s == nil || s.kind != "object" {
		return false
	}
	lat, lon := s.field("lat"), s.field("lon")
	return lat != nil && lon != nil && lat.kind == "degree" && lon.kind == "degree"
}

// straightened turns every GCJ-02 place in an office's answer, which conforms to s, into WGS-84. It works on v itself.
func (s *shape) straightened(v any) any {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			s.elem.straightened(e)
		}
	case map[string]any:
		if p := pointOf(v); s.located() && p.Known() {
			p = geo.WGS84(p)
			v["lat"], v["lon"] = int64(math.Round(p.Lat*millionths)), int64(math.Round(p.Lon*millionths))
		}
		for _, f := range s.fields {
			f.shape.straightened(v[f.name])
		}
	}
	return v
}

// typeLocation is the answer type that says where a resident is; its value has a kind of the same name.
const typeLocation = "location"

// locationShape is the value of an answer of type location.
func locationShape() *shape {
	return object("location", member{"lat", scalar("degree")}, member{"lon", scalar("degree")}, member{"name", scalar("text")})
}

// readLocation reads a place of the offer by its code, or a position "30.274,120.155", which is kept to a thousandth of a degree only,
// whatever the page sent.
func (r *run) readLocation(s string) (any, error) {
	near := r.env.Offer.places()
	if i := slices.IndexFunc(near, func(p Place) bool { return p.Code == s }); i >= 0 {
		p := near[i]
		return locationOf(p.At, p.Name.In(r.env.Lang)), nil
	}
	p, ok := geo.Parse(s)
	if !ok {
		return nil, fault.Invalid("answer.option", "请从列出的选项里选一个")
	}
	return locationOf(p.Rough(), phrased(r.env.Lang, "here")), nil
}

// roughly writes a position to a thousandth of a degree; what is none stays as it was typed.
func roughly(s string) string {
	p, ok := geo.Parse(s)
	if !ok {
		return s
	}
	p = p.Rough()
	return strconv.FormatFloat(p.Lat, 'f', 3, 64) + "," + strconv.FormatFloat(p.Lon, 'f', 3, 64)
}

func locationOf(p geo.Point, name string) map[string]any {
	return map[string]any{"lat": int64(math.Round(p.Lat * millionths)), "lon": int64(math.Round(p.Lon * millionths)), "name": name}
}

// placeOptions are the places that a location can be chosen from, and the position that was given before.
func (r *run) placeOptions(typed string) []Option {
	var out []Option
	for _, p := range r.env.Offer.places() {
		out = append(out, Option{Value: p.Code, Label: p.Name.In(r.env.Lang)})
	}
	if strings.Contains(typed, ",") {
		out = append(out, Option{Value: typed, Label: phrased(r.env.Lang, "here")})
	}
	return out
}

// nearFunction is near(list, location, metres): what lies within so many metres, nearest first. What has no coordinates is left out; when the
// location is not known the list is given as it came.
func nearFunction() cel.EnvOption {
	list := types.NewListType(types.NewTypeParamType("T"))
	// Objects are maps when an expression runs, so the checker alone holds the second argument to be a location.
	return cel.Function("near", decls.DisableTypeGuards(true), cel.Overload("near_list_location_int", []*types.Type{list, types.NewObjectType("location"), types.IntType}, list,
		cel.FunctionBinding(func(args ...ref.Val) ref.Val {
			from, metres := pointOf(native(args[1], 0)), args[2]
			all, isList := args[0].(traits.Lister)
			limit, isWhole := metres.(types.Int)
			if !isList || !isWhole {
				return types.NewErr("near takes a list, a location and metres")
			}
			if !from.Known() {
				return all
			}
			return types.DefaultTypeAdapter.NativeToValue(nearest(native(all, 0), from, float64(limit)))
		})))
}

// nearest keeps the objects of a list within so many metres of a place, nearest first; those equally far stay in order.
func nearest(v any, from geo.Point, metres float64) []any {
	type far struct {
		item any
		m    float64
	}
	list, _ := v.([]any)
	var kept []far
	for _, item := range list {
		if m := metresTo(item, from); m <= metres {
			kept = append(kept, far{item, m})
		}
	}
	slices.SortStableFunc(kept, func(a, b far) int {
		switch {
		case a.m < b.m:
			return -1
		case a.m > b.m:
			return 1
		}
		return 0
	})
	out := make([]any, len(kept))
	for i, k := range kept {
		out[i] = k.item
	}
	return out
}

// metresTo is how far an object lies from a place: itself, or the nearest place of its path. What lies nowhere is infinitely far.
func metresTo(item any, from geo.Point) float64 {
	if p := pointOf(item); p.Known() {
		return geo.Metres(from, p)
	}
	m, _ := item.(map[string]any)
	path, _ := m["path"].([]any)
	least := math.Inf(1)
	for _, e := range path {
		if p := pointOf(e); p.Known() {
			least = min(least, geo.Metres(from, p))
		}
	}
	return least
}

// lintWhere refuses a call that tells an office where somebody is: offices give what there is, and the house finds what is near.
func (l *loader) lintWhere(s *draftStep) {
	for _, e := range s.exprs() {
		for _, a := range l.d.answers {
			if a.name == typeLocation && (slices.Contains(e.refs, a.id) || slices.Contains(e.refs, "answers."+a.id)) {
				l.say(s.m.node, s.m.path, "%q tells the office where the resident is; ask for everything and take what is near with near().", clip(e.src))
				return
			}
		}
	}
}

// places reads the districts and counties of every city, when the regions are there; those without coordinates are left out. What is wrong
// with the file is the room of regions' to say.
func places(fsys fs.FS) map[string][]Place {
	const name = "regions/regions.csv"
	of := map[string][]Place{}
	if _, err := fs.Stat(fsys, name); err != nil {
		return of
	}
	table(fsys, name, func(_ int, row map[string]string) {
		lat, err1 := strconv.ParseFloat(row["lat"], 64)
		lon, err2 := strconv.ParseFloat(row["lon"], 64)
		if p := (geo.Point{Lat: lat, Lon: lon}); row["level"] == "county" && err1 == nil && err2 == nil && p.Known() {
			of[row["parent"]] = append(of[row["parent"]], Place{Code: row["code"], Name: Text{row["name"], row["en"]}, At: p})
		}
	})
	return of
}
