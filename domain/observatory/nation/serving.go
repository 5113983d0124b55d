package nation

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"zhijian/ground/fault"
)

// Classes of accounts for which the share of service accounts is printed or assumed.
const (
	classTopHospital = iota
	classHospital
	classPrimary
	classPublicHealth
	classOtherMedical
	classStation
	classExitEntry
	classHousehold
	classPolice
	classTourism
	classUtility
	classSilent
	classNational
	classElse
	classCount
)

// servingOf are the service accounts of each class: table 5 and 3.2 to 3.6 (47.5 percent of the top hospitals, 45.4 of all graded,
// 33.1, 36.8; 40 of police stations, 50 of exit-entry and household, 30 of all police; over 20, nearly 50, 17.5 percent). Two
// sectors have none, which makes 52 kinds of service; 17 percent of all others is assumed.
var servingOf = [classCount]int{594, 1199, 649, 270, 7459, 644, 599, 151, 1624, 478, 774, 0, 63, -1}

const servingElse = 0.17

func (c *census) classOf(a *account, v place) int {
	if v.bucket == central {
		return classNational
	}
	switch a.sector {
	case medical:
		return slices.Index([]string{"三甲医院", "等级医院", "基层医疗", "公共卫生", "其他医疗"}, a.institution)
	case police:
		if i := slices.Index([]string{"派出所", "出入境", "户政"}, a.institution); i >= 0 {
			return classStation + i
		}
		return classPolice
	case tourism:
		return classTourism
	case utilities:
		return classUtility
	}
	if c.sectors[a.sector].visitRank == 0 {
		return classSilent
	}
	return classElse
}

// serving chooses the service accounts: exact in the ten cities of table 3 and in each class.
func (c *census) serving(rng *rand.Rand, list []place, all []account) (err error) {
	defer fault.Wrap(&err, "choose the service accounts")
	cities := 0
	for cities < len(c.prefectures) && c.prefectures[cities].serviceShare > 0 {
		cities++
	}
	cells := make([][][]*account, cities+1)
	for i := range cells {
		cells[i] = make([][]*account, classCount)
	}
	for i := range all {
		a := &all[i]
		v := list[a.place]
		row := cities
		if v.rank >= 0 && v.rank < cities {
			row = v.rank
		}
		k := c.classOf(a, v)
		cells[row][k] = append(cells[row][k], a)
	}
	table, err := c.servingTable(cells)
	if err != nil {
		return err
	}
	for i, row := range cells {
		for k, cell := range row {
			pick(rng, cell, table[i][k])
		}
	}
	return c.serveEverywhere(cells)
}

func (c *census) servingTable(cells [][][]*account) ([][]int, error) {
	caps, x := make([][]int, len(cells)), make([][]float64, len(cells))
	sizes := make([]int, classCount)
	for i, row := range cells {
		caps[i], x[i] = make([]int, classCount), make([]float64, classCount)
		for k, cell := range row {
			caps[i][k] = len(cell)
			sizes[k] += len(cell)
		}
	}
	cols := slices.Clone(servingOf[:])
	cols[classElse] = int(nearest(float64(servingElse * float64(sizes[classElse]))))
	rows := make([]int, len(cells))
	rest := 0
	for k, n := range cols {
		rest += n
		for i := range x {
			if sizes[k] > 0 {
				x[i][k] = float64(caps[i][k]*n) / float64(sizes[k])
			}
		}
	}
	for i := range len(cells) - 1 {
		v := c.prefectures[i]
		rows[i] = int(nearest(float64(v.serviceShare*v.accounts) / 100))
		rest -= rows[i]
	}
	rows[len(rows)-1] = rest
	fit(x, rows, cols, caps)
	return roundTable(x, rows, cols, caps)
}

// pick marks n accounts of a cell at even distances, so that every sector has its part.
func pick(rng *rand.Rand, cell []*account, n int) {
	slices.SortStableFunc(cell, func(a, b *account) int { return cmp.Compare(a.sector, b.sector) })
	if n == 0 {
		return
	}
	start := float64(rng.Float64())
	for i := range n {
		at := int(float64((float64(i)+start)*float64(len(cell))) / float64(n))
		cell[min(at, len(cell)-1)].serves = true
	}
}

// serveEverywhere gives each sector that serves at least two service accounts, in exchange within a cell.
func (c *census) serveEverywhere(cells [][][]*account) error {
	counts := make([]int, len(c.sectors))
	for _, row := range cells {
		for _, cell := range row {
			for _, a := range cell {
				if a.serves {
					counts[a.sector]++
				}
			}
		}
	}
	for s, v := range c.sectors {
		for v.visitRank > 0 && counts[s] < 2 {
			if !exchange(cells, counts, s) {
				return fmt.Errorf("sector %s has no account that could serve", v.id)
			}
		}
	}
	return nil
}

func exchange(cells [][][]*account, counts []int, s int) bool {
	for _, row := range cells {
		cell := row[classElse]
		to := slices.IndexFunc(cell, func(a *account) bool { return a.sector == s && !a.serves })
		from := slices.IndexFunc(cell, func(a *account) bool { return a.serves && counts[a.sector] > 20 })
		if to >= 0 && from >= 0 {
			cell[to].serves, cell[from].serves = true, false
			counts[s]++
			counts[cell[from].sector]--
			return true
		}
	}
	return false
}
