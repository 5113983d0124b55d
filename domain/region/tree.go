package region

import (
	"cmp"
	"slices"
	"strings"
)

// Find gives the division with a code; false when there is none.
func (t *Tree) Find(code string) (Region, bool) {
	i, ok := t.at[code]
	if !ok {
		return Region{}, false
	}
	return t.all[i], true
}

// BySlug gives the nation, province or prefecture-level division with a URL name; false when there is none.
func (t *Tree) BySlug(slug string) (Region, bool) {
	i, ok := t.slugs[slug]
	if !ok {
		return Region{}, false
	}
	return t.all[i], true
}

// Children lists the divisions directly under code, by code; empty for counties and unknown codes.
func (t *Tree) Children(code string) []Region {
	i, ok := t.at[code]
	if !ok {
		return nil
	}
	return t.pick(t.children[i])
}

// Path gives the divisions from the nation down to code, both included; empty when code is unknown.
func (t *Tree) Path(code string) []Region {
	var path []Region
	for i, ok := t.at[code]; ok; i, ok = t.at[t.all[i].Parent] {
		path = append(path, t.all[i])
	}
	slices.Reverse(path)
	return path
}

// City gives the city a division lies in: itself, or for a county its prefecture-level division or municipality.
// False for the nation, for provinces, for counties that a province runs itself and for unknown codes.
func (t *Tree) City(code string) (Region, bool) {
	for i, ok := t.at[code]; ok; i, ok = t.at[t.all[i].Parent] {
		if t.all[i].IsCity() {
			return t.all[i], true
		}
	}
	return Region{}, false
}

// Within reports whether a division is another or lies in it; false when either is unknown.
func (t *Tree) Within(code, in string) bool {
	for i, ok := t.at[code]; ok; i, ok = t.at[t.all[i].Parent] {
		if t.all[i].Code == in {
			return true
		}
	}
	return false
}

// Cities lists the 338 cities a resident can choose, by code.
func (t *Tree) Cities() []Region { return t.pick(t.cities) }

// Provinces lists the 34 provinces, by code.
func (t *Tree) Provinces() []Region { return t.Children(NationCode) }

// All lists every division, by code: 3,221 of them.
func (t *Tree) All() []Region { return slices.Clone(t.all) }

func (t *Tree) pick(list []int32) []Region {
	out := make([]Region, len(list))
	for i, at := range list {
		out[i] = t.all[at]
	}
	return out
}

// Letters is the pinyin index of the cities: headings A to Z, under each its cities by pinyin.
func (t *Tree) Letters() []Letter {
	cities := t.Cities()
	slices.SortStableFunc(cities, func(a, b Region) int { return cmp.Compare(a.Pinyin, b.Pinyin) })
	var list []Letter
	for _, c := range cities {
		l := strings.ToUpper(c.Pinyin[:1])
		if len(list) == 0 || list[len(list)-1].Letter != l {
			list = append(list, Letter{Letter: l})
		}
		last := &list[len(list)-1]
		last.Cities = append(last.Cities, c)
	}
	return list
}
