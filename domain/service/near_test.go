package service_test

import (
	"strings"
	"testing"

	"zhijian/domain/service"
	"zhijian/ground/fault"
	"zhijian/ground/geo"
)

// TestNear sorts what can be chosen by where a resident says she is, and takes for a place nothing but a district of the city or a position.
func TestNear(t *testing.T) {
	t.Parallel()
	west, east := geo.Point{Lat: 30.26, Lon: 120.13}, geo.Point{Lat: 30.26, Lon: 120.20}
	v := service.View{
		Places: []service.Place{
			{Code: "330106", Name: service.Text{Zh: "西湖区", En: "Xihu"}, At: west}, {Code: "330122", Name: service.Text{Zh: "桐庐县", En: "Tonglu"}, At: east.Offset(0, -60_000)},
		},
		Items: []service.Item{
			{Value: "nowhere"}, {Value: "east", At: east}, {Value: "west", At: west.Offset(0, 1200)}, {Value: "nowhere too"}, {Value: "here", At: west}, {Value: "east too", At: east},
		},
	}
	order := func(v service.View) string {
		var ids []string
		for _, i := range v.Items {
			ids = append(ids, i.Value)
		}
		return strings.Join(ids, ", ")
	}
	as := order(v)
	for where, want := range map[string]string{
		"330106":            "here, west, east, east too, nowhere, nowhere too",
		" 西湖 ":              "here, west, east, east too, nowhere, nowhere too",
		"西湖区":               "here, west, east, east too, nowhere, nowhere too",
		"xihu":              "here, west, east, east too, nowhere, nowhere too",
		"30.2601,120.20004": "east, east too, here, west, nowhere, nowhere too",
	} {
		got, err := v.Near(where, "zh")
		if err != nil || order(got) != want || got.From == "" {
			t.Errorf("from %q: %s by %q, %v; want %s", where, order(got), got.From, err, want)
		}
	}
	if got, _ := v.Near("330106", "zh"); got.From != "西湖区" || got.Items[0].Far != 1 || got.Items[1].Far < 1190 || got.Items[1].Far > 1210 || got.Items[5].Far != 0 {
		t.Errorf("distances from %s: %+v", got.From, got.Items)
	}
	// A position is looked at to a thousandth of a degree only.
	fine, _ := v.Near("30.26049,120.13049", "zh")
	rough, _ := v.Near("30.260,120.130", "zh")
	if fine.Items[1].Far != rough.Items[1].Far {
		t.Errorf("%d m from the finer position, %d m from the rough one", fine.Items[1].Far, rough.Items[1].Far)
	}
	for _, wrong := range []string{"", "330105", "区", "西", "上海", "91,120", "30.2", "NaN,1", "0,0", "30.2,120.1,5"} {
		if got, err := v.Near(wrong, "zh"); !fault.Is(err, fault.KindInvalid) || fault.Of(err).Field != service.Where || order(got) != as {
			t.Errorf("%q is taken for a place: %v, %s", wrong, err, order(got))
		}
	}
	if order(v) != as {
		t.Error("sorting changed the view that it was made from")
	}
}
