package live

import (
	"maps"
	"math/bits"
	"slices"

	"zhijian/domain/observatory"
)

// What is used orders what a city offers. The use of a service in a city is how often residents began it there, and how often it came to its
// end, in the last UseDays days. It counts in levels, so that the order changes seldom and tells nothing of single people: less than useFloor
// is level 0, and each doubling from there is one level more. A city in which nobody did anything yet has everything at level 0, which
// leaves the order of the catalogue.
//
// Visits do not count: what stands first is opened because it stands first, and would stay there by itself.
const (
	UseDays  = 90
	useFloor = 10
	// MostUsed is the highest level: more than five million acts.
	MostUsed = 20
)

// UseMetrics are the facts that use is the sum of.
func UseMetrics() []string {
	return []string{observatory.Opened.String(), observatory.Done.String()}
}

// Used is the use of one service of one city.
type Used struct {
	Region, Service string
	N               int64
}

// Uses is the use of all services of all cities. It never changes; nil knows of no use.
type Uses struct {
	of map[string]map[string]int64 // by city and service
}

// NewUses makes a Uses.
func NewUses(list []Used) *Uses {
	u := &Uses{map[string]map[string]int64{}}
	for _, one := range list {
		if u.of[one.Region] == nil {
			u.of[one.Region] = map[string]int64{}
		}
		u.of[one.Region][one.Service] += one.N
	}
	return u
}

// Level is how much services are used in a city, taken together: 0 to MostUsed.
func (u *Uses) Level(city string, services ...string) int {
	if u == nil {
		return 0
	}
	sum := int64(0)
	for _, s := range services {
		sum += max(0, u.of[city][s])
	}
	return min(MostUsed, bits.Len64(uint64(sum/useFloor)))
}

// Changed lists the cities in which something was used that was not counted before, or dropped out of the days that count.
func (u *Uses) Changed(before *Uses) []string {
	if before == nil {
		before = NewUses(nil)
	}
	var cities []string
	for city, of := range u.of {
		if !maps.Equal(of, before.of[city]) {
			cities = append(cities, city)
		}
	}
	for city := range before.of {
		if _, ok := u.of[city]; !ok {
			cities = append(cities, city)
		}
	}
	slices.Sort(cities)
	return cities
}
