package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/intake"
	"zhijian/ground/tabular"
	"zhijian/store/editions"
)

type observatoryImportCmd struct {
	edition      `embed:""`
	Accounts     string `required:"" help:"Accounts, .csv or .xlsx like every table." placeholder:"FILE"`
	Months       string `required:"" help:"Monthly counters." placeholder:"FILE"`
	Places       string `help:"Classes of cities, and which have a city entry." placeholder:"FILE"`
	Indicators   string `help:"Outside figures: gdp_per_head, population …" placeholder:"FILE"`
	Roster       string `help:"Numbers of departments, for ownership rates." placeholder:"FILE"`
	Services     string `help:"Services launched and their visits." placeholder:"FILE"`
	Outcomes     string `help:"What came of services by city and month: cases, promises, ratings …" placeholder:"FILE"`
	Previous     string `help:"The edition to compare with." placeholder:"NAME"`
	Corrects     string `help:"The edition that this one corrects: what differs is listed when it is computed, and kept." placeholder:"NAME"`
	Reason       string `help:"Why it was corrected; needed with --corrects." placeholder:"TEXT"`
	Replace      bool   `help:"Write in place of an edition of this name that has other content."`
	Report       string `help:"Write every refused row and every warning to this file, as csv." placeholder:"FILE"`
	Lang         string `default:"en" enum:"zh,en" help:"Language of the reasons on standard error; the file of --report has both."`
	AllowRefused bool   `help:"End with status 0 although rows were refused."`
}

// Run freezes the rows that can be taken, and fails when there are others.
func (c observatoryImportCmd) Run() (err error) {
	defer func() { err = plain(err) }()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return err
	}
	src, err := c.read()
	if err != nil {
		return err
	}
	facts, report, err := intake.Read(src, cat)
	if err != nil {
		return err
	}
	for _, p := range report.Warnings {
		fmt.Fprintln(os.Stderr, c.say("提醒：", "warning: ", p))
	}
	for _, p := range report.Refused {
		fmt.Fprintln(os.Stderr, c.say("没有收：", "refused: ", p))
	}
	if err := c.writeReport(report); err != nil {
		return err
	}
	m, err := c.shelf().Put(editions.Manifest{Name: c.Edition, Previous: c.Previous, Corrects: c.Corrects, Reason: c.Reason, Simulated: simulated(facts), Refused: len(report.Refused)}, facts, c.Replace)
	if err != nil {
		return err
	}
	fmt.Printf("Edition %s: %d accounts, %d months, %d places, %d indicators, %d rosters, %d services, %d outcomes. Sum %s.\n",
		m.Name, m.Accounts, m.Months, len(facts.Places), len(facts.Indicators), len(facts.Rosters), len(facts.Launches), len(facts.Outcomes), m.FactsSum)
	if len(report.Refused) > 0 && !c.AllowRefused {
		return fmt.Errorf("%d rows were refused; the edition holds the others", len(report.Refused))
	}
	return nil
}

// say gives a problem in the language asked for.
func (c observatoryImportCmd) say(zh, en string, p intake.Problem) string {
	if c.Lang == "zh" {
		p.Reason = p.Zh()
		return zh + p.String()
	}
	return en + p.String()
}

func (c observatoryImportCmd) read() (src intake.Source, err error) {
	for _, f := range []struct {
		path string
		to   *intake.File
	}{{c.Accounts, &src.Accounts}, {c.Months, &src.Months}, {c.Places, &src.Places}, {c.Indicators, &src.Indicators}, {c.Roster, &src.Roster}, {c.Services, &src.Services}, {c.Outcomes, &src.Outcomes}} {
		if f.path == "" {
			continue
		}
		if f.to.Data, err = os.ReadFile(f.path); err != nil {
			return src, err
		}
		f.to.Name = filepath.Base(f.path)
	}
	return src, nil
}

func (c observatoryImportCmd) writeReport(report *intake.Report) error {
	if c.Report == "" {
		return nil
	}
	rows := [][]string{{"what", "file", "line", "column", "code", "reason", "reason_zh"}}
	for _, part := range []struct {
		what string
		list []intake.Problem
	}{{"refused", report.Refused}, {"warning", report.Warnings}} {
		for _, p := range part.list {
			rows = append(rows, []string{part.what, p.File, strconv.Itoa(p.Line), p.Column, p.Code, p.Reason, p.Zh()})
		}
	}
	b, err := tabular.CSV(rows)
	if err != nil {
		return err
	}
	return os.WriteFile(c.Report, b, 0o644)
}

// simulated reports whether every account says in its name that it is simulated.
func simulated(f *observatory.Facts) bool {
	for i := range f.Accounts {
		if !strings.HasSuffix(f.Accounts[i].Name, "（模拟）") {
			return false
		}
	}
	return len(f.Accounts) > 0
}
