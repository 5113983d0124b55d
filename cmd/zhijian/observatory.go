package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/paper"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/server"
	"zhijian/store/editions"
	"zhijian/ui/wording"
)

type observatoryCmd struct {
	Import   observatoryImportCmd   `cmd:"" help:"Freeze tables of accounts and counters as an edition."`
	Gather   observatoryGatherCmd   `cmd:"" help:"Make an edition of the house itself: its accounts, its open services and what came of them."`
	Simulate observatorySimulateCmd `cmd:"" help:"Write the tables of a simulated nation, calibrated on the white paper of 2015."`
	Compute  observatoryComputeCmd  `cmd:"" help:"Compute every exhibit of an edition."`
	Verify   observatoryVerifyCmd   `cmd:"" help:"Rebuild every number of an edition, or with --live of the house's own facts, and say equal or the first difference."`
	Export   observatoryExportCmd   `cmd:"" help:"Write one exhibit as csv, json, svg or xlsx."`
	List     observatoryListCmd     `cmd:"" help:"List editions, or the exhibits of one."`
	Compare  observatoryCompareCmd  `cmd:"" help:"List what differs between two editions."`
	Paper    observatoryPaperCmd    `cmd:"" help:"Hold an edition against every figure of the white paper of 2015."`
	Pull     observatoryPullCmd     `cmd:"" help:"Read an account's month from another platform (datacube) as a table that import takes."`
	Replay   observatoryReplayCmd   `cmd:"" help:"Drive the counting path with visits of a file or simulated ones: append, fold, recount, and print speeds and a sum."`
}

// edition is what most commands need.
type edition struct {
	Data    string `default:"data" help:"Data folder; editions are in its folder observatory." placeholder:"DIR"`
	Edition string `required:"" help:"Name of the edition." placeholder:"NAME"`
}

func (e edition) shelf() *editions.Shelf { return editions.Open(e.Data) }

// plain puts the English sentence in place of a fault's kind and code.
func plain(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if f := fault.Of(err); f != nil {
		text = strings.Replace(text, f.Error(), wording.Fault(wording.English, f), 1)
	}
	return errors.New(text)
}

// codeVersion names the build: the commit when the binary knows it.
func codeVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return info.Main.Version
}

type observatoryComputeCmd struct {
	edition `embed:""`
}

// Run computes and keeps the exhibits.
func (c observatoryComputeCmd) Run() (err error) {
	defer func() { err = plain(err) }()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return err
	}
	facts, previous, _, err := c.shelf().Both(c.Edition)
	if err != nil {
		return err
	}
	list, err := observatory.Compute(facts, previous, cat)
	if err != nil {
		return err
	}
	m, err := c.shelf().Save(c.Edition, codeVersion(), list)
	if err != nil {
		return err
	}
	warnings := 0
	for _, e := range list {
		warnings += len(e.Warnings)
	}
	fmt.Printf("Edition %s: %d exhibits with %d warnings of %d accounts. Sum %s.\n", m.Name, len(list), warnings, m.Accounts, m.ExhibitsSum)
	if m.Corrects != "" {
		fmt.Printf("It corrects edition %s in %d places, which are kept with it.\n", m.Corrects, m.Corrections)
	}
	return nil
}

type observatoryVerifyCmd struct {
	Data    string `default:"data" help:"Data folder; editions are in its folder observatory, visits in its folder visits." placeholder:"DIR"`
	Edition string `help:"Name of the edition. Without it and without --live, the visits of the house that is not running are counted again." placeholder:"NAME"`
	Visits  bool   `help:"Count the visits again as well."`
	Live    bool   `help:"Count the house's event log again as well, and compare it with the facts that it keeps."`
	Key     string `help:"The key that must have signed it, in digits or as a file; without it the data folder's own." placeholder:"FILE|HEX"`
	house   `embed:""`
}

// house is what it takes to open the database of a house.
type house struct {
	Database string `help:"postgres:// URL in place of the embedded database." placeholder:"URL"`
	Unsafe   bool   `hidden:"" help:"Accept a database whose settings are not the law. Tests only."`
}

// Run looks who signed, rebuilds and compares; a signature that is not the one wanted is an error, and so is a difference.
func (c observatoryVerifyCmd) Run(ctx context.Context, log *slog.Logger) (err error) {
	defer func() { err = plain(err) }()
	if c.Edition != "" {
		if err := c.rebuild(); err != nil {
			return err
		}
	}
	if c.Live {
		if err := c.live(ctx, log); err != nil {
			return err
		}
	}
	if c.Visits || (c.Edition == "" && !c.Live) {
		return c.recount(ctx)
	}
	return nil
}

// recount counts the visit log again from its beginning.
func (c observatoryVerifyCmd) recount(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(c.Data, "visits")); err != nil {
		return fmt.Errorf("%s holds no visits of a house, and no edition is named", c.Data)
	}
	v, err := server.CheckVisits(ctx, c.Data)
	switch {
	case err != nil:
		return err
	case v.Wrong != "":
		return errors.New(v.Wrong)
	}
	fmt.Printf("Visits are equal: %d in the log, %d of them counted, and every number and every set of people is what a recount gives.\n", v.Appended, v.Folded)
	if v.Deleted > 0 {
		fmt.Printf("%d are counted and no longer in the log; of their days it was checked that nothing is missing.\n", v.Deleted)
	}
	return nil
}

func (c observatoryVerifyCmd) rebuild() error {
	trusted, err := c.trusted()
	if err != nil {
		return err
	}
	by, err := editions.Open(c.Data).Signer(c.Edition, trusted)
	if err != nil {
		return err
	}
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return err
	}
	d, m, err := editions.Open(c.Data).Verify(c.Edition, cat)
	if err != nil {
		return err
	}
	if d != nil {
		return fmt.Errorf("edition %s is not equal to its recomputation: %s", c.Edition, d)
	}
	fmt.Printf("Edition %s is equal: %d exhibits rebuilt from %d accounts. Sum %s.\n", m.Name, len(m.Exhibits), m.Accounts, m.ExhibitsSum)
	fmt.Printf("Signed by the key %s, %s.\n", by.Fingerprint(), map[bool]string{true: "this data folder's own", false: "which you named"}[trusted == nil])
	return nil
}

// trusted reads the key that was named; nil when none was.
func (c observatoryVerifyCmd) trusted() (editions.Key, error) {
	if c.Key == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.Key)
	if errors.Is(err, fs.ErrNotExist) {
		return editions.ParseKey(c.Key)
	}
	if err != nil {
		return nil, err
	}
	return editions.ParseKey(string(text))
}

func (c observatoryVerifyCmd) live(ctx context.Context, log *slog.Logger) error {
	if err := c.stands(c.Data); err != nil {
		return err
	}
	r, err := server.VerifyFacts(ctx, server.Config{Data: c.Data, Database: c.Database, Clock: &clock.System{}, Log: log, Unsafe: c.Unsafe})
	if err != nil {
		return err
	}
	if r.Difference != "" {
		return fmt.Errorf("the facts are not what the log says: %s", r.Difference)
	}
	fmt.Printf("The facts are equal to the log: %d events counted again give the same %d facts and %d people.\n", r.Events, r.Facts, r.People)
	return nil
}

type observatoryListCmd struct {
	Data    string `default:"data" help:"Data folder." placeholder:"DIR"`
	Edition string `help:"List the exhibits of this edition; without it, the editions, and the ids of all exhibits." placeholder:"NAME"`
}

// Run prints names, one a line.
func (c observatoryListCmd) Run() (err error) {
	defer func() { err = plain(err) }()
	shelf := editions.Open(c.Data)
	if c.Edition == "" {
		key, err := shelf.Key()
		if err != nil {
			return err
		}
		if key != nil {
			fmt.Printf("key %s  fingerprint %s\n", key, key.Fingerprint())
		}
		list, err := shelf.List()
		for _, m := range list {
			fmt.Printf("edition %-16s %8d accounts  %3d exhibits  %s%s\n", m.Name, m.Accounts, len(m.Exhibits), m.FactsSum[:16], map[bool]string{true: "  simulated"}[m.Simulated])
			if m.Corrects != "" {
				fmt.Printf("        corrects %s in %d places: %s\n", m.Corrects, m.Corrections, m.Reason)
			}
		}
		for _, id := range observatory.IDs() {
			fmt.Println("exhibit", id)
		}
		return err
	}
	list, err := shelf.Exhibits(c.Edition)
	for _, e := range list {
		fmt.Printf("%-16s %5d rows  %2d warnings  %s\n", e.ID, len(e.Rows), len(e.Warnings), e.Title.En)
	}
	return err
}

type observatoryCompareCmd struct {
	edition `embed:""`
	With    string `required:"" help:"The other edition." placeholder:"NAME"`
	Most    int    `default:"20" help:"At most so many differences of each exhibit."`
}

// Run prints what changed from the other edition to this one.
func (c observatoryCompareCmd) Run() (err error) {
	defer func() { err = plain(err) }()
	m, err := c.shelf().Manifest(c.Edition)
	if err != nil {
		return err
	}
	if m.Corrects == c.With {
		fmt.Printf("Edition %s corrects %s: %s\n", c.Edition, c.With, m.Reason)
	}
	list, err := c.shelf().Compare(c.With, c.Edition, c.Most)
	for _, d := range list {
		fmt.Println(d)
	}
	if err == nil && len(list) == 0 {
		fmt.Printf("Editions %s and %s are equal.\n", c.With, c.Edition)
	}
	return err
}

type observatoryPaperCmd struct {
	edition `embed:""`
	Out     string `help:"Write the comparison as Markdown." placeholder:"FILE"`
}

// Run fails when a figure that could be met is not.
func (c observatoryPaperCmd) Run() (err error) {
	defer func() { err = plain(err) }()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return err
	}
	targets, err := paper.Targets(catalog.FS)
	if err != nil {
		return err
	}
	list, err := c.shelf().Exhibits(c.Edition)
	if err != nil {
		return err
	}
	rows := paper.Compare(targets, list, cat)
	if c.Out != "" {
		misprints, err := paper.Misprints(catalog.FS, cat)
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.Out, []byte(paper.Document(rows, misprints, "Measured on edition "+c.Edition+".")), 0o644); err != nil {
			return err
		}
	}
	met, not, contradictory := paper.Count(rows)
	fmt.Printf("Of %d figures %d are met, %d are not, %d contradict others of the paper.\n", len(rows), met, not, contradictory)
	for _, r := range rows {
		if r.Status == paper.NotMet {
			fmt.Fprintf(os.Stderr, "%s: printed %s %s, measured %s.\n", r.ID, r.Comparison, r.Value, r.Measured)
		}
	}
	if not > 0 {
		return fmt.Errorf("%d figures are not met", not)
	}
	return nil
}
