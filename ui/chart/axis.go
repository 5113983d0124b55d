package chart

import "math"

// Axis is one direction of a plot.
type Axis struct {
	// Title names what is measured; with its unit.
	Title  string
	Number Number
	// Log spaces by ratio; every value must be above 0. The axis says so.
	Log bool
	// Reverse puts small values at the top or at the right: ranks, where 1 is best.
	Reverse bool
	// Exact ends the axis where the data ends and writes both ends: ranks 1 to 334.
	Exact bool
	// Zero begins the axis at 0, as lengths and areas must.
	Zero bool
	// Min and Max bound the axis; both 0 takes the data.
	Min, Max float64
	// Ticks are the values that are written; none takes round numbers.
	Ticks []float64
}

func (f *Frame) checkAxis(kind, name string, a *Axis) error {
	if err := f.given(kind, name+" axis", append([]float64{a.Min, a.Max}, a.Ticks...)...); err != nil {
		return err
	}
	if a.Min > a.Max || a.Log && (a.Min < 0 || a.Zero) {
		return f.wrong(kind, "%s axis from %v to %v (log %v, zero %v)", name, a.Min, a.Max, a.Log, a.Zero)
	}
	if a.Number.Decimals < 0 || a.Number.Decimals > 9 {
		return f.wrong(kind, "%s axis: %d decimals", name, a.Number.Decimals)
	}
	return nil
}

// onAxis refuses values that an axis cannot place.
func (f *Frame) onAxis(kind, name string, a *Axis, values ...float64) error {
	if err := f.number(kind, name, values...); err != nil {
		return err
	}
	if a.Log {
		for _, v := range values {
			if v <= 0 {
				return f.wrong(kind, "%s: %v has no place on a log axis", name, v)
			}
		}
	}
	return nil
}

// scale places values between two px.
type scale struct {
	lo, hi, a, b float64
	log          bool
	ticks        []float64
	step         float64
}

// at gives the px of a value. The conversions keep processors from fusing the steps, so that all give the same.
func (s scale) at(v float64) float64 {
	lo, hi := s.lo, s.hi
	if s.log {
		lo, hi, v = math.Log10(lo), math.Log10(hi), math.Log10(v)
	}
	if hi == lo {
		return (s.a + s.b) / 2
	}
	share := float64((v - lo) / (hi - lo))
	return s.a + float64(share*(s.b-s.a))
}

func (s scale) holds(v float64) bool { return v >= s.lo && v <= s.hi }

// span gives the least and the greatest of values, leaving None out.
func span(values ...float64) (lo, hi float64, ok bool) {
	for _, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if !ok {
			lo, hi, ok = v, v, true
		}
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi, ok
}

// fit makes the scale of an axis for data from lo to hi; most is how many ticks have room. a and b are set by place.
func (a *Axis) fit(lo, hi float64, most int) scale {
	set := a.Min != 0 || a.Max != 0
	if set {
		lo, hi = a.Min, a.Max
	}
	if a.Zero {
		lo, hi = min(lo, 0), max(hi, 0)
	}
	if a.Log {
		return a.fitLog(lo, hi, set)
	}
	if lo == hi {
		pad := math.Abs(lo) / 2
		if pad == 0 {
			pad = 1
		}
		if a.Zero {
			lo, hi = min(lo, 0), max(hi, 0)
		}
		switch {
		case lo != hi:
		case a.Zero:
			hi = 1
		default:
			lo, hi = lo-pad, hi+pad
		}
	}
	step := nice((hi - lo) / float64(max(most, 1)))
	if a.Number.Decimals == 0 && step < 1 && whole(lo) && whole(hi) {
		step = 1
	}
	s := scale{lo: lo, hi: hi, step: step}
	if !set && !a.Exact {
		s.lo, s.hi = float64(math.Floor(lo/step+1e-9)*step), float64(math.Ceil(hi/step-1e-9)*step)
		if a.Zero {
			s.lo, s.hi = min(s.lo, 0), max(s.hi, 0)
		}
	}
	if len(a.Ticks) > 0 {
		s.keep(a.Ticks)
		return s
	}
	if a.Exact {
		s.ticks = append(s.ticks, s.lo)
	}
	from := math.Ceil(s.lo/step - 1e-9)
	for i := range 64 {
		v := float64((from + float64(i)) * step)
		if v > s.hi+float64(step*1e-9) {
			break
		}
		if !a.Exact || v > s.lo+float64(step*.4) && v < s.hi-float64(step*.4) {
			s.ticks = append(s.ticks, v)
		}
	}
	if a.Exact {
		s.ticks = append(s.ticks, s.hi)
	}
	return s
}

func whole(v float64) bool { return v == math.Trunc(v) }

func (a *Axis) fitLog(lo, hi float64, set bool) scale {
	if lo <= 0 {
		lo = 1
	}
	hi = max(hi, lo)
	from, to := math.Floor(math.Log10(lo)+1e-9), math.Ceil(math.Log10(hi)-1e-9)
	if to <= from {
		to = from + 1
	}
	s := scale{lo: lo, hi: hi, log: true}
	if !set || lo == hi {
		s.lo, s.hi = math.Pow(10, from), math.Pow(10, to)
		if hi <= s.hi/5 && to-from > 1 {
			s.hi /= 5
		} else if hi <= s.hi/2 && to-from >= 1 && hi > lo {
			s.hi /= 2
		}
	}
	if len(a.Ticks) > 0 {
		s.keep(a.Ticks)
		return s
	}
	every := max(1, math.Ceil((to-from)/6))
	for e := from; e <= to; e += every {
		s.ticks = append(s.ticks, math.Pow(10, e))
	}
	if to-from <= 1 {
		s.ticks = append(s.ticks, 2*math.Pow(10, from), 5*math.Pow(10, from))
	}
	s.keep(s.ticks)
	return s
}

func (s *scale) keep(ticks []float64) {
	list := make([]float64, 0, len(ticks))
	for _, t := range ticks {
		if s.holds(t) {
			list = append(list, t)
		}
	}
	s.ticks = list
}

// nice is the least of 1, 2, 5 × 10ⁿ that is not below v.
func nice(v float64) float64 {
	if v <= 0 {
		return 1
	}
	ten := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if v <= float64(m*ten)*(1+1e-9) {
			return m * ten
		}
	}
	return 10 * ten
}

// labels writes the ticks.
func (s scale) labels(lang string, n Number) []string {
	top := 0.0
	for _, t := range s.ticks {
		top = max(top, math.Abs(t))
	}
	list := make([]string, len(s.ticks))
	for i, t := range s.ticks {
		step := s.step
		if s.log || step == 0 {
			step = t
		}
		list[i] = n.tickText(lang, t, step, top)
	}
	return list
}
