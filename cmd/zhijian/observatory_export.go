package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/sheet"
	"zhijian/ui/chart"
	"zhijian/ui/figure"
)

type observatoryExportCmd struct {
	edition `embed:""`
	Exhibit string `required:"" help:"table-1 … table-9, figure-1 … figure-18, appendix-1, appendix-2 and those that list names." placeholder:"ID"`
	Format  string `required:"" enum:"csv,json,svg,xlsx" help:"csv, json, svg or xlsx."`
	Out     string `required:"" help:"The file to write." placeholder:"FILE"`
	Lang    string `default:"zh" enum:"zh,en" help:"Language of svg and xlsx: zh or en."`
}

// Run writes one exhibit.
func (c observatoryExportCmd) Run() (err error) {
	defer func() { err = plain(err) }()
	m, err := c.shelf().Manifest(c.Edition)
	if err != nil {
		return err
	}
	e, err := c.shelf().Exhibit(c.Edition, c.Exhibit)
	if err != nil {
		return err
	}
	var b []byte
	switch c.Format {
	case "csv":
		b, err = sheet.CSV(e.Table())
	case "json":
		b, err = exhibitJSON(&e, m.Name, m.Simulated)
	case "xlsx":
		b, err = sheet.XLSX(pages(&e, c.Lang, m.Name, m.Simulated))
	case "svg":
		if m.Simulated {
			e.Title = observatory.Text{Zh: e.Title.Zh + "（模拟数据）", En: e.Title.En + " (simulated data)"}
		}
		b, err = figure.SVG(&e, c.Lang, chart.Light)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(c.Out, b, 0o644)
}

// exhibitJSON gives the exhibit with the edition it belongs to.
func exhibitJSON(e *observatory.Exhibit, edition string, simulated bool) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(struct {
		Edition   string `json:"edition"`
		Simulated bool   `json:"simulated"`
		*observatory.Exhibit
	}{edition, simulated, e})
	return b.Bytes(), err
}

// pages are the sheets of a workbook: the table, and what is needed to judge it.
func pages(e *observatory.Exhibit, lang, edition string, simulated bool) []sheet.Page {
	say := func(t observatory.Text) string {
		if lang == "en" {
			return t.En
		}
		return t.Zh
	}
	table := sheet.Page{Name: e.ID, Bold: 1}
	var head []any
	for _, c := range e.Columns {
		head = append(head, say(c.Title))
	}
	table.Rows = append(table.Rows, head)
	for _, r := range e.Rows {
		row := make([]any, len(r))
		for i, cell := range r {
			if n, ok := cell.Number(); ok {
				row[i] = n
			} else if s := cell.String(); s != "" {
				row[i] = s
			}
		}
		table.Rows = append(table.Rows, row)
	}
	about := sheet.Page{Name: map[string]string{"zh": "说明", "en": "about"}[lang]}
	for _, t := range []observatory.Text{e.Title, e.Question, e.Base, e.Method} {
		about.Rows = append(about.Rows, []any{say(t)})
	}
	about.Rows = append(about.Rows, []any{"n", float64(e.N)}, []any{edition})
	if simulated {
		about.Rows = append(about.Rows, []any{map[string]string{"zh": "模拟数据", "en": "simulated data"}[lang]})
	}
	for _, w := range e.Warnings {
		about.Rows = append(about.Rows, []any{fmt.Sprintf("%s (%s)", w.ID, w.Level), say(w.Text)})
	}
	return []sheet.Page{table, about}
}
