package observatory

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"zhijian/domain/observatory"
	"zhijian/ground/fault"
)

// order is how a table is sorted: by a column, its best first, or the other way round.
type order struct {
	column  string
	reverse bool
}

// sorting reads ?sort=: a column that the table shows, with "-" before it the other way round. Nothing is the table's own rank, where it has one.
// fault.NotFound for a column that the table does not have.
func sorting(x *observatory.Exhibit, columns []string, asked string) (order, error) {
	if asked == "" {
		return order{column: "rank"}, nil
	}
	column, reverse := strings.CutPrefix(asked, "-")
	if at := x.Column(column); at < 0 || !slices.Contains(columns, column) || !numeric(x.Columns[at]) {
		return order{}, fault.NotFound("observatory.sort", "表里没有 %s 这一列", asked)
	}
	return order{column, reverse}, nil
}

// rows is the exhibit in that order: of ranks the first first, of all else the greatest; rows without a value stay at the end.
func (o order) rows(x *observatory.Exhibit) *observatory.Exhibit {
	at := x.Column(o.column)
	if at < 0 {
		return x
	}
	down := x.Columns[at].Kind != observatory.Rank
	if o.reverse {
		down = !down
	}
	sorted := *x
	sorted.Rows = slices.Clone(ranked(x).Rows)
	slices.SortStableFunc(sorted.Rows, func(a, b []observatory.Cell) int {
		m, n := number(x, a, o.column), number(x, b, o.column)
		switch {
		case math.IsNaN(m) && math.IsNaN(n):
			return 0
		case math.IsNaN(m):
			return 1
		case math.IsNaN(n):
			return -1
		case down:
			return cmp.Compare(n, m)
		}
		return cmp.Compare(m, n)
	})
	return &sorted
}

// sortable makes the headings of the numbers lead to the table in their order, and of the one it is in to the other way round.
func (s *sight) sortable(t *table, path string, x *observatory.Exhibit, columns []string, now order) {
	for i, at := range s.shown(x, columns) {
		c := x.Columns[at]
		if !numeric(c) {
			continue
		}
		next := c.ID
		if c.ID == now.column {
			t.head[i].sorted = "descending"
			if (c.Kind == observatory.Rank) != now.reverse {
				t.head[i].sorted = "ascending"
			}
			if !now.reverse {
				next = "-" + c.ID
			}
		}
		t.head[i].href = s.to(path, "sort", next) + "#t-" + x.ID + "-all"
	}
}

// withGaps adds what two of an exhibit's ranks differ by: rank_gap is the rank by accounts less the one by use, rank_moved the rank of the edition
// before less this one's. Columns that are missing add nothing.
func (s *sight) withGaps(x *observatory.Exhibit) *observatory.Exhibit {
	wide := *x
	for _, g := range []struct{ id, from, to string }{{"rank_gap", "rank", "mean_rank"}, {"rank_gap", "rank", "active_rank"}, {"rank_moved", "rank27_before", "rank27"}} {
		if x.Column(g.from) < 0 || x.Column(g.to) < 0 || wide.Column(g.id) >= 0 {
			continue
		}
		title := s.t("ob.col." + g.id)
		wide.Columns = append(slices.Clone(wide.Columns), observatory.Column{ID: g.id, Title: observatory.Text{Zh: title, En: title}, Kind: observatory.Steps})
		rows := make([][]observatory.Cell, len(wide.Rows))
		for i, r := range wide.Rows {
			rows[i] = append(slices.Clone(r), observatory.Num(number(x, r, g.from)-number(x, r, g.to)))
		}
		wide.Rows = rows
	}
	return &wide
}
