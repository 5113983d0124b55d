package nation

import (
	"math/rand/v2"

	"zhijian/domain/observatory"
)

// account is one account on its way.
type account struct {
	place       int
	sector      int
	level       observatory.Level
	region      string
	country     string
	institution string
	serves      bool
	verified    bool
	last        bool // counted the year before
	name        string
	department  string
	opened      observatory.Date
	fixed       int64 // users of a named account, at least
	use         use
	before      use
}

// use is what happened in one month.
type use struct{ users, clicks, visits int64 }

// register makes the accounts of all places, by place and sector, and gives them levels and regions.
func (c *census) register(rng *rand.Rand, list []place) ([]account, error) {
	all := make([]account, 0, accountsTotal)
	for i, v := range list {
		for s, n := range v.sectors {
			for range n {
				all = append(all, account{place: i, sector: s, country: v.country, region: v.code})
			}
		}
	}
	if err := c.level(rng, list, all); err != nil {
		return nil, err
	}
	for i := range all {
		a := &all[i]
		v := list[a.place]
		if (a.level == observatory.County || a.level == observatory.Township) && len(v.counties) > 0 {
			a.region = v.counties[rng.IntN(len(v.counties))]
		}
	}
	c.deal(all)
	return all, nil
}

// deal deals the accounts abroad out to the countries, each sector from the first on: tourism has more accounts than there
// are countries, so that it is in all 41.
func (c *census) deal(all []account) {
	next := map[int]int{}
	for i := range all {
		if a := &all[i]; a.country == "" {
			a.country = c.countries[next[a.sector]%len(c.countries)]
			next[a.sector]++
		}
	}
}
