package sqldb_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"zhijian/ground/event"
	"zhijian/ground/uid"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// A change of the benchmark is a row of some 450 bytes with two indexes, and one event. All
// three writers store the same rows with synchronous=FULL.
const benchTable = `create table bench_case (
  id integer primary key, no text not null unique, resident integer not null, at integer not null, answers text not null) strict`

const (
	benchIndex  = `create index bench_case_resident on bench_case (resident, at)`
	benchInsert = `insert into bench_case (id, no, resident, at, answers) values ($1, $2, $3, $4, $5)`
	benchEvent  = `insert into event (` + sqldb.EventColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
)

var benchAnswers = `{"text":"` + strings.Repeat("政务民生", 35) + `"}`

// durableWriter stores one change and returns when it is on disk.
type durableWriter func(resident int64) error

// BenchmarkDurableWrites measures our writer against a writer that commits every change by
// itself and against a bare loop that commits whatever is queued, without savepoints, chain or
// error handling. Rounds of the three alternate and the medians are compared, so a noisy
// machine disturbs all alike. x-single and x-bare are the ratios to look at.
func BenchmarkDurableWrites(b *testing.B) {
	for _, callers := range []int{1, 16, 64, 256} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			writers := []durableWriter{ours(b), single(b), bare(b)}
			rates := make([][]float64, len(writers))
			for b.Loop() {
				for i, w := range writers {
					rates[i] = append(rates[i], rate(b, w, callers, 250*time.Millisecond))
				}
			}
			ours, single, bare := median(rates[0]), median(rates[1]), median(rates[2])
			b.ReportMetric(ours, "changes/s")
			b.ReportMetric(ours/single, "x-single")
			b.ReportMetric(ours/bare, "x-bare")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// rate has callers write, each the next change when the last is durable.
func rate(b *testing.B, w durableWriter, callers int, d time.Duration) float64 {
	var n atomic.Int64
	var stop atomic.Bool
	var wg sync.WaitGroup
	start := time.Now()
	for c := range callers {
		wg.Go(func() {
			for !stop.Load() {
				if err := w(int64(c)); err != nil {
					b.Error(err)
					return
				}
				n.Add(1)
			}
		})
	}
	time.AfterFunc(d, func() { stop.Store(true) })
	wg.Wait()
	return float64(n.Load()) / time.Since(start).Seconds()
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

func ours(b *testing.B) durableWriter {
	db := testkit.Database(b)
	ctx := context.Background()
	for _, s := range []string{benchTable, benchIndex} {
		if err := db.Write(ctx, func(tx *sqldb.Tx) error { _, err := tx.Exec(s); return err }); err != nil {
			b.Fatal(err)
		}
	}
	return func(resident int64) error {
		id, no := db.ID(), uid.No()
		return db.Write(ctx, func(tx *sqldb.Tx) error {
			if _, err := tx.Exec(benchInsert, id, no, resident, tx.Now().UnixMilli(), benchAnswers); err != nil {
				return err
			}
			return tx.Append(no, noted{Meta: event.Meta{Actor: "resident:1", Region: "330100", Sector: "traffic"}, Text: no})
		})
	}
}

// bareFile opens a migrated file by hand, with the law's settings.
func bareFile(b *testing.B) *sql.DB {
	q := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "wal_autocheckpoint(1000)", "cache_size(-65536)"}}
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(testkit.File(b))+"?"+q.Encode())
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { _ = db.Close() })
	for _, s := range []string{benchTable, benchIndex} {
		if _, err := db.Exec(s); err != nil {
			b.Fatal(err)
		}
	}
	return db
}

type bareRow struct {
	resident int64
	no       string
	done     chan error
}

// bareWriter stores the rows of one change with prepared statements and nothing else.
type bareWriter struct {
	conn                       *sql.Conn
	begin, commit, row, record *sql.Stmt
	ids                        atomic.Int64
	position                   [event.Shards]int64
}

func newBare(b *testing.B) *bareWriter {
	ctx := context.Background()
	conn, err := bareFile(b).Conn(ctx)
	if err != nil {
		b.Fatal(err)
	}
	w := &bareWriter{conn: conn}
	for text, s := range map[string]**sql.Stmt{"begin immediate": &w.begin, "commit": &w.commit, benchInsert: &w.row, benchEvent: &w.record} {
		if *s, err = conn.PrepareContext(ctx, text); err != nil {
			b.Fatal(err)
		}
	}
	b.Cleanup(func() {
		for _, s := range []*sql.Stmt{w.begin, w.commit, w.row, w.record} {
			_ = s.Close()
		}
		_ = conn.Close()
	})
	return w
}

func (w *bareWriter) store(r bareRow) error {
	id := w.ids.Add(1)
	if _, err := w.row.Exec(id, r.no, r.resident, time.Now().UnixMilli(), benchAnswers); err != nil {
		return err
	}
	data, err := json.Marshal(noted{Text: r.no})
	if err != nil {
		return err
	}
	shard := event.Shard(r.no)
	w.position[shard]++
	hash := make([]byte, 32)
	_, err = w.record.Exec(shard, w.position[shard], id, "test.noted", r.no, time.Now().UnixMilli(),
		"resident:1", 0, "330100", "traffic", "", string(data), hash, hash)
	return err
}

func single(b *testing.B) durableWriter {
	w := newBare(b)
	var mu sync.Mutex
	return func(resident int64) error {
		mu.Lock()
		defer mu.Unlock()
		if _, err := w.begin.Exec(); err != nil {
			return err
		}
		if err := w.store(bareRow{resident: resident, no: uid.No()}); err != nil {
			return err
		}
		_, err := w.commit.Exec()
		return err
	}
}

func bare(b *testing.B) durableWriter {
	w := newBare(b)
	queue := make(chan bareRow, 4096)
	done := make(chan struct{})
	b.Cleanup(func() { close(queue); <-done })
	go func() {
		defer close(done)
		for r := range queue {
			group := []bareRow{r}
			_, err := w.begin.Exec()
			for err == nil {
				err = w.store(group[len(group)-1])
				if len(group) == cap(queue) {
					break
				}
				more := true
				select {
				case r, more = <-queue:
				default:
					more = false
				}
				if !more {
					break
				}
				group = append(group, r)
			}
			if err == nil {
				_, err = w.commit.Exec()
			}
			for _, g := range group {
				g.done <- err
			}
		}
	}()
	return func(resident int64) error {
		r := bareRow{resident: resident, no: uid.No(), done: make(chan error, 1)}
		queue <- r
		return <-r.done
	}
}
