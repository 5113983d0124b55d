package nation

import (
	"cmp"
	"fmt"
	"slices"

	"zhijian/ground/fault"
)

// Sectors that the paper says more about, as places in the list.
const (
	police    = 0  // 公安
	medical   = 1  // 医疗
	tourism   = 8  // 旅游
	utilities = 9  // 公用事业
	streets   = 16 // 街道社区
)

// printedCells are accounts of a province in a sector: first and order of the provinces in 3.3 and 3.4; the rest is assumed.
var printedCells = []struct {
	province string
	sector   int
	accounts int
}{
	{"440000", medical, 1966},
	{"330000", medical, 1890},
	{"370000", medical, 1850},
	{"370000", police, 792},
	{"320000", police, 700},
	{"330000", police, 680},
	{"130000", police, 650},
	{"440000", police, 630},
	{"510000", police, 560},
	{"410000", police, 560},
}

const (
	utilityPrefectures = 262 // with an account of a public utility (3.6); of provinces all but 西藏
	tourismPrefectures = 167 // with a prefecture's own tourism account: 50.1 percent of 334 is no whole number
	tourismPools       = 22  // provinces with a provincial tourism account besides the 4 municipalities: 26
	policePools        = 25  // provinces with a provincial police account besides the 4 municipalities: 29
	policePrefectures  = 331
)

// spread gives every place its accounts by sector.
func (c *census) spread(list []place) (err error) {
	defer fault.Wrap(&err, "spread the sectors")
	least := c.leastCells(list)
	rows := make([]int, rowCount)
	for _, v := range list {
		rows[v.row] += v.accounts
	}
	table, err := c.provinceTable(rows)
	if err != nil {
		return err
	}
	for row := range rowCount {
		var at []int
		for i := range list {
			if list[i].row == row {
				at = append(at, i)
			}
		}
		if len(at) == 1 {
			list[at[0]].sectors = table[row]
			continue
		}
		if err := c.placeTable(list, at, least, table[row]); err != nil {
			return fmt.Errorf("row %d: %w", row, err)
		}
	}
	return nil
}

// likes says how strongly the accounts of a row lean to a sector, against the nation's share.
func (c *census) likes(row, s int) float64 {
	id := c.sectors[s].id
	in := func(ids ...string) bool { return slices.Contains(ids, id) }
	switch row {
	case rowNation:
		switch {
		case s == police || s == medical || s == tourism || s == utilities || s == streets || in("f51", "f53"):
			return 0 // quotas of kinds are kept apart for these
		case id == "f05":
			return 3
		}
		return 2
	case rowHongKong, rowMacau:
		if in("f06", "f07", "f11", "f22", "f44") {
			return 1
		}
		return 0
	case rowAbroad:
		switch {
		case s == tourism:
			return 12
		case in("f07", "f11", "f22", "f44", "f47"):
			return 1
		}
		return 0
	case rowUnknown:
		if s == streets || in("f51", "f53") {
			return 0.2
		}
		return 1
	}
	if s == utilities && c.paper.provinces[row].code == "540000" {
		return 0
	}
	return 1
}

func (c *census) provinceTable(rows []int) ([][]int, error) {
	cols := make([]int, len(c.sectors))
	for s, v := range c.sectors {
		cols[s] = v.accounts
	}
	x := make([][]float64, rowCount)
	left := slices.Clone(rows)
	for row := range x {
		x[row] = make([]float64, len(cols))
		for s := range cols {
			x[row][s] = float64(float64(rows[row])*float64(cols[s])) * c.likes(row, s) / accountsTotal
		}
	}
	for _, cell := range printedCells {
		row := c.provinceOf(cell.province)
		x[row][cell.sector] = 0
		left[row] -= cell.accounts
		cols[cell.sector] -= cell.accounts
	}
	fit(x, left, cols, nil)
	table, err := roundTable(x, left, cols, nil)
	if err != nil {
		return nil, err
	}
	for _, cell := range printedCells {
		table[c.provinceOf(cell.province)][cell.sector] = cell.accounts
	}
	return table, nil
}

// placeTable divides a province's accounts by sector among its prefectures and its pool.
func (c *census) placeTable(list []place, at []int, least map[[2]int]int, cols []int) error {
	cols = slices.Clone(cols)
	rows := make([]int, len(at))
	x := make([][]float64, len(at))
	for i, a := range at {
		rows[i] = list[a].accounts
		x[i] = make([]float64, len(cols))
	}
	for i, a := range at {
		for s := range cols {
			min := least[[2]int{a, s}]
			if min < 0 || s == streets && list[a].bucket == pooled {
				continue
			}
			rows[i] -= min
			x[i][s] = float64(list[a].accounts) * float64(max(cols[s], 1))
		}
	}
	for s := range cols {
		for _, a := range at {
			cols[s] -= max(0, least[[2]int{a, s}])
		}
		if cols[s] < 0 {
			return fmt.Errorf("sector %s has too few accounts: %d more are needed", c.sectors[s].id, -cols[s])
		}
	}
	fit(x, rows, cols, nil)
	table, err := roundTable(x, rows, cols, nil)
	if err != nil {
		return err
	}
	for i, a := range at {
		for s := range cols {
			table[i][s] += max(0, least[[2]int{a, s}])
		}
		list[a].sectors = table[i]
	}
	return nil
}

// leastCells says how many accounts a place must have in a sector; -1 that it has none.
func (c *census) leastCells(list []place) map[[2]int]int {
	least := map[[2]int]int{}
	var prefectures, pools []int
	for i, v := range list {
		switch v.bucket {
		case prefectural:
			prefectures = append(prefectures, i)
		case pooled:
			pools = append(pools, i)
		}
	}
	slices.SortFunc(prefectures, func(a, b int) int { return cmp.Compare(list[a].rank, list[b].rank) })
	// The smallest pools go without; tourism is too much of 海南's work to leave out.
	slices.SortStableFunc(pools, func(a, b int) int {
		return cmp.Compare(size(list[b]), size(list[a]))
	})
	utility := 0
	for k, i := range prefectures {
		least[[2]int{i, police}] = 1
		if k >= policePrefectures {
			least[[2]int{i, police}] = 0
		}
		if k < tourismPrefectures {
			least[[2]int{i, tourism}] = 1
		}
		if list[i].code[:2] != "54" && utility < utilityPrefectures {
			least[[2]int{i, utilities}] = 1
			utility++
		} else {
			least[[2]int{i, utilities}] = -1
		}
	}
	for k, i := range pools {
		least[[2]int{i, tourism}], least[[2]int{i, police}] = 1, 1
		if k >= tourismPools {
			least[[2]int{i, tourism}] = -1
		}
		if k >= policePools {
			least[[2]int{i, police}] = -1
		}
		if list[i].code == "540000" {
			least[[2]int{i, utilities}] = -1
		}
	}
	count := map[[2]int]int{}
	for _, v := range c.named {
		i := slices.IndexFunc(list, func(l place) bool { return l.code == v.place })
		s := slices.IndexFunc(c.sectors, func(l line) bool { return l.id == v.sector })
		cell := [2]int{i, s}
		count[cell]++
		least[cell] = max(least[cell], count[cell])
	}
	return least
}

func size(v place) int {
	if v.code == "460000" {
		return v.accounts + 1000
	}
	return v.accounts
}
