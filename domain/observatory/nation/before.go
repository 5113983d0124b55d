package nation

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"zhijian/domain/observatory"
	"zhijian/ground/fault"
)

const (
	counted2014    = 40641 // 83,641 less 43,000 new
	townshipGrowth = 1.73  // over 70 percent on unchanged scope (5.3)
)

// elsewhere2014 are assumed; places not known take what is left.
var elsewhere2014 = map[int]int{rowNation: 294, rowHongKong: 30, rowMacau: 15, rowAbroad: 150}

// oldCell are the accounts of one row and sector, township or not.
type oldCell struct {
	of     []*account
	row    int
	sector int
	town   bool
}

// reaches is a margin: the cells that it sums, what they should sum to, and the score they share.
type reaches struct {
	cells []int
	want  float64
}

// before chooses the accounts that last year's edition counted: a share in each cell by a logistic score of province, sector and,
// for townships on unchanged scope, level.
func (c *census) before(rng *rand.Rand, list []place, all []account) (err error) {
	defer fault.Wrap(&err, "choose last year's accounts")
	cells := c.oldCells(list, all)
	margins, bases := c.oldMargins(cells)
	scores := make([]float64, len(cells))
	for range 120 {
		for _, m := range margins {
			lift(cells, scores, m)
		}
	}
	byRow := make([][]int, rowCount)
	for i, cell := range cells {
		byRow[cell.row] = append(byRow[cell.row], i)
	}
	for row, at := range byRow {
		weights := make([]float64, len(at))
		for k, i := range at {
			weights[k] = float64(float64(len(cells[i].of)) * chance(scores[i]))
		}
		for k, n := range share(int64(bases[row]), weights) {
			of := cells[at[k]].of
			if int(n) > len(of) {
				return fmt.Errorf("row %d: a cell of %d accounts should have had %d", row, len(of), n)
			}
			rng.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
			for _, a := range of[:n] {
				a.last = true
			}
		}
	}
	return nil
}

func chance(score float64) float64 { return 1 / (1 + exp(-score)) }

func (c *census) oldCells(list []place, all []account) []oldCell {
	at := map[[3]int]int{}
	var cells []oldCell
	for i := range all {
		a := &all[i]
		town := 0
		if a.level == observatory.Township {
			town = 1
		}
		key := [3]int{list[a.place].row, a.sector, town}
		k, ok := at[key]
		if !ok {
			k = len(cells)
			at[key] = k
			cells = append(cells, oldCell{row: key[0], sector: a.sector, town: town == 1})
		}
		cells[k].of = append(cells[k].of, a)
	}
	return cells
}

// changed reports whether a sector's scope differs between the editions (medical, tourism, post).
func (c *census) changed(s int) bool {
	return s == medical || s == tourism || c.sectors[s].id == "f14"
}

func (c *census) oldMargins(cells []oldCell) ([]reaches, []int) {
	bases := make([]int, rowCount)
	left := counted2014
	for row := range rowUnknown {
		bases[row] = elsewhere2014[row]
		if row < rowNation {
			bases[row] = c.paper.provinces[row].accounts2014
		}
		left -= bases[row]
	}
	bases[rowUnknown] = left
	margins := make([]reaches, rowCount+len(c.sectors)+1)
	town := &margins[len(margins)-1]
	for s, v := range c.sectors {
		margins[rowCount+s].want = float64(v.accounts2014)
	}
	for i, cell := range cells {
		margins[cell.row].cells = append(margins[cell.row].cells, i)
		m := &margins[rowCount+cell.sector]
		m.cells = append(m.cells, i)
		if cell.town && !c.changed(cell.sector) {
			town.cells = append(town.cells, i)
			town.want += float64(len(cell.of)) / townshipGrowth
		}
	}
	for row, n := range bases {
		margins[row].want = float64(n)
	}
	return margins, bases
}

// lift moves the scores of a margin together until its sum is met (Newton's method, steps of at most 2).
func lift(cells []oldCell, scores []float64, m reaches) {
	by := 0.0
	for range 4 {
		have, slope := 0.0, 0.0
		for _, i := range m.cells {
			n := float64(len(cells[i].of))
			p := chance(scores[i] + by)
			have = dot(have, n, p)
			slope = dot(slope, n, float64(p*(1-p)))
		}
		if slope < 1e-9 {
			break
		}
		step := (m.want - have) / slope
		by = max(-12, min(12, by+max(-2, min(2, step))))
		if math.Abs(m.want-have) < 1e-6 {
			break
		}
	}
	for _, i := range m.cells {
		scores[i] = max(-30, min(30, scores[i]+by))
	}
}

// Days between which accounts opened, from the platform's first day (2012-08-23) on. Tax accounts are young: under 11 months on average (5.1).
var (
	firstDay  = time.Date(2012, 8, 23, 0, 0, 0, 0, time.UTC)
	lastCount = time.Date(2014, 8, 31, 0, 0, 0, 0, time.UTC)
	thisCount = time.Date(2015, 8, 31, 0, 0, 0, 0, time.UTC)
)

func (c *census) open(rng *rand.Rand, all []account) {
	for i := range all {
		a := &all[i]
		from, to := lastCount.AddDate(0, 0, 1), thisCount
		tax := c.sectors[a.sector].id == "f04"
		switch {
		case a.last && tax:
			from, to = lastCount.AddDate(0, -4, 0), lastCount
		case a.last:
			from, to = firstDay, lastCount
		case tax:
			from = lastCount.AddDate(0, 2, 0)
		}
		days := int(to.Sub(from).Hours()/24) + 1
		// The later of two draws: the platform grew.
		at := from.AddDate(0, 0, max(rng.IntN(days), rng.IntN(days)))
		a.opened = observatory.Date(at.Year()*10000 + int(at.Month())*100 + at.Day())
	}
}
