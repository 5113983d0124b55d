package observatory

import (
	"cmp"

	"zhijian/domain/observatory/measure"
)

// indicator gives the latest value of an outside figure for each region.
func (s *survey) indicator(name string) map[string]float64 {
	out, year := map[string]float64{}, map[string]int{}
	for _, i := range s.facts.Indicators {
		if i.Indicator == name && i.Year >= year[i.Region] {
			out[i.Region], year[i.Region] = i.Value, i.Year
		}
	}
	return out
}

// indicatorRanks ranks the provinces by an outside figure, the largest first, equals by code; figures given as ranks ("…_rank")
// are taken as they are and win over values. Provinces without the figure have no rank.
func (s *survey) indicatorRanks(name string) map[string]int {
	given, values := s.indicator(name+"_rank"), s.indicator(name)
	out := map[string]int{}
	for code, v := range given {
		out[code] = int(v)
	}
	if len(given) > 0 {
		return out
	}
	var have []*area
	for _, p := range s.provinces {
		if _, ok := values[p.Code]; ok {
			have = append(have, p)
		}
	}
	ranks := measure.Rank(len(have), measure.Ordinal, func(i, j int) int { return cmp.Compare(values[have[j].Code], values[have[i].Code]) }, nil)
	for i, p := range have { // have is in the order of codes, which settles equals
		out[p.Code] = ranks[i]
	}
	return out
}
