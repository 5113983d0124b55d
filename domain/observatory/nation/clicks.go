package nation

import (
	"math/rand/v2"

	"zhijian/ground/fault"
)

const (
	subscriptionClicks = 62_000_000 // in the month, assumed
	serviceClicks      = 18_000_000 // assumed
	serviceVisits      = 12_000_000 // assumed
	clickLift          = 1.57       // clicks per account of the 69 over all (2.4)
	clickExponent      = 1.136      // over 54 sectors the first ten have 70.8 percent (5.2)
	visitExponent      = 1.344      // over 52 sectors the first ten have 80.1 percent (5.2)
)

// zipf gives a sector's part by its rank; 0 for rank 0.
func zipf(rank int, exponent float64) float64 {
	if rank == 0 {
		return 0
	}
	return power(float64(rank), -exponent)
}

// clicks gives subscription accounts clicks by the sector's rank and service accounts visits by theirs, and the members of city
// services their printed part of all clicks.
func (c *census) clicks(rng *rand.Rand, list []place, all []account) (err error) {
	defer fault.Wrap(&err, "spread clicks and visits")
	subscribed, served := make([]int64, 0, len(all)), make([]int64, 0, len(all))
	members := 0
	weights := make([]float64, len(all))
	ranks := make([]float64, len(c.sectors))
	visits := make([]float64, len(c.sectors))
	for s, v := range c.sectors {
		ranks[s], visits[s] = zipf(v.clickRank, clickExponent), zipf(v.visitRank, visitExponent)
	}
	byUse := make([]float64, len(c.sectors))
	for i := range all {
		a := &all[i]
		weights[i] = float64(float64(a.use.users) * (0.4 + float64(rng.Float64())))
		if list[a.place].member && list[a.place].rank >= 0 {
			members++
		}
		if a.serves {
			byUse[a.sector] += weights[i]
		}
	}
	subscribed = append(subscribed, share(subscriptionClicks, ranks)...)
	served = append(served, share(serviceClicks, byUse)...)
	part := float64(clickLift*float64(members)) / accountsTotal
	clicks := func(a *account) *int64 { return &a.use.clicks }
	if err := deal(list, all, weights, false, subscribed, part, clicks); err != nil {
		return err
	}
	if err := deal(list, all, weights, true, served, part, clicks); err != nil {
		return err
	}
	return deal(list, all, weights, true, share(serviceVisits, visits), 0, func(a *account) *int64 { return &a.use.visits })
}

// deal shares the sectors' totals out to the accounts of a kind; part of all of it, when not 0, goes to the members of city services.
func deal(list []place, all []account, weights []float64, serves bool, sectors []int64, part float64, to func(*account) *int64) error {
	cells := make([][2][]int, len(sectors))
	x := make([][]float64, len(sectors))
	rows := make([]int, len(sectors))
	total := int64(0)
	for s, n := range sectors {
		x[s] = make([]float64, 2)
		rows[s] = int(n)
		total += n
	}
	for i := range all {
		a := &all[i]
		if a.serves != serves {
			continue
		}
		m := 0
		if part > 0 && list[a.place].member && list[a.place].rank >= 0 {
			m = 1
		}
		cells[a.sector][m] = append(cells[a.sector][m], i)
		x[a.sector][m] += weights[i]
	}
	inside := int(nearest(float64(part * float64(total))))
	cols := []int{int(total) - inside, inside}
	fit(x, rows, cols, nil)
	table, err := roundTable(x, rows, cols, nil)
	if err != nil {
		return err
	}
	for s := range cells {
		for m, of := range cells[s] {
			w := make([]float64, len(of))
			for k, i := range of {
				w[k] = weights[i]
			}
			for k, n := range share(int64(table[s][m]), w) {
				*to(&all[of[k]]) = n
			}
		}
	}
	return nil
}

// yearBefore gives last year's accounts their month of 2014: users so that a sector has kept its printed side of the activity cut.
func (c *census) yearBefore(rng *rand.Rand, all []account, total int64) {
	sum := 0.0
	for _, v := range c.sectors {
		sum += v.users
	}
	bySector := make([][]int, len(c.sectors))
	for i := range all {
		if all[i].last {
			bySector[all[i].sector] = append(bySector[all[i].sector], i)
		}
	}
	for s, of := range bySector {
		v := c.sectors[s]
		if len(of) == 0 {
			continue
		}
		w := make([]float64, len(of))
		for k, i := range of {
			w[k] = float64(float64(all[i].use.users) * (0.8 + float64(0.4*rng.Float64())))
		}
		mean := float64(v.users*float64(total)) / sum / float64(v.accounts)
		want := nearest(float64(mean*float64(len(of)*v.kept)) / 100)
		for k, n := range shareFrom(max(want, int64(len(of))), w) {
			a := &all[of[k]]
			a.before = use{users: n, clicks: a.use.clicks * 6 / 10, visits: a.use.visits / 2}
		}
	}
}
