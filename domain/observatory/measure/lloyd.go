package measure

import (
	"cmp"
	"math"
	"slices"
)

// Point is a place in the plane.
type Point struct{ X, Y float64 }

// Scale says in which units Lloyd measures distance.
type Scale string

// The scales.
const (
	Raw    Scale = "raw"     // as given: the axis with the larger numbers decides
	ZScore Scale = "z-score" // each axis less its mean, over its standard deviation
)

// Planar is a division of points into groups around centres.
type Planar struct {
	Centres []Point // in the input's units; by X then Y, highest first
	Sizes   []int
	Of      []int
	Rounds  int // how many times the centres moved
}

const mostRounds = 1000 // Lloyd ends by itself; the bound is for numbers that are none

// LloydLine is Lloyd in one dimension. It may end in a worse division than KMeans, which is why both are shown when they differ.
func LloydLine(values []float64, k int) Clusters {
	points := make([]Point, len(values))
	for i, v := range values {
		points[i].X = v
	}
	p := Lloyd(points, k, Raw)
	c := Clusters{Sizes: p.Sizes, Of: p.Of}
	for _, centre := range p.Centres {
		c.Centres = append(c.Centres, centre.X)
	}
	squares := make([]float64, len(values))
	for i, v := range values {
		d := v - c.Centres[p.Of[i]]
		squares[i] = float64(d * d)
	}
	c.SSE = Sum(squares)
	return c
}

// Lloyd divides points into k groups by Lloyd's steps from an even start: k centres at equal distances on the straight line from
// the smallest to the largest X and Y. A point as near to two centres goes to the higher one; a centre without points stays where
// it is and is dropped at the end. The result depends on start and scale, which is why both are stated wherever it is shown.
func Lloyd(points []Point, k int, scale Scale) Planar {
	if len(points) == 0 || k < 1 {
		return Planar{Of: make([]int, len(points))}
	}
	order := inOrder(points)
	at := scaled(points, scale)
	centres := evenStart(at, k)
	of := make([]int, len(points))
	for i := range of {
		of[i] = -1
	}
	p := Planar{}
	for p.Rounds < mostRounds && assign(at, centres, of) {
		move(at, order, centres, of)
		p.Rounds++
	}
	return p.named(points, order, of, k)
}

func inOrder(points []Point) []int {
	order := make([]int, len(points))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(points[a].X, points[b].X), cmp.Compare(points[a].Y, points[b].Y))
	})
	return order
}

func scaled(points []Point, scale Scale) []Point {
	if scale != ZScore {
		return points
	}
	xs, ys := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		xs[i], ys[i] = p.X, p.Y
	}
	mx, sx := Mean(xs), deviation(xs)
	my, sy := Mean(ys), deviation(ys)
	out := make([]Point, len(points))
	for i, p := range points {
		out[i] = Point{(p.X - mx) / sx, (p.Y - my) / sy}
	}
	return out
}

// deviation is the standard deviation of a whole population; 1 when all are equal, so that it can divide.
func deviation(values []float64) float64 {
	m := Mean(values)
	squares := make([]float64, len(values))
	for i, v := range values {
		squares[i] = float64((v - m) * (v - m))
	}
	if s := math.Sqrt(Mean(squares)); s > 0 {
		return s
	}
	return 1
}

func evenStart(at []Point, k int) []Point {
	low, high := at[0], at[0]
	for _, p := range at {
		low = Point{min(low.X, p.X), min(low.Y, p.Y)}
		high = Point{max(high.X, p.X), max(high.Y, p.Y)}
	}
	centres := make([]Point, k)
	for i := range centres {
		part := 0.5
		if k > 1 {
			part = float64(k-1-i) / float64(k-1)
		}
		centres[i] = Point{low.X + float64((high.X-low.X)*part), low.Y + float64((high.Y-low.Y)*part)}
	}
	return centres
}

func assign(at, centres []Point, of []int) (moved bool) {
	for i, p := range at {
		best, which := math.Inf(1), 0
		for g, c := range centres {
			dx, dy := p.X-c.X, p.Y-c.Y
			if d := float64(dx*dx) + float64(dy*dy); d < best {
				best, which = d, g
			}
		}
		if of[i] != which {
			of[i], moved = which, true
		}
	}
	return moved
}

func move(at []Point, order []int, centres []Point, of []int) {
	sums, counts := make([]Point, len(centres)), make([]float64, len(centres))
	for _, i := range order {
		g := of[i]
		sums[g] = Point{sums[g].X + at[i].X, sums[g].Y + at[i].Y}
		counts[g]++
	}
	for g := range centres {
		if counts[g] > 0 {
			centres[g] = Point{sums[g].X / counts[g], sums[g].Y / counts[g]}
		}
	}
}

// named gives the centres in the input's units, highest first, without those that have no points.
func (p Planar) named(points []Point, order, of []int, k int) Planar {
	centres, sizes := make([]Point, k), make([]int, k)
	move(points, order, centres, of)
	for _, g := range of {
		sizes[g]++
	}
	var used []int
	for g := range k {
		if sizes[g] > 0 {
			used = append(used, g)
		}
	}
	slices.SortStableFunc(used, func(a, b int) int {
		return cmp.Or(cmp.Compare(centres[b].X, centres[a].X), cmp.Compare(centres[b].Y, centres[a].Y))
	})
	place := make([]int, k)
	for i, g := range used {
		place[g] = i
		p.Centres, p.Sizes = append(p.Centres, centres[g]), append(p.Sizes, sizes[g])
	}
	p.Of = make([]int, len(of))
	for i, g := range of {
		p.Of[i] = place[g]
	}
	return p
}
