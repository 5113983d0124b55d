// Package intake reads facts from the tables that departments and platforms send.
//
// Columns may stand in any order; level, kind and sector may be in Chinese or English. A row that cannot be counted is refused,
// with file, line, column and a sentence that says why; every other row is taken. Nothing is guessed: an unknown code is refused
// with the code that other editions of GB/T 2260 have for the place. The same rows in another order are the same facts.
package intake

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"zhijian/domain/observatory"
	"zhijian/ground/fault"
	"zhijian/ground/tabular"
)

// File is one table: its name, as it appears in the report, and its bytes. A File without bytes is not read.
type File struct {
	Name string
	Data []byte
}

// Source is the tables of one edition. Accounts and Months are needed.
type Source struct{ Accounts, Months, Places, Indicators, Roster, Services, Outcomes File }

// Problem is one thing that was not taken, or taken with a doubt.
type Problem struct {
	File   string
	Line   int    // as an editor counts, from 1; 0 is the file as a whole
	Column string // "" is the row as a whole
	Code   string // stable, for other languages: "duplicate", "number" …
	Reason string // plain English; Zh says it in Chinese
	zh     string
}

// String gives "accounts.csv:7: level: …".
func (p Problem) String() string {
	at := p.File
	if p.Line > 0 {
		at += fmt.Sprintf(":%d", p.Line)
	}
	if p.Column != "" {
		at += ": " + p.Column
	}
	return at + ": " + p.Reason
}

// Report says what became of each row.
type Report struct {
	Refused  []Problem // by file in the order of Source, then line
	Warnings []Problem
	Taken    map[string]int // rows taken of each file
}

// Read reads a source. The facts are in canonical order. fault.Invalid when a table is missing, cannot be read, or lacks a column.
func Read(src Source, cat *observatory.Catalog) (*observatory.Facts, *Report, error) {
	f := &observatory.Facts{}
	d := &desk{cat: cat, facts: f, report: &Report{Taken: map[string]int{}}, accounts: map[string]struct{}{}}
	for _, t := range []struct {
		file   File
		needed bool
		table  table
	}{
		{src.Accounts, true, accounts},
		{src.Months, true, months},
		{src.Places, false, places},
		{src.Indicators, false, indicators},
		{src.Roster, false, rosters},
		{src.Services, false, launches},
		{src.Outcomes, false, outcomes},
	} {
		if t.file.Data == nil && !t.needed {
			continue
		}
		if err := d.read(t.file, t.table); err != nil {
			return nil, nil, err
		}
	}
	f.Sort()
	return f, d.report, nil
}

// table says what a kind of file holds. Columns beyond the needed ones may be missing: their cells are then empty.
type table struct {
	columns []string
	needed  int
	take    func(d *desk, r *row)
	counts  []int // columns of which an empty cell was not counted
}

// desk takes the rows of one source.
type desk struct {
	cat      *observatory.Catalog
	facts    *observatory.Facts
	report   *Report
	accounts map[string]struct{}
	seen     map[string]struct{} // keys of the table being read
}

func (d *desk) read(file File, t table) (err error) {
	defer fault.Wrap(&err, "read %s", file.Name)
	in, err := tabular.Open(file.Name, file.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	r := &row{desk: d, file: file.Name, columns: t.columns, at: make([]int, len(t.columns)), width: len(in.Header)}
	if err := r.match(in.Header, t.needed); err != nil {
		return err
	}
	for _, column := range t.counts {
		if r.at[column] < 0 {
			d.warn(problem(file.Name, 1, t.columns[column], "uncounted", "the table has no such column: it was not counted, which is not 0, and sums leave it out"))
		}
	}
	if in.Recoded {
		d.report.Warnings = append(d.report.Warnings, problem(file.Name, 0, "", "encoding", "the file is not UTF-8; it was read as GB18030 (GBK)"))
	}
	d.seen = make(map[string]struct{}, len(file.Data)/64)
	for {
		r.line, r.cells, err = in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, tabular.ErrRow) {
			d.report.Refused = append(d.report.Refused, problem(file.Name, r.line, "", "row", "the row cannot be taken apart: a quotation mark is not closed or stands inside a cell"))
			continue
		}
		if err != nil {
			return err
		}
		r.take(t)
	}
}

// row is the row being taken.
type row struct {
	desk    *desk
	file    string
	columns []string
	at      []int // where each column stands; -1 when the file has none
	width   int
	line    int
	cells   []string
	bad     bool
}

// match finds the columns in a header.
func (r *row) match(header []string, needed int) error {
	for i, name := range r.columns {
		r.at[i] = slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(h, name) })
		if r.at[i] < 0 && i < needed {
			return fault.Invalid("sheet.column", "表头里没有 %s 这一列，请补上", name)
		}
	}
	for i, h := range header {
		switch {
		case h == "":
		case !slices.Contains(r.at, i) && slices.IndexFunc(header, func(o string) bool { return strings.EqualFold(o, h) }) < i:
			r.desk.warn(problem(r.file, 1, h, "twice", "the column occurs twice; the first one was read"))
		case !slices.Contains(r.at, i):
			r.desk.warn(problem(r.file, 1, h, "unknown", "the column is not known and was not read"))
		}
	}
	return nil
}

func (r *row) take(t table) {
	r.bad = false
	if len(r.cells) > r.width {
		for _, extra := range r.cells[r.width:] {
			if strings.TrimSpace(extra) != "" {
				r.refuse("", "width", "the row has %d cells, the header has %d", len(r.cells), r.width)
				return
			}
		}
	}
	t.take(r.desk, r)
	if !r.bad {
		r.desk.report.Taken[r.file]++
	}
}

// cell gives the text of a column, without blanks around it; "" when there is none.
func (r *row) cell(column int) string {
	if at := r.at[column]; at >= 0 && at < len(r.cells) {
		return strings.TrimSpace(r.cells[at])
	}
	return ""
}

func (r *row) refuse(column, code, format string, args ...any) {
	r.bad = true
	r.desk.report.Refused = append(r.desk.report.Refused, problem(r.file, r.line, column, code, format, args...))
}

func (d *desk) warn(p Problem) { d.report.Warnings = append(d.report.Warnings, p) }

// once refuses a second row with the same key.
func (r *row) once(column, key string) {
	if _, twice := r.desk.seen[key]; twice {
		r.refuse(column, "duplicate", "%q occurs in an earlier row", strings.ReplaceAll(key, "\x00", ", "))
		return
	}
	if !r.bad {
		r.desk.seen[strings.Clone(key)] = struct{}{}
	}
}

// Sorted gives the problems by file and line, for a report that two runs share.
func Sorted(list []Problem) []Problem {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return out
}
