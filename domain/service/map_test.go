package service_test

import (
	"math"
	"strings"
	"testing"

	"zhijian/domain/service"
	"zhijian/ground/geo"
)

const mapped = `
id: public-bike-map
version: 1
name: 点
about: 点
sector: f06
group: transit
type: map
how: query
owner: bikes
fee: 不要钱
promise: {text: 马上}
review_by: 2027-06-30
answers:
  where: {type: location, ask: 在哪儿？, why: 看近的}
steps:
  - form: [where]
  - lookup: found
    office: bikes
    call: all
    gives: {items: [{name: text, lat: degree, lon: degree, left: int}], roads: [{name: text, level: text, path: [{lat: degree, lon: degree}]}], cells: [{lat: degree, lon: degree, people: int}]}
    least: {cells.people: 10}
  - result: none
    if: size(near(found.items, where, 1000)) == 0
    say: 没有
  - result: shown
    say: "{near(found.items, where, 1000)[0].name}"
    show:
      - {label: 位置, text: "{size(found.cells)}"}
    map:
      from: where
      most: 3
      points:
        each: near(found.items, where, 1000)
        title: "{v.name}"
        text: "{v.left} 辆"
        tone: "v.left == 0 ? 'warn' : 'ok'"
      lines:
        each: found.roads
        path: v.path
        level: v.level
        title: "{v.name}"
      cells:
        each: found.cells
        value: v.people
        side: 500
        scale: [{from: 10, text: 少}, {from: 100, text: 多}]
tests:
  - name: nothing
    as: L0
    expect: {view: form}
`

var middle = geo.Point{Lat: 30.25, Lon: 120.16}

// at writes a place as an office does.
func at(east, north float64, more map[string]any) map[string]any {
	p := middle.Offset(east, north)
	out := map[string]any{"lat": p.Lat, "lon": p.Lon}
	for k, v := range more {
		out[k] = v
	}
	return out
}

func offices() map[string]any {
	return map[string]any{
		"items": []any{
			at(700, 0, map[string]any{"name": "远", "left": 3}), at(0, 100, map[string]any{"name": "近", "left": 0}),
			at(5000, 0, map[string]any{"name": "太远", "left": 1}),
			map[string]any{"name": "不知道在哪", "left": 1},
		},
		"roads": []any{
			map[string]any{"name": "路", "level": "jam", "path": []any{at(-100, -100, nil), at(300, 300, nil)}},
			map[string]any{"name": "怪", "level": "purple", "path": []any{}},
		},
		"cells": []any{at(0, 0, map[string]any{"people": 9}), at(500, 0, map[string]any{"people": 10}), at(1000, 0, map[string]any{"people": 250})},
	}
}

func mapOffer(t *testing.T, src, datum string) service.Offer {
	t.Helper()
	d, problems := service.Load("m.yaml", []byte(src))
	if d == nil {
		t.Fatal(problems)
	}
	return service.Offer{
		City: "330100", Definition: d, Offices: map[string]service.Office{"bikes": {System: "bikes", Datum: datum}},
		Places: func() []service.Place {
			return []service.Place{{Code: "330102", Name: service.Text{Zh: "上城区"}, At: middle}}
		},
	}
}

func shownMap(t *testing.T, datum, where string) (*rider, service.View) {
	t.Helper()
	offer := mapOffer(t, mapped, datum)
	r := ride(t, offer.Definition, offer, "")
	r.answer("where", where)
	r.hear(service.OutcomeAnswered, offices())
	return r, r.view()
}

func TestMapIsDrawnAndListed(t *testing.T) {
	t.Parallel()
	_, v := shownMap(t, "", "330102")
	if v.End != "shown" || v.Title != "近" || v.Map == nil {
		t.Fatalf("ends at %q, %q", v.End, v.Title)
	}
	m := v.Map
	if len(m.Points) != 2 || m.Points[0].Title != "近" || m.Points[0].No != 1 || m.Points[0].Tone != "warn" || m.Points[1].No != 2 {
		t.Errorf("points: %+v", m.Points)
	}
	if d := m.Points[0].Metres; d < 99 || d > 101 {
		t.Errorf("the nearest is %d m away", d)
	}
	if len(m.Lines) != 2 || m.Lines[0].Level != "jam" || m.Lines[0].No != 3 || m.Lines[1].Level != "" || m.Lines[1].Metres != -1 || m.More != 1 {
		t.Errorf("lines: %+v, %d more", m.Lines, m.More)
	}
	if list := m.List(); len(list) != 3 || list[2].Title != "路" {
		t.Errorf("list: %+v", list)
	}
	east := middle.Offset(1250, 0).Lon
	if math.Abs(m.Bounds.East-east) > 1e-5 || m.Bounds.South >= middle.Lat || m.Bounds.North <= middle.Offset(0, 300).Lat-1e-5 {
		t.Errorf("bounds: %+v", m.Bounds)
	}
}

// TestSmallCountsAreNotKept: an office that tells cells of fewer than ten people is not believed to know what it does.
func TestSmallCountsAreNotKept(t *testing.T) {
	t.Parallel()
	r, v := shownMap(t, "", "330102")
	if len(v.Map.Cells) != 2 || v.Map.Cells[0].Value != 10 || v.Map.Cells[1].Class != 2 || v.Rows[0].Value != "2" {
		t.Errorf("cells: %+v, rows %+v", v.Map.Cells, v.Rows)
	}
	if b, err := r.s.Encode(); err != nil || strings.Contains(string(b), `"people":9`) {
		t.Errorf("a cell of nine people is kept: %v %s", err, b)
	}
}

func TestPositionIsRoundedAndStaysHere(t *testing.T) {
	t.Parallel()
	r, v := shownMap(t, "", "30.2512345,120.1598765")
	if v.Map.Here != (geo.Point{Lat: 30.251, Lon: 120.16}) {
		t.Errorf("here is %v", v.Map.Here)
	}
	if b, _ := r.s.Encode(); strings.Contains(string(b), "2345") || strings.Contains(string(b), "98765") {
		t.Errorf("the exact position is kept: %s", b)
	}
	offer := mapOffer(t, mapped, "")
	for _, bad := range []string{"", "330103", "91,120", "0,0", "NaN,120", "30", "30.25,120.16,7", "1e999,1"} {
		r := ride(t, offer.Definition, offer, "")
		if _, _, err := offer.Definition.Apply(r.s, service.Answer{Step: "where", Values: map[string][]string{"where": {bad}}}, r.env); err == nil {
			t.Errorf("%q is taken for a place", bad)
		}
	}
}

func TestNothingNear(t *testing.T) {
	t.Parallel()
	if _, v := shownMap(t, "", "31.9,121.9"); v.End != "none" || v.Map != nil {
		t.Errorf("ends at %q", v.End)
	}
}

func TestChineseDatumIsTurned(t *testing.T) {
	t.Parallel()
	_, v := shownMap(t, service.DatumGCJ02, "330102")
	want := geo.WGS84(middle.Offset(0, 100))
	for _, p := range v.Map.Points {
		if p.Title == "近" && geo.Metres(p.At, want) > 1 {
			t.Errorf("drawn %.0f m away", geo.Metres(p.At, want))
		}
	}
	_, plain := shownMap(t, "", "330102")
	if d := geo.Metres(plain.Map.Lines[0].Path[0], v.Map.Lines[0].Path[0]); d < 300 || d > 700 {
		t.Errorf("the datum moved a road by %.0f m", d)
	}
}

func TestMapsThatDoNotLoad(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, say string }{
		"points without coordinates": {"each: near(found.items, where, 1000)\n        title", "each: found.roads\n        title", "lie nowhere"},
		"a path of no places":        {"path: v.path\n", "path: found.items.map(x, x.name)\n", "A path is a list of places"},
		"no heading":                 {"        title: \"{v.name}\"\n        text", "        text", "beside it"},
		"classes that fall":          {"from: 100, text", "from: 5, text", "rise"},
		"from no location":           {"from: where", "from: found", "no location"},
		"least of a text":            {"cells.people: 10", "items.name: 10", "no whole number"},
		"near a text":                {"size(near(found.items, where, 1000))", "size(near(found.items, 'x', 1000))", ""},
		"the office is told where":   {"call: all", "call: all\n    with: {where: where.name}", "tells the office where"},
		"an unknown layer":           {"      lines:\n", "      streets:\n", "not known here"},
	} {
		if strings.Count(mapped, c.old) != 1 {
			t.Fatalf("%s: %q is there %d times", name, c.old, strings.Count(mapped, c.old))
		}
		d, problems := service.Load("m.yaml", []byte(strings.Replace(mapped, c.old, c.new, 1)))
		said := ""
		for _, p := range problems {
			said += p.String() + "\n"
		}
		if d != nil || !strings.Contains(said, c.say) {
			t.Errorf("%s: %s", name, said)
		}
	}
}

func TestOfficeThatGivesNoDegreesIsSilent(t *testing.T) {
	t.Parallel()
	for _, bad := range []any{"30.25", 181, 1e9} {
		offer := mapOffer(t, mapped, "")
		r := ride(t, offer.Definition, offer, "")
		r.answer("where", "330102")
		r.hear(service.OutcomeAnswered, map[string]any{"items": []any{map[string]any{"name": "x", "lat": bad, "lon": 120.1}}})
		if v := r.view(); !v.Down {
			t.Errorf("latitude %v is taken", bad)
		}
	}
}
