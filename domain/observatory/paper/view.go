package paper

import (
	"math"
	"strconv"
	"strings"

	"zhijian/domain/observatory"
)

// view finds figures in exhibits.
type view struct {
	cat   *observatory.Catalog
	byID  map[string]*observatory.Exhibit
	index map[string]map[string][]observatory.Cell // exhibit, row
}

func newView(exhibits []observatory.Exhibit, cat *observatory.Catalog) *view {
	v := &view{cat: cat, byID: map[string]*observatory.Exhibit{}, index: map[string]map[string][]observatory.Cell{}}
	for i := range exhibits {
		e := &exhibits[i]
		rows := make(map[string][]observatory.Cell, len(e.Rows))
		for _, r := range e.Rows {
			rows[r[0].String()] = r
		}
		v.byID[e.ID], v.index[e.ID] = e, rows
	}
	return v
}

// measured is a value found: a number or words, and where it stands.
type measured struct {
	text    string
	number  float64
	numeric bool
	where   string
}

func (v *view) cell(exhibit, row, column string) measured {
	where := exhibit + "/" + row + "/" + column
	e := v.byID[exhibit]
	if e == nil {
		return measured{where: where}
	}
	at, cells := e.Column(column), v.index[exhibit][row]
	if at < 0 || cells == nil {
		return measured{where: where}
	}
	c := cells[at]
	n, numeric := c.Number()
	return measured{text: c.String(), number: n, numeric: numeric, where: where}
}

func value(n float64, where string) measured {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return measured{where: where}
	}
	return measured{text: strconv.FormatFloat(n, 'f', -1, 64), number: n, numeric: true, where: where}
}

func said(s, where string) measured { return measured{text: s, where: where} }

// fold visits the rows of an exhibit; get reads a column of the row as a number, 0 where there is none.
func (v *view) fold(exhibit string, visit func(key string, get func(column string) float64)) {
	e := v.byID[exhibit]
	if e == nil {
		return
	}
	for _, r := range e.Rows {
		visit(r[0].String(), func(column string) float64 {
			at := e.Column(column)
			if at < 0 {
				return 0
			}
			n, _ := r[at].Number()
			return n
		})
	}
}

// total sums a column over the rows that keep picks; nil picks all.
func (v *view) total(exhibit, column string, keep func(key string) bool) float64 {
	sum := 0.0
	v.fold(exhibit, func(key string, get func(string) float64) {
		if keep == nil || keep(key) {
			sum += get(column)
		}
	})
	return sum
}

// rows counts the rows for which keep says yes.
func (v *view) rows(exhibit string, keep func(get func(string) float64) bool) float64 {
	n := 0.0
	v.fold(exhibit, func(_ string, get func(string) float64) {
		if keep(get) {
			n++
		}
	})
	return n
}

// firstWords joins the first n words of a column.
func (v *view) firstWords(exhibit, column string, n int, parting string) string {
	e := v.byID[exhibit]
	if e == nil {
		return ""
	}
	at := e.Column(column)
	var list []string
	for _, r := range e.Rows {
		if at >= 0 && len(list) < n {
			list = append(list, r[at].String())
		}
	}
	return strings.Join(list, parting)
}

// sectorID gives the id of a sector by any of its names; the name itself when there is none.
func (v *view) sectorID(name string) string {
	if s, ok := v.cat.Sectors.ByName(name); ok {
		return s.ID
	}
	return name
}
