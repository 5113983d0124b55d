package nation

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"zhijian/ground/fault"
)

const (
	spreadOfUsers = 1.6 // standard deviation of the logarithm of users per account within a place and sector
	farthest      = 3.0 // no draw lies farther up, in standard deviations: only named accounts stand out
	policeRank    = 11  // of 山东 by active police users (3.4)
)

// crowdOf is a set of accounts whose users sum to want.
type crowdOf struct {
	of   []int
	want float64
}

// users gives every account its active users: a heavy tail, scaled so that sectors come near their totals and places have theirs exactly.
func (c *census) users(rng *rand.Rand, list []place, all []account, total int64) (err error) {
	defer fault.Wrap(&err, "spread the users")
	weights := make([]float64, len(all))
	for i := range all {
		s := c.sectors[all[i].sector]
		weights[i] = float64(exp(float64(spreadOfUsers*min(farthest, normal(rng)))) * (s.users / float64(s.accounts)))
	}
	places, sectors := c.userGroups(list, all, total)
	for range 25 {
		for _, g := range sectors {
			rescale(weights, g)
		}
		c.placeShandong(list, all, weights)
		for _, g := range places {
			rescale(weights, g)
		}
	}
	for range 12 { // the last scaling moved 山东's police again
		c.placeShandong(list, all, weights)
		for i, v := range list {
			if v.row == c.provinceOf("370000") {
				rescale(weights, places[i])
			}
		}
	}
	for _, g := range places {
		if len(g.of) == 0 {
			continue
		}
		w := make([]float64, len(g.of))
		for k, i := range g.of {
			w[k] = weights[i]
		}
		if g.want < float64(len(g.of)) {
			return fmt.Errorf("place %s has fewer users than accounts", list[all[g.of[0]].place].code)
		}
		for k, n := range shareAlive(nearest(g.want), w) {
			all[g.of[k]].use.users = n
		}
	}
	return nil
}

// userGroups leaves named accounts out: they have what the paper prints. The nation's service accounts are a place of their own, since
// the paper compares its subscription accounts only.
func (c *census) userGroups(list []place, all []account, total int64) (places, sectors []crowdOf) {
	places, sectors = make([]crowdOf, len(list)+1), make([]crowdOf, len(c.sectors))
	sum := 0.0
	for _, v := range c.sectors {
		sum += v.users
	}
	for i, v := range list {
		places[i].want = float64(v.users)
		if v.bucket == central {
			served := float64(servedNational * (nationalAccounts - nationalSubscriptions))
			places[len(list)].want = served
			places[i].want -= served
		}
	}
	for s, v := range c.sectors {
		sectors[s].want = float64(v.users*float64(total)) / sum
	}
	for i := range all {
		a := &all[i]
		at := a.place
		if list[at].bucket == central && a.serves {
			at = len(list)
		}
		if a.fixed > 0 {
			a.use.users = a.fixed
			places[at].want -= float64(a.fixed)
			sectors[a.sector].want -= float64(a.fixed)
			continue
		}
		places[at].of = append(places[at].of, i)
		sectors[a.sector].of = append(sectors[a.sector].of, i)
	}
	return places, sectors
}

func rescale(weights []float64, g crowdOf) {
	have := 0.0
	for _, i := range g.of {
		have += weights[i]
	}
	if have <= 0 {
		return
	}
	by := g.want / have
	for _, i := range g.of {
		weights[i] = float64(weights[i] * by)
	}
}

// placeShandong moves 山东's police between the tenth and the eleventh of the other provinces.
func (c *census) placeShandong(list []place, all []account, weights []float64) {
	sums := make([]float64, rowCount)
	here := c.provinceOf("370000")
	var of []int
	for i := range all {
		if a := &all[i]; a.sector == police {
			row := list[a.place].row
			sums[row] += weights[i] + float64(a.fixed)
			if row == here {
				of = append(of, i)
			}
		}
	}
	others := slices.Delete(slices.Clone(sums[:rowNation]), here, here+1)
	slices.SortFunc(others, func(a, b float64) int { return cmp.Compare(b, a) })
	rescale(weights, crowdOf{of, float64((others[policeRank-2] + others[policeRank-1]) * 0.5)})
}
