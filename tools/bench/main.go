// Command bench measures every speed the house promises, in one run, and prints a table with the
// ratio, the goal and the verdict of each (docs/performance.md). It writes nothing but temporary
// files, which it removes.
//
// Machines are noisy and shared, so what counts are ratios: each candidate and what it is measured
// against take turns within one run, and medians are compared. Absolute figures are reported.
// The short form measures only ratios and page weights, repeats what missed its goal twice, and
// exits with 1 when something misses it three times in a row.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options say what to measure and how long.
type options struct {
	root       string
	binary     string
	pocketbase string
	postgres   string
	only       string
	short      bool
	seconds    float64
	rounds     int
	conns      int
	verbose    bool
	profile    string
	duckdb     string
	visits     uint64
	posted     uint64
}

// part is a group of measurements. Parts run one after another, never at once.
type part struct {
	name  string
	short bool // belongs to the short form
	run   func(context.Context, *bench) error
}

// bench is one run.
type bench struct {
	options
	table table
	dir   string
	city  *city
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == readyCommand {
		if err := serveReady(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) == 3 && os.Args[1] == countServerCommand {
		if err := serveCounts(os.Args[2], os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) == 6 && os.Args[1] == countCommand {
		if err := countVisits(context.Background(), os.Args[2], os.Args[3], os.Args[4], os.Args[5], os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	var o options
	flag.StringVar(&o.root, "root", "..", "the folder of the project")
	flag.StringVar(&o.binary, "binary", "../bin/zhijian", "the zhijian binary")
	flag.StringVar(&o.pocketbase, "pocketbase", "", "the binary of tools/pocketbase; empty leaves the comparison out")
	flag.StringVar(&o.postgres, "postgres", "", "postgres:// URL of an empty database with fsync on; empty leaves it out")
	flag.StringVar(&o.only, "only", "", "comma-separated parts: writes,events,start,pages,search,observatory,fine,clerk,pocketbase,rush,visits,posts")
	flag.StringVar(&o.duckdb, "duckdb", "", "the folder tools/duckdb after npm ci; empty leaves the comparison out")
	flag.Uint64Var(&o.visits, "visits", 5_000_000, "visits to fold and to load; the nation of the white paper has 41,530,000")
	flag.Uint64Var(&o.posted, "posted", 4_000_000, "visits to post over HTTP; the nation of the white paper has 41,530,000")
	flag.BoolVar(&o.short, "short", false, "only ratios and page weights; exit with 1 on a second miss")
	flag.Float64Var(&o.seconds, "seconds", 0, "length of one measurement over HTTP; 0 is 3, and 1 in the short form")
	flag.IntVar(&o.rounds, "rounds", 0, "how often candidates take turns; 0 is 3, and 5 in the short form")
	flag.IntVar(&o.conns, "conns", 64, "connections over HTTP")
	flag.BoolVar(&o.verbose, "v", false, "print every single measurement")
	flag.StringVar(&o.profile, "profile", "", "write processor profiles of the house and of its writer into this folder")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b := &bench{options: o.filled()}
	err := b.run(ctx)
	b.table.print(os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if o.short && b.table.missed() > 0 {
		os.Exit(1)
	}
}

func (o options) filled() options {
	seconds, rounds := 3.0, 3
	if o.short {
		seconds, rounds = 1, 5
	}
	if o.seconds == 0 {
		o.seconds = seconds
	}
	if o.rounds == 0 {
		o.rounds = rounds
	}
	return o
}

func (b *bench) run(ctx context.Context) (err error) {
	if b.dir, err = os.MkdirTemp("", "zhijian-bench-"); err != nil {
		return err
	}
	b.city = newCity(b)
	defer func() { err = errors.Join(err, b.city.close(), os.RemoveAll(b.dir)) }()
	fmt.Println(machine())
	for _, p := range []part{
		{"writes", true, durableWrites},
		{"events", false, deliveries},
		{"start", false, startUp},
		{"pages", true, pages},
		{"search", false, search},
		{"observatory", false, observatory},
		{"fine", false, fines},
		{"clerk", false, clerks},
		{"pocketbase", false, pocketBase},
		{"rush", false, rush},
		{"visits", false, visits},
		{"posts", false, func(ctx context.Context, b *bench) error { return b.postVisits(ctx) }},
	} {
		if b.short && !p.short || b.only != "" && !slices.Contains(strings.Split(b.only, ","), p.name) {
			continue
		}
		took := stopwatch()
		if err := b.again(ctx, p); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		fmt.Printf("%s took %.0f s\n", p.name, took().Seconds())
	}
	return nil
}

// mostRuns is how often the short form runs a part of which something misses its goal.
const mostRuns = 3

// again runs a part, and in the short form once more, and again, when a goal was missed. A miss is what misses in every run.
func (b *bench) again(ctx context.Context, p part) error {
	before, kept := b.table.missed(), len(b.table.rows)
	if err := p.run(ctx, b); err != nil {
		return err
	}
	for run := 1; run < mostRuns && b.short && b.table.missed() > before; run++ {
		fmt.Printf("%s missed a goal; once more\n", p.name)
		former := slices.Clone(b.table.rows[kept:])
		b.table.rows = b.table.rows[:kept]
		if err := p.run(ctx, b); err != nil {
			return err
		}
		for i, r := range b.table.rows[kept:] {
			if i < len(former) && former[i].what == r.what && !former[i].missed() {
				b.table.rows[kept+i] = former[i]
			}
		}
	}
	return nil
}

func stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}
