package component_test

import (
	"fmt"
	"strings"
	"testing"

	"zhijian/domain/service"
	"zhijian/ground/geo"
	"zhijian/ui/component"
	"zhijian/ui/scene"
)

// TestMapAndListAgree: every number on the map is on the list, and what lies nowhere is on the list alone.
func TestMapAndListAgree(t *testing.T) {
	t.Parallel()
	here := geo.Point{Lat: 30.25, Lon: 120.16}
	far := here.Offset(4000, -3000)
	m := service.Map{
		Bounds: service.Bounds{South: far.Lat, West: here.Lon, North: here.Lat, East: far.Lon},
		Points: []service.MapPoint{
			{MapEntry: service.MapEntry{No: 1, Title: "甲<b>", Metres: 40}, At: here},
			{MapEntry: service.MapEntry{No: 2, Title: "乙", Metres: 5000, Tone: "danger"}, At: far},
			{MapEntry: service.MapEntry{No: 3, Title: "丙", Metres: -1}},
		},
	}
	html := draw(t, scene.Scene{Lang: "zh"}, component.CityMap{ID: "m", Map: m})
	for n, drawn := range map[int]bool{1: true, 2: true, 3: false} {
		if strings.Contains(html, fmt.Sprintf(">%d</text>", n)) != drawn {
			t.Errorf("number %d drawn: %v\n%s", n, !drawn, html)
		}
	}
	if strings.Count(html, "<li>") != 3 || strings.Contains(html, "甲<b>") {
		t.Errorf("the list: %s", html)
	}
	for _, want := range []string{"100 米以内", "约 5 公里", "1 公里", "北", `cx="26" cy="26"`} { // the first stands in the north-west corner
		if !strings.Contains(html, want) {
			t.Errorf("%q is missing in %s", want, html)
		}
	}
	if none := draw(t, scene.Scene{Lang: "en"}, component.CityMap{ID: "m"}); strings.Contains(none, "<svg") {
		t.Errorf("nothing is drawn as %s", none)
	}
}
