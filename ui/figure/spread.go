package figure

import (
	"math"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"zhijian/ui/chart"
	"zhijian/ui/wording"
)

// countries names countries, for exhibits hold their codes alone. It draws no map: borders would need an approved one.
func (p *painter) countries() chart.Chart {
	of := p.e.Chart.Values[0]
	c := &chart.Countries{Frame: p.frame, Number: p.number(of), Label: p.title(p.e.Chart.Label), Value: p.title(of)}
	for _, r := range p.e.Rows {
		code := p.words(r, p.e.Chart.Label)
		c.Items = append(c.Items, chart.Country{Code: code, Name: Nation(code, p.lang), Value: p.value(r, of)})
	}
	return c
}

// Nation is the name of a country of ISO 3166 alpha-2; its code where it has none.
func Nation(code, lang string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	names := display.Chinese.Regions()
	if lang == wording.English {
		names = display.English.Regions()
	}
	if s := names.Name(region); s != "" {
		return s
	}
	return code
}

// points places what has both degrees; the table has the rest.
func (p *painter) points() chart.Chart {
	c := p.e.Chart
	m := &chart.Points{Frame: p.frame, Number: p.number(c.Size), Groups: p.groups(), Label: p.title(c.Label), Value: p.title(c.Size)}
	for _, r := range p.e.Rows {
		q := chart.Place{Label: p.label(r), Lon: p.value(r, c.X), Lat: p.value(r, c.Y), Value: p.value(r, c.Size), Group: p.group(r, m.Groups)}
		if !math.IsNaN(q.Lon) && !math.IsNaN(q.Lat) {
			m.Places = append(m.Places, q)
		}
	}
	return m
}

// tail marks the first and the last one above the reference: where the long tail begins.
func (p *painter) tail() chart.Chart {
	c := p.e.Chart
	of := c.Values[0]
	t := &chart.Tail{Frame: p.frame, X: chart.Axis{Title: p.title(c.X)}, Y: chart.Axis{Title: p.title(of), Number: p.number(of)}, Label: p.title(c.Label)}
	above := 0
	for _, r := range p.e.Rows {
		v := p.value(r, of)
		if math.IsNaN(v) {
			continue
		}
		t.Values, t.Labels = append(t.Values, v), append(t.Labels, p.label(r))
		if v > c.ReferenceY {
			above++
		}
	}
	if len(t.Values) == 0 {
		return t
	}
	t.Marks = []chart.Mark{{At: 1, Text: t.Labels[0] + " " + t.Y.Number.Say(t.Values[0])}}
	if c.ReferenceY > 0 && above > 1 {
		t.Marks = append(t.Marks, chart.Mark{At: float64(above), Text: wording.T(p.lang, "figure.rank.above", above, t.Y.Number.Say(c.ReferenceY))})
	}
	return t
}

// elbow begins with the first row's number of classes; numbers follow one another.
func (p *painter) elbow() chart.Chart {
	c := p.e.Chart
	of := c.Values[0]
	e := &chart.Elbow{Frame: p.frame, First: int(p.value(p.e.Rows[0], c.X)), X: p.title(c.X), Y: chart.Axis{Title: p.title(of), Number: p.number(of), Zero: true}}
	for i, r := range p.e.Rows {
		e.Scores = append(e.Scores, p.value(r, of))
		if p.value(r, c.Group) == 1 {
			e.Chosen = e.First + i
			e.Text = wording.T(p.lang, "figure.chosen", e.Chosen)
		}
	}
	return e
}

// lorenz marks what the lower half holds.
func (p *painter) lorenz() chart.Chart {
	l := &chart.Lorenz{Frame: p.frame, X: p.title(p.e.Chart.X), Y: wording.T(p.lang, "figure.held")}
	for _, column := range p.e.Chart.Values {
		l.Curves = append(l.Curves, chart.Curve{Name: p.title(column), Held: p.held(column)})
	}
	half := p.value(p.e.Rows[len(p.e.Rows)/2], p.e.Chart.Values[0])
	if !math.IsNaN(half) {
		l.Marks = []chart.Mark{{At: 50, Text: wording.T(p.lang, "figure.half", p.number(p.e.Chart.Values[0]).Say(half))}}
	}
	return l
}

// held are the percentages of a column; nothing where one is withheld or there is nothing to be held.
func (p *painter) held(column string) (list []float64) {
	for _, r := range p.e.Rows {
		v := p.value(r, column)
		if math.IsNaN(v) {
			return nil
		}
		list = append(list, v)
	}
	if list[len(list)-1] != 100 {
		return nil
	}
	return list
}

// histogram counts rows by tenths of a percentage; 100 itself is of the last tenth.
func (p *painter) histogram() chart.Chart {
	of := p.e.Chart.Values[0]
	h := &chart.Histogram{Frame: p.frame, X: chart.Axis{Title: p.title(of), Number: chart.Number{Unit: "%"}}, Y: chart.Axis{Title: wording.T(p.lang, "figure.number")}}
	for from := 0.0; from < 100; from += 10 {
		h.Bins = append(h.Bins, chart.Bin{From: from, To: from + 10})
	}
	sum, n := 0.0, 0.0
	for _, r := range p.e.Rows {
		v := p.value(r, of)
		if !(v >= 0 && v <= 100) {
			continue
		}
		h.Bins[min(int(v/10), len(h.Bins)-1)].Count++
		sum, n = sum+v, n+1
	}
	if n > 0 {
		h.Marks = []chart.Mark{{At: sum / n, Text: wording.T(p.lang, "figure.mean.at", p.number(of).Say(sum/n))}}
	}
	return h
}
