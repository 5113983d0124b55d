package sandbox_test

import (
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/geo"
	"zhijian/sandbox"
)

// TestLayers: what lies in a city lies near its districts, stands still, and is said anew as the clock goes.
func TestLayers(t *testing.T) {
	t.Parallel()
	watch := clock.At(time.Date(2026, 11, 30, 8, 0, 0, 0, clock.Shanghai))
	urls := world(t, sandbox.Config{Clock: watch}).URLs()
	first := got(t, urls["public_bikes"], "docks.now", "", object{"region": "330100"})
	items, _ := first["items"].([]any)
	if first["known"] != true || len(items) < 20 || len(items) > 300 {
		t.Fatalf("%d docks, known %v", len(items), first["known"])
	}
	hangzhou := geo.Point{Lat: 30.25, Lon: 120.16}
	for _, it := range items {
		if d := geo.Metres(hangzhou, placeOf(it)); d > 60_000 {
			t.Errorf("a dock lies %.0f m from Hangzhou", d)
		}
	}
	watch.Advance(30 * time.Minute)
	later, _ := got(t, urls["public_bikes"], "docks.now", "", object{"region": "330100"})["items"].([]any)
	changed := false
	for i := range items {
		a, b := items[i].(map[string]any), later[i].(map[string]any)
		if a["lat"] != b["lat"] || a["lon"] != b["lon"] {
			t.Errorf("%v moved", a["name"])
		}
		changed = changed || a["bikes"] != b["bikes"]
	}
	if !changed {
		t.Error("in half an hour no bike was taken")
	}
	if d := got(t, urls["public_bikes"], "docks.now", "", object{"region": "999999"}); d["known"] != false {
		t.Errorf("nowhere has docks: %v", d)
	}
	if d := got(t, urls["road_conditions"], "roads.now", "", object{"region": "330100", "road": "江滨"}); len(d["items"].([]any)) == 0 {
		t.Error("the road is not found")
	}
	if d := got(t, urls["road_conditions"], "roads.now", "", object{"region": "330100", "road": "某路 00"}); len(d["items"].([]any)) != 0 {
		t.Error("00 has something")
	}
}

// TestGrids: no cell tells of fewer than ten people, and rain is told for two hours, minute by minute.
func TestGrids(t *testing.T) {
	t.Parallel()
	watch := clock.At(time.Date(2026, 11, 30, 8, 0, 0, 0, clock.Shanghai))
	urls := world(t, sandbox.Config{Clock: watch}).URLs()
	for range 8 {
		cells, _ := got(t, urls["crowd"], "crowd.now", "", object{"region": "330100"})["cells"].([]any)
		if len(cells) == 0 {
			t.Fatal("nobody is in the city")
		}
		for _, c := range cells {
			if n, _ := c.(map[string]any)["people"].(float64); n < 10 {
				t.Errorf("a cell of %v people", n)
			}
		}
		rain, _ := got(t, urls["rain_radar"], "rain.next", "", object{"region": "330100"})["cells"].([]any)
		if len(rain) != 121 {
			t.Fatalf("%d cells of rain", len(rain))
		}
		for _, c := range rain {
			m := c.(map[string]any)
			rates, _ := m["rates"].([]any)
			begins, _ := m["begins"].(float64)
			most, _ := m["most"].(float64)
			if len(rates) != 25 || (begins < 0) != (most == 0) || begins > 120 {
				t.Fatalf("rain %v", m)
			}
		}
		watch.Advance(3 * time.Hour)
	}
}

func placeOf(v any) geo.Point {
	m, _ := v.(map[string]any)
	lat, _ := m["lat"].(float64)
	lon, _ := m["lon"].(float64)
	return geo.Point{Lat: lat, Lon: lon}
}
