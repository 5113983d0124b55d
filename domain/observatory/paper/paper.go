// Package paper holds the white paper of 2015 against an edition: each of its printed figures, and the same figure measured.
//
// A figure that can hold beside the others is met or not met, within its tolerance. One that contradicts others of the paper is
// never met: it is shown with our value and the warning that says what is wrong. Source of the figures: Tencent Research Institute,
// 2015 微信政务民生白皮书; catalog/whitepaper says what was taken.
package paper

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"zhijian/domain/observatory"
	"zhijian/ground/fault"
)

// Target is one printed figure.
type Target struct {
	ID, Statistic, KeyType, Key  string
	Value, Comparison, Tolerance string
	Unit, Source                 string
	Consistent                   string // yes, conditional, derived, assumed; no when it contradicts others
	ConflictsWith, Note          string
}

// Status says how an edition stands to a figure.
type Status string

// The statuses.
const (
	Met           Status = "met"
	NotMet        Status = "not met"
	Contradictory Status = "contradictory"
)

// Row is one figure beside its measurement.
type Row struct {
	Target
	Measured string // our value; "" when the edition has none
	Exhibit  string // where it stands: "provinces/330000/accounts"
	Status   Status
	Warning  *observatory.Warning // only of contradictory rows
}

// Targets reads the printed figures.
func Targets(fsys fs.FS) (list []Target, err error) {
	defer fault.Wrap(&err, "read the white paper's figures")
	const file = "whitepaper/targets.csv"
	f, err := fsys.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	columns := []string{"id", "statistic", "key_type", "key", "value", "comparison", "tolerance", "unit", "source", "consistent", "conflicts_with", "note"}
	at := make([]int, len(columns))
	for i, name := range columns {
		if at[i] = slices.Index(rows[0], name); at[i] < 0 {
			return nil, fmt.Errorf("%s: no column %s", file, name)
		}
	}
	for _, r := range rows[1:] {
		v := make([]string, len(at))
		for i, col := range at {
			v[i] = r[col]
		}
		list = append(list, Target{v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11]})
	}
	return list, nil
}

// Compare measures every figure in an edition's exhibits, in the order of the targets.
func Compare(targets []Target, exhibits []observatory.Exhibit, cat *observatory.Catalog) []Row {
	v := newView(exhibits, cat)
	rows := make([]Row, 0, len(targets))
	for _, t := range targets {
		m := v.measure(t)
		row := Row{Target: t, Measured: m.text, Exhibit: m.where, Status: NotMet}
		switch {
		case t.Consistent == "no":
			row.Status = Contradictory
			row.Warning = warningFor(t, m)
		case m.text != "" && v.holds(t, m):
			row.Status = Met
		}
		rows = append(rows, row)
	}
	return rows
}

// Count counts the rows of each status.
func Count(rows []Row) (met, notMet, contradictory int) {
	for _, r := range rows {
		switch r.Status {
		case Met:
			met++
		case NotMet:
			notMet++
		case Contradictory:
			contradictory++
		}
	}
	return met, notMet, contradictory
}

// holds compares a measured value with a printed one by the target's comparison.
func (v *view) holds(t Target, m measured) bool {
	if !m.numeric {
		want := t.Value
		if t.Comparison == "order" || want == "" {
			want = t.Key
		}
		return v.canonical(m.text) == v.canonical(want)
	}
	if low, high, ok := span(t.Tolerance); ok {
		return m.number >= low && m.number <= high
	}
	if t.Comparison == "in" {
		low, high, ok := span(t.Value)
		return ok && m.number >= low && m.number <= high
	}
	if t.Tolerance == "free" {
		return true
	}
	want, err := strconv.ParseFloat(t.Value, 64)
	if err != nil {
		return false
	}
	switch t.Comparison {
	case "gt":
		return m.number > want
	case "ge":
		return m.number >= want
	case "lt":
		return m.number < want
	case "le":
		return m.number <= want
	}
	tolerance, err := strconv.ParseFloat(t.Tolerance, 64)
	const slack = 1e-9 // the printed bounds are decimal, ours binary
	return err == nil && m.number >= want-tolerance-slack && m.number <= want+tolerance+slack
}

// span reads "68945-69125".
func span(s string) (low, high float64, ok bool) {
	a, b, found := strings.Cut(s, "-")
	low, err1 := strconv.ParseFloat(a, 64)
	high, err2 := strconv.ParseFloat(b, 64)
	return low, high, found && err1 == nil && err2 == nil
}

// canonical puts ids in place of the names of sectors, which the paper spells in several ways.
func (v *view) canonical(list string) string {
	parting := ";"
	if strings.Contains(list, ">") {
		parting = ">"
	}
	names := strings.Split(list, parting)
	for i, n := range names {
		if s, ok := v.cat.Sectors.ByName(n); ok {
			names[i] = s.ID
		}
	}
	return strings.Join(names, parting)
}
