package nation

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"zhijian/ground/fault"
)

// total334 is the sum of the 334 prefectures: the only stretch in which the paper's shares meet (checks DQ-06) is 68,945-69,125.
const total334 = 69040

// ladder lists places by descending accounts where the text only gives their order (1.5, 4.1); 北京 is printed.
var ladder = []string{"420000", "110000", "520000", "150000", "210000", "360000", "140000", "340000"}

var (
	secondTier = []string{"420000", "520000", "150000", "210000", "360000", "140000", "340000", "530000", "620000", "230000", "650000", "450000"}
	thirdTier  = []string{"220000", "630000", "640000", "460000", "540000"}
)

const (
	secondTierSum = 17*2295 - 12872 // centre of tier 2 less the five printed totals
	thirdTierSum  = 7*768 - 2205    // centre of tier 3 less 重庆 and 天津
	megaSum       = 7290 - 1135 - 699 - 770 - 1462
)

var megaCities = []string{"320500", "320100", "210100", "230100", "440600", "441900"}

// shape is our first guess of accounts by rank. Straight lines keep the printed tiers the optimum of k-means: a smooth exponential
// curve with the same sums has its optimum at 5/20/50/92/167.
func shape(rank int, printed int) float64 {
	r := float64(rank)
	switch {
	case printed > 0:
		return float64(printed)
	case rank <= 31:
		return float64(676 * exp(float64(ln(434.0/676)*(r-11))/20))
	case rank <= 110:
		return between(r, 32, 370, 110, 220)
	case rank <= 324:
		return between(r, 111, 165, 324, 62)
	}
	return []float64{49, 48.5, 48, 47.5, 47, 46, 45, 44, 30, 8}[rank-325]
}

// totals gives accounts of the 334 by rank and of the 31 provinces.
func (p *paper) totals() (n, provinces []int, err error) {
	defer fault.Wrap(&err, "solve the prefecture totals")
	q, unknown := p.totalsProgram()
	if missed := q.solve(12000); missed > 0.02 {
		return nil, nil, fmt.Errorf("bounds missed by %.4f accounts", missed)
	}
	n = make([]int, 334)
	for r := range n {
		n[r] = int(nearest(q.x[r]))
	}
	if err := p.restore(n, q.x); err != nil {
		return nil, nil, err
	}
	provinces = make([]int, len(p.provinces))
	for i, v := range p.provinces {
		provinces[i] = v.accounts
	}
	for _, tier := range []struct {
		codes []string
		sum   int
	}{{secondTier, secondTierSum}, {thirdTier, thirdTierSum}} {
		weights := make([]float64, len(tier.codes))
		for i, code := range tier.codes {
			weights[i] = q.x[unknown[code]]
		}
		for i, t := range share(int64(tier.sum), weights) {
			provinces[p.provinceOf(tier.codes[i])] = int(t)
		}
	}
	return n, provinces, nil
}

func (p *paper) totalsProgram() (*program, map[string]int) {
	q := &program{}
	for _, v := range p.prefectures {
		q.x = append(q.x, shape(v.accountRank, v.accounts))
		q.inverse = append(q.inverse, 1)
	}
	within := p.within()
	unknown := map[string]int{}
	for i, v := range p.provinces {
		if v.accounts > 0 {
			continue
		}
		guess := 0.0
		for _, r := range within[i] {
			guess += q.x[r]
		}
		unknown[v.code] = len(q.x)
		q.x = append(q.x, float64(guess*1.06))
		q.inverse = append(q.inverse, 50)
	}
	p.boundRanks(q)
	p.boundProvinces(q, within, unknown)
	return q, unknown
}

// within lists the prefectures of each province by their place in account order.
func (p *paper) within() [][]int {
	list := make([][]int, len(p.provinces))
	for r, v := range p.prefectures {
		list[v.province] = append(list[v.province], r)
	}
	return list
}

// step is how much rank r must exceed the next: ties are broken by code, so a larger code needs one account more.
func (p *paper) step(r int) int {
	if strings.Compare(p.prefectures[r].code, p.prefectures[r+1].code) > 0 {
		return 1
	}
	return 0
}

func (p *paper) boundRanks(q *program) {
	for r, v := range p.prefectures {
		if v.accounts > 0 {
			q.exactly(float64(v.accounts), term{r, 1})
		}
		if r+1 < len(p.prefectures) {
			q.atLeast(float64(p.step(r)), term{r, 1}, term{r + 1, -1})
		}
	}
	q.exactly(23*564, sum(ranks(9, 31)...)...)
	q.exactly(79*293, sum(ranks(32, 110)...)...)
	q.exactly(total334-1462-6470-23*564-79*293, sum(ranks(111, 334)...)...)
	for _, r := range []int{31, 54, 110, 324, 334} {
		least, _ := p.limits(r - 1)
		q.atLeast(float64(least), term{r - 1, 1})
	}
	for _, r := range []int{32, 55, 111, 325} {
		_, most := p.limits(r - 1)
		q.atMost(float64(most), term{r - 1, 1})
	}
	q.exactly(megaSum, sum(p.find(megaCities)...)...)
}

func ranks(from, to int) []int {
	list := make([]int, 0, to-from+1)
	for r := from; r <= to; r++ {
		list = append(list, r-1)
	}
	return list
}

// find gives the places in account order of prefecture codes.
func (p *paper) find(codes []string) []int {
	list := make([]int, 0, len(codes))
	for r, v := range p.prefectures {
		if slices.Contains(codes, v.code) {
			list = append(list, r)
		}
	}
	return list
}

// boundProvinces leaves room in each province for the accounts of its own departments.
func (p *paper) boundProvinces(q *program, within [][]int, unknown map[string]int) {
	for i, v := range p.provinces {
		if v.municipality {
			continue
		}
		if v.accounts > 0 {
			least, most := float64(0.018*float64(v.accounts)), 330.0
			switch v.code {
			case "330000":
				least = 100
			case "440000":
				least, most = 150, 420
			}
			q.atMost(float64(v.accounts)-least, sum(within[i]...)...)
			q.atLeast(float64(v.accounts)-most, sum(within[i]...)...)
			continue
		}
		own := append([]term{{unknown[v.code], 1}}, times(-1, sum(within[i]...))...)
		q.atLeast(30, own...)
		q.atMost(260, own...)
		q.atLeast(0, append([]term{{unknown[v.code], 0.982}}, times(-1, sum(within[i]...))...)...)
	}
	all := func(codes []string) []term {
		list := make([]int, len(codes))
		for i, code := range codes {
			list[i] = unknown[code]
		}
		return sum(list...)
	}
	q.exactly(secondTierSum, all(secondTier)...)
	q.exactly(thirdTierSum, all(thirdTier)...)
	q.atLeast(2450, term{unknown["420000"], 1})
	q.atMost(2680, term{unknown["420000"], 1})
	q.atMost(2436, term{unknown["520000"], 1})
	q.atLeast(2014, term{unknown["360000"], 1})
	for i := 2; i+1 < len(ladder); i++ {
		q.atLeast(8, term{unknown[ladder[i]], 1}, term{unknown[ladder[i+1]], -1})
	}
	for _, code := range secondTier[7:] {
		q.atLeast(8, term{unknown["340000"], 1}, term{unknown[code], -1})
		q.atLeast(1640, term{unknown[code], 1})
	}
}

// limits are the values that a rank may not cross when single accounts are moved.
func (p *paper) limits(r int) (least, most int) {
	least, most = 3, math.MaxInt
	switch r + 1 {
	case 31:
		least = 433
	case 32:
		most = 424
	case 54:
		least = 347
	case 55:
		most = 344
	case 110:
		least = 207
	case 111:
		most = 198
	case 324:
		least = 51
	case 325:
		most = 49
	}
	if v := p.prefectures[r].accounts; v > 0 {
		return v, v
	}
	return least, most
}

// restore moves single accounts until the sums hold again that rounding broke, the cheapest move first.
func (p *paper) restore(n []int, real []float64) error {
	mega := p.find(megaCities)
	for _, group := range []struct {
		at  []int
		sum int
	}{
		{mega, megaSum},
		{ranks(9, 31), 23 * 564},
		{ranks(32, 110), 79 * 293},
		{ranks(111, 334), total334 - 1462 - 6470 - 23*564 - 79*293},
	} {
		have := 0
		for _, r := range group.at {
			have += n[r]
		}
		for have != group.sum {
			by := 1
			if have > group.sum {
				by = -1
			}
			best, cost := -1, math.Inf(1)
			for _, r := range group.at {
				if !p.canMove(n, r, by) || len(group.at) > len(mega) && slices.Contains(mega, r) {
					continue
				}
				if c := math.Abs(float64(n[r]+by) - real[r]); c < cost {
					best, cost = r, c
				}
			}
			if best < 0 {
				return fmt.Errorf("no account can be moved to reach %d from %d", group.sum, have)
			}
			n[best] += by
			have += by
		}
	}
	return nil
}

func (p *paper) canMove(n []int, r, by int) bool {
	v := n[r] + by
	if least, most := p.limits(r); v < least || v > most {
		return false
	}
	if r > 0 && n[r-1]-v < p.step(r-1) {
		return false
	}
	return r+1 == len(n) || v-n[r+1] >= p.step(r)
}
