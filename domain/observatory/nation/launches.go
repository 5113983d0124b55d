package nation

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"zhijian/domain/observatory"
	"zhijian/ground/fault"
)

const (
	cumulativeVisits = 41_530_000
	items            = 3042 // over 3,000
	fewest, most     = 24, 35
)

// launchedIn are the cities of the kinds that the paper speaks of (2.4, 5.2); local specials are in one city, and the five kinds of the
// group police have 78 items together: nearly 80.
var launchedIn = map[string]int{
	"crowd-heatmap": 72, "rainfall-nowcast": 71, "local-tax-invoice-check": 47, "weather-forecast": 45, "exit-entry-booking": 40,
	"coach-ticket": 39, "driver-points-query": 42, "vehicle-violation-query": 43,
	"newborn-name-duplicate-check": 16, "id-card-service": 16, "household-service-booking": 16, "residence-permit-apply": 15,
	"police-tip-report": 15,
}

var specials = map[string]string{
	"heating-fee-payment": "110000", "car-plate-lottery-query": "110000", "property-tax-query": "310000",
	"traffic-restriction-query": "420100", "tide-query": "370200",
}

// visitShares are the parts of all visits by group, in permille: the ten above the mean of the 27 groups in the printed order; the
// others share the rest.
var visitShares = map[string]float64{
	"traffic-police": 215, "transit": 120, "exit-entry": 102, "health": 90, "weather": 80, "social-security": 70, "expressway": 62,
	"intercity-ticket": 56, "utility": 50, "tax": 45,
}

// launches chooses which of the 101 kinds the 72 cities have, and divides the visits.
func (c *census) launches(rng *rand.Rand, list []place) (out []observatory.Launch, err error) {
	defer fault.Wrap(&err, "launch the services")
	var cities []string
	weight := map[string]float64{}
	for _, v := range list {
		if v.member {
			cities = append(cities, v.code)
			weight[v.code] = float64(v.users)
		}
	}
	counts, err := c.launchCounts(rng, len(cities))
	if err != nil {
		return nil, err
	}
	for k, v := range c.kinds {
		on := c.chooseCities(rng, v, cities, weight, counts[k])
		for _, city := range cities {
			out = append(out, observatory.Launch{Region: city, Service: v.id, Launched: slices.Contains(on, city)})
		}
	}
	c.visits(rng, out, weight)
	slices.SortFunc(out, func(a, b observatory.Launch) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Service, b.Service))
	})
	return out, nil
}

func (c *census) launchCounts(rng *rand.Rand, cities int) ([]int, error) {
	counts := make([]int, len(c.kinds))
	left := items
	var open []int
	for k, v := range c.kinds {
		n, printed := launchedIn[v.id]
		if _, special := specials[v.id]; special {
			n, printed = 1, true
		}
		if !printed {
			n = fewest
			open = append(open, k)
		}
		counts[k] = min(n, cities)
		left -= counts[k]
	}
	if left < 0 || left > len(open)*(most-fewest) {
		return nil, fmt.Errorf("%d items cannot be spread over %d kinds", left, len(open))
	}
	for left > 0 {
		if k := open[rng.IntN(len(open))]; counts[k] < most {
			counts[k]++
			left--
		}
	}
	return counts, nil
}

// chooseCities prefers cities with many users; 广州, which has ten police services and more, is always among those of police kinds.
func (c *census) chooseCities(rng *rand.Rand, v kind, cities []string, weight map[string]float64, n int) []string {
	if city, ok := specials[v.id]; ok {
		return []string{city}
	}
	keys := make(map[string]float64, len(cities))
	for _, city := range cities {
		lean := float64(ln(weight[city]) * 0.5)
		keys[city] = lean + float64(2*float64(rng.Float64()))
	}
	if slices.Contains([]string{"police", "exit-entry", "traffic-police"}, v.group) {
		keys["440100"] = 1e9
	}
	on := slices.Clone(cities)
	slices.SortStableFunc(on, func(a, b string) int { return cmp.Compare(keys[b], keys[a]) })
	return on[:n]
}

func (c *census) visits(rng *rand.Rand, list []observatory.Launch, weight map[string]float64) {
	group := map[string]string{}
	var groups []string
	for _, v := range c.kinds {
		group[v.id] = v.group
		if !slices.Contains(groups, v.group) {
			groups = append(groups, v.group)
		}
	}
	left := 1000.0
	for _, part := range []string{"traffic-police", "transit", "exit-entry", "health", "weather", "social-security", "expressway", "intercity-ticket", "utility", "tax"} {
		left -= visitShares[part]
	}
	parts := make([]float64, len(groups))
	for g, name := range groups {
		if parts[g] = visitShares[name]; parts[g] == 0 {
			parts[g] = left / float64(len(groups)-len(visitShares))
		}
	}
	for g, total := range share(cumulativeVisits, parts) {
		var of []int
		var w []float64
		for i, l := range list {
			if l.Launched && group[l.Service] == groups[g] {
				of = append(of, i)
				w = append(w, float64(weight[l.Region]*(0.3+float64(rng.Float64()))))
			}
		}
		for k, n := range share(total, w) {
			list[of[k]].Visits = n
		}
	}
}
