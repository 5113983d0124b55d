package figure

import (
	"math"

	"zhijian/domain/observatory"
	"zhijian/ui/chart"
)

// head are the rows that are drawn as bars.
func (p *painter) head() [][]observatory.Cell { return p.e.Rows[:min(mostBars, len(p.e.Rows))] }

func (p *painter) grouped() chart.Chart {
	c := p.e.Chart
	g := &chart.Grouped{Frame: p.frame, Number: p.number(c.Values[0]), Label: p.title(c.Label)}
	for _, column := range c.Values {
		g.Series = append(g.Series, p.title(column))
	}
	for _, r := range p.head() {
		g.Items = append(g.Items, chart.Group{Label: p.label(r), Values: p.values(r)})
	}
	if p.unit(c.Values[0]) == "seconds/case" { // from seconds to months: the short ones would vanish beside the long ones
		return &chart.Times{Frame: g.Frame, Series: g.Series, Items: g.Items, Number: g.Number, Label: g.Label}
	}
	return g
}

// values are those of a row that are drawn.
func (p *painter) values(r []observatory.Cell) []float64 {
	list := make([]float64, len(p.e.Chart.Values))
	for i, column := range p.e.Chart.Values {
		list[i] = p.value(r, column)
	}
	return list
}

// shares draws a row of which a part is not known as one that has no figures: the others would not be of the whole.
func (p *painter) shares() chart.Chart {
	s := p.composition()
	for _, column := range p.e.Chart.Values {
		s.Parts = append(s.Parts, p.title(column))
	}
	for _, r := range p.head() {
		s.Rows = append(s.Rows, chart.Share{Label: p.label(r), Values: whole(p.values(r))})
	}
	return s
}

func (p *painter) parts() chart.Chart {
	s := p.composition()
	for _, r := range p.e.Rows {
		s.Parts = append(s.Parts, p.label(r))
	}
	for _, column := range p.e.Chart.Values {
		values := make([]float64, len(p.e.Rows))
		for i, r := range p.e.Rows {
			values[i] = p.value(r, column)
		}
		s.Rows = append(s.Rows, chart.Share{Label: p.title(column), Values: whole(values)})
	}
	return s
}

func (p *painter) composition() *chart.Shares {
	return &chart.Shares{Frame: p.frame, Number: chart.Number{Decimals: 1, Unit: "%"}, Label: p.title(p.e.Chart.Label)}
}

// whole gives the parts, or zeros when one of them is not known.
func whole(parts []float64) []float64 {
	for _, v := range parts {
		if math.IsNaN(v) {
			return make([]float64, len(parts))
		}
	}
	return parts
}

func (p *painter) pyramid() chart.Chart {
	c := p.e.Chart
	left, right := c.Values[0], c.Values[1]
	y := &chart.Pyramid{Frame: p.frame, Left: p.title(left), Right: p.title(right), Label: p.title(c.Label), Numbers: [2]chart.Number{p.number(left), p.number(right)}}
	for _, r := range p.e.Rows {
		y.Bands = append(y.Bands, chart.Band{Label: p.label(r), Left: p.value(r, left), Right: p.value(r, right)})
	}
	return y
}
