package nation

import (
	"cmp"
	"fmt"
	"slices"
)

// users334 is the number of active users of the 334 prefectures. The paper prints shares only; 浙江's 4 million sets the size.
const users334 = 20_000_000

// curve is our first guess of active users per account by active rank.
func curve(rank int) float64 {
	knots := [][2]float64{
		{1, 1150},
		{2, 790},
		{10, 765},
		{15, 640},
		{24, 536},
		{40, 400},
		{80, 318},
		{120, 247},
		{160, 198},
		{200, 160},
		{240, 100},
		{280, 67},
		{310, 44.5},
		{334, 34.5},
	}
	i := 1
	for knots[i][0] < float64(rank) {
		i++
	}
	a, b := knots[i-1], knots[i]
	return exp(between(float64(rank), a[0], ln(a[1]), b[0], ln(b[1])))
}

// crowd is the solved use: of the 334 by account rank, and of the accounts that provinces themselves run.
type crowd struct {
	prefectures []int64
	provinces   []int64 // the pool of a province, or all of a municipality
	national    int64
	nation      int64 // all users, everywhere
}

// census is what stage 3 works on.
type census struct {
	*paper
	n         []int // accounts of the 334 by account rank
	provinces []int
	member    []bool
	byActive  []int // place in account order of the k-th by active users per account
}

// crowd solves active users. The paper prints the order of some provinces only, so the order of the others is taken from a first
// solution without it.
func (c *census) crowd() (*crowd, error) {
	q := c.usersProgram()
	q.solve(1500)
	means, totals := c.meanOrder(q.x), c.totalOrder(q.x)
	q = c.usersProgram()
	c.boundMeans(q, means)
	c.boundTotals(q, totals)
	// 20 users of millions change nothing that is printed; round checks the ranks, which are closer.
	if missed := q.solve(6000); missed > 20 {
		return nil, fmt.Errorf("bounds missed by %.3f users", missed)
	}
	return c.round(q.x)
}

// usersProgram has 334 means by active rank, then 31 totals of what provinces run themselves.
func (c *census) usersProgram() *program {
	q := &program{}
	guess := func(x float64) {
		q.x = append(q.x, x)
		q.inverse = append(q.inverse, float64(x*x))
	}
	for k := range c.byActive {
		guess(curve(k + 1))
	}
	for i, v := range c.paper.provinces {
		mean := map[string]float64{"310000": 720, "110000": 240, "120000": 222, "500000": 312}[v.code]
		if mean == 0 {
			mean = 250
		}
		guess(float64(mean * float64(c.pool(i))))
	}
	for k := 0; k+1 < len(c.byActive); k++ {
		// The gap outlives the rounding of users to whole numbers.
		step := 0.55/float64(c.n[c.byActive[k]]) + 0.55/float64(c.n[c.byActive[k+1]])
		q.atLeast(max(0.08, float64(0.001*q.x[k]), step), term{k, 1}, term{k + 1, -1})
	}
	c.boundShares(q)
	c.boundPools(q)
	return q
}

// pool is the number of accounts a province runs itself.
func (c *census) pool(i int) int {
	left := c.provinces[i]
	for r, v := range c.prefectures {
		if v.province == i {
			left -= c.n[r]
		}
	}
	return left
}

// people gives the users of those prefectures that pass.
func (c *census) people(pass func(r int) bool) []term {
	var list []term
	for k, r := range c.byActive {
		if pass(r) {
			list = append(list, term{k, float64(c.n[r])})
		}
	}
	return list
}

// of gives all users of a province.
func (c *census) of(i int) []term {
	return append(c.people(func(r int) bool { return c.prefectures[r].province == i }), term{len(c.byActive) + i, 1})
}

func (c *census) boundShares(q *program) {
	q.exactly(users334, c.people(func(int) bool { return true })...)
	q.exactly(0.0392*users334, c.people(func(r int) bool { return r == 0 })...)
	q.exactly(0.423*users334, c.people(func(r int) bool { return r < 31 })...)
	q.exactly(activeShare*users334, c.people(func(r int) bool { return c.member[r] })...)
	q.atLeast(0.0401*users334, c.people(func(r int) bool { return c.prefectures[r].code == "330300" })...)
	zhejiang := c.of(c.provinceOf("330000"))
	q.atLeast(4_010_000, zhejiang...)
	q.atMost(4_060_000, zhejiang...)
}

func (c *census) boundPools(q *program) {
	at := func(code string) int { return len(c.byActive) + c.provinceOf(code) }
	q.exactly(0, term{at("310000"), 1}, term{at("110000"), -2.2})
	q.atLeast(690*1793, term{at("310000"), 1})
	var all []term
	for i := range c.paper.provinces {
		v := len(c.byActive) + i
		q.atLeast(float64(40*float64(c.pool(i))), term{v, 1})
		all = append(all, term{v, 1})
	}
	q.atLeast(140_000, term{at("370000"), 1}) // 山东省旅游局 alone has over 60,000
	q.atMost(3_850_000, all...)
}

// meanOrder is the order of the 31 by users per account: printed ranks kept, the others as x has them.
func (c *census) meanOrder(x []float64) []int {
	order := make([]int, 31)
	for i := range order {
		order[i] = -1
	}
	var free []int
	for i, v := range c.paper.provinces {
		if v.meanRank > 0 {
			order[v.meanRank-1] = i
		} else {
			free = append(free, i)
		}
	}
	mean := func(i int) float64 { return value(c.of(i), x) / float64(c.provinces[i]) }
	slices.SortFunc(free, func(a, b int) int { return cmp.Or(cmp.Compare(mean(b), mean(a)), a-b) })
	for at, i := range order {
		if i < 0 {
			order[at], free = free[0], free[1:]
		}
	}
	return order
}

// totalOrder is the order of the 27 provinces and regions by users, printed ranks kept.
func (c *census) totalOrder(x []float64) []int {
	order := make([]int, 27)
	for i := range order {
		order[i] = -1
	}
	var free []int
	for i, v := range c.paper.provinces {
		switch {
		case v.municipality:
		case v.activeRank27 > 0:
			order[v.activeRank27-1] = i
		default:
			free = append(free, i)
		}
	}
	slices.SortFunc(free, func(a, b int) int { return cmp.Or(cmp.Compare(value(c.of(b), x), value(c.of(a), x)), a-b) })
	for at, i := range order {
		if i < 0 {
			order[at], free = free[0], free[1:]
		}
	}
	return order
}

func value(terms []term, x []float64) float64 {
	v := 0.0
	for _, t := range terms {
		v = dot(v, t.fac, x[t.at])
	}
	return v
}

func (c *census) boundMeans(q *program, order []int) {
	for at := 0; at+1 < len(order); at++ {
		a, b := order[at], order[at+1]
		q.atLeast(0.3, append(times(1/float64(c.provinces[a]), c.of(a)), times(-1/float64(c.provinces[b]), c.of(b))...)...)
	}
}

// boundTotals puts 上海 fifth among the 31, before 河南, and leaves the order below 河北 alone.
func (c *census) boundTotals(q *program, order []int) {
	const gap = 1000
	last := slices.IndexFunc(order, func(i int) bool { return c.paper.provinces[i].code == "130000" })
	for at := range last {
		a, b := order[at], order[at+1]
		q.atLeast(gap, append(c.of(a), times(-1, c.of(b))...)...)
	}
	for _, i := range order[last+1:] {
		q.atLeast(gap, append(c.of(order[last]), times(-1, c.of(i))...)...)
	}
	shanghai := c.of(c.provinceOf("310000"))
	q.atLeast(gap, append(c.of(order[3]), times(-1, shanghai)...)...)
	q.atLeast(gap, append(shanghai, times(-1, c.of(order[4]))...)...)
}

// round makes whole users and sets what lies outside the 334 so that the members' lift is 60 percent over all accounts.
func (c *census) round(x []float64) (*crowd, error) {
	out := &crowd{prefectures: make([]int64, len(c.n)), provinces: make([]int64, 31)}
	for k, r := range c.byActive {
		out.prefectures[r] = nearest(float64(x[k] * float64(c.n[r])))
	}
	for k := 0; k+1 < len(c.byActive); k++ {
		a, b := c.byActive[k], c.byActive[k+1]
		if out.prefectures[a]*int64(c.n[b]) <= out.prefectures[b]*int64(c.n[a]) {
			return nil, fmt.Errorf("rounding swapped active ranks %d and %d", k+1, k+2)
		}
	}
	accounts, users := 0, int64(0)
	for r, in := range c.member {
		if in {
			accounts += c.n[r]
			users += out.prefectures[r]
		}
	}
	out.nation = nearest(float64(float64(users)*accountsTotal) / float64(accounts) / 1.6)
	for i := range out.provinces {
		out.provinces[i] = nearest(x[len(c.byActive)+i])
	}
	shanghai := c.provinceOf("310000")
	mean := float64(out.provinces[shanghai]) / float64(c.provinces[shanghai])
	out.national = nearest(float64(float64(8*mean)*nationalSubscriptions) + float64(servedNational*(nationalAccounts-nationalSubscriptions)))
	return out, nil
}
