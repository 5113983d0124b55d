package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/public"
	"zhijian/domain/report"
	"zhijian/outside/print"
	"zhijian/store/editions"
	reportpage "zhijian/ui/report"
)

type reportCmd struct {
	edition `embed:""`
	Format  string `required:"" enum:"html,pdf" help:"html or pdf; pdf needs Chromium and a Chinese font on this machine."`
	Lang    string `default:"both" enum:"zh,en,both" help:"zh, en or both in one file."`
	Public  bool   `help:"Leave out what the public pages leave out: counts of fewer than ten people."`
	Publish bool   `help:"Put the pdf beside the exhibits of the edition, where the public pages offer it; implies --public."`
	Out     string `help:"The file to write; may be left out with --publish." placeholder:"FILE"`
}

// Help is shown by report --help.
func (reportCmd) Help() string {
	return "The white paper of an edition: cover, summary, five chapters, every exhibit, errata, method and appendices. " +
		"Sentences are chosen by rules from the numbers; what they do not carry is not written. " +
		"A simulated edition says so on the cover, in the header of every page and under every figure."
}

// Run writes the file.
func (c reportCmd) Run(ctx context.Context) (err error) {
	defer func() { err = plain(err) }()
	switch {
	case c.Out == "" && !c.Publish:
		return errors.New("where to? Please give --out FILE, or --publish")
	case c.Publish && c.Format != "pdf":
		return errors.New("only a pdf is published: the web pages are written anew from the edition. Please give --format pdf")
	}
	r, err := c.write()
	if err != nil {
		return err
	}
	d := reportpage.Document{Report: r, Langs: map[string][]string{"zh": {"zh"}, "en": {"en"}, "both": {"zh", "en"}}[c.Lang]}
	b, err := reportpage.HTML(ctx, d)
	if err != nil {
		return err
	}
	if c.Format == "pdf" {
		if b, err = printed(ctx, d, b); err != nil {
			return err
		}
	}
	if c.Publish {
		if err := c.shelf().Publish(c.Edition, b); err != nil {
			return err
		}
		fmt.Printf("Published with edition %s: %s, %d KB.\n", c.Edition, c.Format, len(b)/1024)
	}
	if c.Out == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(c.Out), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, b, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %s, %d KB.\n", c.Out, c.Format, len(b)/1024)
	return nil
}

// write makes the report from the edition's exhibits.
func (c reportCmd) write() (*report.Report, error) {
	shelf := c.shelf()
	m, err := shelf.Manifest(c.Edition)
	if err != nil {
		return nil, err
	}
	now, err := c.exhibits(shelf, c.Edition)
	if err != nil {
		return nil, err
	}
	var before []observatory.Exhibit
	if m.Previous != "" {
		if before, err = c.exhibits(shelf, m.Previous); err != nil {
			return nil, err
		}
	}
	return report.Make(report.Of(m.Public()), now, before)
}

// exhibits are those of an edition, of which the public sees less.
func (c reportCmd) exhibits(shelf *editions.Shelf, name string) ([]observatory.Exhibit, error) {
	list, err := shelf.Exhibits(name)
	if err != nil || !c.Public && !c.Publish {
		return list, err
	}
	facts, _, err := shelf.Facts(name)
	if err != nil {
		return nil, err
	}
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return nil, err
	}
	return public.All(list, facts, cat), nil
}

// printed prints twice: the first printing tells on which page each section begins.
func printed(ctx context.Context, d reportpage.Document, html []byte) ([]byte, error) {
	pdf, err := print.PDF(ctx, html)
	if err != nil {
		return nil, err
	}
	if d.Pages = print.Pages(pdf); len(d.Pages) == 0 {
		return pdf, nil
	}
	if html, err = reportpage.HTML(ctx, d); err != nil {
		return nil, err
	}
	return print.PDF(ctx, html)
}
