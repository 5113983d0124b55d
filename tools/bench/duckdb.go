package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"zhijian/store/visitlog"
	"zhijian/store/visitlog/stream"
)

// counted is what one side took to count visits and to answer, in a process of its own.
type counted struct {
	Load     float64 `json:"load"`     // seconds: folding; or loading a table from Parquet
	Counts   float64 `json:"counts"`   // seconds: every number per day and kind by account, service, city, channel and level
	Distinct float64 `json:"distinct"` // seconds: distinct people of every account, prefecture and province
	Peak     float64 `json:"peak"`     // bytes: the most memory held
}

// answers are the files with what each question gave, the same on both sides.
var answers = []string{
	"account.csv", "service.csv", "city.csv", "channel.csv", "level.csv", "people-account.csv", "people-prefecture.csv", "people-province.csv",
}

// againstDuckDB lets a fold and DuckDB take turns with the same visits and the same questions: from the segment log to a fold
// on disk, and from a Parquet file, the quickest thing it loads, to a database on disk, and to one in memory.
func (b *bench) againstDuckDB(ctx context.Context, s *stream.Stream) error {
	if b.duckdb == "" {
		fmt.Println("visits: no folder of DuckDB given; left out")
		return nil
	}
	at := func(name string) string { return filepath.Join(b.dir, name) }
	if err := writeVisits(ctx, s, at("visits-log"), at("visits.csv"), at("homes.csv")); err != nil {
		return err
	}
	script := filepath.Join(b.duckdb, "measure.mjs")
	db := at("duckdb") // a folder, because what DuckDB writes beside the database must go with it
	if err := makeDir(db); err != nil {
		return err
	}
	csv, err := child(ctx, "node", script, "convert", at("visits.csv"), at("visits.parquet"), filepath.Join(db, "csv.db"))
	if err != nil {
		return err
	}
	if err := errors.Join(os.Remove(at("visits.csv")), os.RemoveAll(db)); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var ours, disk, memory []counted
	for n := range b.rounds {
		dir := at("answers-" + strconv.Itoa(n))
		for _, side := range []struct {
			name string
			list *[]counted
			args []string
		}{
			{"ours", &ours, []string{self, countCommand, at("visits-log"), at("homes.csv"), at("fold")}},
			{"disk", &disk, []string{"node", script, "measure", at("visits.parquet"), at("homes.csv"), filepath.Join(db, "visits.db")}},
			{"memory", &memory, []string{"node", script, "measure", at("visits.parquet"), at("homes.csv"), ":memory:"}},
		} {
			to := filepath.Join(dir, side.name)
			if err := errors.Join(makeDir(to), makeDir(db)); err != nil {
				return err
			}
			c, err := child(ctx, side.args[0], append(side.args[1:], to)...)
			if err != nil {
				return err
			}
			if b.verbose {
				fmt.Printf("%s: %+v\n", side.name, c)
			}
			*side.list = append(*side.list, c)
			if err := errors.Join(os.RemoveAll(at("fold")), os.RemoveAll(db), sameFiles(filepath.Join(dir, "ours"), to)); err != nil {
				return err
			}
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	b.table.report(fmt.Sprintf("%d visits folded", s.Len()), "visits/s", float64(s.Len())/median(each(ours, func(c counted) float64 { return c.Load })))
	b.tellDuckDB("on disk", ours, disk)
	b.tellDuckDB("in memory", ours, memory)
	whole := func(c counted) float64 { return c.Load + c.Counts + c.Distinct }
	fromCSV := each(disk, func(c counted) float64 { return csv.Load + c.Counts + c.Distinct })
	b.table.share("load, all numbers and distinct people; against DuckDB on disk, from CSV", "s", each(ours, whole), fromCSV, 0)
	return nil
}

func (b *bench) tellDuckDB(where string, ours, theirs []counted) {
	for _, q := range []struct {
		what, unit string
		of         func(counted) float64
		most       float64
	}{
		{"load, all numbers and distinct people", "s", func(c counted) float64 { return c.Load + c.Counts + c.Distinct }, 0.5},
		{"— load alone", "s", func(c counted) float64 { return c.Load }, 0},
		{"— all questions, once loaded", "s", func(c counted) float64 { return c.Counts + c.Distinct }, 0.1},
		{"— distinct people of accounts, prefectures, provinces", "s", func(c counted) float64 { return c.Distinct }, 0.1},
		{"— memory at the peak", "MB", func(c counted) float64 { return c.Peak / 1e6 }, 0.4},
	} {
		b.table.share(q.what+"; against DuckDB "+where, q.unit, each(ours, q.of), each(theirs, q.of), q.most)
	}
}

func each(list []counted, of func(counted) float64) (out []float64) {
	for _, c := range list {
		out = append(out, of(c))
	}
	return out
}

// child runs one side and reads the line it prints, if any.
func child(ctx context.Context, name string, args ...string) (c counted, err error) {
	var said tail
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return c, fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, said.String())
	}
	if len(bytes.TrimSpace(out)) == 0 {
		return c, nil
	}
	return c, json.Unmarshal(out, &c)
}

// sameFiles makes sure that both sides gave the same numbers, to the unit.
func sameFiles(ours, theirs string) error {
	for _, name := range answers {
		a, err := os.ReadFile(filepath.Join(ours, name))
		if err != nil {
			return err
		}
		b, err := os.ReadFile(filepath.Join(theirs, name))
		if err != nil {
			return err
		}
		if len(a) == 0 || !bytes.Equal(a, b) {
			return fmt.Errorf("%s is %d bytes here and %d there, and not the same", name, len(a), len(b))
		}
	}
	return nil
}

const countCommand = "count-visits"

// countVisits is our side: it folds a log, asks, prints what it took, and writes the answers.
func countVisits(ctx context.Context, logs, homes, fold, to string, out io.Writer) (err error) {
	home, err := readHomes(homes)
	if err != nil {
		return err
	}
	from, err := visitlog.Folder(logs)
	if err != nil {
		return err
	}
	folder, err := visitlog.Folder(fold)
	if err != nil {
		return err
	}
	took := stopwatch()
	f, err := visitlog.OpenFold(ctx, visitlog.FoldOptions{Folder: folder, Logs: []visitlog.Source{{Folder: from}}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Run(ctx); err != nil {
		return err
	}
	c := counted{Load: took().Seconds()}
	took = stopwatch()
	var numbers [5][]visitlog.Count
	for by := range numbers {
		err := f.Counts(ctx, visitlog.By(by), func(n visitlog.Count) error { numbers[by] = append(numbers[by], n); return nil })
		if err != nil {
			return err
		}
	}
	c.Counts = took().Seconds()
	took = stopwatch()
	people, err := f.Nested(ctx, visitlog.Span{First: 0, Last: 999_999},
		func(a uint32) (uint32, bool) { return a, true },
		func(a uint32) (uint32, bool) { return home[a], true },
		func(a uint32) (uint32, bool) { return home[a] / 10000, true })
	if err != nil {
		return err
	}
	c.Distinct = took().Seconds()
	c.Peak = peakMemory()
	if err := json.NewEncoder(out).Encode(c); err != nil {
		return err
	}
	for i, list := range numbers {
		err := writeAnswer(filepath.Join(to, answers[i]), list, func(n visitlog.Count) string {
			return fmt.Sprintf("%d,%d,%d,%d\n", n.Code, n.Day, n.Kind, n.N)
		})
		if err != nil {
			return err
		}
	}
	for i, list := range people {
		err := writeAnswer(filepath.Join(to, answers[5+i]), list, func(g visitlog.Group) string { return fmt.Sprintf("%d,%d\n", g.Group, g.People) })
		if err != nil {
			return err
		}
	}
	return nil
}

func writeAnswer[T any](path string, list []T, line func(T) string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for _, v := range list {
		_, _ = w.WriteString(line(v)) // Flush says it
	}
	return errors.Join(w.Flush(), f.Close())
}

// readHomes reads account,home lines.
func readHomes(path string) ([]uint32, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	home := make([]uint32, 1, nationAccounts+1)
	for line := range strings.Lines(string(b)) {
		_, code, _ := strings.Cut(strings.TrimSpace(line), ",")
		n, err := strconv.ParseUint(code, 10, 32)
		if err != nil {
			return nil, err
		}
		home = append(home, uint32(n))
	}
	return home, nil
}

// peakMemory is the most memory this process ever held, in bytes.
func peakMemory() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kb, _ := strconv.ParseFloat(fields[0], 64)
	return kb * 1024
}
