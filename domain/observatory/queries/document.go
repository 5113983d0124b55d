package queries

import (
	"fmt"
	"slices"
	"strings"

	"zhijian/domain/observatory/columnar"
)

// Document says how to rebuild exhibits from the Parquet files: a guide with worked examples, the columns of every table, and which
// query checks what. It is docs/duckdb.md, and README.md of an export.
func Document() string {
	var b strings.Builder
	b.WriteString(text("guide.md"))
	for _, part := range []struct {
		folder string
		list   []columnar.Table
	}{{"facts", columnar.Facts()}, {"catalogue", columnar.Catalogue()}} {
		for _, t := range part.list {
			fmt.Fprintf(&b, "\n### %s/%s.parquet\n\nA row is %s.\n\n| column | type | |\n|---|---|---|\n", part.folder, t.Name, t.Is)
			for _, c := range t.Columns {
				fmt.Fprintf(&b, "| %s | %s | %s |\n", c.ID, c.Kind, c.Is)
			}
		}
	}
	b.WriteString("\n## Queries\n\n| exhibit | query | reckoned anew from the facts | checked against what is published |\n|---|---|---|---|\n")
	for _, q := range List() {
		kind, checked := "all columns", "–"
		if len(q.Checked) > 0 {
			kind, checked = "all others", strings.Join(q.Checked, ", ")
		}
		fmt.Fprintf(&b, "| %s | queries/%s.sql | %s | %s |\n", q.Exhibit, q.Exhibit, kind, checked)
	}
	without := Without()
	ids := make([]string, 0, len(without))
	for id := range without {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		fmt.Fprintf(&b, "| %s | none: %s | – | – |\n", id, without[id])
	}
	return b.String()
}
