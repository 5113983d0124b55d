package nation

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"zhijian/domain/observatory"
)

// coveredUsers are the people whom city services could reach: over 258 million (the paper's last page).
const coveredUsers = 258_200_000

// urban gives the range of urban residents of a class (State Council, 2014).
var urban = [][2]int{{10_000_000, 18_000_000}, {5_000_000, 9_900_000}, {1_000_000, 4_900_000}, {500_000, 990_000}, {40_000, 490_000}}

// surroundings gives the cities and the outside figures. GDP per head and the index are values that have the printed ranks, no more.
func (c *census) surroundings(rng *rand.Rand, list []place, class map[string]int) ([]observatory.Place, []observatory.Indicator, error) {
	var places []observatory.Place
	var all []observatory.Indicator
	var members []string
	var residents []float64
	add := func(region, name string, year int, value float64) {
		all = append(all, observatory.Indicator{Region: region, Indicator: name, Year: year, Value: value})
	}
	for _, v := range list {
		k, ok := class[v.code]
		if !ok {
			continue
		}
		places = append(places, observatory.Place{Region: v.code, Class: classNames[k], Service: v.member})
		people := urban[k][0] + rng.IntN(urban[k][1]-urban[k][0])
		if v.code == "460300" {
			people = 2500 // 三沙: a few thousand (2.3)
		}
		add(v.code, "urban_population", 2014, float64(people))
		if v.member {
			members, residents = append(members, v.code), append(residents, float64(people))
		}
	}
	for i, n := range share(coveredUsers, residents) {
		add(members[i], "covered_users", 2015, float64(n))
	}
	index, err := c.index(rng, list)
	if err != nil {
		return nil, nil, err
	}
	for i, v := range c.paper.provinces {
		add(v.code, "population", 2014, float64(v.population*10_000))
		add(v.code, "gdp_per_head", 2014, float64(106_000-2550*v.gdpRank))
		add(v.code, "internet_plus_index", 2015, float64(1000-27*index[i])/10)
	}
	slices.SortFunc(all, func(a, b observatory.Indicator) int {
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Region, b.Region), a.Year-b.Year)
	})
	slices.SortFunc(places, func(a, b observatory.Place) int { return cmp.Compare(a.Region, b.Region) })
	return places, all, nil
}

// means gives the rank of the 31 provinces by active users per account.
func (c *census) means(list []place) []int {
	users := make([]int64, 31)
	for _, v := range list {
		if v.row < len(users) {
			users[v.row] += v.users
		}
	}
	order := make([]int, len(users))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(users[b]*int64(c.provinces[a]), users[a]*int64(c.provinces[b]))
	})
	rank := make([]int, len(users))
	for at, i := range order {
		rank[i] = at + 1
	}
	return rank
}

// index looks for an order by the Internet-plus index in which every statement of 4.1 holds: 11 provinces whose accounts are ahead of it,
// 13 behind, 7 within three places.
func (c *census) index(rng *rand.Rand, list []place) ([]int, error) {
	mean := c.means(list)
	fixed := map[int]int{}
	says := map[int]string{}
	for _, v := range c.paper.index {
		i := c.provinceOf(v.code)
		says[i] = v.relation
		switch {
		case v.relation == "equal":
			fixed[i] = mean[i]
		case v.rank > 0:
			fixed[i] = v.rank
		}
	}
	var open, free []int
	for i := range mean {
		if _, ok := fixed[i]; !ok {
			open = append(open, i)
		}
	}
	for rank := 1; rank <= len(mean); rank++ {
		taken := false
		for _, r := range fixed {
			taken = taken || r == rank
		}
		if !taken {
			free = append(free, rank)
		}
	}
	if len(open) != len(free) {
		return nil, fmt.Errorf("the printed ranks of the index meet each other: %v", fixed)
	}
	for range 200 {
		rng.Shuffle(len(free), func(a, b int) { free[a], free[b] = free[b], free[a] })
		if rank := settle(rng, mean, fixed, says, open, free); rank != nil {
			return rank, nil
		}
	}
	return nil, fmt.Errorf("no order by the index has 11, 13 and 7 provinces")
}

// settle exchanges ranks while that helps or does no harm; nil when it got nowhere.
func settle(rng *rand.Rand, mean []int, fixed map[int]int, says map[int]string, open, free []int) []int {
	rank := make([]int, len(mean))
	for i, r := range fixed {
		rank[i] = r
	}
	for k, i := range open {
		rank[i] = free[k]
	}
	wrong := against(mean, rank, says)
	for range 20_000 {
		if wrong == 0 {
			return rank
		}
		a, b := open[rng.IntN(len(open))], open[rng.IntN(len(open))]
		rank[a], rank[b] = rank[b], rank[a]
		if w := against(mean, rank, says); w <= wrong {
			wrong = w
		} else {
			rank[a], rank[b] = rank[b], rank[a]
		}
	}
	return nil
}

func against(mean, rank []int, says map[int]string) int {
	counts := map[string]int{}
	wrong := 0
	for i, r := range rank {
		has := "within_3"
		switch d := r - mean[i]; {
		case d > 3:
			has = "lead"
		case d < -3:
			has = "lag"
		}
		counts[has]++
		if s := says[i]; s != "" && s != "equal" && s != has {
			wrong += 3
		}
	}
	return wrong + abs(counts["lead"]-11) + abs(counts["lag"]-13) + abs(counts["within_3"]-7)
}
