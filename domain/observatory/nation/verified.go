package nation

import "math/rand/v2"

// Verified accounts: 62.6 percent of all, 74.2 of 浙江, 80 of the police (1, 1.1, 3.4). That 浙江's police stand at 88 is assumed.
const (
	verifiedAll      = 52359
	verifiedZhejiang = 4446
	verifiedPolice   = 8048
	verifiedBoth     = 598
)

func verify(rng *rand.Rand, list []place, all []account) {
	groups := make([][]*account, 4)
	for i := range all {
		a := &all[i]
		g := 0
		if v := list[a.place]; v.row < rowNation && v.code[:2] == "33" {
			g++
		}
		if a.sector == police {
			g += 2
		}
		groups[g] = append(groups[g], a)
	}
	for g, n := range []int{
		verifiedAll - verifiedZhejiang - verifiedPolice + verifiedBoth, verifiedZhejiang - verifiedBoth, verifiedPolice - verifiedBoth, verifiedBoth,
	} {
		of := groups[g]
		rng.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
		for _, a := range of[:n] {
			a.verified = true
		}
	}
}
