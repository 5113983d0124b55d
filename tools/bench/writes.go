package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/event"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
)

// durableWriter makes one change and returns when it is on disk.
type durableWriter func(resident int64) error

// durableWrites measures opening a case in the store: the sealed case, its event in the chain and its alarm. The
// same rows go through a writer that commits each change by itself, and through a bare loop that
// commits whatever is queued; both with synchronous=FULL, without sealing, chain, savepoints or
// the handling of errors.
func durableWrites(ctx context.Context, b *bench) error {
	d, callers := time.Second, []int{1, 16, 64, 256}
	if b.short {
		d, callers = 600*time.Millisecond, []int{64, 256}
	}
	if b.profile != "" {
		return b.profileWrites(ctx, filepath.Join(b.profile, "durable-cases.pprof"))
	}
	goals := map[int]float64{64: 5, 256: 15}
	for _, n := range callers {
		ours, single, bare, err := b.writeRates(ctx, n, d)
		if err != nil {
			return err
		}
		b.table.ratio(fmt.Sprintf("durable cases, %d callers, SQLite FULL; against one change a transaction", n), "/s", ours, single, goals[n])
		if reach := median(pairwise(bare, single)); reach < goals[n] {
			// A quick disk: what a commit saves is less than what the rows cost. No writer of these rows could pass.
			last := &b.table.rows[len(b.table.rows)-1]
			last.verdict = fmt.Sprintf("bare loop %.1f×", reach)
		}
		goal := 0.0
		if n >= 64 {
			goal = 0.5
		}
		b.table.ratio(fmt.Sprintf("durable cases, %d callers; against a bare group-commit loop", n), "/s", ours, bare, goal)
	}
	if b.short {
		return nil
	}
	if err := b.diskSync(); err != nil {
		return err
	}
	if b.postgres == "" {
		return nil
	}
	ours, _, closeDB, err := openStore(ctx, sqldb.Config{URL: b.postgres})
	if err != nil {
		return err
	}
	for _, n := range callers {
		var rates []float64
		for range b.rounds {
			r, err := rate(ours, n, d)
			if err != nil {
				return errors.Join(err, closeDB())
			}
			rates = append(rates, r)
		}
		b.table.report(fmt.Sprintf("durable cases, %d callers, PostgreSQL, fsync on", n), "/s", median(rates))
	}
	return closeDB()
}

// diskSync measures what one commit costs at least here: a page at the end of a file, made durable.
func (b *bench) diskSync() error {
	f, err := os.Create(filepath.Join(b.dir, "sync"))
	if err != nil {
		return err
	}
	page := make([]byte, 4096)
	var times []time.Duration
	for range 300 {
		took := stopwatch()
		if _, err := f.Write(page); err != nil {
			return errors.Join(err, f.Close())
		}
		if err := f.Sync(); err != nil {
			return errors.Join(err, f.Close())
		}
		times = append(times, took())
	}
	b.table.report("write and fsync of 4 KiB on this disk, median", "ms", milliseconds(quantile(times, 0.5)))
	return f.Close()
}

// writeRates lets the three writers take turns, each on a fresh file.
func (b *bench) writeRates(ctx context.Context, callers int, d time.Duration) (ours, single, bare []float64, err error) {
	dir := filepath.Join(b.dir, fmt.Sprintf("writes-%d", callers))
	write, sample, closeOurs, err := openStore(ctx, sqldb.Config{Path: filepath.Join(dir, "ours.db")})
	if err != nil {
		return nil, nil, nil, err
	}
	defer func() { err = errors.Join(err, closeOurs()) }()
	one, err := openBare(ctx, filepath.Join(dir, "single.db"), sample)
	if err != nil {
		return nil, nil, nil, err
	}
	defer func() { err = errors.Join(err, one.close()) }()
	group, err := openBare(ctx, filepath.Join(dir, "bare.db"), sample)
	if err != nil {
		return nil, nil, nil, err
	}
	defer func() { err = errors.Join(err, group.close()) }()
	grouped, stop := group.grouped()
	defer stop()
	for range b.rounds {
		for list, w := range map[*[]float64]durableWriter{&ours: write, &single: one.single, &bare: grouped} {
			r, err := rate(w, callers, d)
			if err != nil {
				return nil, nil, nil, err
			}
			*list = append(*list, r)
		}
	}
	return ours, single, bare, nil
}

// profileWrites shows where the time of our own writer goes.
func (b *bench) profileWrites(ctx context.Context, path string) error {
	write, _, closeDB, err := openStore(ctx, sqldb.Config{Path: filepath.Join(b.dir, "profile", "ours.db")})
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		return errors.Join(err, closeDB())
	}
	r, err := rate(write, 64, 10*time.Second)
	pprof.StopCPUProfile()
	b.table.report("durable cases, 64 callers, profiled", "/s", r)
	return errors.Join(err, f.Close(), closeDB())
}

// rate has callers write for a while, each the next change when the last is durable.
func rate(w durableWriter, callers int, d time.Duration) (float64, error) {
	var n atomic.Int64
	var stop atomic.Bool
	var wg sync.WaitGroup
	errs := make([]error, callers)
	took := stopwatch()
	for c := range callers {
		wg.Go(func() {
			for !stop.Load() {
				if errs[c] = w(int64(c + 1)); errs[c] != nil {
					return
				}
				n.Add(1)
			}
		})
	}
	t := time.AfterFunc(d, func() { stop.Store(true) })
	defer t.Stop()
	wg.Wait()
	return float64(n.Load()) / took().Seconds(), errors.Join(errs...)
}

// sampleRows are the rows of one case as they lie in the database.
type sampleRows struct {
	tables []sampleTable
}

type sampleTable struct {
	name    string
	columns []string
	values  []any
}

// openStore opens a fresh database through the house's own store and gives its writer and the
// rows that one call leaves behind.
func openStore(ctx context.Context, c sqldb.Config) (durableWriter, sampleRows, func() error, error) {
	c.Log = slog.New(slog.DiscardHandler)
	if c.Path != "" {
		if err := makeDir(filepath.Dir(c.Path)); err != nil {
			return nil, sampleRows{}, nil, err
		}
	}
	db, err := sqldb.Open(ctx, c)
	if err != nil {
		return nil, sampleRows{}, nil, err
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	ring, err := seal.New(seal.Key{Version: 1, Suite: "aes", Secret: secret})
	if err != nil {
		return nil, sampleRows{}, nil, errors.Join(err, db.Close())
	}
	desk := store.Cases{DB: db, Ring: ring}
	write := func(resident int64) error {
		one, events := newCase(db, resident)
		_, err := desk.Add(ctx, one, events...)
		return err
	}
	for range 4 * event.Shards { // the first event of a shard has none before it
		if err := write(1); err != nil {
			return nil, sampleRows{}, nil, errors.Join(err, db.Close())
		}
	}
	rows, err := readSample(ctx, db)
	if err != nil {
		return nil, sampleRows{}, nil, errors.Join(err, db.Close())
	}
	return write, rows, db.Close, nil
}

// newCase is a bill's case as it stands right after it was opened.
func newCase(db *sqldb.DB, resident int64) (cases.Case, []event.Body) {
	now := db.Now()
	c := cases.Case{
		ID: db.ID(), No: uid.No(), Resident: resident, City: "330100", Service: "electricity-bill-payment", Sector: "energy", Version: 1,
		Account: 7, Department: 3, Lang: "zh", State: cases.Draft, Client: seal.Plain("127.0.0.1"), Opened: now, Updated: now,
		Kept: now.AddDate(0, 0, 30), Rev: 1,
		Data: service.State{Step: "account", Typed: map[string][]string{"account": {"3301000159"}}},
		Log:  []cases.Entry{{At: now, Code: "opened", Who: "you"}},
	}
	meta := event.Meta{Actor: "resident:1", Account: c.Account, Region: c.City, Sector: c.Sector, Service: c.Service}
	return c, []event.Body{
		cases.OpenedEvent{Meta: meta, Subject: cases.Subject{No: c.No, Resident: resident, Version: c.Version, State: c.State}},
		event.Later{Body: cases.DraftDue{Meta: meta, No: c.No, At: c.Kept.UnixMilli()}, At: c.Kept},
	}
}

func readSample(ctx context.Context, db *sqldb.DB) (sampleRows, error) {
	var out sampleRows
	for _, table := range []string{"cases", "event", "alarm"} {
		newest := map[string]string{"cases": "id", "event": "position", "alarm": "id"}[table]
		rows, err := db.Query(ctx, "select * from "+table+" order by "+newest+" desc limit 1")
		if err != nil {
			return out, err
		}
		columns, err := rows.Columns()
		if err != nil || !rows.Next() {
			return out, errors.Join(err, rows.Err(), rows.Close(), fmt.Errorf("%s has no row", table))
		}
		values := make([]any, len(columns))
		at := make([]any, len(columns))
		for i := range values {
			at[i] = &values[i]
		}
		if err := errors.Join(rows.Scan(at...), rows.Close()); err != nil {
			return out, err
		}
		out.tables = append(out.tables, sampleTable{name: table, columns: columns, values: values})
	}
	return out, nil
}
