package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"zhijian/api"
	"zhijian/domain/service"
	"zhijian/ground/geo"
)

func TestMapIsNumbers(t *testing.T) {
	t.Parallel()
	at := geo.Point{Lat: 30.25, Lon: 120.16}
	v := api.ViewOf(service.View{Kind: service.ViewResult, Map: &service.Map{
		Here: at, Bounds: service.Bounds{South: 30.2, West: 120.1, North: 30.3, East: 120.2},
		Points: []service.MapPoint{{MapEntry: service.MapEntry{No: 1, Title: "点", Metres: 0}, At: at}, {MapEntry: service.MapEntry{No: 2, Title: "哪里", Metres: -1}}},
		Lines:  []service.MapLine{{MapEntry: service.MapEntry{No: 3, Title: "路", Metres: -1}, Level: "jam", Path: []geo.Point{at, at}}},
		Cells:  []service.MapCell{{MapEntry: service.MapEntry{Metres: -1}, At: at, Value: 12}}, Side: 500,
	}})
	b, err := json.Marshal(v.Map)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"points":[{"no":1,"title":"点","metres":0,"at":[120.16,30.25]},{"no":2,"title":"哪里"}],` +
		`"lines":[{"no":3,"title":"路","level":"jam","path":[[120.16,30.25],[120.16,30.25]]}],` +
		`"cells":[{"at":[120.16,30.25],"value":12}],"side":500,"bounds":[120.1,30.2,120.2,30.3]}`
	if string(b) != want {
		t.Errorf("%s\nwant\n%s", b, want)
	}
	if all, _ := json.Marshal(api.ViewOf(service.View{})); strings.Contains(string(all), "map") {
		t.Errorf("a view without a map: %s", all)
	}
}
