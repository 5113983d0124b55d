package nation

// program asks for the point nearest to x, in the norm that inverse weighs, that meets all bounds.
type program struct {
	x       []float64
	inverse []float64 // 1/weight of each unknown
	bounds  []bound
}

type term struct {
	at  int
	fac float64
}

// bound says: the sum of terms is at least floor, or exactly floor.
type bound struct {
	terms []term
	floor float64
	exact bool
	norm  float64
	price float64 // Hildreth's multiplier
}

func (p *program) atLeast(floor float64, terms ...term) { p.add(floor, false, terms) }
func (p *program) exactly(value float64, terms ...term) { p.add(value, true, terms) }

func (p *program) atMost(ceiling float64, terms ...term) {
	p.add(-ceiling, false, times(-1, terms))
}

func (p *program) add(floor float64, exact bool, terms []term) {
	norm := 0.0
	for _, t := range terms {
		norm = dot(norm, float64(t.fac*t.fac), p.inverse[t.at])
	}
	p.bounds = append(p.bounds, bound{terms: terms, floor: floor, exact: exact, norm: norm})
}

func times(fac float64, terms []term) []term {
	list := make([]term, len(terms))
	for i, t := range terms {
		list[i] = term{t.at, float64(fac * t.fac)}
	}
	return list
}

func sum(at ...int) []term {
	list := make([]term, len(at))
	for i, a := range at {
		list[i] = term{a, 1}
	}
	return list
}

// solve projects cyclically (Hildreth's method: Dykstra's projections onto half-spaces) and gives the largest amount by
// which a bound is still missed.
func (p *program) solve(sweeps int) float64 {
	for range sweeps {
		for i := range p.bounds {
			p.project(&p.bounds[i])
		}
	}
	worst := 0.0
	for i := range p.bounds {
		gap := p.gap(&p.bounds[i])
		if p.bounds[i].exact {
			gap = max(gap, -gap)
		}
		worst = max(worst, gap)
	}
	return worst
}

func (p *program) gap(b *bound) float64 {
	have := 0.0
	for _, t := range b.terms {
		have = dot(have, t.fac, p.x[t.at])
	}
	return b.floor - have
}

func (p *program) project(b *bound) {
	step := p.gap(b) / b.norm
	if !b.exact {
		if b.price+step < 0 {
			step = -b.price
		}
		b.price += step
	}
	if step == 0 {
		return
	}
	for _, t := range b.terms {
		p.x[t.at] = dot(p.x[t.at], float64(t.fac*step), p.inverse[t.at])
	}
}
