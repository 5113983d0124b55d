package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"zhijian/domain/observatory"
	"zhijian/domain/report"
	"zhijian/outside/print"
	"zhijian/store/editions"
	reportpage "zhijian/ui/report"
)

type reportCmd struct {
	edition `embed:""`
	Format  string `required:"" enum:"html,pdf" help:"html or pdf; pdf needs Chromium and a Chinese font on this machine."`
	Lang    string `default:"both" enum:"zh,en,both" help:"zh, en or both in one file."`
	Out     string `required:"" help:"The file to write." placeholder:"FILE"`
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
	shelf := c.shelf()
	m, err := shelf.Manifest(c.Edition)
	if err != nil {
		return err
	}
	now, err := shelf.Exhibits(c.Edition)
	if err != nil {
		return err
	}
	var before []observatory.Exhibit
	if m.Previous != "" {
		if before, err = shelf.Exhibits(m.Previous); err != nil {
			return err
		}
	}
	r, err := report.Make(reportEdition(m), now, before)
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
	if err := os.MkdirAll(filepath.Dir(c.Out), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, b, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %s, %d KB.\n", c.Out, c.Format, len(b)/1024)
	return nil
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

func reportEdition(m editions.Manifest) report.Edition {
	return report.Edition{
		Name: m.Name, Previous: m.Previous, Simulated: m.Simulated, Accounts: m.Accounts, MethodVersion: m.MethodVersion,
		CodeVersion: m.CodeVersion, FactsSum: m.FactsSum, ExhibitsSum: m.ExhibitsSum,
	}
}
