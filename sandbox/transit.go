package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// line is one row of a table of lines: the same stops both ways.
type line struct {
	name        string
	stops       []string
	first, last int // minutes of the day at which the first and the last one leaves
	every       int // minutes between two
	hop         int // minutes from stop to stop
}

// lines reads a table of lines: {line, stops[], first, last, every, hop}.
func (b *bureau) lines(table string) ([]line, error) {
	var out []line
	for _, row := range b.Tables[table] {
		l := line{}
		l.name, _ = row["line"].(string)
		l.every, _ = row["every"].(int)
		l.hop, _ = row["hop"].(int)
		stops, _ := row["stops"].([]any)
		for _, s := range stops {
			name, _ := s.(string)
			l.stops = append(l.stops, name)
		}
		var err1, err2 error
		l.first, err1 = minuteOf(row["first"])
		l.last, err2 = minuteOf(row["last"])
		if l.name == "" || l.every < 1 || l.hop < 1 || len(l.stops) < 2 || err1 != nil || err2 != nil {
			return nil, fmt.Errorf("table %s: line %q is not whole", table, l.name)
		}
		out = append(out, l)
	}
	return out, nil
}

// minuteOf reads "06:30" as minutes of the day.
func minuteOf(v any) (int, error) {
	s, _ := v.(string)
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err
}

func hm(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// stops answers with the stops of a line, both ways, and without a line with all stations.
type stops struct {
	Table string
	Key   string // the input with the line; empty gives every station once
}

func (s *stops) takes() string { return s.Key }
func (s *stops) gives() string { return "known, items[{id, name, towards, first, last}], as_of" }

func (s *stops) answer(b *bureau, _ string, in question) (data, error) {
	all, err := b.lines(s.Table)
	if err != nil {
		return nil, err
	}
	name := strings.ToUpper(in.text(s.Key))
	if s.Key != "" && ending(strings.TrimSuffix(name, "路"), 2) == "13" {
		return nil, errSilent
	}
	items, seen := []data{}, map[string]bool{}
	for i, l := range all {
		if s.Key != "" && strings.TrimSuffix(l.name, "路") != strings.TrimSuffix(name, "路") {
			continue
		}
		for way := range 2 {
			for k, stop := range l.way(way) {
				if s.Key == "" && seen[stop] || k == len(l.stops)-1 && s.Key != "" {
					continue
				}
				seen[stop] = true
				items = append(items, data{
					"id": fmt.Sprintf("%d-%d-%d", i, way, k), "name": stop, "towards": l.way(way)[len(l.stops)-1],
					"first": hm(l.first + k*l.hop), "last": hm(l.last + k*l.hop),
				})
			}
		}
	}
	return data{"known": len(items) > 0, "items": items, "as_of": stamp(in.at)}, nil
}

func (l line) way(n int) []string {
	if n == 0 {
		return l.stops
	}
	back := slices.Clone(l.stops)
	slices.Reverse(back)
	return back
}

// arrivals answers with the next ones at a stop.
type arrivals struct {
	Table string
	Key   string // the input with a stop's id
}

func (a *arrivals) takes() string { return a.Key }
func (a *arrivals) gives() string {
	return "known, line, stop, towards, first, last, items[{minutes, stops, left}], as_of"
}

func (a *arrivals) answer(b *bureau, _ string, in question) (data, error) {
	all, err := b.lines(a.Table)
	if err != nil {
		return nil, err
	}
	var n [3]int // line, way, stop
	parts := strings.Split(in.text(a.Key), "-")
	for i := range n {
		if len(parts) != len(n) {
			return unknown(in), nil
		}
		if n[i], err = strconv.Atoi(parts[i]); err != nil {
			return unknown(in), nil
		}
	}
	if n[0] < 0 || n[0] >= len(all) || n[1] < 0 || n[1] > 1 || n[2] < 0 || n[2] >= len(all[n[0]].stops) {
		return unknown(in), nil
	}
	l, k := all[n[0]], n[2]
	now := in.at.In(clock.Shanghai)
	minute := now.Hour()*60 + now.Minute()
	items := []data{}
	for leave := l.first; leave <= l.last && len(items) < 3; leave += l.every {
		if wait := leave + k*l.hop - minute; wait >= 0 {
			items = append(items, data{"minutes": wait, "stops": min(k, (wait+l.hop-1)/l.hop), "left": leave <= minute})
		}
	}
	return data{
		"known": true, "line": l.name, "stop": l.way(n[1])[k], "towards": l.way(n[1])[len(l.stops)-1],
		"first": hm(l.first + k*l.hop), "last": hm(l.last + k*l.hop), "items": items, "as_of": stamp(in.at),
	}, nil
}

// route answers how to come from one station to another, by the quickest way.
type route struct {
	Table  string
	Change int // minutes that changing lines takes
	Fare   int // fen for the first four stops; half of it for every four more
}

func (r *route) takes() string { return "from, to" }
func (r *route) gives() string {
	return "known, minutes, stops, changes, fare (fen), legs[{line, from, to, towards, stops, first, last}], as_of"
}

// node is a station on a line.
type node struct{ line, stop int }

func (r *route) answer(b *bureau, _ string, in question) (data, error) {
	all, err := b.lines(r.Table)
	if err != nil {
		return nil, err
	}
	path, minutes := r.quickest(all, in.text("from"), in.text("to"))
	if len(path) < 2 {
		return unknown(in), nil
	}
	legs, count := []data{}, 0
	for i := 0; i < len(path); {
		j := i
		for j+1 < len(path) && path[j+1].line == path[i].line {
			j++
		}
		if j > i {
			legs = append(legs, all[path[i].line].leg(path[i].stop, path[j].stop))
			count += j - i
		}
		i = j + 1
	}
	return data{
		"known": true, "minutes": minutes, "stops": count, "changes": len(legs) - 1, "legs": legs,
		"fare": r.Fare + r.Fare/2*((max(count, 1)-1)/4), "as_of": stamp(in.at),
	}, nil
}

func (l line) leg(from, to int) data {
	end, gone, n := len(l.stops)-1, from, to-from
	if to < from {
		end, gone, n = 0, len(l.stops)-1-from, from-to
	}
	return data{
		"line": l.name, "from": l.stops[from], "to": l.stops[to], "towards": l.stops[end], "stops": n,
		"first": hm(l.first + gone*l.hop), "last": hm(l.last + gone*l.hop),
	}
}

// quickest gives the nodes of the shortest way in minutes; nil when there is none.
func (r *route) quickest(all []line, from, to string) ([]node, int) {
	cost, before, open := map[node]int{}, map[node]node{}, []node{}
	for i, l := range all {
		if k := slices.Index(l.stops, from); k >= 0 {
			cost[node{i, k}] = 0
			open = append(open, node{i, k})
		}
	}
	for len(open) > 0 {
		at := 0
		for i := range open {
			if cost[open[i]] < cost[open[at]] {
				at = i
			}
		}
		n := open[at]
		open = slices.Delete(open, at, at+1)
		if all[n.line].stops[n.stop] == to {
			path := []node{n}
			for p, ok := before[n]; ok; p, ok = before[p] {
				path = append(path, p)
			}
			slices.Reverse(path)
			return path, cost[n]
		}
		for next, step := range r.near(all, n) {
			if c, seen := cost[next]; !seen || cost[n]+step < c {
				cost[next], before[next] = cost[n]+step, n
				open = append(open, next)
			}
		}
	}
	return nil, 0
}

// near gives where one can be from n, and in how many minutes.
func (r *route) near(all []line, n node) map[node]int {
	out, l := map[node]int{}, all[n.line]
	for _, k := range []int{n.stop - 1, n.stop + 1} {
		if k >= 0 && k < len(l.stops) {
			out[node{n.line, k}] = l.hop
		}
	}
	for i, other := range all {
		if k := slices.Index(other.stops, l.stops[n.stop]); k >= 0 && i != n.line {
			out[node{i, k}] = r.Change
		}
	}
	return out
}
