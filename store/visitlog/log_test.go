package visitlog_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/store/visitlog"
)

var start = time.Date(2026, 5, 26, 6, 0, 0, 0, time.UTC)

func options(d visitlog.Disk) visitlog.Options {
	return visitlog.Options{Folder: d, Node: 1, Clock: clock.At(start), Idle: time.Hour, Room: 4096}
}

func mustOpen(t testing.TB, o visitlog.Options) *visitlog.Log {
	t.Helper()
	l, err := visitlog.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func mustAppend(t testing.TB, l *visitlog.Log, visits []visitlog.Visit) {
	t.Helper()
	if err := l.Append(context.Background(), visits); err != nil {
		t.Fatal(err)
	}
}

func mustClose(t testing.TB, c interface{ Close() error }) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// walked gives all visits of a log, and the error that ended it.
func walked(d visitlog.Disk) (all []visitlog.Visit, err error) {
	err = visitlog.Walk(context.Background(), visitlog.Source{Folder: d}, func(_ visitlog.Position, v []visitlog.Visit) error {
		all = append(all, v...)
		return nil
	})
	return all, err
}

func mustWalk(t testing.TB, d visitlog.Disk) []visitlog.Visit {
	t.Helper()
	all, err := walked(d)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// call makes the n visits of a call, recognisable by its number.
func call(number uint32, n int) []visitlog.Visit {
	list := make([]visitlog.Visit, n)
	for i := range list {
		list[i] = visitlog.Visit{
			At: start.UnixMilli() + int64(number)*1000 + int64(i), Account: number, Person: uint32(i)*7919 + 1, City: 330100,
			Kind: visitlog.Kind(i%4 + 1), Service: uint16(i % 3), Channel: uint8(i % 5), Level: uint8(number % 6),
		}
	}
	return list
}

func TestReopen(t *testing.T) {
	t.Parallel()
	d := folderAt(t, t.TempDir())
	o := options(d)
	o.SegmentBytes = 2000
	extremes := []visitlog.Visit{
		{At: 0, Account: 0, Person: 0, Kind: 1},
		{At: 1<<42 - 1, Account: 1<<32 - 1, Person: 1<<32 - 1, City: 1<<32 - 1, Service: 1<<16 - 1, Kind: 8, Channel: 255, Level: 255},
		{At: 1 << 33, Account: 1 << 24, Person: 1 << 16, City: 1 << 8, Service: 256, Kind: 4, Channel: 1, Level: 1},
	}
	var want []visitlog.Visit
	for n := range uint32(40) {
		l := mustOpen(t, o)
		if got := l.Durable().Visits; got != uint64(len(want)) {
			t.Fatalf("opened behind %d visits, appended were %d", got, len(want))
		}
		for _, lot := range [][]visitlog.Visit{call(n, int(n)), extremes, extremes[:1], nil, extremes[1:2]} {
			mustAppend(t, l, lot)
			want = append(want, lot...)
		}
		mustClose(t, l)
	}
	if diff := cmp.Diff(want, mustWalk(t, d)); diff != "" {
		t.Error(diff)
	}
	names, err := d.List()
	if err != nil || len(names) < 5 {
		t.Errorf("the log is in %v, %v: too few segments to be a test", names, err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := folderAt(t, t.TempDir())
	l := mustOpen(t, options(d))
	if _, err := visitlog.Open(ctx, options(d)); err == nil {
		t.Error("two logs opened one folder")
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for name, c := range map[string]struct {
		ctx    context.Context
		visits []visitlog.Visit
	}{
		"kind 0":          {ctx, []visitlog.Visit{{At: 1}}},
		"kind 9":          {ctx, []visitlog.Visit{{At: 1, Kind: 9}}},
		"before 1970":     {ctx, []visitlog.Visit{{At: -1, Kind: 1}}},
		"after 2109":      {ctx, []visitlog.Visit{{At: 1 << 42, Kind: 1}}},
		"the second":      {ctx, []visitlog.Visit{{At: 1, Kind: 1}, {Kind: 77}}},
		"too many":        {ctx, make([]visitlog.Visit, visitlog.MaxCall+1)},
		"ended context":   {gone, call(1, 1)},
		"ended, too many": {gone, call(1, 100)},
	} {
		if err := l.Append(c.ctx, c.visits); err == nil {
			t.Errorf("%s: appended", name)
		}
	}
	mustClose(t, l)
	mustClose(t, l)
	if err := l.Append(ctx, call(1, 1)); !errors.Is(err, visitlog.ErrClosed) {
		t.Errorf("append after close: %v", err)
	}
	if all := mustWalk(t, d); len(all) != 0 {
		t.Errorf("%d visits were kept", len(all))
	}
	o := options(d)
	o.Node = 2
	if _, err := visitlog.Open(ctx, o); err == nil {
		t.Error("node 2 opened the log of node 1")
	}
	for name, o := range map[string]visitlog.Options{
		"no folder": {Node: 1, Clock: clock.At(start)}, "no node": {Folder: d, Clock: clock.At(start)}, "no clock": {Folder: d, Node: 1},
	} {
		if _, err := visitlog.Open(ctx, o); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
}

// A disk that stands still fills the queue; who waits too long is told so, who withdraws is not counted.
func TestBackPressure(t *testing.T) {
	t.Parallel()
	m := newMemory()
	o := options(m)
	o.Queue, o.Wait = 10, time.Millisecond
	l := mustOpen(t, o)
	hold, standing := make(chan struct{}), make(chan struct{})
	var once sync.Once
	m.mu.Lock()
	m.fail = func(op string, _ int) error {
		if op == "sync" {
			once.Do(func() { close(standing) })
			<-hold
		}
		return nil
	}
	m.mu.Unlock()
	var wg sync.WaitGroup
	appendLater := func(ctx context.Context, number uint32, n int, want func(error) bool) {
		wg.Go(func() {
			if err := l.Append(ctx, call(number, n)); !want(err) {
				t.Errorf("call %d: %v", number, err)
			}
		})
	}
	fine := func(err error) bool { return err == nil }
	ctx := context.Background()
	appendLater(ctx, 1, 3, fine)
	<-standing
	waiting := func(n int) {
		for l.Waiting() != n {
			<-time.After(time.Millisecond)
		}
	}
	appendLater(ctx, 2, 4, fine)
	waiting(4)
	withdrawn, cancel := context.WithCancel(ctx)
	left := make(chan struct{})
	appendLater(withdrawn, 3, 6, func(err error) bool { close(left); return errors.Is(err, context.Canceled) })
	waiting(10)
	if err := l.Append(ctx, call(4, 1)); !fault.Is(err, fault.KindUnavailable) || fault.Of(err).RetryAfter == 0 {
		t.Errorf("append to a full queue: %v", err)
	}
	short, cancelShort := context.WithTimeout(ctx, time.Microsecond)
	defer cancelShort()
	<-short.Done()
	if err := l.Append(short, call(5, 1)); err == nil {
		t.Error("append after the deadline")
	}
	cancel()
	<-left
	close(hold)
	wg.Wait()
	mustClose(t, l)
	if diff := cmp.Diff(append(call(1, 3), call(2, 4)...), mustWalk(t, m)); diff != "" {
		t.Error(diff)
	}
}

// Power is cut while many callers append, at a random instant and leaving random parts of what was not synced: every
// acknowledged call is there, whole, and no call is there in part.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		powerCut(t, seed)
	}
}

func powerCut(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	m := newMemory()
	acked := map[uint32]int{}
	total := 0
	for round := range 3 { // each goes on with what the last left
		o := options(m)
		o.SegmentBytes = 3000
		l, err := visitlog.Open(context.Background(), o)
		if err != nil {
			t.Fatalf("seed %d, round %d: %v", seed, round, err)
		}
		until := total + r.IntN(100)
		var mu sync.Mutex
		var stop atomic.Bool
		var wg sync.WaitGroup
		for caller := range 8 {
			sizes := rand.New(rand.NewPCG(seed, uint64(caller)))
			wg.Go(func() {
				for i := 0; !stop.Load() && i < 50; i++ {
					number := uint32(round*1000 + caller*100 + i)
					n := 1 + sizes.IntN(40)
					if err := l.Append(context.Background(), call(number, n)); err != nil {
						t.Errorf("seed %d: %v", seed, err)
						return
					}
					mu.Lock()
					acked[number] = n
					total++
					mu.Unlock()
				}
			})
		}
		for {
			mu.Lock()
			n := total
			mu.Unlock()
			if n >= until || n >= (round+1)*400 {
				break
			}
			<-time.After(10 * time.Microsecond)
		}
		mu.Lock()
		left := m.cut(r) // while others write; what is acknowledged later does not count
		known := map[uint32]int{}
		for k, v := range acked {
			known[k] = v
		}
		mu.Unlock()
		stop.Store(true)
		wg.Wait()
		mustClose(t, l)
		m, acked, total = left, known, len(known)
		o.Folder = m
		again, err := visitlog.Open(context.Background(), o)
		if err != nil {
			t.Fatalf("seed %d, round %d: %v", seed, round, err)
		}
		mustClose(t, again)
		checkCalls(t, seed, mustWalk(t, m), acked)
	}
}

// checkCalls sees that acknowledged calls are there and that none is there in part.
func checkCalls(t *testing.T, seed uint64, visits []visitlog.Visit, acked map[uint32]int) {
	t.Helper()
	got := map[uint32]int{}
	for i := 0; i < len(visits); {
		number := visits[i].Account
		n := 0
		for ; i < len(visits) && visits[i].Account == number; i++ {
			if visits[i] != call(number, n+1)[n] {
				t.Fatalf("seed %d: visit %d of call %d is %+v", seed, n, number, visits[i])
			}
			n++
		}
		if got[number] != 0 {
			t.Fatalf("seed %d: call %d is there twice", seed, number)
		}
		got[number] = n
	}
	for number, n := range acked {
		if got[number] != n {
			t.Fatalf("seed %d: call %d was acknowledged with %d visits, %d are there", seed, number, n, got[number])
		}
	}
}

// crashed gives the bytes of a log of n calls that was never closed.
func crashed(t *testing.T, n uint32, segmentBytes int64) *memory {
	t.Helper()
	m := newMemory()
	o := options(m)
	o.SegmentBytes = segmentBytes
	l := mustOpen(t, o)
	for i := range n {
		mustAppend(t, l, call(i, int(i)+1))
	}
	left := m.restart()
	mustClose(t, l)
	return left
}

// written is a segment as opening it leaves it: without its room.
func written(t *testing.T, m *memory, name string) []byte {
	t.Helper()
	m = m.restart()
	l := mustOpen(t, options(m))
	b := slices.Clone(m.bytes(name))
	mustClose(t, l)
	return b
}

// A segment that is written to has room, which goes when it is complete and when the log is closed; what is killed goes on in it.
func TestRoom(t *testing.T) {
	t.Parallel()
	m := crashed(t, 3, 1<<20)
	name := "0000000001.visits"
	if has := len(m.bytes(name)) - len(written(t, m, name)); has < 2048 {
		t.Fatalf("it has room for %d bytes", has)
	}
	l := mustOpen(t, options(m))
	mustAppend(t, l, call(9, 2))
	mustClose(t, l)
	want := slices.Concat(call(0, 1), call(1, 2), call(2, 3), call(9, 2))
	if diff := cmp.Diff(want, mustWalk(t, m)); diff != "" {
		t.Errorf("what came out: %s", diff)
	}
	if has := len(m.bytes(name)) - len(written(t, m, name)); has != 0 {
		t.Errorf("a closed log has %d bytes of zeros at its end", has)
	}
}

func TestTornTail(t *testing.T) {
	t.Parallel()
	whole := written(t, crashed(t, 5, 1<<20), "0000000001.visits")
	before := len(written(t, crashed(t, 4, 1<<20), "0000000001.visits"))
	var want []visitlog.Visit
	for i := range uint32(4) {
		want = append(want, call(i, int(i)+1)...)
	}
	for size := before; size < len(whole); size += 3 {
		for _, tail := range [][]byte{nil, make([]byte, 700)} {
			if tail != nil && len(bytes.Trim(whole[size:], "\x00")) == 0 {
				continue // zeros are what is missing: with them the frame is whole
			}
			path := t.TempDir()
			content := append(append([]byte{}, whole[:size]...), tail...)
			if err := os.WriteFile(filepath.Join(path, "0000000001.visits"), content, 0o600); err != nil {
				t.Fatal(err)
			}
			d := folderAt(t, path)
			l := mustOpen(t, options(d))
			mustAppend(t, l, call(9, 2))
			mustClose(t, l)
			if diff := cmp.Diff(append(want[:len(want):len(want)], call(9, 2)...), mustWalk(t, d)); diff != "" {
				t.Fatalf("cut at %d: %s", size, diff)
			}
		}
	}
}

// Every single bit that turns is found, or lies in the tail that nothing follows.
func TestBitFlips(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		closed       bool
		segmentBytes int64
	}{{"closed", true, 1 << 20}, {"crashed", false, 1 << 20}, {"segments", true, 300}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := crashed(t, 6, c.segmentBytes)
			if c.closed {
				o := options(m)
				o.SegmentBytes = c.segmentBytes
				l := mustOpen(t, o)
				mustAppend(t, l, call(6, 1))
				mustClose(t, l)
			}
			again := m.restart()
			mustClose(t, mustOpen(t, options(again)))
			want := mustWalk(t, again)
			tail := 0
			names, err := m.List()
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				used := len(written(t, m, name))
				for at := range used {
					if !flipFound(t, m.restart(), name, at, want, c.closed) {
						tail++
					}
				}
				for at := used; at < len(m.bytes(name)); at += 17 { // room
					flipFound(t, m.restart(), name, at, want, c.closed)
				}
			}
			t.Logf("%d bytes lay in the tail", tail)
			if limit := 120; tail == 0 || tail > limit {
				t.Errorf("%d bytes lay in the tail, expected up to %d", tail, limit)
			}
		})
	}
}

// flipFound turns one bit; false when it was cut with the tail and everything before is there.
func flipFound(t *testing.T, m *memory, name string, at int, want []visitlog.Visit, closed bool) bool {
	t.Helper()
	m.bytes(name)[at] ^= 1 << (at % 8)
	l, err := visitlog.Open(context.Background(), options(m))
	if err == nil {
		mustClose(t, l)
		var got []visitlog.Visit
		if got, err = walked(m); err == nil {
			if len(got) > len(want) || !cmp.Equal(got, want[:len(got)], cmp.Comparer(func(a, b visitlog.Visit) bool { return a == b })) {
				t.Fatalf("%s byte %d: other visits came out", name, at)
			}
			if closed && len(got) != len(want) {
				t.Fatalf("%s byte %d: %d of %d visits are left of a log that was closed", name, at, len(got), len(want))
			}
			return false
		}
	}
	var damage *visitlog.Damage
	if !errors.As(err, &damage) || damage.File == "" {
		t.Fatalf("%s byte %d: %v", name, at, err)
	}
	return true
}

// Each operation in turn fails, once or from then on: what was acknowledged is there after a restart and after a power cut,
// and a log that cannot be trusted says so to every later call.
func TestFailures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		err   error
		stays bool
	}{{"EIO once", errIO, false}, {"EIO", errIO, true}, {"ENOSPC once", errFull, false}, {"ENOSPC", errFull, true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for n := 1; ; n++ {
				if !failAt(t, n, c.err, c.stays) {
					if n < 20 {
						t.Errorf("only %d operations", n)
					}
					return
				}
			}
		})
	}
}

// failAt runs a script in which operation n fails; false when there is no such operation.
func failAt(t *testing.T, n int, cause error, stays bool) (hit bool) {
	t.Helper()
	m := newMemory()
	failed := ""
	m.fail = func(op string, k int) error {
		if k == n || stays && k > n {
			if failed == "" {
				failed = op
			}
			return cause
		}
		return nil
	}
	acked := map[uint32]int{}
	var broken atomic.Int32
	o := options(m)
	o.SegmentBytes = 400
	o.Broken = func(error) { broken.Add(1) }
	l, err := visitlog.Open(context.Background(), o)
	if err == nil {
		lost := false
		for i := range uint32(12) {
			err := l.Append(context.Background(), call(i, 3))
			switch {
			case err == nil && lost:
				t.Fatalf("operation %d: acknowledged after the log was lost", n)
			case err == nil:
				acked[i] = 3
			case !fault.Is(err, fault.KindUnavailable):
				t.Fatalf("operation %d: %v", n, err)
			case errors.Is(err, visitlog.ErrBroken):
				lost = true
			}
		}
		if full := cause == errFull && (failed == "write" || failed == "create"); lost == full && failed != "" && !stays && len(acked) < 12 {
			t.Errorf("operation %d, %s: lost is %v after %v", n, failed, lost, cause)
		}
		if !lost && !stays && len(acked) < 11 {
			t.Errorf("operation %d: one failure refused %d calls", n, 12-len(acked))
		}
		_ = l.Close()
		if lost && broken.Load() != 1 {
			t.Errorf("operation %d: told %d times that the log is lost", n, broken.Load())
		}
	}
	for name, left := range map[string]*memory{"restart": m.restart(), "cut": m.cut(rand.New(rand.NewPCG(uint64(n), 2)))} {
		o.Folder = left
		again, err := visitlog.Open(context.Background(), o)
		if err != nil {
			t.Fatalf("operation %d, %s, after %v at %s: %v", n, name, cause, failed, err)
		}
		mustAppend(t, again, call(99, 1))
		mustClose(t, again)
		acked[99] = 1
		checkCalls(t, uint64(n), mustWalk(t, left), acked)
		// And what that restart acknowledged outlives a power cut in turn.
		last := left.cut(rand.New(rand.NewPCG(uint64(n), 3)))
		checkCalls(t, uint64(n), mustWalk(t, last), acked)
	}
	return failed != ""
}

func TestMissingSegment(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"0000000002.visits", "0000000003.visits"} {
		m := crashed(t, 12, 300)
		if err := m.Remove(name); err != nil {
			t.Fatal(err)
		}
		var damage *visitlog.Damage
		if _, err := visitlog.Open(context.Background(), options(m)); !errors.As(err, &damage) || damage.File != name {
			t.Errorf("without %s: %v", name, err)
		}
	}
	m := crashed(t, 12, 300)
	f := m.files["0000000002.visits"]
	f.data = f.data[:len(f.data)-5]
	var damage *visitlog.Damage
	if _, err := visitlog.Open(context.Background(), options(m)); !errors.As(err, &damage) || damage.File != "0000000002.visits" {
		t.Errorf("with segment 2 cut short: %v", err)
	}
}

func FuzzFrame(f *testing.F) {
	f.Add(visitlog.EncodeFrame(nil))
	f.Add(visitlog.EncodeFrame(call(1, 1)))
	f.Add(visitlog.EncodeFrame(call(300, 20)))
	f.Add(visitlog.EncodeFrame([]visitlog.Visit{{At: 1<<42 - 1, Person: 1<<32 - 1, Kind: 8}, {Kind: 1, Service: 65535}}))
	f.Fuzz(func(t *testing.T, frame []byte) {
		visits, ok := visitlog.DecodeFrame(frame)
		if !ok {
			return
		}
		for i, v := range visits {
			if err := v.Check(); err != nil {
				t.Fatal(fmt.Errorf("visit %d: %w", i, err))
			}
		}
		again, ok := visitlog.DecodeFrame(visitlog.EncodeFrame(visits))
		if !ok || !cmp.Equal(again, visits) {
			t.Fatalf("%d visits became %d by writing them", len(visits), len(again))
		}
	})
}
