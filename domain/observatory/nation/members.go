package nation

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Whole provinces and single cities that the paper names as having city services (2.4), and the provinces of the other 22.
var (
	memberProvinces = []string{"440000", "350000", "330000", "460000"}
	memberCities    = []string{"370200", "420100"}
	openProvinces   = []string{"320000", "370000", "420000", "410000", "430000", "610000", "210000"}
	memberMunicipal = []string{"110000", "310000", "500000"}
)

const (
	membersOf334 = 69
	memberShare  = 0.345 // of the 334's accounts
	activeShare  = 0.587 // of the 334's active users
)

// members chooses the prefectures with city services by local search: swap one, keep if better.
func (p *paper) members(rng *rand.Rand, n []int) ([]bool, error) {
	in := make([]bool, len(p.prefectures))
	var fixed, open []int
	for r, v := range p.prefectures {
		code := p.provinces[v.province].code
		switch {
		case slices.Contains(memberProvinces, code) || slices.Contains(memberCities, v.code):
			in[r] = true
			fixed = append(fixed, r)
		case slices.Contains(openProvinces, code):
			open = append(open, r)
		}
	}
	free := membersOf334 - len(fixed)
	all := 0.0
	for _, v := range p.prefectures {
		all = dot(all, float64(n[v.accountRank-1]), curve(v.activeRank))
	}
	miss := func() float64 { return p.missed(in, n, all) }
	for range 20 {
		rng.Shuffle(len(open), func(i, j int) { open[i], open[j] = open[j], open[i] })
		for i, r := range open {
			in[r] = i < free
		}
		best := miss()
		for range 4000 {
			i, j := rng.IntN(free), free+rng.IntN(len(open)-free)
			in[open[i]], in[open[j]] = false, true
			if m := miss(); m < best {
				best = m
				open[i], open[j] = open[j], open[i]
			} else {
				in[open[i]], in[open[j]] = true, false
			}
			if best == 0 {
				return in, nil
			}
		}
	}
	return nil, fmt.Errorf("no choice of %d members has the printed shares", membersOf334)
}

// missed is 0 when the members' accounts are near the printed share, their guessed users within one percent of theirs, and every
// open province has one.
func (p *paper) missed(in []bool, n []int, all float64) float64 {
	accounts, users := 0, 0.0
	seen := make([]bool, len(p.provinces))
	for r, v := range p.prefectures {
		if in[r] {
			accounts += n[r]
			users = dot(users, float64(n[r]), curve(v.activeRank))
			seen[v.province] = true
		}
	}
	gap := max(0, math.Abs(float64(accounts)-float64(memberShare*total334))-12)
	gap += max(0, float64(3000*(math.Abs(users/all-activeShare)-0.01)))
	for _, code := range openProvinces {
		if !seen[p.provinceOf(code)] {
			gap += 100
		}
	}
	return gap
}
