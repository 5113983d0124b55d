// Package queries holds a DuckDB query for each exhibit, so that a researcher can rebuild it from the Parquet files of an edition
// (package columnar) with an engine that is not ours.
//
// A query reads the tables that Tables makes, gives the exhibit's columns by name and its rows in order. Where a column is what an
// algorithm came to rest at, the query may begin with the published result and show that it is one; such columns are Checked. The tests
// run all of them and compare every cell. Nothing here blocks.
package queries

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"zhijian/domain/observatory"
)

//go:embed *.sql guide.md
var files embed.FS

// Query is the query of one exhibit.
type Query struct {
	Exhibit string
	Checked []string // columns that are checked against the published ones instead of reckoned anew
	SQL     string   // one statement, without the semicolon
}

// Tables is the SQL that makes, once in a database, what every query reads.
func Tables() string { return text("tables.sql") }

// Tolerance is how far a measured number may lie from ours, as a part of it (and 1e-10 besides, where two numbers nearly cancel): exhibits
// keep ten significant digits. Whole numbers, codes, names and flags are equal or wrong.
const Tolerance = 2e-9

// Without says which exhibits have no query, and why.
func Without() map[string]string {
	return map[string]string{
		"errata": "it lists the warnings of all other exhibits, which are rules and sentences rather than sums",
	}
}

// List gives the queries in the order of observatory.IDs. An exhibit that has neither a query nor a reason in Without is left out, and
// the tests say so.
func List() []Query {
	var list []Query
	for _, id := range observatory.IDs() {
		b, err := files.ReadFile(id + ".sql")
		if err != nil {
			continue
		}
		list = append(list, parse(id, string(b)))
	}
	return list
}

const checkedLine = "-- checked: "

func parse(id, sql string) Query {
	q := Query{Exhibit: id, SQL: strings.TrimSpace(sql)}
	for line := range strings.Lines(sql) {
		if names, ok := strings.CutPrefix(strings.TrimSpace(line), checkedLine); ok {
			q.Checked = strings.Split(names, ", ")
		}
	}
	return q
}

func text(name string) string {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("queries: %s is embedded: %v", name, err))
	}
	return string(b)
}

// Write hands the queries to put as files of the folder queries.
func Write(put func(name string, data []byte) error) error {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := put("queries/"+name, []byte(text(name))); err != nil {
			return err
		}
	}
	return nil
}
