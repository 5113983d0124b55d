package figure

import (
	"math"
	"strconv"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/measure"
	"zhijian/ui/chart"
	"zhijian/ui/wording"
)

// mostBars keeps a bar chart readable; the table has the other rows.
const mostBars = 60

func (p *painter) bars() chart.Chart {
	of := p.e.Chart.Values[0]
	b := &chart.Bars{Frame: p.frame, Number: p.number(of), Head: chart.BarHead{Rank: p.title("rank"), Label: p.title(p.e.Chart.Label), Value: p.title(of)}}
	for _, column := range p.e.Chart.Values[1:] {
		b.Head.More = append(b.Head.More, p.title(column))
	}
	for i, r := range p.head() {
		item := chart.Bar{Label: p.label(r), Value: p.value(r, of)}
		if rank := p.value(r, "rank"); p.kind("rank") == observatory.Rank && rank == math.Trunc(rank) {
			item.Rank = int(rank)
		}
		item.Strong = i == 0 && item.Rank == 1
		for _, column := range p.e.Chart.Values[1:] {
			n := p.number(column)
			text := "—"
			if v := p.value(r, column); !math.IsNaN(v) {
				text = strconv.FormatFloat(v, 'f', n.Decimals, 64) + n.Unit
			}
			item.More = append(item.More, text)
		}
		b.Items = append(b.Items, item)
	}
	return b
}

func (p *painter) diverging() chart.Chart {
	of := p.e.Chart.Values[0]
	d := &chart.Diverging{Frame: p.frame, Number: p.number(of), Label: p.title(p.e.Chart.Label), Value: p.title(of), Below: wording.T(p.lang, "figure.below"), Above: wording.T(p.lang, "figure.above")}
	for _, r := range p.e.Rows {
		d.Items = append(d.Items, chart.Difference{Label: p.label(r), Value: p.value(r, of)})
	}
	return d
}

// tiles shades provinces: by the group's number where that is a tier, and otherwise by five classes of the value, parted exactly.
func (p *painter) tiles() chart.Chart {
	of := p.e.Chart.Values[0]
	t := &chart.Tiles{Frame: p.frame, Number: p.number(of), Label: p.title(p.e.Chart.Label), Value: p.title(of), Outside: wording.T(p.lang, "figure.outside")}
	var values []float64
	for _, r := range p.e.Rows {
		if v := p.value(r, of); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	c := measure.KMeans(values, 5)
	k, at := len(c.Centres), 0
	low, high := make([]float64, k), make([]float64, k)
	for i, v := range values {
		g := c.Of[i]
		if low[g] == 0 && high[g] == 0 || v < low[g] {
			low[g] = v
		}
		high[g] = max(high[g], v)
	}
	for g := k - 1; g >= 0; g-- {
		t.Classes = append(t.Classes, span(low[g], high[g], t.Number.Decimals))
	}
	for _, r := range p.e.Rows {
		tile := chart.Tile{Code: p.words(r, "code"), Value: p.value(r, of)}
		if !math.IsNaN(tile.Value) {
			tile.Class = k - c.Of[at]
			at++
		}
		t.Items = append(t.Items, tile)
	}
	return t
}

func span(low, high float64, decimals int) string {
	a, b := strconv.FormatFloat(low, 'f', decimals, 64), strconv.FormatFloat(high, 'f', decimals, 64)
	if a == b {
		return a
	}
	return a + "–" + b
}

func (p *painter) dots() chart.Chart { return p.scatter() }

func (p *painter) scatter() *chart.Scatter {
	c := p.e.Chart
	s := &chart.Scatter{Frame: p.frame, X: p.axis(c.X, c.LogX, false), Y: p.axis(c.Y, c.LogY, true), Groups: p.groups(), Label: p.title(c.Label), Size: p.title(c.Size)}
	s.Diagonal = p.kind(c.X) == observatory.Rank && p.kind(c.Y) == observatory.Rank
	for _, r := range p.e.Rows {
		d := chart.Dot{Label: p.label(r), X: p.value(r, c.X), Y: p.value(r, c.Y)}
		if math.IsNaN(d.X) || math.IsNaN(d.Y) || c.LogX && d.X <= 0 || c.LogY && d.Y <= 0 {
			continue // a logarithm has no place for them; the table shows them
		}
		if v := p.value(r, c.Size); v > 0 {
			d.Size = v
		}
		d.Group = p.group(r, s.Groups)
		s.Dots = append(s.Dots, d)
	}
	if s.Size == "" {
		for i := range s.Dots {
			s.Dots[i].Size = 0
		}
	}
	return s
}

func (p *painter) quadrants() chart.Chart {
	s := p.scatter()
	s.CutX = []chart.Mark{{At: p.e.Chart.ReferenceX, Text: wording.T(p.lang, "figure.mean")}}
	s.CutY = []chart.Mark{{At: p.e.Chart.ReferenceY, Text: wording.T(p.lang, "figure.mean")}}
	s.Corners = [4]string{wording.T(p.lang, "figure.potential"), wording.T(p.lang, "figure.active"), wording.T(p.lang, "figure.undeveloped"), wording.T(p.lang, "figure.promote")}
	s.Groups = nil // the corners say it
	for i := range s.Dots {
		s.Dots[i].Group = 0
	}
	return s
}

func (p *painter) slopes() chart.Chart {
	left, right := p.e.Chart.Values[0], p.e.Chart.Values[1]
	s := &chart.Slope{Frame: p.frame, Left: p.title(left), Right: p.title(right), Label: p.title(p.e.Chart.Label)}
	for _, r := range p.e.Rows {
		from, to := p.value(r, left), p.value(r, right)
		if math.IsNaN(from) || math.IsNaN(to) {
			continue
		}
		s.Items = append(s.Items, chart.Pair{Label: p.label(r), From: from, To: to, Strong: to-from >= 10})
	}
	return s
}

func (p *painter) areas() chart.Chart {
	c := p.e.Chart
	t := &chart.Tiers{Frame: p.frame, Y: chart.Axis{Title: p.title(c.Y), Zero: true}, Label: p.title(c.Label), Wide: p.title(c.X), Area: p.title("accounts")}
	for _, r := range p.e.Rows {
		w, h := p.value(r, c.X), p.value(r, c.Y)
		text := wording.T(p.lang, "figure.tier", p.words(r, c.Label), w, strconv.FormatFloat(h, 'f', 0, 64))
		t.Blocks = append(t.Blocks, chart.Block{Label: p.words(r, c.Label), Width: w, Height: h, Text: text})
	}
	return t
}

func (p *painter) lines() chart.Chart {
	c := p.e.Chart
	l := &chart.Lines{Frame: p.frame, X: chart.Axis{Title: p.title(c.X), Exact: true}, Y: chart.Axis{Title: p.title(c.Values[0]), Number: p.number(c.Values[0]), Log: c.LogY, Zero: !c.LogY}}
	for _, column := range c.Values {
		line := chart.Line{Name: p.title(column)}
		for _, r := range p.e.Rows {
			if y := p.value(r, column); !c.LogY || y > 0 {
				line.Points = append(line.Points, chart.Point{X: p.value(r, c.X), Y: y})
			}
		}
		l.Lines = append(l.Lines, line)
	}
	return l
}

func (p *painter) stairs() chart.Chart {
	of := p.e.Chart.Values[0]
	s := &chart.Stairs{Frame: p.frame, Number: p.number(of), Label: p.title(p.e.Chart.Label), Value: p.title(of)}
	for _, r := range p.e.Rows {
		s.Stages = append(s.Stages, chart.Stage{Label: p.label(r), Value: p.value(r, of)})
	}
	return s
}
