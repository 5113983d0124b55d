package nation

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"zhijian/domain/observatory"
)

// The paper counts entries and visits and says nothing of what came of them. All of this file is therefore assumed: it gives the
// exhibits of outcomes a nation to be tried on, in orders of magnitude that a city would find ordinary, and nothing in it is a finding.

// habit is what cases of a type of service are like.
type habit struct {
	cases     float64 // cases a month for each visit ever counted
	steps     int     // fewest answers in a case
	moreSteps int     // up to so many more
	materials int
	took      int64 // bound of the commonest bucket of durations, in seconds
	pays      bool
}

var habits = map[string]habit{
	"application": {0.010, 6, 5, 4, 200_000, false},
	"booking":     {0.020, 4, 3, 2, 100, false},
	"information": {0.060, 1, 1, 0, 2, false},
	"map":         {0.050, 1, 1, 0, 2, false},
	"payment":     {0.040, 3, 3, 1, 50, true},
	"query":       {0.080, 2, 2, 1, 10, false},
	"report":      {0.008, 4, 3, 1, 100_000, false},
}

// nature is what one kind of service is like in every city.
type nature struct {
	habit
	promised    bool
	within      int64 // the promise: bound of a bucket
	departments int64
	fails       float64 // share of questions to its departments' systems that stay without an answer
	price       int64   // fen, of one that is paid for
}

// spread says how the durations of ended cases lie around the commonest bucket, from two before to three behind.
var spread = []float64{0.06, 0.22, 0.40, 0.20, 0.09, 0.03}

// outcomes makes what came of every launched service in the month of this year's edition, and of each city's entry as a whole.
func (c *census) outcomes(rng *rand.Rand, this *observatory.Facts) []observatory.Outcome {
	natures := c.natures(rng)
	answers := c.answerers(this)
	var out []observatory.Outcome
	for i, list := 0, this.Launches; i < len(list); {
		city := list[i].Region
		quality := float64(rng.Float64()) // of the city, 1 is best
		entry := observatory.Outcome{Region: city, Month: thisMonth}
		opened := int64(0)
		for ; i < len(list) && list[i].Region == city; i++ {
			if l := list[i]; l.Launched {
				o := outcome(rng, natures[l.Service], l, quality)
				o.Account = answers[city+"/"+c.sectorOf(l.Service)]
				n, _ := o.Of(observatory.Opened).N()
				opened += n
				out = append(out, o)
			}
		}
		searches := portion(rng, opened, 0.3)
		entry.Set(observatory.Searches, searches)
		entry.Set(observatory.Unmet, portion(rng, searches, 0.20-float64(0.15*quality)))
		checked := int64(20 + rng.IntN(41))
		entry.Set(observatory.Checked, checked)
		entry.Set(observatory.Accessible, portion(rng, checked, 0.35+float64(0.6*quality)))
		out = append(out, entry)
	}
	slices.SortFunc(out, func(a, b observatory.Outcome) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Service, b.Service))
	})
	return out
}

func (c *census) natures(rng *rand.Rand) map[string]nature {
	out := map[string]nature{}
	bounds := observatory.Bounds()
	for _, v := range c.kinds {
		n := nature{habit: habits[v.of], departments: 1, fails: 0.002 + float64(0.03*rng.Float64()), price: int64(2000 + rng.IntN(30_000))}
		n.steps += rng.IntN(n.moreSteps + 1)
		n.promised = rng.IntN(10) < 7
		n.within = bounds[slices.Index(bounds, n.took)+1+rng.IntN(2)]
		if rng.IntN(5) == 0 {
			n.departments = int64(2 + rng.IntN(2))
		}
		out[v.id] = n
	}
	return out
}

// outcome makes one service of one city.
func outcome(rng *rand.Rand, n nature, l observatory.Launch, quality float64) observatory.Outcome {
	o := observatory.Outcome{Region: l.Region, Service: l.Service, Month: thisMonth}
	opened := nearest(float64(l.Visits) * float64(n.cases*(0.7+float64(0.6*rng.Float64()))))
	cancelled := portion(rng, opened, 0.14-float64(0.08*quality))
	refused := portion(rng, opened, 0.03)
	done := max(0, opened-cancelled-refused)
	ended := done + refused
	o.Took = took(n.took, ended, quality)
	set := func(m observatory.Measure, v int64) { o.Set(m, v) }
	set(observatory.Opened, opened)
	set(observatory.Done, done)
	set(observatory.Refused, refused)
	set(observatory.Cancelled, cancelled)
	set(observatory.People, max(min(1, opened), portion(rng, opened, 0.8)))
	set(observatory.StepsTaken, nearest(float64(opened)*(float64(n.steps)+float64(0.5*rng.Float64()))))
	set(observatory.Loads, nearest(float64(opened)*(float64(2*n.steps)+1+float64(2*rng.Float64()))))
	set(observatory.Materials, int64(n.materials))
	set(observatory.Departments, n.departments)
	if n.pays {
		paid := portion(rng, done, 0.97)
		set(observatory.Paid, paid)
		set(observatory.Fen, paid*n.price)
	}
	if n.promised {
		set(observatory.Promised, ended)
		set(observatory.Kept, atMost(&o.Took, n.within))
	}
	rated := portion(rng, ended, 0.06)
	satisfied := portion(rng, rated, 0.70+float64(0.25*quality))
	set(observatory.Rated, rated)
	set(observatory.Satisfied, satisfied)
	set(observatory.RatingSum, nearest(float64(float64(satisfied)*4.6))+nearest(float64(float64(rated-satisfied)*2.2)))
	calls := opened * n.departments
	set(observatory.OfficeCalls, calls)
	set(observatory.OfficeFailed, portion(rng, calls, float64(n.fails*(1.5-quality))))
	return o
}

// portion is about p of n, never outside 0 to n.
func portion(rng *rand.Rand, n int64, p float64) int64 {
	return max(0, min(n, nearest(float64(n)*float64(p*(0.9+float64(0.2*rng.Float64()))))))
}

// took spreads ended cases over buckets around the commonest one; in a good city more of them lie before it.
func took(common, ended int64, quality float64) (d observatory.Durations) {
	bounds := observatory.Bounds()
	at := slices.Index(bounds, common)
	weights := make([]float64, len(bounds))
	for i, w := range spread {
		if k := at - 2 + i; k >= 0 && k < len(bounds) {
			if i < 2 {
				w = float64(w * (0.6 + float64(0.8*quality)))
			}
			weights[k] = w
		}
	}
	for k, n := range share(ended, weights) {
		d.Count(bounds[k], n)
	}
	return d
}

// atMost counts what took no longer than a bound.
func atMost(d *observatory.Durations, bound int64) (n int64) {
	for k, b := range observatory.Bounds() {
		if b <= bound {
			n += d[k]
		}
	}
	return n
}

// answerers finds, for a city and a sector, the first account there that serves and was visited in the month.
func (c *census) answerers(this *observatory.Facts) map[string]string {
	out := map[string]string{}
	for i, a := range this.Accounts {
		city, ok := c.tree.City(a.Region)
		if !ok || a.Kind != observatory.Serving || this.Months[i].Visits == 0 {
			continue
		}
		if key := city.Code + "/" + a.Sector; out[key] == "" {
			out[key] = a.ID
		}
	}
	return out
}

// sectorOf gives the sector that a kind of service belongs to, by its group in the city entry.
func (c *census) sectorOf(service string) string {
	i := slices.IndexFunc(c.kinds, func(k kind) bool { return k.id == service })
	return c.groupSector[c.kinds[i].group]
}
