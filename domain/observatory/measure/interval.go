package measure

import "math"

// wilsonZ is the normal quantile of a 95 percent interval.
const wilsonZ = 1.959963984540054

// Wilson is the interval of 95 percent for a share of which part of whole was seen, in percent, by Wilson's score: it stays between
// 0 and 100 and is right for small numbers too. false when whole is not above 0 or part is not between 0 and whole.
func Wilson(part, whole int64) (low, high float64, ok bool) {
	if whole <= 0 || part < 0 || part > whole {
		return 0, 0, false
	}
	n, p := float64(whole), float64(part)/float64(whole)
	z2 := float64(wilsonZ * wilsonZ)
	centre := p + z2/float64(2*n)
	spread := float64(wilsonZ * math.Sqrt(float64(p*(1-p))/n+z2/float64(4*float64(n*n))))
	scale := 1 + z2/n
	low, high = float64(100*(centre-spread))/scale, float64(100*(centre+spread))/scale
	return max(0, low), min(100, high), true
}
