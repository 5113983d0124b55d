package chart

import "math"

// Stairs is stages that build on each other, the lowest first: each stands one step higher, its bar says how many are there.
type Stairs struct {
	Frame
	Stages []Stage
	Number Number
	// Label and Value name the columns of the table.
	Label, Value string
}

// Stage is one step; Text explains it in a few words.
type Stage struct {
	Label, Text string
	Value       float64
}

// Validate checks the numbers.
func (s *Stairs) Validate() error {
	if err := s.check("stairs"); err != nil {
		return err
	}
	for _, g := range s.Stages {
		if g.Value < 0 {
			return s.wrong("stairs", "%q: %v is below 0", g.Label, g.Value)
		}
		if err := s.number("stairs", g.Label, g.Value); err != nil {
			return err
		}
	}
	if len(s.Stages) > 8 {
		return s.wrong("stairs", "%d stages: at most 8", len(s.Stages))
	}
	return nil
}

// Draw writes the stages from the left, each higher than the one before; the block on a step is as tall as its value.
func (s *Stairs) Draw() (Drawing, error) {
	if err := s.Validate(); err != nil {
		return Drawing{}, err
	}
	t := Table{Head: []string{s.Label, s.Value}}
	p := newPen(&s.Frame, or(s.Width, 600), or(s.Height, 300))
	if len(s.Stages) == 0 {
		drawNothing(p)
		return p.finish(t, false), nil
	}
	_, hi, any := span(column(s.Stages, func(g Stage) float64 { return g.Value })...)
	if !any || hi == 0 {
		hi = 1
	}
	n := float64(len(s.Stages))
	wide := (p.w - 4) / n
	const foot, head, step = 40, 22, 16
	tall := p.h - foot - head - float64(step*n)
	for i, g := range s.Stages {
		t.add(i, g.Label, s.Number.Say(g.Value))
		x, floor := 2+float64(i)*wide, p.h-foot-float64(step*i)
		p.path(headLine, []xy{{x, min(floor+step, p.h-foot)}, {x, floor}, {x + wide, floor}}, false)
		top := floor
		if !math.IsNaN(g.Value) {
			top = floor - float64(max(tall, 20)*g.Value/hi)
			p.rect("c1", x+wide*.2, top, wide*.6, floor-top, 0, g.Text)
		}
		p.fitted(boldText, x+wide/2, max(top-6, 13), middle, s.Number.Say(g.Value), wide-4)
		p.fitted(boldText, x+wide/2, p.h-22, middle, g.Label, wide-6)
		p.fitted(axisText, x+wide/2, p.h-6, middle, g.Text, wide-6)
	}
	return p.finish(t, false), nil
}
