// Package columnar hands an edition out as Parquet files, so that a researcher can rebuild its exhibits with an engine of their own.
//
// Write gives four folders: facts, before (the facts of the edition compared with; empty tables when there is none), catalogue (the
// reference tables that facts are read with) and exhibits (one tidy file each). Whole numbers are INT64, measured ones DOUBLE, yes and no
// BOOLEAN, codes and names UTF8, days DATE; a month is the text 2015-08, because it is a span and no day. What is absent or empty is NULL.
// Every file of a simulated edition has a last column simulated, which is true, and says so in its metadata too. The same edition is
// the same bytes on any machine. Nothing here blocks.
package columnar

import (
	"fmt"
	"strconv"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/public"
	"zhijian/ground/fault"
)

// Edition is what is written.
type Edition struct {
	public.Edition
	Facts    *observatory.Facts
	Previous *observatory.Facts // nil when the edition is compared with none
	Exhibits []observatory.Exhibit
	Public   bool // leave out what the public may not see; the exhibits given are made fit for it here
}

// Folders of an export.
const (
	factsFolder, beforeFolder, catalogueFolder, exhibitsFolder = "facts/", "before/", "catalogue/", "exhibits/"
)

// Write hands every file to put, one after the other; names use slashes. It ends with the first error of put.
func Write(e Edition, cat *observatory.Catalog, put func(name string, data []byte) error) (err error) {
	defer fault.Wrap(&err, "write edition %s as Parquet", e.Name)
	previous := e.Previous
	if previous == nil {
		previous = &observatory.Facts{}
	}
	w := writer{marks: e.marks(), simulated: e.Simulated, put: put}
	for _, t := range factTables {
		w.table(factsFolder, t, &source{facts: e.Facts, hidden: e.hidden(e.Facts, cat)})
	}
	for _, t := range factTables {
		w.table(beforeFolder, t, &source{facts: previous, hidden: e.hidden(previous, cat)})
	}
	exhibits := e.Exhibits
	if e.Public {
		exhibits = public.All(exhibits, e.Facts, cat)
	}
	for i := range exhibits {
		w.exhibit(&exhibits[i])
	}
	w.simulated, w.marks = false, map[string]string{markCatalogue: "GB/T 2260 of August 2015"} // reference data is nobody's simulation
	for _, t := range catalogueTables {
		w.table(catalogueFolder, t, &source{cat: cat})
	}
	return w.err
}

// hidden is what of the facts is left out; the zero value leaves nothing out.
type hidden struct {
	months   map[int]bool // rows whose active users are left out
	outcomes map[public.OutcomeCell]bool
}

func (e Edition) hidden(f *observatory.Facts, cat *observatory.Catalog) hidden {
	if !e.Public {
		return hidden{}
	}
	return hidden{public.Hidden(f, cat), public.HiddenOutcomes(f.Outcomes)}
}

// Keys of the metadata of a file.
const (
	markEdition, markFacts, markSimulated, markLabel, markPublic = "zhijian.edition", "zhijian.facts_sum", "zhijian.simulated", "zhijian.label", "zhijian.public"
	markExhibit, markCatalogue                                   = "zhijian.exhibit", "zhijian.catalogue"
)

func (e Edition) marks() map[string]string {
	m := map[string]string{markEdition: e.Name, markFacts: e.FactsSum, markSimulated: strconv.FormatBool(e.Simulated), markPublic: strconv.FormatBool(e.Public)}
	if e.Simulated {
		m[markLabel] = public.Simulated.Zh + " " + public.Simulated.En
	}
	return m
}

// writer writes files until one fails.
type writer struct {
	marks     map[string]string
	simulated bool
	put       func(name string, data []byte) error
	err       error
}

// simulatedColumn says of each row that it is simulated.
var simulatedColumn = Column{"simulated", YesNo, "true: every figure is simulated data (模拟数据). Only editions that are have this column"}

func (w *writer) file(name string, columns []Column, fill func(add func(cells ...any)), marks map[string]string) {
	if w.err != nil {
		return
	}
	if w.simulated {
		columns = append(columns[:len(columns):len(columns)], simulatedColumn)
	}
	b, err := encode(columns, marks, func(add func(cells ...any)) {
		if !w.simulated {
			fill(add)
			return
		}
		fill(func(cells ...any) { add(append(cells, true)...) })
	})
	if err == nil {
		err = w.put(name+".parquet", b)
	}
	if err != nil {
		w.err = fmt.Errorf("%s: %w", name, err)
	}
}

func (w *writer) table(folder string, t Table, src *source) {
	w.file(folder+t.Name, t.Columns, func(add func(...any)) { t.rows(src, add) }, w.marks)
}

// exhibit writes one row a row of the exhibit, one column a column.
func (w *writer) exhibit(x *observatory.Exhibit) {
	marks := map[string]string{markExhibit: x.ID}
	for k, v := range w.marks {
		marks[k] = v
	}
	w.file(exhibitsFolder+x.ID, exhibitColumns(x), func(add func(...any)) {
		for _, r := range x.Rows {
			cells := make([]any, len(r), len(r)+1)
			for i, c := range r {
				cells[i] = cellOf(c, kindOf(x.Columns[i]))
			}
			add(cells...)
		}
	}, marks)
}

func exhibitColumns(x *observatory.Exhibit) []Column {
	out := make([]Column, len(x.Columns))
	for i, c := range x.Columns {
		out[i] = Column{c.ID, kindOf(c), c.Title.En}
	}
	return out
}

// kindOf says how a column of an exhibit is stored.
func kindOf(c observatory.Column) Kind {
	switch c.Kind {
	case observatory.Count, observatory.Rank, observatory.Steps:
		return Whole
	case observatory.YesNo:
		return YesNo
	case observatory.Number, observatory.Share, observatory.Magnitude:
		return Measured
	}
	return Text
}

// cellOf gives the value of a cell in the form of its column; nil when it has none.
func cellOf(c observatory.Cell, k Kind) any {
	n, ok := c.Number()
	switch {
	case k == Text:
		return orNull(c.String())
	case !ok:
		return nil
	case k == Whole:
		return int64(n)
	case k == YesNo:
		return n != 0
	}
	return n
}

// orNull gives nil for an empty text, which is an absent one.
func orNull[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}
