package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/columnar"
	"zhijian/domain/observatory/public"
	"zhijian/domain/observatory/queries"
	"zhijian/ui/chart"
	"zhijian/ui/figure"
)

type observatoryExportCmd struct {
	edition `embed:""`
	Exhibit string `help:"table-1 … table-9, figure-1 … figure-18, appendix-1, appendix-2 and those that list names; parquet writes all." placeholder:"ID"`
	Format  string `required:"" enum:"csv,json,svg,xlsx,parquet" help:"csv, json, svg or xlsx; or parquet: the facts, all exhibits, and a DuckDB query for each."`
	Out     string `required:"" help:"The file to write; the folder, of parquet." placeholder:"FILE"`
	Lang    string `default:"zh" enum:"zh,en" help:"Language of svg and xlsx: zh or en."`
	Public  bool   `help:"Leave out counts of fewer than 10 people and what they could be worked out from, as public pages do."`
}

// Run writes one exhibit, or a folder of Parquet files.
func (c observatoryExportCmd) Run() (err error) {
	defer func() { err = plain(err) }()
	m, err := c.shelf().Manifest(c.Edition)
	if err != nil {
		return err
	}
	switch {
	case c.Format == "parquet" && c.Exhibit != "":
		return errors.New("parquet writes every exhibit: leave out --exhibit")
	case c.Format == "parquet":
		err = c.folder(m.Public())
	case c.Exhibit == "":
		return errors.New("--exhibit says which one to write; list names them")
	default:
		err = c.file(m.Public())
	}
	if err == nil && !c.Public {
		fmt.Fprintln(os.Stderr, "All counts are given, those of fewer than 10 people too: use --public for what may be published.")
	}
	return err
}

func (c observatoryExportCmd) file(of public.Edition) error {
	e, err := c.shelf().Exhibit(c.Edition, c.Exhibit)
	if err == nil && c.Public {
		e, err = c.fit()
	}
	if err != nil {
		return err
	}
	var b []byte
	switch c.Format {
	case "csv":
		b, err = of.CSV(&e)
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

// fit gives the exhibit as public pages do, which depends on all of the edition.
func (c observatoryExportCmd) fit() (e observatory.Exhibit, err error) {
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return e, err
	}
	facts, _, err := c.shelf().Facts(c.Edition)
	if err != nil {
		return e, err
	}
	list, err := c.shelf().Exhibits(c.Edition)
	if err != nil {
		return e, err
	}
	list = public.All(list, facts, cat)
	return list[slices.IndexFunc(list, func(x observatory.Exhibit) bool { return x.ID == c.Exhibit })], nil
}

// folder writes beside the place and then renames, so that a folder is there as a whole or not at all.
func (c observatoryExportCmd) folder(of public.Edition) error {
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return err
	}
	facts, previous, _, err := c.shelf().Both(c.Edition)
	if err != nil {
		return err
	}
	exhibits, err := c.shelf().Exhibits(c.Edition)
	if err != nil {
		return err
	}
	if len(exhibits) == 0 {
		return fmt.Errorf("edition %s is not computed yet: run compute first", c.Edition)
	}
	if err := os.Remove(c.Out); err != nil && !errors.Is(err, fs.ErrNotExist) { // an empty folder may be taken
		return fmt.Errorf("%s is there already and not empty: give a new folder", c.Out)
	}
	fresh, err := os.MkdirTemp(filepath.Dir(filepath.Clean(c.Out)), ".export-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	files := 0
	put := func(name string, b []byte) error {
		path := filepath.Join(fresh, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		files++
		return os.WriteFile(path, b, 0o644)
	}
	e := columnar.Edition{Edition: of, Facts: facts, Previous: previous, Exhibits: exhibits, Public: c.Public}
	if err := errors.Join(columnar.Write(e, cat, put), queries.Write(put), put("README.md", []byte(queries.Document()))); err != nil {
		return err
	}
	if err := os.Chmod(fresh, 0o755); err != nil {
		return err
	}
	if err := os.Rename(fresh, c.Out); err != nil {
		return err
	}
	fmt.Printf("Edition %s: %d files in %s, of %d accounts and %d exhibits%s.\n", of.Name, files, c.Out, of.Accounts, len(exhibits), map[bool]string{true: ", simulated"}[of.Simulated])
	return nil
}
