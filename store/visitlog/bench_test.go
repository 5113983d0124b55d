package visitlog_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/store/visitlog"
	"zhijian/store/visitlog/stream"
)

// benchVisits is the size of the fold benchmarks; VISITS=41530000 measures the nation of the white paper.
func benchVisits(b *testing.B) uint64 {
	b.Helper()
	if text := os.Getenv("VISITS"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	return 2_000_000
}

func newStream(tb testing.TB, c stream.Config) *stream.Stream {
	tb.Helper()
	s, err := stream.New(c)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func folderAt(tb testing.TB, path string) visitlog.Disk {
	tb.Helper()
	d, err := visitlog.Folder(path)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func openLog(tb testing.TB, d visitlog.Disk, node uint32) *visitlog.Log {
	tb.Helper()
	l, err := visitlog.Open(context.Background(), visitlog.Options{Folder: d, Node: node, Clock: new(clock.System)})
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// pour appends a whole stream.
func pour(tb testing.TB, l *visitlog.Log, s *stream.Stream, lot int) {
	tb.Helper()
	buf := make([]visitlog.Visit, lot)
	for n := uint64(0); n < s.Len(); {
		k := s.Fill(buf, n)
		if err := l.Append(context.Background(), buf[:k]); err != nil {
			tb.Fatal(err)
		}
		n += uint64(k)
	}
}

// BenchmarkAppendLots is one caller with 1,000 visits a call, each call on disk before the next.
func BenchmarkAppendLots(b *testing.B) {
	l := openLog(b, folderAt(b, b.TempDir()), 1)
	s := newStream(b, stream.Config{})
	buf := make([]visitlog.Visit, 1000)
	s.Fill(buf, 0)
	for b.Loop() {
		if err := l.Append(context.Background(), buf); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "visits/s")
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAppendSingly is 256 callers with one visit a call.
func BenchmarkAppendSingly(b *testing.B) {
	l := openLog(b, folderAt(b, b.TempDir()), 1)
	s := newStream(b, stream.Config{})
	var n atomic.Uint64
	b.SetParallelism(256 / runtime.GOMAXPROCS(0))
	b.RunParallel(func(pb *testing.PB) {
		var one [1]visitlog.Visit
		for pb.Next() {
			s.Fill(one[:], n.Add(1))
			if err := l.Append(context.Background(), one[:]); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "visits/s")
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkFold folds a stream from its segments and then asks for distinct people of every account, prefecture and province.
func BenchmarkFold(b *testing.B) {
	s := newStream(b, stream.Config{Visits: benchVisits(b)})
	logs := folderAt(b, b.TempDir())
	l := openLog(b, logs, 1)
	elapsed := clock.Stopwatch()
	pour(b, l, s, visitlog.MaxCall)
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	b.Logf("appended in %v, %.1f bytes a visit", elapsed(), float64(sizeOf(b, logs))/float64(s.Len()))
	home := map[uint32]uint32{}
	for a := uint32(1); a <= 83641; a++ {
		home[a] = s.Home(a)
	}
	var fold, compact, ask, cpu time.Duration
	for n := 0; b.Loop(); n++ {
		path := filepath.Join(b.TempDir(), strconv.Itoa(n))
		elapsed, before := clock.Stopwatch(), processor(b)
		f, err := visitlog.OpenFold(context.Background(), visitlog.FoldOptions{Folder: folderAt(b, path), Logs: []visitlog.Source{{Folder: logs}}})
		if err != nil {
			b.Fatal(err)
		}
		if got, err := f.Run(context.Background()); err != nil || got != s.Len() {
			b.Fatal(got, err)
		}
		fold += elapsed()
		cpu += processor(b) - before
		elapsed = clock.Stopwatch()
		people := askAll(b, f, home)
		ask += elapsed()
		elapsed = clock.Stopwatch()
		if err := f.Compact(context.Background()); err != nil {
			b.Fatal(err)
		}
		compact += elapsed()
		if again := askAll(b, f, home); again != people {
			b.Errorf("compacted: %v people, before %v", again, people)
		}
		if n == 0 {
			b.Logf("distinct people summed over accounts, prefectures, provinces, nation: %v; fold %d bytes", people, sizeOf(b, folderAt(b, path)))
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
	per := func(d time.Duration) float64 { return d.Seconds() / float64(b.N) }
	b.ReportMetric(per(fold), "fold-s")
	b.ReportMetric(per(cpu), "fold-cpu-s")
	b.ReportMetric(per(ask), "ask-s")
	b.ReportMetric(per(compact), "compact-s")
	b.ReportMetric(float64(s.Len())/per(fold), "visits/s")
	b.ReportMetric(float64(peakMemory(b))/1e6, "peak-MB")
}

// BenchmarkFoldOften folds each 10,000 visits on their own, as a running platform does; merging is part of it.
func BenchmarkFoldOften(b *testing.B) {
	s := newStream(b, stream.Config{})
	logs := folderAt(b, b.TempDir())
	l := openLog(b, logs, 1)
	f := mustFold(b, visitlog.FoldOptions{Folder: folderAt(b, b.TempDir()), Logs: []visitlog.Source{{Folder: logs, Log: l}}})
	buf := make([]visitlog.Visit, 10_000)
	next := uint64(0)
	for b.Loop() {
		b.StopTimer()
		next += uint64(s.Fill(buf, next))
		mustAppend(b, l, buf)
		b.StartTimer()
		mustRun(b, f)
	}
	mustClose(b, f)
	mustClose(b, l)
}

// askAll gives the people of all accounts, prefectures, provinces and the nation, each added up.
func askAll(b *testing.B, f *visitlog.Fold, home map[uint32]uint32) (sums [4]uint64) {
	b.Helper()
	span := visitlog.Span{First: 201501, Last: 201512}
	elapsed, before := clock.Stopwatch(), processor(b)
	levels, err := f.Nested(context.Background(), span,
		func(a uint32) (uint32, bool) { return a, true },
		func(a uint32) (uint32, bool) { return home[a], true },
		func(a uint32) (uint32, bool) { return home[a] / 10000, true })
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("accounts, prefectures and provinces in %v, %v of processors", elapsed(), processor(b)-before)
	elapsed, before = clock.Stopwatch(), processor(b)
	nation, err := f.Distinct(context.Background(), span, func(uint32) (uint32, bool) { return 0, true })
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("the nation in %v, %v of processors", elapsed(), processor(b)-before)
	for k, groups := range append(levels, nation) {
		for _, g := range groups {
			sums[k] += g.People
		}
	}
	return sums
}

func sizeOf(tb testing.TB, d visitlog.Disk) (total int64) {
	tb.Helper()
	names, err := d.List()
	if err != nil {
		tb.Fatal(err)
	}
	for _, n := range names {
		f, err := d.Open(n)
		if err != nil {
			tb.Fatal(err)
		}
		size, err := f.Size()
		if err != nil {
			tb.Fatal(err)
		}
		total += size
		if err := f.Close(); err != nil {
			tb.Fatal(err)
		}
	}
	return total
}

// processor is the time that the processors spent on this process, which other processes disturb less than the clock.
func processor(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakMemory is the most memory this process ever held, in bytes; 0 where the system does not say.
func peakMemory(tb testing.TB) int64 {
	tb.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err != nil {
				tb.Fatal(err)
			}
			return kb * 1024
		}
	}
	return 0
}
