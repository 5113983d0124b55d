package api

import (
	"time"

	"zhijian/domain/service"
	"zhijian/ground/geo"
)

// Map is what lies where, as numbers. Degrees are WGS-84, each place is [longitude, latitude] as in GeoJSON.
type Map struct {
	Points []MapPoint `json:"points,omitempty"`
	Lines  []MapLine  `json:"lines,omitempty"`
	Cells  []MapCell  `json:"cells,omitempty"`
	Side   int        `json:"side,omitempty" doc:"Of a cell, in metres"`
	Bounds []float64  `json:"bounds" doc:"West, south, east, north"`
	More   int        `json:"more,omitempty" doc:"How many have no number because the list is long"`
	AsOf   time.Time  `json:"as_of,omitzero"`
}

// MapEntry is what is said of a thing on the map.
type MapEntry struct {
	No     int       `json:"no,omitempty" doc:"Place on the list, nearest first"`
	Title  string    `json:"title,omitempty"`
	Text   string    `json:"text,omitempty"`
	Lines  []string  `json:"lines,omitempty"`
	Metres *int      `json:"metres,omitempty" doc:"From where the resident is, when they said"`
	AsOf   time.Time `json:"as_of,omitzero"`
}

// MapPoint is a thing that stands somewhere; at is missing when the office did not say where.
type MapPoint struct {
	MapEntry
	At []float64 `json:"at,omitempty"`
}

// MapLine is a road or an edge.
type MapLine struct {
	MapEntry
	Level string      `json:"level,omitempty" doc:"free, slow, jam, shut or edge"`
	Path  [][]float64 `json:"path"`
}

// MapCell is a square around at.
type MapCell struct {
	MapEntry
	At    []float64 `json:"at"`
	Value int       `json:"value"`
}

func mapOf(m *service.Map) *Map {
	if m == nil {
		return nil
	}
	b := m.Bounds
	out := &Map{Side: m.Side, Bounds: []float64{b.West, b.South, b.East, b.North}, More: m.More, AsOf: m.AsOf}
	for _, p := range m.Points {
		out.Points = append(out.Points, MapPoint{MapEntry: mapEntry(p.MapEntry), At: lonLat(p.At)})
	}
	for _, l := range m.Lines {
		line := MapLine{MapEntry: mapEntry(l.MapEntry), Level: l.Level}
		for _, p := range l.Path {
			line.Path = append(line.Path, lonLat(p))
		}
		out.Lines = append(out.Lines, line)
	}
	for _, c := range m.Cells {
		out.Cells = append(out.Cells, MapCell{MapEntry: mapEntry(c.MapEntry), At: lonLat(c.At), Value: c.Value})
	}
	return out
}

func mapEntry(e service.MapEntry) MapEntry {
	out := MapEntry{No: e.No, Title: e.Title, Text: e.Text, Lines: e.Lines, AsOf: e.AsOf}
	if e.Metres >= 0 {
		out.Metres = &e.Metres
	}
	return out
}

func lonLat(p geo.Point) []float64 {
	if !p.Known() {
		return nil
	}
	return []float64{p.Lon, p.Lat}
}
