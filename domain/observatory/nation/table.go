package nation

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// fit scales a table, rows and columns in turn, until it has the given margins (iterative proportional fitting). A cell never
// exceeds its cap; without caps pass nil. Cells of 0 stay 0.
func fit(x [][]float64, rows, cols []int, caps [][]int) {
	for range 400 {
		moved := 0.0
		for i, row := range x {
			moved = max(moved, scale(float64(rows[i]), len(row), func(j int) *float64 { return &row[j] }, func(j int) int { return capOf(caps, i, j) }))
		}
		for j := range cols {
			moved = max(moved, scale(float64(cols[j]), len(x), func(i int) *float64 { return &x[i][j] }, func(i int) int { return capOf(caps, i, j) }))
		}
		if moved < 1e-9 {
			return
		}
	}
}

func capOf(caps [][]int, i, j int) int {
	if caps == nil {
		return math.MaxInt32
	}
	return caps[i][j]
}

// scale brings one line to its margin and gives by how much of it the line was off.
func scale(margin float64, n int, cell func(int) *float64, most func(int) int) float64 {
	have, full := 0.0, 0.0
	for k := range n {
		if v := *cell(k); v >= float64(most(k)) {
			full += v
		} else {
			have += v
		}
	}
	if have <= 0 || margin <= 0 {
		if margin <= 0 {
			for k := range n {
				*cell(k) = 0
			}
		}
		return 0
	}
	by := max(0, margin-full) / have
	for k := range n {
		if v := cell(k); *v < float64(most(k)) {
			*v = min(float64(*v*by), float64(most(k)))
		}
	}
	return math.Abs(have+full-margin) / margin
}

// rounding makes whole cells with exact margins: floors, then the largest remainders, then chains of moves for the last units.
type rounding struct {
	cells      [][]int
	extra      [][]int
	open       func(i, j int) bool
	rows, cols []int // what is still missing
}

func roundTable(x [][]float64, rows, cols []int, caps [][]int) ([][]int, error) {
	r := rounding{rows: slices.Clone(rows), cols: slices.Clone(cols)}
	type remainder struct {
		i, j int
		left float64
	}
	var list []remainder
	for i, row := range x {
		r.cells = append(r.cells, make([]int, len(row)))
		r.extra = append(r.extra, make([]int, len(row)))
		for j, v := range row {
			n := int(math.Floor(v + 1e-6))
			r.cells[i][j] = n
			r.rows[i] -= n
			r.cols[j] -= n
			if v > 0 {
				list = append(list, remainder{i, j, v - float64(n)})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b remainder) int { return cmp.Compare(b.left, a.left) })
	for _, c := range list {
		if r.rows[c.i] > 0 && r.cols[c.j] > 0 && r.cells[c.i][c.j] < capOf(caps, c.i, c.j) {
			r.give(c.i, c.j, 1)
		}
	}
	// One more unit for each cell first; where the fit was not exact, as many as are needed.
	for _, most := range []int{1, math.MaxInt32} {
		r.open = func(i, j int) bool {
			return x[i][j] > 0 && r.extra[i][j] < most && r.cells[i][j] < capOf(caps, i, j)
		}
		for i := range r.rows {
			for r.rows[i] > 0 && r.chain(i) {
			}
		}
	}
	for i, left := range r.rows {
		if left != 0 {
			return nil, fmt.Errorf("row %d of the table misses %d", i, left)
		}
	}
	for j, left := range r.cols {
		if left != 0 {
			return nil, fmt.Errorf("column %d of the table misses %d", j, left)
		}
	}
	return r.cells, nil
}

func (r *rounding) give(i, j, by int) {
	r.cells[i][j] += by
	r.extra[i][j] += by
	r.rows[i] -= by
	r.cols[j] -= by
}

// chain finds the shortest chain of moves that adds one unit to row from.
func (r *rounding) chain(from int) bool {
	fromRow := make([]int, len(r.cols)) // the row by which a column was reached
	fromCol := make([]int, len(r.rows))
	for j := range fromRow {
		fromRow[j] = -1
	}
	for i := range fromCol {
		fromCol[i] = -1
	}
	queue := []int{from}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for j := range r.cols {
			if fromRow[j] >= 0 || !r.open(i, j) {
				continue
			}
			fromRow[j] = i
			if r.cols[j] > 0 {
				for {
					k := fromRow[j]
					r.give(k, j, 1)
					if k == from {
						return true
					}
					j = fromCol[k]
					r.give(k, j, -1)
				}
			}
			for k := range r.rows {
				if k != from && fromCol[k] < 0 && r.extra[k][j] > 0 {
					fromCol[k] = j
					queue = append(queue, k)
				}
			}
		}
	}
	return false
}
