package service

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"zhijian/ground/fault"
	"zhijian/ground/geo"
)

// Where is the input in which a page sends where its resident is, to have what can be chosen sorted by it.
const Where = "where"

// Near sorts what can be chosen by how far it lies from a place: the nearest first, and what lies nowhere in its own order behind it. where is
// the code or the name of one of v.Places, or a position "30.274,120.155", of which no more than a thousandth of a degree is looked at. Nothing
// of it is kept. fault.Invalid on Where for anything else.
func (v View) Near(where, lang string) (View, error) {
	from, name, ok := v.whereabouts(where, lang)
	if !ok {
		return v, fault.Invalid("near.where", "请选一个区县，或用现在的位置").On(Where)
	}
	v.From, v.Items = name, slices.Clone(v.Items)
	for i := range v.Items {
		if at := v.Items[i].At; at.Known() {
			v.Items[i].Far = max(1, int(math.Round(geo.Metres(from, at))))
		}
	}
	slices.SortStableFunc(v.Items, func(a, b Item) int {
		switch {
		case a.Far == 0 || b.Far == 0:
			return cmp.Compare(min(b.Far, 1), min(a.Far, 1))
		}
		return cmp.Compare(a.Far, b.Far)
	})
	return v, nil
}

// whereabouts reads where a resident says she is.
func (v View) whereabouts(where, lang string) (from geo.Point, name string, ok bool) {
	if p, ok := v.District(where); ok {
		return p.At, p.Name.In(lang), true
	}
	from, ok = geo.Parse(where)
	return from.Rough(), phrased(lang, "here"), ok
}

// District finds one of v.Places by its code or name. A name counts with and without its last character: 西湖区, 西湖.
func (v View) District(where string) (Place, bool) {
	where = strings.TrimSpace(where)
	for _, p := range v.Places {
		if where == p.Code || p.called(where) {
			return p, true
		}
	}
	return Place{}, false
}

func (p Place) called(name string) bool {
	if strings.EqualFold(name, p.Name.En) && name != "" || name == p.Name.Zh {
		return true
	}
	short := strings.TrimRight(p.Name.Zh, "区县市")
	return utf8.RuneCountInString(short) >= 2 && name == short
}

// lie reports whether several of the items lie somewhere: only then can they be sorted by it.
func lie(items []Item) bool {
	n := 0
	for _, i := range items {
		if i.At.Known() {
			n++
		}
	}
	return n > 1
}
