package main

import (
	"os"

	"zhijian/domain/observatory/public"
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
	of := public.Edition{Name: m.Name, Simulated: m.Simulated}
	var b []byte
	switch c.Format {
	case "csv":
		b, err = sheet.CSV(e.Table())
	case "json":
		b, err = of.JSON(&e)
	case "xlsx":
		b, err = of.Workbook(&e, c.Lang == "en")
	case "svg":
		e = of.Labelled(e)
		b, err = figure.SVG(&e, c.Lang, chart.Light)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(c.Out, b, 0o644)
}
