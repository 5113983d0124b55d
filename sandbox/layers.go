package sandbox

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"zhijian/catalog"
	"zhijian/ground/clock"
	"zhijian/ground/geo"
)

// spot is the middle of a district.
type spot struct {
	name  string
	urban bool // 市辖区
	at    geo.Point
}

// districts are the counties of every city, by the city's code, from the catalogue's table. Those without coordinates are left out.
var districts = sync.OnceValues(func() (map[string][]spot, error) {
	f, err := catalog.FS.Open("regions/regions.csv")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	out := map[string][]spot{}
	for _, row := range rows[1:] {
		name, level, kind, parent := row[1], row[5], row[6], row[7]
		lon, err1 := strconv.ParseFloat(row[8], 64)
		lat, err2 := strconv.ParseFloat(row[9], 64)
		if s := (spot{name, kind == "市辖区", geo.Point{Lat: lat, Lon: lon}}); level == "county" && err1 == nil && err2 == nil && s.at.Known() {
			out[parent] = append(out[parent], s)
		}
	}
	return out, nil
})

// spots gives the urban districts of a city, or all its counties when it has none; none for a code that is no city.
func spots(code string) ([]spot, error) {
	all, err := districts()
	if err != nil {
		return nil, err
	}
	if urban := slices.DeleteFunc(slices.Clone(all[code]), func(s spot) bool { return !s.urban }); len(urban) > 0 {
		return urban, nil
	}
	return all[code], nil
}

// sited puts the n-th place of a city, from 0, into one of its districts, always at the same spot; it adds nothing for a code that is no city.
func sited(into data, code string, n int) error {
	where, err := spots(code)
	if err != nil || len(where) == 0 {
		return err
	}
	h := hashed(code + "-" + strconv.Itoa(n))
	p := where[n%len(where)].at.Offset(float64(h%3000)-1500, float64(h/3000%3000)-1500)
	into["lat"], into["lon"] = degrees(p.Lat), degrees(p.Lon)
	return nil
}

// layer answers with things that lie in a city: the rows of a table once around every urban district, or once around the first, the city's centre.
// In a row, at: [east, north] in metres becomes lat and lon, and path: [[east, north], …] a list of places; a row without both is put somewhere
// within reach.
type layer struct {
	Table   string
	Centre  bool              // once only, around the centre
	Reach   int               // metres from a district's middle
	Match   map[string]string // input → column that holds it; an empty input matches every row
	Minutes int               // how often the answer is made anew
}

func (l *layer) takes() string {
	return strings.Join(append([]string{"region"}, slices.Sorted(maps.Keys(l.Match))...), ", ")
}
func (l *layer) gives() string { return "known, items[{lat, lon or path, …}], as_of" }

func (l *layer) answer(b *bureau, call string, in question) (data, error) {
	for input := range l.Match {
		switch ending(in.text(input), 2) {
		case "13":
			return nil, errSilent
		case "44":
			return nil, refusal{"window", "这一项不能在网上查，请到窗口办理"}
		case "00":
			return data{"known": true, "items": []data{}, "as_of": stamp(in.at)}, nil
		}
	}
	where, err := spots(in.text("region"))
	if err != nil || len(where) == 0 {
		return unknown(in), err
	}
	if l.Centre {
		where = where[:1]
	}
	asOf := in.at.In(clock.Shanghai).Truncate(time.Duration(max(l.Minutes, 1)) * time.Minute)
	items := []data{}
	for i, s := range where {
		for j, row := range b.Tables[l.Table] {
			if !l.fits(row, in) {
				continue
			}
			// Where a thing stands does not change; what is said of it does.
			fixed := b.maker(subject{key: fmt.Sprint(in.text("region"), i, j), person: nobody}, "where", in)
			m := b.maker(subject{key: fmt.Sprint(in.text("region"), i, j), person: nobody}, call+asOf.Format("0601021504"), in)
			m.words = strings.NewReplacer("{district}", s.name)
			placed := l.placed(row, s.at, fixed)
			made, err := m.object(placed)
			if err != nil {
				return nil, err
			}
			made["as_of"] = stamp(asOf)
			items = append(items, made)
		}
	}
	return data{"known": len(items) > 0, "items": items, "as_of": stamp(asOf)}, nil
}

// fits reports whether a row's columns, texts or lists of texts, hold what is asked for.
func (l *layer) fits(row map[string]any, in question) bool {
	for input, column := range l.Match {
		want := strings.ToLower(in.text(input))
		if want == "" || want == "all" {
			continue
		}
		list, isList := row[column].([]any)
		if !isList {
			list = []any{row[column]}
		}
		if !slices.ContainsFunc(list, func(v any) bool {
			s, _ := v.(string)
			return s != "" && (strings.Contains(strings.ToLower(s), want) || strings.Contains(want, strings.ToLower(s)))
		}) {
			return false
		}
	}
	return true
}

// placed gives a row with places in degrees.
func (l *layer) placed(row map[string]any, middle geo.Point, m *maker) map[string]any {
	out := maps.Clone(row)
	at, stands := offset(row["at"])
	path, leads := row["path"].([]any)
	delete(out, "at")
	if leads {
		var places []any
		for _, e := range path {
			o, _ := offset(e)
			p := middle.Offset(o[0], o[1])
			places = append(places, map[string]any{"lat": degrees(p.Lat), "lon": degrees(p.Lon)})
		}
		out["path"] = places
	}
	if !leads && !stands {
		turn, far := 2*math.Pi*m.r.Float64(), float64(l.Reach)*math.Sqrt(m.r.Float64())
		at = [2]float64{far * math.Cos(turn), far * math.Sin(turn)}
	}
	if !leads || stands {
		p := middle.Offset(at[0], at[1])
		out["lat"], out["lon"] = degrees(p.Lat), degrees(p.Lon)
	}
	return out
}

// offset reads [east, north] in metres.
func offset(v any) (o [2]float64, ok bool) {
	list, _ := v.([]any)
	if len(list) != 2 {
		return o, false
	}
	for i, e := range list {
		n, isInt := e.(int)
		if !isInt {
			return o, false
		}
		o[i] = float64(n)
	}
	return o, true
}

// degrees writes a coordinate as offices do: five decimals, about a metre.
func degrees(v float64) float64 { return math.Round(v*1e5) / 1e5 }

// busy is how full a city is at an hour, from 0 to 1: two peaks on the way to work and back.
func busy(at time.Time) float64 {
	h := float64(at.Hour()) + float64(at.Minute())/60
	peak := func(mid, width float64) float64 { return math.Exp(-(h - mid) * (h - mid) / (2 * width * width)) }
	return min(1, 0.08+0.85*peak(8, 1)+0.9*peak(18, 1.2)+0.35*peak(13, 3.5))
}

// rush is how a road flows: the weight of the road, 0 to 100, and the hour decide.
func (m *maker) rush(weight int) string {
	load := float64(weight)*busy(m.at) + float64(m.r.IntN(15))
	switch {
	case load > 60:
		return "jam"
	case load > 35:
		return "slow"
	}
	return "free"
}
