package nation

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Classes by urban residents (4.3, table 7). The sums of accounts meet the printed means of all five classes at once.
var (
	classNames  = []string{"超大城市", "特大城市", "大城市", "中等城市", "小城市"}
	classCounts = []int{6, 10, 125, 138, 59}
	classSums   = []int{0, 0, 36210, 19290, 4247}
)

// normal is close to a standard normal draw: the sum of twelve.
func normal(rng *rand.Rand) float64 {
	sum := int64(0)
	for range 12 {
		sum += int64(rng.Uint64() >> 20)
	}
	return float64(float64(sum)/(1<<44)) - 6
}

// classes gives each of the 338 cities its class: named cities as printed, the others by accounts with noise, then exchanged in
// pairs until the sums are met.
func (c *census) classes(rng *rand.Rand, list []place) (map[string]int, error) {
	class := map[string]int{}
	left, sums := slices.Clone(classCounts), slices.Clone(classSums)
	accounts := map[string]int{}
	var open []string
	noisy := map[string]float64{}
	for _, v := range list {
		if v.bucket == prefectural || v.bucket == municipal {
			accounts[v.code] = v.accounts
			open = append(open, v.code)
			noisy[v.code] = float64(float64(v.accounts) * exp(float64(0.35*normal(rng))))
		}
	}
	for _, v := range c.cities {
		k := slices.Index(classNames, v.class)
		class[v.code] = k
		left[k]--
		sums[k] -= accounts[v.code]
	}
	open = slices.DeleteFunc(open, func(code string) bool { _, ok := class[code]; return ok })
	slices.SortStableFunc(open, func(a, b string) int { return cmp.Compare(noisy[b], noisy[a]) })
	if left[2]+left[3]+left[4] != len(open) {
		return nil, fmt.Errorf("%d cities are left for %v", len(open), left[2:])
	}
	for i, code := range open {
		k := 2
		if i >= left[2] {
			k++
		}
		if i >= left[2]+left[3] {
			k++
		}
		class[code] = k
		sums[k] -= accounts[code]
	}
	for range 400_000 {
		if sums[2] == 0 && sums[3] == 0 && sums[4] == 0 {
			return class, nil
		}
		a, b := open[rng.IntN(len(open))], open[rng.IntN(len(open))]
		k, l := class[a], class[b]
		by := accounts[a] - accounts[b]
		if k != l && abs(sums[k]+by)+abs(sums[l]-by) <= abs(sums[k])+abs(sums[l]) {
			class[a], class[b] = l, k
			sums[k] += by
			sums[l] -= by
		}
	}
	if abs(sums[2]) < 40 && abs(sums[3]) < 40 && abs(sums[4]) < 20 { // a third of what the printed means allow
		return class, nil
	}
	return nil, fmt.Errorf("no exchange meets the sums of classes, %v are missing", sums[2:])
}

func abs(n int) int { return max(n, -n) }
