package sandbox

import (
	"math"
	"math/rand/v2"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/geo"
)

// grid answers with square cells around a city's centre: people there now, or the rain of the next two hours.
type grid struct {
	Across int    // cells from side to side
	Side   int    // of a cell, metres
	Of     string // people or rain
}

func (g *grid) takes() string { return "region" }
func (g *grid) gives() string {
	if g.Of == "rain" {
		return "known, cells[{lat, lon, now, most, begins, ends, rates[25] every 5 minutes, in 0.1 mm/h}], as_of"
	}
	return "known, cells[{lat, lon, name, people, usual}], as_of: none with fewer than 10 people"
}

func (g *grid) answer(b *bureau, _ string, in question) (data, error) {
	where, err := spots(in.text("region"))
	if err != nil || len(where) == 0 {
		return unknown(in), err
	}
	at := in.at.In(clock.Shanghai).Truncate(5 * time.Minute)
	cells := []data{}
	for i := range g.Across * g.Across {
		x, y := i%g.Across-g.Across/2, i/g.Across-g.Across/2
		p := where[0].at.Offset(float64(x*g.Side), float64(y*g.Side))
		c := data{"lat": degrees(p.Lat), "lon": degrees(p.Lon)}
		if g.Of == "rain" {
			g.rain(b, in.text("region"), x, y, at, c)
		} else if !g.people(b, in.text("region"), x, y, at, where, p, c) {
			continue
		}
		cells = append(cells, c)
	}
	return data{"known": true, "cells": cells, "as_of": stamp(at)}, nil
}

// smallest is how many people a cell must hold to be told at all.
const smallest = 10

// people counts who is in a cell; false for too few to be told.
func (g *grid) people(b *bureau, code string, x, y int, at time.Time, where []spot, p geo.Point, c data) bool {
	usual := func(at time.Time) float64 {
		r := rand.New(rand.NewPCG(uint64(b.seed), hashed(code+string(rune('a'+x+16))+string(rune('a'+y+16)))))
		return 2400 * math.Exp(-math.Hypot(float64(x), float64(y))/2.2) * (0.3 + r.Float64()) * (0.25 + busy(at))
	}
	noise := 0.8 + 0.4*float64(hashed(code+at.Format("06010215")+string(rune('a'+x+16))+string(rune('a'+y+16)))%1000)/1000
	n := int(usual(at) * noise)
	nearest := where[0]
	for _, s := range where {
		if geo.Metres(s.at, p) < geo.Metres(nearest.at, p) {
			nearest = s
		}
	}
	c["name"], c["people"], c["usual"] = nearest.name+side(nearest.at, p), n, int(usual(at))
	return n >= smallest
}

// side says on which side of a district's middle a place lies.
func side(middle, p geo.Point) string {
	if geo.Metres(middle, p) < 700 {
		return "中心"
	}
	turn := math.Atan2(p.Lat-middle.Lat, (p.Lon-middle.Lon)*math.Cos(middle.Lat*math.Pi/180))
	return []string{"东", "东北", "北", "西北", "西", "西南", "南", "东南"}[(int(math.Round(turn/(math.Pi/4)))+8)%8] + "面"
}

// rain fills a cell with a band of rain that moves over the city, one in every six hours.
func (g *grid) rain(b *bureau, code string, x, y int, at time.Time, c data) {
	rate := func(after int) int {
		t := at.Add(time.Duration(after) * time.Minute)
		r := rand.New(rand.NewPCG(uint64(b.seed), hashed(code+"rain"+t.Truncate(6*time.Hour).Format("06010215"))))
		strong, dir, begins := 10+r.Float64()*150, 2*math.Pi*r.Float64(), r.Float64()*240
		// How far the middle of the band has come past the cell, in minutes.
		passed := t.Sub(t.Truncate(6*time.Hour)).Minutes() - begins - 60 - (float64(x)*math.Cos(dir)+float64(y)*math.Sin(dir))*float64(g.Side)/500
		return int(max(0, strong*math.Exp(-passed*passed/(2*35*35))-3))
	}
	rates, begins, ends, most := []int{}, -1, -1, 0
	for m := range 121 {
		v := rate(m)
		most = max(most, v)
		if m%5 == 0 {
			rates = append(rates, v)
		}
		if v > 0 && begins < 0 {
			begins = m
		}
		if v == 0 && begins >= 0 && ends < 0 {
			ends = m
		}
	}
	c["now"], c["most"], c["begins"], c["ends"], c["rates"] = rate(0), most, begins, ends, rates
}
